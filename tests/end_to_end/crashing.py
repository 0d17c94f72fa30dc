"""Somebody with a plan, before an account, for tests in which a run is killed or an answer lost."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from ocpprov.sandbox.exchange import Request
from tests.end_to_end.world import CRASH, REGION, ROOT
from tests.support.forking import Points, forked
from tests.support.in_process import Bastion, Moment
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

PLANS: Final = ("restricted-3az", "public-3az")
"""Of whole clusters: their calls are tried by `make torture`."""
SMALL: Final[Mapping[str, int]] = {"small-access": 3, "small-zone": 3, "small-balancer": 3, "small-network": 7}
"""One of each resource. `make test` tries one call of so many, `make torture` every call. An odd number: what follows
from a call differs with whether its number is even."""
PARTS: Final = 4
"""In how many tests a long matrix is cut."""

every_plan = pytest.mark.parametrize("plan", PLANS)
every_part = pytest.mark.parametrize("part", range(PARTS))


def small_plans(*often: str) -> pytest.MarkDecorator:
    """Some calls of these in every run of the tests, every call of all of them in `make torture`."""
    return pytest.mark.parametrize(
        ("plan", "step"),
        [
            *(pytest.param(plan, SMALL[plan], id=f"{plan}-{SMALL[plan]}") for plan in often),
            *(pytest.param(plan, 1, id=f"{plan}-1", marks=pytest.mark.torture) for plan in SMALL),
        ],
    )


Account = Counter[str]


@dataclass(frozen=True)
class Case:
    """Somebody with a plan, before an account. `empty` and `full` are what the account holds without the plan and with
    it, `calls` how many calls may change something in an apply and in a destroy, `operations` those of an apply."""

    bastion: Bastion
    plan: Path
    empty: Account
    full: Account
    calls: dict[str, int]
    operations: frozenset[str]

    def run(self, command: str) -> None:
        """A command that has to end well, in the account that it promises, and has nothing to ask with `--allow`. Of a
        plan that a folder doesn't know and of which nothing is there any more, a destroy says so as a failure."""
        unknown = command == "destroy" and not (self.bastion.home / ".ocpprov").exists()
        nothing = unknown and unlike(likeness(snapshot(self.bastion.client)), self.empty) == []
        ended = getattr(self.bastion, command)(self.plan)
        assert ended.code == (1 if nothing else 0), ended.said
        assert "--allow" not in ended.said, ended.said
        held = likeness(snapshot(self.bastion.client))
        wrong = unlike(held, self.full if command == "apply" else self.empty)
        assert wrong == [], "\n".join(wrong)

    def is_settled(self) -> None:
        """One more apply has nothing to do."""
        ended = self.bastion.apply(self.plan)
        assert (ended.code, ended.sent) == (0, []), ended.said

    def converges(self) -> None:
        self.run("apply")
        self.is_settled()
        self.run("destroy")


@dataclass(frozen=True)
class Calm:
    """What a plan makes, how many calls may change something in each command, and those of an apply."""

    made: Account
    calls: dict[str, int]
    operations: frozenset[str]


def begun(bastion: Bastion, plan: str, home: Path, known: dict[str, Calm]) -> Case:
    """Before any run, in an empty account; the first runs are of a process that is dead by the time anybody looks.
    `known` has what an earlier test found out of a plan."""
    bastion.moved_in(home, REGION)
    bastion.pid = forked(os.getpid)
    file = (CRASH if plan in SMALL else ROOT / "plans") / f"{plan}.yaml"
    empty = likeness(snapshot(bastion.client))
    if plan not in known:
        known[plan] = forked(partial(_calm, bastion, file, empty))
        shutil.rmtree(home / ".ocpprov")
    calm = known[plan]
    return Case(bastion, file, empty, empty + calm.made, calm.calls, calm.operations)


def _calm(bastion: Bastion, plan: Path, empty: Account) -> Calm:
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    made = likeness(snapshot(bastion.client)) - empty
    calls = {"apply": len(applied.sent), "destroy": len(bastion.destroy(plan).sent)}
    return Calm(made, calls, frozenset(applied.sent))


NextRuns = Callable[[Case, int], None]


Wanted = Callable[[int], bool]


def never(_: int) -> bool:
    """Of no call."""
    return False


def odd(number: int) -> bool:
    """Of every other call."""
    return number % 2 == 1


def killed_at(
    case: Case, command: str, wanted: Wanted, next_runs: NextRuns, folders: Path, *, kept: Wanted = odd
) -> Points:
    """A command, of which copies are killed around each wanted call; what the next runs of each copy come to. The
    folder with the journal is kept after some of the calls only."""
    points, homes = Points(), map(str, count())

    def at_call(number: int, moment: Moment, request: Request) -> None:
        if wanted(number):
            home = folders / next(homes)
            name = f"{command} killed {moment.value} {number}, {request.operation}"
            points.try_in_a_copy(name, partial(_after_the_kill, case, number, home, next_runs, kept))

    case.bastion.watch = at_call
    ended = getattr(case.bastion, command)(case.plan)
    case.bastion.watch = None
    assert ended.code == 0, ended.said
    return points


def _after_the_kill(case: Case, number: int, home: Path, next_runs: NextRuns, kept: Wanted) -> None:
    home.mkdir()
    if kept(number):
        shutil.copytree(case.bastion.home / ".ocpprov", home / ".ocpprov")
    case.bastion.moved_to(home)
    next_runs(case, number)


def some_checks_after_apply(case: Case, number: int) -> None:
    """What is there is compared whole each time; what follows from it is seen now and then."""
    case.run("apply")
    if number % 7 == 0:
        case.is_settled()
        case.run("destroy")
