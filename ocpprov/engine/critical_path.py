"""How long steps take: from each to the end, which puts the slow ones first, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocpprov.engine.steps import Step


def dependents_of(steps: Sequence[Step]) -> dict[str, list[str]]:
    """By name, the steps that wait for it directly."""
    dependents: dict[str, list[str]] = {step.name: [] for step in steps}
    for step in steps:
        for need in step.after:
            dependents[need].append(step.name)
    return dependents


def seconds_to_the_end(steps: Mapping[str, Step], dependents: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Seconds of the longest path from each step to the end, itself included. Raises ValueError for a circle."""
    found: dict[str, float] = {}
    left = {name: len(dependents[name]) for name in steps}
    stack = [name for name, count in left.items() if count == 0]
    while stack:
        name = stack.pop()
        found[name] = steps[name].seconds + max((found[other] for other in dependents[name]), default=0.0)
        for need in steps[name].after:
            left[need] -= 1
            if left[need] == 0:
                stack.append(need)
    if len(found) < len(steps):
        circle = sorted(set(steps) - set(found))
        raise ValueError(f"steps wait for each other: {', '.join(circle)}")
    return found


def expected_seconds(steps: Sequence[Step], concurrency: int) -> float:
    """About how long a run of these steps takes, in seconds: its longest path, or all of its work where there are too
    few workers for that."""
    longest = seconds_to_the_end({step.name: step for step in steps}, dependents_of(steps))
    return max([*longest.values(), sum(step.seconds for step in steps) / max(1, concurrency)])
