"""What is protected in AWS stops a destroy before anything is gone, and is told before that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.world import REGION, ROOT
from tests.support.in_process import Bastion, Ended
from tests.support.snapshot import snapshot

STORED = ROOT / "tests" / "fixtures" / "cluster" / "small-stored.yaml"


@pytest.fixture
def bastion(one_bastion: Bastion, tmp_path: Path) -> Bastion:
    one_bastion.moved_in(tmp_path, REGION)
    return one_bastion


def plan_with(folder: Path, lines: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(STORED.read_text() + lines)
    return path


def balancers(bastion: Bastion) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = bastion.client("elbv2").describe_load_balancers()["LoadBalancers"]
    return found


def untouched(ended: Ended) -> None:
    assert (ended.code, ended.sent) == (2, []), ended.said


@pytest.mark.torture
def test_protected_balancers_go_only_when_the_plan_lifts_it(bastion: Bastion, tmp_path: Path) -> None:
    plan = plan_with(tmp_path, "  deletionProtection: true\n")
    assert bastion.apply(plan).code == 0
    assert bastion.plan(plan).code == 0
    ended = bastion.destroy(plan)
    untouched(ended)
    for name in ("ExtApiElb", "IntApiElb"):
        assert f"{name} arn:" in ended.said
    assert "set `openshift.deletionProtection: false` and apply it" in ended.said
    # Without the key it stays as it is, and the plan says what comes of that.
    kept = bastion.plan(plan_with(tmp_path, ""))
    assert kept.code == 0
    assert kept.said.count("destroy refuses until that is off") == 2
    lifted = bastion.apply(plan_with(tmp_path, "  deletionProtection: false\n"))
    assert (lifted.code, lifted.sent) == (0, ["ModifyLoadBalancerAttributes"] * 2)
    assert bastion.destroy(plan).code == 0


def lock_objects(bastion: Bastion) -> None:
    """Object Lock on the plan's bucket, while it is empty."""
    s3 = bastion.client("s3")
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})


def protect_by_hand(bastion: Bastion) -> list[str]:
    """What somebody sets beside the plan; what a refusal has to name of each."""
    [internal] = [each["LoadBalancerArn"] for each in balancers(bastion) if each["LoadBalancerName"].endswith("-int")]
    on = [{"Key": "deletion_protection.enabled", "Value": "true"}]
    bastion.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=internal, Attributes=on)
    ec2, s3 = bastion.client("ec2"), bastion.client("s3")
    subnet = ec2.describe_subnets(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["small-stored"]}])["Subnets"][0]
    made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet["SubnetId"])
    machine = made["Instances"][0]["InstanceId"]
    ec2.modify_instance_attribute(InstanceId=machine, DisableApiTermination={"Value": True})
    [bucket] = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    version = s3.list_object_versions(Bucket=bucket)["Versions"][0]["VersionId"]
    s3.put_object_retention(
        Bucket=bucket,
        Key="bootstrap.ign",
        VersionId=version,
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": datetime(2099, 1, 1, tzinfo=UTC)},
    )
    return [
        f"--load-balancer-arn {internal}",
        f"--no-disable-api-termination --instance-id {machine}",
        f"--bucket {bucket} --key bootstrap.ign --version-id {version} --bypass-governance-retention",
    ]


def test_what_others_have_protected_is_named_before_the_first_deletion(bastion: Bastion, tmp_path: Path) -> None:
    (tmp_path / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    assert bastion.apply(plan_with(tmp_path, "")).code == 0
    lock_objects(bastion)
    plan = plan_with(tmp_path, "  bootstrap: {ignition: ./bootstrap.ign}\n")
    assert bastion.apply(plan).code == 0
    named = protect_by_hand(bastion)
    before = snapshot(bastion.client)
    for ended in (
        bastion.destroy(plan, with_running_machines=True),
        bastion.destroy(None, name="small-stored", region=REGION),  # type: ignore[arg-type]
    ):
        untouched(ended)
        for text in named:
            assert text in ended.said
    assert snapshot(bastion.client) == before
    said = "\n".join(check.remedy for check in bastion.checks(plan) if check.id == "deletion-protection")
    for text in named:
        assert text in said
