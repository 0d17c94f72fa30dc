"""Outputs of a cluster that is there, as `outputs --json` has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ARN: Final = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/prod-x7k2p-{}/0123456789abcdef"
OUTPUTS: Final[Mapping[str, object]] = {
    "VpcId": "vpc-0123456789abcdef0",
    "PublicSubnetIds": ["subnet-0a", "subnet-0b", "subnet-0c"],
    "PrivateSubnetIds": ["subnet-1a", "subnet-1b", "subnet-1c"],
    "Subnets": [
        {"id": "subnet-0a", "zone": "eu-west-1a", "cidr": "10.0.0.0/20", "public": True},
        {"id": "subnet-1a", "zone": "eu-west-1a", "cidr": "10.0.48.0/20", "public": False},
        {"id": "subnet-1b", "zone": "eu-west-1b", "cidr": "10.0.64.0/20", "public": False},
    ],
    "MasterSecurityGroupId": "sg-0a",
    "WorkerSecurityGroupId": "sg-0b",
    "MasterInstanceProfile": "prod-MasterInstanceProfile-1ab",
    "WorkerInstanceProfile": "prod-WorkerInstanceProfile-2cd",
    "MasterIgnitionLocation": "https://api-int.prod.example.com:22623/config/master",
    "WorkerIgnitionLocation": "https://api-int.prod.example.com:22623/config/worker",
    "BootstrapIgnitionLocation": "s3://prod-x7k2p-infra/bootstrap.ign",
    "ExternalApiTargetGroupArn": ARN.format("aext"),
    "InternalApiTargetGroupArn": ARN.format("aint"),
    "InternalServiceTargetGroupArn": ARN.format("sint"),
}
