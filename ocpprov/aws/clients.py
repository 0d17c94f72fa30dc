"""The clients of one run. Made by `session`, in the main thread; used by all threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_elb import ElasticLoadBalancingClient
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_route53 import Route53Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True)
class Clients:
    """One client for each service."""

    ec2: EC2Client
    elb: ElasticLoadBalancingClient
    elbv2: ElasticLoadBalancingv2Client
    iam: IAMClient
    route53: Route53Client
    s3: S3Client
    sts: STSClient

    def by_service(self) -> Mapping[str, BaseClient]:
        """The same by boto3's service names, for reads, which name their service and operation as data."""
        return {
            "ec2": self.ec2,
            "elb": self.elb,
            "elbv2": self.elbv2,
            "iam": self.iam,
            "route53": self.route53,
            "s3": self.s3,
            "sts": self.sts,
        }
