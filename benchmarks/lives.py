"""A plan's life in simulated time, call by call: what the figures of speed are read from.

AWS is in this process. Each call takes a fixed while, what AWS makes or takes away takes AWS's time, and time passes
only while everybody waits: the same on every machine, whatever else it does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Final

from ocpprov.aws.clients import Clients
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.rehearsal_request import AwsAsRehearsed
from ocpprov.commands.rehearsed_aws import RehearsedAws, TimedCall
from ocpprov.commands.rehearsed_runs import Act, performed
from ocpprov.commands.run_target import target_of
from ocpprov.commands.show_plan import show_plan
from ocpprov.commands.stand_ins import make_stand_ins
from ocpprov.commands.terminal import Terminal
from ocpprov.reconcile.pacing import AS_AWS_DEMANDS, Pacing
from ocpprov.sandbox.delays import Delays

ROOT: Final = Path(__file__).resolve().parents[1]
LATENCY: Final = 0.08
"""Seconds of each call."""
DELAYS: Final = Delays(nat_gateway=100.0, load_balancer=150.0, interface_endpoint=75.0, record_change=35.0)


@dataclass(frozen=True)
class TimedAct:
    """One command: what it is called, whether it ended well, when it began and ended by the clock of its life, in
    seconds, and its calls in the order of their answers."""

    name: str
    ok: bool
    began: float
    ended: float
    calls: Sequence[TimedCall]

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    @property
    def mutating(self) -> int:
        return sum(call.mutating for call in self.calls)

    @property
    def in_a_row(self) -> int:
        """The most calls of which each began after the one before had ended: calls one after another."""
        return in_a_row((call.began, call.ended) for call in self.calls)


def in_a_row(spans: Iterable[tuple[float, float]]) -> int:
    """The most of these spans, each from its begin to its end, of which none overlaps another. Always to take the one
    that ends first is best: whatever else could come next ends no earlier."""
    count, ended = 0, -inf
    for began, end in sorted(spans, key=lambda span: span[1]):
        if began >= ended:
            count, ended = count + 1, end
    return count


class Silent(Terminal):
    """A terminal on which nothing is shown."""

    def __init__(self) -> None:
        super().__init__("ocpprov")

    def say(self, text: object) -> None:
        """Nothing."""

    def result(self, lines: Iterable[object]) -> None:
        """Nothing."""


def lived(
    plan: Path,
    like: AwsAsRehearsed | None = None,
    concurrency: int = 16,
    before: Callable[[Clients], object] = lambda _: None,
    pacing: Pacing = AS_AWS_DEMANDS,
) -> list[TimedAct]:
    """Apply, apply again, plan, destroy, each as far as it got. The second apply and the plan have nothing to do, or
    they haven't ended well. `before` makes what is in the account already; `pacing` is how
    commands go about their steps."""
    calls: list[TimedCall] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        options = Options(plan=plan, directory=Path(folder), sandbox=True, concurrency=concurrency)
        read = load_plan(options)
        aws = RehearsedAws(
            like or AwsAsRehearsed(LATENCY, delays=DELAYS, throttling=False),
            target_of(read, options),
            calls.append,
            pacing=pacing,
        )
        stack.enter_context(aws.open())
        aws.replaced = make_stand_ins(read, aws.session.clients).replaced
        before(aws.session.clients)
        aws.begin()
        acts, began = [], aws.time.monotonic()
        calls.clear()
        for name, ok in _performed(options, aws, Path(folder)):
            ended = aws.time.monotonic()
            acts.append(TimedAct(name, ok, began, ended, list(calls)))
            calls.clear()
            began = ended
        return acts


def _performed(options: Options, aws: RehearsedAws, folder: Path) -> Iterator[tuple[str, bool]]:
    for each in performed(options, aws, folder):
        yield each.act.value, each.ok
        if each.act is Act.AGAIN:
            code = show_plan(replace(options, detailed_exitcode=True), Silent(), aws.connect)
            yield "plan", code is ExitCode.DONE
