"""Every read that a command sends, denied, unknown to whoever answers, or without an answer: it is a note where the
plan has no use for what it asks about, and else a refusal that names the operation and the cause. Nothing ends in a
traceback, no plan changes, and no destroy leaves something and ends well.

A case of the first table is the way from boto3's answers to the actions, without a request (tests/support/recorded.py);
one of the second is a whole command in a copy of this process. Both tables are torture; their sample is in
`test_answers.py`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from ocpprov.aws.errors import set_operation
from ocpprov.checks.result import Check, Status
from ocpprov.commands.outputs import outputs
from ocpprov.commands.status import status
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request, error
from tests.end_to_end.failing import errors
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.one_of_each import PLAN, RESOURCES
from tests.end_to_end.test_answers_edited import PLANS, ROOT, api_name, recorded
from tests.end_to_end.world import REGION, all_ids
from tests.support.forking import Points, forked
from tests.support.in_process import Bastion, Ended
from tests.support.recorded import Edit, Outcome, Recording

Fault = Callable[[str, str], Exception]
"""An error of boto3, by service and operation."""


def _refusal(code: str, status: int, message: str) -> Fault:
    def fault(service: str, operation: str) -> Exception:
        return ClientError(
            {
                "Error": {"Code": code, "Message": message},
                "ResponseMetadata": {"RequestId": "r-1", "HTTPStatusCode": status},  # type: ignore[typeddict-item]
            },
            api_name(operation),
        )

    return fault


def _blocked(service: str, operation: str) -> Exception:
    silence = EndpointConnectionError(endpoint_url=f"https://{service}.invalid")
    set_operation(silence, api_name(operation))
    return silence


_BY_POLICY: Final = "You are not authorized to perform this operation with an explicit deny in a service control policy"
FAULTS: Final[Mapping[str, Fault]] = {
    "UnauthorizedOperation": _refusal("UnauthorizedOperation", 403, "You are not authorized."),
    "AccessDenied": _refusal("AccessDenied", 403, _BY_POLICY),
    "InvalidAction": _refusal("InvalidAction", 400, "The action is not valid for this web service."),
    "OptInRequired": _refusal("OptInRequired", 401, "You are not subscribed to this service."),
    "404": _refusal("404", 404, "Not Found"),
    "501": _refusal("501", 501, "Not Implemented"),
    "EndpointConnectionError": _blocked,
}

NEEDLESS: Final = {
    "describe_tags",
    "describe_target_health",
    "list_objects_v2",
}
"""What is asked about the types that the plan of one of each has none of."""


SPARING: Final = {"get_account_authorization_details"}
"""What answers in place of other calls, which are made where it doesn't."""

OF_THE_ROUTER: Final = {"describe_load_balancers"}
"""Where there are no classic balancers the router has none; where they can't be looked at, one may be the router's."""


def put(service: str, operation: str, fault: Fault) -> Edit:
    """An error in place of every answer to an operation."""
    return lambda of, asked, answer: fault(service, operation) if (of, asked) == (service, operation) else answer


def hearing(into: set[tuple[str, str]]) -> Edit:
    """Keeps what is asked."""

    def hear(service: str, operation: str, answer: Any) -> Any:
        into.add((service, operation))
        return answer

    return hear


AHEAD: Final = frozenset({"describe_availability_zones"})
"""Asked before it is known whether anybody needs the answer: where the subnets are there their zones count."""
COMMANDS: Final[Mapping[str, Callable[[Recording, Edit], Outcome]]] = {
    "plan": lambda found, edit: found.plan(edit),
    "plan without its folder": lambda found, edit: found.plan(edit, knows=False),
    "destroy": lambda found, edit: found.destroy(edit),
    "destroy without its folder": lambda found, edit: found.destroy(edit, knows=False),
    "destroy by name": lambda found, edit: found.destroy_by_name(edit),
}


def complaint(of: str, operation: str, code: str, outcome: Outcome, calm: Outcome) -> Iterator[str]:
    """What is wrong with what a command comes to."""
    name = api_name(operation)
    if outcome.refused:
        if not outcome.refused.startswith(f"{name}: {code}: "):
            yield f"{of}: refused without operation and cause: {outcome.refused}"
        return
    if (outcome.changes, outcome.problems) != (calm.changes, calm.problems):
        yield f"{of}: {sorted(outcome.changes ^ calm.changes)}, {outcome.problems}"
    if operation not in SPARING | AHEAD and not any(
        "wasn't looked at" in said and f"{name}: {code}: " in said for said in outcome.said
    ):
        yield f"{of}: no word of it"


def about_checks(of: str, operation: str, code: str, checks: list[Check], *, refused: bool) -> Iterator[str]:
    """What is wrong with what preflight says: it names what it couldn't ask, with a remedy, and fails where an apply
    does."""
    named = [check for check in checks if f"{api_name(operation)}: {code}: " in check.detail]
    if any(not check.remedy for check in named):
        yield f"{of}: no remedy"
    if refused and not any(check.status is Status.FAIL for check in named):
        yield f"{of}: an apply fails on it, and preflight says {[(each.id, each.status) for each in named]}"
    if not refused and any(check.status is Status.FAIL for check in named):
        yield f"{of}: an apply goes through, and preflight fails"


