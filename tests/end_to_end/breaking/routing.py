"""Routes, route tables, gateways, and what a VPC and its subnets have of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.end_to_end.breaking.cases import Breakage, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing


def breakages(site: Site) -> Iterator[Breakage]:
    """Of everything that brings packets on their way."""
    for thing in site.of("AWS::EC2::Route"):
        yield from _of_route(thing)
    for thing in site.of("AWS::EC2::SubnetRouteTableAssociation"):
        yield from _of_association(site, thing)
    for thing in site.of("AWS::EC2::VPCGatewayAttachment"):
        yield from _of_attachment(thing)
    for thing in site.of("AWS::EC2::NatGateway"):
        deleted = call("ec2", "delete_nat_gateway", NatGatewayId=thing.id)
        yield Breakage(f"delete {thing.logical_id}", "NET-NAT", (thing.logical_id, thing.id), deleted)
    for thing in site.of("AWS::EC2::EIP"):
        yield from _of_address(thing)
    for thing in site.of("AWS::EC2::RouteTable"):
        yield _without_tags(thing)
    for thing in site.of("AWS::EC2::Subnet"):
        yield from _of_subnet(site, thing)
    yield from _of_vpc(site)


def _of_route(thing: Thing) -> Iterator[Breakage]:
    table, _, block = thing.id.partition("|")
    where = {"RouteTableId": table, "DestinationCidrBlock": block}
    row, named = row_of(thing.logical_id), (thing.logical_id, table)
    yield Breakage(f"delete {thing.logical_id}", row, named, lambda site: site.ec2.delete_route(**where))
    yield Breakage(f"{thing.logical_id} by a machine of theirs", row, named, lambda site: _by_machine(site, where))
    yield Breakage(f"{thing.logical_id} narrowed", row, named, lambda site: _narrowed(site, table, block))
    if thing.logical_id != "PublicRoute":
        gateway = "InternetGateway"
        yield Breakage(
            f"{thing.logical_id} by the internet gateway",
            row,
            named,
            lambda site: site.ec2.replace_route(**where, GatewayId=site.id(gateway)),
        )
    else:
        yield Breakage(
            "PublicRoute by a NAT gateway",
            row,
            named,
            lambda site: site.ec2.replace_route(**where, NatGatewayId=site.id("NAT")),
        )


def _by_machine(site: Site, where: Mapping[str, str]) -> None:
    subnet = site.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [site.vpc]}])["Subnets"][0]["SubnetId"]
    interface = site.ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    site.ec2.replace_route(**where, NetworkInterfaceId=interface)


def _narrowed(site: Site, table: str, block: str) -> None:
    """The same target for half of the addresses."""
    routes = site.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    [route] = [route for route in routes if route.get("DestinationCidrBlock") == block]
    target = {name: route[name] for name in ("GatewayId", "NatGatewayId") if route.get(name)}
    site.ec2.delete_route(RouteTableId=table, DestinationCidrBlock=block)
    site.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/1", **target)


def _of_association(site: Site, thing: Thing) -> Iterator[Breakage]:
    """To the main table, and to a table of somebody else's: neither has more than the VPC's own routes."""
    subnet = site.id(thing.logical_id.replace("RouteTableAssociation", ""))
    named, row = (thing.logical_id, thing.id, subnet), row_of(thing.logical_id)
    yield Breakage(
        f"disassociate {thing.logical_id}",
        row,
        named,
        lambda site: site.ec2.disassociate_route_table(AssociationId=thing.id),
    )
    yield Breakage(f"{thing.logical_id} with a table of theirs", row, named, lambda site: _to_their_table(site, thing))


def _to_their_table(site: Site, thing: Thing) -> None:
    table = site.ec2.create_route_table(VpcId=site.vpc)["RouteTable"]["RouteTableId"]
    site.ec2.replace_route_table_association(AssociationId=thing.id, RouteTableId=table)


def _of_attachment(thing: Thing) -> Iterator[Breakage]:
    gateway, _, vpc = thing.id.partition("|")
    yield Breakage(
        "detach the internet gateway",
        "NET-IGW",
        (thing.logical_id,),
        lambda site: site.ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc),
    )


def _of_address(thing: Thing) -> Iterator[Breakage]:
    """AWS disassociates none from a NAT gateway, and releases none that is associated."""
    named = (thing.logical_id, thing.id)
    released = call("ec2", "release_address", AllocationId=thing.id)
    yield Breakage(f"release {thing.logical_id}", "NET-NAT", named, released)
    yield _without_tags(thing)


def _without_tags(thing: Thing) -> Breakage:
    return Breakage(
        f"{thing.logical_id} without its tags",
        row_of(thing.logical_id),
        (thing.logical_id, thing.id),
        lambda site: site.ec2.delete_tags(Resources=[thing.id], Tags=[{"Key": "ocpprov:resource"}]),
    )


def _of_subnet(site: Site, thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    tags = site.ec2.describe_subnets(SubnetIds=[thing.id])["Subnets"][0]["Tags"]
    for key in (tag["Key"] for tag in tags if tag["Key"].startswith("kubernetes.io/")):
        lost = call("ec2", "delete_tags", Resources=[thing.id], Tags=[{"Key": key}])
        yield Breakage(f"{thing.logical_id} without {key}", "TAG-CLUSTER", named, lost)
    owned = {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "owned"}
    yield Breakage(
        f"{thing.logical_id} owned by the cluster",
        "TAG-CLUSTER",
        named,
        lambda site: site.ec2.create_tags(Resources=[thing.id], Tags=[owned]),
    )
    yield _without_tags(thing)
    if thing.logical_id.startswith("Private"):
        public = call("ec2", "modify_subnet_attribute", SubnetId=thing.id, MapPublicIpOnLaunch={"Value": True})
        yield Breakage(f"{thing.logical_id} with public addresses", row, named, public)


def _of_vpc(site: Site) -> Iterator[Breakage]:
    vpc = site.id("VPC")
    named = ("VPC", vpc)
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        off: dict[str, Any] = {attribute: {"Value": False}}
        yield Breakage(f"{attribute} off", "NET-VPC", named, call("ec2", "modify_vpc_attribute", VpcId=vpc, **off))
    if site.has("DHCPOptions"):
        yield from _of_dhcp_options(site, vpc)
    for thing in site.of("AWS::EC2::VPCCidrBlock"):
        gone = call("ec2", "disassociate_vpc_cidr_block", AssociationId=thing.id)
        yield Breakage(f"disassociate {thing.logical_id}", "NET-DHCP", (thing.logical_id, thing.id), gone)


def _of_dhcp_options(site: Site, vpc: str) -> Iterator[Breakage]:
    named = ("VPCDHCPOptionsAssociation", site.id("DHCPOptions"), vpc)

    def others(site: Site) -> None:
        servers = [{"Key": "domain-name-servers", "Values": ["192.0.2.53"]}]
        made = site.ec2.create_dhcp_options(DhcpConfigurations=servers)["DhcpOptions"]["DhcpOptionsId"]
        site.ec2.associate_dhcp_options(DhcpOptionsId=made, VpcId=vpc)

    yield Breakage("DHCP options of theirs", "NET-DHCP", named, others)
    yield Breakage(
        "default DHCP options",
        "NET-DHCP",
        named,
        lambda site: site.ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=vpc),
    )
