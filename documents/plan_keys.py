"""Reference of plan keys: what `explain` says, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from documents.markdown import anchored, code, table
from ocpprov.commands.explanations import explanation, key_names
from ocpprov.plan.openshift_table import ENDPOINT_WORDS
from ocpprov.plan.top_level import TEMPLATE_KEYS

_HEAD: Final = ("key", "type", "default", "since", "what it says", "a change")
_FIRST: Final = "0.1.0"
_SINCE: Final[Mapping[str, str]] = {}
"""The version that had a key first, of those that the first version had not."""


def page() -> str:
    """The page, as Markdown."""
    section = [each for each in key_names() if each.startswith("openshift.")]
    template = [each for each in key_names() if each in TEMPLATE_KEYS and each != "openshift"]
    top = [each for each in key_names() if each not in section and each not in TEMPLATE_KEYS]
    words = ", ".join(map(code, ENDPOINT_WORDS))
    return f"""# Plan keys

A plan file is YAML. **Bold** keys are required. `ocpprov explain KEY` says the same in the terminal, `ocpprov schema` in the editor, and `ocpprov plan` shows what a change
does before it is done.

## Top level

{table(_HEAD, _rows(top))}
## openshift

The words are those of install-config.yaml where it has one. With `installConfig`, no key is required here.

{table(_HEAD, _rows(section))}
Words for `endpoints`: {words}, or a whole service name such as `com.amazonaws.eu-west-1.sns`.

## CloudFormation's own

{table(_HEAD, _rows(template))}"""


def _rows(paths: Iterable[str]) -> Iterator[Sequence[str]]:
    for path in paths:
        found = explanation(path)
        facts = {row.name: str(row.value) for row in found.rows}
        shown = code(path.removeprefix("openshift."))
        name = anchored(path.replace(".", "-"), f"**{shown}**" if facts.get("required") else shown)
        rules = _sentence(facts.get("rules", ""))
        said = [found.meaning, rules if rules != found.meaning else "", code(facts.get("example", ""))]
        since = _SINCE.get(path, _FIRST)
        yield name, facts["type"], facts["default"], since, " ".join(filter(None, said)), facts["a change"]


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""