def check_every_read(found: Recording, record_property: Callable[[str, object], None]) -> dict[str, set[str]]:
    """The operations that a plan goes without, by fault."""
    asked: dict[str, set[tuple[str, str]]] = {name: set() for name in COMMANDS}
    calm = {name: command(found, hearing(asked[name])) for name, command in COMMANDS.items()}
    every: set[tuple[str, str]] = set()
    found.checks(hearing(every))
    every |= set().union(*asked.values())
    assert len(every) > 25
    wrong: list[str] = []
    spared: dict[str, set[str]] = {code: set() for code in FAULTS}
    for service, operation in sorted(every):
        for code, fault in FAULTS.items():
            edit, of = put(service, operation, fault), f"{operation} {code}"
            refused = False
            for name, command in COMMANDS.items():
                if (service, operation) in asked[name]:
                    outcome = command(found, edit)
                    wrong += complaint(f"{name}: {of}", operation, code, outcome, calm[name])
                    refused = refused or (name == "plan" and bool(outcome.refused))
            if (service, operation) in asked["plan"] and not refused:
                spared[code].add(operation)
            wrong += about_checks(f"preflight: {of}", operation, code, found.checks(edit), refused=refused)
    record_property("reads made to fail", len(every) * len(FAULTS))
    assert not wrong, "\n".join(wrong)
    return spared


