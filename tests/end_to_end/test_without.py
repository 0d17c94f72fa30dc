"""A run that does without IAM and Route 53, a colleague who makes what it leaves out, and the next run."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]
from click.testing import CliRunner
from ruamel.yaml import YAML

from ocpprov.cli.verbs import main
from ocpprov.engine.events import EventKind
from ocpprov.runs.folder import RunFolder
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import PLANS, SMALL_INTERNAL, SMALL_PUBLIC
from tests.support.colleague import stack
from tests.support.in_process import Bastion
from tests.support.networks import with_a_network

BOTH = frozenset({"iam", "route53"})
WITH_SUCH = [plan for plan in PLANS if not plan.stem.startswith("network-")]
SAMPLE = ("single-zone",)
"""With a public zone; `make torture` takes all plans."""


def handover_of(bastion: Bastion, plan: Path) -> str:
    return (bastion.home / ".ocpprov" / plan.stem / "handover.yaml").read_text()


def policy_of(bastion: Bastion, plan: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bastion.home / ".ocpprov" / plan.stem / "handover-policy.json").read_text())
    return found


def outputs_of(bastion: Bastion, plan: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bastion.home / ".ocpprov" / plan.stem / "outputs.json").read_text())
    return found


def asked_of(bastion: Bastion) -> set[str]:
    return {call["service"] for call in bastion.pipeline.calls()}


@pytest.mark.parametrize(
    "plan",
    [pytest.param(plan, marks=[] if plan.stem in SAMPLE else [pytest.mark.torture]) for plan in WITH_SUCH],
    ids=[plan.stem for plan in WITH_SUCH],
)
def test_what_a_colleague_made_is_picked_up_and_nothing_else_changes(
    bastion: Bastion, plan: Path, tmp_path: Path
) -> None:
    ready = with_a_network(plan, bastion.client("ec2"), tmp_path)
    bastion.client("route53").create_hosted_zone(Name="example-corp.net", CallerReference="theirs")
    applied = bastion.apply(ready, without=BOTH)
    assert applied.code == 0, applied.said
    assert not asked_of(bastion) & {"iam", "route53"}
    template = handover_of(bastion, plan)
    assert bastion.apply(ready, without=BOTH).sent == []

    made = stack(template, bastion.client)
    profiles = [name for name, one in resources(template).items() if one["Type"] == "AWS::IAM::InstanceProfile"]
    public = {
        made[name]
        for name, one in resources(template).items()
        if one["Type"] == "AWS::Route53::HostedZone" and "VPCs" not in one["Properties"]
    }
    after = bastion.apply(ready, allow=frozenset(public))
    assert after.code == 0, after.said
    # The tags that CloudFormation couldn't give them.
    assert after.sent == ["TagInstanceProfile"] * len(profiles)
    assert set(made) == set(resources(template))
    again, destroyed = bastion.apply(ready), bastion.destroy(ready)
    assert (again.code, again.sent) == (0, []), again.said
    assert destroyed.code == 0, destroyed.said
    assert bastion.client("iam").list_roles()["Roles"] == []
    assert bastion.client("iam").list_instance_profiles()["InstanceProfiles"] == []
    [theirs] = bastion.client("route53").list_hosted_zones()["HostedZones"]
    assert theirs["ResourceRecordSetCount"] == 2


def resources(template: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(template)["Resources"]
    return found


internal = pytest.mark.parametrize("plan", [SMALL_INTERNAL], ids=["small-internal"])


@internal
def test_the_template_is_cloudformations_and_the_policy_has_what_its_handlers_call(
    bastion: Bastion, plan: Path
) -> None:
    bastion.apply(plan, without=BOTH)
    template = handover_of(bastion, plan)
    assert [str(match) for match in lint(template, regions=["eu-west-1"])] == []
    statements = policy_of(bastion, plan)["Statement"]
    allowed = {action for statement in statements for action in statement["Action"]}
    assert not allowed & OURS
    for type in {one["Type"] for one in resources(template).values()}:
        handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type).schema.get("handlers", {})
        called = {action for name in ("create", "read") for action in handlers.get(name, {}).get("permissions", ())}
        assert called - allowed <= NOT_OF_OURS


OURS = {
    "iam:GetAccountSummary",
    "iam:SimulatePrincipalPolicy",
    "route53:GetAccountLimit",
    "route53:ListHostedZonesByVPC",
}
"""What preflight asks, and no stack."""
NOT_OF_OURS = {
    "iam:AttachRolePolicy",
    "route53:CreateQueryLoggingConfig",
    "route53:UpdateHostedZoneFeatures",
}
"""For properties that these resources don't have."""


