"""AWS's services as VPC endpoints know them: the plan's words, service names by partition, and their hosts.

China: AWS CDK's table of services with another prefix there (aws-ec2, vpc-endpoint). IAM and Route 53 have one service
for all regions, in the region where their control plane is (AWS's "cross-region enabled services" page).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from ocpprov.aws.partitions import Partition, partition_of

S3_GATEWAY: Final = "s3"
S3_INTERFACE: Final = "s3-interface"

# A whole service name begins with a domain turned round, or with AWS's newer prefix.
_WHOLE_NAME: Final = re.compile(r"(com|cn|gov|uk|eu|aws)\..+")
_REGIONAL_NAME: Final = re.compile(r"(?:cn\.)?com\.amazonaws\.([a-z]{2,5}(?:-[a-z]+)+-\d+)\.(.+)")
_GLOBAL_NAME: Final = re.compile(r"com\.amazonaws\.(iam|route53)")
_CHINAS_OWN: Final = frozenset(
    (
        "application-autoscaling", "athena", "autoscaling", "backup", "batch", "cloudcontrolapi", "cloudformation",
        "ebs", "ec2", "ecr.api", "ecr.dkr", "eks", "elasticache", "elasticfilesystem", "execute-api", "fsx",
        "kinesis-streams", "lambda", "license-manager", "monitoring", "rds", "redshift", "s3", "securityhub",
        "servicecatalog", "sqs", "states", "sts", "synthetics", "transfer", "xray",
    )
)  # fmt: skip


@dataclass(frozen=True)
class EndpointService:
    """One service behind an endpoint.

    `service_region` is given where the service lives in one region for all. `host` is the name that private DNS
    answers for, empty where nobody can know it (somebody's own endpoint service).
    """

    logical_id: str
    type: Literal["Gateway", "Interface"]
    name: str
    service_region: str = ""
    host: str = ""


def service_of(word: str, region: str) -> EndpointService:
    """The service that an item of `endpoints` means: a word (`ec2`, `ecr.api`, `s3-interface`) or a whole name."""
    partition = partition_of(region)
    short, service_region = _shortened(word, region)
    if _WHOLE_NAME.fullmatch(short):
        return EndpointService(_logical_id(short), "Interface", short)
    if short == "iam":
        return _global_service(short, partition.iam_region, partition.iam_host)
    if short == "route53":
        return _global_service(short, partition.route53_region, partition.route53_host)
    service = "s3" if short == S3_INTERFACE else short
    host = ".".join((*reversed(service.split(".")), service_region or region, partition.dns_suffix))
    if short == S3_GATEWAY:
        return EndpointService(_logical_id(short), "Gateway", f"com.amazonaws.{region}.s3", host=host)
    name = word if _WHOLE_NAME.fullmatch(word) else _regional_name(service, region, partition)
    return EndpointService(_logical_id(short), "Interface", name, service_region, host)


def names_vary(region: str) -> bool:
    """Whether a service's name can't be known for sure in a region's partition, so that AWS has to be asked."""
    return not partition_of(region).endpoint_names_known


def listed_as(service: EndpointService, region: str, names: Collection[str]) -> str:
    """AWS's own name of a service of the region, among the `names` that it lists: the one that we would write, else the
    only one that ends alike; ours where there is none, or where several do."""
    end = f".{region}.{service.name.partition(f'.{region}.')[2]}"
    alike = [name for name in names if name.endswith(end)]
    return alike[0] if len(alike) == 1 and service.name not in names else service.name


def _regional_name(service: str, region: str, partition: Partition) -> str:
    """Only China has a prefix of its own, and only for some services."""
    prefix = partition.endpoint_prefix if service in _CHINAS_OWN else "com.amazonaws"
    return f"{prefix}.{region}.{service}"


def _global_service(service: str, home: str, host: str) -> EndpointService:
    return EndpointService(_logical_id(service), "Interface", f"com.amazonaws.{service}", home, host)


def _shortened(word: str, region: str) -> tuple[str, str]:
    """The word for a whole name of AWS's own, and the region in it where that is another one than the plan's."""
    if regional := _REGIONAL_NAME.fullmatch(word):
        return regional[2], regional[1] if regional[1] != region else ""
    known = _GLOBAL_NAME.fullmatch(word)
    return (known[1] if known else word), ""


def _logical_id(short: str) -> str:
    """`Ec2Endpoint`, `EcrApiEndpoint`: words in the manner of the templates' `S3Endpoint`."""
    return "".join(part.capitalize() for part in re.findall(r"[a-z0-9]+", short.lower())) + "Endpoint"
