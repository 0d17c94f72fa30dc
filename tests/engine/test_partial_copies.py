"""Part of a plan's tags on somebody else's: what a tag editor, a filter or an older ocpprov leaves of a set proves no
more than the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import BOUND, PLAN, REVISION, RUN
from ocpprov.engine.resources import Live
from tests.engine.planning import OWNER, done, live, planned, reasons, ref, retagged, untagged, wanted
from tests.engine.test_foreign_copies import PLACES, TYPES, WORLDS, World, copies_of
from tests.support.tag_parts import PARTS, Tags

VPC, TABLE, ACL = "AWS::EC2::VPC", "AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl"
SUBNET, GROUP, ENDPOINT = "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup", "AWS::EC2::VPCEndpoint"
LISTENER, BALANCER = "AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::LoadBalancer"
USED: Final = "AWS::EC2::SubnetRouteTableAssociation"


def _some(type: str, place: str, world: World) -> list[Live]:
    """Copies of the sets of its own type, and of two of other types."""
    sources = [source.type for source in world.tag_sets().values()]
    planted = list(zip(sources, copies_of(type, place, world), strict=True))
    others = [copy for source, copy in planted if source != type]
    return [*(copy for source, copy in planted if source == type), *others[:: len(others) // 2]]


@pytest.mark.torture
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_no_part_of_a_living_plans_tags_has_anything_touched(
    world: Callable[[], World], part: Callable[[Tags], Tags], place: str
) -> None:
    there = world()
    without = done(there.destroy())
    for type in TYPES:
        for copy in _some(type, place, there):
            theirs = replace(copy, tags=part(copy.tags))
            assert (done(there.apply(theirs)), done(there.destroy(theirs))) == ({}, without), theirs


OURS: Final = (
    live(VPC, "vpc-1", "Vpc", {"CidrBlock": "10.0.0.0/16"}),
    live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"}),
    live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"}),
    live(ACL, "acl-1", "Acl", {"VpcId": "vpc-1"}),
    live(USED, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"}),
    live(BALANCER, "arn:b", "Balancer", {"Name": "lab", "Type": "network", "VpcId": "vpc-1"}),
    live(LISTENER, "arn:l", "Listener", {"LoadBalancerArn": "arn:b", "Protocol": "TCP", "Port": 80}),
)
THEIRS: Final[Mapping[str, Mapping[str, Any]]] = {
    TABLE: {"VpcId": "vpc-1"},
    ACL: {"VpcId": "vpc-1"},
    ENDPOINT: {"VpcId": "vpc-1", "ServiceName": "s3"},
    GROUP: {"VpcId": "vpc-1", "GroupName": "theirs", "GroupDescription": "theirs"},
    LISTENER: {"LoadBalancerArn": "arn:b", "Protocol": "TCP", "Port": 81},
}
"""What others have beside ours, or in ours."""


def _copies() -> Iterator[Live]:
    for type, properties in THEIRS.items():
        for source in OURS:
            if source.tags:
                yield live(type, f"theirs-{source.id}", "", properties, tags=source.tags)


@pytest.mark.parametrize("part", ["without bound", "of format 1", "without plan and bound"])
def test_a_revision_tells_nothing_where_another_one_carries_all_of_the_tags(part: str) -> None:
    """Of tables, ACLs, endpoints and a balancer's listeners any number has one revision, whatever the type."""
    without = done(planned({}, OURS))
    assert "arn:l" in without
    for copy in _copies():
        theirs = replace(copy, tags=PARTS[part](copy.tags))
        assert done(planned({}, [*OURS, theirs])) == without, theirs


@pytest.mark.parametrize(("part", "goes"), [("without bound", set()), ("of format 1", {"rtb-1"})])
def test_nor_when_nothing_else_is_left_unless_an_older_version_made_it(part: str, goes: set[str]) -> None:
    """That one wrote no more, so that nothing else would ever be found of what a crash left."""
    (
        vpc,
        *_,
    ) = OURS
    table = OURS[2]
    lost = replace(table, tags=PARTS[part](table.tags))
    assert done(planned({}, [vpc, lost])).keys() - {"vpc-1"} == goes
    # Used by ours it is known whatever it lacks.
    assert "rtb-1" in done(planned({}, [vpc, OURS[1], OURS[4], lost]))


