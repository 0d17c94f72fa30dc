"""What somebody else makes as a stack, and what its tags can't be put on by CloudFormation."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from ocpprov.engine.ownership import VOUCHES_FOR
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.handover_template import Handover, handover

OWNER = Owner("prod", "eu-west-1", "123456789012", "run")
ROLE = Resource("Role", "AWS::IAM::Role", {"RoleName": "role", "AssumeRolePolicyDocument": {}})


def profile(name: str, role: Value) -> Resource:
    return Resource(name, "AWS::IAM::InstanceProfile", {"InstanceProfileName": f"{name}-1", "Roles": [role]})


def handed(*resources: Resource) -> Handover:
    return handover({each.logical_id: each for each in resources}, {}, OWNER, KINDS)


def vouched_for(found: Handover) -> list[str]:
    resources: dict[str, Any] = YAML(typ="safe", pure=True).load(found.template)["Resources"]
    rows = [row for one in resources.values() for row in one["Properties"].get("Tags", ())]
    return [row["Value"] for row in rows if row["Key"] == VOUCHES_FOR]


def test_a_role_vouches_for_its_profile() -> None:
    found = handed(ROLE, profile("Own", Ref("Role")))
    assert (vouched_for(found), found.untagged) == (["Own Own-1"], [])


def test_a_profile_of_somebody_elses_role_is_tagged_by_hand() -> None:
    found = handed(ROLE, profile("Theirs", "existing-role"))
    assert (vouched_for(found), found.untagged) == ([], ["Theirs"])


def test_a_role_vouches_for_one_profile_and_the_second_is_tagged_by_hand() -> None:
    found = handed(ROLE, profile("First", Ref("Role")), profile("Second", Ref("Role")))
    assert (vouched_for(found), found.untagged) == (["First First-1"], ["Second"])
