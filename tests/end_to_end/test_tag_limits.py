"""What AWS allows of tags, what an organisation leaves of them, and what becomes of a plan that needs more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.world import REGION, ROOT, Operator, client, counts, everything

PUBLIC = str(ROOT / "plans" / "public-3az.yaml")
NET: Mapping[str, Any] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def _write(operator: Operator, resources: Mapping[str, Any], **more: Any) -> str:
    plan = {"name": "tagged", "region": REGION, "Resources": resources, **more}
    (operator.folder / "plan.yaml").write_text(json.dumps(plan))
    return "plan.yaml"


def _zone_with(records: int) -> Mapping[str, Any]:
    """A private zone of a VPC, with records."""
    zone = {
        "Type": "AWS::Route53::HostedZone",
        "Properties": {
            "Name": "prod.example.com",
            "VPCs": [{"VPCId": {"Ref": "Net"}, "VPCRegion": REGION}],
        },
    }
    rows = {
        f"Record{number}": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneId": {"Ref": "Zone"},
                "Name": f"node-{number:02}.prod.example.com",
                "Type": "A",
                "TTL": "60",
                "ResourceRecords": [f"10.0.0.{number + 1}"],
            },
        }
        for number in range(records)
    }
    return {"Net": NET, "Zone": zone, **rows}


def _life(operator: Operator, admin: SandboxAdmin, plan: str) -> None:
    """Made, found again without a mutating call."""
    operator.good("apply", plan, "--sandbox", "--yes")
    admin.clear_calls()
    operator.good("apply", plan, "--sandbox", "--yes")
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []


def test_a_zone_of_forty_records_is_remembered_in_ten_tags(operator: Operator, admin: SandboxAdmin) -> None:
    before = everything(operator.url)
    plan = _write(operator, _zone_with(40))
    _life(operator, admin, plan)
    route53 = client("route53", operator.url)
    [zone] = [row["Id"].removeprefix("/hostedzone/") for row in route53.list_hosted_zones()["HostedZones"]]
    tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)["ResourceTagSet"]["Tags"]
    assert len(tags) <= 10
    assert all(len(tag["Value"]) <= 256 for tag in tags)
    # Without the plan: what isn't remembered would stay, and keep the zone.
    operator.good("destroy", "--name", "tagged", "--region", REGION, "--sandbox", "--yes")
    assert everything(operator.url) == before


def test_a_zone_of_more_records_than_its_tags_hold_is_refused_by_the_limits_name(
    operator: Operator, admin: SandboxAdmin
) -> None:
    before = everything(operator.url)
    refused = operator.run("apply", _write(operator, _zone_with(200)), "--sandbox", "--yes")
    assert refused.code == 2
    assert "Zone" in refused.err
    assert "10 tags" in refused.err
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []
    assert everything(operator.url) == before


def _tagged_vpc(tags: int) -> Mapping[str, Any]:
    rows = [{"Key": f"key-{number:02}", "Value": "x"} for number in range(tags)]
    return {"Net": {**NET, "Properties": {**NET["Properties"], "Tags": rows}}}


@pytest.mark.torture
def test_a_vpc_takes_thirty_tags_of_the_plan(operator: Operator, admin: SandboxAdmin) -> None:
    before = everything(operator.url)
    plan = _write(operator, _tagged_vpc(30), userTags={f"user-{number:02}": "x" for number in range(10)})
    _life(operator, admin, plan)
    [vpc] = [row for row in client("ec2", operator.url).describe_vpcs()["Vpcs"] if not row["IsDefault"]]
    keys = [tag["Key"] for tag in vpc["Tags"] if tag["Key"].startswith(("key-", "user-"))]
    assert len(keys) == 40
    assert len(vpc["Tags"]) <= 50
    operator.good("destroy", plan, "--sandbox", "--yes")
    assert everything(operator.url) == before


@pytest.mark.torture
def test_the_plan_says_which_user_tags_a_zone_has_no_room_for(operator: Operator, admin: SandboxAdmin) -> None:
    users = {f"user-{number:02}": "x" for number in range(12)}
    plan = _write(operator, _zone_with(1), userTags=users)
    said = operator.run("plan", plan, "--sandbox").out
    assert "Zone: AWS::Route53::HostedZone takes 10 tags; no room for user-" in said
    assert "user-11" in said
    _life(operator, admin, plan)


def test_an_organisation_that_denies_our_tags_is_named_and_nothing_is_made(
    operator: Operator, admin: SandboxAdmin
) -> None:
    before = everything(operator.url)
    plan = _write(operator, _tagged_vpc(1))
    message = "You are not authorized to perform this operation: explicit deny in a service control policy"
    denied = {"operation": "CreateVpc", "fault": "error", "code": "UnauthorizedOperation", "status": 403}
    admin.faults([{**denied, "nth": nth, "message": message} for nth in range(1, 6)])
    ended = operator.run("apply", plan, "--sandbox", "--yes")
    assert ended.code == 1
    assert "CreateVpc" in ended.err
    assert "UnauthorizedOperation" in ended.err
    assert "explicit deny" in ended.err
    assert "permission" in ended.err
    assert everything(operator.url) == before
    assert len([call for call in admin.calls() if call["operation"] == "CreateVpc"]) == 1


def _strip(url: str, key: str) -> int:
    """Takes a tag from all that has it, as an organisation's nightly job would; how many had it."""
    ec2, elbv2, iam = client("ec2", url), client("elbv2", url), client("iam", url)
    route53, s3 = client("route53", url), client("s3", url)
    tagged = ec2.describe_tags(Filters=[{"Name": "key", "Values": [key]}])["Tags"]
    for tag in tagged:
        ec2.delete_tags(Resources=[tag["ResourceId"]], Tags=[{"Key": key}])
    balancers = [row["LoadBalancerArn"] for row in elbv2.describe_load_balancers()["LoadBalancers"]]
    listeners = [
        row["ListenerArn"] for arn in balancers for row in elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    ]
    groups = [row["TargetGroupArn"] for row in elbv2.describe_target_groups()["TargetGroups"]]
    elbv2.remove_tags(ResourceArns=[*balancers, *listeners, *groups], TagKeys=[key])
    roles = [row["RoleName"] for row in iam.list_roles()["Roles"]]
    for role in roles:
        iam.untag_role(RoleName=role, TagKeys=[key])
    profiles = [row["InstanceProfileName"] for row in iam.list_instance_profiles()["InstanceProfiles"]]
    for profile in profiles:
        iam.untag_instance_profile(InstanceProfileName=profile, TagKeys=[key])
    zones = [row["Id"].removeprefix("/hostedzone/") for row in route53.list_hosted_zones()["HostedZones"]]
    for zone in zones:
        route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, RemoveTagKeys=[key])
    for bucket in [row["Name"] for row in s3.list_buckets()["Buckets"]]:
        rows = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [row for row in rows if row["Key"] != key]})
    return len(tagged)


OFTEN_STRIPPED = ("ocpprov:plan",)
KEYS = (
    *OFTEN_STRIPPED,
    "ocpprov:resource",
    "ocpprov:run",
    "ocpprov:revision",
    "ocpprov:cluster",
    "ocpprov:children",
    "ocpprov:tags",
)


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[] if key in OFTEN_STRIPPED else [pytest.mark.torture]) for key in KEYS]
)
def test_a_tag_that_is_stripped_every_night_is_put_back_and_nothing_is_made_twice(
    operator: Operator, admin: SandboxAdmin, key: str
) -> None:
    before = everything(operator.url)
    operator.good("apply", PUBLIC, "--sandbox", "--yes")
    made = counts(operator.url)
    assert _strip(operator.url, key) > 0
    admin.clear_calls()
    operator.good("apply", PUBLIC, "--sandbox", "--yes")
    sent = {call["operation"] for call in admin.calls() if call["mutating"]}
    assert {name for name in sent if "Tag" not in name} == set()
    assert counts(operator.url) == made
    assert operator.run("plan", PUBLIC, "--sandbox", "--detailed-exitcode").code == 0
    operator.good("destroy", "--name", "public-3az", "--region", REGION, "--sandbox", "--yes")
    assert everything(operator.url) == before
