"""Network interfaces in the way: those of others are named, with what to do; ours and AWS's own go by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.interface_blockers import interface_blockers, step_about
from tests.reconcile.world import World

OURS = {PLAN: "lab"}
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/"
REGION = "com.amazonaws.eu-west-1"
GUARD = (
    "delete GuardDuty's endpoint, and when it is gone the group GuardDutyManagedSecurityGroup-vpc-1: GuardDuty makes "
    "them again only while machines run in the VPC and its automated agent is on"
)


def live(type: str, id: str, **properties: Any) -> Live:
    return Live(type, id, properties, tags=OURS)


SUBNET = live("AWS::EC2::Subnet", "subnet-1", VpcId="vpc-1")
VPC = live("AWS::EC2::VPC", "vpc-1")
GROUP = live("AWS::EC2::SecurityGroup", "sg-1", VpcId="vpc-1")
ATTACHED = live("AWS::EC2::VPCGatewayAttachment", "igw-1|vpc-1", VpcId="vpc-1")
ADDRESS = live("AWS::EC2::EIP", "eipalloc-1")


def managed(description: str, type: str = "interface", **more: Any) -> Mapping[str, Any]:
    return {
        "NetworkInterfaceId": "eni-1",
        "Description": description,
        "InterfaceType": type,
        "RequesterManaged": True,
        **more,
    }


def world_with(tmp_path: Path, interface: Mapping[str, Any], **pages: Any) -> World:
    """With a balancer of each sort, an endpoint, a gateway and an attachment that were ours and are gone."""
    world = World(tmp_path)
    world.cloud.pages.update({"describe_network_interfaces": {"NetworkInterfaces": [interface]}, **pages})
    for name, gone in (
        ("Balancer", live("AWS::ElasticLoadBalancingV2::LoadBalancer", f"{ARN}net/ours/abc")),
        ("Classic", live("AWS::ElasticLoadBalancing::LoadBalancer", "classic")),
        ("Endpoint", live("AWS::EC2::VPCEndpoint", "vpce-1")),
        ("Gateway", live("AWS::EC2::NatGateway", "nat-1")),
        ("Transit", live("AWS::EC2::TransitGatewayAttachment", "tgw-attach-1")),
        ("Theirs", Live("AWS::EC2::VPCEndpoint", "vpce-2", {})),
    ):
        world.live_state.add(name, gone)
        world.live_state.remove(gone)
    return world


TRANSIT = "Network Interface for Transit Gateway Attachment tgw-attach-"


@pytest.mark.parametrize(
    "one",
    [
        managed("ELB net/ours/abc", "network_load_balancer"),
        managed("ELB classic"),
        managed("VPC Endpoint Interface vpce-1", "vpc_endpoint"),
        managed("Interface for NAT Gateway nat-1", "nat_gateway"),
        managed(f"{TRANSIT}1", "transit_gateway"),
        managed(""),
    ],
    ids=lambda one: one["Description"],
)
@pytest.mark.parametrize("held", [SUBNET, VPC, GROUP], ids=lambda held: held.id)
def test_what_was_ours_goes_by_itself_and_nobody_asks_for_it(
    held: Live, one: Mapping[str, Any], tmp_path: Path
) -> None:
    world = world_with(tmp_path, one)
    assert list(interface_blockers(held, world.context)) == []
    assert world.cloud.looks == ["describe_network_interfaces", "describe_nat_gateways"]


THEIR_BALANCER = {"LoadBalancers": [{"LoadBalancerArn": f"{ARN}net/theirs/abc", "State": {"Code": "active"}}]}
THEIR_CLASSIC = {"LoadBalancerDescriptions": [{"LoadBalancerName": "theirs"}]}


def endpoint(state: str = "available", **more: Any) -> Mapping[str, Any]:
    return {"VpcEndpoints": [{"VpcEndpointId": "vpce-2", "State": state, "VpcId": "vpc-1", **more}]}


def gateway(state: str) -> Mapping[str, Any]:
    return {"NatGateways": [{"NatGatewayId": "nat-2", "State": state}]}


def attachment(state: str) -> Mapping[str, Any]:
    return {"TransitGatewayVpcAttachments": [{"TransitGatewayAttachmentId": "tgw-attach-2", "State": state}]}


NETWORK = managed("ELB net/theirs/abc", "network_load_balancer")
POINT = managed("VPC Endpoint Interface vpce-2", "vpc_endpoint")
NAT = managed("Interface for NAT Gateway nat-2", "nat_gateway")
BY_AWS = "delete what it belongs to in the service that made it"

OWNED: Sequence[tuple[Mapping[str, Any], Mapping[str, Any], Blocker | None]] = (
    (
        NETWORK,
        {"describe_load_balancers": THEIR_BALANCER},
        Blocker("load balancer net/theirs/abc (network interface eni-1)"),
    ),
    (NETWORK, {"describe_load_balancers": {"LoadBalancers": []}}, None),
    (NETWORK, {"describe_load_balancers": {"LoadBalancers": [{"LoadBalancerArn": f"{ARN}net/theirs/new"}]}}, None),
    (
        managed("ELB theirs"),
        {"describe_load_balancers": THEIR_CLASSIC},
        Blocker("load balancer theirs (network interface eni-1)"),
    ),
    (managed("ELB theirs"), {"describe_load_balancers": {"LoadBalancerDescriptions": []}}, None),
    (POINT, {"describe_vpc_endpoints": endpoint()}, Blocker("VPC endpoint vpce-2 (network interface eni-1)")),
    (POINT, {"describe_vpc_endpoints": endpoint("Deleting")}, None),
    (POINT, {"describe_vpc_endpoints": {"VpcEndpoints": []}}, None),
    (
        POINT,
        {"describe_vpc_endpoints": endpoint(RequesterManaged=True)},
        Blocker("VPC endpoint vpce-2 (network interface eni-1)", BY_AWS),
    ),
    (
        POINT,
        {"describe_vpc_endpoints": endpoint(RequesterManaged=True, ServiceName=f"{REGION}.guardduty-data")},
        Blocker("GuardDuty's VPC endpoint vpce-2 (network interface eni-1)", GUARD),
    ),
    (NAT, {"describe_nat_gateways": gateway("available")}, Blocker("NAT gateway nat-2 (network interface eni-1)")),
    (NAT, {"describe_nat_gateways": gateway("pending")}, Blocker("NAT gateway nat-2 (network interface eni-1)")),
    (NAT, {"describe_nat_gateways": gateway("deleting")}, None),
    (NAT, {"describe_nat_gateways": gateway("failed")}, None),
    (NAT, {"describe_nat_gateways": {"NatGateways": []}}, None),
    (
        managed(f"{TRANSIT}2", "transit_gateway"),
        {"describe_transit_gateway_vpc_attachments": attachment("available")},
        Blocker("transit gateway attachment tgw-attach-2 (network interface eni-1)"),
    ),
    (
        managed(f"{TRANSIT}2", "transit_gateway"),
        {"describe_transit_gateway_vpc_attachments": attachment("deleted")},
        None,
    ),
)


@pytest.mark.parametrize(("one", "pages", "said"), OWNED)
def test_what_others_have_is_named_while_it_is_there(
    one: Mapping[str, Any], pages: Mapping[str, Any], said: Blocker | None, tmp_path: Path
) -> None:
    world = world_with(tmp_path, one, **pages)
    assert list(interface_blockers(SUBNET, world.context)) == ([said] if said else [])


def test_an_endpoint_that_does_not_say_its_vpc_is_guard_dutys_all_the_same(tmp_path: Path) -> None:
    said = {"VpcEndpoints": [{"VpcEndpointId": "vpce-2", "ServiceName": f"{REGION}.guardduty-data"}]}
    [blocker] = interface_blockers(SUBNET, world_with(tmp_path, POINT, describe_vpc_endpoints=said).context)
    assert blocker.step == GUARD.replace("vpc-1", "")


@pytest.mark.parametrize(
    ("one", "operation", "what"),
    [
        (NETWORK, "describe_load_balancers", "load balancer net/theirs/abc"),
        (POINT, "describe_vpc_endpoints", "VPC endpoint vpce-2"),
    ],
)
def test_what_nobody_may_look_at_counts_as_being_there(
    one: Mapping[str, Any], operation: str, what: str, tmp_path: Path
) -> None:
    world = world_with(tmp_path, one, **{operation: AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no"))})
    assert list(interface_blockers(SUBNET, world.context)) == [Blocker(f"{what} (network interface eni-1)")]


STRANGERS: Sequence[tuple[Mapping[str, Any], Blocker]] = (
    ({"NetworkInterfaceId": "eni-1"}, Blocker("network interface eni-1")),
    ({"NetworkInterfaceId": "eni-1", "Description": "a server"}, Blocker("network interface eni-1 (a server)")),
    (
        {"NetworkInterfaceId": "eni-1", "Attachment": {"InstanceId": "i-1"}},
        Blocker("instance i-1 (network interface eni-1)"),
    ),
    (
        managed("EFS mount target for fs-1 (fsmt-1)"),
        Blocker(
            "a mount target of EFS (network interface eni-1: EFS mount target for fs-1 (fsmt-1))",
            "delete the file system's mount target in EFS",
        ),
    ),
    (
        managed("AWS Lambda VPC ENI-pay-1", "lambda", Status="available"),
        Blocker(
            "a Lambda function (network interface eni-1: AWS Lambda VPC ENI-pay-1)",
            "delete the function or take it out of the VPC; AWS removes its interface up to 40 minutes later",
            going=True,
        ),
    ),
    (
        managed("something new", RequesterId="amazon-new"),
        Blocker(
            "a service of AWS (network interface eni-1: something new of amazon-new)",
            "delete what the interface belongs to in that service",
        ),
    ),
    (
        managed("something new"),
        Blocker(
            "a service of AWS (network interface eni-1: something new)",
            "delete what the interface belongs to in that service",
        ),
    ),
)


@pytest.mark.parametrize(("one", "said"), STRANGERS)
def test_strangers(one: Mapping[str, Any], said: Blocker, tmp_path: Path) -> None:
    assert list(interface_blockers(SUBNET, world_with(tmp_path, one).context)) == [said]


@pytest.mark.parametrize(("state", "held"), [("available", True), ("deleted", False)])
def test_a_gateway_says_which_interfaces_are_its_own(state: str, held: bool, tmp_path: Path) -> None:
    one = {"NetworkInterfaceId": "eni-1"}
    addresses = [{}, {"NetworkInterfaceId": "eni-1"}]
    gateways: list[dict[str, Any]] = [
        {"NatGatewayId": "nat-0"},
        {"NatGatewayId": "nat-2", "State": state, "NatGatewayAddresses": addresses},
    ]
    world = world_with(tmp_path, one, describe_nat_gateways={"NatGateways": gateways})
    said = [Blocker("NAT gateway nat-2 (network interface eni-1)")]
    assert list(interface_blockers(SUBNET, world.context)) == (said if held else [])
    gateways[1]["NatGatewayId"] = "nat-1"
    assert list(interface_blockers(SUBNET, world.context)) == []
    addresses[1]["NetworkInterfaceId"] = "eni-2"
    assert list(interface_blockers(SUBNET, world.context)) == [Blocker("network interface eni-1")]


def test_an_internet_gateway_is_kept_by_public_addresses_alone(tmp_path: Path) -> None:
    one = {"NetworkInterfaceId": "eni-1"}
    assert list(interface_blockers(ATTACHED, world_with(tmp_path, one).context)) == []
    public = {**one, "Association": {"PublicIp": "192.0.2.1"}}
    assert list(interface_blockers(ATTACHED, world_with(tmp_path, public).context)) == [
        Blocker("network interface eni-1")
    ]


IN_VPC = {"Filter": [{"Name": "vpc-id", "Values": ["vpc-1"]}]}


@pytest.mark.parametrize(
    ("held", "filter_", "value", "gateways"),
    [
        (SUBNET, "subnet-id", "subnet-1", IN_VPC),
        (VPC, "vpc-id", "vpc-1", IN_VPC),
        (GROUP, "group-id", "sg-1", IN_VPC),
        (ATTACHED, "vpc-id", "vpc-1", IN_VPC),
        (ADDRESS, "association.allocation-id", "eipalloc-1", {}),
        (live("AWS::EC2::Subnet", "subnet-nowhere"), "subnet-id", "subnet-nowhere", {}),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_what_is_asked_for(held: Live, filter_: str, value: str, gateways: Any, tmp_path: Path) -> None:
    world = world_with(tmp_path, POINT)
    asked: list[Any] = []

    class Told:
        """Keeps what is asked for."""

        def read(self, wanted: Sequence[Any]) -> Any:
            asked.extend((one.operation, one.arguments()) for one in wanted)
            return world.context.reader.read(wanted)

        def attempt(self, wanted: Sequence[Any]) -> Any:
            asked.extend((one.operation, one.arguments()) for one in wanted)
            return world.context.reader.attempt(wanted)

    told: Any = Told()
    list(interface_blockers(held, replace(world.context, reader=told)))
    assert asked[:2] == [
        ("describe_network_interfaces", {"Filters": [{"Name": filter_, "Values": [value]}]}),
        ("describe_nat_gateways", gateways),
    ]
    if held is not ATTACHED:
        assert asked[2:] == [("describe_vpc_endpoints", {"VpcEndpointIds": ["vpce-2"]})]


@pytest.mark.parametrize(
    ("one", "operation", "arguments"),
    [
        (NETWORK, "describe_load_balancers", {"Names": ["theirs"]}),
        (managed("ELB theirs"), "describe_load_balancers", {"LoadBalancerNames": ["theirs"]}),
        (
            managed(f"{TRANSIT}2", "transit_gateway"),
            "describe_transit_gateway_vpc_attachments",
            {"Filters": [{"Name": "transit-gateway-attachment-id", "Values": ["tgw-attach-2"]}]},
        ),
    ],
)
def test_how_owners_are_asked_for(one: Mapping[str, Any], operation: str, arguments: Any, tmp_path: Path) -> None:
    world = world_with(tmp_path, one)
    asked: list[Any] = []

    class Told:
        """Keeps what is attempted."""

        read = world.context.reader.read

        def attempt(self, wanted: Sequence[Any]) -> Any:
            asked.extend((each.operation, each.arguments()) for each in wanted)
            return world.context.reader.attempt(wanted)

    told: Any = Told()
    list(interface_blockers(SUBNET, replace(world.context, reader=told)))
    assert asked == [(operation, arguments)]


@pytest.mark.parametrize(
    ("one", "step"),
    [
        (live("AWS::EC2::VPCEndpoint", "vpce-2", VpcId="vpc-1", ServiceName=f"{REGION}.guardduty-data"), GUARD),
        (live("AWS::EC2::VPCEndpoint", "vpce-2", VpcId="vpc-1", ServiceName=f"{REGION}.s3"), ""),
        (
            live("AWS::EC2::SecurityGroup", "sg-2", VpcId="vpc-1", GroupName="GuardDutyManagedSecurityGroup-vpc-1"),
            GUARD,
        ),
        (live("AWS::EC2::SecurityGroup", "sg-2", VpcId="vpc-1", GroupName="mine"), ""),
        (live("AWS::EC2::Subnet", "subnet-1"), ""),
    ],
)
def test_what_guard_duty_made_in_a_vpc(one: Live, step: str) -> None:
    assert step_about(one) == step


def test_where_aws_does_not_say_in_which_network_it_is_nothing_is_made_up() -> None:
    guard = live("AWS::EC2::VPCEndpoint", "vpce-1", ServiceName=f"{REGION}.guardduty-data")
    assert step_about(guard) == GUARD.replace("vpc-1", "")
