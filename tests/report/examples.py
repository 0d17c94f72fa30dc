"""A small network as things, as a plan wants them and as AWS has them."""

from __future__ import annotations

from typing import Any, Final

from ocpprov.report.things import Thing


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _thing(name: str, type: str, **properties: Any) -> Thing:
    return Thing(name, f"AWS::{type}", properties)


PLANNED: Final = [
    _thing("Net", "EC2::VPC", CidrBlock="10.0.0.0/16"),
    _thing("MoreAddresses", "EC2::VPCCidrBlock", VpcId=ref("Net"), CidrBlock="10.9.0.0/16"),
    _thing("Door", "EC2::InternetGateway"),
    _thing("Hinge", "EC2::VPCGatewayAttachment", VpcId=ref("Net"), InternetGatewayId=ref("Door")),
    _thing("Inside", "EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.1.0/24", AvailabilityZone="eu-west-1a"),
    _thing("Outside", "EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.0.0/24", AvailabilityZone="eu-west-1a"),
    _thing("Beside", "EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.2.0/24", AvailabilityZone="eu-west-1b"),
    _thing("OutTable", "EC2::RouteTable", VpcId=ref("Net")),
    _thing("OutLink", "EC2::SubnetRouteTableAssociation", SubnetId=ref("Outside"), RouteTableId=ref("OutTable")),
    _thing(
        "OutRoute", "EC2::Route", RouteTableId=ref("OutTable"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Door")
    ),
    _thing("Nat", "EC2::NatGateway", SubnetId=ref("Outside"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}),
    _thing("InTable", "EC2::RouteTable", VpcId=ref("Net")),
    _thing("InLink", "EC2::SubnetRouteTableAssociation", SubnetId=ref("Inside"), RouteTableId=ref("InTable")),
    _thing(
        "InRoute", "EC2::Route", RouteTableId=ref("InTable"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ref("Nat")
    ),
    _thing(
        "Hub", "EC2::TransitGatewayAttachment", VpcId=ref("Net"), TransitGatewayId="tgw-1", SubnetIds=[ref("Inside")]
    ),
    _thing("Peer", "EC2::VPCPeeringConnection", VpcId="vpc-other", PeerVpcId=ref("Net")),
    _thing("Store", "EC2::VPCEndpoint", VpcId=ref("Net"), ServiceName="com.amazonaws.eu-west-1.s3"),
    _thing(
        "Api",
        "ElasticLoadBalancingV2::LoadBalancer",
        Scheme="internal",
        Subnets=[ref("Inside"), ref("Beside")],
    ),
    _thing("ApiPort", "ElasticLoadBalancingV2::Listener", LoadBalancerArn=ref("Api"), Port=443),
    _thing("Zone", "Route53::HostedZone", Name="example.com.", VPCs=[{"VPCId": ref("Net")}]),
    _thing("Name", "Route53::RecordSet", HostedZoneId=ref("Zone"), Name="api.example.com.", Type="A"),
]

IDS: Final = {"Net": "vpc-1", "Door": "igw-1", "Outside": "subnet-1", "OutTable": "rtb-1"}

LIVE: Final = [
    Thing("Net", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, (), "vpc-1"),
    Thing("Door", "AWS::EC2::InternetGateway", {}, (), "igw-1"),
    Thing(
        "Hinge", "AWS::EC2::VPCGatewayAttachment", {"VpcId": "vpc-1", "InternetGatewayId": "igw-1"}, (), "igw-1|vpc-1"
    ),
    Thing(
        "Outside",
        "AWS::EC2::Subnet",
        {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"},
        (),
        "subnet-1",
    ),
    Thing("OutLink", "AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"}),
    Thing(
        "OutRoute",
        "AWS::EC2::Route",
        {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"},
    ),
]
"""What a destroy without a plan has: AWS's ids in place of references."""

LIVE_ENDPOINTS: Final = [
    Thing(name, "AWS::EC2::VPCEndpoint", {"VpcId": ref("Net"), "ServiceName": f"x.{name}"}, (), f"vpce-{name}")
    for name in ("ec2", "elasticloadbalancing-with-a-long-name", "sts")
]
