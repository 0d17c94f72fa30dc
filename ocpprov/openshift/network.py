"""The network part: what Red Hat's template 01_vpc.yaml makes, under the same logical ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final, Literal

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.naming import PRIVATE_SUBNET, PUBLIC_SUBNET, Zone, block_label, id_label
from ocpprov.openshift.shared_network import owners_subnets
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_blocks import subnet_blocks

ANYWHERE: Final = "0.0.0.0/0"
ATTACHMENT: Final = "GatewayToInternet"


def vpc(layout: Layout) -> Iterator[Resource]:
    """The VPC, unless the plan names one."""
    if layout.makes_vpc:
        properties: dict[str, Value] = {
            "CidrBlock": str(layout.section.machine_network),
            "EnableDnsSupport": True,
            "EnableDnsHostnames": True,
        }
        yield Resource("VPC", "AWS::EC2::VPC", properties)


def secondary_networks(layout: Layout) -> Iterator[Resource]:
    """Further blocks of the VPC."""
    for network in layout.section.further_networks:
        properties: dict[str, Value] = {"VpcId": layout.vpc, "CidrBlock": str(network)}
        yield Resource(secondary_network_id(network), "AWS::EC2::VPCCidrBlock", properties)


def secondary_network_id(network: IPv4Network) -> str:
    """By the block itself: a number would move when the plan's list changes, and the block be replaced."""
    return f"VPCCidrBlock{block_label(network)}"


def network(layout: Layout) -> Iterator[Resource]:
    """Subnets, gateways, NAT gateways and route tables; nothing where the plan names its subnets."""
    section, zones = layout.section, layout.zones
    if zones and section.public_subnets:
        yield from _internet_gateway(layout)
        for zone in zones:
            yield from _public_subnet(layout, zone)
    for zone in _nat_zones(section, zones):
        yield from _nat_gateway(layout, zone)
    for zone in zones:
        yield from _private_subnet(layout, zone)
    if section.egress != "none":
        for zone in zones:
            yield _private_default_route(section, zones, zone)


def cluster_tag(infra_id: str) -> Value:
    """The tag by which the cluster knows subnets that it may use and must not delete."""
    return {"Key": f"kubernetes.io/cluster/{infra_id}", "Value": "shared"}


def shared_tags(layout: Layout) -> Iterator[Resource]:
    """The cluster's tag on subnets that the plan names and this account owns. Nothing else is ever changed on them."""
    of_others = {each.id for each in owners_subnets(layout.section, layout.facts)}
    for subnet in (each for each in layout.section.subnets if each not in of_others):
        yield Resource(
            f"SubnetTags{id_label(subnet)}",
            "Ocpprov::EC2::SharedTags",
            {"ResourceId": subnet, "Tags": [cluster_tag(layout.section.infra_id)]},
        )


def _internet_gateway(layout: Layout) -> Iterator[Resource]:
    """The gateway and the public way to it. A VPC has one gateway at most, so an existing one is used."""
    gateway: Value = layout.internet_gateway or Ref("InternetGateway")
    if not layout.internet_gateway:
        yield Resource("InternetGateway", "AWS::EC2::InternetGateway")
        attachment: dict[str, Value] = {"VpcId": layout.vpc, "InternetGatewayId": gateway}
        yield Resource(ATTACHMENT, "AWS::EC2::VPCGatewayAttachment", attachment)
    yield Resource("PublicRouteTable", "AWS::EC2::RouteTable", {"VpcId": layout.vpc})
    # Nothing in the route refers to the attachment, but AWS refuses a route to a gateway that is not attached.
    yield Resource(
        "PublicRoute",
        "AWS::EC2::Route",
        {"RouteTableId": Ref("PublicRouteTable"), "DestinationCidrBlock": ANYWHERE, "GatewayId": gateway},
        depends_on=after_attachment(layout),
    )


def after_attachment(layout: Layout) -> tuple[str, ...]:
    """What something has to wait for that needs an internet gateway in its VPC and doesn't refer to one; nothing where
    the plan doesn't attach one."""
    made = layout.zones and layout.section.public_subnets and not layout.internet_gateway
    return (ATTACHMENT,) if made else ()


