"""What a corporate network asks for: transit and peering, DHCP options, secondary networks."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.openshift.expand import expand
from ocpprov.plan.model import DhcpOptions, OpenShift, SubnetCIDRs, Transit
from tests.openshift.plans import FACTS, plan_of

BARE = OpenShift(cluster_name="prod", base_domain="example.com", zones=2, publish="Internal", egress="none")
GATEWAY = Transit((IPv4Network("10.20.0.0/16"),), transit_gateway_id="tgw-0abc")
PEERING = Transit((IPv4Network("192.168.0.0/24"),), peering_connection_id="pcx-0def")


def routes(section: OpenShift) -> dict[str, Resource]:
    made = expand(plan_of(section), FACTS).values()
    return {each.logical_id: each for each in made if each.type == "AWS::EC2::Route"}


def test_the_vpc_is_attached_to_a_transit_gateway_by_its_private_subnets() -> None:
    made = expand(plan_of(replace(BARE, transit=(GATEWAY,))), FACTS)["TransitGatewayAttachment0abc"]
    assert made.type == "AWS::EC2::TransitGatewayAttachment"
    assert made.properties == {
        "TransitGatewayId": "tgw-0abc",
        "VpcId": Ref("VPC"),
        "SubnetIds": [Ref("PrivateSubnet"), Ref("PrivateSubnet2")],
    }


def test_every_private_route_table_leads_to_the_transit_gateway_once_attached() -> None:
    found = routes(replace(BARE, transit=(GATEWAY,)))
    assert {name: each.properties for name, each in found.items()} == {
        "TransitRouteTo10x20x0x0x16": {
            "RouteTableId": Ref("PrivateRouteTable"),
            "DestinationCidrBlock": "10.20.0.0/16",
            "TransitGatewayId": "tgw-0abc",
        },
        "TransitRoute2To10x20x0x0x16": {
            "RouteTableId": Ref("PrivateRouteTable2"),
            "DestinationCidrBlock": "10.20.0.0/16",
            "TransitGatewayId": "tgw-0abc",
        },
    }
    assert {each.depends_on for each in found.values()} == {("TransitGatewayAttachment0abc",)}


def test_a_peering_connection_is_only_routed_to() -> None:
    resources = expand(plan_of(replace(BARE, transit=(PEERING,))), FACTS)
    assert resources["TransitRouteTo192x168x0x0x24"].properties == {
        "RouteTableId": Ref("PrivateRouteTable"),
        "DestinationCidrBlock": "192.168.0.0/24",
        "VpcPeeringConnectionId": "pcx-0def",
    }
    types = {each.type for each in resources.values()}
    assert not {"AWS::EC2::TransitGatewayAttachment", "AWS::EC2::VPCPeeringConnection"} & types


def test_two_entries_of_one_gateway_make_one_attachment() -> None:
    more = replace(GATEWAY, cidrs=(IPv4Network("10.30.0.0/16"),))
    resources = expand(plan_of(replace(BARE, transit=(GATEWAY, more))), FACTS)
    assert len([each for each in resources.values() if each.type == "AWS::EC2::TransitGatewayAttachment"]) == 1
    assert "TransitRoute2To10x30x0x0x16" in resources


def test_no_transit_without_being_asked() -> None:
    assert routes(BARE) == {}


def test_dhcp_options_and_their_association() -> None:
    options = DhcpOptions("corp.example.com", ("10.20.0.2", "10.20.0.3"), ("10.20.0.4",))
    resources = expand(plan_of(replace(BARE, dhcp_options=options)), FACTS)
    assert resources["DHCPOptions"].properties == {
        "DomainName": "corp.example.com",
        "DomainNameServers": ["10.20.0.2", "10.20.0.3"],
        "NtpServers": ["10.20.0.4"],
    }
    assert resources["VPCDHCPOptionsAssociation"].properties == {
        "VpcId": Ref("VPC"),
        "DhcpOptionsId": Ref("DHCPOptions"),
    }


@pytest.mark.parametrize(
    ("region", "domain"), [("eu-west-1", "eu-west-1.compute.internal"), ("us-east-1", "ec2.internal")]
)
def test_what_dhcp_says_unless_told_otherwise(region: str, domain: str) -> None:
    section = replace(BARE, dhcp_options=DhcpOptions(ntp_servers=("10.20.0.4",)))
    assert expand(plan_of(section, region), FACTS)["DHCPOptions"].properties == {
        "DomainName": domain,
        "DomainNameServers": ["AmazonProvidedDNS"],
        "NtpServers": ["10.20.0.4"],
    }


def test_no_dhcp_options_without_being_asked() -> None:
    assert not {"DHCPOptions", "VPCDHCPOptionsAssociation"} & expand(plan_of(BARE), FACTS).keys()


def test_machine_networks_after_the_first_are_further_blocks_of_a_vpc_of_ours() -> None:
    one = expand(plan_of(replace(BARE, secondary_networks=(IPv4Network("100.70.0.0/16"),))), FACTS)
    other = expand(plan_of(replace(BARE, more_machine_networks=(IPv4Network("100.70.0.0/16"),))), FACTS)
    assert other["VPCCidrBlock100x70x0x0x16"].properties == {"VpcId": Ref("VPC"), "CidrBlock": "100.70.0.0/16"}
    assert one == other


def test_secondary_networks() -> None:
    section = replace(BARE, secondary_networks=(IPv4Network("100.64.0.0/16"),))
    made = expand(plan_of(section), FACTS)["VPCCidrBlock100x64x0x0x16"]
    assert made.type == "AWS::EC2::VPCCidrBlock"
    assert made.properties == {"VpcId": Ref("VPC"), "CidrBlock": "100.64.0.0/16"}
    assert "AWS::EC2::VPCCidrBlock" not in {each.type for each in expand(plan_of(BARE), FACTS).values()}


def test_subnets_in_a_secondary_network_wait_for_it_and_the_groups_admit_it() -> None:
    private = (IPv4Network("100.64.0.0/20"), IPv4Network("10.0.64.0/20"))
    section = replace(
        BARE,
        infra_id="prod-x7k2p",
        secondary_networks=(IPv4Network("100.64.0.0/16"),),
        subnet_cidrs=SubnetCIDRs(private=private),
    )
    resources = expand(plan_of(section), FACTS)
    assert resources["PrivateSubnet"].depends_on == ("VPCCidrBlock100x64x0x0x16",)
    assert resources["PrivateSubnet2"].depends_on == ()
    assert resources["WorkerSecurityGroup"].properties["SecurityGroupIngress"] == [
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/16"},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "100.64.0.0/16"},
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "100.64.0.0/16"},
    ]
