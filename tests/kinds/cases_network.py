"""Network ACLs and DHCP options."""

from __future__ import annotations

from typing import Final

from tests.kinds.cases import Case, Properties, subnet, vpc
from tests.kinds.world import World


def _acl(world: World, vpc_id: str, name: str = "Acl") -> str:
    return world.make("AWS::EC2::NetworkAcl", name, VpcId=vpc_id)


def _entry(world: World) -> Properties:
    return {
        "NetworkAclId": _acl(world, vpc(world)),
        "RuleNumber": 100,
        "Protocol": 6,
        "RuleAction": "allow",
        "CidrBlock": "0.0.0.0/0",
        "PortRange": {"From": 80, "To": 80},
    }


def _ping(world: World) -> Properties:
    return {
        "NetworkAclId": _acl(world, vpc(world)),
        "RuleNumber": 7,
        "Egress": True,
        "Protocol": 1,
        "RuleAction": "deny",
        "CidrBlock": "10.0.0.0/8",
        "Icmp": {"Type": -1, "Code": -1},
    }


def _other_ports(world: World, properties: Properties) -> Properties:
    return {"PortRange": {"From": 443, "To": 444}, "RuleAction": "deny"}


def _association(world: World) -> Properties:
    vpc_id = vpc(world)
    return {"SubnetId": subnet(world, vpc_id), "NetworkAclId": _acl(world, vpc_id)}


def _other_acl(world: World, properties: Properties) -> Properties:
    found = world.find("AWS::EC2::NetworkAcl", properties["NetworkAclId"])
    assert found is not None
    return {"NetworkAclId": _acl(world, str(found.properties["VpcId"]), "Other")}


def _options(world: World) -> Properties:
    return {
        "DomainName": "corp.example.com",
        "DomainNameServers": ["192.0.2.53", "192.0.2.54"],
        "NtpServers": ["192.0.2.123"],
    }


def _used(world: World) -> Properties:
    options = world.make("AWS::EC2::DHCPOptions", DomainName="corp.example.com")
    return {"VpcId": vpc(world), "DhcpOptionsId": options}


def _other_options(world: World, properties: Properties) -> Properties:
    return {"DhcpOptionsId": world.make("AWS::EC2::DHCPOptions", "Other", DomainName="other.example.com")}


def _attachment(world: World) -> Properties:
    gateway = world.clients.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    vpc_id = vpc(world)
    return {"TransitGatewayId": gateway, "VpcId": vpc_id, "SubnetIds": [subnet(world, vpc_id)]}


def _peering(world: World) -> Properties:
    return {"VpcId": vpc(world), "PeerVpcId": vpc(world, "10.9.0.0/16")}


CASES: Final = (
    Case("secondary block", "AWS::EC2::VPCCidrBlock", lambda world: {"VpcId": vpc(world), "CidrBlock": "10.1.0.0/16"}),
    Case("transit gateway attachment", "AWS::EC2::TransitGatewayAttachment", _attachment),
    Case("peering connection", "AWS::EC2::VPCPeeringConnection", _peering),
    Case("network ACL", "AWS::EC2::NetworkAcl", lambda world: {"VpcId": vpc(world)}),
    Case("network ACL entry", "AWS::EC2::NetworkAclEntry", _entry, _other_ports),
    Case("network ACL entry for pings", "AWS::EC2::NetworkAclEntry", _ping),
    Case("subnet's network ACL", "AWS::EC2::SubnetNetworkAclAssociation", _association, _other_acl),
    Case("DHCP options", "AWS::EC2::DHCPOptions", _options),
    Case("VPC's DHCP options", "AWS::EC2::VPCDHCPOptionsAssociation", _used, _other_options),
)
