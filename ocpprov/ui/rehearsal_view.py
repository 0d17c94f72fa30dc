"""How a rehearsal went, in lines: whether the plan would go through, how long it takes, what it asks, needs and bills,
and what all of that rests on. Eighty columns are enough for all but AWS's own sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.sandbox.assumptions import Assumption
from ocpprov.ui.forecast import Forecast
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.wrapped import wrapped

_NEAR: Final = 0.2
"""From so much of a quota on it is worth a line."""
_TRUSTED: Final = ("documented", "seen", "given")


@dataclass(frozen=True)
class ActRow:
    """One of the things that were rehearsed. `calls` are all, `mutating` those that may change something; `slowest`
    are names, types and AWS's seconds. `should_be_idle`: it has nothing to do where all is well."""

    name: str
    ok: bool
    seconds: float
    changed: int
    calls: int
    mutating: int
    throttled: int
    retried: int
    by_service: Mapping[str, int]
    slowest: Sequence[tuple[str, str, float]]
    problems: Sequence[Problem]
    should_be_idle: bool = False


@dataclass(frozen=True)
class QuotaRow:
    """What the plan needs of a quota, in the place that needs most. `limited` is its name for `--quota`."""

    id: str
    name: str
    place: str
    needed: int
    limit: int
    within: str
    limited: str

    @property
    def share(self) -> float:
        return self.needed / self.limit if self.limit else float("inf")

    @property
    def fits(self) -> bool:
        return self.needed <= self.limit


@dataclass(frozen=True)
class RehearsalView:
    """All that is told. `faults` are what went wrong on purpose; `verbose` leaves nothing out."""

    plan: str
    region: str
    acts: Sequence[ActRow]
    quotas: Sequence[QuotaRow]
    forecast: Forecast
    stand_ins: Sequence[str]
    assumptions: Sequence[Assumption]
    faults: Sequence[str] = ()
    verbose: bool = False

    @property
    def goes_through(self) -> bool:
        """Whether the plan would be applied, found as it is, and taken away again."""
        return all(act.ok for act in self.acts)

    def lines(self) -> Iterator[Line]:
        """The whole."""
        with_faults = f", with {', '.join(self.faults)}" if self.faults else ""
        yield Line(f"rehearsal of plan {self.plan}, region {self.region}{with_faults}: AWS wasn't asked", Tone.HEADING)
        yield self._verdict()
        for act in self.acts:
            yield from _problem_lines(act)
        yield from self._act_lines()
        yield from self._quota_lines()
        for line in self.forecast.cost_lines():
            yield from _wrapped("", line.text, line.tone)
        yield from self._assumption_lines()

    def _verdict(self) -> Line:
        if failed := [act.name for act in self.acts if not act.ok]:
            return Line(f"would fail: {', '.join(failed)}", Tone.DANGER)
        times = ", ".join(f"{act.name} in {clock(act.seconds)}" for act in self.acts)
        return Line(f"would go through: {times}", Tone.GOOD)

    def _act_lines(self) -> Iterator[Line]:
        yield Line(f"{'':12}{'time':>9}{'changed':>9}{'calls':>7}{'changing':>10}{'too fast':>10}{'again':>7}")
        for act in self.acts:
            figures = f"{clock(act.seconds):>9}{act.changed:>9}{act.calls:>7}{act.mutating:>10}"
            yield Line(f"{act.name:12}{figures}{act.throttled:>10}{act.retried:>7}", _tone(act))
        for act in self.acts:
            counts = ", ".join(f"{service} {count}" for service, count in act.by_service.items())
            yield from _wrapped(f"calls of {act.name}: ", counts)
        for act in self.acts:
            if act.slowest:
                waits = ", ".join(f"{name} {clock(seconds)}" for name, _, seconds in act.slowest)
                yield from _wrapped(f"longest in {act.name}: ", waits)

    def _quota_lines(self) -> Iterator[Line]:
        shown = [row for row in self.quotas if self.verbose or row.share >= _NEAR]
        if not self.quotas:
            return
        yield Line("quotas, where the plan comes nearest to them in an empty account:", Tone.HEADING)
        for row in shown:
            where = f" in {row.place}" if row.place else ""
            text = f"{row.name}{where}{'' if row.fits else ': TOO LITTLE'}"
            figures = f"  {row.needed:>6} of {row.limit:<6} "
            yield from _wrapped(figures, text, Tone.PLAIN if row.fits else Tone.DANGER)
        if rest := len(self.quotas) - len(shown):
            yield Line(f"  and {rest} of which it needs less than a fifth (--verbose lists them)", Tone.ASIDE)

    def _assumption_lines(self) -> Iterator[Line]:
        for text in self.stand_ins:
            yield from _wrapped("assumed: ", text)
        unsure = sum(each.trust not in _TRUSTED for each in self.assumptions)
        count = f"rests on {len(self.assumptions)} times, rates and quotas, {unsure} of them not documented"
        yield from _wrapped("", f"{count}{':' if self.verbose else ' (--verbose lists them)'}", Tone.ASIDE)
        if self.verbose:
            for each in self.assumptions:
                yield from _wrapped(f"  {each.what}: ", each.value)
                yield from _wrapped(f"      {each.trust}: ", each.source, Tone.ASIDE)


def clock(seconds: float) -> str:
    """A duration: 0.8s, 12s, 2m39s, 1h02m."""
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    return f"{whole // 60}m{whole % 60:02}s" if whole < 3600 else f"{whole // 3600}h{whole % 3600 // 60:02}m"


def _tone(act: ActRow) -> Tone:
    return Tone.PLAIN if act.ok else Tone.DANGER


def _problem_lines(act: ActRow) -> Iterator[Line]:
    if not act.ok and act.should_be_idle and not act.problems:
        yield Line(f"{act.name}: still has {act.changed} to change", Tone.DANGER)
    for problem in act.problems:
        yield Line(f"{act.name}: {problem.placed_detail}", Tone.DANGER)
        if problem.remedy:
            yield Line(f"  -> {problem.remedy}")


def _wrapped(head: str, text: str, tone: Tone = Tone.PLAIN) -> Iterator[Line]:
    indent = len(head) - len(head.lstrip())
    yield from wrapped(f"{head.lstrip()}{text}", tone, first=" " * indent, rest=" " * (indent + 2))