def _public_subnet(layout: Layout, zone: Zone) -> Iterator[Resource]:
    subnet = zone.named(PUBLIC_SUBNET)
    yield _subnet(layout, zone, subnet, "public")
    yield _association(zone.named("PublicSubnetRouteTableAssociation"), subnet, "PublicRouteTable")


def _private_subnet(layout: Layout, zone: Zone) -> Iterator[Resource]:
    subnet, table = zone.named(PRIVATE_SUBNET), zone.named("PrivateRouteTable")
    yield _subnet(layout, zone, subnet, "private")
    yield Resource(table, "AWS::EC2::RouteTable", {"VpcId": layout.vpc})
    yield _association(zone.named("PrivateSubnetRouteTableAssociation"), subnet, table)


def _subnet(layout: Layout, zone: Zone, logical_id: str, side: Literal["public", "private"]) -> Resource:
    blocks = subnet_blocks(layout.section)
    cidrs = blocks.public if side == "public" else blocks.private
    block = cidrs[zone.index]
    properties: dict[str, Value] = {
        "VpcId": layout.vpc,
        "CidrBlock": str(block),
        "AvailabilityZone": zone.name,
        "Tags": _subnet_tags(layout.section, side),
    }
    # A subnet in a further block of the VPC names only the VPC, yet waits for the block.
    around = (network for network in layout.section.further_networks if block.subnet_of(network))
    depends_on = tuple(secondary_network_id(network) for network in around)
    return Resource(logical_id, "AWS::EC2::Subnet", properties, depends_on=depends_on)


def _subnet_tags(section: OpenShift, side: Literal["public", "private"]) -> list[Value]:
    """The tags by which the cluster chooses subnets for its own load balancers.

    The role's value is empty, as the installer writes it (release-4.12, data/data/aws/cluster/vpc/vpc-private.tf);
    Kubernetes looks at the key only.
    """
    role = "kubernetes.io/role/elb" if side == "public" else "kubernetes.io/role/internal-elb"
    tags: list[Value] = [{"Key": role, "Value": ""}]
    if section.infra_id:
        tags.append(cluster_tag(section.infra_id))
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


def _nat_gateway(layout: Layout, zone: Zone) -> Iterator[Resource]:
    """The NAT gateway, and its address unless the plan gives an allocation for this zone."""
    given = layout.section.elastic_ips
    allocation: Value
    if zone.index < len(given):
        allocation = given[zone.index]
    else:
        address = zone.named("EIP")
        allocation = GetAtt(address, "AllocationId")
        pool = layout.section.public_ipv4_pool
        yield Resource(address, "AWS::EC2::EIP", {"Domain": "vpc", **({"PublicIpv4Pool": pool} if pool else {})})
    # A NAT gateway in a VPC without an attached internet gateway fails after some minutes, so the order is stated.
    yield Resource(
        zone.named("NAT"),
        "AWS::EC2::NatGateway",
        {"AllocationId": allocation, "SubnetId": Ref(zone.named(PUBLIC_SUBNET))},
        depends_on=after_attachment(layout),
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


def dhcp_options(layout: Layout) -> Iterator[Resource]:
    """What the machines are told by DHCP: the options and their association, where the plan has any."""
    wanted = layout.section.dhcp_options
    if wanted is None:
        return
    properties: dict[str, Value] = {
        "DomainName": wanted.domain_name or _default_domain(layout.region),
        "DomainNameServers": list(wanted.domain_name_servers) or ["AmazonProvidedDNS"],
    }
    if wanted.ntp_servers:
        properties["NtpServers"] = list(wanted.ntp_servers)
    yield Resource("DHCPOptions", "AWS::EC2::DHCPOptions", properties)
    yield Resource(
        "VPCDHCPOptionsAssociation",
        "AWS::EC2::VPCDHCPOptionsAssociation",
        {"VpcId": layout.vpc, "DhcpOptionsId": Ref("DHCPOptions")},
    )


def _default_domain(region: str) -> str:
    """The domain that AWS gives machines itself, as the installer sets it (release-4.12, data/data/aws/cluster/vpc)."""
    return "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