def test_a_table_that_a_later_one_has_replaced_is_a_predecessor_though_it_carries_less() -> None:
    """An upgrade and a replacement that was cut off: the revisions differ."""
    older = live(ENDPOINT, "vpce-1", "Storage", {"VpcId": "vpc-1", "ServiceName": "old", "RouteTableIds": ["rtb-1"]})
    newer = live(ENDPOINT, "vpce-2", "Storage", {"VpcId": "vpc-1", "ServiceName": "new", "RouteTableIds": ["rtb-1"]})
    older = replace(older, tags=PARTS["of format 1"](older.tags))
    assert {"vpce-1", "vpce-2"} <= set(done(planned({}, [*OURS, older, newer])))
    same = replace(older, tags={**older.tags, REVISION: f"1-{newer.tags[REVISION][2:]}"})
    assert "vpce-1" not in done(planned({}, [*OURS, same, newer]))


GIVEN: Final = "vpc-9"
KNOWN: Final = Memory(given=frozenset({GIVEN}))
KNOWN_HERE: Final = replace(KNOWN, is_known_here=True)
NET: Final = {"VpcId": GIVEN, "CidrBlock": "10.9.0.0/24", "AvailabilityZone": "eu-west-1a"}


def _lost(type: str, id: str, properties: Mapping[str, str], given: str = GIVEN) -> Live:
    """What another plan made, and has no plan tag any more; its logical ids are the same."""
    return retagged(untagged(live(type, id, "One", properties, given=[given]), PLAN), **{RUN: "another"})


@pytest.mark.parametrize(
    ("type", "properties"),
    [
        (SUBNET, NET),
        (GROUP, {"VpcId": GIVEN, "GroupName": "api", "GroupDescription": "api"}),
        (BALANCER, {"Name": "api"}),
    ],
)
def test_what_another_plan_made_and_lost_its_plan_is_not_taken_for_its_place_or_name(
    type: str, properties: Mapping[str, str]
) -> None:
    """A first apply of a plan that wants the same of an existing network: it is a conflict, as with whatever has it."""
    theirs = _lost(type, "theirs", properties)
    actions = planned(wanted(One=(type, properties)), [theirs], KNOWN)
    assert "theirs" not in done(actions)
    assert any("theirs" in problem for problem in actions.problems)
    # Of a run that made others of the plan it is the plan's.
    beside = {"Zone": ("AWS::EC2::DHCPOptions", {"DomainName": "x"})}
    known = retagged(live("AWS::EC2::DHCPOptions", "dopt-1", "Zone", {"DomainName": "x"}), **{RUN: "another"})
    taken = planned(wanted(One=(type, properties), **beside), [theirs, known], KNOWN)
    assert (done(taken).get("theirs"), taken.problems) == ("adopt", [])


def test_in_a_network_of_ours_it_is_ours_unless_it_says_that_the_network_was_given() -> None:
    inside = {**NET, "VpcId": "vpc-1"}
    plan = wanted(Vpc=(VPC, {"CidrBlock": "10.0.0.0/16"}), One=(SUBNET, {**inside, "VpcId": ref("Vpc")}))
    ours = untagged(live(SUBNET, "subnet-7", "One", inside), PLAN, RUN)
    assert done(planned(plan, [OURS[0], ours])) == {"subnet-7": "adopt"}
    theirs = _lost(SUBNET, "subnet-7", inside, "vpc-1")
    actions = planned(plan, [OURS[0], theirs])
    assert "subnet-7" not in done(actions)
    assert "vpc-1" not in reasons(actions)


