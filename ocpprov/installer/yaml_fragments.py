"""Plain data as pieces of a YAML text, to be put into another one."""

from __future__ import annotations

import io
import json
import re
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString, SingleQuotedScalarString

STEP: Final = 2
"""Columns by which a mapping is indented below its key."""
_WIDE: Final = 1 << 20
"""A line's width at which nothing is wrapped."""
_AMBIGUOUS: Final = re.compile(r"(?i)y|n|yes|no|on|off|[-+.]?[0-9][0-9a-f_:.xo+-]*")


def inline(value: Any, *, as_json: bool) -> str:
    """A value in one line, collections in brackets; `as_json` for a text that is JSON and has to stay it."""
    if as_json:
        return json.dumps(value, ensure_ascii=False)
    yaml = YAML()
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    return _dumped(_plain_texts(value), yaml, flow=True).removesuffix("...\n").strip()


def block(value: Any, column: int, list_offset: int, newline: str) -> str:
    """A collection in lines of its own from this column on, the last one ended. Texts of several lines in it are
    literal ones; lists below keys are indented by `list_offset`."""
    yaml = YAML()
    yaml.indent(mapping=STEP, sequence=STEP + list_offset, offset=list_offset)
    if isinstance(value, list):
        # Of the outermost list ruamel indents the items, too.
        column -= list_offset
    lines = _dumped(_plain_texts(value, literal=True), yaml, flow=False).splitlines()
    return "".join(f"{' ' * column}{line}".rstrip() + newline for line in lines)


def literal(value: str, rest: str, column: int, newline: str) -> str:
    """A text of several lines for what follows a key's colon, its last line not ended. `rest` is what stays behind the
    mark of such a text, a comment."""
    kept = {0: "-", 1: ""}.get(len(value) - len(value.rstrip("\n")), "+")
    lines = [f"{' ' * column}{line}".rstrip(" ") for line in value.removesuffix("\n").split("\n")]
    return newline.join([f" |{kept}{rest}", *lines])


def _plain_texts(value: Any, *, literal: bool = False) -> Any:
    """The same with texts that are written as such. What readers of YAML 1.1 take for a number or a truth, and Go's is
    one of those, is in quotes."""
    if isinstance(value, dict):
        return {key: _plain_texts(each, literal=literal) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain_texts(each, literal=literal) for each in value]
    if isinstance(value, str) and _AMBIGUOUS.fullmatch(value):
        return SingleQuotedScalarString(value)
    return LiteralScalarString(value) if literal and isinstance(value, str) and "\n" in value else value


def _dumped(value: Any, yaml: YAML, *, flow: bool) -> str:
    stream = io.StringIO()
    yaml.default_flow_style = flow
    yaml.width = _WIDE
    yaml.dump(value, stream)
    return stream.getvalue()
