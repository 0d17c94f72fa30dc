"""What a look at AWS asks first, before it has heard anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ocpprov.commands.discovery import zone_names_read
from ocpprov.commands.discovery_private_zones import zones_serving
from ocpprov.commands.reads_ahead import reads_ahead
from ocpprov.commands.scope import Scope
from ocpprov.engine.resources import Owner
from ocpprov.kinds.ec2.tag_index import tags_read
from ocpprov.kinds.reads import Found
from ocpprov.plan.model import OpenShift
from ocpprov.runs.journal import Made, account_region
from tests.openshift.plans import SECTION_3AZ, plan_of

OWNER: Final = Owner("prod", "eu-west-1", "123456789012", "run")
START: Final = Found(OWNER, given=frozenset({"vpc-1"}), names=frozenset())
SCOPE: Final = Scope(services=frozenset({"ec2", "sts", "route53"}))
SUBNET: Final = Made("AWS::EC2::Subnet", "subnet-1", account_region(OWNER.account, OWNER.region))


def ahead(section: OpenShift = SECTION_3AZ, scope: Scope = SCOPE) -> set[object]:
    return set(reads_ahead(plan_of(section), scope, START, OWNER))


def test_the_plan_tag_is_asked_for_with_the_lists_of_the_networks_that_are_known() -> None:
    found = ahead()
    assert tags_read("prod") in found
    assert {each.operation for each in reads_ahead(plan_of(SECTION_3AZ), SCOPE, START, OWNER)} >= {
        "describe_subnets",
        "describe_vpcs",
        "list_hosted_zones",
    }


def test_zones_are_asked_for_where_no_subnet_tells_them() -> None:
    assert zone_names_read() in ahead()
    assert zone_names_read() not in ahead(scope=replace(SCOPE, journalled=frozenset({SUBNET})))
    elsewhere = replace(SUBNET, where=account_region(OWNER.account, "eu-central-1"))
    assert zone_names_read() in ahead(scope=replace(SCOPE, journalled=frozenset({elsewhere})))


def test_private_zones_are_asked_for_where_names_of_services_matter() -> None:
    serving = zones_serving("vpc-1", OWNER.region)
    closed = replace(SECTION_3AZ, egress="none")
    assert serving in ahead(closed)
    assert serving not in ahead(closed, Scope(services=frozenset({"ec2", "sts"})))
    assert serving not in ahead(replace(SECTION_3AZ, endpoints=("s3",)))
