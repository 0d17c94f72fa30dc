"""How load balancers' targets fare over time, as data: without it all of them are well at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

STATES: Final = ("initial", "healthy", "unhealthy", "unused", "draining", "unavailable")
"""The states of Elastic Load Balancing's second API."""


@dataclass(frozen=True)
class Course:
    """What becomes of one target: from so many seconds on it has this state (`states`, in order, the first from 0 on).
    After `every` seconds it begins anew, unless that is 0."""

    states: Sequence[tuple[float, str]]
    every: float = 0.0

    def at(self, seconds: float) -> str:
        """Its state so many seconds after the beginning."""
        within = seconds % self.every if self.every else seconds
        return next(state for since, state in reversed(self.states) if since <= within)


@dataclass(frozen=True)
class TargetStates:
    """The courses of targets by address or instance, or by `<address>:<port>` where its ports differ; `since` is when
    they began, in AWS's seconds."""

    courses: Mapping[str, Course] = field(default_factory=dict)
    since: float = 0.0

    def of(self, target: str, port: str, now: float) -> str:
        """A target's state, empty where nobody has said any."""
        course = self.courses.get(f"{target}:{port}") or self.courses.get(target)
        return course.at(now - self.since) if course else ""


def parse_target_states(document: Any) -> Mapping[str, Course]:
    """Reads `{"10.0.0.5": {"states": [[0, "initial"], [60, "healthy"]], "every": 90}}`. ValueError says what is wrong
    with it."""
    if not isinstance(document, Mapping):
        raise ValueError(f"expected an object with targets: {document}")
    return {str(target): _course(target, course) for target, course in document.items()}


def _course(target: str, course: Any) -> Course:
    given = course if isinstance(course, Mapping) else {}
    states, every = _states(given.get("states")), given.get("every", 0)
    if not states or not _is_time(every) or set(given) - {"states", "every"}:
        raise ValueError(f"expected states such as [[0, initial], [60, healthy]], and every: {target}: {course}")
    return Course(states, float(every))


def _states(rows: Any) -> Sequence[tuple[float, str]]:
    """None where they are no states, or not in order from 0 on."""
    given = rows if isinstance(rows, list) else []
    if not all(isinstance(row, list) and len(row) == 2 and _is_time(row[0]) and row[1] in STATES for row in given):
        return ()
    times = [row[0] for row in given]
    return [(float(since), state) for since, state in given] if times[:1] == [0] and times == sorted(times) else ()


def _is_time(value: Any) -> bool:
    return type(value) in (int, float) and value >= 0
