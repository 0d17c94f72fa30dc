"""What a cluster asks of the services behind its endpoints."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.service_calls import KnownNames, calls_of
from ocpprov.plan.model import OpenShift
from ocpprov.reachability.endpoint_policies import ServiceCall
from tests.openshift.test_port_matrix import planned

LAYOUT = planned("restricted-3az.yaml")[0]
NAMES = KnownNames("123456789012", "prod-files", {"bootstrap": "arn:b", "master": "arn:m"})
MASTER, WORKER, BOOTSTRAP = Party.CONTROL_PLANE, Party.COMPUTE, Party.BOOTSTRAP


def asked(service: str, party: Party, **section: object) -> dict[str, ServiceCall]:
    changed: OpenShift = replace(LAYOUT.section, **section)  # type: ignore[arg-type]
    found = list(calls_of(replace(LAYOUT, section=changed), f"com.amazonaws.eu-west-1.{service}", party, NAMES))
    return {call.action: call for call in found}


def test_the_control_plane_asks_for_what_its_role_and_its_operators_may_do() -> None:
    found = asked("ec2", MASTER)
    assert found["ec2:*"] == ServiceCall("ec2:*", part=True)
    assert found["ec2:CreateSecurityGroup"] == ServiceCall("ec2:CreateSecurityGroup", caller="arn:m")
    assert found["ec2:Describe*"] == ServiceCall("ec2:Describe*", caller="arn:m", part=True)
    assert found["ec2:RunInstances"] == ServiceCall("ec2:RunInstances")
    assert {action.partition(":")[0] for action in found} == {"ec2"}


def test_compute_machines_ask_for_little() -> None:
    assert list(asked("ec2", WORKER)) == ["ec2:*", "ec2:DescribeInstances", "ec2:DescribeRegions"]
    assert asked("elasticloadbalancing", WORKER) == {}


@pytest.mark.parametrize(
    ("service", "first"),
    [("sts", "sts:*"), ("ecr.api", "ecr:*"), ("tagging", "tag:*"), ("elasticloadbalancing", "elasticloadbalancing:*")],
)
def test_a_policy_that_lets_nothing_through_is_wrong_for_every_service(service: str, first: str) -> None:
    assert next(iter(asked(service, MASTER).values())) == ServiceCall(first, part=True)


def test_a_service_of_all_regions_has_its_own_word() -> None:
    found = list(calls_of(LAYOUT, "com.amazonaws.iam", MASTER, NAMES))
    own = ("iam:GetUser", "iam:GetUserPolicy", "iam:ListAccessKeys")
    by_others = ServiceCall("iam:CreateServiceLinkedRole", certain=False)
    assert found == [ServiceCall("iam:*", part=True), by_others, *map(ServiceCall, own)]


def test_whoever_makes_credentials_by_hand_needs_nobody_who_looks_after_them() -> None:
    assert "iam:GetUser" in asked("iam", MASTER)
    assert "iam:GetUser" not in asked("iam", MASTER, credentials_mode="Manual")


def test_keys_are_asked_for_by_some_clusters_only() -> None:
    found = asked("kms", MASTER)
    assert {action: call.certain for action, call in found.items() if action != "kms:*"} == dict.fromkeys(
        (
            "kms:DescribeKey", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant",
        ),
        False,
    )  # fmt: skip


def test_the_bootstrap_machine_reads_its_file() -> None:
    file = "arn:aws:s3:::prod-files/bootstrap.ign"
    found = list(calls_of(LAYOUT, "com.amazonaws.eu-west-1.s3", BOOTSTRAP, NAMES))
    assert ServiceCall("s3:GetObject", file, owner="123456789012") in found
    elsewhere = replace(LAYOUT.section, bucket=replace(LAYOUT.section.bucket, create=False))
    found = list(calls_of(replace(LAYOUT, section=elsewhere), "com.amazonaws.eu-west-1.s3", BOOTSTRAP, NAMES))
    assert file not in {call.resource for call in found}


def test_a_bucket_without_a_name_yet_is_any() -> None:
    found = calls_of(LAYOUT, "com.amazonaws.eu-west-1.s3", BOOTSTRAP, KnownNames())
    assert "arn:aws:s3:::*/bootstrap.ign" in {call.resource for call in found}


def test_the_registry_may_be_on_any_machine_and_its_bucket_has_the_clusters_name() -> None:
    bucket = "arn:aws:s3:::prod-x7k2p-image-registry-eu-west-1-*"
    for party in (MASTER, WORKER):
        found = asked("s3", party)
        assert found["s3:PutObject"] == ServiceCall("s3:PutObject", f"{bucket}/*", certain=False)
        assert found["s3:ListBucketMultipartUploads"] == ServiceCall(
            "s3:ListBucketMultipartUploads", bucket, certain=False
        )


def test_images_are_in_buckets_of_ecr_or_in_nobody_knows_which() -> None:
    layers = ServiceCall("s3:GetObject", "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")
    assert asked("s3", WORKER, endpoints=("s3", "ecr.dkr"))["s3:GetObject"] == layers
    anywhere = ServiceCall("s3:GetObject", "arn:aws:s3:::*", certain=False)
    assert asked("s3", WORKER, egress="nat")["s3:GetObject"] == anywhere
    assert asked("s3", WORKER)["s3:GetObject"].resource.endswith("image-registry-eu-west-1-*/*")
