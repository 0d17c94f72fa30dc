"""Any call may be the last one, or the one whose answer never comes: the next run goes on, nothing is double, nothing
is left behind.

The runs are the real commands; AWS is the sandbox, in the same process and on a clock that nobody waits for. A kill is
a fork at the very moment of the call: the copy, in which only the calling thread is left, never goes on with the run,
but begins the next one. `test_doubt` has the same with processes and SIGKILL.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from tests.end_to_end.world import CRASH, REGION, ROOT
from tests.support.forking import Points, forked
from tests.support.in_process import Bastion, Moment
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

PLANS = ("restricted-3az", "public-3az")
SMALL = ("small-network", "small-balancer", "small-zone", "small-access")
"""One of each resource: each of their calls is tried by `make test`, those of whole clusters by `make torture`."""
PARTS = 4
"""In how many tests a long matrix is cut."""
LOST = {"lost": FaultKind.LOSE_ANSWER, "500-but-done": FaultKind.ERROR_AFTER}

every_plan = pytest.mark.parametrize("plan", PLANS)
every_part = pytest.mark.parametrize("part", range(PARTS))
every_loss = pytest.mark.parametrize("loss", LOST.values(), ids=LOST)

Account = Counter[str]


@dataclass(frozen=True)
class Case:
    """Somebody with a plan, before an account. `empty` and `full` are what the account holds without the plan and with
    it, `calls` how many calls may change something in an apply and in a destroy."""

    bastion: Bastion
    plan: Path
    empty: Account
    full: Account
    calls: dict[str, int]

    def run(self, command: str) -> None:
        """A command that has to end well, in the account that it promises. Of a plan that a folder doesn't know and of
        which nothing is there any more, a destroy says so as a failure."""
        unknown = command == "destroy" and not (self.bastion.home / ".ocpprov").exists()
        nothing = unknown and unlike(likeness(snapshot(self.bastion.client)), self.empty) == []
        ended = getattr(self.bastion, command)(self.plan)
        assert ended.code == (1 if nothing else 0), ended.said
        held = likeness(snapshot(self.bastion.client))
        assert unlike(held, self.full if command == "apply" else self.empty) == []

    def is_settled(self) -> None:
        """One more apply has nothing to do."""
        ended = self.bastion.apply(self.plan)
        assert (ended.code, ended.sent) == (0, []), ended.said

    def converges(self) -> None:
        self.run("apply")
        self.is_settled()
        self.run("destroy")


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bastion]:
    """A bastion whose first runs are of a process that is dead by the time anybody looks."""
    found = Bastion(tmp_path_factory.mktemp("bastion"), REGION)
    found.pid = forked(os.getpid)
    yield found
    found.pipeline.reset()


@pytest.fixture
def case(bastion: Bastion, plan: str) -> Case:
    """Before any run, in an empty account."""
    bastion.pipeline.reset()
    shutil.rmtree(bastion.home / ".ocpprov", ignore_errors=True)
    file = (CRASH if plan in SMALL else ROOT / "plans") / f"{plan}.yaml"

    def clean() -> tuple[Account, dict[str, int]]:
        applied = bastion.apply(file)
        assert applied.code == 0, applied.said
        full = likeness(snapshot(bastion.client))
        return full, {"apply": len(applied.sent), "destroy": len(bastion.destroy(file).sent)}

    empty = likeness(snapshot(bastion.client))
    full, calls = forked(clean)
    shutil.rmtree(bastion.home / ".ocpprov")
    return Case(bastion, file, empty, full, calls)


Wanted = Callable[[int, Moment], bool]
NextRuns = Callable[[Case, int], None]


def killed_at(case: Case, command: str, wanted: Wanted, next_runs: NextRuns, tmp_path: Path) -> Points:
    """A command, of which copies are killed around each wanted call; what the next runs of each copy come to. After
    every other call the folder with the journal is lost, too."""
    points = Points()
    homes = map(str, count())

    def at_call(number: int, moment: Moment, request: Request) -> None:
        if wanted(number, moment):
            home = tmp_path / next(homes)
            name = f"{command} killed {moment.value} {number}, {request.operation}"
            points.try_in_a_copy(name, partial(after_the_kill, case, number, home, next_runs))

    case.bastion.watch = at_call
    ended = getattr(case.bastion, command)(case.plan)
    case.bastion.watch = None
    assert ended.code == 0, ended.said
    return points


def after_the_kill(case: Case, number: int, home: Path, next_runs: NextRuns) -> None:
    home.mkdir()
    if number % 2:
        shutil.copytree(case.bastion.home / ".ocpprov", home / ".ocpprov")
    case.bastion.moved_to(home)
    next_runs(case, number)


def answer_lost(case: Case, command: str, loss: FaultKind, number: int, settled: bool) -> None:
    """The run itself has to find out what became of the call."""
    case.bastion.pipeline.set_faults(Script((Fault(loss, call=number),)))
    case.run(command)
    if command == "apply" and settled:
        case.is_settled()
        case.run("destroy")


def answers_lost(case: Case, command: str, loss: FaultKind, numbers: range, checked: int = 1) -> Points:
    """What follows from an apply is seen after each `checked`th."""
    points = Points()
    for number in numbers:
        name = f"{command} {loss.value} {number}"
        points.try_in_a_copy(name, partial(answer_lost, case, command, loss, number, number % checked == 0))
    return points


def some_checks_after_apply(case: Case, number: int) -> None:
    """What is there is compared whole each time; what follows from it is seen now and then."""
    case.run("apply")
    if number % 10 == 0:
        case.is_settled()
        case.run("destroy")


def one_way_after_destroy(case: Case, number: int) -> None:
    if number % 10 == 0:
        case.run("apply")
    case.run("destroy")


def both_ways_after_destroy(case: Case, number: int) -> None:
    forked(partial(case.run, "destroy"))
    case.converges()


def every_call(_: int, __: Moment) -> bool:
    return True


every_small_plan = pytest.mark.parametrize("plan", SMALL)


@every_small_plan
def test_an_apply_killed_around_any_call_is_finished_by_the_next(
    case: Case, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    points = killed_at(case, "apply", every_call, some_checks_after_apply, tmp_path)
    points.judge(record_property)
    assert points.tried == 2 * case.calls["apply"]


@every_small_plan
def test_a_destroy_killed_around_any_call_is_finished_by_the_next(
    case: Case, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    assert case.bastion.apply(case.plan).code == 0
    points = killed_at(case, "destroy", every_call, one_way_after_destroy, tmp_path)
    points.judge(record_property)
    assert points.tried >= 2 * case.calls["destroy"] - 4


@pytest.mark.parametrize(
    ("plan", "command", "loss"),
    [
        pytest.param(plan, command, LOST[loss], id=f"{plan}-{command}-{loss}")
        for plan, command, loss in (
            ("small-network", "apply", "lost"),
            ("small-network", "destroy", "lost"),
            ("small-network", "destroy", "500-but-done"),
            ("small-balancer", "apply", "500-but-done"),
            ("small-balancer", "destroy", "500-but-done"),
            ("small-zone", "apply", "lost"),
            ("small-zone", "destroy", "lost"),
            ("small-zone", "destroy", "500-but-done"),
            ("small-access", "apply", "lost"),
            ("small-access", "apply", "500-but-done"),
            ("small-access", "destroy", "lost"),
            ("small-access", "destroy", "500-but-done"),
        )
    ],
)
def test_a_run_without_an_answer_finds_out_what_became_of_the_call(
    case: Case, command: str, loss: FaultKind, record_property: Callable[[str, object], None]
) -> None:
    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    answers_lost(case, command, loss, range(1, case.calls[command] + 1), checked=5).judge(record_property)


@pytest.mark.torture
@every_plan
@every_part
@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_killed_around_every_call(
    case: Case, command: str, part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    def wanted(number: int, moment: Moment) -> bool:
        return number % PARTS == part

    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    next_runs = (lambda case, _: case.converges()) if command == "apply" else both_ways_after_destroy
    points = killed_at(case, command, wanted, next_runs, tmp_path)
    points.judge(record_property)
    assert points.tried >= 2 * (case.calls[command] // PARTS) - 4


@pytest.mark.torture
@every_plan
@every_part
@every_loss
@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_without_the_answer_to_every_call(
    case: Case, command: str, loss: FaultKind, part: int, record_property: Callable[[str, object], None]
) -> None:
    if command == "destroy":
        assert case.bastion.apply(case.plan).code == 0
    points = answers_lost(case, command, loss, range(1 + part, case.calls[command] + 1, PARTS))
    points.judge(record_property)
    assert points.tried >= case.calls[command] // PARTS
