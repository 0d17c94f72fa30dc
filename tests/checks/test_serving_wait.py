"""When what is waited for is there: looks as values, without a clock."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.checks.result import Check, Status
from ocpprov.checks.serving_wait import (
    LOOKS,
    UNKNOWN_LOOKS,
    GoalState,
    ServingGoal,
    Standing,
    Streaks,
    concerned,
    standing,
)

P, F, U, W = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.WARN


def look(**statuses: Status) -> list[Check]:
    return [Check(id, status, f"{id} is {status.value}", "") for id, status in statuses.items()]


def after(goal: ServingGoal, *looks: Sequence[Check]) -> list[Standing]:
    """How the goal stands after each look."""
    streaks, found = Streaks(), []
    for checks in looks:
        streaks = streaks.after(checks)
        found.append(standing(goal, checks, streaks))
        streaks = streaks.judged(found[-1].verdict)
    return found


def stands(missing: Sequence[str] = (), unknown: Sequence[str] = ()) -> Standing:
    return Standing(tuple(missing), tuple(unknown))


def verdicts(goal: ServingGoal, *looks: Sequence[Check]) -> list[str]:
    return [each.verdict.value for each in after(goal, *looks)]


def test_the_numbers_that_documents_state() -> None:
    assert (LOOKS, UNKNOWN_LOOKS) == (3, 12)


def test_all_have_to_be_well_in_three_looks_in_a_row() -> None:
    goal = ServingGoal(all=["a", "b"])
    well, ill = look(a=P, b=P), look(a=P, b=F)
    assert verdicts(goal, well, well, well) == ["missing", "missing", "there"]
    assert verdicts(goal, well, well, ill, well, well, well) == [*["missing"] * 5, "there"]
    assert after(goal, well, well)[-1] == stands(
        ["a is pass, 2 of 3 looks in a row", "b is pass, 2 of 3 looks in a row"]
    )
    assert after(goal, well, well, ill)[-1] == stands(["b is fail"])


def test_what_isnt_known_yet_is_missing_however_well_the_rest_is() -> None:
    which = Check("which", F, "which is which", "say it")
    goal, well = ServingGoal(all=["a"], lacking=[which]), look(a=P)
    assert after(goal, well, well, well)[-1] == stands(["which is which: say it"])
    assert list(concerned(goal, look(a=P, b=P))) == [which, *well]


def test_what_flaps_is_never_there() -> None:
    goal = ServingGoal(all=["a"])
    flapping = [look(a=P), look(a=P), look(a=F)] * 10
    assert set(verdicts(goal, *flapping)) == {"missing"}


def test_one_of_a_group_is_enough_if_it_stays_so() -> None:
    goal = ServingGoal({"group": ["a", "b"]})
    assert verdicts(goal, *[look(a=P, b=F)] * 3) == ["missing", "missing", "there"]
    turns = [look(a=P, b=F), look(a=F, b=P)] * 4
    assert set(verdicts(goal, *turns)) == {"missing"}
    assert after(goal, turns[0])[-1] == stands(["group: one is well, 1 of 3 looks in a row"])
    assert after(goal, look(a=F, b=W))[-1] == stands(["a is fail; b is warn"])
    assert after(goal, look())[-1] == stands(["group: nothing is there"])


def test_every_group_has_to_have_one() -> None:
    goal = ServingGoal({"one": ["a"], "other": ["b"]})
    assert verdicts(goal, *[look(a=P, b=F)] * 3)[-1] == "missing"
    assert verdicts(goal, *[look(a=P, b=P)] * 3)[-1] == "there"


def test_what_helps_may_not_fail_and_may_be_unknown() -> None:
    goal = ServingGoal(all=["a"], helps=["h", "gone"])
    assert verdicts(goal, *[look(a=P, h=U)] * 3)[-1] == "there"
    assert verdicts(goal, *[look(a=P, h=W)] * 3)[-1] == "there"
    assert after(goal, *[look(a=P, h=F)] * 3)[-1] == stands(["h is fail"])


def test_what_cant_be_found_out_is_no_failure_and_no_success() -> None:
    goal = ServingGoal(all=["a", "b"])
    assert after(goal, *[look(a=P, b=U)] * 3)[-1] == stands(unknown=["b is unknown"])
    assert verdicts(goal, *[look(a=P, b=U)] * 3)[-1] == "unknown"
    assert verdicts(goal, *[look(a=F, b=U)] * 3)[-1] == "missing"
    group = ServingGoal({"group": ["a", "b"]})
    assert after(group, look(a=U, b=U))[-1] == stands(unknown=["a is unknown; b is unknown"])
    assert after(group, look(a=U, b=F))[-1].verdict is GoalState.MISSING
    assert after(ServingGoal(all=["a"]), look())[-1] == stands(["a: nothing is there"])


def test_after_two_minutes_of_unknown_it_isnt_going_to_be_known() -> None:
    streaks = Streaks()
    for _ in range(UNKNOWN_LOOKS - 1):
        streaks = streaks.judged(GoalState.UNKNOWN)
    assert not streaks.given_up
    assert streaks.judged(GoalState.UNKNOWN).given_up
    assert not streaks.judged(GoalState.MISSING).judged(GoalState.UNKNOWN).given_up
    assert not streaks.judged(GoalState.THERE).judged(GoalState.UNKNOWN).given_up


def test_the_count_of_unknown_looks_goes_on_from_look_to_look() -> None:
    streaks = Streaks()
    for _ in range(UNKNOWN_LOOKS):
        assert not streaks.given_up
        streaks = streaks.after(look(a=U)).judged(GoalState.UNKNOWN)
    assert streaks.given_up


def test_what_a_goal_is_about() -> None:
    goal = ServingGoal({"group": ["a"]}, ["b"], ["c"])
    assert [check.id for check in concerned(goal, look(d=P, c=F, b=P, a=U))] == ["c", "b", "a"]
