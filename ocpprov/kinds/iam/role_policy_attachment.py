"""Ocpprov::IAM::RolePolicyAttachment: a managed policy on a role, which CloudFormation writes inside either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.ownership import remembered_as
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.iam.common import PATIENCE, names_of_ours
from ocpprov.kinds.iam.role_policy import ROLE
from ocpprov.kinds.inline_ids import free_id, words
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class RolePolicyAttachment(Kind):
    """A managed policy attached to a role. One that the plan had is detached again; those that others attach to a role
    of ours stay."""

    type = "Ocpprov::IAM::RolePolicyAttachment"
    noun = "attached policy"
    tells = ("PolicyArn",)
    service = "iam"
    properties = (
        Property("RoleName", "string", required=True, create_only=True, documentation="The role that has it."),
        Property("PolicyArn", "string", required=True, create_only=True, documentation="The managed policy."),
    )
    permissions = Permissions(
        read=("iam:ListAttachedRolePolicies",),
        create=("iam:AttachRolePolicy",),
        delete=("iam:DetachRolePolicy",),
    )
    exclusive_sort = "policies"
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "RoleName"
    delete_deadline = PATIENCE
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        roles = names_of_ours(found, ROLE)
        return [read("iam", "list_attached_role_policies", RoleName=role) for role in roles]

    def parse(self, pages: Pages) -> Sequence[Live]:
        lives: dict[str, Live] = {}
        for made, item in pages.with_read("iam", "list_attached_role_policies", "AttachedPolicies"):
            properties = {"RoleName": made.arguments()["RoleName"], "PolicyArn": item["PolicyArn"]}
            live = Live(type=self.type, id=_id(properties), properties=properties)
            lives[live.id] = live
        return list(lives.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Attaching what is attached changes nothing."""
        wanted = request.properties
        clients.iam.attach_role_policy(RoleName=wanted["RoleName"], PolicyArn=wanted["PolicyArn"])
        return Created(_id(wanted))

    def delete(self, clients: Clients, live: Live) -> None:
        names: Mapping[str, Any] = live.properties
        clients.iam.detach_role_policy(RoleName=names["RoleName"], PolicyArn=names["PolicyArn"])

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        role, policy = properties.get("RoleName"), properties.get("PolicyArn")
        return (role, policy) if isinstance(role, str) and isinstance(policy, str) else None

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["RoleName"]), str(live.properties["PolicyArn"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        policy = properties.get("PolicyArn")
        return remembered_as(f"attached {policy}") if isinstance(policy, str) else None


def attachment(whole: Resource, role: Value, policy: Value, taken: set[str]) -> Resource:
    """An attachment that the plan writes inside `whole`, as a resource of its own."""
    other = role if whole.type != ROLE else policy
    return Resource(
        logical_id=free_id(f"{whole.logical_id}/attached {words(other)}", taken),
        type=RolePolicyAttachment.type,
        properties={"RoleName": role, "PolicyArn": policy},
        deletion_policy=whole.deletion_policy,
        position=whole.position,
        parent=whole.logical_id,
    )


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['RoleName']}|{properties['PolicyArn']}"
