"""The plans in an account, by the tags of what they made: on answers of AWS as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.commands.plans_found import FoundPlan, find_plans
from ocpprov.kinds.reads import Read

FIRST, LAST = "20260101T000000Z.00000000.1.00000000", "20260102T030405Z.00000000.1.00000000"
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "req-1", "DescribeLoadBalancers"))


def tag(id: str, **tags: str) -> list[dict[str, str]]:
    return [{"ResourceId": id, "Key": f"ocpprov:{key}", "Value": value} for key, value in tags.items()]


def rows(name: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {**dict([name.split("=")]), "Tags": [{"Key": key, "Value": value} for key, value in values.items()]}


class Answers:
    """In place of a reader; `asked` are the operations in rounds."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.asked: list[list[str]] = []

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        self.asked.append([f"{each.service}:{each.operation}" for each in wanted])
        found = {}
        for each in wanted:
            answer = self.answers.get(f"{each.service}:{each.operation}", {})
            found[each] = answer if isinstance(answer, AwsError) else [answer]
        return found


def found(**answers: Any) -> tuple[Sequence[FoundPlan], Sequence[str], list[list[str]]]:
    reader: Any = Answers({name.replace("__", ":"): answer for name, answer in answers.items()})
    return *find_plans(reader), reader.asked


def test_a_plan_is_told_by_what_carries_its_tags() -> None:
    tags = [
        *tag("vpc-1", plan="prod", cluster="prod.example.com", run=FIRST, protect="true"),
        *tag("nat-1", plan="prod", run=LAST),
        *tag("nat-2", plan="prod", run=LAST),
        *tag("nat-3", plan="prod", run=LAST),
        *tag("eipalloc-1", plan="prod", run="?"),
        *tag("vpce-1", plan="prod"),
        *tag("vpce-2", plan="prod"),
        *tag("vpce-3", plan="prod"),
        *tag("vpc-2", plan="lab"),
        *tag("vpc-3", cluster="nobody.example.com"),
    ]
    plans, unseen, asked = found(
        ec2__describe_tags={"Tags": tags},
        ec2__describe_nat_gateways={
            "NatGateways": [
                {"NatGatewayId": "nat-1", "State": "available"},
                {"NatGatewayId": "nat-2", "State": "deleted"},
                {"NatGatewayId": "nat-3", "State": "pending"},
            ]
        },
        ec2__describe_vpc_endpoints={
            "VpcEndpoints": [
                {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "State": "available"},
                {"VpcEndpointId": "vpce-2", "VpcEndpointType": "Gateway", "State": "Available"},
                {"VpcEndpointId": "vpce-3", "VpcEndpointType": "Interface", "State": "Deleted"},
            ]
        },
        elbv2__describe_load_balancers={"LoadBalancers": [{"LoadBalancerArn": "arn:1"}]},
        elbv2__describe_tags={"TagDescriptions": [rows("ResourceArn=arn:1", {"ocpprov:plan": "prod"})]},
        elb__describe_load_balancers={"LoadBalancerDescriptions": [{"LoadBalancerName": "old"}]},
        elb__describe_tags={"TagDescriptions": [rows("LoadBalancerName=old", {"ocpprov:plan": "lab"})]},
    )
    lab = {"VPC": 1, "load balancer": 1}
    prod = {"Elastic IP": 1, "NAT gateway": 2, "VPC": 1, "VPC endpoint": 1, "interface endpoint": 1, "load balancer": 1}
    billed = {"NAT gateway": 2, "load balancer": 1, "Elastic IP": 1, "interface endpoint": 1}
    assert plans == [
        FoundPlan("lab", [], None, None, False, lab, {"load balancer": 1}),
        FoundPlan("prod", ["prod.example.com"], 1_767_225_600.0, 1_767_323_045.0, True, prod, billed),
    ]
    assert unseen == []
    assert asked == [
        ["ec2:describe_tags", "elbv2:describe_load_balancers", "elb:describe_load_balancers"],
        ["ec2:describe_nat_gateways", "ec2:describe_vpc_endpoints", "elbv2:describe_tags", "elb:describe_tags"],
    ]


def test_what_is_not_there_is_not_asked_about() -> None:
    plans, _, asked = found(ec2__describe_tags={"Tags": tag("nat-1", cluster="x")})
    assert (plans, asked[1]) == ([], [])


def test_tags_of_balancers_are_asked_twenty_at_a_time() -> None:
    many = {"LoadBalancers": [{"LoadBalancerArn": f"arn:{number}"} for number in range(21)]}
    _, _, asked = found(elbv2__describe_load_balancers=many)
    assert asked[1] == ["elbv2:describe_tags"] * 2


def test_what_cannot_be_looked_at_is_said() -> None:
    plans, unseen, _ = found(
        ec2__describe_tags={"Tags": tag("nat-1", plan="lab")},
        ec2__describe_nat_gateways=DENIED,
        elb__describe_load_balancers=DENIED,
    )
    assert [(plan.name, plan.billed) for plan in plans] == [("lab", {"NAT gateway": 1})]
    assert unseen == [f"load balancers weren't looked at: {DENIED}", f"not all was looked at: {DENIED}"]
    with pytest.raises(AwsError):
        found(ec2__describe_tags=DENIED)
