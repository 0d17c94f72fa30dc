"""The expanded section as a CloudFormation template, judged by cfn-lint, which knows AWS's own schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.core import get_rules  # type: ignore[import-untyped]
from cfnlint.rules import RulesCollection  # type: ignore[import-untyped]

from ocpprov.engine.values import to_json
from ocpprov.openshift.expand import Balancer, ExistingSubnet, expand, outputs
from ocpprov.plan.model import Bucket, DhcpOptions, Iam, OpenShift, Plan, Transit
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

# Zones by name (W3010): the plan decides which zone a subnet is in. Ports with ESP (W3687): AWS ignores them, and says
# -1 itself when it lists the rule.
MEANT = {"W3010", "W3687"}
VPC = "vpc-0123456789abcdef0"
SUBNETS = {
    "subnet-0123456789abcdef0": ExistingSubnet("subnet-0123456789abcdef0", VPC, "eu-west-1a", "10.0.0.0/20", True),
    "subnet-0123456789abcdef1": ExistingSubnet("subnet-0123456789abcdef1", VPC, "eu-west-1a", "10.0.48.0/20", False),
}
ROUTER = Balancer("router-1.elb.amazonaws.com", "Z0ROUTER")
KNOWN = replace(FACTS, subnets=SUBNETS, router=ROUTER, instances={"10.0.48.10": "i-0123456789abcdef0"})
RESTRICTED = replace(
    SECTION_3AZ,
    publish="Internal",
    egress="none",
    endpoints=("s3", "s3-interface", "ec2", "elasticloadbalancing", "com.amazonaws.iam"),
    transit=(Transit((IPv4Network("10.20.0.0/16"),), transit_gateway_id="tgw-0123456789abcdef0"),),
    dhcp_options=DhcpOptions("corp.example.com", ("10.20.0.2",), ("10.20.0.4",)),
    secondary_networks=(IPv4Network("10.1.0.0/16"),),
    bucket=Bucket(name="corp-ignition", only_through_endpoint=True),
    iam=Iam("documented", "/ocp/", "arn:aws:iam::123456789012:policy/limit"),
)
EXISTING = replace(SECTION_3AZ, subnets=tuple(SUBNETS), route_tables=("rtb-0123456789abcdef0",), hosted_zone="Z0A")


@pytest.fixture(scope="module")
def rules() -> RulesCollection:
    """Those that `lint` takes by itself, but anew for each template, which is half of its time."""
    return get_rules([], [], ["W", "E"])


def template(plan: Plan) -> str:
    resources = {
        logical_id: {
            "Type": resource.type,
            "Properties": to_json(resource.properties),
            "DependsOn": list(resource.depends_on),
        }
        for logical_id, resource in expand(plan, KNOWN).items()
        if not resource.type.startswith("Ocpprov::")
    }
    named = {
        output.name: {"Value": to_json(output.value), "Description": output.description}
        for output in outputs(plan, KNOWN)
    }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources, "Outputs": named})


def _in_torture(section: OpenShift, id: str) -> Any:
    return pytest.param(section, id=id, marks=pytest.mark.torture)


@pytest.mark.parametrize(
    "section",
    [
        _in_torture(SECTION_3AZ, "three-zones"),
        _in_torture(SECTION_SINGLE_ZONE, "single-zone"),
        _in_torture(replace(SECTION_3AZ, egress="nat-single", bootstrap=False), "nat-single"),
        _in_torture(replace(SECTION_3AZ, infra_id="", publish="Internal", egress="none"), "internal-network-only"),
        pytest.param(
            replace(SECTION_3AZ, public_zone="create", apps_record="auto", network_acl="working"), id="public-zone"
        ),
        pytest.param(
            replace(SECTION_3AZ, load_balancers="classic", record_type="cname", network_acl="documented"), id="classic"
        ),
        pytest.param(RESTRICTED, id="restricted"),
        pytest.param(EXISTING, id="existing"),
    ],
)
def test_cloudformation_would_take_it(section: OpenShift, rules: RulesCollection) -> None:
    matches = lint(template(plan_of(section)), rules, regions=["eu-west-1"])
    assert [str(match) for match in matches if match.rule.id not in MEANT] == []
