"""What many tests of the planner are about: types by short names, and a small network, as the plan has it and as AWS
does."""

from __future__ import annotations

from typing import Final

from tests.engine.planning import SUBNET, VPC, live, ref, wanted

NAT: Final = "AWS::EC2::NatGateway"
ADDRESS: Final = "AWS::EC2::EIP"
TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
GATE: Final = "AWS::EC2::InternetGateway"
ATTACHED: Final = "AWS::EC2::VPCGatewayAttachment"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ZONE: Final = "AWS::Route53::HostedZone"
RECORD: Final = "AWS::Route53::RecordSet"
BUCKET: Final = "AWS::S3::Bucket"
POLICY: Final = "AWS::S3::BucketPolicy"
OBJECT: Final = "Ocpprov::S3::Object"

BLOCK: Final = {"CidrBlock": "10.50.0.0/16"}
NET: Final = {"CidrBlock": "10.50.1.0/24", "AvailabilityZone": "eu-west-1a"}
NETWORK: Final = wanted(Vpc=(VPC, BLOCK), Net=(SUBNET, {"VpcId": ref("Vpc"), **NET}))
OUR_VPC: Final = live(VPC, "vpc-1", "Vpc", BLOCK)
OUR_NET: Final = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET})
