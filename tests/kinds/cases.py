"""One row per case of a type: what to make, and what to change in place. A new kind adds rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.kinds.world import REGION, World

Properties = Mapping[str, Any]
S3: Final = f"com.amazonaws.{REGION}.s3"
POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def nothing(world: World, properties: Properties) -> Properties:
    return {}


@dataclass(frozen=True)
class Case:
    """`properties` makes what the resource needs and gives its own; `changes` gives those to change afterwards."""

    name: str
    type: str
    properties: Callable[[World], Properties]
    changes: Callable[[World, Properties], Properties] = nothing


def vpc(world: World, block: str = "10.0.0.0/16") -> str:
    return world.make("AWS::EC2::VPC", "VPC", CidrBlock=block)


def subnet(world: World, vpc_id: str) -> str:
    return world.make(
        "AWS::EC2::Subnet", "Subnet", VpcId=vpc_id, CidrBlock="10.0.0.0/20", AvailabilityZone=f"{REGION}a"
    )


def table(world: World, vpc_id: str) -> str:
    return world.make("AWS::EC2::RouteTable", "Table", VpcId=vpc_id)


def gateway(world: World, vpc_id: str) -> str:
    gateway_id = world.make("AWS::EC2::InternetGateway", "Gateway")
    world.make("AWS::EC2::VPCGatewayAttachment", VpcId=vpc_id, InternetGatewayId=gateway_id)
    return gateway_id


def group(world: World, vpc_id: str, name: str = "nodes") -> str:
    return world.make("AWS::EC2::SecurityGroup", name, VpcId=vpc_id, GroupName=name, GroupDescription="Nodes")


def zone(world: World) -> str:
    return world.make(
        "AWS::Route53::HostedZone", "Zone", Name="c.example.com", VPCs=[{"VPCId": vpc(world), "VPCRegion": REGION}]
    )


def association(world: World) -> Properties:
    vpc_id = vpc(world)
    return {"SubnetId": subnet(world, vpc_id), "RouteTableId": table(world, vpc_id)}


def other_table(world: World, properties: Properties) -> Properties:
    vpc_ids = [live.properties["VpcId"] for live in world.lives("AWS::EC2::Subnet")]
    return {"RouteTableId": table(world, str(vpc_ids[0]))}


def route(world: World) -> Properties:
    vpc_id = vpc(world)
    return {
        "RouteTableId": table(world, vpc_id),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": gateway(world, vpc_id),
    }


def nat(world: World) -> Properties:
    address = world.create("AWS::EC2::EIP", "Address")
    return {"SubnetId": subnet(world, vpc(world)), "AllocationId": address.attributes["AllocationId"]}


def endpoint(world: World) -> Properties:
    vpc_id = vpc(world)
    return {"VpcId": vpc_id, "ServiceName": S3, "RouteTableIds": [table(world, vpc_id), table(world, vpc_id)]}


def endpoint_changes(world: World, properties: Properties) -> Properties:
    # Adding one is a test of its own: moto adds no route, then can't delete the endpoint for the lack of it.
    return {"RouteTableIds": properties["RouteTableIds"][1:], "PolicyDocument": POLICY}


def rule(**shape: Any) -> Callable[[World], Properties]:
    return lambda world: {"GroupId": group(world, vpc(world)), **shape}


def rule_from_group(side: str) -> Callable[[World], Properties]:
    def properties(world: World) -> Properties:
        vpc_id = vpc(world)
        return {
            "GroupId": group(world, vpc_id),
            "IpProtocol": 50,
            f"{side}SecurityGroupId": group(world, vpc_id, "workers"),
            "Description": "IPsec ESP packets",
        }

    return properties


def described(world: World, properties: Properties) -> Properties:
    return {"Description": "etcd, from now on"}


def record(**shape: Any) -> Callable[[World], Properties]:
    return lambda world: {"HostedZoneId": zone(world), **shape}


def changed_to(**shape: Any) -> Callable[[World, Properties], Properties]:
    return lambda world, properties: shape


SSH: Final[Properties] = {"IpProtocol": "TCP", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.7/16"}


def interface_endpoint(world: World) -> Properties:
    vpc_id = vpc(world)
    return {
        "VpcId": vpc_id,
        "VpcEndpointType": "Interface",
        "ServiceName": f"com.amazonaws.{REGION}.ec2",
        "SubnetIds": [subnet(world, vpc_id)],
        "SecurityGroupIds": [group(world, vpc_id)],
        "PrivateDnsEnabled": True,
    }


def other_group(world: World, properties: Properties) -> Properties:
    return {"SecurityGroupIds": [group(world, properties["VpcId"], "others")]}


CASES: Final = (
    Case(
        "vpc",
        "AWS::EC2::VPC",
        lambda world: {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True},
        changed_to(EnableDnsHostnames=False, EnableDnsSupport=False),
    ),
    Case(
        "subnet",
        "AWS::EC2::Subnet",
        lambda world: {"VpcId": vpc(world), "CidrBlock": "10.0.0.0/20", "AvailabilityZone": f"{REGION}b"},
        changed_to(MapPublicIpOnLaunch=True),
    ),
    Case("internet gateway", "AWS::EC2::InternetGateway", lambda world: {}),
    Case(
        "attachment",
        "AWS::EC2::VPCGatewayAttachment",
        lambda world: {
            "VpcId": vpc(world),
            "InternetGatewayId": world.make("AWS::EC2::InternetGateway", "Gateway"),
        },
    ),
    Case("route table", "AWS::EC2::RouteTable", lambda world: {"VpcId": vpc(world)}),
    Case("route", "AWS::EC2::Route", route),
    Case("association", "AWS::EC2::SubnetRouteTableAssociation", association, other_table),
    Case("address", "AWS::EC2::EIP", lambda world: {"Domain": "vpc"}),
    Case("address of a pool", "AWS::EC2::EIP", lambda world: {"Domain": "vpc", "PublicIpv4Pool": "ipv4pool-ec2-0a1b"}),
    Case("NAT gateway", "AWS::EC2::NatGateway", nat),
    Case("endpoint", "AWS::EC2::VPCEndpoint", endpoint, endpoint_changes),
    Case("interface endpoint", "AWS::EC2::VPCEndpoint", interface_endpoint, other_group),
    Case(
        "group",
        "AWS::EC2::SecurityGroup",
        lambda world: {"VpcId": vpc(world), "GroupName": "nodes", "GroupDescription": "Nodes"},
    ),
    Case("rule from a block", "AWS::EC2::SecurityGroupIngress", rule(**SSH, Description="ssh"), described),
    Case("rule by protocol number", "AWS::EC2::SecurityGroupIngress", rule(**{**SSH, "IpProtocol": "6"})),
    Case("rule without ports", "AWS::EC2::SecurityGroupIngress", rule(IpProtocol="icmp", CidrIp="10.0.0.0/16")),
    Case("rule for everything", "AWS::EC2::SecurityGroupIngress", rule(IpProtocol="-1", FromPort=-1, CidrIpv6="::/0")),
    Case("rule from a group", "AWS::EC2::SecurityGroupIngress", rule_from_group("Source"), described),
    Case("rule to a block", "AWS::EC2::SecurityGroupEgress", rule(**SSH, Description="ssh"), described),
    Case("rule to a group", "AWS::EC2::SecurityGroupEgress", rule_from_group("Destination"), described),
    Case(
        "private zone",
        "AWS::Route53::HostedZone",
        lambda world: {
            "Name": "C.Example.com.",
            "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
            "VPCs": [{"VPCId": vpc(world), "VPCRegion": REGION}, {"VPCId": vpc(world), "VPCRegion": REGION}],
        },
        lambda world, properties: {
            "HostedZoneConfig": {"Comment": "another"},
            "VPCs": [properties["VPCs"][1], {"VPCId": vpc(world), "VPCRegion": REGION}],
        },
    ),
    Case(
        "public zone",
        "AWS::Route53::HostedZone",
        lambda world: {"Name": "example-corp.net"},
        changed_to(HostedZoneConfig={"Comment": "new"}),
    ),
    Case(
        "record",
        "AWS::Route53::RecordSet",
        record(Name="*.Apps.c.example.com.", Type="A", TTL=60, ResourceRecords=["10.0.0.6", "10.0.0.5"]),
        changed_to(ResourceRecords=["10.0.0.7"], TTL="30"),
    ),
    Case(
        "alias",
        "AWS::Route53::RecordSet",
        record(
            Name="api.c.example.com",
            Type="A",
            AliasTarget={"DNSName": "Int-1.elb.eu-west-1.amazonaws.com.", "HostedZoneId": "Z2IFOLAFXWLO4F"},
        ),
        changed_to(AliasTarget={"DNSName": "int-2.elb.eu-west-1.amazonaws.com", "HostedZoneId": "Z2IFOLAFXWLO4F"}),
    ),
)
