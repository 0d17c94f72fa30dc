"""What other people have written (tags, names of records, messages), made fit for a terminal and for a line."""

from __future__ import annotations

import json
import re
from typing import Final

_SUSPECTS: Final = re.compile(r"[^\t\x20-\x7e]")
_OFFERED: Final = re.compile(
    r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*|arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[A-Za-z0-9]+([-/._][A-Za-z0-9]+)*"
)


def printable(text: str) -> str:
    r"""The text on one line, with every character that isn't to be seen written as `\x1b` or `\u202e`; tabs stay."""
    return _SUSPECTS.sub(_shown, text)


def printable_json(document: object, indent: int | None = None) -> str:
    """The document as JSON in which nothing is left that a terminal obeys."""
    # The one control character that JSON lets stand.
    return json.dumps(document, indent=indent, default=str).replace("\x7f", "\\u007f")


def _shown(match: re.Match[str]) -> str:
    char = match[0]
    # Python's word for it: controls, ends of lines, what turns the direction of writing round or shows nothing, halves
    # of characters, and blanks that look like a space.
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def offered(name: str) -> bool:
    """Whether a command may be offered with this name in it: a logical id, an id of AWS, a name or an ARN that is
    made of such. Nothing else in a tag was written by us, and somebody may paste what is offered."""
    return _OFFERED.fullmatch(name) is not None
