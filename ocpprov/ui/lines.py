"""Lines for a reader, each with what it means, from which its colour follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

ColourChoice = Literal["auto", "always", "never"]


class Tone(Enum):
    """What a line means. The text says it, too: colour is never the only sign of anything."""

    PLAIN = "plain"
    HEADING = "heading"
    GOOD = "good"
    CHANGE = "change"
    DANGER = "danger"
    ASIDE = "aside"


STYLES: Final[Mapping[Tone, str]] = {
    Tone.PLAIN: "",
    Tone.HEADING: "bold",
    Tone.GOOD: "green",
    Tone.CHANGE: "yellow",
    Tone.DANGER: "red",
    Tone.ASIDE: "dim",
}
"""Rich's words for it. The sixteen colours that every terminal has in its own shades, so that they can be read on a
light and on a dark one."""


@dataclass(frozen=True)
class Line:
    """One line. `text` may have anything in it: what shows it filters it."""

    text: str
    tone: Tone = Tone.PLAIN

    def __str__(self) -> str:
        return self.text


def wants_colour(choice: ColourChoice, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Whether to write in colour: as the option says; else NO_COLOR (any text) forbids and FORCE_COLOR (any text but
    `0`) asks for it; else on a terminal that isn't dumb."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if forced := environ.get("FORCE_COLOR"):
        return forced != "0"
    return is_terminal and environ.get("TERM") != "dumb"
