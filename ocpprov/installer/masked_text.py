"""An install-config.yaml, or a plan, as it may be shown: without pull secrets, keys and passwords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ruamel.yaml.nodes import CollectionNode, MappingNode, ScalarNode

from ocpprov.installer.yaml_splices import composed, end_of

MASK: Final = "***"
_SECRET_KEYS: Final = frozenset(("password", "pullSecret", "sshKey"))
_MASKED: Final = re.escape(MASK)
_PATTERNS: Final = (
    # What somebody commented out, or wrote beside the value. In brackets other keys follow it, which are shown.
    re.compile(rf"\b(?:{'|'.join(sorted(_SECRET_KEYS))})[\"']?[ \t]*:[ \t]*(?!{_MASKED}[ \t]*[,\]}}])(?P<secret>\S.*)"),
    re.compile(r"[\"']auth\\?[\"'][ \t]*:[ \t]*\\?[\"'](?P<secret>[^\\\"']+)"),
    re.compile(r"\bssh-[a-z0-9-]+[ \t]+(?P<secret>[A-Za-z0-9+/=]{8,})"),
    re.compile(r"://(?P<secret>[^\s'\"]+)@"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>.*?)(?:-----END|\Z)", re.DOTALL),
)
_USER: Final = re.compile(r"://(?P<secret>.*)@", re.DOTALL)


def masked(text: str) -> str:
    """The text, which has to be YAML, line by line the same, with `***` for whatever mustn't be shown."""
    for start, end in reversed(_apart(_secret_spans(text))):
        text = text[:start] + _hidden(text[start:end]) + text[end:]
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: _around(match, _hidden(match["secret"])), text)
    return text


def _secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand, by what the text says: values of their keys, at whatever depth, and who is named in an
    address, which may have characters in it that end others."""
    waiting = [composed(text)]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        start, end = node.start_mark.index, end_of(text, node)
        if isinstance(node, ScalarNode) and (found := _USER.search(text, start, end)):
            yield found.span("secret")
        for key, value in node.value if isinstance(node, MappingNode) else ():
            if key.value in _SECRET_KEYS:
                yield value.start_mark.index, end_of(text, value)
            else:
                waiting.extend((key, value))
        if isinstance(node, CollectionNode) and not isinstance(node, MappingNode):
            waiting.extend(node.value)


def _apart(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The outermost of them, each once, in their order: what an alias repeats is found more than once."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _around(match: re.Match[str], hidden: str) -> str:
    start, end = (each - match.start() for each in match.span("secret"))
    return match[0][:start] + hidden + match[0][end:]


def _hidden(secret: str) -> str:
    """As many lines as it has, each with nothing of it."""
    return "\n".join(MASK if line.strip() else line for line in secret.split("\n"))
