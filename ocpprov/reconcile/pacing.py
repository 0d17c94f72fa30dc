"""How a run goes about its steps, apart from what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.engine.readiness import Demand, demanded_by_aws
from ocpprov.engine.steps import CreateStep, Step
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Kind

_AT_LEAST: Final = 0.9
"""The part of what earlier runs have seen that is taken for the least: it varies, and is seen a little late."""


def _as_they_are(steps: Sequence[Step]) -> Sequence[Step]:
    return steps


@dataclass(frozen=True)
class Pacing:
    """What decides when a step is begun and when is looked at what AWS makes.

    `learned`: seconds until ready, by type, that earlier runs have seen in this account and region; they hold for those
    that take as long as is usual for the type. `demands` says what
    has to be ready before something else is sent, and `arranged` may change what steps wait for: who compares ways to
    go about a plan (every edge waits until it is ready, level by level) puts other functions in their places.
    """

    learned: Mapping[str, float] = field(default_factory=dict)
    demands: Demand = demanded_by_aws
    arranged: Callable[[Sequence[Step]], Sequence[Step]] = _as_they_are

    def least(self, kind: Kind, properties: Mapping[str, Value]) -> float:
        """Seconds that AWS takes at least to make one with these properties."""
        learned = self._learned(kind, properties)
        return kind.seconds_to_make(properties) if learned is None else learned * _AT_LEAST

    def timed(self, steps: Sequence[Step], kinds: Mapping[str, Kind]) -> Sequence[Step]:
        """The steps as they are to be run, with the seconds that creations are known to take."""
        return self.arranged([self._timed(step, kinds) for step in steps])

    def _timed(self, step: Step, kinds: Mapping[str, Kind]) -> Step:
        if not isinstance(step, CreateStep):
            return step
        learned = self._learned(kinds[step.type], step.resource.properties)
        return step if learned is None else replace(step, seconds=learned)

    def _learned(self, kind: Kind, properties: Mapping[str, Value]) -> float | None:
        is_usual = kind.seconds_to_make(properties) == kind.typical_seconds
        return self.learned.get(kind.type) if is_usual else None


AS_AWS_DEMANDS: Final = Pacing()
"""Nothing waits for more than AWS demands, and nothing has been learned."""
