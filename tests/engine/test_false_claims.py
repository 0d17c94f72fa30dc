"""Tags that were copied onto other people's things make nothing ours: it is listed, and left."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.engine.false_claims import Memory, false_claims
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import PLAN, RESOURCE
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.engine.values import Value
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load_file
from tests.engine.planning import (
    GROUP,
    OWNER,
    ROLE,
    SUBNET,
    VPC,
    copied,
    done,
    inventory,
    left_alone,
    live,
    made_by_us,
    planned,
    ref,
    wanted,
)

TABLE: Final = "AWS::EC2::RouteTable"
ADDRESS: Final = "AWS::EC2::EIP"
GATEWAY: Final = "AWS::EC2::InternetGateway"
SHARED: Final = "Ocpprov::EC2::SharedTags"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
SSH: Final = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8"}
BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}
TEXT: Final = {"GroupDescription": "nodes"}
PLANNED: Final = wanted(
    Vpc=(VPC, BLOCK),
    Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}),
    Group=(GROUP, {"VpcId": ref("Vpc"), **TEXT}),
)
OUR_VPC: Final = live(VPC, "vpc-0a", "Vpc", BLOCK)
OUR_NET: Final = live(SUBNET, "subnet-0a", "Net", {"VpcId": "vpc-0a", **NET})
OUR_GROUP: Final = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0a", **TEXT})
OURS: Final = (OUR_VPC, OUR_NET, OUR_GROUP)
TYPES: Final = {name: resource.type for name, resource in PLANNED.items()}

OTHER_TYPES: Final = sorted(
    type for type, kind in KINDS.items() if kind.identity is Identity.TAGS and type != VPC and kind.service == "ec2"
)


def test_what_is_the_plans_is_kept_and_destroyed() -> None:
    assert done(planned(PLANNED, OURS)) == {}
    assert done(planned({}, OURS)) == {"vpc-0a": "delete", "subnet-0a": "delete", "sg-0a": "delete"}


@pytest.mark.parametrize("type", OTHER_TYPES)
def test_tags_copied_onto_another_type_are_no_claim(type: str) -> None:
    """The type is the plan's, the run folder's, or told by the revision, which is a hash of what the plan gave."""
    theirs = copied(OUR_VPC, type, "theirs-1", {"VpcId": "vpc-0a"})
    for actions in (
        planned(PLANNED, [*OURS, theirs]),
        planned({}, [*OURS, theirs], Memory(types=TYPES)),
        planned({}, [*OURS, theirs]),
    ):
        assert "theirs-1" not in done(actions)
        assert f"Vpc: {type} theirs-1 carries this plan's tags, but Vpc is {VPC}" in left_alone(actions)
    assert done(planned({}, [*OURS, theirs]))["vpc-0a"] == "delete"


def test_where_nothing_tells_which_type_is_right_nothing_of_it_is_deleted() -> None:
    """An address and a gateway: no property that can't be changed tells one from the other."""
    gateway = live(GATEWAY, "igw-0a", "Gate")
    address = copied(gateway, ADDRESS, "eipalloc-0b")
    actions = planned({}, [*OURS, gateway, address])
    assert "igw-0a" not in done(actions)
    assert "eipalloc-0b" not in done(actions)
    assert "so do others of 2 types, all as Gate" in left_alone(actions)
    assert done(planned({}, [gateway, address], Memory(types={"Gate": GATEWAY}))) == {"igw-0a": "delete"}
    assert done(planned({}, [gateway, address], made_by_us((GATEWAY, "igw-0a")))) == {"igw-0a": "delete"}


def test_where_no_revision_is_true_the_type_that_has_none_is_right() -> None:
    """A zone takes too few tags for one."""
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp."})
    group = live(GROUP, "sg-0b", "", {"VpcId": "vpc-0a", "GroupDescription": "theirs", "GroupName": "theirs"})
    theirs = replace(group, tags={**zone.tags, "ocpprov:revision": "1-000000000000"})
    actions = planned({}, [*OURS, zone, theirs])
    assert done(actions)["Z1"] == "delete"
    assert "sg-0b" not in done(actions)


