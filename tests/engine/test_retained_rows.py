"""`DeletionPolicy: Retain` on what has no tags of its own, or shares them: it stays and is forgotten, with the plan or
without it; where AWS would take it away with something else, that is said before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import BOUND, CHILDREN, ON_DELETE, PLAN, RECORDS, RETAINED, RUN, LedgerEntries
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import (
    changes_of,
    done,
    forgotten,
    gone,
    ledger_afterwards,
    left_alone,
    live,
    made,
    planned,
    reasons,
    ref,
    sends,
    tagging,
    together,
    wanted,
)

VPC, SUBNET, TABLE, GROUP = (f"AWS::EC2::{type}" for type in ("VPC", "Subnet", "RouteTable", "SecurityGroup"))
ROUTE, USED, RULE = (f"AWS::EC2::{type}" for type in ("Route", "SubnetRouteTableAssociation", "SecurityGroupIngress"))
ZONE, RECORD, BALANCER = (
    "AWS::Route53::HostedZone",
    "AWS::Route53::RecordSet",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
)
ROLE, ATTACHED = "AWS::IAM::Role", "Ocpprov::IAM::RolePolicyAttachment"
NET: Final = {"CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1a"}
OUT: Final = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-9"}
NAME: Final = {"Name": "api.x.corp.", "Type": "A"}
PARENTS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "Net": (SUBNET, {"VpcId": "vpc-9", **NET}),
    "Table": (TABLE, {"VpcId": "vpc-9"}),
    "Zone": (ZONE, {"Name": "x.corp."}),
    "Balancer": (BALANCER, {"Name": "lab", "Type": "network"}),
    "Role": (ROLE, {"RoleName": "machines", "AssumeRolePolicyDocument": {"Statement": []}}),
}
IDS: Final = {"Net": "subnet-1", "Table": "rtb-1", "Zone": "Z1", "Balancer": "arn:b", "Role": "machines"}
ROWS: Final[Mapping[str, tuple[str, Mapping[str, Any], str, str]]] = {
    "Out": (ROUTE, {"RouteTableId": ref("Table"), **OUT}, "Table", "r 0.0.0.0/0"),
    "Uses": (USED, {"SubnetId": ref("Net"), "RouteTableId": ref("Table")}, "Net", "table Table"),
    "Api": (RECORD, {"HostedZoneId": ref("Zone"), **NAME}, "Zone", "rr api.x.corp A"),
    "Allows": (ATTACHED, {"RoleName": ref("Role"), "PolicyArn": "arn:aws:p"}, "Role", "attached arn:aws:p"),
}
"""Each with what it belongs to, and how that remembers it."""
ELSEWHERE: Final = {"HostedZoneId": "Z9", **NAME, "AliasTarget": {"DNSName": "lab.elb.example."}}


def _plan(**kept: tuple[str, Mapping[str, Any]]) -> dict[str, Resource]:
    retained = {name: Resource(name, type, row, deletion_policy="Retain") for name, (type, row) in kept.items()}
    return {**wanted(**PARENTS), **retained}


def _there(plan: Mapping[str, Resource]) -> list[Live]:
    """What AWS has of the parents once the plan was applied."""
    remembered = planned_ledgers(build(plan, KINDS).resources, KINDS)
    return [
        live(type, IDS[name], name, properties, remembered.get(name, LedgerEntries()))
        for name, (type, properties) in PARENTS.items()
    ]


def _row(type: str, properties: Mapping[str, Any]) -> Live:
    plain = {name: IDS[value.logical_id] if isinstance(value, Ref) else value for name, value in properties.items()}
    return live(type, "row-1", "", plain)


@pytest.mark.parametrize("name", [name for name in ROWS if name != "Uses"])
def test_a_row_or_a_link_is_forgotten_and_stays(name: str) -> None:
    type, properties, parent, entry = ROWS[name]
    whole = _plan(**{name: (type, properties)})
    there, row = _there(whole), _row(type, properties)
    [holder] = [each for each in there if each.id == IDS[parent]]
    assert holder.tags[RETAINED] == entry
    assert done(planned(whole, [*there, row])) == {}
    actions = planned(wanted(**PARENTS), [*there, row])
    assert (done(actions), reasons(actions)["row-1"]) == ({"row-1": "forget"}, "DeletionPolicy Retain")
    assert (actions.problems, [each for each in sends(actions) if "row-1" in each]) == ([], ["retain row-1"])
    assert tagging(actions, gone("row-1")) == ({}, [])
    assert RETAINED in [key for step in actions.steps for key in getattr(getattr(step, "tags", None), "remove", ())]


def test_a_link_between_two_of_ours_stays_remembered_as_long_as_it_is_there() -> None:
    """Else the next plan would take it for one that it doesn't have."""
    type, properties, _, entry = ROWS["Uses"]
    there, link = _there(_plan(Uses=(type, properties))), _row(type, properties)
    without = wanted(**PARENTS)
    actions = planned(without, [*there, link])
    assert (done(actions), actions.steps, actions.problems) == ({}, [], [])
    assert f"Net: {USED} row-1, which is not of this plan" in left_alone(actions)
    # Another one of ours, that has none, is as it was; and so it goes when nobody wants it to stay.
    bare = [replace(each, tags={k: v for k, v in each.tags.items() if k != RETAINED}) for each in there]
    assert done(planned(without, [*bare, link])) == {"row-1": "delete"}
    assert ledger_afterwards(planned(without, there), "Net", RETAINED) == frozenset()
    # Nor does AWS let one of its ends go.
    [problem] = planned({name: each for name, each in without.items() if name != "Table"}, [*there, link]).problems
    assert (entry, "with Table " in problem) == ("table Table", True)


