"""The network part: what Red Hat's template 01_vpc.yaml makes, under the same logical ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import islice
from typing import Literal

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.plan.model import OpenShift, SubnetCIDRs

ANYWHERE = "0.0.0.0/0"
MAX_ZONES = 3


@dataclass(frozen=True)
class Zone:
    """An availability zone of the plan; `index` counts from 0 and stays with the zone's resources for ever."""

    index: int
    name: str

    def named(self, stem: str) -> str:
        """A logical id as Red Hat's templates count them: `NAT`, `NAT2`, `NAT3`."""
        return stem if self.index == 0 else f"{stem}{self.index + 1}"


def subnet_blocks(section: OpenShift) -> SubnetCIDRs:
    """The subnets' blocks, by zone index.

    Without `subnetCIDRs` they are the first six blocks of 2^subnetBits addresses of the machine network: three public
    ones, then three private ones, however many zones there are, so that a zone added later moves nothing.
    Raises ValueError where the machine network has no room for six.
    """
    if section.subnet_cidrs is not None:
        return section.subnet_cidrs
    prefix = 32 - section.subnet_bits
    machine = section.machine_network
    if machine.num_addresses < 2 * MAX_ZONES * 2**section.subnet_bits:
        raise ValueError(f"{machine} has no room for {2 * MAX_ZONES} subnets of {section.subnet_bits} bits")
    blocks: list[IPv4Network] = list(islice(machine.subnets(new_prefix=prefix), 2 * MAX_ZONES))
    return SubnetCIDRs(public=blocks[:MAX_ZONES], private=blocks[MAX_ZONES:])


def network(section: OpenShift, region: str, zones: Sequence[Zone]) -> Iterator[Resource]:
    """Everything that exists before the cluster has an infraID."""
    yield _vpc(section)
    if section.public_subnets:
        yield from _internet_gateway()
        for zone in zones:
            yield from _public_subnet(section, zone)
    for zone in _nat_zones(section, zones):
        yield from _nat_gateway(section, zone)
    for zone in zones:
        yield from _private_subnet(section, zone)
    if section.egress != "none":
        for zone in zones:
            yield _private_default_route(section, zones, zone)
    if "s3" in section.endpoints:
        yield _s3_endpoint(section, region, zones)


def _vpc(section: OpenShift) -> Resource:
    properties: dict[str, Value] = {
        "CidrBlock": str(section.machine_network),
        "EnableDnsSupport": True,
        "EnableDnsHostnames": True,
    }
    return Resource("VPC", "AWS::EC2::VPC", properties)


def _internet_gateway() -> Iterator[Resource]:
    yield Resource("InternetGateway", "AWS::EC2::InternetGateway")
    yield Resource(
        "GatewayToInternet",
        "AWS::EC2::VPCGatewayAttachment",
        {"VpcId": Ref("VPC"), "InternetGatewayId": Ref("InternetGateway")},
    )
    yield Resource("PublicRouteTable", "AWS::EC2::RouteTable", {"VpcId": Ref("VPC")})
    # Nothing in the route refers to the attachment, but AWS refuses a route to a gateway that is not attached.
    yield Resource(
        "PublicRoute",
        "AWS::EC2::Route",
        {
            "RouteTableId": Ref("PublicRouteTable"),
            "DestinationCidrBlock": ANYWHERE,
            "GatewayId": Ref("InternetGateway"),
        },
        depends_on=("GatewayToInternet",),
    )


def _public_subnet(section: OpenShift, zone: Zone) -> Iterator[Resource]:
    subnet = zone.named("PublicSubnet")
    yield _subnet(section, zone, subnet, "public")
    yield _association(zone.named("PublicSubnetRouteTableAssociation"), subnet, "PublicRouteTable")


def _private_subnet(section: OpenShift, zone: Zone) -> Iterator[Resource]:
    subnet, table = zone.named("PrivateSubnet"), zone.named("PrivateRouteTable")
    yield _subnet(section, zone, subnet, "private")
    yield Resource(table, "AWS::EC2::RouteTable", {"VpcId": Ref("VPC")})
    yield _association(zone.named("PrivateSubnetRouteTableAssociation"), subnet, table)


