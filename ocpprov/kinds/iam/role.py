"""AWS::IAM::Role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Owner, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.ec2.common import TAGS, given
from ocpprov.kinds.iam.common import (
    DESCRIPTION_LIMIT,
    LIST_ROLES,
    NAME_PATTERN,
    PATH,
    PATIENCE,
    POLICY_ARN,
    ROLE_NAME_LIMIT,
    arn_of,
    listed,
    names_worth_details,
    tag_list,
    tags_of,
)
from ocpprov.kinds.iam.role_policy import POLICY, ROLE, RolePolicy, inline_policies
from ocpprov.kinds.iam.role_policy_attachment import RolePolicyAttachment, attachment
from ocpprov.kinds.policy_documents import document, document_text, with_documents
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_TAKEN_OUT = ("Policies", "ManagedPolicyArns")
_INLINE, _ATTACHED = "its policies", "policies attached to it"
"""Attributes of a role that is to be deleted: names, and ARNs."""


class Role(Kind):
    """What machines or services may act as. Its policies are resources of their own; others may add theirs."""

    type = ROLE
    tells = ("RoleName",)
    service = "iam"
    properties = (
        Property(
            "RoleName",
            "string",
            create_only=True,
            pattern=NAME_PATTERN,
            longest=ROLE_NAME_LIMIT,
            documentation="Generated when not given.",
        ),
        PATH,
        Property("AssumeRolePolicyDocument", "json", required=True, documentation="Who may act as it."),
        Property(
            "Description",
            "string",
            default="",
            may_be_absent=True,
            # No letters beyond Western Europe's (CreateRole).
            pattern=r"[\t\n\r\x20-\x7e\xa1-\xff]*",
            longest=DESCRIPTION_LIMIT,
            documentation="A sentence for people, in ASCII and Western Europe's letters.",
        ),
        Property(
            "MaxSessionDuration",
            "integer",
            default=3600,
            minimum=3600,
            maximum=43200,
            documentation="Seconds that a session may last.",
        ),
        Property(
            "PermissionsBoundary",
            "string",
            default="",
            may_be_absent=True,
            longest=2048,
            documentation="ARN of the policy that bounds it.",
        ),
        Property(
            "Policies",
            "list",
            items=Property("Policy", "object", properties=POLICY),
            documentation="Inline policies; others on the role stay.",
        ),
        Property(
            "ManagedPolicyArns",
            "list",
            items=POLICY_ARN,
            documentation="Managed policies; others on the role stay.",
        ),
        TAGS,
    )
    attributes = ("Arn", "RoleId")
    tags_may_follow = True
    permissions = Permissions(
        read=("iam:ListRoles", "iam:GetRole"),
        create=("iam:CreateRole", "iam:TagRole"),
        update=(
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:PutRolePermissionsBoundary",
            "iam:DeleteRolePermissionsBoundary",
            "iam:TagRole",
            "iam:UntagRole",
        ),
        delete=(
            "iam:ListRolePolicies",
            "iam:DeleteRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:DetachRolePolicy",
            "iam:ListInstanceProfilesForRole",
            "iam:DeleteRole",
        ),
    )
    bound_by = ("RoleName",)
    name_property = "RoleName"
    name_limit = 64
    protected = True
    delete_deadline = PATIENCE

    def reads(self, found: Found) -> Sequence[Read]:
        """A list of all, then the tags of those that may be ours."""
        names = names_worth_details(found, self.type)
        return [LIST_ROLES, *(read("iam", "get_role", RoleName=name) for name in names)]

    def by_id(self, id: str) -> Read | None:
        return read("iam", "get_role", RoleName=id)

    def parse(self, pages: Pages) -> Sequence[Live]:
        items = {item["RoleName"]: item for item in pages.items("iam", "list_roles", "Roles")}
        items |= {page["Role"]["RoleName"]: page["Role"] for _, page in pages.documents("iam", "get_role")}
        return [_live(item) for item in items.values()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.iam.create_role(
            AssumeRolePolicyDocument=document_text(wanted["AssumeRolePolicyDocument"]),
            **given(wanted, "RoleName", "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"),
            **request.tag_argument(),
        )
        return Created(answer["Role"]["RoleName"], _attributes(answer["Role"]))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        # First: who may change only roles within this boundary can change this one then.
        if "PermissionsBoundary" in changed:
            _bound(clients, live.id, desired.get("PermissionsBoundary"))
        if "AssumeRolePolicyDocument" in changed:
            trust = document_text(desired["AssumeRolePolicyDocument"])
            clients.iam.update_assume_role_policy(RoleName=live.id, PolicyDocument=trust)
        if {"Description", "MaxSessionDuration"} & set(changed):
            clients.iam.update_role(
                RoleName=live.id,
                Description=desired.get("Description", ""),
                MaxSessionDuration=int(desired.get("MaxSessionDuration", 3600)),
            )

    def delete(self, clients: Clients, live: Live) -> None:
        """Its policies come off first, whoever put them on. Looks for those that weren't found before."""
        try:
            _take_off(clients, live.id, _texts(live, _INLINE), _texts(live, _ATTACHED))
            clients.iam.delete_role(RoleName=live.id)
        except clients.iam.exceptions.DeleteConflictException:
            _take_off(clients, live.id, _inline_names(clients, live.id), _attached_arns(clients, live.id))
            clients.iam.delete_role(RoleName=live.id)

    def with_contents(self, live: Live, found: Found) -> Live:
        """Its policies."""

        def of_it(type: str, name: str) -> list[Value]:
            return [
                each.properties[name] for each in found.lives.get(type, ()) if each.properties["RoleName"] == live.id
            ]

        inline, attached = of_it(RolePolicy.type, "PolicyName"), of_it(RolePolicyAttachment.type, "PolicyArn")
        return replace(live, attributes={**live.attributes, _INLINE: inline, _ATTACHED: attached})

    def tag(self, clients: Clients, live_id: str, set_tags: Mapping[str, str], remove: Sequence[str]) -> None:
        if set_tags:
            clients.iam.tag_role(RoleName=live_id, Tags=tag_list(set_tags))
        if remove:
            clients.iam.untag_role(RoleName=live_id, TagKeys=list(remove))

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_documents(properties, "AssumeRolePolicyDocument")

    def predict_created(self, properties: Mapping[str, Value], owner: Owner) -> Created | None:
        name = properties.get("RoleName")
        return Created(name, {"Arn": arn_of(owner, "role", properties, name)}) if isinstance(name, str) else None

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """Names differ also where only the case of letters does (CreateRole)."""
        name = properties.get("RoleName")
        return [("role", name.casefold())] if isinstance(name, str) else []

    def references(self, live: Live) -> Sequence[str]:
        boundary = live.properties.get("PermissionsBoundary")
        return [boundary] if isinstance(boundary, str) else []

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: value for name, value in resource.properties.items() if name not in _TAKEN_OUT}
        name, taken = Ref(resource.logical_id), set[str]()
        attached = listed(resource.properties.get("ManagedPolicyArns"))
        return [
            replace(resource, properties=own),
            *inline_policies(resource, name),
            *(attachment(resource, name, policy, taken) for policy in attached),
        ]


