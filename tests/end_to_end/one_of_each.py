"""A small plan that has one of each kind of thing that AWS may be difficult about."""

from __future__ import annotations

from typing import Any, Final

from tests.end_to_end.world import REGION

_ALLOW: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
}
_TRUST: Final = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"]}, "Action": ["sts:AssumeRole"]},
}
_TLS_ONLY: Final = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["Bucket", "Arn"]}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def _of(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type}", "Properties": properties}


def _subnet(zone: str, cidr: str) -> dict[str, Any]:
    return _of("EC2::Subnet", VpcId=_ref("Vpc"), CidrBlock=cidr, AvailabilityZone=zone)


RESOURCES: Final[dict[str, Any]] = {
    "Vpc": _of("EC2::VPC", CidrBlock="10.0.0.0/16", EnableDnsSupport=True, EnableDnsHostnames=True),
    "Public": _subnet(f"{REGION}a", "10.0.0.0/24"),
    "Private": _subnet(f"{REGION}b", "10.0.1.0/24"),
    "Internet": _of("EC2::InternetGateway"),
    "Attached": _of("EC2::VPCGatewayAttachment", VpcId=_ref("Vpc"), InternetGatewayId=_ref("Internet")),
    "Address": {**_of("EC2::EIP", Domain="vpc"), "DependsOn": "Attached"},
    "Nat": {
        **_of("EC2::NatGateway", SubnetId=_ref("Public"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}),
        "DependsOn": "Attached",
    },
    "PublicTable": _of("EC2::RouteTable", VpcId=_ref("Vpc")),
    "PrivateTable": _of("EC2::RouteTable", VpcId=_ref("Vpc")),
    "ToInternet": {
        **_of(
            "EC2::Route",
            RouteTableId=_ref("PublicTable"),
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=_ref("Internet"),
        ),
        "DependsOn": "Attached",
    },
    "ToNat": _of(
        "EC2::Route", RouteTableId=_ref("PrivateTable"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=_ref("Nat")
    ),
    "PublicUses": _of("EC2::SubnetRouteTableAssociation", SubnetId=_ref("Public"), RouteTableId=_ref("PublicTable")),
    "PrivateUses": _of("EC2::SubnetRouteTableAssociation", SubnetId=_ref("Private"), RouteTableId=_ref("PrivateTable")),
    "Acl": _of("EC2::NetworkAcl", VpcId=_ref("Vpc")),
    "AclEntry": _of(
        "EC2::NetworkAclEntry",
        NetworkAclId=_ref("Acl"),
        RuleNumber=100,
        Protocol=-1,
        RuleAction="allow",
        CidrBlock="0.0.0.0/0",
    ),
    "AclUsed": _of("EC2::SubnetNetworkAclAssociation", SubnetId=_ref("Private"), NetworkAclId=_ref("Acl")),
    "Group": _of("EC2::SecurityGroup", VpcId=_ref("Vpc"), GroupName="machines", GroupDescription="machines"),
    "Other": _of("EC2::SecurityGroup", VpcId=_ref("Vpc"), GroupName="others", GroupDescription="others"),
    "Rule": _of(
        "EC2::SecurityGroupIngress",
        GroupId=_ref("Group"),
        IpProtocol="tcp",
        FromPort=6443,
        ToPort=6443,
        SourceSecurityGroupId=_ref("Other"),
    ),
    "RuleBack": _of(
        "EC2::SecurityGroupIngress",
        GroupId=_ref("Other"),
        IpProtocol="tcp",
        FromPort=22623,
        ToPort=22623,
        SourceSecurityGroupId=_ref("Group"),
    ),
    "Storage": _of(
        "EC2::VPCEndpoint",
        VpcId=_ref("Vpc"),
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[_ref("PrivateTable")],
    ),
    "Machines": _of(
        "EC2::VPCEndpoint",
        VpcId=_ref("Vpc"),
        ServiceName=f"com.amazonaws.{REGION}.ec2",
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
        SubnetIds=[_ref("Private")],
        SecurityGroupIds=[_ref("Group")],
    ),
    "Zone": _of(
        "Route53::HostedZone",
        Name="prod.example.com",
        VPCs=[{"VPCId": _ref("Vpc"), "VPCRegion": REGION}],
    ),
    "Record": _of(
        "Route53::RecordSet",
        HostedZoneId=_ref("Zone"),
        Name="api.prod.example.com",
        Type="A",
        TTL="60",
        ResourceRecords=["10.0.1.10"],
    ),
    "Role": _of(
        "IAM::Role",
        AssumeRolePolicyDocument=_TRUST,
        RoleName="prod-machines",
        Policies=[{"PolicyName": "one", "PolicyDocument": _ALLOW}],
        ManagedPolicyArns=[_ref("Managed")],
    ),
    "Managed": _of("IAM::ManagedPolicy", PolicyDocument=_ALLOW),
    "Profile": _of("IAM::InstanceProfile", InstanceProfileName="prod-machines", Roles=[_ref("Role")]),
    "Balancer": _of(
        "ElasticLoadBalancingV2::LoadBalancer",
        Name="prod-api",
        Type="network",
        Scheme="internal",
        Subnets=[_ref("Private")],
    ),
    "Targets": _of(
        "ElasticLoadBalancingV2::TargetGroup",
        Name="prod-api",
        Protocol="TCP",
        Port=6443,
        TargetType="ip",
        VpcId=_ref("Vpc"),
    ),
    "Listener": _of(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn=_ref("Balancer"),
        Protocol="TCP",
        Port=6443,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": _ref("Targets")}],
    ),
    "Bucket": _of("S3::Bucket", VersioningConfiguration={"Status": "Enabled"}),
    "BucketPolicy": _of("S3::BucketPolicy", Bucket=_ref("Bucket"), PolicyDocument=_TLS_ONLY),
}

PLAN: Final = {"name": "prod", "region": REGION, "Resources": RESOURCES}
