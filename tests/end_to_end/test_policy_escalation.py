"""Whoever has exactly the printed policy can't reach beyond the plan: by the sandbox's judgement, which has resources
and condition keys as the service authorization reference has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ocpprov.checks.iam_policy import PolicyPurpose, policy
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.policy import subject_of
from ocpprov.sandbox.conditions import Conditions
from tests.end_to_end.others import (
    DENIED,
    EVERYTHING,
    TRUST,
    others_of,
    outcome,
    plan_tags,
    record,
    tried,
)
from tests.end_to_end.world import PLANS
from tests.support.in_process import ACCOUNT, Bastion
from tests.support.networks import with_a_network

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/machines"


def document(plan: Path, purpose: PolicyPurpose = PolicyPurpose.APPLY) -> dict[str, Any]:
    return policy(subject_of(load_plan(Options(plan=plan))), purpose)


def may(bastion: Bastion, plan: Path, purpose: PolicyPurpose = PolicyPurpose.APPLY) -> None:
    bastion.pipeline.set_conditions(Conditions(policy=document(plan, purpose)))


@pytest.mark.parametrize(
    "plan",
    [pytest.param(plan, marks=[] if plan.stem == "single-zone" else [pytest.mark.torture]) for plan in PLANS],
    ids=[plan.stem for plan in PLANS],
)
def test_what_is_others_stays_out_of_reach(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    others = others_of(bastion.client, plan.stem)
    ready = with_a_network(plan, bastion.client("ec2"), tmp_path)
    for purpose in PolicyPurpose:
        may(bastion, ready, purpose)
        found = tried(bastion.client, others)
        assert {name: code for name, code in found.items() if code not in DENIED} == {}, purpose
    bastion.pipeline.set_conditions(Conditions())
    found = tried(bastion.client, others)
    assert {name for name, code in found.items() if code in DENIED} == set(), "the policy alone refused"


NARROW = """\
name: narrow
region: eu-west-1
openshift:
  clusterName: lab
  baseDomain: example-corp.net
  infraID: lab-x7k2p
  publish: External
  publicZone: PUBLIC
  hostedZone: PRIVATE
  machineNetwork: 10.0.0.0/16
  zones: 1
  egress: nat
  iam: {permissionsBoundary: "BOUNDARY"}
lock: s3://locks/plans
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Of what a plan may name: zones, a boundary, a lock."""
    return tmp_path / "narrow.yaml"


def narrow(bastion: Bastion, plan: Path) -> tuple[str, str]:
    """The plan with two zones that are there, whose ids come back, and its boundary."""
    ec2, route53 = bastion.client("ec2"), bastion.client("route53")
    hub = {"VPCId": ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"], "VPCRegion": "eu-west-1"}
    zones = [
        route53.create_hosted_zone(Name=name, CallerReference=name, **more)["HostedZone"]["Id"].rpartition("/")[2]
        for name, more in (("example-corp.net", {}), ("lab.example-corp.net", {"VPC": hub}))
    ]
    bastion.client("iam").create_policy(PolicyName="machines", PolicyDocument=EVERYTHING)
    text = NARROW.replace("PUBLIC", zones[0]).replace("PRIVATE", zones[1]).replace("BOUNDARY", BOUNDARY)
    plan.write_text(text)
    bastion.client("s3").create_bucket(Bucket="locks", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return zones[0], zones[1]


def role(bastion: Bastion, **more: Any) -> str:
    name = "narrow-MasterIamRole-01234567"
    bastion.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, **more)
    return name


def test_what_a_plan_names_narrows_its_policy(bastion: Bastion, plan: Path) -> None:
    public, private = narrow(bastion, plan)
    others = others_of(bastion.client, "narrow")
    unbounded = role(bastion)
    iam, route53, s3 = (bastion.client(service) for service in ("iam", "route53", "s3"))
    may(bastion, plan)
    attempts = {
        "a record of the plan's in another zone": lambda: route53.change_resource_record_sets(
            HostedZoneId=others.zone, ChangeBatch=record("api.lab.example-corp.net")
        ),
        "another record in the plan's zone": lambda: route53.change_resource_record_sets(
            HostedZoneId=public, ChangeBatch=record("www.example-corp.net")
        ),
        "another record in the plan's private zone": lambda: route53.change_resource_record_sets(
            HostedZoneId=private, ChangeBatch=record("db.lab.example-corp.net")
        ),
        "delete another zone": lambda: route53.delete_hosted_zone(Id=others.zone),
        "delete the plan's zone, which is given": lambda: route53.delete_hosted_zone(Id=public),
        "tag another zone": lambda: route53.change_tags_for_resource(
            ResourceType="hostedzone", ResourceId=others.zone, AddTags=plan_tags("narrow")
        ),
        "a role without the boundary": lambda: iam.create_role(
            RoleName="narrow-WorkerIamRole-01234567", AssumeRolePolicyDocument=TRUST
        ),
        "a role with another boundary": lambda: iam.create_role(
            RoleName="narrow-WorkerIamRole-01234567",
            AssumeRolePolicyDocument=TRUST,
            PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        "rights for a role that lost its boundary": lambda: iam.put_role_policy(
            RoleName=unbounded, PolicyName="all", PolicyDocument=EVERYTHING
        ),
        "a role that lost its boundary, for oneself": lambda: iam.update_assume_role_policy(
            RoleName=unbounded, PolicyDocument=TRUST
        ),
        "a wider boundary": lambda: iam.put_role_permissions_boundary(
            RoleName=unbounded, PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess"
        ),
        "no boundary": lambda: iam.delete_role_permissions_boundary(RoleName=unbounded),
        "another plan's lock": lambda: s3.put_object(
            Bucket="locks", Key=f"plans/{ACCOUNT}-eu-west-1-other.lock", Body=b""
        ),
    }
    found = {name: outcome(attempt) for name, attempt in attempts.items()}
    assert {name: code for name, code in found.items() if code not in DENIED} == {}
    iam.put_role_permissions_boundary(RoleName=unbounded, PermissionsBoundary=BOUNDARY)
    iam.put_role_policy(RoleName=unbounded, PolicyName="all", PolicyDocument=EVERYTHING)


@pytest.mark.torture
def test_and_is_enough_for_it_all_the_same(bastion: Bastion, plan: Path) -> None:
    narrow(bastion, plan)
    may(bastion, plan)
    first, again = bastion.apply(plan), bastion.apply(plan)
    # The lock alone is written.
    assert (first.code, again.code, set(again.sent)) == (0, 0, {"PutObject"}), first.said + again.said
    may(bastion, plan, PolicyPurpose.DESTROY)
    assert bastion.destroy(plan).code == 0
