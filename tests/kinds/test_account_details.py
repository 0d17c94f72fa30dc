"""What the account's details answer in place of calls about each role, and what they leave to those."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from ocpprov.engine.resources import Live
from ocpprov.kinds.iam.account_details import DETAILS, AccountDetails
from ocpprov.kinds.iam.common import LIST_POLICIES, LIST_PROFILES, LIST_ROLES
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.registry import KINDS
from tests.kinds.cases_iam import policy, role, trust
from tests.kinds.world import OWNER, World

BULK = AccountDetails()
TYPES = (
    "AWS::IAM::Role",
    "Ocpprov::IAM::RolePolicy",
    "Ocpprov::IAM::RolePolicyAttachment",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
)
GET_ROLE = read("iam", "get_role", RoleName="ours")
NAMES = read("iam", "list_role_policies", RoleName="ours")
INLINE = read("iam", "get_role_policy", RoleName="ours", PolicyName="read")
ATTACHED = read("iam", "list_attached_role_policies", RoleName="ours")
VERSION = read("iam", "get_policy_version", PolicyArn="arn:p/x/bound", VersionId="v2")
OF_ROLE = [GET_ROLE, NAMES, INLINE, ATTACHED]
LISTED = {"RoleName": "ours", "Description": "d", "MaxSessionDuration": 7200, "Path": "/"}
DETAIL: Mapping[str, Any] = {
    "RoleName": "ours",
    "AssumeRolePolicyDocument": trust(),
    "Tags": [{"Key": "k", "Value": "v"}],
    "RolePolicyList": [{"PolicyName": "read", "PolicyDocument": policy("ec2:*")}],
    "AttachedManagedPolicies": [{"PolicyName": "bound", "PolicyArn": "arn:p/x/bound"}],
}
POLICY: Mapping[str, Any] = {
    "Arn": "arn:p/x/bound",
    "DefaultVersionId": "v2",
    "PolicyVersionList": [{"VersionId": "v1", "Document": {}}, {"VersionId": "v2", "Document": policy("s3:*")}],
}


def answers(*details: Mapping[str, Any], roles: Sequence[Mapping[str, Any]] = (LISTED,)) -> Pages:
    return Pages({LIST_ROLES: [{"Roles": list(roles)}], **({DETAILS: details} if details else {})})


def without(whole: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    return {name: value for name, value in whole.items() if name != member}


def told(one: Read, *details: Mapping[str, Any]) -> Any:
    """The answer's only page, or None."""
    pages = BULK.told([one], answers(*details)).get(one)
    return pages[0] if pages else None


def test_the_details_answer_what_would_be_asked_of_each_role() -> None:
    page = {"RoleDetailList": [DETAIL], "Policies": [POLICY]}
    assert told(GET_ROLE, page)["Role"] == {**LISTED, **DETAIL}
    assert told(NAMES, page) == {"PolicyNames": ["read"]}
    assert told(INLINE, page) == {"RoleName": "ours", "PolicyName": "read", "PolicyDocument": policy("ec2:*")}
    assert told(ATTACHED, page) == {"AttachedPolicies": DETAIL["AttachedManagedPolicies"]}
    assert told(LIST_POLICIES, page) == {"Policies": [{**POLICY, "PolicyName": "bound"}]}
    assert told(VERSION, page)["PolicyVersion"] == POLICY["PolicyVersionList"][1]


def test_policies_that_lack_what_a_role_has_are_not_all() -> None:
    of_aws = {"PolicyName": "x", "PolicyArn": "arn:aws-us-gov:iam::aws:policy/x"}
    detail = {**DETAIL, "AttachedManagedPolicies": [*DETAIL["AttachedManagedPolicies"], of_aws]}
    other = {**POLICY, "Arn": "arn:p/x/other"}
    assert told(LIST_POLICIES, {"RoleDetailList": [detail], "Policies": [other]}) is None
    assert told(LIST_POLICIES, {"RoleDetailList": [detail], "Policies": [other, POLICY]}) is not None


def test_what_stands_on_another_page_counts_as_well() -> None:
    pages = {"RoleDetailList": [], "Policies": [POLICY]}, {"RoleDetailList": [DETAIL]}
    assert [one for one in (GET_ROLE, LIST_POLICIES, VERSION) if not told(one, *pages)] == []


@pytest.mark.parametrize("member", ["Tags", "RolePolicyList", "AttachedManagedPolicies", "AssumeRolePolicyDocument"])
def test_a_role_that_is_told_in_part_is_asked_by_its_name(member: str) -> None:
    page = {"RoleDetailList": [without(DETAIL, member)], "Policies": []}
    assert [one for one in OF_ROLE if told(one, page)] == []


@pytest.mark.parametrize(
    ("detail", "left"),
    [
        ({**DETAIL, "RolePolicyList": [{"PolicyName": "read"}]}, [NAMES, INLINE]),
        ({**DETAIL, "RolePolicyList": [{"PolicyDocument": {}}]}, [NAMES, INLINE]),
        ({**DETAIL, "RolePolicyList": []}, [INLINE]),
        ({**DETAIL, "AttachedManagedPolicies": [{"PolicyName": "bound"}]}, [ATTACHED]),
        ({**DETAIL, "RoleName": "another"}, OF_ROLE),
        (without(DETAIL, "RoleName"), OF_ROLE),
    ],
)
def test_what_is_missing_of_a_role_is_left_to_its_own_call(detail: Mapping[str, Any], left: list[Read]) -> None:
    page = {"RoleDetailList": [detail], "Policies": []}
    assert [one for one in OF_ROLE if not told(one, page)] == left


