"""What is open and no requirement needs it, in lines of at most 80 columns but for what has no blank."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.checks.exposure import Exposure, Exposures
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import remedy_lines, wrapped

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
        yield from wrapped(f"known: {text}", Tone.ASIDE, first="  ", rest="    ")
    for text in found.unread:
        yield from wrapped(f"not judged: {text}", Tone.CHANGE, first="  ", rest="    ")


def _opening(exposure: Exposure) -> Iterator[Line]:
    name = f"{exposure.component} ({exposure.resource})" if exposure.resource else exposure.component
    yield from wrapped(f"{name}: {exposure.allows}", Tone.CHANGE, first="  ", rest="    ")
    yield from wrapped(f"lays open {exposure.exposed}", first="    ", rest="      ")
    if exposure.needed:
        yield from wrapped(f"needed: {exposure.needed}", first="    ", rest="      ")
    yield from wrapped(exposure.origin, first="    ", rest="      ")
    yield from remedy_lines(exposure.remedy, "    ")
