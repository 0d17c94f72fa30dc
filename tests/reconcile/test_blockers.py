"""Who holds what AWS refuses to delete: strangers are named, ours and AWS's own go by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.proofs import UnprovenClaim
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Found, Kind
from ocpprov.reconcile.blockers import dependents_of_others
from ocpprov.reconcile.context import LiveState
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


def world_with(tmp_path: Path, **pages: Any) -> World:
    world = World(tmp_path, kinds=KINDS)
    world.cloud.pages.update(pages)
    return world


def interface(description: str = "", **more: Any) -> Mapping[str, Any]:
    return {"NetworkInterfaceId": "eni-1", "Description": description, **more}


INTERFACES: Sequence[tuple[Mapping[str, Any], Sequence[str]]] = (
    (interface(), ["network interface eni-1"]),
    ({"NetworkInterfaceId": "eni-1"}, ["network interface eni-1"]),
    (interface("a database"), ["network interface eni-1 (a database)"]),
    (interface("a database", RequesterManaged=False), ["network interface eni-1 (a database)"]),
    (interface("a database", RequesterManaged=True), []),
    (interface(InterfaceType="interface"), ["network interface eni-1"]),
    (interface(InterfaceType="nat_gateway"), []),
    (interface(InterfaceType="network_load_balancer"), []),
    (interface(InterfaceType="vpc_endpoint"), []),
    (interface(InterfaceType="gateway_load_balancer"), []),
    (interface("ELB net/ours/abc", RequesterManaged=True), []),
    (interface("ELB net/ours/abc"), ["network interface eni-1 (ELB net/ours/abc)"]),
    (interface("ELB classic"), ["network interface eni-1 (ELB classic)"]),
    (interface("ELB classic", RequesterManaged=True), []),
    (interface("ELB net/theirs/abc", RequesterManaged=True), ["ELB net/theirs/abc (network interface eni-1)"]),
    (interface("VPC Endpoint Interface vpce-1", RequesterManaged=True), []),
    (
        interface("VPC Endpoint Interface vpce-2", InterfaceType="vpc_endpoint"),
        ["VPC Endpoint Interface vpce-2 (network interface eni-1)"],
    ),
    ({"NetworkInterfaceId": "eni-nat", "Description": "Interface for NAT Gateway nat-1"}, []),
)


@pytest.mark.parametrize(("one", "said"), INTERFACES)
@pytest.mark.parametrize("held", [SUBNET, VPC, GROUP], ids=lambda held: held.id)
def test_network_interfaces(held: Live, one: Mapping[str, Any], said: Sequence[str], tmp_path: Path) -> None:
    world = world_with(
        tmp_path,
        describe_network_interfaces={"NetworkInterfaces": [one]},
        describe_nat_gateways={
            "NatGateways": [
                {"NatGatewayId": "nat-0"},
                {"NatGatewayId": "nat-1", "NatGatewayAddresses": [{}, {"NetworkInterfaceId": "eni-nat"}]},
            ]
        },
    )
    for name, live_state in (
        ("Balancer", live("AWS::ElasticLoadBalancingV2::LoadBalancer", ARN)),
        ("Classic", live("AWS::ElasticLoadBalancing::LoadBalancer", "classic")),
        ("Endpoint", live("AWS::EC2::VPCEndpoint", "vpce-1")),
        ("Theirs", Live("AWS::EC2::VPCEndpoint", "vpce-2", {})),
    ):
        world.live_state.add(name, live_state)
        world.live_state.remove(live_state)
    assert dependents_of_others(held, world.context) == said


@pytest.mark.parametrize(
    ("held", "filter_", "vpc"),
    [
        (SUBNET, "subnet-id", "vpc-1"),
        (VPC, "vpc-id", "vpc-1"),
        (GROUP, "group-id", "vpc-1"),
        (live("AWS::EC2::Subnet", "subnet-nowhere"), "subnet-id", ""),
    ],
    ids=lambda value: getattr(value, "id", value),
)
def test_what_is_asked_for(held: Live, filter_: str, vpc: str, tmp_path: Path) -> None:
    world = world_with(tmp_path)
    asked: list[Any] = []
    reader: Any = world.context.reader
    read = reader.read

    class Told:
        """Keeps what is asked for."""

        def read(self, wanted: Sequence[Any]) -> Any:
            asked.extend((one.operation, one.arguments()) for one in wanted)
            return read(wanted)

        attempt = reader.attempt

    told: Any = Told()
    dependents_of_others(held, replace(world.context, reader=told))
    assert asked[:2] == [
        ("describe_network_interfaces", {"Filters": [{"Name": filter_, "Values": [held.id]}]}),
        ("describe_nat_gateways", {"Filter": [{"Name": "vpc-id", "Values": [vpc]}]}),
    ]
    if held is GROUP:
        assert asked[2:] == [
            ("describe_security_groups", {"Filters": [{"Name": "ip-permission.group-id", "Values": ["sg-1"]}]})
        ]


def test_of_other_types_nobody_asks_for_interfaces(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    assert dependents_of_others(live("AWS::EC2::InternetGateway", "igw-1"), world.context) == []
    assert world.cloud.looks == []


def test_who_may_not_look_is_told(tmp_path: Path) -> None:
    error = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no"))
    world = world_with(tmp_path, describe_network_interfaces=error)
    with pytest.raises(AwsError) as caught:
        dependents_of_others(SUBNET, world.context)
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
    assert dependents_of_others(VPC, world.context) == [f"AWS::EC2::{name} x-1"]
    assert dependents_of_others(SUBNET, world.context) == []


def test_of_what_only_claims_to_be_ours_it_is_said_how_to_say_that_it_is(tmp_path: Path) -> None:
    claim = live("AWS::EC2::Subnet", "subnet-9", VpcId="vpc-1")
    world = World(tmp_path, kinds=KINDS)
    actions = replace(world.actions(), unproven=[UnprovenClaim(claim, "nothing shows it")])
    context = replace(world.context, live_state=LiveState(actions, Inventory(), Found(world.owner)))
    world.has(KINDS["AWS::EC2::Subnet"], "subnet-9", OURS, VpcId="vpc-1")
    said = "AWS::EC2::Subnet subnet-9 (or, if it is this plan's, add --allow subnet-9)"
    assert dependents_of_others(VPC, context) == [said]


def test_rules_of_other_groups(tmp_path: Path) -> None:
    groups = [
        {"GroupId": "sg-1"},
        {"GroupId": "sg-2"},
        {"GroupId": "sg-ours", "Tags": [{"Key": PLAN, "Value": "lab"}, {"Key": "Name", "Value": "x"}]},
        {"GroupId": "sg-other", "Tags": [{"Key": PLAN, "Value": "other"}]},
    ]
    world = world_with(tmp_path, describe_security_groups={"SecurityGroups": groups})
    assert dependents_of_others(GROUP, world.context) == [
        "a rule of security group sg-2",
        "a rule of security group sg-other",
    ]
    assert dependents_of_others(SUBNET, world.context) == []


def test_records_of_a_zone(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    kind = KINDS["AWS::Route53::RecordSet"]
    world.has(kind, "r-1", HostedZoneId="Z1", Name="a.example.org", Type="A")
    world.has(kind, "r-2", HostedZoneId="Z2", Name="b.example.org", Type="A")
    world.has(kind, "r-3", HostedZoneId="Z1", Name="example.org", Type="NS").service_owned = True
    assert dependents_of_others(ZONE, world.context) == ["record a.example.org A"]


def test_all_are_named_one_after_another(tmp_path: Path) -> None:
    world = world_with(tmp_path, describe_network_interfaces={"NetworkInterfaces": [interface("theirs")]})
    world.has(KINDS["AWS::EC2::Subnet"], "subnet-9", VpcId="vpc-1")
    world.has(KINDS["AWS::EC2::VPCEndpoint"], "vpce-9", VpcId="vpc-1")
    assert dependents_of_others(VPC, world.context) == [
        "network interface eni-1 (theirs)",
        "AWS::EC2::Subnet subnet-9",
        "AWS::EC2::VPCEndpoint vpce-9",
    ]
