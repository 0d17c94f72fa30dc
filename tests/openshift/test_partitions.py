"""One row for each partition: what depends on it, written down by hand from AWS's documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import pytest

from ocpprov.aws.partitions import partition_of, signing_region
from ocpprov.checks.iam_policy import PolicyPurpose, PolicySubject, policy
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, placeholder_facts
from ocpprov.openshift.services import service_of
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_rules import problems
from tests.openshift.plans import plan_of


@dataclass(frozen=True)
class Row:
    """`s3` is the gateway's service, `ec2` the interface's; `iam` and `route53` are the regions that requests to them
    are signed for, and `hosts` the names under which the two are asked."""

    region: str
    partition: str
    principal: str
    s3: str
    ec2: str
    iam: str
    route53: str
    hosts: tuple[str, str]
    alias: bool = True


ROWS = (
    Row(
        "eu-west-1",
        "aws",
        "ec2.amazonaws.com",
        "com.amazonaws.eu-west-1.s3",
        "com.amazonaws.eu-west-1.ec2",
        "us-east-1",
        "us-east-1",
        ("iam.amazonaws.com", "route53.amazonaws.com"),
    ),
    Row(
        "cn-north-1",
        "aws-cn",
        "ec2.amazonaws.com.cn",
        "com.amazonaws.cn-north-1.s3",
        "cn.com.amazonaws.cn-north-1.ec2",
        "cn-north-1",
        "cn-northwest-1",
        ("iam.cn-north-1.amazonaws.com.cn", "route53.amazonaws.com.cn"),
    ),
    Row(
        "us-gov-east-1",
        "aws-us-gov",
        "ec2.amazonaws.com",
        "com.amazonaws.us-gov-east-1.s3",
        "com.amazonaws.us-gov-east-1.ec2",
        "us-gov-west-1",
        "us-gov-west-1",
        ("iam.us-gov.amazonaws.com", "route53.us-gov.amazonaws.com"),
        alias=False,
    ),
    Row(
        "us-iso-east-1",
        "aws-iso",
        "ec2.c2s.ic.gov",
        "com.amazonaws.us-iso-east-1.s3",
        "com.amazonaws.us-iso-east-1.ec2",
        "us-iso-east-1",
        "us-iso-east-1",
        ("iam.us-iso-east-1.c2s.ic.gov", "route53.c2s.ic.gov"),
        alias=False,
    ),
    Row(
        "us-isob-east-1",
        "aws-iso-b",
        "ec2.sc2s.sgov.gov",
        "com.amazonaws.us-isob-east-1.s3",
        "com.amazonaws.us-isob-east-1.ec2",
        "us-isob-east-1",
        "us-isob-east-1",
        ("iam.us-isob-east-1.sc2s.sgov.gov", "route53.sc2s.sgov.gov"),
        alias=False,
    ),
    Row(
        "eu-isoe-west-1",
        "aws-iso-e",
        "ec2.cloud.adc-e.uk",
        "com.amazonaws.eu-isoe-west-1.s3",
        "com.amazonaws.eu-isoe-west-1.ec2",
        "eu-isoe-west-1",
        "eu-isoe-west-1",
        ("iam.eu-isoe-west-1.cloud.adc-e.uk", "route53.cloud.adc-e.uk"),
        alias=False,
    ),
    Row(
        "us-isof-south-1",
        "aws-iso-f",
        "ec2.csp.hci.ic.gov",
        "com.amazonaws.us-isof-south-1.s3",
        "com.amazonaws.us-isof-south-1.ec2",
        "us-isof-south-1",
        "us-isof-south-1",
        ("iam.us-isof-south-1.csp.hci.ic.gov", "route53.csp.hci.ic.gov"),
        alias=False,
    ),
    Row(
        "eusc-de-east-1",
        "aws-eusc",
        "ec2.amazonaws.eu",
        "com.amazonaws.eusc-de-east-1.s3",
        "com.amazonaws.eusc-de-east-1.ec2",
        "eusc-de-east-1",
        "eusc-de-east-1",
        ("iam.eusc-de-east-1.amazonaws.eu", "route53.amazonaws.eu"),
    ),
)
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.partition)

SECTION = OpenShift(
    cluster_name="prod",
    base_domain="example.com",
    infra_id="prod-x7k2p",
    publish="Internal",
    egress="none",
    endpoints=("s3", "ec2"),
)


def resources(row: Row) -> Mapping[str, Resource]:
    plan = replace(plan_of(SECTION), region=row.region)
    return expand(plan, placeholder_facts(plan))


def texts(value: Value) -> str:
    return json.dumps(value, default=asdict)


@every_row
def test_principals_have_the_partitions_domain(row: Row) -> None:
    assert partition_of(row.region).id == row.partition
    trust: Any = resources(row)["MasterIamRole"].properties["AssumeRolePolicyDocument"]
    assert row.principal in texts(trust)


@every_row
def test_the_policys_arns_are_of_the_partition(row: Row) -> None:
    document = policy(PolicySubject("prod", row.region, "", resources(row), KINDS), PolicyPurpose.APPLY)
    written = json.dumps(document)
    assert {part.split(":")[0] for part in written.split("arn:")[1:]} == {row.partition}


@every_row
def test_endpoint_services(row: Row) -> None:
    made = resources(row)
    assert made["S3Endpoint"].properties["ServiceName"] == row.s3
    assert made["Ec2Endpoint"].properties["ServiceName"] == row.ec2


@every_row
def test_iam_and_route_53_are_asked_in_their_home_regions(row: Row) -> None:
    assert (signing_region("iam", row.region), signing_region("route53", row.region)) == (row.iam, row.route53)
    services = [service_of(word, row.region) for word in ("iam", "route53")]
    assert tuple(service.host for service in services) == row.hosts
    assert [service.service_region for service in services] == [row.iam, row.route53]


@every_row
def test_the_apis_records_are_aliases_where_route_53_has_them(row: Row) -> None:
    written = texts([dict(each.properties) for each in resources(row).values() if "Route53" in each.type])
    assert ("AliasTarget" in written) is row.alias
    assert ("CNAME" in written) is not row.alias


@every_row
@pytest.mark.parametrize("record_type", ["auto", "alias", "cname"])
def test_a_plan_may_ask_for_aliases_where_route_53_has_them(
    row: Row, record_type: Literal["auto", "alias", "cname"]
) -> None:
    """What is refused in a plan and what is written without its asking go by the same fact."""
    section = replace(SECTION, record_type=record_type, hosted_zone="create")
    refused = [problem for problem in problems(section, row.region) if problem.where == "recordType"]
    assert bool(refused) is (record_type == "alias" and not row.alias)
    assert partition_of(row.region).balancer_aliases is row.alias
