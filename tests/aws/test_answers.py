"""Which answers of AWS are believed."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from ocpprov.aws.answers import Origin, goes_nowhere, is_beside_the_question, lacks, leaves_out

HERE = Origin("eu-west-1", "123456789012")
TAGGED = {"Filters": [{"Name": "tag:ocpprov:plan", "Values": ["lab"]}]}
OURS = [{"Key": "ocpprov:plan", "Value": "lab"}]


@cache
def service(name: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


def operation(name: str) -> OperationModel:
    """`ec2:DescribeVpcs`."""
    where, _, what = name.partition(":")
    return service(where).operation_model(what)


VPC = {"VpcId": "vpc-1", "CidrBlockAssociationSet": [], "Tags": OURS, "OwnerId": HERE.account}


@pytest.mark.parametrize(
    ("name", "arguments", "page", "lacking"),
    [
        ("ec2:DescribeVpcs", {}, {}, "Vpcs"),
        ("ec2:DescribeVpcs", {}, {"Vpcs": []}, ""),
        ("ec2:DescribeVpcs", {}, {"Vpcs": [VPC]}, ""),
        ("ec2:DescribeVpcs", {}, {"Vpcs": [VPC, {"VpcId": "vpc-2"}]}, "CidrBlockAssociationSet of an item"),
        ("ec2:DescribeRouteTables", {}, {"RouteTables": [{"Routes": []}]}, "Associations of an item"),
        ("ec2:DescribeRouteTables", {}, {"RouteTables": [{"Associations": []}]}, "Routes of an item"),
        ("ec2:DescribeInstances", {}, {"Reservations": [{"ReservationId": "r-1"}]}, "Instances of an item"),
        ("ec2:DescribeVpcAttribute", {"Attribute": "enableDnsSupport"}, {"VpcId": "vpc-1"}, "EnableDnsSupport"),
        (
            "ec2:DescribeVpcAttribute",
            {"Attribute": "enableDnsSupport"},
            {"VpcId": "vpc-1", "EnableDnsSupport": {"Value": False}},
            "",
        ),
        ("elbv2:DescribeTags", {}, {"TagDescriptions": [{"ResourceArn": "a"}]}, "Tags of an item"),
        ("ec2:DescribeTags", {}, {"Tags": [{"Key": "a", "Value": "b"}]}, ""),
        ("elb:DescribeLoadBalancerAttributes", {"LoadBalancerName": "x"}, {}, "LoadBalancerAttributes"),
        ("iam:GetPolicy", {"PolicyArn": "x"}, {}, "Policy"),
        # A public zone has no VPCs.
        ("route53:GetHostedZone", {"Id": "Z1"}, {"HostedZone": {"Id": "Z1"}}, ""),
        ("route53:GetHostedZone", {"Id": "Z1"}, {"VPCs": []}, "HostedZone"),
        ("iam:GetRole", {"RoleName": "x"}, {}, "Role"),
        ("route53:ListHostedZones", {}, {"HostedZones": [], "MaxItems": "100"}, "IsTruncated"),
        (
            "route53:ListResourceRecordSets",
            {},
            {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "100"},
            "ResourceRecordSets",
        ),
        ("s3:ListBuckets", {}, {"Owner": {}}, "Buckets"),
        ("s3:ListObjectsV2", {}, {"IsTruncated": False, "KeyCount": 0}, "Name"),
        ("s3:ListObjectsV2", {}, {"IsTruncated": False, "Name": "b"}, "KeyCount"),
        ("s3:ListObjectsV2", {}, {"IsTruncated": False, "Name": "b", "KeyCount": 0}, ""),
        ("s3:GetBucketVersioning", {"Bucket": "b"}, {}, ""),
    ],
)
def test_what_is_always_sent_is_missed(
    name: str, arguments: dict[str, Any], page: dict[str, Any], lacking: str
) -> None:
    assert lacks(operation(name), arguments, page) == lacking


@pytest.mark.parametrize(
    ("name", "page", "said"),
    [
        ("iam:ListRoles", {"Roles": [], "IsTruncated": True}, "it says that there is more, and has no Marker"),
        ("iam:ListRoles", {"Roles": [], "IsTruncated": True, "Marker": "m"}, ""),
        ("iam:ListRoles", {"Roles": [], "Marker": "m"}, "it has a Marker, and says that there is no more"),
        ("iam:ListRoles", {"Roles": []}, ""),
        (
            "route53:ListHostedZones",
            {"HostedZones": [], "Marker": "the question's", "IsTruncated": True},
            "it says that there is more, and has no NextMarker",
        ),
        ("route53:ListHostedZones", {"HostedZones": [], "Marker": "the question's", "IsTruncated": False}, ""),
        ("s3:ListObjectsV2", {"KeyCount": 2, "Contents": [{}], "CommonPrefixes": [{}], "IsTruncated": False}, ""),
        (
            "s3:ListObjectsV2",
            {"KeyCount": 2, "Contents": [{}], "IsTruncated": False},
            "it says that it has 2 keys, and doesn't have so many",
        ),
        ("ec2:DescribeVpcs", {"Vpcs": [], "NextToken": "t"}, ""),
    ],
)
def test_an_answer_says_where_it_goes_on(name: str, page: dict[str, Any], said: str) -> None:
    assert goes_nowhere(operation(name), page) == said


def filtered(name: str, *values: str) -> dict[str, Any]:
    return {"Filters": [{"Name": name, "Values": list(values)}]}


ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/x/1"
GATEWAY = {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1"}], "Tags": OURS}


@pytest.mark.parametrize(
    ("name", "arguments", "page", "said"),
    [
        ("ec2:DescribeVpcs", TAGGED, {"Vpcs": [VPC]}, ""),
        (
            "ec2:DescribeVpcs",
            TAGGED,
            {"Vpcs": [VPC, {"VpcId": "vpc-2"}]},
            "it has vpc-2, which doesn't have the tag that was asked for",
        ),
        (
            "ec2:DescribeVpcs",
            TAGGED,
            {"Vpcs": [{**VPC, "Tags": []}]},
            "it has vpc-1, which doesn't have the tag that was asked for",
        ),
        ("ec2:DescribeVpcs", TAGGED, {"Vpcs": [{**VPC, "Tags": [{"Key": "ocpprov:plan", "Value": "other"}]}]}, ""),
        (
            "ec2:DescribeVpcs",
            TAGGED,
            {"Vpcs": [{**VPC, "OwnerId": "999999999999"}]},
            "it has vpc-1 of account 999999999999, and not of 123456789012",
        ),
        # Another account may share its VPC with this one.
        ("ec2:DescribeVpcs", filtered("vpc-id", "vpc-1"), {"Vpcs": [{**VPC, "OwnerId": "999999999999"}]}, ""),
        (
            "ec2:DescribeSubnets",
            filtered("vpc-id", "vpc-1", "vpc-2"),
            {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-2"}, {"SubnetId": "subnet-2", "VpcId": "vpc-3"}]},
            "it has subnet-2, whose vpc-id is vpc-3, which wasn't asked for",
        ),
        (
            "ec2:DescribeSubnets",
            filtered("vpc-id", "vpc-1"),
            {"Subnets": [{"SubnetId": "subnet-1"}]},
            "it has subnet-1, whose vpc-id is none, which wasn't asked for",
        ),
        ("ec2:DescribeInternetGateways", filtered("attachment.vpc-id", "vpc-1"), {"InternetGateways": [GATEWAY]}, ""),
        (
            "ec2:DescribeInternetGateways",
            filtered("attachment.vpc-id", "vpc-2"),
            {"InternetGateways": [GATEWAY]},
            "it has igw-1, whose attachment.vpc-id is vpc-1, which wasn't asked for",
        ),
        ("ec2:DescribeInstances", filtered("subnet-id", "subnet-1"), {"Reservations": [{"ReservationId": "r"}]}, ""),
        (
            "ec2:DescribeSubnets",
            {},
            {"Subnets": [{"SubnetId": "subnet-1", "AvailabilityZone": "us-east-1a"}]},
            "it has subnet-1 in us-east-1a, which isn't in eu-west-1",
        ),
        (
            "ec2:DescribeSubnets",
            {},
            {"Subnets": [{"SubnetArn": "arn:aws:ec2:eu-west-1:999999999999:subnet/subnet-1"}]},
            "",
        ),
        (
            "ec2:DescribeVpcEndpoints",
            {},
            {"VpcEndpoints": [{"VpcEndpointId": "vpce-1", "ServiceName": "com.amazonaws.us-east-1.s3"}]},
            "it has vpce-1 for com.amazonaws.us-east-1., which isn't of region eu-west-1",
        ),
        (
            "ec2:DescribeVpcEndpoints",
            {},
            {"VpcEndpoints": [{"ServiceName": "com.amazonaws.us-east-1.s3", "ServiceRegion": "us-east-1"}]},
            "",
        ),
        (
            "ec2:DescribeVpcEndpoints",
            {},
            {
                "VpcEndpoints": [
                    {
                        "VpcEndpointId": "vpce-1",
                        "VpcEndpointType": "Gateway",
                        "ServiceName": "com.amazonaws.us-east-1.s3",
                        "ServiceRegion": "us-east-1",
                    }
                ]
            },
            "it has vpce-1 for com.amazonaws.us-east-1., which isn't of region eu-west-1",
        ),
        ("elbv2:DescribeLoadBalancers", {}, {"LoadBalancers": [{"LoadBalancerArn": ARN}]}, ""),
        (
            "elbv2:DescribeLoadBalancers",
            {},
            {"LoadBalancers": [{"LoadBalancerArn": ARN.replace("eu-west-1", "us-east-1")}]},
            f"it has {ARN.replace('eu-west-1', 'us-east-1')}, which isn't of region eu-west-1",
        ),
        (
            "elbv2:DescribeLoadBalancers",
            {},
            {"LoadBalancers": [{"LoadBalancerArn": ARN.replace(HERE.account, "999999999999")}]},
            f"it has {ARN.replace(HERE.account, '999999999999')}, which isn't of account 123456789012",
        ),
        ("iam:ListAttachedRolePolicies", {}, {"AttachedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/x"}]}, ""),
        ("elbv2:DescribeListeners", {"LoadBalancerArn": ARN}, {"Listeners": [{"LoadBalancerArn": ARN}]}, ""),
        (
            "elbv2:DescribeListeners",
            {"LoadBalancerArn": ARN},
            {"Listeners": [{"LoadBalancerArn": f"{ARN}2"}]},
            f"it is about LoadBalancerArn {ARN}2, which wasn't asked for",
        ),
        (
            "iam:GetRole",
            {"RoleName": "ours"},
            {"Role": {"RoleName": "theirs\x1b"}},
            r"it is about RoleName theirs\x1b, which wasn't asked for",
        ),
        ("iam:GetPolicy", {"PolicyArn": "p"}, {"Policy": {"Arn": "p"}}, ""),
        ("iam:GetAccountAuthorizationDetails", {"Filter": ["Role"]}, {"RoleDetailList": [{"RoleName": "r"}]}, ""),
        ("iam:GetPolicy", {"PolicyArn": "p"}, {"Policy": {"Arn": "q"}}, "it is about q, not about p"),
        ("iam:GetPolicy", {"PolicyArn": "p"}, {"Policy": {}}, "it is about nothing, not about p"),
        ("route53:GetHostedZone", {"Id": "Z1"}, {"HostedZone": {"Id": "/hostedzone/Z1"}}, ""),
        (
            "route53:GetHostedZone",
            {"Id": "Z1"},
            {"HostedZone": {"Id": "/hostedzone/Z2"}},
            "it is about Z2, not about Z1",
        ),
        ("s3:ListObjectsV2", {"Bucket": "b"}, {"Name": "c"}, "it is about c, not about b"),
        (
            "s3:ListBuckets",
            {"BucketRegion": "eu-west-1"},
            {"Buckets": [{"Name": "b", "BucketRegion": "us-east-1"}]},
            "it is about BucketRegion us-east-1, which wasn't asked for",
        ),
        ("s3:ListBuckets", {"BucketRegion": "eu-west-1"}, {"Buckets": [{"Name": "b"}]}, ""),
    ],
)
def test_an_answer_is_about_what_was_asked(
    name: str, arguments: dict[str, Any], page: dict[str, Any], said: str
) -> None:
    assert is_beside_the_question(operation(name), arguments, page, HERE) == said


def test_where_nobody_knows_the_place_every_place_is_right() -> None:
    page = {"LoadBalancers": [{"LoadBalancerArn": ARN}]}
    assert is_beside_the_question(operation("elbv2:DescribeLoadBalancers"), {}, page, Origin()) == ""


@pytest.mark.parametrize(
    ("name", "arguments", "pages", "said"),
    [
        ("elbv2:DescribeTags", {"ResourceArns": ["a", "b"]}, [{"TagDescriptions": [{"ResourceArn": "b"}]}], "a"),
        (
            "elbv2:DescribeTags",
            {"ResourceArns": ["a", "b"]},
            [{"TagDescriptions": [{"ResourceArn": "b"}]}, {"TagDescriptions": [{"ResourceArn": "a"}]}],
            "",
        ),
        ("ec2:DescribeVpcs", {"VpcIds": ["vpc-1"]}, [{"Vpcs": []}], "vpc-1"),
        ("ec2:DescribeVpcs", {}, [{"Vpcs": []}], ""),
        ("route53:ListTagsForResources", {"ResourceIds": ["Z1"]}, [{"ResourceTagSets": []}], "Z1"),
        ("iam:SimulatePrincipalPolicy", {"ActionNames": ["a:B"]}, [{"EvaluationResults": []}], ""),
    ],
)
def test_all_that_were_named_are_answered(
    name: str, arguments: dict[str, Any], pages: list[dict[str, Any]], said: str
) -> None:
    assert leaves_out(operation(name), arguments, pages) == (f"it says nothing of {said}" if said else "")
