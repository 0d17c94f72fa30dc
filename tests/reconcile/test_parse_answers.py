"""What can't be read in an answer is an error where it may be this plan's, and passed over and said where it isn't."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Answer
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.parse_answers import parse, parse_around

OWNER = Owner("prod", "eu-west-1", "123456789012", "run-1")
GATEWAYS = read("ec2", "describe_nat_gateways")
NAT = KINDS["AWS::EC2::NatGateway"]
READABLE = {"NatGatewayId": "nat-1", "State": "available", "SubnetId": "subnet-1", "VpcId": "vpc-1"}
OURS = [{"Key": PLAN, "Value": "prod"}]
THEIRS = [{"Key": PLAN, "Value": "other"}, {"Key": "Name", "Value": "prod"}]


def answer(operation: str, **content: Any) -> Answer:
    return Answer(content, operation, "r-1")


def without(item: Mapping[str, Any], *names: str, **more: Any) -> dict[str, Any]:
    return {**{name: value for name, value in item.items() if name not in names}, **more}


def found(**more: Any) -> Found:
    return Found(OWNER, **{"names": frozenset({"prod-api"}), **more})


def gateways(*items: Mapping[str, Any]) -> Pages:
    return Pages({GATEWAYS: [answer("DescribeNatGateways", NatGateways=[READABLE, *items])]})


@pytest.mark.parametrize("tags", [{}, {"Tags": []}, {"Tags": THEIRS}], ids=["none", "empty", "another plan's"])
def test_what_others_have_in_whatever_shape_is_passed_over_and_said(tags: Mapping[str, Any]) -> None:
    strange = without(READABLE, "State", NatGatewayId="nat-2", **tags)
    parsed = parse_around(NAT, gateways(strange), found())
    assert [live.id for live in parsed.lives] == ["nat-1"]
    assert parsed.passed_over == [
        "DescribeNatGateways: UnreadableAnswer: the answer lacks State where NatGatewayId is nat-2, SubnetId is "
        "subnet-1, VpcId is vpc-1 (request r-1): it isn't this plan's, and is left alone"
    ]


@pytest.mark.parametrize(
    "tags", [OURS, [{"Key": PLAN}], [{"Value": "prod"}]], ids=["the plan's", "without value", "without key"]
)
def test_what_may_be_ours_is_an_error_that_names_it(tags: list[Any]) -> None:
    theirs = without(READABLE, "State", NatGatewayId="nat-2")
    ours = without(READABLE, "State", NatGatewayId="nat-3", Tags=tags)
    with pytest.raises(AwsError, match=r"DescribeNatGateways: .* lacks (State where .*nat-3|Value|Key)"):
        parse_around(NAT, gateways(theirs, ours), found())


def test_what_says_nothing_of_itself_may_be_ours() -> None:
    with pytest.raises(AwsError, match="the answer lacks NatGatewayId"):
        parse_around(NAT, gateways({"ConnectivityType": 7}), found())


@pytest.mark.parametrize("known", [{"tagged": frozenset({"nat-2"})}, {"made": frozenset({"nat-2"})}])
@pytest.mark.parametrize("tags", [{}, {"Tags": THEIRS}], ids=["none", "another plan's"])
def test_what_is_ours_by_its_id_needs_no_tags_for_it(known: Mapping[str, Any], tags: Mapping[str, Any]) -> None:
    strange = without(READABLE, "State", NatGatewayId="nat-2", **tags)
    with pytest.raises(AwsError, match=r"lacks State where NatGatewayId is nat-2"):
        parse_around(NAT, gateways(strange), found(**known))
    # What it lies in may be ours, and the thing another's.
    inside = {name: frozenset({"nat-3", "vpc-1", "subnet-1"}) for name in known}
    assert len(parse_around(NAT, gateways(strange), found(**inside)).passed_over) == 1


def test_a_group_of_others_that_lets_ours_in_is_theirs() -> None:
    pairs = [{"IpProtocol": "tcp", "UserIdGroupPairs": [{"GroupId": "sg-ours"}]}]
    theirs = {"GroupId": "sg-theirs", "Tags": [{"Key": "Name"}], "IpPermissions": pairs}
    pages = Pages(
        {read("ec2", "describe_security_groups"): [answer("DescribeSecurityGroups", SecurityGroups=[theirs])]}
    )
    parsed = parse_around(KINDS["AWS::EC2::SecurityGroup"], pages, found(tagged=frozenset({"sg-ours"})))
    assert len(parsed.passed_over) == 1


@pytest.mark.parametrize("id", ["", " ", " nat-2", "nat-2\n", "NAT-2", "vpc-2", 7, None])
@pytest.mark.parametrize("tags", [OURS, []], ids=["ours", "none"])
def test_an_id_that_is_none_of_the_type_is_an_answer_that_is_wrong(id: Any, tags: list[Any]) -> None:
    with pytest.raises(AwsError, match=r"DescribeNatGateways: UnreadableAnswer: it can't be read"):
        parse_around(NAT, gateways({**READABLE, "NatGatewayId": id, "Tags": tags}), found())


@pytest.mark.parametrize("content", [[None], None, [[]], [7]])
def test_a_list_of_what_are_no_things_may_be_about_any(content: Any) -> None:
    about = {"RequestId": "r-1", "HTTPHeaders": {"server": "x"}}
    for kind, asked, member in ((NAT, GATEWAYS, "NatGateways"), (LB, LISTED, "LoadBalancers")):
        page = Answer({member: content, "ResponseMetadata": about}, "Describe", "r-1")
        with pytest.raises(AwsError, match="UnreadableAnswer"):
            parse_around(kind, Pages({asked: [page]}), found())


def test_without_id_and_tags_it_may_be_any() -> None:
    strange = without(READABLE, "NatGatewayId")
    with pytest.raises(AwsError, match="lacks NatGatewayId"):
        parse_around(NAT, gateways(strange), found())
    assert len(parse_around(NAT, gateways({**strange, "Tags": THEIRS}), found()).passed_over) == 1


def test_several_strange_ones_are_said_each_and_hide_nothing() -> None:
    strange = [without(READABLE, "State", NatGatewayId=f"nat-{number}") for number in (2, 3)]
    parsed = parse_around(NAT, gateways(strange[0], {**READABLE, "NatGatewayId": "nat-4"}, strange[1]), found())
    assert [live.id for live in parsed.lives] == ["nat-1", "nat-4"]
    assert ["nat-2" in parsed.passed_over[0], "nat-3" in parsed.passed_over[1]] == [True, True]


BALANCER = {
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/theirs/0f",
    "VpcId": "vpc-1",
    "State": {"Code": "active"},
}
LISTED = read("elbv2", "describe_load_balancers")
LB = KINDS["AWS::ElasticLoadBalancingV2::LoadBalancer"]
VPC = {"AWS::EC2::VPC": [Live("AWS::EC2::VPC", "vpc-1", {}, tags={PLAN: "prod"})]}
HELD = {LB.type: [Live(LB.type, BALANCER["LoadBalancerArn"], {}, tags={PLAN: "prod"})]}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "known", "is_ours"),
    [
        ({}, {}, False),
        ({}, {"lives": VPC}, False),
        ({}, {"lives": HELD}, True),
        ({}, {"made": frozenset({BALANCER["LoadBalancerArn"]})}, True),
        ({"LoadBalancerArn": str(BALANCER["LoadBalancerArn"]).replace("theirs", "prod-api")}, {}, True),
        ({"LoadBalancerArn": str(BALANCER["LoadBalancerArn"]).replace("theirs", "Prod-0f1")}, {"names": None}, True),
        ({"LoadBalancerArn": str(BALANCER["LoadBalancerArn"]).replace("theirs", "prod-0f1")}, {}, True),
        ({}, {"names": None}, False),
    ],
    ids=["a stranger", "in our network", "by its tags", "by the journal", "by its name", "unnamed", "made up", "other"],
)
def test_what_is_listed_without_tags_is_told_by_name_or_memory(
    item: Mapping[str, Any], known: Mapping[str, Any], is_ours: bool
) -> None:
    pages = Pages({LISTED: [answer("DescribeLoadBalancers", LoadBalancers=[{**BALANCER, **item}])]})
    if is_ours:
        with pytest.raises(AwsError, match="lacks LoadBalancerName"):
            parse_around(LB, pages, found(**known))
    else:
        assert len(parse_around(LB, pages, found(**known)).passed_over) == 1


@pytest.mark.parametrize(
    ("zone", "is_ours"),
    [
        ({"Name": "example.com."}, False),
        ({"Name": "Prod.Example.com."}, True),
        ({"CallerReference": "ocpprov/prod/eu-west-1/Zone/0f"}, True),
        ({"CallerReference": "ocpprov/other/eu-west-1/Zone/0f"}, False),
    ],
)
def test_a_zone_is_told_by_its_domain_and_its_reference(zone: Mapping[str, str], is_ours: bool) -> None:
    pages = Pages({read("route53", "list_hosted_zones"): [answer("ListHostedZones", HostedZones=[zone])]})
    kind, known = KINDS["AWS::Route53::HostedZone"], found(names=frozenset({"prod.example.com"}))
    if is_ours:
        with pytest.raises(AwsError, match="lacks Id"):
            parse_around(kind, pages, known)
    else:
        assert len(parse_around(kind, pages, known).passed_over) == 1


@pytest.mark.parametrize(("role", "is_ours"), [("theirs", False), ("prod-api", True)])
def test_an_answer_about_one_thing_counts_as_a_whole(role: str, is_ours: bool) -> None:
    listed: dict[Read, Any] = {
        read("iam", "list_roles"): [answer("ListRoles", Roles=[{"RoleName": "r", "Arn": "a", "RoleId": "i"}])],
        read("iam", "get_role", RoleName=role): [answer("GetRole", Role={"RoleName": role})],
    }
    kind = KINDS["AWS::IAM::Role"]
    if is_ours:
        with pytest.raises(AwsError, match=f"GetRole: .*lacks Arn where RoleName is {role}"):
            parse_around(kind, Pages(listed), found())
    else:
        parsed = parse_around(kind, Pages(listed), found())
        assert [live.id for live in parsed.lives] == ["r"]
        assert "GetRole" in parsed.passed_over[0]


def test_lists_within_what_is_told_of_one_thing_are_no_things() -> None:
    zone = answer("GetHostedZone", HostedZone={"Id": "/hostedzone/Z0"}, VPCs=[{"VPCId": "vpc-1", "VPCRegion": "x"}])
    pages = Pages({read("route53", "get_hosted_zone", Id="Z0"): [zone]})
    [note] = parse_around(KINDS["AWS::Route53::HostedZone"], pages, found()).passed_over
    assert "lacks Name where Id is /hostedzone/Z0" in note


@pytest.mark.parametrize(("tags", "is_ours"), [({PLAN: "prod"}, True), ({}, False)], ids=["ours", "given"])
def test_what_ec2_was_asked_about_one_network_is_ours_where_the_network_is(
    tags: Mapping[str, str], is_ours: bool
) -> None:
    listed = answer("DescribeVpcs", Vpcs=[{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "State": "available"}])
    asked = read("ec2", "describe_vpc_attribute", VpcId="vpc-1", Attribute="enableDnsSupport")
    pages = Pages(
        {
            read("ec2", "describe_vpcs"): [listed],
            asked: [answer("DescribeVpcAttribute", VpcId="vpc-1", EnableDnsSupport={})],
        }
    )
    known = found(lives={"AWS::EC2::VPC": [Live("AWS::EC2::VPC", "vpc-1", {}, tags=tags)]})
    kind = KINDS["AWS::EC2::VPC"]
    if is_ours:
        with pytest.raises(AwsError, match=r"DescribeVpcAttribute: .*lacks Value"):
            parse_around(kind, pages, known)
    else:
        assert [live.id for live in parse_around(kind, pages, known).lives] == ["vpc-1"]


def test_a_mark_of_ours_is_never_passed_over() -> None:
    tags = read("ec2", "describe_tags")
    pages = Pages({tags: [answer("DescribeTags", Tags=[{"Key": "x", "Value": "y"}])]})
    with pytest.raises(AwsError, match=r"DescribeTags: .*lacks ResourceId"):
        parse_around(KINDS["Ocpprov::EC2::SharedTags"], pages, found())


def test_what_is_wrong_only_together_ends_it() -> None:
    """Each by itself can be read: then nobody knows which one it is."""

    class Picky(type(NAT)):  # type: ignore[misc]
        def parse(self, pages: Pages) -> list[Live]:
            items = list(pages.items("ec2", "describe_nat_gateways", "NatGateways"))
            if len(items) > 1:
                raise TypeError("two")
            return []

    with pytest.raises(AwsError, match=r"can't be read as AWS::EC2::NatGateway \(TypeError"):
        parse_around(Picky(), gateways(READABLE), found())
    assert parse(NAT, gateways())[0].id == "nat-1"
