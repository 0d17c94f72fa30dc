"""What we believe of AWS without having seen it, as questions: where it matters to us, and how to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from live.lab import Lab


@dataclass(frozen=True)
class Question:
    """`believed` is the answer that ocpprov counts on; empty where it only wants to know. `matters` is the module that
    does. `ask` gives the answer in one line."""

    name: str
    believed: str
    matters: str
    ask: Callable[[Lab], str]
