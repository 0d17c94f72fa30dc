"""The first read of each service, which tells too whether there is a way to it."""

from __future__ import annotations

from collections.abc import Mapping

from ocpprov.kinds.ec2.tag_index import tags_read
from ocpprov.kinds.elbv2.common import LIST_BALANCERS
from ocpprov.kinds.iam.common import LIST_ROLES
from ocpprov.kinds.reads import Read, read


def first_reads(plan: str, region: str) -> Mapping[str, Read]:
    """By boto3's name of the service: a read that each look at what a plan has makes whatever else it knows, just as
    the kinds state it. `plan` is the plan's name; where there is none, nothing is known to be read."""
    if not plan:
        return {}
    return {
        "ec2": tags_read(plan),
        "elb": read("elb", "describe_load_balancers"),
        "elbv2": LIST_BALANCERS,
        "iam": LIST_ROLES,
        "route53": read("route53", "list_hosted_zones"),
        "s3": read("s3", "list_buckets", BucketRegion=region),
    }
