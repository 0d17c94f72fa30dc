"""The AWS services that ocpprov talks to, under each of the names they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Service:
    """One service. `name` is boto3's; `plan_name` is install-config's, in `serviceEndpoints`; `endpoint_variable` is
    the environment variable with which the AWS CLI and boto3 take an own URL for it. `dispensable`: a run can do
    without, as nothing else waits for what it makes there."""

    name: str
    plan_name: str
    endpoint_variable: str
    dispensable: bool = False


SERVICES: Final = {
    service.name: service
    for service in (
        Service("ec2", "ec2", "AWS_ENDPOINT_URL_EC2"),
        Service("elb", "elasticloadbalancing", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING"),
        Service("elbv2", "elasticloadbalancing", "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2"),
        Service("iam", "iam", "AWS_ENDPOINT_URL_IAM", dispensable=True),
        Service("resourcegroupstaggingapi", "tagging", "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API"),
        Service("route53", "route53", "AWS_ENDPOINT_URL_ROUTE_53", dispensable=True),
        Service("s3", "s3", "AWS_ENDPOINT_URL_S3"),
        Service("service-quotas", "servicequotas", "AWS_ENDPOINT_URL_SERVICE_QUOTAS"),
        Service("sts", "sts", "AWS_ENDPOINT_URL_STS"),
    )
}
