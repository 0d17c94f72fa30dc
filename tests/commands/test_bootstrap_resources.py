"""What an apply may take away unasked when the bootstrap is over, on values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.commands.bootstrap_resources import bootstrap_only
from ocpprov.commands.load import graph_of
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand
from ocpprov.plan.model import Plan
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

OWNER = Owner("network-3az", "eu-west-1", "123456789012", "run")
OFF = plan_of(replace(SECTION_3AZ, bootstrap=False))


def role(logical_id: str, *policies: str) -> tuple[Live, ...]:
    """A role of the plan and its inline policies."""
    name = f"network-3az-{logical_id}"
    tags = {
        "ocpprov:plan": OWNER.plan,
        "ocpprov:resource": logical_id,
        "ocpprov:region": OWNER.region,
        "ocpprov:bound": f"AWS::IAM::Role {name}",
    }
    rows = (
        Live("Ocpprov::IAM::RolePolicy", f"{name}/{policy}", {"RoleName": name, "PolicyName": policy})
        for policy in policies
    )
    return (Live("AWS::IAM::Role", name, {"RoleName": name, "Path": "/"}, tags=tags), *rows)


def inventory(*lives: Live) -> Inventory:
    by_type: dict[str, list[Live]] = {}
    for live in lives:
        by_type.setdefault(live.type, []).append(live)
    return Inventory(by_type)


def guarded(plan: Plan, found: Inventory) -> set[str]:
    """What of the plan's own needs to be allowed, by logical id."""
    resources = {**expand(plan, FACTS), **plan.resources}
    temporary = bootstrap_only(plan, FACTS, found, OWNER)
    actions = make_actions(graph_of(resources), found, OWNER, KINDS, temporary=temporary)
    return {action.resource for action in actions.actions if action.guarded}


MADE = role("BootstrapIamRole", "prod-x7k2p-bootstrap-policy")


def test_the_bootstraps_role_goes_unasked() -> None:
    found = inventory(*MADE, *role("WorkerIamRole", "prod-x7k2p-worker-policy"))
    assert guarded(OFF, found) == set()
    without = replace(OFF, openshift=replace(SECTION_3AZ, infra_id=""))
    assert guarded(without, found) == {"BootstrapIamRole", "WorkerIamRole"}


def test_the_bootstraps_role_is_replaced_unasked() -> None:
    moved = plan_of(replace(SECTION_3AZ, iam=replace(SECTION_3AZ.iam, path="/moved/")))
    found = inventory(*MADE, *role("WorkerIamRole", "prod-x7k2p-worker-policy"))
    assert guarded(moved, found) == {"WorkerIamRole"}


POLICY = {"ocpprov:children": "policy prod-x7k2p-bootstrap-policy"}


def remembering(lives: tuple[Live, ...]) -> tuple[Live, ...]:
    """The same, with a role that remembers the section's policy."""
    return (replace(lives[0], tags={**lives[0].tags, **POLICY}), *lives[1:])


def test_the_bootstraps_role_goes_unasked_once_its_policy_has() -> None:
    assert guarded(OFF, inventory(*remembering(role("BootstrapIamRole")))) == set()
    attached = Live(
        "Ocpprov::IAM::RolePolicyAttachment", "x", {"RoleName": "network-3az-BootstrapIamRole", "PolicyArn": "arn"}
    )
    assert guarded(OFF, inventory(*remembering(role("BootstrapIamRole")), attached)) == {"BootstrapIamRole"}


@pytest.mark.parametrize(
    "lives",
    [
        role("BootstrapIamRole"),
        remembering(role("BootstrapIamRole", "mine")),
        role("BootstrapIamRole", "mine"),
        role("BootstrapRole", "prod-x7k2p-bootstrap-policy"),
    ],
    ids=["no policy", "another policy now", "another policy", "another id"],
)
def test_a_role_that_is_only_called_so_is_guarded(lives: tuple[Live, ...]) -> None:
    assert guarded(OFF, inventory(*lives)) == {lives[0].tags["ocpprov:resource"]}


def test_a_role_of_a_plan_without_the_section_is_guarded() -> None:
    bare = Plan(name=OWNER.plan, region=OWNER.region)
    keeper = Resource("V", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})
    assert guarded(replace(bare, resources={"V": keeper}), inventory(*MADE)) == {"BootstrapIamRole"}


def test_a_role_under_resources_is_guarded_when_it_is_replaced() -> None:
    own = Resource("BootstrapIamRole", "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}, "Path": "/moved/"})
    assert guarded(replace(OFF, resources={own.logical_id: own}), inventory(*MADE)) == {"BootstrapIamRole"}


def test_another_plans_role_is_nothing_of_ours() -> None:
    theirs = [replace(live, tags={**live.tags, "ocpprov:plan": "other"}) if live.tags else live for live in MADE]
    assert bootstrap_only(OFF, FACTS, inventory(*theirs), OWNER) == frozenset()
