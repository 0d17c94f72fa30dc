"""An existing network made by hand in one wrong way after another: preflight names each, with the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.end_to_end.preflighting import Checks, preflight
from tests.end_to_end.world import Operator, client, everything

ZONES = ("eu-west-1a", "eu-west-1b")


@dataclass(frozen=True)
class Network:
    """A network that suits an Internal cluster in two zones, and the plan that names it."""

    ec2: Any
    vpc: str
    private: list[str]
    section: dict[str, Any] = field(default_factory=dict)

    def subnet(self, block: str, zone: str, vpc: str = "") -> str:
        answer = self.ec2.create_subnet(VpcId=vpc or self.vpc, CidrBlock=block, AvailabilityZone=zone)
        id: str = answer["Subnet"]["SubnetId"]
        self.ec2.create_tags(Resources=[id], Tags=[{"Key": "kubernetes.io/cluster/unmanaged", "Value": "true"}])
        return id

    def public(self, block: str, zone: str) -> str:
        """A subnet whose table leads to an internet gateway."""
        subnet = self.subnet(block, zone)
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        table = self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
        self.ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
        return subnet

    def with_subnets(self, *subnets: str, **section: Any) -> Network:
        return replace(self, section={**self.section, "subnets": [*self.private, *subnets], **section})

    def another_vpc(self) -> str:
        return str(self.ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"])


@pytest.fixture
def network(operator: Operator) -> Network:
    ec2 = client("ec2", operator.url)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    made = Network(ec2, vpc, [])
    made.private.extend(made.subnet(f"10.0.{index}.0/24", zone) for index, zone in enumerate(ZONES))
    return made.with_subnets()


def nowhere(network: Network) -> Network:
    return replace(network, section={**network.section, "vpcID": "vpc-0123456789abcdef0", "subnets": []})


def subnet_nowhere(network: Network) -> Network:
    return network.with_subnets("subnet-0123456789abcdef0")


def two_vpcs(network: Network) -> Network:
    other = network.another_vpc()
    return network.with_subnets(network.subnet("10.8.0.0/24", "eu-west-1c", other))


def no_support(network: Network) -> Network:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsSupport={"Value": False})
    return network


def no_hostnames(network: Network) -> Network:
    network.ec2.modify_vpc_attribute(VpcId=network.vpc, EnableDnsHostnames={"Value": False})
    return network


def somebodys(network: Network) -> Network:
    network.ec2.create_tags(
        Resources=[network.vpc], Tags=[{"Key": "kubernetes.io/cluster/old-abcde", "Value": "owned"}]
    )
    return network


def elsewhere(network: Network) -> Network:
    return network.with_subnets(machineNetwork="10.1.0.0/16")


def outside(network: Network) -> Network:
    network.ec2.associate_vpc_cidr_block(VpcId=network.vpc, CidrBlock="10.9.0.0/16")
    return network.with_subnets(network.subnet("10.9.0.0/24", "eu-west-1c"))


def only_public(network: Network) -> Network:
    return replace(network, section={**network.section, "subnets": [network.public("10.0.9.0/24", ZONES[0])]})


def two_in_a_zone(network: Network) -> Network:
    return network.with_subnets(network.subnet("10.0.9.0/24", ZONES[0]))


def zone_without_public(network: Network) -> Network:
    return network.with_subnets(network.public("10.0.9.0/24", ZONES[0]), publish="External", publicZone="none")


def public_beside_internal(network: Network) -> Network:
    return network.with_subnets(network.public("10.0.9.0/24", ZONES[0]))


def full_of_tags(network: Network) -> Network:
    tags = [{"Key": f"tag{number}", "Value": ""} for number in range(49)]
    network.ec2.create_tags(Resources=[network.private[0]], Tags=tags)
    return network


def untagged_neighbour(network: Network) -> Network:
    subnet = network.subnet("10.0.9.0/24", ZONES[0])
    network.ec2.delete_tags(Resources=[subnet], Tags=[{"Key": "kubernetes.io/cluster/unmanaged"}])
    return network


def zone_nowhere(network: Network) -> Network:
    return network.with_subnets(hostedZone="Z0123456789ABCDEFGHIJ")


WRONG: dict[str, tuple[Callable[[Network], Network], str, str]] = {
    "no such VPC": (nowhere, "fail", "vpc-exists"),
    "no such subnet": (subnet_nowhere, "fail", "subnet-exists"),
    "subnets of two VPCs": (two_vpcs, "fail", "subnets-one-vpc"),
    "DNS support off": (no_support, "fail", "vpc-dns"),
    "DNS host names off": (no_hostnames, "fail", "vpc-dns"),
    "a VPC that a cluster owns": (somebodys, "fail", "vpc-owned"),
    "a machine network that isn't the VPC's": (elsewhere, "fail", "vpc-contains-machine-network"),
    "a subnet outside the machine network": (outside, "fail", "subnet-in-machine-network"),
    "no private subnet": (only_public, "fail", "subnets-private"),
    "two private subnets in a zone": (two_in_a_zone, "fail", "subnets-one-per-zone"),
    "a zone without a public subnet": (zone_without_public, "fail", "subnets-public"),
    "a subnet full of tags": (full_of_tags, "fail", "subnet-tags"),
    "no such hosted zone": (zone_nowhere, "fail", "hosted-zone-exists"),
    "public subnets for an Internal cluster": (public_beside_internal, "warn", "subnets-public"),
    "a neighbour that no cluster may use and none says so": (untagged_neighbour, "warn", "vpc-other-subnets"),
}


def asked(operator: Operator, network: Network) -> Checks:
    """What isn't good."""
    section = {
        "version": "4.12",
        "clusterName": "prod",
        "baseDomain": "example.com",
        "infraID": "prod-x7k2p",
        "publish": "Internal",
        "egress": "none",
        "endpoints": [],
        **network.section,
    }
    checks = preflight(operator, {"name": "prod", "region": "eu-west-1", "openshift": section})
    return [check for check in checks if check["status"] != "pass"]


def test_a_network_that_suits_passes(operator: Operator, network: Network) -> None:
    assert asked(operator, network) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_network_that_does_not_suit_is_named_with_its_remedy(operator: Operator, network: Network, name: str) -> None:
    spoil, status, id = WRONG[name]
    wrong = spoil(network)
    before = everything(operator.url)
    found = asked(operator, wrong)
    assert [check["status"] for check in found if check["id"] == id] == [status], found
    assert everything(operator.url) == before
