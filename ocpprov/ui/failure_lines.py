"""The lines with which a failed run ends: what is there now, what AWS said, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shortfall:
    """What an apply has left undone, by logical id: not there, there and not ready, there and not as planned, and
    still there although the plan no longer has it."""

    missing: Sequence[str]
    unready: Sequence[str] = ()
    drifted: Sequence[str] = ()
    undeleted: Sequence[str] = ()

    def __str__(self) -> str:
        rest = {"not ready": self.unready, "not yet as planned": self.drifted, "not gone yet": self.undeleted}
        return "; ".join([_some(self.missing), *(f"{what}: {_some(names)}" for what, names in rest.items() if names)])


def failure_lines(exists: int, wanted: int, shortfall: Shortfall, said: str, cause: str, command: str) -> Iterator[str]:
    """The five lines with which a failed run ends."""
    yield f"exists:   {exists} of the plan's {wanted} resources"
    yield f"missing:  {shortfall}"
    yield from _last_lines(said, cause, command)


def left_lines(left: Sequence[str], said: str, cause: str, command: str) -> Iterator[str]:
    """The same for a destroy: what isn't named is gone."""
    yield f"remains:  {_some(left)}"
    yield "deleted:  everything else of the plan"
    yield from _last_lines(said, cause, command)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return f"{', '.join(names[:8]) or 'nothing'}{more}"


def _last_lines(said: str, cause: str, command: str) -> Iterator[str]:
    yield f"AWS said: {said}"
    yield f"cause:    {cause}"
    yield f"next:     {command}"