@pytest.mark.parametrize("name", ROWS)
def test_a_destroy_says_what_it_would_be_taken_away_with(name: str) -> None:
    type, properties, parent, _ = ROWS[name]
    actions = planned({}, [*_there(_plan(**{name: (type, properties)})), _row(type, properties)])
    [problem] = actions.problems
    assert f"({type} row-1) is to be kept" in problem
    assert f"with {parent} " in problem
    assert f"take it out of the tag {RETAINED}" in problem


def test_a_record_in_a_zone_of_others_stays_with_no_more_ado() -> None:
    plan = _plan(Api=(RECORD, {**ELSEWHERE, "AliasTarget": {"DNSName": ref("Balancer")}}))
    there = _there(plan)
    there = [replace(each, attributes={"DNSName": "lab.elb.example"}) if each.id == "arn:b" else each for each in there]
    [balancer] = [each for each in there if each.id == "arn:b"]
    assert balancer.tags[RETAINED] == balancer.tags[RECORDS] == "Z9 rr api.x.corp A"
    row = live(RECORD, "row-1", "", ELSEWHERE)
    for actions in (planned({}, [*there, row]), planned(wanted(**PARENTS), [*there, row])):
        assert (done(actions)["row-1"], actions.problems) == ("forget", [])
    bare = [replace(each, tags={k: v for k, v in each.tags.items() if k != RETAINED}) for each in there]
    assert done(planned({}, [*bare, row]))["row-1"] == "delete"


def test_a_policy_that_came_or_went_is_written() -> None:
    row = _row(*ROWS["Out"][:2])
    kept, bare = _plan(Out=ROWS["Out"][:2]), {**wanted(**PARENTS), **wanted(Out=ROWS["Out"][:2])}
    assert changes_of(planned(kept, [*_there(bare), row]), "Table") == {f"Tags.{RETAINED}": (None, "r 0.0.0.0/0")}
    actions = planned(bare, [*_there(kept), row])
    assert (done(actions), ledger_afterwards(actions, "Table", RETAINED)) == ({}, frozenset())
    assert tagging(actions, forgotten("Table")) == ({}, [RETAINED])
    assert CHILDREN in _there(kept)[1].tags


RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    name: {"GroupId": ref("Group"), "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"}
    for name, port in (("One", 1), ("Two", 2), ("Three", 3))
}
OUR_GROUP: Final = live(GROUP, "sg-1", "Group", {"VpcId": "vpc-9", "GroupDescription": "d"})
ONLY_GROUP: Final = wanted(Group=(GROUP, {"VpcId": "vpc-9", "GroupDescription": "d"}))


def test_rules_that_stay_are_made_by_a_call_of_their_own_and_say_so_themselves() -> None:
    plan = {
        **ONLY_GROUP,
        **wanted(Three=(RULE, RULES["Three"])),
        **{name: Resource(name, RULE, RULES[name], deletion_policy="Retain") for name in ("One", "Two")},
    }
    actions = planned(plan, [OUR_GROUP])
    assert together(actions, made("One"), made("Two"))
    assert not together(actions, made("One"), made("Three"))
    rule = live(RULE, "sgr-1", "One", {**RULES["One"], "GroupId": "sg-1"})
    known = replace(rule, tags={**rule.tags, ON_DELETE: "retain"})
    assert changes_of(planned(plan, [OUR_GROUP, rule]), "One") == {f"Tags.{ON_DELETE}": (None, "retain")}
    bare = {**ONLY_GROUP, **wanted(One=(RULE, RULES["One"]))}
    assert changes_of(planned(bare, [OUR_GROUP, known]), "One") == {f"Tags.{ON_DELETE}": ("retain", None)}
    actions = planned(ONLY_GROUP, [OUR_GROUP, known])
    assert (done(actions), actions.problems) == ({"sgr-1": "forget"}, [])
    assert tagging(actions, gone("sgr-1")) == ({}, [key for key in known.tags if key in (PLAN, RUN, BOUND, ON_DELETE)])
    [problem] = planned({}, [OUR_GROUP, known]).problems
    assert f"take the tag {ON_DELETE} off it" in problem
