"""Addresses in AWS's console, by partition."""

from __future__ import annotations

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.report.console import _PLACES, console_link

ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/a/1"


@pytest.mark.parametrize(
    ("type", "id", "region", "expected"),
    [
        (
            "AWS::EC2::VPC",
            "vpc-1",
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/vpcconsole/home?region=eu-west-1#VpcDetails:VpcId=vpc-1",
        ),
        (
            "AWS::EC2::Subnet",
            "subnet-1",
            "us-gov-west-1",
            "https://console.amazonaws-us-gov.com/vpcconsole/home?region=us-gov-west-1#SubnetDetails:subnetId=subnet-1",
        ),
        (
            "AWS::S3::Bucket",
            "a.b",
            "cn-north-1",
            "https://console.amazonaws.cn/s3/buckets/a.b?region=cn-north-1",
        ),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            ARN,
            "eu-west-1",
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#LoadBalancer:loadBalancerArn="
            "arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A1%3Aloadbalancer%2Fnet%2Fa%2F1",
        ),
        ("AWS::EC2::VPC", "vpc-1", "us-iso-east-1", ""),
        ("AWS::EC2::VPC", "vpc-1", "eusc-de-east-1", ""),
        ("AWS::EC2::VPC", "", "eu-west-1", ""),
        ("AWS::EC2::Route", "rtb-1|0.0.0.0/0", "eu-west-1", ""),
        ("AWS::S3::Bucket", 'x"/../{y}', "eu-west-1",
         "https://eu-west-1.console.aws.amazon.com/s3/buckets/x%22%2F..%2F%7By%7D?region=eu-west-1"),
    ],
)  # fmt: skip
def test_links(type: str, id: str, region: str, expected: str) -> None:
    assert console_link(type, id, region) == expected


def test_every_type_with_a_page_is_known() -> None:
    assert set(_PLACES) <= set(KINDS)