def test_a_role_that_is_not_listed_is_asked_by_its_name() -> None:
    """The list alone has its description and its longest session."""
    page = {"RoleDetailList": [DETAIL], "Policies": []}
    assert BULK.told(OF_ROLE, answers(page, roles=[{"RoleName": "another"}])) == {}


@pytest.mark.parametrize(
    ("page", "left"),
    [
        ({"RoleDetailList": []}, [LIST_POLICIES, VERSION]),
        ({"Policies": [without(POLICY, "Arn")]}, [LIST_POLICIES, VERSION]),
        ({"Policies": [without(POLICY, "DefaultVersionId")]}, [LIST_POLICIES]),
        ({"Policies": [without(POLICY, "PolicyVersionList")]}, [VERSION]),
        ({"Policies": [{**POLICY, "PolicyVersionList": [{"VersionId": "v2"}]}]}, [VERSION]),
        ({"Policies": []}, [VERSION]),
    ],
)
def test_what_is_missing_of_a_policy_is_left_to_its_own_call(page: Mapping[str, Any], left: list[Read]) -> None:
    assert [one for one in (LIST_POLICIES, VERSION) if not told(one, page)] == left


def test_without_an_answer_nothing_is_told() -> None:
    wanted = [*OF_ROLE, LIST_POLICIES, VERSION]
    assert BULK.told(wanted, answers()) == {}
    assert BULK.told(wanted, Pages({**answers().answers, DETAILS: []})) == {}


def test_only_calls_that_it_can_stand_for_are_held_back() -> None:
    others = [
        read("iam", "get_policy", PolicyArn="arn:p/x/bound"),
        read("iam", "get_instance_profile", InstanceProfileName="ours"),
        read("iam", "list_policies", Scope="All"),
        read("ec2", "get_role", RoleName="ours"),
    ]
    wanted = [*OF_ROLE, *others, LIST_POLICIES, VERSION]
    assert BULK.instead(wanted, answers()) == {DETAILS: [*OF_ROLE, LIST_POLICIES, VERSION]}


@pytest.mark.parametrize(
    ("calls", "roles", "pays"), [(4, 100, True), (3, 100, False), (4, 101, False), (4, 0, True), (0, 1, False)]
)
def test_it_is_asked_where_it_pays_and_the_account_is_small(calls: int, roles: int, pays: bool) -> None:
    listed = [{"RoleName": f"r{number}"} for number in range(roles)]
    assert bool(BULK.instead(OF_ROLE[:calls], answers(roles=listed))) is pays


def test_it_is_asked_once_and_only_by_whoever_looks_at_all_roles() -> None:
    assert BULK.instead(OF_ROLE, Pages()) == {}
    assert BULK.instead(OF_ROLE, Pages({LIST_ROLES: [{"Roles": []}], DETAILS: []})) == {}


def test_the_policies_wait_a_round_for_it() -> None:
    first = [LIST_ROLES, LIST_PROFILES, LIST_POLICIES]
    knowing = Found(OWNER, names=frozenset())
    assert BULK.later(first, Pages(), knowing) == [LIST_POLICIES]
    assert BULK.later(first, Pages(), Found(OWNER)) == []
    assert BULK.later(first, answers(), knowing) == []
    assert BULK.later([LIST_POLICIES, GET_ROLE], Pages(), knowing) == []


def _by_name(world: World) -> Iterator[Live]:
    for type in TYPES:
        yield from world.lives(type)


def test_at_once_and_by_name_is_the_same(world: World) -> None:
    """Against moto: roles with and without everything, as the two ways see them."""
    arn = world.make(TYPES[4], ManagedPolicyName="prod-bound", PolicyDocument=policy("ec2:*"), Description="d")
    ours, bare = role(world, "prod-master"), role(world, "prod-bare")
    iam = world.clients.iam
    iam.put_role_policy(RoleName=ours, PolicyName="read", PolicyDocument=json.dumps(policy("s3:*")))
    iam.attach_role_policy(RoleName=ours, PolicyArn=arn)
    iam.put_role_permissions_boundary(RoleName=ours, PermissionsBoundary=arn)
    iam.update_role(RoleName=ours, Description="who", MaxSessionDuration=7200)
    iam.untag_role(RoleName=bare, TagKeys=[each["Key"] for each in iam.get_role(RoleName=bare)["Role"]["Tags"]])
    asked: dict[Read, Sequence[Mapping[str, Any]]] = {one: world.answer(one) for one in (LIST_ROLES, DETAILS)}
    wanted: list[Read] = []
    for _ in range(3):
        pages = Pages(asked)
        lives = {type: KINDS[type].parse(pages) for type in TYPES}
        found = Found(OWNER, lives, names=frozenset({ours, bare, "prod-bound"}))
        wanted = [one for type in TYPES for one in KINDS[type].reads(found) if one not in asked]
        asked |= {one: world.answer(one) for one in wanted if one == LIST_PROFILES}
        asked |= BULK.told(wanted, pages)
    assert {one.operation for one in wanted} == {"get_policy"}
    asked |= {one: world.answer(one) for one in wanted}
    once = {live.id: live for type in TYPES for live in KINDS[type].parse(Pages(asked))}
    assert once == {live.id: live for live in _by_name(world)}
    assert len(once) == 5
