"""A fleet as values: the plans that are run together, how each of them ended, and what runs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.options import Options
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.events import Event
from ocpprov.engine.problem import Problem
from ocpprov.runs.folder import RunFolder


class FleetAct(Enum):
    """What is done with each plan."""

    PLAN = "plan"
    APPLY = "apply"
    DESTROY = "destroy"


@dataclass(frozen=True)
class FleetMember:
    """One plan of a fleet. `account` is empty where the plan doesn't say it."""

    path: Path
    plan: str
    account: str
    region: str
    folder: RunFolder


@dataclass(frozen=True)
class MemberEnd:
    """How a plan's run ended. `host` is where it ran, empty for here; `seconds` on the wall (in a rehearsal AWS's);
    `changed` resources were made, changed or deleted. `not_run` says why it wasn't run at all; else it is empty.
    `to_do`: how many changes its plan had, done or not."""

    member: FleetMember
    code: ExitCode
    seconds: float = 0.0
    changed: int = 0
    calls: int = 0
    problems: Sequence[Problem] = ()
    host: str = ""
    not_run: str = ""
    to_do: int = 0


@dataclass(frozen=True)
class FleetRequest:
    """What is asked of a fleet. `options` are those of every member, with its own plan file in them; `at_once` members
    are at work at the same time, at most. Once `cancellation` is stopping, no member begins, and those at work end as
    they do alone."""

    act: FleetAct
    options: Options
    at_once: int
    cancellation: Cancellation
    elsewhere: bool = False


class Hear(Protocol):
    """Hears what happens to a member, from any thread. What a run says in words is an event of the kind `NOTE`."""

    def __call__(self, member: FleetMember, event: Event, /) -> None: ...


class FleetRunner(Protocol):
    """What runs the members: this process, or workers on other hosts. It gives each member's end as soon as there is
    one, each member's once, whatever happens to it."""

    def run(self, members: Sequence[FleetMember], request: FleetRequest, hear: Hear) -> Iterator[MemberEnd]: ...


_WORST_FIRST: Final = (ExitCode.INTERRUPTED, ExitCode.FAILED, ExitCode.UNKNOWN, ExitCode.REFUSED)


def worst(ends: Iterable[MemberEnd]) -> ExitCode:
    """How the fleet ends: as the member that ended worst. Interrupted is worse than failed, since nobody knows how the
    others would have ended; failed is worse than refused, which touched nothing."""
    codes = {end.code for end in ends}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.DONE)
