"""What we believe of AWS without having seen it, as questions: where it matters to us, and how to ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from live.lab import Lab


@dataclass(frozen=True)
class Measured:
    """An answer that took a while: `says` is what AWS said until then, `seconds` how long, None for longer than was
    waited."""

    says: str
    seconds: float | None

    def __str__(self) -> str:
        after = "longer than was waited" if self.seconds is None else f"{self.seconds:.0f} s"
        return f"{self.says}, {after}" if self.says else after


Said: TypeAlias = str | Measured


@dataclass(frozen=True)
class Question:
    """`believed` is the answer that ocpprov counts on; empty where it only wants to know. `matters` is the module that
    does, `means` what another answer would mean for it. `ask` gives the answer in one line."""

    name: str
    believed: str
    matters: str
    ask: Callable[[Lab], Said]
    means: str = ""

    @property
    def id(self) -> str:
        """The name as a key: lower-case letters, digits and hyphens."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


@dataclass(frozen=True)
class Topic:
    """Questions that share scratch resources, which are taken away before the next topic begins. `most` says how many
    of what AWS bills or counts there are at most at a time."""

    name: str
    questions: Sequence[Question]
    most: str
