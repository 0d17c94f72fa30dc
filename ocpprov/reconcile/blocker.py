"""What holds on to something that AWS refuses to delete, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Live

_BY_HAND: Final = "remove it by hand or with its own tool"


@dataclass(frozen=True)
class Blocker:
    """One thing that holds on. `what` names it, `step` is what to do about it, empty where it has to be removed by hand
    or with its own tool. `going`: it goes away by itself, in its own time."""

    what: str
    step: str = ""
    going: bool = False


class Blocked(Exception):
    """A deletion that waiting won't help: somebody else's things are in the way."""

    def __init__(self, live: Live, held_by: Sequence[Blocker]) -> None:
        names = [*dict.fromkeys(blocker.what for blocker in held_by)]
        are = "is" if len(names) == 1 else "are"
        super().__init__(
            f"{live.type} {live.id} can't be deleted: {'; '.join(names)} {are} not of this plan; "
            f"{_steps(held_by)}, then run the same command again"
        )
        self.live = live
        self.held_by = held_by


class StillHeld(Exception):
    """A deletion that was waited for in vain: what holds on to it goes by itself, but hasn't yet."""

    def __init__(self, live: Live, held_by: Sequence[Blocker]) -> None:
        whats = "; ".join(blocker.what for blocker in held_by)
        super().__init__(
            f"{live.type} {live.id} can't be deleted yet: {whats} is going, and "
            f"still there; {_steps(held_by)}, then run the same command again"
        )
        self.live = live
        self.held_by = held_by


def _steps(held_by: Sequence[Blocker]) -> str:
    """Each step once, in the order of what needs it."""
    default = "wait some minutes" if all(blocker.going for blocker in held_by) else _BY_HAND
    return "; ".join(dict.fromkeys(blocker.step or default for blocker in held_by))
