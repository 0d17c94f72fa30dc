"""How a run's end is told, on values: the exit code, the last event, and the five lines of one that failed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ocpprov.aws.calls import CallCounter, CallRecord
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage, CredentialsError
from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.run_report import Run, exit_code, failure_report, report
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.execute import Failure, Result
from ocpprov.reconcile.wait import NotSettled
from ocpprov.ui.lines import Line

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
VPC = "AWS::EC2::VPC"
APPLY = "ocpprov apply plan.yaml"
COPY = UnprovenClaim(Live(VPC, "vpc-9", {}, tags={"ocpprov:resource": "B"}), "it is a copy")
BROKEN = Failure("NatGateway", "AWS::EC2::NatGateway", NotSettled("it failed", "Gateway.NotAttached"))


def refused_by_aws(code: str = "VpcLimitExceeded") -> AwsError:
    """An error of AWS as retrying leaves it: with the answer as its cause."""
    metadata: Any = {"RequestId": "req-1", "HTTPStatusCode": 400}
    answer = ClientError({"Error": {"Code": code, "Message": "no more"}, "ResponseMetadata": metadata}, "CreateVpc")
    error = AwsError(ErrorClass.QUOTA, AwsMessage(code, "no more", "req-1", "CreateVpc"))
    error.__cause__ = answer
    return error


def outcome(
    wanted: str = "",
    there: str = "",
    failures: Sequence[Failure] = (),
    skipped: str = "",
    unsettled: Sequence[Failure] = (),
    *,
    interrupted: bool = False,
    done: Sequence[Action] = (),
) -> RunOutcome:
    """The end of a run that wanted these logical ids, of which there are those now."""
    graph = Graph({name: Resource(name, VPC) for name in wanted.split()}, {})
    current = {name: Live(VPC, f"id-{name}", {}) for name in there.split()}
    result = Result(failures, dict.fromkeys(skipped.split(), ""), unsettled, current, interrupted)
    planned = PlanResult(Inventory(), Actions(OWNER, graph, [], [], {}, unproven=[COPY]), Found(OWNER))
    return RunOutcome(result, planned, done)


def lines(ended: RunOutcome, command: str = APPLY) -> list[str]:
    return list(failure_report(ended, command))


def test_what_exists_what_does_not_what_aws_said_the_cause_and_the_next_command() -> None:
    error = refused_by_aws()
    ended = outcome("A B C D", "A", [Failure("B", VPC, error)], "C D")
    assert lines(ended) == [
        "exists:   1 of the plan's 4 resources",
        "missing:  B, C, D",
        "AWS said: CreateVpc: VpcLimitExceeded: no more (request req-1)",
        f"cause:    B ({VPC}) failed: {error.next_step}",
        f"next:     {APPLY}",
    ]


def test_what_is_there_and_not_as_planned_is_told_apart() -> None:
    failures = [Failure("Changed", VPC, OSError("disk")), Failure("Old", VPC, OSError("disk"))]
    ended = outcome("Changed NatGateway New", "Changed NatGateway", failures, unsettled=[BROKEN])
    assert lines(ended)[:2] == [
        "exists:   1 of the plan's 3 resources",
        "missing:  New; not ready: NatGateway; not yet as planned: Changed; not gone yet: Old",
    ]


def test_what_is_named_twice_is_told_once_and_many_are_counted() -> None:
    names = [f"R{number}" for number in range(10)]
    failures = [Failure("R0", VPC, OSError("x")), Failure("R0", VPC, OSError("y"))]
    ended = outcome("", "", failures, " ".join(names))
    assert lines(ended)[0] == "remains:  R0, R1, R2, R3, R4, R5, R6, R7 and 2 more"


def test_a_destroy_says_what_remains() -> None:
    ended = outcome("", "VPC", [Failure("VPC", VPC, refused_by_aws("DependencyViolation"))], "Subnet")
    assert lines(ended, "ocpprov destroy")[:3] == [
        "remains:  VPC, Subnet",
        "deleted:  everything else of the plan",
        "AWS said: CreateVpc: DependencyViolation: no more (request req-1)",
    ]


@pytest.mark.parametrize(
    ("failure", "said", "cause"),
    [
        (Failure("A", VPC, NotSettled("it failed", "No.Room")), "No.Room", f"A ({VPC}) failed: it failed"),
        (Failure("A", VPC, NotSettled("took too long")), "nothing", f"A ({VPC}) failed: took too long"),
        (Failure("A", VPC, OSError("disk full")), "nothing", f"A ({VPC}) failed: disk full"),
        (Failure("", "", Refused("no answer; wait")), "nothing", "re-reading AWS state failed: no answer; wait"),
    ],
    ids=["broken", "slow", "ours", "look"],
)
def test_the_cause_of_what_aws_did_not_refuse(failure: Failure, said: str, cause: str) -> None:
    assert lines(outcome("A", "", [failure]))[2:4] == [f"AWS said: {said}", f"cause:    {cause}"]


def test_an_error_that_never_reached_aws_has_its_own_words_in_the_cause() -> None:
    error = AwsError(ErrorClass.NOT_SENT, AwsMessage("ConnectTimeoutError", "no way there"))
    assert lines(outcome("A", "", [Failure("A", VPC, error)]))[2:4] == [
        "AWS said: nothing",
        f"cause:    A ({VPC}) failed: {error}; {error.next_step}",
    ]


def test_credentials_that_aws_refused_are_named_by_their_source() -> None:
    error = CredentialsError("profile ops", AwsMessage("ExpiredToken", "too old", "req-2", "CreateVpc"))
    assert lines(outcome("A", "", [Failure("A", VPC, error)]))[2:4] == [
        "AWS said: CreateVpc: ExpiredToken: too old (request req-2)",
        f"cause:    A ({VPC}) failed: there are no credentials of profile ops any more. {error.next_step}",
    ]


def test_what_an_interrupt_cut_off_has_no_other_cause() -> None:
    cut = Failure("A", VPC, Interrupted())
    assert lines(outcome("A B", "", [cut], "B", interrupted=True))[2:4] == [
        "AWS said: nothing",
        "cause:    the run was interrupted",
    ]
    first = Failure("B", VPC, OSError("disk full"))
    assert lines(outcome("A B", "", [cut, first], interrupted=True))[3] == f"cause:    B ({VPC}) failed: disk full"


LEFT = Action("A", VPC, Verb.UPDATE, "vpc-1")


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (outcome("A", "A"), ExitCode.DONE),
        (replace(outcome("A", "A"), left=[LEFT]), ExitCode.FAILED),
        (outcome("A", "", [Failure("A", VPC, OSError())]), ExitCode.FAILED),
        (outcome("A", "", skipped="A"), ExitCode.FAILED),
        (outcome("A", "A", unsettled=[BROKEN]), ExitCode.FAILED),
        (outcome("A", "A", interrupted=True), ExitCode.INTERRUPTED),
        (outcome("A", "", [Failure("A", VPC, OSError())], interrupted=True), ExitCode.INTERRUPTED),
    ],
)
def test_the_exit_code(ended: RunOutcome, code: ExitCode) -> None:
    assert exit_code(ended) is code


def test_the_exit_codes_are_the_contracts() -> None:
    codes = {"DONE": 0, "FAILED": 1, "REFUSED": 2, "UNKNOWN": 3, "INTERRUPTED": 130}
    assert {code.name: int(code) for code in ExitCode} == codes


@dataclass
class Screen:
    """What happens on it, in order."""

    seen: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        self.seen.append(event.kind.value)
        self.events.append(event)

    def close(self) -> None:
        self.seen.append("closed")

    def say(self, line: str | Line) -> None:
        self.seen.append(str(line).partition(":")[0])


class Clock:
    """Says the time of the last event, and nothing else."""

    def now(self) -> float:
        return 1000.0

    def monotonic(self) -> float:
        raise AssertionError("seconds are the wall's")

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody waits")


def test_the_view_is_closed_first_and_the_event_comes_last() -> None:
    counter, screen = CallCounter(), Screen()
    counter.add(CallRecord("ec2", "CreateVpc", True, "eu-west-1", "req-1", 200, "", 0.1, 1))
    run = Run(Clock(), counter, time.monotonic() - 2)
    ended = outcome("A", "", [Failure("A", VPC, OSError("disk full"))], done=[Action("B", VPC, Verb.CREATE)])
    assert report(ended, run, screen, screen.say, APPLY) is ExitCode.FAILED
    assert screen.seen == ["closed", "exists", "missing", "AWS said", "cause", "next", "error", "finished"]
    error, event = screen.events
    disk = {"place": f"A ({VPC})", "detail": "disk full", "remedy": ""}
    assert error.detail == {"error": disk}
    assert (event.kind, event.time) == (EventKind.FINISHED, 1000.0)
    assert event.detail == {
        "ok": False,
        "summary": {"create": 1, "update": 0, "replace": 0, "delete": 0, "keep": 0},
        "seconds": pytest.approx(2.0, abs=0.5),
        "calls": {"ec2:CreateVpc": 1},
        "unproven": [
            {
                "resource": "B",
                "type": VPC,
                "id": "vpc-9",
                "reason": "it is a copy",
                "command": "ocpprov apply plan.yaml --allow vpc-9",
            }
        ],
        "error": disk,
        "errors": [disk],
    }


def test_a_run_that_ended_well_has_nothing_to_say() -> None:
    screen = Screen()
    run = Run(Clock(), CallCounter(), time.monotonic())
    assert report(outcome("A", "A"), run, screen, screen.say, APPLY) is ExitCode.DONE
    assert screen.seen == ["closed", "finished"]
    assert screen.events[0].detail["ok"] is True


def test_what_a_last_look_still_finds_is_no_good_end() -> None:
    screen = Screen()
    run = Run(Clock(), CallCounter(), time.monotonic())
    ended = replace(outcome("A", "A"), left=[LEFT])
    assert report(ended, run, screen, screen.say, APPLY) is ExitCode.FAILED
    assert screen.seen == ["closed", "differs", "next", "error", "finished"]
    error, last = screen.events
    assert last.detail["ok"] is False
    assert error.detail["error"] == last.detail["error"]
