"""Which private zones of a VPC are looked at, and which of them are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.reads import Reader
from ocpprov.commands.discovery_private_zones import with_private_zones
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.engine.resources import Owner
from ocpprov.openshift.aws_facts import ExistingSubnet, Facts
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.plan.model import OpenShift
from tests.checks.answers import Answers
from tests.openshift.plans import SECTION_3AZ, plan_of

ACCOUNT: Final = "123456789012"
CLOSED: Final = replace(SECTION_3AZ, vpc_id="vpc-1", egress="none", endpoints=())
EC2: Final = "ec2.eu-west-1.amazonaws.com"
STS: Final = "sts.eu-west-1.amazonaws.com"


def row(id: str, name: str, **owner: str) -> dict[str, Any]:
    return {"HostedZoneId": id, "Name": f"{name}.", "Owner": owner or {"OwningAccount": ACCOUNT}}


ZONES: Final = {
    "HostedZoneSummaries": [
        row("Z1", EC2),
        row("Z2", STS, OwningAccount="210987654321"),
        row("Z3", "kms.eu-west-1.amazonaws.com", OwningService="vpce.amazonaws.com"),
        row("Z4", "prod.example.com"),
        row("Z5", "amazonaws.com"),
    ]
}
RECORDS: Final = {
    "ResourceRecordSets": [
        {"Name": f"{EC2}.", "Type": "SOA"},
        {"Name": f"\\052.{EC2}.", "Type": "A"},
        {"Name": f"x.{EC2}.", "Type": "TXT"},
    ]
}


def zones(
    section: OpenShift,
    facts: Facts | None = None,
    services: Sequence[str] = ("route53",),
    more: Mapping[str, Any] | None = None,
) -> tuple[Any, list[str]]:
    pages = {"list_hosted_zones_by_vpc": ZONES, "list_resource_record_sets Z1": RECORDS, **(more or {})}
    reader = Answers(pages)
    owner = Owner("prod", "eu-west-1", ACCOUNT, "run")
    asked = DiscoveryReader(cast("Reader", reader), owner)
    found = with_private_zones(plan_of(section), facts or Facts(), asked, services).private_zones
    return found, [" ".join([each.operation, *map(str, each.arguments().values())]) for each in reader.asked]


def test_those_that_hold_a_services_name_are_found_and_this_accounts_are_read() -> None:
    found, asked = zones(CLOSED, more={"list_resource_record_sets Z5": {"ResourceRecordSets": []}})
    assert found == [
        PrivateZone("Z1", EC2, records=frozenset({f"*.{EC2}"})),
        PrivateZone("Z2", STS, "210987654321"),
        PrivateZone("Z5", "amazonaws.com", records=frozenset()),
    ]
    assert asked == [
        "list_hosted_zones_by_vpc vpc-1 eu-west-1",
        "list_resource_record_sets Z1",
        "list_resource_record_sets Z5",
    ]


@pytest.mark.parametrize(
    ("section", "facts", "expected"),
    [
        (CLOSED, None, ["vpc-1"]),
        (replace(CLOSED, egress="nat", endpoints=("s3", "ec2")), None, ["vpc-1"]),
        (replace(CLOSED, egress="nat", endpoints=("s3",)), None, []),
        (
            replace(CLOSED, vpc_id="", subnets=("subnet-1",)),
            Facts(subnets={"subnet-1": ExistingSubnet("subnet-1", "vpc-2", "eu-west-1a", "10.0.0.0/24", public=False)}),
            ["vpc-2"],
        ),
        (replace(CLOSED, vpc_id=""), None, ["vpc-3"]),
    ],
    ids=["closed", "an endpoint", "neither", "of given subnets", "the plan's own"],
)
def test_the_vpc_is_asked_about_where_names_matter(
    section: OpenShift, facts: Facts | None, expected: list[str]
) -> None:
    tags = [{"ResourceId": id, "Key": "ocpprov:plan", "Value": "prod"} for id in ("subnet-3", "vpc-3")]
    _, asked = zones(section, facts, more={"describe_tags": {"Tags": tags}})
    assert [each.split()[1] for each in asked if each.startswith("list_hosted_zones_by_vpc")] == expected
    assert not any(each.startswith("describe_vpcs") for each in asked)


def test_where_nobody_may_read_tags_the_vpc_is_asked_for_by_its_own() -> None:
    closed = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeTags"))
    vpcs = {"Vpcs": [{"VpcId": "vpc-3"}]}
    _, asked = zones(replace(CLOSED, vpc_id=""), more={"describe_tags": closed, "describe_vpcs": vpcs})
    assert "list_hosted_zones_by_vpc vpc-3 eu-west-1" in asked


@pytest.mark.parametrize(
    ("error_class", "code"), [(ErrorClass.DENIED, "AccessDenied"), (ErrorClass.INVALID, "InvalidAction")]
)
def test_where_nobody_may_look_nothing_is_known_but_why(error_class: ErrorClass, code: str) -> None:
    closed = AwsError(error_class, AwsMessage(code, "no", "r-1", "ListHostedZonesByVPC"))
    reader = Answers({"list_hosted_zones_by_vpc": closed})
    asked = DiscoveryReader(cast("Reader", reader), Owner("prod", "eu-west-1", ACCOUNT, "run"))
    facts = with_private_zones(plan_of(CLOSED), Facts(), asked, ("route53",))
    assert (facts.private_zones, facts.private_zones_closed) == (None, str(closed))


def test_an_answer_that_lacks_members_tells_less() -> None:
    bare = {"HostedZoneSummaries": [{"Name": "x."}, {"HostedZoneId": "Z1", "Name": f"{EC2}."}]}
    found, _ = zones(CLOSED, more={"list_hosted_zones_by_vpc": bare, "list_resource_record_sets Z1": {}})
    assert found == [PrivateZone("Z1", EC2)]


def test_a_run_that_does_not_ask_route_53_asks_nothing() -> None:
    assert zones(CLOSED, services=("ec2",)) == ((), [])
