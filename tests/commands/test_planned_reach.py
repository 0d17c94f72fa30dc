"""Whether what can't be understood of a plan, or of an answer about its network, leaves its flows unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

import pytest

from ocpprov.aws.reads import Answer, Reader
from ocpprov.commands.discovery_reachability import Unreadable
from ocpprov.commands.planned_reach import planned_reach
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt
from ocpprov.kinds.reads import Found, Read
from ocpprov.openshift.aws_facts import ExistingSubnet, Facts
from tests.checks.test_verification import OWNER
from tests.commands.test_discovery_reachability import Answering
from tests.openshift.plans import SECTION_SINGLE_ZONE, plan_of

EXISTING: Final = replace(SECTION_SINGLE_ZONE, publish="Internal", vpc_id="vpc-1", subnets=["subnet-1"])
CLOSED: Final = cast("Reader", Answering())
ACL: Final = Resource("Acl", "AWS::EC2::NetworkAcl", {"VpcId": "vpc-1"})
ENTRY: Final[dict[str, Any]] = {
    "NetworkAclId": "Acl",
    "RuleNumber": 7,
    "Protocol": 6,
    "RuleAction": "allow",
    "CidrBlock": "10.0.0.0/8",
}


class WithoutAKey(Answering):
    """DHCP options lack a member that AWS's model doesn't promise."""

    def _answer(self, operation: str) -> Any:
        if operation != "describe_dhcp_options":
            return super()._answer(operation)
        return [Answer({"DhcpOptions": [{"DhcpConfigurations": [{"Values": []}]}]}, "DescribeDhcpOptions", "r-3")]

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self._answer(one.operation) for one in wanted}


def reach(reader: Reader, section: Any = EXISTING, resources: Mapping[str, Resource] | None = None) -> object:
    planned = PlanResult(
        Inventory({}),
        Actions(OWNER, Graph(resources or {}, {}), [], (), {}),
        Found(OWNER, given=frozenset(), names=None),
        Facts(
            {0: "eu-west-1a"},
            {"subnet-1": ExistingSubnet("subnet-1", "vpc-1", "eu-west-1a", "10.0.0.0/20", public=False)},
        ),
    )
    return planned_reach(plan_of(section), planned, reader)


def test_dhcp_options_without_a_key_leave_the_flows_unknown() -> None:
    with pytest.raises(Unreadable, match="DescribeDhcpOptions: UnreadableAnswer: the answer lacks Key"):
        reach(cast("Reader", WithoutAKey(change=_with_options)))


def _with_options(operation: str, items: Any) -> Any:
    return [{**items[0], "DhcpOptionsId": "dopt-1"}] if operation == "describe_vpcs" else items


@pytest.mark.parametrize("ports", [GetAtt("Vpc", "CidrBlock"), "22"])
def test_a_structure_that_is_a_function_leaves_them_unknown(ports: Any) -> None:
    vpc = Resource("VPC", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    entry = Resource("Entry", "AWS::EC2::NetworkAclEntry", {**ENTRY, "PortRange": ports})
    known = {each.logical_id: each for each in (vpc, replace(ACL, properties={"VpcId": "VPC"}), entry)}
    with pytest.raises(Unreadable, match="can't be judged before the plan is applied"):
        reach(CLOSED, SECTION_SINGLE_ZONE, known)
