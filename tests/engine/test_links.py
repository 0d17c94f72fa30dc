"""Links, list members and statements that others add to what is ours stay; those that the plan had go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import CHILDREN, decode_ledger
from ocpprov.engine.resources import Live, Resource
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import (
    ROLE,
    SUBNET,
    VPC,
    comes_first,
    done,
    forgotten,
    gone,
    last_plan_had,
    left_alone,
    live,
    made,
    made_by_us,
    planned,
    ref,
    remembered,
    sends,
    the_work,
    wanted,
)

BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}
TRUST: Final[dict[str, Any]] = {"AssumeRolePolicyDocument": {"Statement": []}}
ALLOW: Final = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
GATE: Final = "AWS::EC2::InternetGateway"
BUCKET: Final = "AWS::S3::Bucket"
POLICY: Final = "AWS::S3::BucketPolicy"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
ZONE: Final = "AWS::Route53::HostedZone"
CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"


@dataclass(frozen=True)
class LinkCase:
    """A link on something of ours whose other end is no resource of ours: as the plan writes it, and as AWS has it."""

    type: str
    id: str
    holder: str
    planned: Mapping[str, Any]
    live: Mapping[str, Any]


LINKS: Final = (
    LinkCase(
        "AWS::EC2::VPCCidrBlock",
        "assoc-1",
        "Vpc",
        {"VpcId": ref("Vpc"), "CidrBlock": "100.66.0.0/16"},
        {"VpcId": "vpc-0a", "CidrBlock": "100.66.0.0/16"},
    ),
    LinkCase(
        "AWS::EC2::SubnetNetworkAclAssociation",
        "aclassoc-1",
        "Net",
        {"SubnetId": ref("Net"), "NetworkAclId": "acl-0f"},
        {"SubnetId": "subnet-0a", "NetworkAclId": "acl-0f"},
    ),
    LinkCase(
        "AWS::EC2::SubnetRouteTableAssociation",
        "rtbassoc-1",
        "Net",
        {"SubnetId": ref("Net"), "RouteTableId": "rtb-0f"},
        {"SubnetId": "subnet-0a", "RouteTableId": "rtb-0f"},
    ),
    LinkCase(
        "AWS::EC2::VPCDHCPOptionsAssociation",
        "vpc-0a",
        "Vpc",
        {"VpcId": ref("Vpc"), "DhcpOptionsId": "dopt-0f"},
        {"VpcId": "vpc-0a", "DhcpOptionsId": "dopt-0f"},
    ),
    LinkCase(
        "AWS::EC2::VPCGatewayAttachment",
        "igw-0a|vpc-0a",
        "Gate",
        {"InternetGatewayId": ref("Gate"), "VpcId": "vpc-0a"},
        {"InternetGatewayId": "igw-0a", "VpcId": "vpc-0e"},
    ),
    LinkCase(
        "Ocpprov::IAM::RolePolicy",
        "machines|theirs",
        "Role",
        {"RoleName": ref("Role"), "PolicyName": "theirs", "PolicyDocument": ALLOW},
        {"RoleName": "machines", "PolicyName": "theirs", "PolicyDocument": ALLOW},
    ),
    LinkCase(
        "Ocpprov::IAM::RolePolicyAttachment",
        "machines|arn:aws:iam::aws:policy/Some",
        "Role",
        {"RoleName": ref("Role"), "PolicyArn": "arn:aws:iam::aws:policy/Some"},
        {"RoleName": "machines", "PolicyArn": "arn:aws:iam::aws:policy/Some"},
    ),
)
NEIGHBOUR: Final = Memory(given=frozenset({"vpc-0e"}))
HOLDERS: Final = wanted(
    Vpc=(VPC, BLOCK),
    Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}),
    Gate=(GATE, {}),
    Role=(ROLE, {"RoleName": "machines", **TRUST}),
)


def holders(plan: Mapping[str, Resource]) -> list[Live]:
    """What the plan's holders are in AWS, with what it has them remember."""
    return [
        live(VPC, "vpc-0a", "Vpc", BLOCK, remembered(plan, "Vpc")),
        live(SUBNET, "subnet-0a", "Net", {"VpcId": "vpc-0a", **NET}, remembered(plan, "Net")),
        live(GATE, "igw-0a", "Gate", {}, remembered(plan, "Gate")),
        live(ROLE, "machines", "Role", {"RoleName": "machines", **TRUST}, remembered(plan, "Role")),
    ]


def test_every_link_type_is_in_the_table() -> None:
    links = {type for type, kind in KINDS.items() if kind.identity.value == "link" and kind.parent_property != "Roles"}
    assert {case.type for case in LINKS} == links - {POLICY}


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.type)
def test_a_link_that_others_made_is_reported_and_stays(case: LinkCase) -> None:
    theirs = live(case.type, case.id, "", case.live)
    actions = planned(HOLDERS, [*holders(HOLDERS), theirs], NEIGHBOUR)
    assert done(actions) == {}
    assert left_alone(actions) == f"{case.holder}: {case.type} {case.id}, which is not of this plan"


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.type)
def test_a_link_that_the_plan_had_goes_with_it_and_is_forgotten_afterwards(case: LinkCase) -> None:
    before = {**HOLDERS, **wanted(Link=(case.type, case.planned))}
    planned_live = {**case.live, **{name: value for name, value in case.planned.items() if isinstance(value, str)}}
    lives = [*holders(before), live(case.type, case.id, "", planned_live)]
    assert done(planned(before, lives)) == {}
    actions = planned(HOLDERS, lives)
    assert done(actions) == {case.id: "delete"}
    assert sends(actions) == [f"delete {case.id}", f"tag {case.holder}"]
    assert comes_first(actions, gone(case.id), forgotten(case.holder))
    assert the_work(actions, forgotten(case.holder)).tags.remove == ["ocpprov:children"]


