"""What AWS allows of tags, what an organisation leaves of them, and what becomes of a plan that needs more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION, ROOT

SINGLE = str(ROOT / "plans" / "single-zone.yaml")
NET: Mapping[str, Any] = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def _write(user: LocalOperator, resources: Mapping[str, Any], **more: Any) -> str:
    plan = {"name": "tagged", "region": REGION, "Resources": resources, **more}
    (user.folder / "plan.yaml").write_text(json.dumps(plan))
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


def _life(user: LocalOperator, aws: LocalAws, plan: str) -> None:
    """Made, found again without a mutating call."""
    user.good("apply", plan, "--sandbox", "--yes")
    aws.clear_calls()
    user.good("apply", plan, "--sandbox", "--yes")
    assert aws.changes() == []


def test_a_zone_of_forty_records_is_remembered_in_ten_tags(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    plan = _write(user, _zone_with(40))
    _life(user, aws, plan)
    route53 = aws.client("route53")
    [zone] = [row["Id"].removeprefix("/hostedzone/") for row in route53.list_hosted_zones()["HostedZones"]]
    tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)["ResourceTagSet"]["Tags"]
    assert len(tags) <= 10
    assert all(len(tag["Value"]) <= 256 for tag in tags)
    # Without the plan: what isn't remembered would stay, and keep the zone.
    user.good("destroy", "--name", "tagged", "--region", REGION, "--sandbox", "--yes")
    assert aws.everything() == before


def test_a_zone_of_more_records_than_its_tags_hold_is_refused_by_the_limits_name(
    user: LocalOperator, aws: LocalAws
) -> None:
    before = aws.everything()
    refused = user.run("apply", _write(user, _zone_with(200)), "--sandbox", "--yes")
    assert refused.code == 2
    assert "Zone" in refused.err
    assert "10 tags" in refused.err
    assert aws.changes() == []
    assert aws.everything() == before


def _tagged_vpc(tags: int) -> Mapping[str, Any]:
    rows = [{"Key": f"key-{number:02}", "Value": "x"} for number in range(tags)]
    return {"Net": {**NET, "Properties": {**NET["Properties"], "Tags": rows}}}


@pytest.mark.torture
def test_a_vpc_takes_thirty_tags_of_the_plan(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    plan = _write(user, _tagged_vpc(30), userTags={f"user-{number:02}": "x" for number in range(10)})
    _life(user, aws, plan)
    [vpc] = [row for row in aws.client("ec2").describe_vpcs()["Vpcs"] if not row["IsDefault"]]
    keys = [tag["Key"] for tag in vpc["Tags"] if tag["Key"].startswith(("key-", "user-"))]
    assert len(keys) == 40
    assert len(vpc["Tags"]) <= 50
    user.good("destroy", plan, "--sandbox", "--yes")
    assert aws.everything() == before


@pytest.mark.torture
def test_the_plan_says_which_user_tags_a_zone_has_no_room_for(user: LocalOperator, aws: LocalAws) -> None:
    users = {f"user-{number:02}": "x" for number in range(12)}
    plan = _write(user, _zone_with(1), userTags=users)
    said = user.run("plan", plan, "--sandbox").out
    assert "Zone: AWS::Route53::HostedZone takes 10 tags; no room for user-" in said
    assert "user-11" in said
    _life(user, aws, plan)


def test_an_organisation_that_denies_our_tags_is_named_and_nothing_is_made(user: LocalOperator, aws: LocalAws) -> None:
    before = aws.everything()
    plan = _write(user, _tagged_vpc(1))
    message = "You are not authorized to perform this operation: explicit deny in a service control policy"
    denied = {"operation": "CreateVpc", "fault": "error", "code": "UnauthorizedOperation", "status": 403}
    aws.faults([{**denied, "nth": nth, "message": message} for nth in range(1, 6)])
    ended = user.run("apply", plan, "--sandbox", "--yes")
    assert ended.code == 1
    assert "CreateVpc" in ended.err
    assert "UnauthorizedOperation" in ended.err
    assert "explicit deny" in ended.err
    assert "permission" in ended.err
    assert aws.everything() == before
    assert len([call for call in aws.calls() if call["operation"] == "CreateVpc"]) == 1


def _counts(aws: LocalAws) -> dict[str, int]:
    return {member: len(ids) for member, ids in aws.everything().items()}


def _strip(aws: LocalAws, key: str) -> int:
    """Takes a tag from all that has it, as an organisation's nightly job would; how many had it."""
    ec2, elbv2, iam, route53, s3 = (aws.client(service) for service in ("ec2", "elbv2", "iam", "route53", "s3"))
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
    user: LocalOperator, aws: LocalAws, key: str
) -> None:
    before = aws.everything()
    user.good("apply", SINGLE, "--sandbox", "--yes")
    made = _counts(aws)
    assert _strip(aws, key) > 0
    aws.clear_calls()
    user.good("apply", SINGLE, "--sandbox", "--yes")
    sent = set(aws.changes())
    assert {name for name in sent if "Tag" not in name} == set()
    assert _counts(aws) == made
    assert user.run("plan", SINGLE, "--sandbox", "--detailed-exitcode").code == 0
    user.good("destroy", "--name", "single-zone", "--region", REGION, "--sandbox", "--yes")
    assert aws.everything() == before
