"""Who holds what AWS refuses to delete: strangers are named, ours and AWS's own go by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.blockers import blockers_of
from ocpprov.reconcile.context import Context, LiveState
from tests.reconcile.things import Thing
from tests.reconcile.world import World

OURS = {PLAN: "lab"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/ours/abc"
IN_A_VPC = ("Subnet", "SecurityGroup", "RouteTable", "NetworkAcl", "VPCEndpoint")


def kind_of(name: str) -> Kind:
    kind = type("Other", (Thing,), {"type": name})()
    assert isinstance(kind, Thing)
    return kind


KINDS = {name: kind_of(name) for name in (*(f"AWS::EC2::{name}" for name in IN_A_VPC), "AWS::Route53::RecordSet")}


def live(type: str, id: str, **properties: Any) -> Live:
    return Live(type, id, properties, tags=OURS)


SUBNET = live("AWS::EC2::Subnet", "subnet-1", VpcId="vpc-1")
VPC = live("AWS::EC2::VPC", "vpc-1")
GROUP = live("AWS::EC2::SecurityGroup", "sg-1", VpcId="vpc-1")
ZONE = live("AWS::Route53::HostedZone", "Z1")


def held_by(live_: Live, context: Context) -> list[str]:
    """Who of others holds it, in words."""
    return [blocker.what for blocker in blockers_of(live_, context) if not blocker.going]


def world_with(tmp_path: Path, **pages: Any) -> World:
    world = World(tmp_path, kinds=KINDS)
    world.cloud.pages.update(pages)
    return world


THEIRS: Mapping[str, Any] = {"NetworkInterfaceId": "eni-1", "Description": "theirs"}


def test_of_what_nothing_can_hold_nobody_asks(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    assert held_by(live("AWS::EC2::InternetGateway", "igw-1"), world.context) == []
    assert world.cloud.looks == []


def test_who_may_not_look_is_told(tmp_path: Path) -> None:
    error = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no"))
    world = world_with(tmp_path, describe_network_interfaces=error)
    with pytest.raises(AwsError) as caught:
        held_by(SUBNET, world.context)
    assert caught.value is error


@pytest.mark.parametrize("name", IN_A_VPC)
def test_what_lies_in_a_vpc(name: str, tmp_path: Path) -> None:
    world = world_with(tmp_path)
    kind = KINDS[f"AWS::EC2::{name}"]
    world.has(kind, "x-1", VpcId="vpc-1")
    world.has(kind, "x-other", VpcId="vpc-2")
    world.has(kind, "x-nowhere")
    world.has(kind, "x-ours", OURS, VpcId="vpc-1")
    world.has(kind, "x-main", VpcId="vpc-1").service_owned = True
    assert held_by(VPC, world.context) == [f"AWS::EC2::{name} x-1"]
    assert held_by(SUBNET, world.context) == []


def test_of_what_guard_duty_made_it_is_said_what_to_do(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    kind = KINDS["AWS::EC2::SecurityGroup"]
    world.has(kind, "sg-9", VpcId="vpc-1", GroupName="GuardDutyManagedSecurityGroup-vpc-1")
    world.has(kind, "sg-8", VpcId="vpc-1", GroupName="theirs")
    steps = {blocker.what: blocker.step for blocker in blockers_of(VPC, world.context)}
    assert steps["AWS::EC2::SecurityGroup sg-8"] == ""
    assert steps["AWS::EC2::SecurityGroup sg-9"].startswith("delete GuardDuty's endpoint")


def test_of_what_only_claims_to_be_ours_it_is_said_how_to_say_that_it_is(tmp_path: Path) -> None:
    claim = live("AWS::EC2::Subnet", "subnet-9", VpcId="vpc-1")
    world = World(tmp_path, kinds=KINDS)
    actions = replace(world.actions(), unproven=[UnprovenClaim(claim, "nothing shows it")])
    context = replace(world.context, live_state=LiveState(actions, Inventory(), Found(world.owner)))
    world.has(KINDS["AWS::EC2::Subnet"], "subnet-9", OURS, VpcId="vpc-1")
    said = "AWS::EC2::Subnet subnet-9 (or, if it is this plan's, add --allow subnet-9)"
    assert held_by(VPC, context) == [said]


def test_records_of_a_zone(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    kind = KINDS["AWS::Route53::RecordSet"]
    world.has(kind, "r-1", HostedZoneId="Z1", Name="a.example.org", Type="A")
    world.has(kind, "r-2", HostedZoneId="Z2", Name="b.example.org", Type="A")
    world.has(kind, "r-3", HostedZoneId="Z1", Name="example.org", Type="NS").service_owned = True
    assert held_by(ZONE, world.context) == ["record a.example.org A"]


def test_all_are_named_one_after_another(tmp_path: Path) -> None:
    world = world_with(tmp_path, describe_network_interfaces={"NetworkInterfaces": [THEIRS]})
    world.has(KINDS["AWS::EC2::Subnet"], "subnet-9", VpcId="vpc-1")
    world.has(KINDS["AWS::EC2::VPCEndpoint"], "vpce-9", VpcId="vpc-1")
    assert held_by(VPC, world.context) == [
        "network interface eni-1 (theirs)",
        "AWS::EC2::Subnet subnet-9",
        "AWS::EC2::VPCEndpoint vpce-9",
    ]
