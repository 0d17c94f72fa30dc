"""The tag that says what a resource is and where: it fits what it is on, and nothing that it is copied to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from ocpprov.engine.bound import (
    AT_ONCE,
    Agreement,
    agreement,
    bound_text,
    given_places,
    joined,
    live_bound_text,
    strings,
)
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import BOUND
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import Ref, Unknown, Value
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import RULE
from tests.engine.planning import live

BALANCER: Final = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/int/0123456789abcdef"
EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
OWN_ID: Final = "its-own-id"
SSH: Final[Mapping[str, Value]] = {"GroupId": "sg-0a", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}


@dataclass(frozen=True)
class Row:
    """A type, what tells one from another, what the tag then says, and the same with something else in it."""

    type: str
    properties: Mapping[str, Value]
    text: str
    others: tuple[Mapping[str, Value], ...] = ()

    @property
    def whole(self) -> str:
        """With its own id, where it has that."""
        return f"{self.text} {OWN_ID}" if KINDS[self.type].bound_by_id else self.text

    def live(self, text: str, **changed: Any) -> Live:
        one = Live(self.type, OWN_ID, {**self.properties, "Other": "x"}, tags={BOUND: text})
        return replace(one, **changed)


def _named(type: str, name: str) -> Row:
    called = type.removeprefix("AWS::") if "LoadBalancing" in type else type
    return Row(type, {name: "prod-a"}, f"{called} prod-a", ({name: "prod-b"}, {name: "prod-A"}))


ROWS: Final = (
    Row("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, "AWS::EC2::VPC"),
    Row(
        "AWS::EC2::Subnet",
        {"VpcId": "vpc-0a", "CidrBlock": "10.0.0.0/24"},
        "AWS::EC2::Subnet vpc-0a 10.0.0.0/24",
        ({"VpcId": "vpc-0f"}, {"CidrBlock": "10.0.1.0/24"}),
    ),
    Row("AWS::EC2::InternetGateway", {}, "AWS::EC2::InternetGateway"),
    Row("AWS::EC2::RouteTable", {"VpcId": "vpc-0a"}, "AWS::EC2::RouteTable vpc-0a", ({"VpcId": "vpc-0f"},)),
    Row("AWS::EC2::EIP", {"Domain": "vpc"}, "AWS::EC2::EIP"),
    Row(
        "AWS::EC2::NatGateway",
        {"SubnetId": "subnet-0a", "AllocationId": "eipalloc-0a"},
        "AWS::EC2::NatGateway subnet-0a eipalloc-0a",
        ({"SubnetId": "subnet-0f"}, {"AllocationId": "eipalloc-0f"}),
    ),
    Row(
        "AWS::EC2::NatGateway",
        {"SubnetId": "subnet-0a"},
        "AWS::EC2::NatGateway subnet-0a",
        ({"SubnetId": "subnet-0f"}, {"AllocationId": "eipalloc-0f"}),
    ),
    Row("AWS::EC2::VPCEndpoint", {"VpcId": "vpc-0a"}, "AWS::EC2::VPCEndpoint vpc-0a", ({"VpcId": "vpc-0f"},)),
    Row(
        "AWS::EC2::TransitGatewayAttachment",
        {"VpcId": "vpc-0a", "TransitGatewayId": "tgw-0a"},
        "AWS::EC2::TransitGatewayAttachment vpc-0a tgw-0a",
        ({"VpcId": "vpc-0f"}, {"TransitGatewayId": "tgw-0f"}),
    ),
    Row(
        "AWS::EC2::VPCPeeringConnection",
        {"VpcId": "vpc-0a", "PeerVpcId": "vpc-0b"},
        "AWS::EC2::VPCPeeringConnection vpc-0a vpc-0b",
        ({"VpcId": "vpc-0b", "PeerVpcId": "vpc-0a"}, {"PeerVpcId": "vpc-0f"}),
    ),
    Row("AWS::EC2::NetworkAcl", {"VpcId": "vpc-0a"}, "AWS::EC2::NetworkAcl vpc-0a", ({"VpcId": "vpc-0f"},)),
    Row("AWS::EC2::DHCPOptions", {"DomainName": "x.corp"}, "AWS::EC2::DHCPOptions"),
    Row(
        "AWS::EC2::SecurityGroup",
        {"VpcId": "vpc-0a", "GroupName": "all machines, ü"},
        "AWS::EC2::SecurityGroup vpc-0a all=20machines=2c=20=c3=bc",
        ({"VpcId": "vpc-0f"}, {"GroupName": "all machines, u"}),
    ),
    _named("AWS::ElasticLoadBalancingV2::LoadBalancer", "Name"),
    Row(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {"VpcId": "vpc-0a", "Name": "api"},
        "ElasticLoadBalancingV2::TargetGroup vpc-0a api",
        ({"VpcId": "vpc-0f"}, {"Name": "apis"}),
    ),
    Row(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"LoadBalancerArn": BALANCER, "Port": 6443},
        f"ElasticLoadBalancingV2::Listener {BALANCER}:6443",
        ({"LoadBalancerArn": f"{BALANCER}0"}, {"Port": 22623}),
    ),
    _named("AWS::ElasticLoadBalancing::LoadBalancer", "LoadBalancerName"),
    _named("AWS::IAM::Role", "RoleName"),
    _named("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    _named("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    _named("AWS::S3::Bucket", "BucketName"),
    Row(
        "Ocpprov::S3::Object",
        {"Bucket": "prod", "Key": "ign/bootstrap=1.ign"},
        "Ocpprov::S3::Object prod/ign/bootstrap=3d1.ign",
        ({"Bucket": "theirs"}, {"Key": "ign/bootstrap.ign"}),
    ),
    Row(
        "Ocpprov::EC2::SharedTags",
        {"ResourceId": "subnet-0a"},
        "Ocpprov::EC2::SharedTags subnet-0a",
        ({"ResourceId": "subnet-0f"},),
    ),
    Row(
        RULE,
        {**SSH, "CidrIp": "10.0.0.0/8"},
        f"{RULE} sg-0a 57c530",
        ({"GroupId": "sg-0f"}, {"CidrIp": "10.0.0.0/9"}, {"FromPort": 21}, {"ToPort": 23}, {"IpProtocol": "udp"}),
    ),
    Row(EGRESS, {**SSH, "CidrIp": "10.0.0.0/8"}, f"{EGRESS} sg-0a 8a9901", ({"GroupId": "sg-0f"}, {"ToPort": 23})),
)
IDS: Final = [f"{row.type} {len(row.properties)}" for row in ROWS]
BY_ID: Final = tuple(row for row in ROWS if KINDS[row.type].bound_by_id)
each_row: Final = pytest.mark.parametrize("row", ROWS, ids=IDS)


def test_every_type_with_tags_is_here_but_zones() -> None:
    """A zone is told by the reference with which it was made."""
    tagged = {type for type, kind in KINDS.items() if kind.identity in (Identity.TAGS, Identity.SHARED_TAGS)}
    assert {row.type for row in ROWS} == tagged - {"AWS::Route53::HostedZone"}
    assert {row.type.split("::")[-1] for row in BY_ID} == {
        "VPC",
        "EIP",
        "InternetGateway",
        "DHCPOptions",
        "RouteTable",
        "NetworkAcl",
        "VPCEndpoint",
    }
    zone = KINDS["AWS::Route53::HostedZone"]
    assert bound_text(zone, {"Name": "x.corp."}, "Z1") == ""
    assert (
        agreement(zone, Live(zone.type, "Z1", {"Name": "x.corp."}, tags={BOUND: f"{zone.type} Z1"})) is Agreement.ABSENT
    )


@each_row
def test_what_is_written_fits_what_it_is_on(row: Row) -> None:
    kind = KINDS[row.type]
    assert bound_text(kind, row.properties) == row.text
    assert bound_text(kind, row.properties, OWN_ID) == row.whole
    assert agreement(kind, row.live(row.whole)) is Agreement.AGREES
    unfinished = Agreement.UNFINISHED if row in BY_ID else Agreement.AGREES
    assert agreement(kind, row.live(row.text)) is unfinished
    # Whatever else is changed of it.
    assert agreement(kind, row.live(row.whole, properties={**row.properties, "Other": "y"})) is Agreement.AGREES


@each_row
def test_and_nothing_else(row: Row) -> None:
    kind = KINDS[row.type]
    for changed in row.others:
        elsewhere = {**row.properties, **changed}
        for text in (row.whole, row.text):
            assert agreement(kind, row.live(text, properties=elsewhere)) is Agreement.DIFFERS, changed
        assert bound_text(kind, elsewhere, OWN_ID) != row.whole
    if row in BY_ID:
        assert agreement(kind, row.live(row.whole, id="another")) is Agreement.DIFFERS
        assert agreement(kind, row.live(row.text, id="another")) is Agreement.UNFINISHED
    for text in (row.type, f"{row.whole} more", f"{row.whole} ", row.whole.replace(" ", "  "), row.whole[:-1]):
        if text not in (row.text, row.whole) and KINDS[row.type].identity is Identity.TAGS:
            assert agreement(kind, row.live(text)) is Agreement.DIFFERS, text


@each_row
def test_not_another_type_with_the_same_in_it(row: Row) -> None:
    """Each of the registry, with all that any has."""
    every = {name: value for other in ROWS for name, value in other.properties.items()} | dict(row.properties)
    for other in ROWS:
        if other.type != row.type:
            copy = Live(other.type, OWN_ID, every, tags={BOUND: row.whole})
            assert agreement(KINDS[other.type], copy) is Agreement.DIFFERS, other.type


@each_row
def test_without_the_tag_it_says_nothing(row: Row) -> None:
    assert agreement(KINDS[row.type], Live(row.type, OWN_ID, row.properties)) is Agreement.ABSENT
    assert agreement(KINDS[row.type], row.live("")) is Agreement.ABSENT


@each_row
def test_nothing_is_written_while_a_part_is_unknown(row: Row) -> None:
    kind = KINDS[row.type]
    for name in kind.bound_by if kind.identity is Identity.TAGS else ():
        if name in row.properties:
            unknown = {**row.properties, name: Unknown(Ref("Other"))}
            assert bound_text(kind, unknown, OWN_ID) == "", name
            assert agreement(kind, row.live(row.whole, properties=unknown)) is Agreement.ABSENT
        if kind.bound_by == tuple(row.properties) and len(kind.bound_by) == 1 and not kind.bound_by_id:
            assert bound_text(kind, {}, OWN_ID) == ""


def test_of_an_unknown_group_or_peer_there_is_no_rule() -> None:
    for missing in ({"GroupId": Unknown(Ref("G"))}, {"CidrIp": Unknown(Ref("G"))}):
        assert bound_text(KINDS[RULE], {**SSH, "CidrIp": "10.0.0.0/8", **missing}) == ""


PLACES: Final = tuple(row for row in ROWS if "VpcId" in row.properties)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.type)
def test_a_network_that_the_plan_names_is_called_given(row: Row) -> None:
    kind, given = KINDS[row.type], frozenset({"vpc-0a", "subnet-1"})
    text = bound_text(kind, row.properties, OWN_ID, given)
    assert text == row.whole.replace(" vpc-0a", " given:vpc-0a")
    assert given_places({BOUND: text}) == frozenset({"vpc-0a"})
    assert given_places({BOUND: row.whole}) == given_places({}) == frozenset()
    for said in (text, row.whole):
        assert agreement(kind, row.live(said)) is Agreement.AGREES
        elsewhere = {**row.properties, "VpcId": "vpc-0f"}
        assert agreement(kind, row.live(said, properties=elsewhere)) is Agreement.DIFFERS


def test_both_sides_of_a_peering_may_be_given() -> None:
    row = next(row for row in ROWS if "PeerVpcId" in row.properties)
    text = bound_text(KINDS[row.type], row.properties, "", ["vpc-0a", "vpc-0b"])
    assert text == "AWS::EC2::VPCPeeringConnection given:vpc-0a given:vpc-0b"
    assert given_places({BOUND: text}) == frozenset({"vpc-0a", "vpc-0b"})


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a" * 100, "a" * 100),
        ("a" * 101, "9d0793397991b57a99a07c6e6b4a92ba"),
        (" " * 33, "=20" * 33),
        (" " * 34, "68c2a5343ca146a81cb92f66c158772c"),
        ("-._:/", "-._:/"),
        ("=+ *", "=3d=2b=20=2a"),
        ("\n€\x1b", "=0a=e2=82=ac=1b"),
        ("given:x:y", "given=3ax:y"),
        ("x-given:", "x-given:"),
    ],
)
def test_a_part_is_written_in_the_ledgers_letters_and_a_long_one_as_its_sum(name: str, written: str) -> None:
    kind = KINDS["AWS::IAM::Role"]
    text = bound_text(kind, {"RoleName": name})
    assert text == f"AWS::IAM::Role {written}"
    assert agreement(kind, Live(kind.type, "x", {"RoleName": name}, tags={BOUND: text})) is Agreement.AGREES


def test_a_sum_is_of_the_whole_text() -> None:
    kind = KINDS["AWS::IAM::Role"]
    one, other = ({"RoleName": "a" * 120 + end} for end in "xy")
    said = {BOUND: bound_text(kind, one)}
    assert agreement(kind, Live(kind.type, "x", one, tags=said)) is Agreement.AGREES
    assert agreement(kind, Live(kind.type, "x", other, tags=said)) is Agreement.DIFFERS


@pytest.mark.parametrize(
    ("type", "rule", "key"),
    [
        (RULE, {**SSH, "CidrIp": "10.0.0.0/8"}, "ingress tcp 22 22 10.0.0.0/8"),
        (EGRESS, {"IpProtocol": -1, "CidrIp": "0.0.0.0/0"}, "egress -1 - - 0.0.0.0/0"),
        (RULE, {"IpProtocol": "icmp", "SourceSecurityGroupId": "sg-0b"}, "ingress icmp -1 -1 sg-0b"),
        (EGRESS, {"IpProtocol": "50", "DestinationPrefixListId": "pl-0b"}, "egress 50 -1 -1 pl-0b"),
    ],
)
def test_a_rules_digits_are_of_its_key_in_words(type: str, rule: dict[str, Value], key: str) -> None:
    digits = hashlib.sha256(key.encode()).hexdigest()[:6]
    assert bound_text(KINDS[type], {**rule, "GroupId": "sg-0a"}) == f"{type} sg-0a {digits}"


def test_the_rules_of_one_call_share_a_tag() -> None:
    for type in (RULE, EGRESS):
        group = f"sg-{'0' * 17}"
        rules = [{**SSH, "GroupId": group, "FromPort": port, "CidrIp": "10.0.0.0/8"} for port in range(AT_ONCE)]
        # Also in a group that the plan names as existing.
        for given in (frozenset[str](), frozenset({group})):
            text = joined(bound_text(KINDS[type], rule, "", given) for rule in rules)
            assert text.startswith(f"{type} {group} ")
            assert (len(text.split(" ")), len(text) <= 256) == (2 + AT_ONCE, True), len(text)
            for rule in rules:
                assert agreement(KINDS[type], Live(type, "sgr-1", rule, tags={BOUND: text})) is Agreement.AGREES
                for changed in ({"FromPort": 99}, {"GroupId": "sg-0f"}, {"CidrIp": "10.0.0.0/9"}):
                    theirs = Live(type, "sgr-1", {**rule, **changed}, tags={BOUND: text})
                    assert agreement(KINDS[type], theirs) is Agreement.DIFFERS
    assert AT_ONCE == 29
    assert joined(["a b", "a c", "", "b"]) == "a b c"
    assert joined([]) == ""


@pytest.mark.parametrize("state", [State.PENDING, State.BROKEN, State.DELETING])
def test_while_aws_is_at_work_on_it_its_answer_may_lack_a_part(state: State) -> None:
    row = next(row for row in ROWS if "AllocationId" in row.properties)
    kind = KINDS[row.type]
    bare = row.live(row.text, properties={"SubnetId": "subnet-0a"}, state=state)
    assert agreement(kind, bare) is Agreement.AGREES
    assert agreement(kind, replace(bare, state=State.READY)) is Agreement.DIFFERS
    assert agreement(kind, replace(bare, properties={"SubnetId": "subnet-0f"})) is Agreement.DIFFERS
    # Of what lacks all, nothing is said; and another type is another.
    assert agreement(kind, replace(bare, properties={})) is Agreement.ABSENT
    other = row.text.replace("NatGateway", "Subnet")
    assert agreement(kind, row.live(other, properties={"SubnetId": "subnet-0a"}, state=state)) is Agreement.DIFFERS


@pytest.mark.parametrize("row", BY_ID, ids=lambda row: row.type)
def test_a_copy_is_one_while_aws_is_at_work_on_it_as_well(row: Row) -> None:
    for state in (State.PENDING, State.BROKEN, State.DELETING):
        copy = row.live(row.whole, id="another", state=state)
        assert agreement(KINDS[row.type], copy) is Agreement.DIFFERS
        assert agreement(KINDS[row.type], replace(copy, id=OWN_ID)) is Agreement.AGREES


def test_only_texts_and_numbers_say_where_something_is() -> None:
    assert strings({"A": "x", "B": 7, "C": None}, ("A", "B", "C", "D")) == ["x", "7"]
    assert strings({"A": "x", "B": ["y"]}, ("A", "B")) is None
    assert strings({"A": "x", "B": ["y"]}, ("A",)) == ["x"]
    assert strings({}, ()) == []


def test_the_same_parts_the_other_way_round_are_of_another() -> None:
    row = next(row for row in ROWS if row.type == "AWS::EC2::VPCPeeringConnection")
    turned = {"VpcId": "vpc-0b", "PeerVpcId": "vpc-0a"}
    for state in (State.PENDING, State.READY):
        assert agreement(KINDS[row.type], row.live(row.text, properties=turned, state=state)) is Agreement.DIFFERS


def _lacking(of: Live, *names: str) -> Live:
    return replace(of, properties={name: value for name, value in of.properties.items() if name not in names})


def test_a_part_that_an_answer_does_not_say_refutes_nothing() -> None:
    """What is left agrees: nobody knows whose it is. Where it carries its own id, that tells."""
    subnet = live("AWS::EC2::Subnet", "subnet-1", "Net", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"})
    kind = KINDS[subnet.type]
    assert agreement(kind, subnet) is Agreement.AGREES
    for name in ("VpcId", "CidrBlock"):
        assert agreement(kind, _lacking(subnet, name)) is Agreement.ABSENT
    elsewhere = replace(subnet, properties={**subnet.properties, "VpcId": "vpc-2"})
    assert agreement(kind, elsewhere) is Agreement.DIFFERS
    assert agreement(kind, _lacking(elsewhere, "CidrBlock")) is Agreement.DIFFERS
    group = live("AWS::EC2::SecurityGroup", "sg-1", "Group", {"VpcId": "vpc-1", "GroupDescription": "x"})
    assert agreement(KINDS[group.type], group) is Agreement.AGREES
    assert agreement(KINDS[group.type], _lacking(group, "GroupName")) is Agreement.ABSENT
    nat = live("AWS::EC2::NatGateway", "nat-1", "Nat", {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"})
    bare = _lacking(nat, "AllocationId")
    assert agreement(KINDS[nat.type], bare) is Agreement.DIFFERS
    assert agreement(KINDS[nat.type], replace(bare, unanswered=frozenset({"AllocationId"}))) is Agreement.ABSENT
    table = live("AWS::EC2::RouteTable", "rtb-1", "Table", {"VpcId": "vpc-1"})
    finished = replace(table, tags={**table.tags, BOUND: f"{table.type} vpc-1 rtb-1"})
    kind = KINDS[table.type]
    assert agreement(kind, _lacking(finished, "VpcId")) is Agreement.AGREES
    assert agreement(kind, replace(_lacking(finished, "VpcId"), id="rtb-2")) is Agreement.DIFFERS


OF_BALANCERS: Final = tuple(row for row in ROWS if "LoadBalancing" in row.type)


@pytest.mark.parametrize("row", OF_BALANCERS, ids=lambda row: row.type)
def test_the_whole_name_of_a_type_counts_as_its_other_one_and_stays(row: Row) -> None:
    kind, whole = KINDS[row.type], f"AWS::{row.whole}"
    assert agreement(kind, row.live(whole)) is Agreement.AGREES
    assert live_bound_text(kind, row.live(whole), row.properties) == whole
    assert live_bound_text(kind, row.live(row.whole), row.properties) == row.whole
    for other in row.others:
        assert agreement(kind, row.live(whole, properties={**row.properties, **other})) is Agreement.DIFFERS
        assert live_bound_text(kind, row.live(whole), {**row.properties, **other}).startswith(f"{kind.bound_as} ")


def test_no_tag_of_a_balancer_begins_with_what_aws_keeps_for_itself() -> None:
    assert {row.whole.lower().startswith("aws:") for row in OF_BALANCERS} == {False}
    assert len(OF_BALANCERS) == 4


@pytest.mark.parametrize("name", ["LoadBalancerArn", "Port"])
def test_a_listener_without_its_place_is_nobodys(name: str) -> None:
    kind = KINDS["AWS::ElasticLoadBalancingV2::Listener"]
    listener = live(kind.type, "arn", "Listener", {"LoadBalancerArn": "arn:balancer", "Port": 6443})
    assert agreement(kind, listener) is Agreement.AGREES
    assert agreement(kind, _lacking(listener, name)) is Agreement.ABSENT
