"""What is open and no requirement needs it, in lines of at most 80 columns but for what has no blank."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.ui.lines import Line, Tone

_WIDTH: Final = 80
_PASTED: Final = ("aws ", "ocpprov ")
"""Commands: what may be pasted stays on one line."""
NOTHING: Final = "nothing is open that no requirement needs"
HEADING: Final = "open, and no requirement needs it:"


def exposure_lines(found: Exposures) -> Iterator[Line]:
    """Each opening with what it lays open, what of it is needed, whose it is and what closes it; then what the
    documentation has open, and what nobody could judge."""
    if found.open:
        yield Line(HEADING, Tone.HEADING)
        for each in found.open:
            yield from _opening(each)
    else:
        yield Line(NOTHING + (", as far as it could be judged" if found.unread else ""))
    for text in found.known:
        yield from _wrapped(f"known: {text}", "  ", Tone.ASIDE)
    for text in found.unread:
        yield from _wrapped(f"not judged: {text}", "  ", Tone.CHANGE)


def _opening(exposure: Exposure) -> Iterator[Line]:
    name = f"{exposure.component} ({exposure.resource})" if exposure.resource else exposure.component
    yield from _wrapped(f"{name}: {exposure.allows}", "  ", Tone.CHANGE)
    yield from _wrapped(f"lays open {exposure.exposed}", "    ")
    if exposure.needed:
        yield from _wrapped(f"needed: {exposure.needed}", "    ")
    yield from _wrapped(exposure.origin, "    ")
    if exposure.remedy.startswith(_PASTED):
        yield Line(f"    -> {exposure.remedy}", Tone.ASIDE)
    else:
        yield from _wrapped(f"-> {exposure.remedy}", "    ", Tone.ASIDE)


def _wrapped(text: str, indent: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    for line in textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    ):
        yield Line(line, tone)
