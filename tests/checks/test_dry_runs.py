"""What EC2 tells of calls that it is asked not to carry out."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.checks.dry_runs import dry_runs
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
    return dict(dry_runs(ec2, set(actions), TAGS)), ec2.sent


@pytest.mark.parametrize(("code", "allowed"), [("DryRunOperation", True), ("UnauthorizedOperation", False)])
def test_yes_and_no_are_taken_for_every_call(code: str, allowed: bool) -> None:
    assert tried(refusal(code), *CALLS)[0] == dict.fromkeys(CALLS, allowed)


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