@pytest.mark.parametrize("source", [OUR_NET, OUR_GROUP], ids=lambda live: live.type)
def test_the_same_type_in_another_vpc_is_no_claim(source: Live) -> None:
    properties: dict[str, Any] = {**source.properties, "VpcId": "vpc-0f", "GroupName": "theirs"}
    theirs = copied(source, source.type, "theirs-1", properties)
    for actions in (planned(PLANNED, [*OURS, theirs]), planned({}, [*OURS, theirs]), planned({}, [theirs])):
        assert "theirs-1" not in done(actions)
        assert "theirs-1 carries this plan's tags" in left_alone(actions)


def test_another_vpc_with_the_tags_of_ours_is_no_claim() -> None:
    theirs = copied(OUR_VPC, VPC, "vpc-0f", {"CidrBlock": "10.99.0.0/16"})
    in_it = copied(OUR_GROUP, GROUP, "sg-0f", {"VpcId": "vpc-0f", **TEXT})
    for actions in (planned(PLANNED, [*OURS, theirs, in_it]), planned({}, [*OURS, theirs, in_it])):
        assert not {"vpc-0f", "sg-0f"} & set(done(actions))
        assert "Vpc: AWS::EC2::VPC vpc-0f carries this plan's tags, but they are those of vpc-0a" in left_alone(actions)


def test_a_nameless_claim_in_another_vpc_doesnt_count() -> None:
    theirs = replace(live(GROUP, "sg-0f", "", {"VpcId": "vpc-0f", **TEXT}), tags={PLAN: OWNER.plan})
    assert "sg-0f" not in done(planned(PLANNED, [*OURS, theirs]))
    assert "sg-0f: AWS::EC2::SecurityGroup sg-0f carries" in left_alone(planned({}, [*OURS, theirs]))


def test_what_refers_to_others_lies_where_they_do() -> None:
    """A gateway is where its attachment says, a listener where its balancer is."""
    gateway = live(GATEWAY, "igw-0f", "Gate")
    attached = live(
        "AWS::EC2::VPCGatewayAttachment", "igw-0f|vpc-0f", "", {"InternetGatewayId": "igw-0f", "VpcId": "vpc-0f"}
    )
    balancer = live("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn:lb", "", {"Name": "x", "VpcId": "vpc-0f"})
    listener = live(
        "AWS::ElasticLoadBalancingV2::Listener",
        "arn:listener",
        "L",
        {"LoadBalancerArn": "arn:lb", "DefaultActions": []},
    )
    actions = planned({}, [*OURS, gateway, attached, balancer, listener])
    assert not {"igw-0f", "arn:listener", "igw-0f|vpc-0f"} & set(done(actions))


def test_an_existing_network_that_the_plan_names_is_a_place_of_its_own() -> None:
    group = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0e", **TEXT})
    bare = replace(group, tags={key: value for key, value in group.tags.items() if key != "ocpprov:revision"})
    assert "sg-0a" not in done(planned({}, [bare]))
    assert done(planned({}, [bare], Memory(given=frozenset({"vpc-0e"})))) == {"sg-0a": "delete"}
    net = live(SUBNET, "subnet-0e", "", {"VpcId": "vpc-0e", **NET})
    assert done(planned({}, [net, bare], Memory(given=frozenset({"subnet-0e"})))) == {"sg-0a": "delete"}


def test_without_any_memory_the_revision_tells_that_it_was_made_there() -> None:
    """A destroy by name from another folder, of a plan in an existing network."""
    group = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0e", **TEXT})
    balancer = live("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn:lb", "Lb", {"Type": "network", "VpcId": "vpc-0e"})
    assert done(planned({}, [group])) == {"sg-0a": "delete"}
    assert done(planned({}, [balancer])) == {"arn:lb": "delete"}
    renamed = replace(balancer, properties={**balancer.properties, "Name": "theirs"})
    assert done(planned({}, [renamed])) == {}
    assert done(planned({}, [renamed, group])) == {"arn:lb": "delete", "sg-0a": "delete"}


def test_what_the_plan_leaves_behind_when_its_network_is_another_is_still_its_own() -> None:
    moved = wanted(Group=(GROUP, {"VpcId": "vpc-0b", **TEXT}))
    old = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0a", **TEXT})
    actions = planned(moved, [old], Memory(given=frozenset({"vpc-0b"})))
    assert done(actions) == {"sg-0a": "replace"}


