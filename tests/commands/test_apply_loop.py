"""How many rounds a run has, what ends it, and what it has done, on scripted rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from ocpprov.commands.apply_loop import RunOutcome, newly_proven, not_begun, rounds
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb, counted
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import CreateStep, DeleteStep, Step
from ocpprov.engine.threads import ThreadsExhausted
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.reconcile.wait import NotSettled
from ocpprov.runs.journal import Record

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
VPC = "AWS::EC2::VPC"
GONE = (Verb.DELETE, Verb.SWEEP, Verb.FORGET)


def _step(action: Action) -> Step:
    name = action.step_name
    if action.verb in GONE:
        return DeleteStep(name=name, type=VPC, logical_id=action.resource, live=Live(VPC, action.id, {}))
    return CreateStep(name=name, type=VPC, logical_id=action.resource, resource=Resource(action.resource, VPC))


def planned(**verbs: Verb) -> PlanResult:
    """A look that finds this to do, by logical id."""
    actions = [Action(name, VPC, verb, f"id-{name}") for name, verb in verbs.items()]
    steps = [_step(action) for action in actions if action.verb is not Verb.KEEP]
    current = {name: Live(VPC, f"seen-{name}", {}) for name in verbs}
    return PlanResult(Inventory(), Actions(OWNER, Graph({}, {}), actions, steps, current), Found(OWNER))


@dataclass
class Script:
    """What each round comes to: `failing` steps, `unready` resources by round, and what each look finds."""

    looks: list[PlanResult | BaseException] = field(default_factory=list)
    failing: frozenset[str] = frozenset()
    unready: Mapping[int, frozenset[str]] = field(default_factory=dict)
    interrupted: bool = False
    rounds: int = 0

    def carry_out(self, found: PlanResult) -> Result:
        self.rounds += 1
        names = [step.logical_id for step in found.actions.steps]
        failures = [Failure(name, VPC, OSError(name)) for name in names if name in self.failing]
        unsettled = [Failure(name, VPC, TimeoutError(name)) for name in self.unready.get(self.rounds, ())]
        done = frozenset(step.name for step in found.actions.steps if step.logical_id not in self.failing)
        lives = {name: Live(VPC, f"made-{name}", {}) for name in names}
        return Result(failures, {}, unsettled, lives, self.interrupted, done)

    def refresh(self) -> PlanResult:
        found = self.looks.pop(0)
        if isinstance(found, BaseException):
            raise found
        return found

    def run(self, first: PlanResult) -> RunOutcome:
        return rounds(first, self.refresh, self.carry_out)


def test_what_is_made_is_looked_at_once_more_and_no_more() -> None:
    script = Script([planned(A=Verb.KEEP)])
    outcome = script.run(planned(A=Verb.CREATE))
    assert (script.rounds, script.looks) == (1, [])
    assert outcome.result.ok
    assert outcome.current == {"A": Live(VPC, "seen-A", {})}


def test_what_only_goes_is_not_looked_for_again() -> None:
    script = Script()
    assert script.run(planned(A=Verb.DELETE)).result.ok
    assert script.rounds == 1


@pytest.mark.parametrize("verb", [Verb.SWEEP, Verb.DELETE, Verb.CREATE, Verb.REPLACE])
def test_a_second_look_that_finds_this_begins_a_second_round(verb: Verb) -> None:
    script = Script([planned(A=verb), planned(A=Verb.KEEP)])
    script.run(planned(A=Verb.CREATE))
    assert script.rounds == 2


@pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.ADOPT, Verb.FORGET, Verb.KEEP])
def test_a_second_look_that_finds_that_begins_none(verb: Verb) -> None:
    script = Script([planned(A=verb)])
    outcome = script.run(planned(A=Verb.CREATE))
    assert script.rounds == 1
    assert [action.verb for action in outcome.planned.actions.actions] == [verb]


def test_three_rounds_are_the_most() -> None:
    script = Script([planned(A=Verb.CREATE) for _ in range(5)])
    script.run(planned(A=Verb.CREATE))
    assert (script.rounds, len(script.looks)) == (3, 3)


def test_what_fails_by_itself_is_made_again_once() -> None:
    script = Script([planned(A=Verb.REPLACE), planned(A=Verb.KEEP)], unready={1: frozenset("A")})
    assert script.run(planned(A=Verb.CREATE)).result.ok
    assert script.rounds == 2


def test_what_fails_by_itself_twice_is_reported() -> None:
    again = planned(A=Verb.REPLACE)
    script = Script([again, again], unready={1: frozenset("A"), 2: frozenset("A")})
    outcome = script.run(planned(A=Verb.CREATE))
    assert (script.rounds, [failure.resource for failure in outcome.result.unsettled]) == (2, ["A"])


def test_another_one_that_fails_by_itself_has_its_second_try() -> None:
    script = Script([planned(A=Verb.REPLACE), planned(B=Verb.REPLACE)], unready={1: frozenset("A"), 2: frozenset("B")})
    script.run(planned(A=Verb.CREATE))
    assert script.rounds == 3


def test_a_step_that_failed_ends_the_run() -> None:
    script = Script(failing=frozenset("B"))
    outcome = script.run(planned(A=Verb.CREATE, B=Verb.CREATE))
    assert (script.rounds, [action.resource for action in outcome.done]) == (1, ["A"])
    assert not outcome.result.ok
    assert outcome.current["A"].id == "made-A"


def test_an_interrupted_round_is_the_last() -> None:
    script = Script(interrupted=True)
    assert script.run(planned(A=Verb.CREATE)).result.interrupted
    assert script.rounds == 1


def test_what_a_run_did_is_counted_over_all_of_its_rounds() -> None:
    second = planned(A=Verb.KEEP, B=Verb.KEEP, C=Verb.REPLACE, D=Verb.SWEEP)
    script = Script([second, planned(A=Verb.KEEP)])
    outcome = script.run(planned(A=Verb.CREATE, B=Verb.CREATE, C=Verb.UPDATE, K=Verb.KEEP))
    assert script.rounds == 2
    assert counted(outcome.done) == {"create": 2, "update": 1, "replace": 1, "delete": 0, "keep": 1, "sweep": 1}


def test_what_failed_is_not_counted() -> None:
    outcome = Script(failing=frozenset("B")).run(planned(A=Verb.DELETE, B=Verb.DELETE))
    assert counted(outcome.done)["delete"] == 1


@pytest.mark.parametrize("error", [Refused("AWS is silent"), ThreadsExhausted()])
def test_a_refused_look_is_a_failure_as_things_were_sent_by_then(error: Exception) -> None:
    outcome = Script([error]).run(planned(A=Verb.CREATE))
    assert [(failure.resource, failure.error) for failure in outcome.result.unsettled] == [("", error)]
    assert not outcome.result.interrupted
    assert outcome.current == {"A": Live(VPC, "made-A", {})}
    assert counted(outcome.done)["create"] == 1


def test_a_look_that_is_left_ends_the_run_as_interrupted() -> None:
    outcome = Script([Interrupted()]).run(planned(A=Verb.CREATE))
    assert outcome.result.interrupted
    assert outcome.result.unsettled == []
    assert outcome.current == {"A": Live(VPC, "made-A", {})}
    assert counted(outcome.done)["create"] == 1


def test_a_run_that_has_not_begun_has_all_of_it_left() -> None:
    outcome = not_begun(planned(A=Verb.DELETE, B=Verb.DELETE))
    assert outcome.result.interrupted
    assert outcome.result.skipped == {"A": "", "B": ""}
    assert outcome.done == ()


@pytest.mark.parametrize(("verb", "told"), [(Verb.UPDATE, ["vpc-1", "vpc-2"]), (Verb.KEEP, ["vpc-2"])])
def test_what_was_proven_is_journalled_before_a_change_and_what_was_allowed_always(verb: Verb, told: list[str]) -> None:
    lives = [Live(VPC, f"vpc-{number}", {}, tags={RESOURCE: f"Vpc{number}"}) for number in range(4)]
    found = planned(Vpc1=verb)
    found = replace(
        found,
        inventory=Inventory({VPC: lives}),
        actions=replace(found.actions, proven=frozenset({(VPC, "vpc-0"), (VPC, "vpc-1"), (VPC, "vpc-2")})),
        memory=Memory(made=frozenset({(VPC, "vpc-0")}), allowed=frozenset({"vpc-2", "vpc-3", "vpc-0"})),
    )
    records = list(newly_proven(found, OWNER, 7.0))
    assert records == [Record("proven", 7.0, "run", f"Vpc{id[-1]}", VPC, id=id) for id in told]


@pytest.mark.parametrize(
    ("late", "unseen", "skipped", "rounds_made"),
    [
        (True, False, {"B": "A"}, 1),
        (False, False, {"B": "A"}, 2),
        (True, False, {}, 2),
        pytest.param(True, True, {}, 1, id="AWS hasn't shown it to the end, and isn't asked again"),
    ],
)
def test_what_waits_for_something_that_is_late_doesnt_wait_again(
    late: bool, unseen: bool, skipped: Mapping[str, str], rounds_made: int
) -> None:
    script = Script([planned(B=Verb.CREATE), planned(A=Verb.KEEP, B=Verb.KEEP)])

    def carry_out(found: PlanResult) -> Result:
        result = script.carry_out(found)
        error = NotSettled("A isn't ready", is_late=late, is_unseen=unseen)
        return replace(result, unsettled=[Failure("A", VPC, error)], skipped=skipped) if script.rounds == 1 else result

    rounds(planned(A=Verb.CREATE), script.refresh, carry_out)
    assert script.rounds == rounds_made
