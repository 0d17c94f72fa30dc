"""Many plans before one AWS, in simulated time: what the figures of fleets are read from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.lives import DELAYS, LATENCY, ROOT
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, OnRetry, RunTarget
from ocpprov.commands.fleet_here import FleetHere
from ocpprov.commands.fleet_plans import fleet_of
from ocpprov.commands.fleet_values import FleetAct, FleetMember, FleetRequest, Hear, MemberEnd
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.rehearsal_request import AwsAsRehearsed
from ocpprov.commands.rehearsed_aws import RehearsedAws, TimedCall
from ocpprov.commands.run_target import target_of
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.events import Event

ALIKE: Final = ("public-3az", "restricted-3az")
"""The plans that a fleet's are like, in turn."""
THROTTLING: Final = AwsAsRehearsed(LATENCY, delays=DELAYS, throttling=True)


def write_plans(folder: Path, count: int, alike: Sequence[str] = ALIKE) -> list[Path]:
    """So many plan files, each with a name, a cluster, a domain and a network of its own."""
    paths = []
    for number in range(count):
        name = f"{alike[number % len(alike)]}-{number}"
        text = (ROOT / "plans" / f"{alike[number % len(alike)]}.yaml").read_text()
        for key, value in (
            ("name", name),
            ("clusterName", f"c{number}"),
            ("baseDomain", f"d{number}.example-corp.net"),
            ("infraID", f"c{number}-x7k2p"),
        ):
            text = re.sub(rf"(?m)^( *){key}: \S+", rf"\g<1>{key}: {value}", text)
        path = folder / f"{name}.yaml"
        path.write_text(re.sub(r"\b10\.0\.", f"10.{number}.", text))
        paths.append(path)
    return paths


@dataclass(frozen=True)
class FleetLife:
    """One act of a fleet: how each member ended, when, in seconds of AWS's time since all began, all the calls, and how
    many of them were refused as too fast."""

    ends: Sequence[MemberEnd]
    finished: Mapping[str, float]
    calls: Sequence[TimedCall]
    throttled: int

    @property
    def seconds(self) -> float:
        return max(self.finished.values())

    @property
    def spread(self) -> float:
        """Seconds between the first member's end and the last one's."""
        return self.seconds - min(self.finished.values())


class FleetAws:
    """One AWS for all members of a fleet, as long as it is open."""

    def __init__(self, folder: Path, paths: Sequence[Path], like: AwsAsRehearsed = THROTTLING) -> None:
        self.options = Options(directory=folder, sandbox=True, yes=True)
        self.members = fleet_of(paths, self.options).members
        self._folder = folder
        self._calls: list[TimedCall] = []
        first = Options(plan=paths[0], directory=folder)
        self.aws = RehearsedAws(like, target_of(load_plan(first), first), self._calls.append)
        self._free: list[RehearsedAws] = []
        self._throttled = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """AWS is there, until the end of this."""
        with self.aws.open():
            self.aws.begin()
            yield

    def live(self, act: FleetAct, at_once: int, hear: Hear | None = None) -> FleetLife:
        """Do it with all members."""
        time = self.aws.time
        environ = {"XDG_STATE_HOME": str(self._folder / "state")}
        runner = FleetHere(_nobody_asks, self.connect, environ, time, time.monotonic)
        request = FleetRequest(act, self.options, at_once, Cancellation())
        began, ends, finished = time.monotonic(), [], {}
        self._calls.clear()
        for end in runner.run(self.members, request, hear or _nobody_hears):
            ends.append(end)
            finished[end.member.plan] = time.monotonic() - began
        throttled, self._throttled = self._throttled, 0
        return FleetLife(ends, finished, list(self._calls), throttled)

    @contextmanager
    def connect(
        self, target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        """A member's way. One thread goes at a time, so that nothing has to be locked."""
        aws = self._free.pop() if self._free else self.aws.beside()
        with aws.connect(target, options, log, warn, on_retry) as connection:
            yield connection
        self._throttled += aws.traffic.throttled
        self._free.append(aws)


def _nobody_asks() -> None:
    """Everybody has said yes."""


def _nobody_hears(member: FleetMember, event: Event) -> None:
    """Nothing is on the screen."""
