"""The actions that openshift-install and the cluster's operators ask for, against AWS's own names of actions."""

from __future__ import annotations

import json
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from ocpprov.openshift.installer_permissions import GROUPS, SINCE, UNTIL, PermissionGroup, actions_of_group
from ocpprov.openshift.operator_permissions import REQUESTS, requests_of

BASE = PermissionGroup.CREATE_BASE


def all_actions() -> set[str]:
    return {f"{service}:{name}" for group in GROUPS.values() for service, names in group.items() for name in names}


def test_aws_knows_every_action() -> None:
    """By the table of actions that cfn-lint brings."""
    package = find_spec("cfnlint")
    assert package is not None
    assert package.origin is not None
    known = json.loads((Path(package.origin).parent / "data/AdditionalSpecs/Policies.json").read_text())
    asked = chain(all_actions(), *((*one.actions, *one.for_keys, *one.for_grants) for one in REQUESTS))
    names = [action.split(":") for action in asked]
    assert len(names) > 200
    assert [name for name in names if name[1].lower() not in known[name[0]]["Actions"]] == []


def test_every_group_is_there_and_has_each_action_once() -> None:
    assert set(GROUPS) == set(PermissionGroup)
    for group in PermissionGroup:
        found = actions_of_group(group, "4.22")
        assert found == sorted(set(found))
    assert {*SINCE, *UNTIL} <= all_actions()


def test_the_newest_release_asks_for_as_many_as_the_installers_own_list() -> None:
    sizes = {group.value: len(actions_of_group(group, "4.20")) for group in PermissionGroup}
    assert (sizes["create-base"], sizes["delete-base"], sizes["permission-mint-creds"]) == (118, 16, 11)


@pytest.mark.parametrize(
    ("action", "group", "versions"),
    [
        ("elasticloadbalancing:SetSecurityGroups", BASE, {"4.13", "4.16.3", "4.22"}),
        ("s3:PutBucketPolicy", BASE, {"4.13", "4.16.3", "4.22"}),
        ("ec2:RunInstances", BASE, {"4.10", "4.12", "4.13", "4.16.3", "4.22"}),
        ("autoscaling:DescribeAutoScalingGroups", PermissionGroup.DELETE_BASE, {"4.10", "4.12", "4.13", "4.16.3"}),
    ],
)
def test_some_are_of_some_releases_only(action: str, group: PermissionGroup, versions: set[str]) -> None:
    releases = ("4.10", "4.12", "4.13", "4.16.3", "4.22")
    assert {version for version in releases if action in actions_of_group(group, version)} == versions


def test_an_action_goes_with_the_release_after_its_last() -> None:
    for version, there in (("4.19.9", True), ("4.20", False)):
        assert (
            "autoscaling:DescribeAutoScalingGroups" in actions_of_group(PermissionGroup.DELETE_BASE, version)
        ) is there


def test_an_operator_asks_from_its_first_release_on() -> None:
    older, newer = ({each.sid for each in requests_of(version)} for version in ("4.9.1", "4.10"))
    assert newer - older == {"CloudNetworkConfig"}
    assert older == {"MachineApi", "Ingress", "ImageRegistry", "EbsCsiDriver", "CloudCredential"}
