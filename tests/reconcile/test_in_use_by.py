"""Who holds a role, a policy or a bucket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.reconcile.blockers import blockers_of
from ocpprov.reconcile.in_use_by import in_use_by
from tests.reconcile.world import World

OURS = {PLAN: "lab"}
PROFILE = "arn:aws:iam::123456789012:instance-profile/ours"


def profile(name: str) -> Mapping[str, str]:
    return {"InstanceProfileName": name, "Arn": f"arn:aws:iam::123456789012:instance-profile/{name}"}


CASES: Sequence[tuple[str, str, Mapping[str, Any], Sequence[str]]] = (
    ("AWS::IAM::Role", "list_instance_profiles_for_role", {"InstanceProfiles": []}, []),
    (
        "AWS::IAM::Role",
        "list_instance_profiles_for_role",
        {"InstanceProfiles": [profile("ours"), profile("theirs")]},
        ["instance profile theirs, which has the role,"],
    ),
    (
        "AWS::IAM::ManagedPolicy",
        "list_entities_for_policy",
        {
            "PolicyRoles": [{"RoleName": "ours"}, {"RoleName": "role-1"}],
            "PolicyUsers": [{"UserName": "ours"}],
            "PolicyGroups": [{"GroupName": "group-1"}],
        },
        [
            "role role-1, which has the policy,",
            "user ours, which has the policy,",
            "group group-1, which has the policy,",
        ],
    ),
    (
        "AWS::S3::Bucket",
        "list_object_versions",
        {"Versions": [{"Key": "a"}, {"Key": "a"}, {"Key": "b"}], "DeleteMarkers": [{"Key": "c"}, {"Key": "b"}]},
        ["object a", "object b", "object c"],
    ),
    ("AWS::EC2::Subnet", "list_object_versions", {"Versions": [{"Key": "a"}]}, []),
)


def world_with(tmp_path: Path, operation: str, page: Mapping[str, Any] | AwsError) -> World:
    world = World(tmp_path)
    world.cloud.pages[operation] = page
    for type, id in (("AWS::IAM::InstanceProfile", PROFILE), ("AWS::IAM::Role", "ours")):
        world.live_state.add(id, Live(type, id, {}, tags=OURS))
    return world


@pytest.mark.parametrize(("type", "operation", "page", "said"), CASES)
def test_each_holder_is_named(
    type: str, operation: str, page: Mapping[str, Any], said: Sequence[str], tmp_path: Path
) -> None:
    world = world_with(tmp_path, operation, page)
    held = Live(type, "x", {}, tags=OURS)
    assert [blocker.what for blocker in in_use_by(held, world.context)] == said
    if said:
        assert [blocker.what for blocker in blockers_of(held, world.context)] == said
        assert set(world.cloud.looks) == {operation}


ASKED = (
    ("AWS::IAM::Role", ("list_instance_profiles_for_role", {"RoleName": "x"})),
    ("AWS::IAM::ManagedPolicy", ("list_entities_for_policy", {"PolicyArn": "x"})),
    (
        "AWS::S3::Bucket",
        ("list_object_versions", {"Bucket": "x", "PaginationConfig": {"MaxItems": 5, "PageSize": 5}}),
    ),
)


@pytest.mark.parametrize(("type", "asked"), ASKED)
def test_what_is_asked_for_is_about_the_one_and_may_be_denied(type: str, asked: Any, tmp_path: Path) -> None:
    world = World(tmp_path)
    reads: list[Any] = []

    class Told:
        """Keeps what is asked for; nothing is there."""

        def read(self, wanted: Sequence[Any]) -> Mapping[Any, Any]:
            reads.extend(wanted)
            return {one: [] for one in wanted}

    told: Any = Told()
    assert list(in_use_by(Live(type, "x", {}), replace(world.context, reader=told))) == []
    assert [(one.operation, one.arguments()) for one in reads] == [asked]
    assert [one.may_be_denied for one in reads] == [True]


def test_other_errors_are_told(tmp_path: Path) -> None:
    error = AwsError(ErrorClass.THROTTLED, AwsMessage("SlowDown", ""))
    world = world_with(tmp_path, "list_object_versions", error)
    with pytest.raises(AwsError) as caught:
        list(in_use_by(Live("AWS::S3::Bucket", "x", {}), world.context))
    assert caught.value is error