@pytest.mark.torture
def test_every_read_of_one_of_each(
    one_bastion: Bastion, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    spared = check_every_read(recorded(one_bastion, path, tmp_path), record_property)
    assert spared == dict.fromkeys(FAULTS, NEEDLESS | SPARING)


@pytest.mark.torture
@pytest.mark.parametrize("plan", [*PLANS, "existing-vpc"])
def test_every_read_of_plans_that_are_shipped(
    plan: str, one_bastion: Bastion, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    found = recorded(one_bastion, ROOT / "plans" / f"{plan}.yaml", tmp_path)
    spared = check_every_read(found, record_property)
    assert all(operations ^ spared["InvalidAction"] <= OF_THE_ROUTER for operations in spared.values())
    assert "describe_tags" in spared["InvalidAction"]


REFUSALS: Final[Mapping[str, Callable[[Request], Answer]]] = {
    "AccessDenied": lambda request: error(request, "AccessDenied", _BY_POLICY, 403),
    "InvalidAction": lambda request: error(request, "InvalidAction", "not valid for this web service", 400),
    "404": lambda _: Answer(404, b"not found", (("Content-Type", "text/plain"),)),
    "501": lambda _: Answer(501, b""),
    # Of a proxy that lets some operations through.
    "InterceptedResponse": lambda _: Answer(403, b"<html>blocked</html>", (("Content-Type", "text/html"),)),
}
TELL: Final[Mapping[str, Callable[[Bastion, Path], Ended]]] = {
    "plan": lambda bastion, path: bastion.plan(path),
    "apply": lambda bastion, path: bastion.apply(path),
    "outputs": lambda bastion, path: bastion.command(outputs, plan=path),
    "status": lambda bastion, path: bastion.command(status, plan=path),
}


def _with_its_folder(bastion: Bastion, path: Path) -> Ended:
    """Copies of a process share the disk, so each gets a folder of its own."""
    home = Path(tempfile.mkdtemp(dir=bastion.home))
    shutil.copytree(bastion.home / ".ocpprov", home / ".ocpprov")
    bastion.home = home
    return bastion.destroy(path)


def _by_name(bastion: Bastion) -> Ended:
    bastion.home = Path(tempfile.mkdtemp(dir=bastion.home))
    return bastion.destroy(None, name=str(PLAN["name"]), region=REGION)  # type: ignore[arg-type]


DESTROY: Final[Mapping[str, Callable[[Bastion, Path], Ended]]] = {
    "destroy": _with_its_folder,
    "destroy by name": lambda bastion, path: _by_name(bastion),
}


def refusing(bastion: Bastion, operation: str, refusal: Callable[[Request], Answer]) -> None:
    """Have AWS refuse every read of an operation from now on."""
    usual = bastion.pipeline.answer

    def answer(request: Request) -> Answer | ConnectionDropped:
        return refusal(request) if request.operation == operation else usual(request)

    bastion.pipeline.answer = answer  # type: ignore[method-assign]


def reads_of(bastion: Bastion, command: Callable[[], Ended]) -> set[str]:
    """The operations by which a command reads, in calm weather."""

    def run() -> set[str]:
        ended = command()
        assert ended.code == 0, ended.said
        return {call["operation"] for call in bastion.pipeline.calls() if not call["mutating"]}

    return forked(run)


MAY_STAY: Final = "what the plan may have had of it before would stay"


def judge_telling(bastion: Bastion, path: Path, name: str, operation: str, code: str) -> None:
    refusing(bastion, operation, REFUSALS[code])
    ended = TELL[name](bastion, path)
    assert ended.sent == []
    if ended.code == 0:
        return
    assert ended.code in (1, 2, 3) if name == "status" else ended.code == 2, ended.said
    assert f"{operation}: {code}: " in ended.said


def judge_destroy(bastion: Bastion, path: Path, name: str, operation: str, code: str, empty: Mapping[str, Any]) -> None:
    refusing(bastion, operation, REFUSALS[code])
    ended = DESTROY[name](bastion, path)
    if ended.code == 2:
        assert ended.sent == []
        assert f"{operation}: {code}: " in ended.said
        return
    del bastion.pipeline.answer
    is_clean = all_ids(bastion.client) == empty
    words = f"{operation}: {code}: " in ended.said
    if ended.code == 0:
        assert is_clean
        assert name != "destroy by name" or MAY_STAY not in ended.said, ended.said
    else:
        assert ended.code == 1
        assert words, ended.said


@pytest.mark.torture
def test_every_read_of_whole_commands(
    one_bastion: Bastion, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    one_bastion.moved_in(tmp_path, REGION)
    empty = all_ids(one_bastion.client)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN))
    assert one_bastion.apply(path).code == 0
    points = Points()
    for name, tell in TELL.items():
        for operation in sorted(reads_of(one_bastion, partial(tell, one_bastion, path))):
            for code in REFUSALS:
                judge = partial(judge_telling, one_bastion, path, name, operation, code)
                points.try_in_a_copy(f"{name}: {operation} {code}", judge)
    for name, destroy in DESTROY.items():
        for operation in sorted(reads_of(one_bastion, partial(destroy, one_bastion, path))):
            for code in REFUSALS:
                judge = partial(judge_destroy, one_bastion, path, name, operation, code, empty)
                points.try_in_a_copy(f"{name}: {operation} {code}", judge)
    points.judge(record_property)


IN_A_NETWORK: Final[Mapping[str, Any]] = {
    "name": "roles",
    "region": REGION,
    "Resources": {name: RESOURCES[name] for name in ("Managed", "Vpc")},
}
ROLES: Final[Mapping[str, Any]] = {"name": "roles", "region": REGION, "Resources": {"Managed": RESOURCES["Managed"]}}


def test_a_service_of_which_the_plan_needs_nothing_may_be_out_of_reach(user: LocalOperator) -> None:
    plan = user.folder / "roles.json"
    plan.write_text(json.dumps(ROLES))
    user.bastion.closed = frozenset({"ec2"})
    said = (
        "AWS::EC2::VPC wasn't looked at: nothing here needs it, and what the plan may have had of it before would stay"
    )
    for command in (["apply", "--yes"], ["plan", "--detailed-exitcode"], ["destroy", "--yes"]):
        done = user.good(*command, str(plan))
        assert f"{said} (ec2 can't be reached at 127.0.0.1:1: the host refuses the connection" in done.out + done.err
    checked = json.loads(user.good("preflight", str(plan), "--json").out)["checks"]
    (reached,) = (each for each in checked if each["id"] == "reach-ec2")
    assert reached["status"] == "warn"
    assert {each["status"] for each in checked} <= {"pass", "warn", "unknown"}
    user.bastion.closed = frozenset({"iam"})
    assert user.run("plan", str(plan)).code == 2


@pytest.mark.parametrize(
    ("code", "ends"),
    [("UnauthorizedOperation", 1), pytest.param("InvalidAction", 0, marks=pytest.mark.torture)],
)
def test_a_destroy_that_does_not_know_the_plan_is_not_sure_of_what_it_could_not_look_at(
    user: LocalOperator, tmp_path: Path, code: str, ends: int
) -> None:
    """Where there is no such operation, there is nothing. In a network that is the plan's something may be that has
    lost its tag."""
    plan = user.folder / "roles.json"
    plan.write_text(json.dumps(IN_A_NETWORK))
    before = user.aws.everything()
    user.good("apply", str(plan), "--yes")
    user.bastion.home = tmp_path / "elsewhere"
    user.bastion.home.mkdir()
    user.aws.faults(errors("DescribeVpcPeeringConnections", code, "not here"))
    ended = user.run("destroy", "--name", "roles", "--region", REGION, "--yes")
    assert ended.code == ends, ended.err
    assert "AWS::EC2::VPCPeeringConnection wasn't looked at: " in ended.err
    assert ("perhaps something of AWS::EC2::VPCPeeringConnection" in ended.err) is (ends == 1)
    assert user.aws.everything() == before
    # Nothing carries the plan's tag, and there is no network to look into.
    again = user.good("destroy", "--name", "roles", "--region", REGION, "--yes", "--ignore-missing")
    assert "wasn't looked at" not in again.err