@internal
def test_what_a_full_disk_does_not_take_is_named_and_still_shown(
    bastion: Bastion, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text = RunFolder.write_text

    def full(folder: RunFolder, path: Path, content: str) -> None:
        if path.name.startswith("handover"):
            raise OSError(errno.ENOSPC, "No space left on device")
        write_text(folder, path, content)

    monkeypatch.setattr(RunFolder, "write_text", full)
    applied = bastion.apply(plan, without=BOTH)
    assert applied.code == 0
    for name in ("handover.yaml", "handover-policy.json"):
        assert f"{name} can't be written (No space left on device)" in applied.said
    assert "AWSTemplateFormatVersion: '2010-09-09'" in applied.said
    assert '"Sid": "Stack"' in applied.said
    assert EventKind.HANDED_OVER.value not in applied.events


@internal
def test_a_template_that_nobody_used_is_no_harm(bastion: Bastion, plan: Path) -> None:
    bastion.apply(plan, without=BOTH)
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said
    assert {"CreateRole", "CreateHostedZone"} <= set(applied.sent)
    assert bastion.destroy(plan).code == 0


@internal
def test_what_was_made_before_stays_while_a_run_does_without_it(bastion: Bastion, plan: Path) -> None:
    bastion.apply(plan)
    without = bastion.apply(plan, without=BOTH)
    assert (without.code, without.sent) == (0, []), without.said
    assert "only where no earlier apply or stack has made it" in without.said
    assert bastion.apply(plan).sent == []


@pytest.fixture
def elsewhere(bastion: Bastion, tmp_path: Path) -> Path:
    """A plan with a record in a zone that is somebody else's, and found by its name."""
    bastion.client("route53").create_hosted_zone(Name="example-corp.net", CallerReference="theirs")
    plan = tmp_path / "plan.yaml"
    plan.write_text(SMALL_PUBLIC.read_text().replace("publicZone: create", "publicZone: auto"))
    return plan


public = pytest.mark.parametrize("plan", [SMALL_PUBLIC], ids=["small-public"])


@public
def test_a_record_in_a_zone_that_nobody_could_ask_for_is_made_by_the_zones_name(
    bastion: Bastion, plan: Path, elsewhere: Path
) -> None:
    assert bastion.apply(elsewhere, without=BOTH).code == 0
    template = handover_of(bastion, plan)
    assert resources(template)["ExternalApiServerRecord"]["Properties"]["HostedZoneName"] == "example-corp.net."
    assert "PublicHostedZoneId" not in outputs_of(bastion, plan)
    stack(template, bastion.client)
    after = bastion.apply(elsewhere)
    assert after.code == 0, after.said
    # The load balancer remembers the record from now on.
    assert sorted(set(after.sent)) == ["AddTags", "TagInstanceProfile"]
    assert bastion.destroy(elsewhere).code == 0
    [theirs] = bastion.client("route53").list_hosted_zones()["HostedZones"]
    assert theirs["ResourceRecordSetCount"] == 2


@public
def test_records_elsewhere_are_not_forgotten_by_a_run_that_does_without_them(
    bastion: Bastion, plan: Path, elsewhere: Path
) -> None:
    assert bastion.apply(elsewhere).code == 0
    without = bastion.apply(elsewhere, without=BOTH)
    assert (without.code, without.sent) == (0, []), without.said
    bastion.destroy(elsewhere)
    [theirs] = bastion.client("route53").list_hosted_zones()["HostedZones"]
    assert theirs["ResourceRecordSetCount"] == 2


@pytest.fixture
def named(bastion: Bastion, elsewhere: Path) -> Path:
    """The same plan, with the zone by its id."""
    elsewhere.write_text(elsewhere.read_text().replace("publicZone: auto", f"publicZone: {_theirs(bastion)['Id']}"))
    return elsewhere


def _theirs(bastion: Bastion) -> dict[str, Any]:
    [zone] = [
        each
        for each in bastion.client("route53").list_hosted_zones()["HostedZones"]
        if each["Name"] == "example-corp.net."
    ]
    return {**zone, "Id": zone["Id"].rpartition("/")[2]}


@public
def test_records_elsewhere_are_remembered_before_a_colleague_makes_them(
    bastion: Bastion, plan: Path, named: Path
) -> None:
    bastion.apply(named, without=BOTH)
    stack(handover_of(bastion, plan), bastion.client)
    assert _theirs(bastion)["ResourceRecordSetCount"] == 3
    assert bastion.destroy(named).code == 0
    assert _theirs(bastion)["ResourceRecordSetCount"] == 2


@public
def test_a_destroy_without_route_53_says_which_records_nobody_remembers_afterwards(
    bastion: Bastion, plan: Path, named: Path
) -> None:
    bastion.apply(named)
    zone, said = _theirs(bastion)["Id"], bastion.destroy(named, without=BOTH).said
    [line] = [each for each in said.splitlines() if "the record" in each]
    assert f"  not deleted: the record api.prod.example-corp.net A in {zone}, and " in line
    assert "delete it by hand" in line
    assert f"aws route53 change-resource-record-sets --hosted-zone-id {zone} " in said
    assert "publicZone: auto" in said
    bastion.destroy(named)
    assert _theirs(bastion)["ResourceRecordSetCount"] == 3


@internal
def test_a_destroy_without_them_says_what_stays_and_a_later_one_takes_it(bastion: Bastion, plan: Path) -> None:
    bastion.apply(plan)
    destroyed = bastion.destroy(plan, without=BOTH)
    assert destroyed.code == 0, destroyed.said
    assert "what this plan has in iam, route53 stays" in destroyed.said
    assert bastion.client("ec2").describe_vpcs(Filters=[{"Name": "tag-key", "Values": ["ocpprov:plan"]}])["Vpcs"] == []
    assert len(bastion.client("iam").list_roles()["Roles"]) == 3
    assert bastion.destroy(plan).code == 0
    assert bastion.client("iam").list_roles()["Roles"] == []


@internal
def test_a_profile_of_ours_is_known_by_its_role_and_by_name_only(bastion: Bastion, plan: Path) -> None:
    """Another profile with the same role is whoever's made it."""
    bastion.apply(plan, without=BOTH)
    made = stack(handover_of(bastion, plan), bastion.client)
    iam = bastion.client("iam")
    iam.create_instance_profile(InstanceProfileName="small-internal-theirs")
    iam.add_role_to_instance_profile(InstanceProfileName="small-internal-theirs", RoleName=made["MasterIamRole"])
    assert bastion.apply(plan).code == 0
    assert iam.get_instance_profile(InstanceProfileName="small-internal-theirs")["InstanceProfile"]["Tags"] == []


@internal
def test_a_service_that_the_plan_does_not_have_is_not_left_out(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    """Else the next run would have to reach it."""
    first = tmp_path / "plan.yaml"
    first.write_text(plan.read_text().replace("infraID:", "# infraID:"))
    assert "left-out" not in {check.id for check in bastion.checks(first, without=BOTH)}
    without = bastion.apply(first, without=BOTH)
    assert without.code == 0, without.said
    remembered = json.loads((bastion.home / ".ocpprov" / plan.stem / "plan.json").read_text())
    assert not BOTH & set(remembered["services"])
    assert "left out" not in bastion.destroy(first, without=BOTH).said
    assert not BOTH & asked_of(bastion)
    assert "left-out" in {check.id for check in bastion.checks(plan, without=BOTH)}


NEEDY = """
name: needy
region: eu-west-1
Resources:
  Reader:
    Type: AWS::IAM::Role
    DependsOn: Shelf
    Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}}
  Shelf:
    Type: AWS::S3::Bucket
    Properties: {BucketName: needy-shelf}
  ShelfPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Shelf
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !GetAtt Reader.%s}
            Action: "s3:GetObject"
            Resource: !Sub "${Shelf.Arn}/*"
"""


@internal
def test_what_needs_a_name_gets_it_and_what_needs_more_is_refused(bastion: Bastion, plan: Path, tmp_path: Path) -> None:
    named, needy = tmp_path / "named.yaml", tmp_path / "needy.yaml"
    named.write_text(NEEDY % "Arn")
    needy.write_text(NEEDY % "RoleId")
    refused = bastion.apply(needy, without=frozenset({"iam"}))
    assert (refused.code, refused.sent) == (2, [])
    assert "ShelfPolicy needs the RoleId of Reader" in refused.said
    # S3 takes no principal that isn't there; the template that makes it is.
    applied = bastion.apply(named, without=frozenset({"iam"}))
    assert applied.code == 1
    assert "Invalid principal in policy" in applied.said
    made = stack((tmp_path / ".ocpprov" / "needy" / "handover.yaml").read_text(), bastion.client)
    applied = bastion.apply(named, without=frozenset({"iam"}))
    assert applied.code == 0, applied.said
    policy = json.loads(bastion.client("s3").get_bucket_policy(Bucket="needy-shelf")["Policy"])
    [statement] = policy["Statement"]
    assert statement["Principal"]["AWS"] == f"arn:aws:iam::123456789012:role/{made['Reader']}"
    after = bastion.apply(named)
    assert (after.code, after.sent) == (0, []), after.said


def test_at_the_command_line_with_both_services_unreachable(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    user.bastion.closed = BOTH
    refused = user.run("apply", str(SMALL_INTERNAL), "--yes")
    assert refused.code == 2
    assert "--without" in refused.err
    applied = user.good("apply", str(SMALL_INTERNAL), "--yes", "--without", "iam,route53")
    template, policy = applied.out.split("\n---\n")
    assert len(resources(template)) == 8
    assert json.loads(policy)["Version"] == "2012-10-17"
    planned = json.loads(user.good("plan", str(SMALL_INTERNAL), "--json", "--without", "iam,route53").out)
    assert set(planned["leftOut"]) == set(resources(template))
    assert planned["summary"]["create"] == 0
    shown = json.loads(user.good("outputs", str(SMALL_INTERNAL), "--json", "--without", "iam,route53").out)
    user.bastion.closed = frozenset()
    made = stack(template, aws.client)
    assert shown["MasterInstanceProfile"] == made["MasterInstanceProfile"]
    assert "PrivateHostedZoneId" not in shown
    user.good("apply", str(SMALL_INTERNAL), "--yes")
    assert user.run("plan", str(SMALL_INTERNAL), "--detailed-exitcode").code == 0
    user.good("destroy", str(SMALL_INTERNAL), "--yes")
    assert aws.everything() == before


@pytest.mark.parametrize("services", ["ec2", "iam,sts", "nonsense"])
def test_other_services_can_not_be_left_out(services: str) -> None:
    result = CliRunner().invoke(main, ["apply", str(SMALL_INTERNAL), "--without", services])
    assert result.exit_code == 2
    assert "iam or route53" in result.output
