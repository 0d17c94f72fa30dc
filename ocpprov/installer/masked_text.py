"""An install-config.yaml, or a plan, as it may be shown: without pull secrets, keys and passwords."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml.nodes import MappingNode

from ocpprov.installer.yaml_splices import composed, end_of

MASK: Final = "***"
_SECRET_KEYS: Final = frozenset(("pullSecret", "sshKey"))
_PATTERNS: Final = (
    # What somebody commented out, or wrote where it doesn't belong.
    re.compile(rf"\b(?:{'|'.join(sorted(_SECRET_KEYS))})[\"']?[ \t]*:[ \t]*(?P<secret>\S.*)"),
    re.compile(r"[\"']auth[\"'][ \t]*:[ \t]*[\"'](?P<secret>[^\"']+)[\"']"),
    re.compile(r"\bssh-[a-z0-9-]+[ \t]+(?P<secret>[A-Za-z0-9+/=]{8,})"),
    re.compile(r"://(?P<secret>[^\s'\"]+)@"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<secret>.*?)(?:-----END|\Z)", re.DOTALL),
)


def masked(text: str) -> str:
    """The text, which has to be YAML, line by line the same, with `***` for whatever mustn't be shown."""
    for start, end in sorted(_secret_spans(text), reverse=True):
        text = text[:start] + _hidden(text[start:end]) + text[end:]
    for pattern in _PATTERNS:
        text = pattern.sub(lambda match: _around(match, _hidden(match["secret"])), text)
    return text


def _secret_spans(text: str) -> Iterator[tuple[int, int]]:
    tree = composed(text)
    for key, value in tree.value if isinstance(tree, MappingNode) else ():
        if key.value in _SECRET_KEYS:
            yield value.start_mark.index, end_of(text, value)


def _around(match: re.Match[str], hidden: str) -> str:
    start, end = (each - match.start() for each in match.span("secret"))
    return match[0][:start] + hidden + match[0][end:]


def _hidden(secret: str) -> str:
    """As many lines as it has, each with nothing of it."""
    return "\n".join(MASK if line.strip() else line for line in secret.split("\n"))
