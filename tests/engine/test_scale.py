"""Planning and scheduling take a time that grows hardly faster than the plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from benchmarks.scale import OWNER, SHAPES, AtOnce, made
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Resource
from ocpprov.engine.scheduler import run
from ocpprov.kinds.registry import KINDS

SMALL, LARGE = 60, 480
LIMIT = 3.5
"""How much longer than eight times as long eight times as much may take; what is quadratic takes eight times that."""


def _resources(shape: str, size: int) -> dict[str, Resource]:
    return {each.logical_id: each for each in SHAPES[shape](size)}


def _planned(resources: Mapping[str, Resource], there: Inventory) -> Actions:
    return plan(build(resources, KINDS), there, OWNER, KINDS)


def _there(shape: str, size: int) -> Inventory:
    return made(_planned(_resources(shape, size), Inventory()))


def _first(shape: str, size: int) -> Callable[[], Actions]:
    return lambda: _planned(_resources(shape, size), Inventory())


def _again(shape: str, size: int) -> Callable[[], Actions]:
    there = _there(shape, size)
    return lambda: _planned(_resources(shape, size), there)


def _destroyed(shape: str, size: int) -> Callable[[], Actions]:
    there = _there(shape, size)
    return lambda: _planned({}, there)


def _replaced(shape: str, size: int) -> Callable[[], Actions]:
    there, resources = _there(shape, size), _resources(shape, size)
    other = replace(resources["Vpc"], properties={"CidrBlock": "10.0.0.0/9"})
    return lambda: _planned({**resources, "Vpc": other}, there)


def _untagged(shape: str, size: int) -> Callable[[], Actions]:
    """All of it has lost its logical id."""
    there = _there(shape, size)
    lives = {
        type: [replace(live, tags={key: tag for key, tag in live.tags.items() if key != RESOURCE}) for live in lives]
        for type, lives in there.lives.items()
    }
    return lambda: _planned(_resources(shape, size), Inventory(lives))


def _seconds(work: Callable[[], Actions]) -> float:
    def once() -> float:
        begun = time.process_time()
        steps = work().steps
        assert run(steps, lambda _: None, AtOnce(), lambda: False).ok
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.parametrize("work", [_first, _again, _destroyed, _replaced, _untagged])
@pytest.mark.parametrize("shape", SHAPES)
def test_eight_times_as_much_takes_about_eight_times_as_long(
    shape: str, work: Callable[[str, int], Callable[[], Actions]]
) -> None:
    growth = _seconds(work(shape, LARGE)) / _seconds(work(shape, SMALL))
    assert growth < LARGE / SMALL * LIMIT