def test_a_generated_name_says_whose_it_is() -> None:
    properties = {"VpcId": GIVEN, "GroupDescription": "api"}
    lost = untagged(live(GROUP, "sg-1", "One", properties, given=[GIVEN]), PLAN, RUN)
    assert OWNER.plan in str(lost.properties["GroupName"])
    assert done(planned(wanted(One=(GROUP, properties)), [lost], KNOWN)) == {"sg-1": "adopt"}


RULE: Final = "AWS::EC2::SecurityGroupIngress"
IN_OUR_GROUP: Final[Mapping[str, Any]] = {
    "GroupId": "sg-1",
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "CidrIp": "192.0.2.0/24",
}
OUR_GROUP: Final = live(
    GROUP, "sg-1", "One", {"VpcId": GIVEN, "GroupName": "api", "GroupDescription": "api"}, given=[GIVEN]
)
OUR_RULE: Final = live(RULE, "sgr-1", "Rule", {**IN_OUR_GROUP, "FromPort": 443, "ToPort": 443})


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_rule_in_our_group_or_in_one_that_the_plan_names_needs_more_than_tags(part: Callable[[Tags], Tags]) -> None:
    plan = wanted(One=(GROUP, {"VpcId": GIVEN, "GroupName": "api", "GroupDescription": "api"}))
    theirs = live(RULE, "sgr-9", "", IN_OUR_GROUP, tags=part(OUR_RULE.tags))
    given = replace(theirs, id="sgr-8", properties={**IN_OUR_GROUP, "GroupId": "sg-9"})
    memory = Memory(given=frozenset({GIVEN, "sg-9"}), is_known_here=True)
    actions = planned(plan, [OUR_GROUP, theirs, given], memory)
    assert (done(actions), actions.problems) == ({}, [])
    assert "sgr-8" not in done(planned({}, [OUR_GROUP, theirs, given], memory))
    # The journal, or that the plan has it, tells more.
    known = replace(memory, made=frozenset({(RULE, "sgr-9")}))
    if PLAN in theirs.tags and part(OUR_RULE.tags).get(BOUND) is None:
        assert done(planned(plan, [OUR_GROUP, theirs], known)) == {"sgr-9": "delete"}
        # With the group it goes in any case.
        gone = planned({}, [OUR_GROUP, theirs], memory)
        assert (done(gone), gone.unproven) == ({"sg-1": "delete", "sgr-9": "delete"}, [])


def test_a_rule_of_an_older_version_is_known_by_its_run() -> None:
    group = replace(OUR_GROUP, tags=PARTS["of format 1"](OUR_GROUP.tags))
    rule = live(RULE, "sgr-9", "", IN_OUR_GROUP, tags=PARTS["of format 1"](OUR_RULE.tags))
    plan = wanted(One=(GROUP, {"VpcId": GIVEN, "GroupName": "api", "GroupDescription": "api"}))
    assert done(planned(plan, [group, rule], KNOWN_HERE)) == {"sg-1": "update", "sgr-9": "delete"}
    assert "sgr-9" not in done(planned(plan, [group, retagged(rule, **{RUN: "another"})], KNOWN_HERE))


@pytest.mark.parametrize(
    ("memory", "goes"),
    [
        (Memory(made=frozenset({(SUBNET, "subnet-1")})), True),
        (Memory(allowed=frozenset({"subnet-1"})), True),
        (Memory(made=frozenset({(SUBNET, "subnet-2")})), False),
        (KNOWN_HERE, False),
    ],
    ids=["the journal has it", "the user says so", "the journal has another", "nobody says so"],
)
def test_what_lost_its_plan_and_is_not_wanted_goes_where_the_journal_or_the_user_says_whose_it_is(
    memory: Memory, goes: bool
) -> None:
    """A destroy, and an apply of a plan that doesn't have it any more."""
    lost = _lost(SUBNET, "subnet-1", NET)
    known = replace(memory, given=frozenset({GIVEN}), is_known_here=True)
    for plan in ({}, wanted(Other=(GROUP, {"VpcId": GIVEN, "GroupDescription": "d"}))):
        actions = planned(plan, [lost], known)
        assert ("subnet-1" in done(actions)) == goes
        assert bool(actions.unproven) != goes
