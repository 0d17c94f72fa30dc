"""The expanded section as a CloudFormation template, judged by cfn-lint, which knows AWS's own schemas."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]

from ocpprov.engine.values import to_json
from ocpprov.openshift.expand import expand, outputs
from ocpprov.plan.model import OpenShift, Plan
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

# Zones by name (W3010): the plan decides which zone a subnet is in. Ports with ESP (W3687): AWS ignores them, and says
# -1 itself when it lists the rule.
MEANT = {"W3010", "W3687"}


def template(plan: Plan) -> str:
    resources = {
        logical_id: {
            "Type": resource.type,
            "Properties": to_json(resource.properties),
            "DependsOn": list(resource.depends_on),
        }
        for logical_id, resource in expand(plan, FACTS).items()
    }
    named = {
        output.name: {"Value": to_json(output.value), "Description": output.description} for output in outputs(plan)
    }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": named})


@pytest.mark.parametrize(
    "section",
    [
        SECTION_3AZ,
        SECTION_SINGLE_ZONE,
        replace(SECTION_3AZ, egress="nat-single", bootstrap=False),
        replace(SECTION_3AZ, infra_id="", publish="Internal", egress="none"),
    ],
    ids=["three-zones", "single-zone", "nat-single", "internal-network-only"],
)
def test_cloudformation_would_take_it(section: OpenShift) -> None:
    matches = lint(template(plan_of(section)), regions=["eu-west-1"])
    assert [str(match) for match in matches if match.rule.id not in MEANT] == []
