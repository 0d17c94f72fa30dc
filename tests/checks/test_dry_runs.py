"""What EC2 tells of calls that it is asked not to carry out."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.aws.error_sentences.policies import Refusal
from ocpprov.checks.dry_runs import DryRun, carried_out, dry_runs
from tests.aws.test_errors import answer
from tests.checks.answers import refusal

TAGS = {"ocpprov:plan": "lab", "team": "net"}
ROWS = [{"Key": "ocpprov:plan", "Value": "lab"}, {"Key": "team", "Value": "net"}]
CALLS = {
    "ec2:AllocateAddress": ("allocate_address", "elastic-ip"),
    "ec2:CreateDhcpOptions": ("create_dhcp_options", "dhcp-options"),
    "ec2:CreateInternetGateway": ("create_internet_gateway", "internet-gateway"),
    "ec2:CreateVpc": ("create_vpc", "vpc"),
}


class Ec2:
    """Answers every call alike."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def send(**arguments: Any) -> None:
            self.sent.append((operation, arguments))
            raise self._error

        return send


def tried(error: Exception, *actions: str) -> tuple[dict[str, bool], Any]:
    ec2: Any = Ec2(error)
    found = list(dry_runs(ec2, set(actions), TAGS))
    assert list(carried_out(found)) == []
    return {each.action: each.allowed for each in found}, ec2.sent


@pytest.mark.parametrize(("code", "allowed"), [("DryRunOperation", True), ("UnauthorizedOperation", False)])
def test_yes_and_no_are_taken_for_every_call(code: str, allowed: bool) -> None:
    assert tried(refusal(code), *CALLS)[0] == dict.fromkeys(CALLS, allowed)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("You are not authorized.", Refusal()),
        ("because no identity-based policy allows the ec2:CreateVpc action", Refusal()),
        ("with an explicit deny in a service control policy", Refusal("service control policy", denies=True)),
        ("because no permissions boundary allows the ec2:CreateVpc action", Refusal("permissions boundary")),
        ("with an explicit deny", Refusal("some policy", denies=True)),
        ("with an explicit deny in a lunar policy", Refusal("some policy", denies=True)),
        ("because no lunar policy allows the ec2:CreateVpc action", Refusal()),
    ],
)
def test_who_refuses_is_known(message: str, expected: Refusal) -> None:
    ec2: Any = Ec2(answer("CreateVpc", 403, "UnauthorizedOperation", message))
    assert list(dry_runs(ec2, {"ec2:CreateVpc"}, TAGS)) == [DryRun("ec2:CreateVpc", allowed=False, refusal=expected)]


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "InternalError"])
def test_neither_yes_nor_no_is_nothing(code: str) -> None:
    assert tried(refusal(code), *CALLS)[0] == {}


@pytest.mark.parametrize("action", CALLS)
def test_only_what_was_asked_about_is_tried_and_never_carried_out(action: str) -> None:
    _, sent = tried(refusal("DryRunOperation"), action, "ec2:CreateSubnet")
    operation, type = CALLS[action]
    [(name, arguments)] = sent
    assert name == operation
    assert arguments["DryRun"] is True
    assert arguments["TagSpecifications"] == [{"ResourceType": type, "Tags": ROWS}]


def test_a_mistake_of_ours_is_no_answer() -> None:
    with pytest.raises(KeyError):
        tried(KeyError("x"), "ec2:CreateVpc")


MADE: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "ec2:AllocateAddress": ({"AllocationId": "x-1"}, "release_address", {"AllocationId": "x-1"}),
    "ec2:CreateDhcpOptions": (
        {"DhcpOptions": {"DhcpOptionsId": "x-1"}},
        "delete_dhcp_options",
        {"DhcpOptionsId": "x-1"},
    ),
    "ec2:CreateInternetGateway": (
        {"InternetGateway": {"InternetGatewayId": "x-1"}},
        "delete_internet_gateway",
        {"InternetGatewayId": "x-1"},
    ),
    "ec2:CreateVpc": ({"Vpc": {"VpcId": "x-1"}}, "delete_vpc", {"VpcId": "x-1"}),
}


class Obeys:
    """Carries out whatever it is asked for; but not what comes after, where that is refused."""

    def __init__(self, answer: dict[str, Any], refused: Exception | None = None) -> None:
        self._answer, self._refused = answer, refused
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Any:
        def send(**arguments: Any) -> dict[str, Any]:
            self.sent.append((operation, arguments))
            if self._refused and "DryRun" not in arguments:
                raise self._refused
            return self._answer

        return send


@pytest.mark.parametrize("action", MADE)
def test_what_was_carried_out_is_taken_back_and_said(action: str) -> None:
    answer, operation, arguments = MADE[action]
    ec2: Any = Obeys(answer)
    found = list(dry_runs(ec2, {action}, TAGS))
    assert found == [DryRun(action, allowed=True, made="x-1")]
    assert ec2.sent[1:] == [(operation, arguments)]
    [check] = carried_out(found)
    assert (check.id, check.status.value) == ("dry-runs", "warn")
    assert (
        check.detail == f"the dry run of {action} was carried out, which AWS never does: x-1 was made, and taken back"
    )


def test_after_one_that_was_carried_out_none_is_tried() -> None:
    answer = {name: value for made, _, _ in MADE.values() for name, value in made.items()}
    ec2: Any = Obeys(answer)
    assert [each.action for each in dry_runs(ec2, set(MADE), TAGS)] == ["ec2:AllocateAddress"]
    assert [operation for operation, _ in ec2.sent] == ["allocate_address", "release_address"]


def test_what_cannot_be_taken_back_is_named_with_what_aws_said() -> None:
    ec2: Any = Obeys(MADE["ec2:CreateVpc"][0], refusal("DependencyViolation"))
    found = list(dry_runs(ec2, {"ec2:CreateVpc"}, TAGS))
    [check] = carried_out(found)
    assert "x-1 was made, and couldn't be taken back (" in check.detail
    assert "DependencyViolation: in words" in check.detail
    assert check.remedy == "delete x-1, and ask whoever runs this endpoint of EC2"


def test_what_is_not_named_is_said_to_be_there() -> None:
    ec2: Any = Obeys({})
    found = list(dry_runs(ec2, {"ec2:CreateVpc"}, TAGS))
    assert found == [DryRun("ec2:CreateVpc", allowed=True, made="something", left="the answer doesn't say what")]
    assert len(ec2.sent) == 1


def test_a_mistake_of_ours_in_taking_back_is_none_of_awss() -> None:
    ec2: Any = Obeys(MADE["ec2:CreateVpc"][0], KeyError("x"))
    with pytest.raises(KeyError):
        list(dry_runs(ec2, {"ec2:CreateVpc"}, TAGS))