@pytest.mark.parametrize("type", [VPC, SUBNET, TABLE, ADDRESS])
def test_what_the_plan_names_as_existing_is_never_deleted(type: str) -> None:
    theirs = live(type, "given-1", "Some", {"VpcId": "vpc-0e"} if type != VPC else BLOCK)
    memory = Memory(given=frozenset({"given-1", "vpc-0e"}))
    for actions in (planned({}, [theirs], memory), planned(wanted(Role=(ROLE, {})), [theirs], memory)):
        assert "given-1" not in done(actions)
        assert "but the plan names it as existing" in left_alone(actions)


def test_a_resource_of_the_plan_may_be_named_by_its_id_elsewhere_in_it() -> None:
    both = {**PLANNED, **wanted(Other=(GROUP, {"VpcId": "vpc-0a", "GroupDescription": "other"}))}
    other = live(GROUP, "sg-0b", "Other", {"VpcId": "vpc-0a", "GroupDescription": "other"})
    memory = Memory(given=frozenset({"vpc-0a"}))
    assert done(planned(both, [*OURS, other], memory)) == {}


def test_of_two_with_the_same_tags_the_one_that_the_plan_names_was_there_before() -> None:
    ours = live(ADDRESS, "eipalloc-0z", "Address", {"Domain": "vpc"})
    given = copied(ours, ADDRESS, "eipalloc-0a", {"Domain": "vpc"})
    plan = {**PLANNED, **wanted(Address=(ADDRESS, {"Domain": "vpc"}))}
    types = {name: resource.type for name, resource in plan.items()}
    memory = Memory(types=types, given=frozenset({"eipalloc-0a"}))
    assert done(planned(plan, [*OURS, given, ours], memory)) == {}
    destroyed = planned({}, [*OURS, given, ours], memory)
    assert "eipalloc-0z" in done(destroyed)
    assert "eipalloc-0a" not in done(destroyed)
    assert "eipalloc-0a carries this plan's tags, but the plan names it as existing" in left_alone(destroyed)


def test_what_the_plan_made_stays_its_own_when_it_was_named_by_its_id() -> None:
    given = frozenset({"vpc-0a"})
    role = wanted(Role=(ROLE, {"RoleName": "r", "AssumeRolePolicyDocument": {"Statement": []}}))
    made = Memory(given=given, made=frozenset({(VPC, "vpc-0a")}))
    assert done(planned(role, [OUR_VPC], made))["vpc-0a"] == "delete"
    assert "vpc-0a" not in done(planned(role, [OUR_VPC], Memory(given=given)))


def test_a_rule_in_a_group_that_only_carries_our_tags_stays() -> None:
    group = copied(OUR_GROUP, GROUP, "sg-0f", {"VpcId": "vpc-0f", "GroupDescription": "theirs"})
    nameless = replace(group, tags={PLAN: OWNER.plan})
    for theirs in (group, nameless):
        rule = replace(live(RULE, "sgr-0f", "", {"GroupId": "sg-0f", **SSH}), tags={PLAN: OWNER.plan})
        actions = planned(PLANNED, [*OURS, theirs, rule])
        assert done(actions) == {}
        assert "sgr-0f" in left_alone(actions)
    ours = replace(live(RULE, "sgr-0a", "", {"GroupId": "sg-0a", **SSH}), tags={PLAN: OWNER.plan})
    assert done(planned(PLANNED, [*OURS, ours])) == {"sgr-0a": "delete"}


def test_the_mark_on_a_subnet_tells_the_network_only_where_nothing_else_does() -> None:
    mark = replace(live(SHARED, "subnet-0f", "", {"ResourceId": "subnet-0f", "Tags": []}), tags={PLAN: OWNER.plan})
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0f", **NET})
    group = copied(OUR_GROUP, GROUP, "sg-0f", {"VpcId": "vpc-0f", "GroupDescription": "theirs"})
    lives = [theirs, mark, group]
    assert "sg-0f" not in done(planned({}, lives, Memory(given=frozenset({"vpc-0e"}))))
    assert done(planned({}, lives))["sg-0f"] == "delete"


