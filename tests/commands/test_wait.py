"""How long is waited, for what, and how it ends: on looks that a test has written down, and a clock that stands."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from ocpprov.checks.result import Check, Status
from ocpprov.checks.serving import GroupChecks
from ocpprov.checks.serving_wait import GoalState, ServingGoal
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.serving_look import Look, Topic
from ocpprov.commands.status import code_of
from ocpprov.commands.wait import WHICH, LastLook, Milestone, goal_of, until_there
from ocpprov.engine.cancel import Interrupted
from ocpprov.ui.progress import Heading
from ocpprov.ui.wait_view import WaitView
from tests.support.in_process import StandingClock

P, F, U = Status.PASS, Status.FAIL, Status.UNKNOWN


def check(id: str, status: Status) -> Check:
    return Check(id, status, f"{id} is {status.value}")


def router(status: Status, name: Status | None = None) -> Look:
    names = {} if name is None else {Topic.NAMES: [check("name-api", F), check("name-apps", name)]}
    return Look({**names, Topic.ROUTER: [check("router", status)]})


class Scripted:
    """Looks one after the other, the last one again and again; some are what is raised instead."""

    def __init__(self, *looks: Look | BaseException) -> None:
        self._looks = list(looks)
        self.topics: list[Sequence[Topic]] = []

    def look(self, topics: Sequence[Topic], /) -> Look:
        self.topics.append(topics)
        found = self._looks[0] if len(self._looks) == 1 else self._looks.pop(0)
        if isinstance(found, BaseException):
            raise found
        return found


class Waited:
    """One wait for the router, on a clock of its own, and what was said meanwhile."""

    def __init__(self, *looks: Look | BaseException, timeout: float = 1800, clock: StandingClock | None = None) -> None:
        self.watch, self.clock, self.said = Scripted(*looks), clock or StandingClock(), io.StringIO()
        self.view = WaitView(Console(file=self.said, width=200), Heading(), timeout)
        self.timeout = timeout

    def until(self) -> LastLook:
        return until_there(self.watch, Milestone.INGRESS, self.timeout, self.clock, self.view)


def test_it_ends_in_the_third_look_in_a_row() -> None:
    waited = Waited(router(F), router(P, F), router(P, P), router(P, P), router(P, P), router(F))
    outcome = waited.until()
    assert (outcome.standing.verdict, outcome.seconds) == (GoalState.THERE, 40.0)
    assert [each.id for each in outcome.checks] == ["name-apps", "router"]
    assert waited.watch.topics == [(Topic.NAMES, Topic.ROUTER)] * 5


def test_what_flaps_is_waited_for_until_the_deadline() -> None:
    flapping = [router(P, P), router(P, P), router(F, P)] * 3
    waited = Waited(*flapping, router(F, P), timeout=75)
    outcome = waited.until()
    assert (outcome.standing.verdict, outcome.seconds) == (GoalState.MISSING, 75.0)
    assert outcome.standing.missing == ("router is fail",)
    assert len(waited.watch.topics) == 9


def test_what_never_comes_ends_at_the_deadline_with_what_is_missing() -> None:
    outcome = Waited(router(F), timeout=25).until()
    assert (outcome.standing.missing, outcome.standing.verdict, outcome.seconds) == (
        ("router is fail",),
        GoalState.MISSING,
        25.0,
    )


def test_there_is_one_look_even_without_any_time() -> None:
    waited = Waited(router(F), timeout=0)
    assert waited.until().seconds == 0.0
    assert len(waited.watch.topics) == 1


def test_what_cant_be_known_ends_after_two_minutes() -> None:
    waited = Waited(router(P, U))
    outcome = waited.until()
    assert (outcome.standing.verdict, outcome.standing.unknown) == (GoalState.UNKNOWN, ("name-apps is unknown",))
    # Two looks in which the router hadn't been well for long enough, then twelve.
    assert outcome.seconds == 130.0


def test_that_aws_cant_be_read_for_a_while_ends_nothing() -> None:
    waited = Waited(router(P, P), Refused("throttled"), router(P, P), router(P, P), router(P, P))
    outcome = waited.until()
    assert (outcome.standing.verdict, outcome.seconds) == (GoalState.THERE, 40.0)
    assert "throttled" in waited.said.getvalue()
    for_ever = Waited(Refused("no credentials"))
    assert for_ever.until().standing.unknown == ("no credentials",)
    assert for_ever.clock.seconds == 110.0


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, Interrupted])
def test_an_interrupt_ends_it_at_once_with_what_was_missing(interrupt: type[BaseException]) -> None:
    waited = Waited(router(F), router(F), interrupt())
    with pytest.raises(interrupt):
        waited.until()
    assert waited.said.getvalue().splitlines()[-1] == "still missing after 10 s: router is fail"


def test_a_run_that_is_asked_to_leave_wakes_up() -> None:
    clock = StandingClock()
    clock.leave.set()
    waited = Waited(router(F), clock=clock)
    with pytest.raises(Interrupted):
        waited.until()
    assert len(waited.watch.topics) == 1


EXT = GroupChecks("Ext", (6443,), [check("m0-ext", P)], [check("b-ext", P)])
INT = GroupChecks("Int", (6443,), [check("m0-int", P), check("m1-int", P)], [check("b-int", P)])
SINT = GroupChecks("Sint", (22623,), [check("m0-sint", P)], [check("b-sint", P)])
MIXED = GroupChecks("Int", (6443,), [check("any-int", P)], may_be_bootstrap=True)
PORTS = [check("answers-E-6443", P), check("answers-I-6443", U), check("answers-I-22623", F)]


@pytest.mark.parametrize(
    ("target", "groups", "goal"),
    [
        (
            Milestone.API,
            [EXT, INT, SINT],
            ServingGoal(
                {"Ext (6443)": ["m0-ext", "b-ext"], "Int (6443)": ["m0-int", "m1-int", "b-int"]},
                helps=["answers-E-6443", "answers-I-6443"],
            ),
        ),
        (Milestone.BOOTSTRAP, [EXT, INT, SINT], ServingGoal(all=["m0-ext", "m0-int", "m1-int", "m0-sint"])),
        (Milestone.BOOTSTRAP, [MIXED, SINT], ServingGoal({}, ["any-int", "m0-sint"], lacking=(WHICH,))),
        (Milestone.API, [MIXED], ServingGoal({"Int (6443)": ["any-int"]}, helps=["answers-E-6443", "answers-I-6443"])),
        (Milestone.BOOTSTRAP, [], ServingGoal({"the API's load balancers": ()}, [])),
        (
            Milestone.API,
            [],
            ServingGoal({"the API's load balancers": ()}, helps=["answers-E-6443", "answers-I-6443"]),
        ),
    ],
)
def test_what_is_waited_for(target: Milestone, groups: Sequence[GroupChecks], goal: ServingGoal) -> None:
    assert goal_of(target, Look({Topic.PORTS: PORTS}, groups)) == goal


def test_the_router_comes_first_and_then_its_name() -> None:
    assert goal_of(Milestone.INGRESS, router(P, P)) == ServingGoal(all=["router", "name-apps"])
    assert goal_of(Milestone.INGRESS, router(F)) == ServingGoal(all=["router"])
    assert goal_of(Milestone.INGRESS, Look({})).all == ("router",)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], ExitCode.DONE),
        ([Status.PASS, Status.WARN], ExitCode.DONE),
        ([Status.PASS, Status.UNKNOWN], ExitCode.UNKNOWN),
        ([Status.UNKNOWN, Status.FAIL], ExitCode.FAILED),
    ],
)
def test_how_status_ends(statuses: Sequence[Status], code: ExitCode) -> None:
    assert code_of([check("any", status) for status in statuses]) is code
