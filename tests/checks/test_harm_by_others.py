"""What others put beside a plan's own things, and which of it takes away what those are for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.harm_by_others import Harm, harm_by_others
from ocpprov.checks.requirement_drift import Defect
from ocpprov.checks.verification import RowStatus, Seen, verified
from ocpprov.engine.actions import Actions
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.reachability.endpoint_policies import Gate

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
GATE = Gate("vpce-1", "vpc-1", gateway=True, account="123456789012")
ROLE_POLICY = "Ocpprov::IAM::RolePolicy"
BUCKET_POLICY = "AWS::S3::BucketPolicy"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
OWN = "BootstrapIamRole/policy own"


def statement(effect: str, action: Any, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def role_policy(name: str, *statements: Mapping[str, Any], role: str = "role-1") -> Live:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    properties: dict[str, Any] = {"RoleName": role, "PolicyName": name, "PolicyDocument": document}
    return Live(ROLE_POLICY, f"{role}|{name}", properties)


NEEDED = role_policy("own", statement("Allow", ["ec2:DescribeInstances", "ec2:AttachVolume"]))
ROLE = Live("AWS::IAM::Role", "role-1", {}, attributes={"Arn": "arn:aws:iam::123456789012:role/role-1"})


def harm(current: Mapping[str, Live], others: Sequence[Live] = ()) -> dict[str, Sequence[Harm]]:
    lives: dict[str, list[Live]] = {}
    for live in (*current.values(), *others):
        lives.setdefault(live.type, []).append(live)
    return harm_by_others(Actions(OWNER, Graph({}, {}), (), (), current), Inventory(lives), GATE)


@pytest.mark.parametrize(
    "wrong", [{"Effect": "Allow", "Action": "ec2:*"}, "all of it", {"Action": "s3:*", "Resource": "*"}]
)
def test_a_policy_of_the_plans_own_that_cannot_be_understood_is_unknown(wrong: Any) -> None:
    own = replace(NEEDED, properties={**NEEDED.properties, "PolicyDocument": {"Statement": [wrong]}})
    [told] = harm({OWN: own}, [role_policy("theirs", statement("Deny", "ec2:*"))])[OWN]
    assert not told.certain
    assert told.fault.detail.startswith("policy own of role role-1 can't be understood: this is no policy: ")
    assert told.fault.remedy == "look at it in AWS's console"


def test_a_denial_of_what_the_plan_allows_is_named_with_the_command_that_takes_it_away() -> None:
    theirs = role_policy("theirs", statement("Deny", "ec2:*"), statement("Allow", "s3:*"))
    assert harm({OWN: NEEDED}, [theirs]) == {
        OWN: [
            Harm(
                Defect(
                    "policy theirs of role role-1 denies ec2:DescribeInstances and 1 more by statement 1, "
                    "which isn't the plan's",
                    "take policy theirs off role role-1",
                    ("aws iam delete-role-policy --role-name role-1 --policy-name theirs --region eu-west-1",),
                )
            )
        ]
    }


@pytest.mark.parametrize(
    "other",
    [
        role_policy("theirs", statement("Allow", "*")),
        role_policy("theirs", statement("Deny", "iam:*")),
        role_policy("theirs", statement("Deny", "ec2:*"), role="role-2"),
        role_policy("own", statement("Deny", "ec2:*")),
        role_policy("theirs", statement("Deny", "ec2:*", Condition={"Bool": {"aws:SecureTransport": "false"}})),
    ],
)
def test_what_denies_nothing_that_the_plan_allows_is_no_harm(other: Live) -> None:
    assert harm({OWN: NEEDED}, [other]) == {}


def test_a_denial_under_a_condition_that_cannot_be_told_from_here_is_not_known() -> None:
    condition = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
    [found] = harm({OWN: NEEDED}, [role_policy("theirs", statement("Deny", "*", Condition=condition))])[OWN]
    assert not found.certain
    assert "may deny ec2:DescribeInstances and 1 more by statement 1" in found.fault.detail


def test_a_denial_for_another_resource_is_no_harm() -> None:
    own = role_policy("own", statement("Allow", "s3:GetObject", "arn:aws:s3:::infra/*"))
    assert harm({OWN: own}, [role_policy("theirs", statement("Deny", "s3:*", "arn:aws:s3:::theirs/*"))]) == {}
    assert harm({OWN: own}, [role_policy("theirs", statement("Deny", "s3:*", "arn:aws:s3:::infra/*"))]) != {}


def test_one_action_is_told_alone() -> None:
    theirs = role_policy("theirs", statement("Deny", "ec2:AttachVolume", Sid="NoVolumes"))
    [found] = harm({OWN: NEEDED}, [theirs])[OWN]
    assert (
        found.fault.detail
        == "policy theirs of role role-1 denies ec2:AttachVolume by statement NoVolumes, which isn't the plan's"
    )


def test_a_policy_that_is_none_is_not_known() -> None:
    theirs = role_policy("theirs", {"Effect": "Perhaps", "Action": "*", "Resource": "*"})
    [found] = harm({OWN: NEEDED}, [theirs])[OWN]
    assert not found.certain
    assert found.fault.detail.startswith("policy theirs of role role-1 can't be understood: ")


def bucket_policy(*statements: Mapping[str, Any]) -> Live:
    document = {"Version": "2012-10-17", "Statement": [{**each, "Principal": "*"} for each in statements]}
    properties: dict[str, Any] = {"Bucket": "infra", "PolicyDocument": document}
    return Live(BUCKET_POLICY, "infra", properties)


TLS = statement("Deny", "s3:*", "arn:aws:s3:::infra/*", Condition={"Bool": {"aws:SecureTransport": "false"}})
OBJECTS = "arn:aws:s3:::infra/*"


def by_bucket(*statements: Mapping[str, Any], bootstrap: bool = True) -> dict[str, Sequence[Harm]]:
    machine = {"BootstrapIamRole": ROLE} if bootstrap else {}
    return harm({"InfraBucketPolicy": bucket_policy(*statements), **machine})


def test_a_bucket_gives_the_bootstrap_machine_its_file() -> None:
    [found] = by_bucket(TLS, statement("Deny", "s3:GetObject", OBJECTS))["InfraBucketPolicy"]
    assert found == Harm(
        Defect(
            "the policy of bucket infra denies s3:GetObject by statement 2, which isn't the plan's",
            "take it out of the policy of bucket infra",
        )
    )


@pytest.mark.parametrize(
    "more",
    [
        statement("Deny", "s3:PutObject", OBJECTS),
        statement("Deny", "s3:GetObject", "arn:aws:s3:::infra/theirs/*"),
        statement("Deny", "s3:*", OBJECTS, Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        statement("Allow", "s3:GetObject", OBJECTS),
    ],
)
def test_other_statements_are_no_harm(more: Mapping[str, Any]) -> None:
    assert by_bucket(TLS, more) == {}


def test_another_endpoint_than_the_plans_is_a_closed_door_and_nobody_needs_it_without_a_bootstrap_machine() -> None:
    closed = statement("Deny", "s3:*", OBJECTS, Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-2"}})
    assert [each.certain for each in by_bucket(closed)["InfraBucketPolicy"]] == [True]
    assert by_bucket(closed, bootstrap=False) == {}


@pytest.mark.parametrize(("value", "count"), [("true", 1), ("false", 0)])
def test_a_header_before_what_clients_send_is_not_understood(value: str, count: int) -> None:
    properties: dict[str, Any] = {"TargetGroupAttributes": {"proxy_protocol_v2.enabled": value}}
    found = harm({"InternalApiTargetGroup": Live(TARGET_GROUP, "arn:tg", properties)})
    assert len(found) == count
    for [each] in found.values():
        assert each.fault == Defect(
            "InternalApiTargetGroup puts a header before what clients send (proxy_protocol_v2.enabled is on)",
            "switch proxy_protocol_v2.enabled off",
            (
                "aws elbv2 modify-target-group-attributes --target-group-arn arn:tg "
                "--attributes Key=proxy_protocol_v2.enabled,Value=false --region eu-west-1",
            ),
        )


@pytest.mark.parametrize(("certain", "status"), [(True, RowStatus.FAIL), (False, RowStatus.UNKNOWN)])
def test_harm_fails_the_row_and_what_may_be_harm_leaves_it_open(certain: bool, status: RowStatus) -> None:
    id = "InfraBucketPolicy"
    live = bucket_policy(TLS)
    actions = Actions(OWNER, Graph({id: Resource(id, BUCKET_POLICY)}, {}), (), (), {id: live})
    seen = Seen(actions, (), "apply", harm={id: [Harm(Defect("detail", "remedy"), certain)]})
    [row] = [row for row in verified(seen) if row.id == "S3-BUCKET"]
    assert (row.status, row.detail, row.remedy, row.evidence) == (status, "detail", "remedy", ["infra"])