def test_a_type_that_changed_under_a_logical_id_goes_where_the_journal_has_it() -> None:
    old = live(TABLE, "rtb-0a", "Thing", {"VpcId": "vpc-0a"})
    both = {**PLANNED, **wanted(Thing=(GROUP, {"VpcId": ref("Vpc"), "GroupDescription": "t"}))}
    assert "rtb-0a" not in done(planned(both, [*OURS, old]))
    assert done(planned(both, [*OURS, old], made_by_us((TABLE, "rtb-0a"))))["rtb-0a"] == "delete"


def test_a_copy_never_takes_the_place_of_a_tag_that_was_lost() -> None:
    theirs = replace(copied(OUR_NET, SUBNET, "subnet-0f", {**NET, "VpcId": "vpc-0f"}))
    tags = {key: value for key, value in theirs.tags.items() if key != PLAN}
    actions = planned(PLANNED, [OUR_VPC, OUR_GROUP, replace(theirs, tags=tags)])
    assert done(actions) == {"Net": "create"}
    assert theirs.tags[RESOURCE] == "Net"


FORMAT_1: Final = Path(__file__).parent.parent / "fixtures" / "format_1"


@cache
def _made_by_format_1() -> tuple[Graph, list[Live], Owner]:
    """A cluster's network as an earlier version made it: the plan, and what AWS has of it."""
    written = load_file(FORMAT_1 / "rendered.yaml", Inputs(KINDS))
    owner = Owner(written.name, written.region, "123456789012", "another-run", written.cluster)
    rows = json.loads((FORMAT_1 / "inventory.json").read_text())
    return build(written.resources, KINDS), [Live(**{**row, "state": State(row["state"])}) for row in rows], owner


@pytest.mark.parametrize("type", sorted(type for type, kind in KINDS.items() if kind.identity is Identity.TAGS))
def test_no_copy_of_any_of_our_tags_in_another_vpc_is_ever_touched(type: str) -> None:
    """One resource of each type of a network in turn is what the tags are copied from."""
    graph, lives, owner = _made_by_format_1()
    types = {name: resource.type for name, resource in graph.resources.items()}
    assert false_claims(inventory(*lives), owner, KINDS, Memory()) == {}
    tagged = [live for live in lives if KINDS[live.type].identity is Identity.TAGS and live.tags]
    sources = list({live.type: live for live in tagged}.values())
    assert len(sources) > 6
    for source in sources:
        # What lies in no VPC, a copy of the same type included, only a second proof of its own could tell apart.
        if type == source.type and not {"VpcId", "CidrBlock"} & {row.name for row in KINDS[type].properties}:
            continue
        elsewhere: dict[str, Value] = {"VpcId": "vpc-0f", "CidrBlock": "10.99.0.0/16", "DefaultActions": []}
        theirs = Live(type, "theirs-1", {**elsewhere, "Name": "x", "LoadBalancerArn": "arn:x"}, tags=source.tags)
        for memory in (Memory(types), Memory()):
            assert (type, "theirs-1") in false_claims(inventory(*lives, theirs), owner, KINDS, memory), source.id


def test_rules_with_our_tags_in_somebody_elses_group_stay() -> None:
    rule = "AWS::EC2::SecurityGroupIngress"
    properties: dict[str, Value] = {
        "GroupId": "sg-0f",
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "CidrIp": "10.0.0.0/8",
    }
    theirs = replace(live(rule, "sgr-0f", "", properties), tags={PLAN: OWNER.plan})
    group = live(GROUP, "sg-0f", "", {"VpcId": "vpc-0f"})
    assert "sgr-0f" not in done(planned(PLANNED, [*OURS, theirs]))
    assert "sgr-0f" not in done(planned({}, [*OURS, group, theirs]))
    assert "sgr-0f carries this plan's tags" in left_alone(planned({}, [*OURS, theirs]))
    assert done(planned({}, [theirs], Memory(given=frozenset({"sg-0f"})))) == {"sgr-0f": "delete"}
    in_ours = replace(theirs, properties={**properties, "GroupId": "sg-0a"})
    assert done(planned(PLANNED, [*OURS, in_ours])) == {"sgr-0f": "delete"}
