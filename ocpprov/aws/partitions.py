"""AWS's partitions: which one a region belongs to, and everything that is different in it.

Facts from botocore's `partitions.json` and the endpoint rules of IAM and Route 53; a test compares them. What botocore
doesn't know comes from AWS's user guides and OpenShift's documentation. Of the isolated partitions nobody outside can
read more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Partition:
    """One partition.

    `iam_region` and `route53_region` are the regions that requests to these two services are signed for, wherever the
    request is made and whatever endpoint it goes to; `iam_host` and `route53_host` are their default endpoints.
    `isolated`: the internet doesn't reach it, and services come later.
    `public_zones`: its Route 53 has public hosted zones.
    `balancer_aliases`: an alias record can point to a load balancer. In AWS GovCloud it can't (its user guide, Route
    53), and OpenShift's documentation has CNAME records for "government or secret regions".
    `cluster_needs_endpoints`: the cluster's operators don't know where Route 53 and tagging are and have to be told.
    `zones_by_tag`: the ingress operator finds its zones through the tagging API (cluster-ingress-operator,
    pkg/dns/aws/dns.go).
    `endpoint_prefix`: what the names of its interface endpoint services begin with where they aren't AWS's usual ones.
    `endpoint_names_known`: those names follow from the service and the region for sure.
    `console`: where AWS's console is, with `{region}` in it where each region has its own; empty where it is not known,
    or not on the internet.
    """

    id: str
    region_pattern: str
    dns_suffix: str
    iam_region: str
    route53_region: str
    iam_host: str
    route53_host: str
    isolated: bool = False
    public_zones: bool = True
    balancer_aliases: bool = True
    cluster_needs_endpoints: bool = False
    zones_by_tag: bool = True
    endpoint_prefix: str = "com.amazonaws"
    endpoint_names_known: bool = False
    console: str = ""


def _isolated(id: str, region_pattern: str, dns_suffix: str, home: str, *, zones_by_tag: bool) -> Partition:
    return Partition(
        id=id,
        region_pattern=region_pattern,
        dns_suffix=dns_suffix,
        iam_region=home,
        route53_region=home,
        iam_host=f"iam.{home}.{dns_suffix}",
        route53_host=f"route53.{dns_suffix}",
        isolated=True,
        public_zones=False,
        balancer_aliases=False,
        cluster_needs_endpoints=True,
        zones_by_tag=zones_by_tag,
    )


_AWS: Final = Partition(
    id="aws",
    region_pattern=r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+",
    dns_suffix="amazonaws.com",
    iam_region="us-east-1",
    route53_region="us-east-1",
    iam_host="iam.amazonaws.com",
    route53_host="route53.amazonaws.com",
    endpoint_names_known=True,
    console="https://{region}.console.aws.amazon.com",
)
PARTITIONS: Final = (
    _AWS,
    Partition(
        id="aws-cn",
        region_pattern=r"cn-\w+-\d+",
        dns_suffix="amazonaws.com.cn",
        iam_region="cn-north-1",
        route53_region="cn-northwest-1",
        iam_host="iam.cn-north-1.amazonaws.com.cn",
        route53_host="route53.amazonaws.com.cn",
        endpoint_prefix="cn.com.amazonaws",
        console="https://console.amazonaws.cn",
    ),
    Partition(
        id="aws-us-gov",
        region_pattern=r"us-gov-\w+-\d+",
        dns_suffix="amazonaws.com",
        iam_region="us-gov-west-1",
        route53_region="us-gov-west-1",
        iam_host="iam.us-gov.amazonaws.com",
        route53_host="route53.us-gov.amazonaws.com",
        public_zones=False,
        balancer_aliases=False,
        cluster_needs_endpoints=True,
        endpoint_names_known=True,
        console="https://console.amazonaws-us-gov.com",
    ),
    _isolated("aws-iso", r"us-iso-\w+-\d+", "c2s.ic.gov", "us-iso-east-1", zones_by_tag=False),
    _isolated("aws-iso-b", r"us-isob-\w+-\d+", "sc2s.sgov.gov", "us-isob-east-1", zones_by_tag=False),
    _isolated("aws-iso-e", r"eu-isoe-\w+-\d+", "cloud.adc-e.uk", "eu-isoe-west-1", zones_by_tag=True),
    _isolated("aws-iso-f", r"us-isof-\w+-\d+", "csp.hci.ic.gov", "us-isof-south-1", zones_by_tag=True),
    Partition(
        id="aws-eusc",
        region_pattern=r"eusc-(de)-\w+-\d+",
        dns_suffix="amazonaws.eu",
        iam_region="eusc-de-east-1",
        route53_region="eusc-de-east-1",
        iam_host="iam.eusc-de-east-1.amazonaws.eu",
        route53_host="route53.amazonaws.eu",
    ),
)

KNOWN_REGIONS: Final = (
    "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1",
    "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1",
    "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1",
    "me-west-1", "mx-central-1", "sa-east-1", "sa-west-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    "cn-north-1", "cn-northwest-1", "eusc-de-east-1", "us-iso-east-1", "us-iso-west-1", "us-isob-east-1",
    "us-isob-west-1", "eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1", "us-gov-east-1", "us-gov-west-1",
)  # fmt: skip
"""Every region that botocore's `partitions.json` has. AWS opens more: one that isn't here may be newer than this."""


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
