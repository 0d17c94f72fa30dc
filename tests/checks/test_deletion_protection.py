"""What somebody has protected in AWS, by what AWS says of it; and the commands that lift it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.checks.deletion_protection import protected_balancers, protected_leftovers, protected_machines, protections
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Read

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/prod-int/0123456789abcdef"
OFF = (
    f"aws elbv2 modify-load-balancer-attributes --region eu-west-1 --load-balancer-arn {ARN} "
    "--attributes Key=deletion_protection.enabled,Value=false"
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "GetDNSSEC"))


@dataclass
class Asked:
    """AWS with these answers, by operation; `calls` has what it was asked, in order."""

    answers: Mapping[str, Mapping[str, Any] | AwsError]
    calls: list[Read] = field(default_factory=list)

    def attempt(self, wanted: Sequence[Read]) -> Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]:
        self.calls += wanted
        return {one: self._answer(one) for one in wanted}

    def _answer(self, made: Read) -> Sequence[Mapping[str, Any]] | AwsError:
        answer = self.answers.get(made.operation)
        return answer if isinstance(answer, AwsError) else [answer] if answer else []


def balancer(name: str, **attributes: str) -> Live:
    said = {"LoadBalancerAttributes": {key.replace("__", "."): value for key, value in attributes.items()}}
    return Live(
        "AWS::ElasticLoadBalancingV2::LoadBalancer", ARN, said if attributes else {}, tags={"ocpprov:resource": name}
    )


def zone(**properties: Any) -> Live:
    return Live("AWS::Route53::HostedZone", "Z1", properties, tags={"ocpprov:resource": "ExtDns"})


BUCKET = Live("AWS::S3::Bucket", "b", {}, tags={"ocpprov:resource": "Store"})
OBJECT = Live("Ocpprov::S3::Object", "b/k", {"Bucket": "b", "Key": "k"}, tags={"ocpprov:resource": "Ignition"})
LOCKED: dict[str, Any] = {
    "get_object_lock_configuration": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
    "list_object_versions": {"Versions": [{"Key": "k", "VersionId": "v 1"}, {"Key": "k2", "VersionId": "other"}]},
}
VERSION = "--bucket b --key k --version-id 'v 1'"


def until(year: int, mode: str) -> dict[str, Any]:
    return {"get_object_retention": {"Retention": {"Mode": mode, "RetainUntilDate": datetime(year, 5, 1, tzinfo=UTC)}}}


def test_a_balancer_of_the_section_is_freed_by_the_plan_and_any_by_a_command() -> None:
    (ours,) = protected_balancers([balancer("IntApiElb", deletion_protection__enabled="true")])
    assert str(ours.problem) == (
        f"IntApiElb {ARN}: protected by its attribute deletion_protection.enabled; if it may go: set "
        f"`openshift.deletionProtection: false` and apply it, or run `{OFF}`"
    )
    (other,) = protected_balancers([balancer("Web", deletion_protection__enabled="true")])
    assert other.lift == f"`{OFF}`"


@pytest.mark.parametrize("value", [{"deletion_protection__enabled": "false"}, {"other": "true"}, {}])
def test_a_balancer_without_it_isnt_protected(value: dict[str, str]) -> None:
    asked = Asked({})
    assert list(protected_balancers([balancer("IntApiElb", **value)])) == []
    assert (protections([balancer("IntApiElb", **value)], asked, 0.0).found, asked.calls) == ([], [])


def test_a_signed_zone_has_to_be_unsigned_before_its_keys_go() -> None:
    answer = {"Status": {"ServeSignature": "SIGNING"}, "KeySigningKeys": [{"Name": "k;1"}]}
    (found,) = protections([zone()], Asked({"get_dnssec": answer}), 0.0).found
    assert (found.name, found.by) == ("ExtDns Z1", "DNSSEC signing")
    assert found.lift == (
        "take its DS record out of the zone above, then run "
        "`aws route53 disable-hosted-zone-dnssec --hosted-zone-id Z1`, "
        "`aws route53 deactivate-key-signing-key --hosted-zone-id Z1 --name 'k;1'`, "
        "`aws route53 delete-key-signing-key --hosted-zone-id Z1 --name 'k;1'`"
    )


@pytest.mark.parametrize(
    ("answer", "lift"),
    [
        (
            {"Status": {"ServeSignature": "NOT_SIGNING"}, "KeySigningKeys": [{"Name": "k1"}]},
            [
                "run `aws route53 deactivate-key-signing-key --hosted-zone-id Z1 --name k1`, "
                "`aws route53 delete-key-signing-key --hosted-zone-id Z1 --name k1`"
            ],
        ),
        ({"Status": {"ServeSignature": "NOT_SIGNING"}}, []),
        ({}, []),
    ],
)
def test_a_key_alone_keeps_a_zone_too_and_none_doesnt(answer: dict[str, Any], lift: list[str]) -> None:
    assert [each.lift for each in protections([zone()], Asked({"get_dnssec": answer}), 0.0).found] == lift


def test_a_private_zone_is_never_asked_about() -> None:
    asked = Asked({"get_dnssec": {"Status": {"ServeSignature": "SIGNING"}}})
    assert protections([zone(VPCs=[{"VPCId": "vpc-1"}])], asked, 0.0).found == []
    assert asked.calls == []


@pytest.mark.parametrize(
    ("kept", "by", "lift"),
    [
        (
            until(2026, "GOVERNANCE"),
            "Object Lock (GOVERNANCE) until 2026-05-01 00:00 UTC",
            f"`aws s3api put-object-retention {VERSION} --bypass-governance-retention --retention '{{}}'`",
        ),
        (
            until(2026, "COMPLIANCE"),
            "Object Lock (COMPLIANCE) until 2026-05-01 00:00 UTC",
            "nothing lifts that before, whatever the permissions",
        ),
        (
            {"get_object_legal_hold": {"LegalHold": {"Status": "ON"}}},
            "a legal hold of Object Lock",
            f"`aws s3api put-object-legal-hold {VERSION} --legal-hold Status=OFF`",
        ),
    ],
)
def test_what_object_lock_keeps_is_named_with_its_version(kept: dict[str, Any], by: str, lift: str) -> None:
    asked = Asked({**LOCKED, **kept})
    (found,) = protections([BUCKET, OBJECT], asked, NOW.timestamp()).found
    assert (found.name, found.by, found.lift) == ("Ignition b/k (version v 1)", by, lift)
    assert [each.operation for each in asked.calls] == [
        "get_object_lock_configuration",
        "list_object_versions",
        "get_object_retention",
        "get_object_legal_hold",
    ]


@pytest.mark.parametrize(
    "kept", [until(2025, "COMPLIANCE"), {"get_object_legal_hold": {"LegalHold": {"Status": "OFF"}}}]
)
def test_what_it_kept_once_may_go(kept: dict[str, Any]) -> None:
    assert protections([BUCKET, OBJECT], Asked({**LOCKED, **kept}), NOW.timestamp()).found == []


def test_a_bucket_without_object_lock_costs_one_call() -> None:
    asked = Asked({})
    assert protections([BUCKET, OBJECT], asked, 0.0).found == []
    assert [(each.operation, each.arguments()) for each in asked.calls] == [
        ("get_object_lock_configuration", {"Bucket": "b"})
    ]


def test_a_bucket_of_which_no_object_goes_costs_none() -> None:
    asked = Asked(LOCKED)
    assert protections([BUCKET, replace(BUCKET, id="other")], asked, 0.0).found == []
    assert asked.calls == []
    protections([replace(BUCKET, id="other"), BUCKET, OBJECT], asked, 0.0)
    locks = [each.arguments() for each in asked.calls if each.operation == "get_object_lock_configuration"]
    assert locks == [{"Bucket": "b"}]


def test_what_may_not_be_asked_is_told_and_no_obstacle() -> None:
    found = protections([zone()], Asked({"get_dnssec": DENIED}), 0.0)
    assert found.found == []
    assert found.unknown == [f"whether Z1 is protected wasn't looked at: {DENIED}"]


def test_machines_that_nobody_may_terminate_are_named() -> None:
    answer = {"InstanceId": "i-1", "DisableApiTermination": {"Value": True}}
    (found,) = protected_machines(["i-1"], Asked({"describe_instance_attribute": answer})).found
    assert str(found.problem) == (
        "i-1: protected by termination protection; if it may go: "
        "`aws ec2 modify-instance-attribute --no-disable-api-termination --instance-id i-1`"
    )
    free = {**answer, "DisableApiTermination": {"Value": False}}
    asked = Asked({"describe_instance_attribute": free})
    assert protected_machines(["i-1"], asked).found == []
    assert [each.arguments() for each in asked.calls] == [{"InstanceId": "i-1", "Attribute": "disableApiTermination"}]


def test_a_balancer_of_the_clusters_own_is_asked_about_by_itself() -> None:
    answer = {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}
    asked = Asked({"describe_load_balancer_attributes": answer})
    (found,) = protected_leftovers([ARN], asked).found
    assert (found.name, found.lift) == (ARN, f"`{OFF}`")
    assert [each.arguments() for each in asked.calls] == [{"LoadBalancerArn": ARN}]
    free = {"Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]}
    assert protected_leftovers([ARN], Asked({"describe_load_balancer_attributes": free})).found == []