@pytest.mark.parametrize("case", [case for case in LINKS if case.id != "vpc-0a"], ids=lambda case: case.type)
def test_a_link_that_the_journal_has_goes_without_the_ledger(case: LinkCase) -> None:
    ours = live(case.type, case.id, "", case.live)
    lives = [*holders(HOLDERS), ours]
    memory = replace(NEIGHBOUR, made=frozenset({(case.type, case.id)}))
    assert done(planned(HOLDERS, lives, memory)) == {case.id: "delete"}
    other = replace(NEIGHBOUR, made=frozenset({(VPC, case.id)}))
    assert done(planned(HOLDERS, lives, other)) == {}


def test_the_journal_does_not_know_whose_what_has_its_parents_id_is_now() -> None:
    """Options of others on a VPC of ours, where those of the plan were before."""
    case = LINKS[3]
    lives = [*holders(HOLDERS), live(case.type, case.id, "", case.live)]
    assert done(planned(HOLDERS, lives, made_by_us((VPC, "vpc-0a"), (case.type, case.id)))) == {}


OPTIONS: Final = "AWS::EC2::DHCPOptions"


def _options(id: str, *, is_default: bool = False) -> Live:
    return live(OPTIONS, id, "", {"DomainName": "x.example"}, service_owned=is_default)


@pytest.mark.parametrize(
    ("ends", "had", "verb"),
    [
        (_options("dopt-0d", is_default=True), "", {"vpc-0a": "update"}),
        (_options("dopt-0e"), "", {}),
        (_options("dopt-0e"), "dopt-0e", {"vpc-0a": "update"}),
    ],
    ids=["AWS's", "somebody's", "those of the last plan"],
)
def test_options_of_others_stay_where_the_plan_has_some(ends: Live, had: str, verb: Any) -> None:
    """The association has the VPC's id: the journal doesn't know who changed it."""
    case = LINKS[3]
    plan = {**HOLDERS, **wanted(Link=(case.type, case.planned))}
    before = {**HOLDERS, **wanted(Link=(case.type, {**case.planned, "DhcpOptionsId": had or "dopt-0f"}))}
    link = live(case.type, case.id, "", {**case.live, "DhcpOptionsId": ends.id})
    lives = [*holders(before), link, ends]
    made = frozenset({(case.type, case.id)})
    for memory in (last_plan_had(*holders(before)), replace(last_plan_had(*holders(before)), made=made)):
        actions = planned(plan, lives, memory)
        assert done(actions) == verb
        assert ("--allow Link changes it" in left_alone(actions)) is not bool(verb)
    allowed = replace(last_plan_had(*holders(before)), allowed=frozenset({"Link"}))
    assert done(planned(plan, lives, allowed)) == {"vpc-0a": "update"}


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.type)
def test_an_unchanged_plan_changes_nothing_on_what_a_version_without_that_memory_made(case: LinkCase) -> None:
    plan = {**HOLDERS, **wanted(Link=(case.type, case.planned))}
    planned_live = {**case.live, **{name: value for name, value in case.planned.items() if isinstance(value, str)}}
    link = live(case.type, case.id, "", planned_live)
    assert done(planned(plan, [*holders(HOLDERS), link])) == {}
    # What isn't there yet is remembered before it is made, with whatever else there is to be written.
    first = planned(plan, holders(HOLDERS))
    tags = the_work(first, made(case.holder)).tags
    assert decode_ledger(CHILDREN, tags.put) == remembered(plan, case.holder).links


def test_a_link_belongs_to_its_holder_by_the_id_and_by_what_a_reference_gives() -> None:
    case = LINKS[6]
    plan = {**HOLDERS, **wanted(Link=(case.type, case.planned))}
    *others, role = holders(HOLDERS)
    link = live(case.type, case.id, "", case.live)
    assert done(planned(plan, [*others, replace(role, id="AROA0A", ref="machines"), link])) == {}


def test_a_link_between_two_things_of_ours_needs_no_memory() -> None:
    plan = {**HOLDERS, **wanted(Table=("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}))}
    table = live("AWS::EC2::RouteTable", "rtb-0a", "Table", {"VpcId": "vpc-0a"})
    link = live(LINKS[2].type, "rtbassoc-1", "", {"SubnetId": "subnet-0a", "RouteTableId": "rtb-0a"})
    assert done(planned(plan, [*holders(plan), table, link])) == {"rtbassoc-1": "delete"}


def test_a_gateway_of_ours_that_goes_is_detached_wherever_it_is() -> None:
    lives = [*holders(HOLDERS), live(LINKS[4].type, "igw-0a|vpc-0e", "", LINKS[4].live)]
    assert done(planned({}, lives, NEIGHBOUR))["igw-0a|vpc-0e"] == "delete"


def test_a_stranger_in_quarantine_stays_there_when_the_subnet_is_destroyed() -> None:
    """The association ends with the subnet; lifting it before would open a subnet that may not go."""
    lives = [*holders(HOLDERS), live(LINKS[1].type, "aclassoc-1", "", LINKS[1].live)]
    assert "aclassoc-1" not in done(planned({}, lives))
