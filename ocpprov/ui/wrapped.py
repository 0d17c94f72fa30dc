"""Lines of at most eighty columns. What has no blank stays whole, and so does a command: both may be pasted.

Whoever calls this has taken out what isn't to be shown: in a part of it nobody finds it again."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Final

from ocpprov.ui.lines import Line, Tone

WIDTH: Final = 80
_PASTED: Final = ("aws ", "ocpprov ")
_BETWEEN: Final = "; "
_COMMAND: Final = re.compile(r"`[^`]+`")
_BLANK: Final = "\0"
"""In place of one in a command, while lines are made."""


def wrapped(text: str, tone: Tone = Tone.PLAIN, *, first: str = "", rest: str = "") -> Iterator[Line]:
    """The text in lines; `first` is before the first of them, `rest` before the others. A word that hasn't its place
    beside `first` stands below, and a command in backticks is one word."""
    kept = text if _BLANK in text else _COMMAND.sub(lambda found: found[0].replace(" ", _BLANK), text)
    word = len(kept.partition(" ")[0])
    if WIDTH - len(first) < word <= WIDTH - len(rest):
        yield Line(first.rstrip(), tone)
        first = rest
    found = textwrap.wrap(
        kept,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
        # What others wrote is to be seen as it is: whoever shows the line filters it.
        expand_tabs=False,
        replace_whitespace=False,
    )
    for line in found or [first.rstrip()]:
        yield Line(line if kept == text else line.replace(_BLANK, " "), tone)


def remedy_lines(text: str, indent: str) -> Iterator[Line]:
    """What mends something, beneath what is wrong: each command on a line of its own."""
    for part in _parts(text):
        if part.startswith(_PASTED):
            yield Line(f"{indent}-> {part}", Tone.ASIDE)
        else:
            yield from wrapped(part, Tone.ASIDE, first=f"{indent}-> ", rest=f"{indent}  ")


def _parts(text: str) -> Iterator[str]:
    """Commands and what is between them. What is quoted in a command may have the mark in it that is between parts."""
    words: list[str] = []
    command = ""
    for piece in text.split(_BETWEEN):
        if command or piece.startswith(_PASTED):
            if words:
                yield _BETWEEN.join(words)
                words = []
            command = f"{command}{_BETWEEN}{piece}" if command else piece
            if command.count("'") % 2 == 0:
                yield command
                command = ""
        else:
            words.append(piece)
    if left := command or _BETWEEN.join(words):
        yield left
