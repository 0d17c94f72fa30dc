"""What AWS's answer doesn't say of what is there: it changes nothing, and the plan says what wasn't compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import BOUND
from ocpprov.engine.resources import Live
from tests.engine.planning import GROUP, SUBNET, VPC, done, live, planned, ref, untagged, wanted

NAT: Final = "AWS::EC2::NatGateway"
ROLE: Final = "AWS::IAM::Role"
BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "MapPublicIpOnLaunch": True}
OUR_VPC: Final = live(VPC, "vpc-1", "Vpc", BLOCK)
OUR_NET: Final = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET})
NETWORK: Final = wanted(Vpc=(VPC, BLOCK), Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}))


def without(of: Live, *names: str) -> Live:
    return replace(of, properties={name: value for name, value in of.properties.items() if name not in names})


@pytest.mark.parametrize("name", ["CidrBlock", "MapPublicIpOnLaunch"])
def test_what_is_not_said_changes_nothing_and_is_told(name: str) -> None:
    memory = Memory(made=frozenset({(SUBNET, "subnet-1")}))
    actions = planned(NETWORK, [OUR_VPC, without(OUR_NET, name)], memory)
    assert done(actions) == {}
    told = f"AWS's answer doesn't say {name} of {SUBNET} Net: it wasn't compared with the plan"
    assert actions.notes == [told]
    assert planned(NETWORK, [OUR_VPC, OUR_NET], memory).notes == []


def test_what_the_plan_does_not_give_is_not_told() -> None:
    plan = wanted(Vpc=(VPC, BLOCK))
    assert planned(plan, [without(OUR_VPC, "InstanceTenancy", "EnableDnsSupport")]).notes == []


def test_of_many_the_first_are_named() -> None:
    names = [f"Net{number}" for number in range(7)]
    plan = wanted(
        Vpc=(VPC, BLOCK), **{name: (SUBNET, {"VpcId": ref("Vpc"), **NET, "CidrBlock": _block(name)}) for name in names}
    )
    lives = [
        without(live(SUBNET, f"subnet-{name}", name, {"VpcId": "vpc-1", **NET, "CidrBlock": _block(name)}), *NET_ONLY)
        for name in names
    ]
    [note] = planned(plan, [OUR_VPC, *lives]).notes
    assert note.startswith(f"AWS's answer doesn't say MapPublicIpOnLaunch of {SUBNET} Net0, Net1, Net2, Net3, Net4")
    assert " and 2 more: it wasn't" in note


NET_ONLY: Final = ("MapPublicIpOnLaunch",)


def _block(name: str) -> str:
    return f"10.50.{name.removeprefix('Net')}.0/24"


def test_the_proof_stays_as_it_is_where_a_part_of_it_is_not_said() -> None:
    given = {"VpcId": "vpc-1", "GroupDescription": "machines"}
    plan = wanted(Vpc=(VPC, BLOCK), Group=(GROUP, {**given, "VpcId": ref("Vpc")}))
    ours = live(GROUP, "sg-1", "Group", given)
    memory = Memory(made=frozenset({(GROUP, "sg-1")}))
    assert done(planned(plan, [OUR_VPC, ours], memory)) == {}
    assert done(planned(plan, [OUR_VPC, without(ours, "GroupName")], memory)) == {}
    # Where there is none yet, none is written that lacks a part.
    bare = untagged(without(ours, "GroupName"), BOUND)
    assert done(planned(plan, [OUR_VPC, bare], memory)) == {}
    assert done(planned(plan, [OUR_VPC, untagged(ours, BOUND)], memory)) == {"sg-1": "update"}


def test_the_proof_of_a_gateway_keeps_an_address_that_is_not_said() -> None:
    given = {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"}
    plan = {**NETWORK, **wanted(Nat=(NAT, {"SubnetId": ref("Net"), "AllocationId": "eipalloc-1"}))}
    ours = live(NAT, "nat-1", "Nat", given)
    memory = Memory(made=frozenset({(NAT, "nat-1")}))
    bare = replace(without(ours, "AllocationId"), unanswered=frozenset({"AllocationId"}))
    assert done(planned(plan, [OUR_VPC, OUR_NET, bare], memory)) == {}


def test_a_part_that_a_proof_need_not_have_is_no_lack() -> None:
    given = {"SubnetId": "subnet-1", "ConnectivityType": "private"}
    plan = wanted(
        Vpc=(VPC, BLOCK), Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}), Nat=(NAT, {**given, "SubnetId": ref("Net")})
    )
    ours = live(NAT, "nat-1", "Nat", given)
    memory = Memory(made=frozenset({(NAT, "nat-1")}))
    assert done(planned(plan, [OUR_VPC, OUR_NET, ours], memory)) == {}
    assert done(planned(plan, [OUR_VPC, OUR_NET, untagged(ours, BOUND)], memory)) == {"nat-1": "update"}


ROLES: Final[Mapping[str, Any]] = {"RoleName": "lab-machines", "AssumeRolePolicyDocument": {"Statement": []}}


def test_what_the_plan_made_and_has_no_tags_any_more_is_left_by_a_destroy_and_told() -> None:
    ours = live(ROLE, "lab-machines", "Role", ROLES)
    bare = replace(ours, tags={"team": "net"})
    memory = Memory(made=frozenset({(ROLE, "lab-machines")}))
    told = (
        f"{ROLE} lab-machines was made by this plan, and AWS's answer has no tag of it: left alone; "
        "--allow lab-machines says that it is this plan's"
    )
    actions = planned({}, [bare], memory)
    assert (done(actions), actions.notes) == ({}, [told])
    # What goes, what nobody remembers, what AWS keeps, and what an apply finds aren't told.
    assert (done(planned({}, [ours], memory)), planned({}, [ours], memory).notes) == ({"lab-machines": "delete"}, [])
    assert planned({}, [bare]).notes == []
    assert planned({}, [replace(bare, service_owned=True)], memory).notes == []
    assert planned(wanted(Vpc=(VPC, BLOCK)), [OUR_VPC, bare], memory).notes == []
