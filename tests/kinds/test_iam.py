"""Roles, profiles and policies beyond their lives: who is looked at, what goes along, what means the same."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ocpprov.engine.ownership import PLAN, REGION, RESOURCE
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.policy_documents import document
from ocpprov.kinds.reads import Found, Pages, read
from ocpprov.kinds.registry import KINDS
from tests.kinds.cases_iam import policy, role, trust
from tests.kinds.world import OWNER, World

ROLE = KINDS["AWS::IAM::Role"]
PROFILE = KINDS["AWS::IAM::InstanceProfile"]
MANAGED = KINDS["AWS::IAM::ManagedPolicy"]
INLINE = KINDS["Ocpprov::IAM::RolePolicy"]
ATTACHED = KINDS["Ocpprov::IAM::RolePolicyAttachment"]
STRANGERS = [Live(ROLE.type, f"theirs-{number}", {}) for number in range(800)]
OURS = Live(ROLE.type, "given", {}, tags={PLAN: OWNER.plan, REGION: OWNER.region})


def operations(found: Found) -> list[tuple[str, dict[str, Any]]]:
    """What is read of roles and their policies."""
    return [(made.operation, made.arguments()) for kind in (ROLE, INLINE, ATTACHED) for made in kind.reads(found)]


def statement(**elements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **elements}]}


def test_strangers_roles_cost_no_call_each() -> None:
    found = Found(OWNER, {ROLE.type: [*STRANGERS, OURS]}, names=frozenset({"given"}))
    assert operations(found) == [
        ("list_roles", {"MaxItems": 1000}),
        ("get_role", {"RoleName": "given"}),
        ("list_role_policies", {"RoleName": "given"}),
        ("list_attached_role_policies", {"RoleName": "given"}),
    ]


def test_while_nobody_knows_the_names_only_tags_are_asked_of_strangers() -> None:
    asked = operations(Found(OWNER, {ROLE.type: [*STRANGERS, OURS]}))
    assert [arguments["RoleName"] for name, arguments in asked if name == "list_role_policies"] == ["given"]
    assert len([name for name, _ in asked if name == "get_role"]) == len(STRANGERS) + 1


def test_a_twin_in_another_region_is_left_alone() -> None:
    twin = Live(ROLE.type, "twin", {}, tags={PLAN: OWNER.plan, REGION: "us-east-1"})
    asked = operations(Found(OWNER, {ROLE.type: [twin]}))
    assert [name for name, _ in asked] == ["list_roles", "get_role"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(Action="ec2:*", Resource="*"), statement(Action=["ec2:*"], Resource=["*"])),
        (statement(Action=["b:B", "a:A"]), statement(Action=["a:A", "b:B"])),
        (statement(), {"Version": "2012-10-17", "Statement": {"Effect": "Allow"}}),
        (statement(Action="ec2:*"), json.dumps(statement(Action="ec2:*"))),
        (
            statement(Principal={"AWS": ["arn:aws-us-gov:iam::123456789012:root"]}),
            statement(Principal={"AWS": "123456789012"}),
        ),
        (
            statement(Condition={"Bool": {"aws:SecureTransport": False}}),
            statement(Condition={"Bool": {"aws:SecureTransport": ["false"]}}),
        ),
    ],
    ids=["single items", "order", "one statement", "text", "an account's root", "booleans"],
)
def test_policies_that_mean_the_same_are_equal(one: Any, other: Any) -> None:
    assert document(one) == document(other)


def test_policies_that_differ_are_not_equal() -> None:
    assert document(statement(Action="ec2:*")) != document(statement(NotAction="ec2:*"))
    assert document(statement(Principal="*")) != document(statement(Principal={"AWS": "123456789012"}))


def test_what_is_no_policy_stays_as_it_is() -> None:
    assert document("{") == "{"
    assert document(Ref("Document")) == Ref("Document")


def test_a_roles_policies_are_resources_of_their_own() -> None:
    written: dict[str, Value] = {
        "AssumeRolePolicyDocument": trust(),
        "Policies": [{"PolicyName": "read", "PolicyDocument": policy("ec2:*")}],
        "ManagedPolicyArns": [Ref("Bound")],
    }
    whole, inline, attached = ROLE.expand(Resource("Master", ROLE.type, written))
    assert whole.properties == {"AssumeRolePolicyDocument": trust()}
    assert (inline.logical_id, inline.type, inline.parent) == ("Master/policy read", INLINE.type, "Master")
    assert inline.properties == {"RoleName": Ref("Master"), "PolicyName": "read", "PolicyDocument": policy("ec2:*")}
    assert attached.properties == {"RoleName": Ref("Master"), "PolicyArn": Ref("Bound")}


def test_an_inline_policy_is_put_on_each_of_its_roles() -> None:
    kind = KINDS["AWS::IAM::Policy"]
    written: dict[str, Value] = {
        "PolicyName": "read",
        "PolicyDocument": policy("ec2:*"),
        "Roles": [Ref("Master"), Ref("Worker")],
    }
    parts = kind.expand(Resource("Read", kind.type, written))
    assert [part.properties["RoleName"] for part in parts] == [Ref("Master"), Ref("Worker")]
    assert len({part.logical_id for part in parts}) == 2


def test_a_role_goes_with_its_policies_whoever_put_them_on(world: World) -> None:
    name = role(world, "prod-master")
    arn = world.make(MANAGED.type, ManagedPolicyName="prod-policy", PolicyDocument=policy("ec2:*"))
    world.clients.iam.put_role_policy(RoleName=name, PolicyName="theirs", PolicyDocument=json.dumps(policy("s3:*")))
    world.clients.iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    live = world.find(ROLE.type, name)
    assert live is not None
    ROLE.delete(world.clients, live)
    assert world.find(ROLE.type, name) is None
    with pytest.raises(world.clients.iam.exceptions.NoSuchEntityException):
        ROLE.delete(world.clients, live)


def test_a_boundary_is_held_by_its_role() -> None:
    live = Live(ROLE.type, "master", {"PermissionsBoundary": "arn:aws:iam::123456789012:policy/bound"})
    assert ROLE.references(live) == ["arn:aws:iam::123456789012:policy/bound"]


def test_a_boundary_comes_before_what_it_bounds() -> None:
    """Who may change only what is within the boundary can change a role that has lost it then."""
    sent: list[str] = []
    iam = SimpleNamespace(
        put_role_permissions_boundary=lambda **_: sent.append("boundary"),
        update_assume_role_policy=lambda **_: sent.append("trust"),
        update_role=lambda **_: sent.append("role"),
    )
    wanted = {"PermissionsBoundary": "arn:bound", "AssumeRolePolicyDocument": {}, "Description": "x"}
    ROLE.update(cast(Any, SimpleNamespace(iam=iam)), Live(ROLE.type, "master", {}), wanted, list(reversed(wanted)))
    assert sent == ["boundary", "trust", "role"]


def test_a_profile_is_not_taken_for_the_role_of_the_same_name(world: World) -> None:
    name = role(world, "prod-master")
    created = world.create(PROFILE.type, InstanceProfileName=name, Roles=[name])
    assert created.ref == name
    assert created.id != name


def test_a_profiles_role_may_be_in_already_though_nobody_saw_it(world: World) -> None:
    name = role(world, "prod-master")
    wanted: dict[str, Any] = {"InstanceProfileName": "prod-master", "Roles": [name]}
    live = world.find(PROFILE.type, world.make(PROFILE.type, **wanted))
    assert live is not None
    unseen = replace(live, properties={"InstanceProfileName": "prod-master"})
    PROFILE.update(world.clients, unseen, wanted, ["Roles"])
    assert world.find(PROFILE.type, live.id) == live
    PROFILE.delete(world.clients, unseen)
    assert world.find(PROFILE.type, live.id) is None


def test_whoever_took_the_place_in_a_profile_makes_way(world: World) -> None:
    mine, other = role(world, "prod-master"), role(world, "prod-other")
    live = world.find(PROFILE.type, world.make(PROFILE.type, InstanceProfileName="prod-master", Roles=[other]))
    assert live is not None
    unseen = replace(live, properties={"InstanceProfileName": "prod-master"})
    PROFILE.update(world.clients, unseen, {"Roles": [mine]}, ["Roles"])
    found = world.find(PROFILE.type, live.id)
    assert found is not None
    assert found.properties["Roles"] == [mine]


def test_a_role_goes_with_the_policies_that_were_seen_and_with_those_that_were_not(world: World) -> None:
    name = role(world, "prod-master")
    seen = Live(INLINE.type, f"{name}|seen", {"RoleName": name, "PolicyName": "seen"})
    elsewhere = Live(INLINE.type, "prod-other|more", {"RoleName": "prod-other", "PolicyName": "more"})
    text = json.dumps(policy("ec2:*"))
    for each in ("seen", "unseen"):
        world.clients.iam.put_role_policy(RoleName=name, PolicyName=each, PolicyDocument=text)
    live = world.find(ROLE.type, name)
    assert live is not None
    known = ROLE.with_contents(live, Found(OWNER, {INLINE.type: [seen, elsewhere]}))
    calls: list[str] = []
    world.clients.iam.meta.events.register("before-call.iam", lambda model, **_: calls.append(model.name))
    ROLE.delete(world.clients, known)
    assert calls[:3] == ["DeleteRolePolicy", "DeleteRole", "ListRolePolicies"]
    assert world.find(ROLE.type, name) is None


def test_a_policy_changes_more_often_than_it_keeps_versions(world: World) -> None:
    arn = world.make(MANAGED.type, ManagedPolicyName="prod-policy", PolicyDocument=policy("ec2:*"))
    for number in range(7):
        live = world.find(MANAGED.type, arn)
        assert live is not None
        wanted = {"PolicyDocument": document(policy(f"ec2:Action{number}"))}
        MANAGED.update(world.clients, live, wanted, ["PolicyDocument"])
    changed = world.find(MANAGED.type, arn)
    assert changed is not None
    assert changed.properties["PolicyDocument"] == document(policy("ec2:Action6"))
    MANAGED.delete(world.clients, changed)
    assert world.find(MANAGED.type, arn) is None


def _profile(name: str, *roles: str) -> dict[str, Any]:
    arn = f"arn:aws:iam::123456789012:instance-profile/{name}"
    return {"InstanceProfileName": name, "Arn": arn, "Path": "/", "Roles": [{"RoleName": role} for role in roles]}


def _vouching(role_name: str, said: str) -> dict[str, Any]:
    tags = {PLAN: OWNER.plan, REGION: OWNER.region, "ocpprov:vouches-for": said}
    return {"RoleName": role_name, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@pytest.mark.parametrize(
    ("roles", "said", "claimed"),
    [
        (("machines",), "Profile of-stack", True),
        ((), "Profile of-stack", False),
        (("others",), "Profile of-stack", False),
        (("machines", "others"), "Profile of-stack", False),
        (("machines",), "Profile another", False),
    ],
)
def test_a_role_vouches_only_for_the_profile_that_has_it_alone(
    roles: tuple[str, ...], said: str, claimed: bool
) -> None:
    """Whoever may tag the role can't hand somebody's profile to this plan."""
    listing = read("iam", "list_instance_profiles")
    asked = read("iam", "get_role", RoleName="machines")
    forger = read("iam", "get_role", RoleName="forger")
    pages = Pages(
        {
            listing: [{"InstanceProfiles": [_profile("of-stack", *roles)]}],
            asked: [{"Role": _vouching("machines", said)}],
            forger: [{"Role": _vouching("forger", "Profile of-stack")}],
        }
    )
    [live] = PROFILE.parse(pages)
    assert live.claim == ({PLAN: OWNER.plan, REGION: OWNER.region, RESOURCE: "Profile"} if claimed else {})


def test_a_profile_is_empty_right_after_its_creation() -> None:
    wanted = {"InstanceProfileName": "prod-master", "Roles": ["prod-master"]}
    assert PROFILE.as_created(wanted) == {"InstanceProfileName": "prod-master"}
