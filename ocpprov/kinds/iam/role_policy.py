"""Ocpprov::IAM::RolePolicy: one inline policy of a role, which CloudFormation writes inside a role or a policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.ownership import remembered_as
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.iam.common import NAME_LIMIT, NAME_PATTERN, PATIENCE, names_of_ours
from ocpprov.kinds.inline_ids import free_id, words
from ocpprov.kinds.policy_documents import document, document_text, with_documents
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

ROLE: Final = "AWS::IAM::Role"
POLICY: Final = (
    Property(
        "PolicyName",
        "string",
        required=True,
        create_only=True,
        pattern=NAME_PATTERN,
        longest=NAME_LIMIT,
        documentation="The policy's name on the role.",
    ),
    Property("PolicyDocument", "json", required=True, documentation="Who may do what."),
)


class RolePolicy(Kind):
    """An inline policy. One that the plan had goes again; those that others put on a role of ours stay."""

    type = "Ocpprov::IAM::RolePolicy"
    noun = "policy"
    tells = ("PolicyName",)
    service = "iam"
    properties = (
        Property("RoleName", "string", required=True, create_only=True, documentation="The role that has it."),
        *POLICY,
    )
    permissions = Permissions(
        read=("iam:ListRolePolicies", "iam:GetRolePolicy"),
        create=("iam:PutRolePolicy",),
        update=("iam:PutRolePolicy",),
        delete=("iam:DeleteRolePolicy",),
    )
    exclusive_sort = "policies"
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "RoleName"
    delete_deadline = PATIENCE
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        """The names of each role's policies, then each policy."""
        roles = names_of_ours(found, ROLE)
        named = [live.properties for live in found.lives.get(self.type, ())]
        return [
            *(read("iam", "list_role_policies", RoleName=role) for role in roles),
            *(
                read("iam", "get_role_policy", RoleName=each["RoleName"], PolicyName=each["PolicyName"])
                for each in named
            ),
        ]

    def by_id(self, id: str) -> Read | None:
        role, _, policy = id.partition("|")
        return read("iam", "get_role_policy", RoleName=role, PolicyName=policy)

    def parse(self, pages: Pages) -> Sequence[Live]:
        lives: dict[str, Live] = {}
        for made, page in pages.documents("iam", "list_role_policies"):
            for name in page["PolicyNames"]:
                live = _live({"RoleName": made.arguments()["RoleName"], "PolicyName": name})
                lives[live.id] = live
        for _, page in pages.documents("iam", "get_role_policy"):
            wanted = {name: page[name] for name in ("RoleName", "PolicyName")}
            live = _live({**wanted, "PolicyDocument": document(page["PolicyDocument"])})
            lives[live.id] = live
        return list(lives.values())

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Putting one that is there overwrites it, so sending it again changes nothing."""
        _put(clients, request.properties)
        return Created(_id(request.properties))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        _put(clients, desired)

    def delete(self, clients: Clients, live: Live) -> None:
        names: Mapping[str, Any] = live.properties
        clients.iam.delete_role_policy(RoleName=names["RoleName"], PolicyName=names["PolicyName"])

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_documents(properties, "PolicyDocument")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        role, name = properties.get("RoleName"), properties.get("PolicyName")
        return (role, name) if isinstance(role, str) and isinstance(name, str) else None

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["RoleName"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        name = properties.get("PolicyName")
        return remembered_as(f"policy {name}") if isinstance(name, str) else None


def role_policy(whole: Resource, role: Value, policy: Mapping[str, Value], taken: set[str]) -> Resource:
    """A policy that the plan writes inside `whole`, as a resource of its own on a role."""
    label = f"{whole.logical_id}/policy {words(policy.get('PolicyName'))}"
    return Resource(
        logical_id=free_id(label, taken),
        type=RolePolicy.type,
        properties={"RoleName": role, **policy},
        deletion_policy=whole.deletion_policy,
        position=whole.position,
        parent=whole.logical_id,
    )


def inline_policies(role: Resource, name: Value) -> Iterator[Resource]:
    """Those in a role's `Policies`."""
    taken: set[str] = set()
    policies = role.properties.get("Policies")
    for policy in policies if isinstance(policies, Sequence) and not isinstance(policies, str) else ():
        if isinstance(policy, Mapping):
            yield role_policy(role, name, policy, taken)


def _put(clients: Clients, properties: Mapping[str, Any]) -> None:
    clients.iam.put_role_policy(
        RoleName=properties["RoleName"],
        PolicyName=properties["PolicyName"],
        PolicyDocument=document_text(properties["PolicyDocument"]),
    )


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['RoleName']}|{properties['PolicyName']}"


def _live(properties: Mapping[str, Value]) -> Live:
    return Live(type=RolePolicy.type, id=_id(properties), properties=properties)
