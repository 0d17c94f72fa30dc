"""AWS::IAM::InstanceProfile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.ownership import PLAN, REGION, RESOURCE, VOUCHES_FOR
from ocpprov.engine.resources import Created, Live, Owner
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import given
from ocpprov.kinds.iam.common import (
    LIST_PROFILES,
    NAME_LIMIT,
    NAME_PATTERN,
    PATH,
    PATIENCE,
    ROLES,
    arn_of,
    listed,
    name_in,
    names_worth_details,
    tag_list,
    tags_of,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class InstanceProfile(Kind):
    """What gives a machine its role. It holds one role, which is changed by taking it out and putting another in.

    IAM takes tags on it; CloudFormation has no property for them, so one that it made is ours where its role, which has
    our tags, names it (docs/adr/0014), and is in it, alone. It is known by its ARN here, as profiles and roles
    are often given the same name.
    """

    type = "AWS::IAM::InstanceProfile"
    tells = ("Roles",)
    service = "iam"
    properties = (
        Property(
            "InstanceProfileName",
            "string",
            create_only=True,
            pattern=NAME_PATTERN,
            longest=NAME_LIMIT,
            documentation="Generated when not given.",
        ),
        PATH,
        Property(
            "Roles", "list", required=True, after_create=True, items=ROLES, documentation="The role, in a list of one."
        ),
    )
    attributes = ("Arn",)
    tags_may_follow = True
    permissions = Permissions(
        read=("iam:ListInstanceProfiles", "iam:GetInstanceProfile", "iam:GetRole"),
        create=("iam:CreateInstanceProfile", "iam:TagInstanceProfile", "iam:AddRoleToInstanceProfile", "iam:PassRole"),
        update=(
            "iam:AddRoleToInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
            "iam:PassRole",
            "iam:TagInstanceProfile",
            "iam:UntagInstanceProfile",
        ),
        delete=("iam:GetInstanceProfile", "iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"),
    )
    bound_by = ("InstanceProfileName",)
    tags_property = ""
    ownership_delegate = "Roles"
    name_property = "InstanceProfileName"
    name_limit = 128
    delete_deadline = PATIENCE

    def reads(self, found: Found) -> Sequence[Read]:
        """A list of all, then the tags of those that may be ours, and of their roles."""
        names = names_worth_details(found, self.type)
        roles = {
            str(role)
            for live in found.lives.get(self.type, ())
            if live.ref in names
            for role in listed(live.properties.get("Roles"))
        }
        return [
            LIST_PROFILES,
            *(read("iam", "get_instance_profile", InstanceProfileName=name) for name in names),
            *(read("iam", "get_role", RoleName=role) for role in sorted(roles) if found.may_be_ours(role)),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("iam", "get_instance_profile", InstanceProfileName=name_in(id))

    def parse(self, pages: Pages) -> Sequence[Live]:
        listing = pages.items("iam", "list_instance_profiles", "InstanceProfiles")
        items = {item["InstanceProfileName"]: item for item in listing}
        for _, page in pages.documents("iam", "get_instance_profile"):
            items[page["InstanceProfile"]["InstanceProfileName"]] = page["InstanceProfile"]
        vouched = list(_vouched_for(pages))
        return [_live(item, _claim(item, vouched)) for item in items.values()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.iam.create_instance_profile(
            **given(request.properties, "InstanceProfileName", "Path"), **request.tag_argument()
        )
        profile = answer["InstanceProfile"]
        return Created(profile["Arn"], {"Arn": profile["Arn"]}, ref=profile["InstanceProfileName"])

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """Looks where a role is in already: a call that was sent twice, or somebody, has put it there."""
        name, wanted = name_in(live.id), desired["Roles"]
        full = (clients.iam.exceptions.LimitExceededException, clients.iam.exceptions.EntityAlreadyExistsException)
        try:
            _exchange(clients, name, _roles_of(live), wanted)
        except full:
            _exchange(clients, name, _roles_in(clients, name), wanted)

    def delete(self, clients: Clients, live: Live) -> None:
        """The role comes out first. Looks where another one is in."""
        name = name_in(live.id)
        try:
            _exchange(clients, name, _roles_of(live), ())
            clients.iam.delete_instance_profile(InstanceProfileName=name)
        except clients.iam.exceptions.DeleteConflictException:
            _exchange(clients, name, _roles_in(clients, name), ())
            clients.iam.delete_instance_profile(InstanceProfileName=name)

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.iam.tag_instance_profile(InstanceProfileName=name_in(live_id), Tags=tag_list(set_tags))
        if remove:
            clients.iam.untag_instance_profile(InstanceProfileName=name_in(live_id), TagKeys=list(remove))

    def predict_created(self, properties: Mapping[str, Value], owner: Owner) -> Created | None:
        name = properties.get("InstanceProfileName")
        if not isinstance(name, str):
            return None
        arn = arn_of(owner, "instance-profile", properties, name)
        return Created(arn, {"Arn": arn}, ref=name)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("InstanceProfileName")
        return [("instance profile", name.casefold())] if isinstance(name, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return _roles_of(live)


def _exchange(clients: Clients, name: str, present: Sequence[str], wanted: Sequence[str]) -> None:
    """Roles out of a profile and into it. One that is out already says so."""
    for role in present:
        if role not in wanted:
            with suppress(clients.iam.exceptions.NoSuchEntityException):
                clients.iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role)
    for role in wanted:
        if role not in present:
            clients.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)


def _roles_of(live: Live) -> list[str]:
    return [str(role) for role in listed(live.properties.get("Roles"))]


def _roles_in(clients: Clients, name: str) -> list[str]:
    profile = clients.iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    return [role["RoleName"] for role in profile["Roles"]]


def _vouched_for(pages: Pages) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Names of profiles for which a role's tags speak, each with that role and what they say: CloudFormation, where it
    made both, could tag the role only."""
    for _, page in pages.documents("iam", "get_role"):
        tags = tags_of(page["Role"])
        logical_id, _, name = tags.get(VOUCHES_FOR, "").partition(" ")
        if name and PLAN in tags:
            said = {PLAN: tags[PLAN], REGION: tags.get(REGION, ""), RESOURCE: logical_id}
            yield name, page["Role"]["RoleName"], said


def _claim(profile: Mapping[str, Any], vouched: Sequence[tuple[str, str, Mapping[str, str]]]) -> Mapping[str, str]:
    """What a role says counts for a profile that has it and no other: whoever may tag the role can't name another."""
    held = [role["RoleName"] for role in profile.get("Roles", ())]
    name = profile["InstanceProfileName"]
    return next((said for named, role, said in vouched if named == name and held == [role]), {})


def _live(profile: Mapping[str, Any], claim: Mapping[str, str]) -> Live:
    return Live(
        type=InstanceProfile.type,
        id=profile["Arn"],
        ref=profile["InstanceProfileName"],
        properties={
            **given(profile, "InstanceProfileName", "Path"),
            **({"Roles": [role["RoleName"] for role in profile["Roles"]]} if "Roles" in profile else {}),
        },
        attributes={"Arn": profile["Arn"]},
        tags=tags_of(profile),
        claim=claim,
    )
