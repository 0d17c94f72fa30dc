"""A bad day at AWS, from the first call to the last: one call in five is throttled, some answers are lost, some calls
are done and answered with an error, what is new isn't seen for up to twenty seconds, and lists come in small pages.

AWS is the sandbox, in the same process and on a clock that nobody waits for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.faults import Script, Storm
from tests.end_to_end.world import CRASH, ROOT
from tests.support.in_process import Bastion, Ended
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

BAD: Final = Conditions(unseen_by_id=20.0, unseen_by_tag=20.0, flapping=True, page_size=5)
MOST: Final = 6
"""How many calls a stormy run makes at most for each one of a calm run with the same small pages."""
COMMANDS: Final = ("apply", "apply", "destroy")

PLANS: Final = [ROOT / "plans" / f"{name}.yaml" for name in ("restricted-3az", "public-3az")]
every_plan = pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
keeping_or_not = pytest.mark.parametrize("journal", [True, False], ids=["journal", "no-journal"])


@dataclass
class Weather:
    """A bastion, and what its runs come to."""

    bastion: Bastion
    plan: Path

    def runs(self, seed: int | None, *, journal: bool, judge: Callable[[int, Ended], None]) -> list[int]:
        """Apply, apply again, destroy, in a storm or (without a seed) in calm weather; how many calls each made.
        Every command is judged by an AWS that behaves."""
        calls = []
        for number, command in enumerate(COMMANDS):
            self._turn(seed, number)
            ended = getattr(self.bastion, command)(self.plan)
            calls.append(len(self.bastion.pipeline.calls()))
            self._clear()
            judge(number, ended)
            if not journal:
                shutil.rmtree(self.bastion.home / ".ocpprov")
        return calls

    def _turn(self, seed: int | None, number: int) -> None:
        if seed is None:
            self.bastion.pipeline.set_conditions(Conditions(page_size=BAD.page_size))
            return
        storm = Storm(seed * len(COMMANDS) + number, throttled=0.2, lost_answers=0.02, done_but_failed=0.02)
        self.bastion.pipeline.set_conditions(BAD)
        self.bastion.pipeline.set_faults(Script(storm=storm))

    def _clear(self) -> None:
        self.bastion.pipeline.set_faults(Script())
        self.bastion.pipeline.set_conditions(Conditions())


@pytest.fixture
def weather(bastion: Bastion, plan: Path) -> Weather:
    return Weather(bastion, plan)


def weathered(weather: Weather, seeds: range, record: Callable[[str, object], None], *, journal: bool) -> None:
    """The runs of each storm end as calm ones do."""
    held = []
    empty = likeness(snapshot(weather.bastion.client))

    def note(number: int, ended: Ended) -> None:
        assert ended.code == 0, ended.said
        held.append(likeness(snapshot(weather.bastion.client)))

    def compare(number: int, ended: Ended) -> None:
        assert ended.code == 0, ended.said
        assert unlike(likeness(snapshot(weather.bastion.client)), held[number]) == []
        assert number != 1 or ended.sent == []

    calm = weather.runs(None, journal=True, judge=note)
    assert unlike(held[-1], empty) == []
    for seed in seeds:
        stormy = weather.runs(seed, journal=journal, judge=compare)
        record("calls in calm weather", sum(calm))
        record("calls in a storm", sum(stormy))
        assert sum(stormy) <= MOST * sum(calm)


@pytest.mark.parametrize("plan", [CRASH / "small-network.yaml"], ids=["small-network"])
@pytest.mark.parametrize(
    "journal", [pytest.param(True, marks=pytest.mark.torture), False], ids=["journal", "no-journal"]
)
def test_a_storm(weather: Weather, journal: bool, record_property: Callable[[str, object], None]) -> None:
    weathered(weather, range(100, 101), record_property, journal=journal)


@pytest.mark.torture
@keeping_or_not
@every_plan
@pytest.mark.parametrize("first", range(0, 20, 5))
def test_twenty_storms(
    weather: Weather, first: int, journal: bool, record_property: Callable[[str, object], None]
) -> None:
    weathered(weather, range(first, first + 5), record_property, journal=journal)
