"""What others have in shapes that no plan makes ends nothing: it is read, or passed over and said."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.aws.reads import Answer
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found, Pages, read
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.parse_answers import parse_around
from tests.support.strange_shapes import SHAPES, TARGETS, Strange

OWNER: Final = Owner("prod", "eu-west-1", "123456789012", "run-1")
FOUND: Final = Found(
    OWNER,
    {"AWS::EC2::VPC": [Live("AWS::EC2::VPC", "vpc-0a0a0a0a0a0a0a0a0", {}, tags={PLAN: "prod"})]},
    names=frozenset({"prod-api"}),
)
UNREAD: Final = {
    "describe_subnets without_state": {"AWS::EC2::Subnet"},
    "describe_subnets not_a_block": {"AWS::EC2::Subnet"},
    "describe_addresses without_allocation": {"AWS::EC2::EIP"},
    "describe_nat_gateways without_state": {"AWS::EC2::NatGateway"},
    "describe_route_tables of_a_route_to_nowhere": {"AWS::EC2::Route"},
    "describe_network_acls of_an_entry_without_number": {"AWS::EC2::NetworkAclEntry"},
    "describe_security_group_rules without_ports": {"AWS::EC2::SecurityGroupIngress"},
    "describe_security_group_rules without_protocol": {"AWS::EC2::SecurityGroupIngress"},
    "describe_vpc_endpoints with_half_a_policy": {"AWS::EC2::VPCEndpoint"},
    "describe_internet_gateways attached_to_nothing": {"AWS::EC2::VPCGatewayAttachment"},
    "describe_dhcp_options without_values": {"AWS::EC2::DHCPOptions"},
    "describe_transit_gateway_vpc_attachments without_state": {"AWS::EC2::TransitGatewayAttachment"},
    "describe_load_balancers nameless": {"AWS::ElasticLoadBalancingV2::LoadBalancer"},
    "describe_load_balancers of_no_network": {"Ocpprov::ElasticLoadBalancing::Instance"},
    "list_roles without_an_arn": {"AWS::IAM::Role"},
    "list_policies without_a_version": {"AWS::IAM::ManagedPolicy"},
    "list_buckets nameless": {"AWS::S3::Bucket"},
}
"""Those that have to be passed over, each by the type that can't be told of it."""


def _arguments(strange: Strange) -> dict[str, Any]:
    if strange.operation == "list_resource_record_sets":
        return {"HostedZoneId": "Z0THEIRS"}
    return {"BucketRegion": OWNER.region} if strange.operation == "list_buckets" else {}


def _pages(strange: Strange) -> Pages:
    content = {strange.member: [strange.item]}
    return Pages({read(strange.service, strange.operation, **_arguments(strange)): [Answer(content, "X", "r-1")]})


def _uses(kind: Kind, live: Live) -> None:
    """Whatever planning asks of a live resource: none of it raises."""
    kind.references(live)
    kind.unique(live.properties)
    kind.key(live.properties)
    kind.bound_parts(live.properties)
    kind.ledger_entry(live.properties)
    kind.network_of(live)
    kind.claim(live, FOUND)
    for row in kind.properties:
        value = live.properties.get(row.name)
        for item in value if isinstance(value, list) else ():
            kind.member(row.name, item)


@pytest.mark.parametrize("strange", SHAPES, ids=str)
def test_what_others_have_is_read_or_passed_over(strange: Strange) -> None:
    passed_over = set()
    for type, kind in KINDS.items():
        parsed = parse_around(kind, _pages(strange), FOUND)
        if parsed.passed_over:
            passed_over.add(type)
        for live in parsed.lives:
            _uses(kind, live)
        kind.reads(Found(OWNER, {**FOUND.lives, type: parsed.lives}, names=FOUND.names))
    assert passed_over == UNREAD.get(strange.name, set())


def test_targets_of_every_sort() -> None:
    arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/theirs/0a"
    asked = read("elbv2", "describe_target_health", TargetGroupArn=arn)
    pages = Pages({asked: [Answer({"TargetHealthDescriptions": list(TARGETS)}, "DescribeTargetHealth", "r-1")]})
    kind = KINDS["Ocpprov::ElasticLoadBalancingV2::Target"]
    parsed = parse_around(kind, pages, FOUND)
    assert [live.properties.get("Port") for live in parsed.lives] == [None, 80]
    for live in parsed.lives:
        _uses(kind, live)
    [note] = parsed.passed_over
    assert "lacks Port where Id is 10.0.0.9" in note


def test_there_is_one_of_each_operation_that_lists_things() -> None:
    assert len(SHAPES) > 65
    assert len({(each.service, each.operation) for each in SHAPES}) == 22
