"""The facts of the partitions, against botocore's where it has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import botocore
import pytest
from botocore.awsrequest import AWSPreparedRequest

from ocpprov.aws.partitions import KNOWN_REGIONS, PARTITIONS, Partition, partition_of

KNOWN: dict[str, Any] = {
    each["id"]: each
    for each in json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text())["partitions"]
}
every_partition = pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.id)


class Stopped(Exception):
    """Raised in place of sending."""


def host(service: Any, region: str) -> str | None:
    """Where botocore would send a request."""
    sent: list[str] = []

    def stop(request: AWSPreparedRequest, **_: object) -> None:
        sent.append(str(request.url))
        raise Stopped

    client: Any = boto3.Session(aws_access_key_id="a", aws_secret_access_key="b").client(service, region_name=region)
    client.meta.events.register("before-send", stop)
    with pytest.raises(Stopped):
        client.list_roles() if service == "iam" else client.list_hosted_zones()
    return urlsplit(sent[0]).hostname


def test_all_partitions_are_known() -> None:
    assert sorted(partition.id for partition in PARTITIONS) == sorted(KNOWN)


def test_the_known_regions_are_botocores() -> None:
    regions = {region for known in KNOWN.values() for region in known["regions"] if not region.endswith("-global")}
    assert set(KNOWN_REGIONS) == regions
    assert len(KNOWN_REGIONS) == len(regions)


@every_partition
def test_regions_and_domain_are_botocores(partition: Partition) -> None:
    known = KNOWN[partition.id]
    assert f"^{partition.region_pattern}$" == known["regionRegex"].replace(r"\-", "-")
    assert partition.dns_suffix == known["outputs"]["dnsSuffix"]
    regions = [region for region in known["regions"] if not region.endswith("-global")]
    assert regions
    assert {partition_of(region).id for region in regions} == {partition.id}


@every_partition
def test_iam_and_route_53_are_where_botocore_asks_them(partition: Partition) -> None:
    assert partition.iam_host == host("iam", partition.iam_region)
    assert partition.route53_host == host("route53", partition.route53_region)


def test_what_botocore_does_not_know() -> None:
    """Rows written down by hand: public zones, aliases to balancers, endpoints that operators need, zones found by
    tag, endpoint names that follow a rule."""
    assert {
        each.id: (
            each.isolated,
            each.public_zones,
            each.balancer_aliases,
            each.cluster_needs_endpoints,
            each.zones_by_tag,
            each.endpoint_names_known,
            each.endpoint_prefix,
        )
        for each in PARTITIONS
    } == {
        "aws": (False, True, True, False, True, True, "com.amazonaws"),
        "aws-cn": (False, True, True, False, True, False, "cn.com.amazonaws"),
        "aws-us-gov": (False, False, False, True, True, True, "com.amazonaws"),
        "aws-iso": (True, False, False, True, False, False, "com.amazonaws"),
        "aws-iso-b": (True, False, False, True, False, False, "com.amazonaws"),
        "aws-iso-e": (True, False, False, True, True, False, "com.amazonaws"),
        "aws-iso-f": (True, False, False, True, True, False, "com.amazonaws"),
        "aws-eusc": (False, True, True, False, True, False, "com.amazonaws"),
    }


def test_a_region_of_no_known_partition_is_taken_as_commercial() -> None:
    assert partition_of("xx-north-1").id == "aws"
    assert partition_of("").id == "aws"
