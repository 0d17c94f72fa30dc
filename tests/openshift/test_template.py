"""Plans as templates of CloudFormation, judged by cfn-lint, which knows AWS's own schemas."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.core import get_rules  # type: ignore[import-untyped]
from cfnlint.rules import RulesCollection  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import ExistingSubnet, Facts, GivenBalancer, expand, logical_ids, placeholder_facts
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.loading import Inputs, load, load_file
from ocpprov.plan.model import Bucket, DhcpOptions, Iam, InstanceProfiles, OpenShift, Plan, Transit
from ocpprov.plan.stack_template import NotInTemplates, stack_template
from tests.end_to_end.one_of_each import PLAN as ONE_OF_EACH
from tests.end_to_end.world import PLANS
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

# Zones by name (W3010): the plan decides which zone a subnet is in. Ports with ESP (W3687): AWS ignores them, and says
# -1 itself when it lists the rule.
MEANT = {"W3010", "W3687"}
VPC = "vpc-0123456789abcdef0"
SUBNETS = {
    "subnet-0123456789abcdef0": ExistingSubnet("subnet-0123456789abcdef0", VPC, "eu-west-1a", "10.0.0.0/20", True),
    "subnet-0123456789abcdef1": ExistingSubnet("subnet-0123456789abcdef1", VPC, "eu-west-1a", "10.0.48.0/20", False),
}
PRIVATE = {
    f"subnet-0123456789abcdef{number}": ExistingSubnet(
        f"subnet-0123456789abcdef{number}", VPC, f"eu-west-1{zone}", f"10.0.{16 * number}.0/20", False
    )
    for number, zone in enumerate("abc", 1)
}
"""Those of plans/existing-vpc.yaml."""
ROUTER = GivenBalancer("router-1.elb.amazonaws.com", "Z0ROUTER")
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


def template(plan: Plan, facts: Facts = KNOWN) -> str:
    """What `render --template` prints of it."""
    resources = {**expand(plan, facts), **plan.resources}
    return json.dumps(stack_template(plan, resources, outputs(plan, facts), KINDS).document)


def wrong(plan: Plan, rules: RulesCollection, facts: Facts = KNOWN) -> list[str]:
    """What cfn-lint says against it."""
    matches = lint(template(plan, facts), rules, regions=[plan.region])
    return [str(match) for match in matches if match.rule.id not in MEANT]


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
    assert wrong(replace(plan_of(section), user_tags={"cost-centre": "4711"}), rules) == []


@pytest.mark.torture
@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_cloudformation_would_take_every_plan_that_is_shipped(path: Path, rules: RulesCollection) -> None:
    plan = load_file(path, Inputs(KINDS, openshift_ids=logical_ids))
    facts = replace(placeholder_facts(plan), subnets=PRIVATE if plan.openshift and plan.openshift.subnets else {})
    assert wrong(plan, rules, facts) == []


@pytest.mark.torture
def test_cloudformation_would_take_one_of_each_type(rules: RulesCollection) -> None:
    plan = load(json.dumps(ONE_OF_EACH), "plan.json", Inputs(KINDS))
    assert wrong(plan, rules) == []


sections = st.builds(
    replace,
    st.just(SECTION_3AZ),
    version=st.sampled_from(("4.1", "4.6", "4.12", "4.20")),
    infra_id=st.sampled_from(("prod-x7k2p", "")),
    publish=st.sampled_from(("External", "Internal")),
    zones=st.sampled_from((1, 2, 3, ("eu-west-1b", "eu-west-1c"))),
    subnets=st.sampled_from(((), tuple(SUBNETS))),
    egress=st.sampled_from(("nat", "nat-single", "none")),
    elastic_ips=st.sampled_from(((), ("eipalloc-0123456789abcdef0",))),
    public_ipv4_pool=st.sampled_from(("", "ipv4pool-ec2-0123456789abcdef0")),
    network_acl=st.sampled_from(("vpc-default", "documented", "working")),
    endpoints=st.lists(
        st.sampled_from(("s3", "s3-interface", "ec2", "elasticloadbalancing", "sts", "com.amazonaws.iam")), unique=True
    ).map(tuple),
    transit=st.sampled_from(
        (
            (),
            (Transit((IPv4Network("10.20.0.0/16"),), transit_gateway_id="tgw-0123456789abcdef0"),),
            (Transit((IPv4Network("10.20.0.0/16"),), peering_connection_id="pcx-0123456789abcdef0"),),
        )
    ),
    dhcp_options=st.sampled_from((None, DhcpOptions("corp.example.com", ("10.20.0.2",), ("10.20.0.4",)))),
    secondary_networks=st.sampled_from(((), (IPv4Network("10.1.0.0/16"),))),
    public_zone=st.sampled_from(("create", "none", "Z0123456789ABCDEFGHIJ")),
    hosted_zone=st.sampled_from(("create", "none", "Z0123456789ABCDEFGHIK")),
    record_type=st.sampled_from(("auto", "alias", "cname")),
    etcd_records=st.booleans(),
    apps_record=st.sampled_from(("none", "auto")),
    load_balancers=st.sampled_from(("network", "classic")),
    deletion_protection=st.sampled_from((None, True, False)),
    control_plane_addresses=st.sampled_from(((), ("10.0.48.10",))),
    bootstrap=st.booleans(),
    bootstrap_ignition=st.sampled_from(("", "bootstrap.ign")),
    iam=st.builds(
        Iam,
        st.sampled_from(("scoped", "documented")),
        st.sampled_from(("/", "/ocp/")),
        st.sampled_from(("", "arn:aws:iam::123456789012:policy/limit")),
        st.sampled_from((InstanceProfiles(), InstanceProfiles("their-master", "", "their-bootstrap"))),
    ),
    bucket=st.sampled_from((Bucket(), Bucket(create=False), Bucket(name="corp-ignition", only_through_endpoint=True))),
)
"""Any combination of switches, those that a plan mayn't have among them."""


@pytest.mark.torture
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(sections, st.dictionaries(st.text("abc0 _.:/=+@-", min_size=1), st.text("abc0 _.:/=+@-", min_size=1)))
def test_cloudformation_would_take_any_combination(
    rules: RulesCollection, section: OpenShift, tags: dict[str, str]
) -> None:
    plan = replace(plan_of(section), user_tags=tags)
    try:
        template(plan)
    except (ValueError, NotInTemplates):  # no such plan, or one of nothing but a tag on existing subnets
        reject()
    assert wrong(plan, rules) == []