def _subnet(section: OpenShift, zone: Zone, logical_id: str, side: Literal["public", "private"]) -> Resource:
    blocks = subnet_blocks(section)
    cidrs = blocks.public if side == "public" else blocks.private
    properties: dict[str, Value] = {
        "VpcId": Ref("VPC"),
        "CidrBlock": str(cidrs[zone.index]),
        "AvailabilityZone": zone.name,
        "Tags": _subnet_tags(section, side),
    }
    return Resource(logical_id, "AWS::EC2::Subnet", properties)


def _subnet_tags(section: OpenShift, side: Literal["public", "private"]) -> list[Value]:
    """The tags by which the cluster chooses subnets for its own load balancers.

    The role's value is empty, as the installer writes it (release-4.12, data/data/aws/cluster/vpc/vpc-private.tf);
    Kubernetes looks at the key only.
    """
    role = "kubernetes.io/role/elb" if side == "public" else "kubernetes.io/role/internal-elb"
    tags: list[Value] = [{"Key": role, "Value": ""}]
    if section.infra_id:
        tags.append({"Key": f"kubernetes.io/cluster/{section.infra_id}", "Value": "shared"})
    return tags


def _association(logical_id: str, subnet: str, table: str) -> Resource:
    return Resource(
        logical_id,
        "AWS::EC2::SubnetRouteTableAssociation",
        {"SubnetId": Ref(subnet), "RouteTableId": Ref(table)},
    )


def _nat_zones(section: OpenShift, zones: Sequence[Zone]) -> Sequence[Zone]:
    """The zones that get a NAT gateway of their own."""
    match section.egress:
        case "nat":
            return zones
        case "nat-single":
            return zones[:1]
        case "none":
            return ()


def _nat_gateway(section: OpenShift, zone: Zone) -> Iterator[Resource]:
    """The NAT gateway, and its address unless the plan gives an allocation for this zone."""
    allocation: Value
    if zone.index < len(section.elastic_ips):
        allocation = section.elastic_ips[zone.index]
    else:
        address = zone.named("EIP")
        allocation = GetAtt(address, "AllocationId")
        yield Resource(address, "AWS::EC2::EIP", {"Domain": "vpc"})
    # A NAT gateway in a VPC without an attached internet gateway fails after some minutes, so the order is stated.
    yield Resource(
        zone.named("NAT"),
        "AWS::EC2::NatGateway",
        {"AllocationId": allocation, "SubnetId": Ref(zone.named("PublicSubnet"))},
        depends_on=("GatewayToInternet",),
    )


def _private_default_route(section: OpenShift, zones: Sequence[Zone], zone: Zone) -> Resource:
    nat_zone = zone if section.egress == "nat" else zones[0]
    return Resource(
        zone.named("Route"),
        "AWS::EC2::Route",
        {
            "RouteTableId": Ref(zone.named("PrivateRouteTable")),
            "DestinationCidrBlock": ANYWHERE,
            "NatGatewayId": Ref(nat_zone.named("NAT")),
        },
    )


def _s3_endpoint(section: OpenShift, region: str, zones: Sequence[Zone]) -> Resource:
    """The S3 gateway endpoint, on every route table.

    Unlike most services, S3 has no `cn.` before its service name in China.
    """
    tables: list[Value] = [Ref("PublicRouteTable")] if section.public_subnets else []
    tables.extend(Ref(zone.named("PrivateRouteTable")) for zone in zones)
    allow_all: Value = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
    return Resource(
        "S3Endpoint",
        "AWS::EC2::VPCEndpoint",
        {
            "VpcId": Ref("VPC"),
            "VpcEndpointType": "Gateway",
            "ServiceName": f"com.amazonaws.{region}.s3",
            "RouteTableIds": tables,
            "PolicyDocument": allow_all,
        },
    )