def _bound(clients: Clients, role: str, boundary: str | None) -> None:
    if boundary:
        clients.iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    else:
        clients.iam.delete_role_permissions_boundary(RoleName=role)


def _take_off(clients: Clients, role: str, inline: Sequence[str], attached: Sequence[str]) -> None:
    """One that is off already says so."""
    gone = clients.iam.exceptions.NoSuchEntityException
    for policy in inline:
        with suppress(gone):
            clients.iam.delete_role_policy(RoleName=role, PolicyName=policy)
    for arn in attached:
        with suppress(gone):
            clients.iam.detach_role_policy(RoleName=role, PolicyArn=arn)


def _texts(live: Live, name: str) -> list[str]:
    return [str(each) for each in listed(live.attributes.get(name))]


def _inline_names(clients: Clients, role: str) -> list[str]:
    pages = clients.iam.get_paginator("list_role_policies").paginate(RoleName=role)
    return [name for page in pages for name in page["PolicyNames"]]


def _attached_arns(clients: Clients, role: str) -> list[str]:
    pages = clients.iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]


def _attributes(role: Mapping[str, Any]) -> dict[str, Value]:
    return {"Arn": role["Arn"], "RoleId": role["RoleId"]}


def _live(role: Mapping[str, Any]) -> Live:
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    trust = role.get("AssumeRolePolicyDocument")
    return Live(
        type=ROLE,
        id=role["RoleName"],
        properties={
            **given(role, "RoleName", "Path", "Description", "MaxSessionDuration"),
            **({"AssumeRolePolicyDocument": document(trust)} if trust else {}),
            **({"PermissionsBoundary": boundary} if boundary else {}),
        },
        attributes=_attributes(role),
        tags=tags_of(role),
    )
