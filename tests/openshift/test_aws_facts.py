"""What must be asked of AWS for a plan, and what stands for it where nobody is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.resources import Position
from ocpprov.openshift.expand import FactsNeeded, RouterNeeded, expand, facts_needed, logical_ids, placeholder_facts
from ocpprov.plan.model import OpenShift, Plan
from tests.openshift.plans import SECTION_3AZ, plan_of

NAMED = replace(SECTION_3AZ, zones=("eu-west-1a",))


@pytest.mark.parametrize(
    ("section", "needed"),
    [
        (NAMED, FactsNeeded()),
        (SECTION_3AZ, FactsNeeded(zones=3)),
        (replace(NAMED, public_zone="auto"), FactsNeeded(public_zone="example.com")),
        (replace(NAMED, public_zone="auto", infra_id=""), FactsNeeded()),
        (replace(NAMED, apps_record="auto", infra_id=""), FactsNeeded()),
        (replace(NAMED, load_balancers="classic", infra_id=""), FactsNeeded()),
        (
            replace(NAMED, subnets=("subnet-0a", "subnet-0b")),
            FactsNeeded(subnets=("subnet-0a", "subnet-0b"), existing_vpc=True),
        ),
        (replace(NAMED, vpc_id="vpc-1"), FactsNeeded(existing_vpc=True, vpc_id="vpc-1")),
    ],
)
def test_no_more_is_asked_than_is_needed(section: OpenShift, needed: FactsNeeded) -> None:
    assert facts_needed(plan_of(section)) == needed
    assert needed.nothing == (needed == FactsNeeded())


def test_for_a_record_that_the_plan_doesnt_name_nobody_is_asked() -> None:
    here = Position("plan.yaml", 1, 1)
    silent = replace(NAMED, apps_record="auto", positions={"openshift.clusterName": here})
    assert facts_needed(plan_of(silent)) == FactsNeeded(router=RouterNeeded("prod-x7k2p", said=False))
    assert facts_needed(plan_of(silent)).nothing
    named = replace(silent, positions={"openshift.appsRecord": here})
    assert facts_needed(plan_of(named)) == FactsNeeded(router=RouterNeeded("prod-x7k2p"))
    assert not facts_needed(plan_of(named)).nothing
    assert not facts_needed(plan_of(replace(silent, zones=3))).nothing


def test_a_plan_without_the_section_needs_nothing() -> None:
    assert facts_needed(Plan(name="bare", region="eu-west-1")).nothing


@pytest.mark.parametrize(
    "section",
    [
        SECTION_3AZ,
        replace(SECTION_3AZ, public_zone="auto", apps_record="auto"),
        replace(SECTION_3AZ, load_balancers="classic"),
        replace(SECTION_3AZ, subnets=("subnet-0a", "subnet-0b"), route_tables=("rtb-0c",)),
        replace(SECTION_3AZ, subnets=("subnet-0b",), publish="Internal", egress="none"),
        replace(SECTION_3AZ, vpc_id="vpc-1"),
        replace(SECTION_3AZ, endpoints=("s3", "ec2", "com.amazonaws.iam", "com.amazonaws.eu-west-1.sts")),
    ],
)
def test_placeholders_are_enough_to_expand_and_give_every_logical_id(section: OpenShift) -> None:
    plan = plan_of(section)
    made = expand(plan, placeholder_facts(plan))
    assert logical_ids(section) == {logical_id: resource.type for logical_id, resource in made.items()}
    assert all(logical_id.isalnum() for logical_id in made)
