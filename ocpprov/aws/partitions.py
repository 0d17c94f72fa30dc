"""AWS's partitions: which one a region belongs to, its domain, and where its global services live.

Facts from botocore's `partitions.json` and the endpoint rules of IAM and Route 53; a test compares them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Partition:
    """One partition. `iam_region` and `route53_region` are the regions that requests to these two services are signed
    for, wherever the request is made and whatever endpoint it goes to. `balancer_aliases`: whether an alias record can
    point to a load balancer. In AWS GovCloud it can't (its user guide, Route 53); of the isolated ones nobody outside
    can read, and OpenShift's documentation has CNAME records for "government or secret regions"."""

    id: str
    region_pattern: str
    dns_suffix: str
    iam_region: str
    route53_region: str
    balancer_aliases: bool = True

    @property
    def isolated(self) -> bool:
        """Whether it is one of those that the internet doesn't reach, where services come later."""
        return self.id.startswith("aws-iso")


_AWS: Final = Partition("aws", r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+", "amazonaws.com", "us-east-1", "us-east-1")
PARTITIONS: Final = (
    _AWS,
    Partition("aws-cn", r"cn-\w+-\d+", "amazonaws.com.cn", "cn-north-1", "cn-northwest-1"),
    Partition(
        "aws-us-gov", r"us-gov-\w+-\d+", "amazonaws.com", "us-gov-west-1", "us-gov-west-1", balancer_aliases=False
    ),
    Partition("aws-iso", r"us-iso-\w+-\d+", "c2s.ic.gov", "us-iso-east-1", "us-iso-east-1", balancer_aliases=False),
    Partition(
        "aws-iso-b", r"us-isob-\w+-\d+", "sc2s.sgov.gov", "us-isob-east-1", "us-isob-east-1", balancer_aliases=False
    ),
    Partition(
        "aws-iso-e", r"eu-isoe-\w+-\d+", "cloud.adc-e.uk", "eu-isoe-west-1", "eu-isoe-west-1", balancer_aliases=False
    ),
    Partition(
        "aws-iso-f", r"us-isof-\w+-\d+", "csp.hci.ic.gov", "us-isof-south-1", "us-isof-south-1", balancer_aliases=False
    ),
    Partition("aws-eusc", r"eusc-de-\w+-\d+", "amazonaws.eu", "eusc-de-east-1", "eusc-de-east-1"),
)


def partition_of(region: str) -> Partition:
    """The partition of a region; `aws` for a region that fits no pattern, as botocore has it."""
    for partition in PARTITIONS:
        if re.fullmatch(partition.region_pattern, region):
            return partition
    return _AWS


def signing_region(service: str, region: str) -> str:
    """The region that a client of `service` (boto3's name) is made with, so that its requests are signed for it."""
    partition = partition_of(region)
    match service:
        case "iam":
            return partition.iam_region
        case "route53":
            return partition.route53_region
        case _:
            return region
