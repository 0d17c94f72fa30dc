"""Lines of at most eighty columns. What has no blank stays whole, and so does a command: both may be pasted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from ocpprov.ui.lines import Line, Tone

WIDTH: Final = 80
_PASTED: Final = ("aws ", "ocpprov ")


def wrapped(text: str, tone: Tone = Tone.PLAIN, *, first: str = "", rest: str = "") -> Iterator[Line]:
    """The text in lines; `first` is before the first of them, `rest` before the others. A word that hasn't its place
    beside `first` stands below."""
    word = len(text.split(" ", 1)[0])
    if WIDTH - len(first) < word <= WIDTH - len(rest):
        yield Line(first.rstrip(), tone)
        first = rest
    found = textwrap.wrap(
        text,
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
        yield Line(line, tone)


def remedy_lines(text: str, indent: str) -> Iterator[Line]:
    """What mends something, beneath what is wrong."""
    if text.startswith(_PASTED):
        yield Line(f"{indent}-> {text}", Tone.ASIDE)
    else:
        yield from wrapped(text, Tone.ASIDE, first=f"{indent}-> ", rest=f"{indent}  ")
