"""Where a resource is in AWS's console."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from ocpprov.aws.partitions import partition_of

_VPC: Final = "/vpcconsole/home?region={region}#"
_EC2: Final = "/ec2/home?region={region}#"
_PLACES: Final = {
    "AWS::EC2::VPC": f"{_VPC}VpcDetails:VpcId={{id}}",
    "AWS::EC2::Subnet": f"{_VPC}SubnetDetails:subnetId={{id}}",
    "AWS::EC2::RouteTable": f"{_VPC}RouteTableDetails:RouteTableId={{id}}",
    "AWS::EC2::InternetGateway": f"{_VPC}InternetGateway:internetGatewayId={{id}}",
    "AWS::EC2::NatGateway": f"{_VPC}NatGatewayDetails:natGatewayId={{id}}",
    "AWS::EC2::VPCEndpoint": f"{_VPC}EndpointDetails:vpcEndpointId={{id}}",
    "AWS::EC2::NetworkAcl": f"{_VPC}NetworkAclDetails:networkAclId={{id}}",
    "AWS::EC2::VPCPeeringConnection": f"{_VPC}PeeringConnectionDetails:VpcPeeringConnectionId={{id}}",
    "AWS::EC2::TransitGatewayAttachment": f"{_VPC}TransitGatewayAttachmentDetails:transitGatewayAttachmentId={{id}}",
    "AWS::EC2::EIP": f"{_EC2}ElasticIpDetails:AllocationId={{id}}",
    "AWS::EC2::SecurityGroup": f"{_EC2}SecurityGroup:groupId={{id}}",
    "AWS::ElasticLoadBalancing::LoadBalancer": f"{_EC2}LoadBalancers:search={{id}}",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": f"{_EC2}LoadBalancer:loadBalancerArn={{id}}",
    "AWS::ElasticLoadBalancingV2::TargetGroup": f"{_EC2}TargetGroup:targetGroupArn={{id}}",
    "AWS::IAM::Role": "/iam/home?region={region}#/roles/details/{id}",
    "AWS::IAM::ManagedPolicy": "/iam/home?region={region}#/policies/details/{id}",
    "AWS::Route53::HostedZone": "/route53/v2/hostedzones?region={region}#ListRecordSets/{id}",
    "AWS::S3::Bucket": "/s3/buckets/{id}?region={region}",
}


def console_link(type: str, id: str, region: str) -> str:
    """The address; empty where the type has no page of its own, nothing is known of the id, or the region's console
    isn't on the internet."""
    place, host = _PLACES.get(type, ""), partition_of(region).console
    if not (place and host and id):
        return ""
    return (host + place).format(region=quote(region, safe=""), id=quote(id, safe=""))
