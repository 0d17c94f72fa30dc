"""AWS::IAM::Policy: an inline policy on one or more roles, written as one resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ocpprov.engine.kind_facts import Identity, Property
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.kinds.contract import CreateRequest, Kind
from ocpprov.kinds.iam.common import ROLES, listed
from ocpprov.kinds.iam.role_policy import POLICY, RolePolicy, role_policy
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class Policy(Kind):
    """AWS keeps no such thing: it is taken apart into one inline policy for each role. Users and groups, which
    OpenShift doesn't need here, aren't taken."""

    type = "AWS::IAM::Policy"
    noun = "policy"
    tells = ("PolicyName",)
    service = "iam"
    properties = (
        *POLICY,
        Property("Roles", "list", required=True, items=ROLES, documentation="The roles that get it."),
    )
    permissions = RolePolicy.permissions
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "Roles"

    def reads(self, found: Found) -> Sequence[Read]:
        return ()

    def parse(self, pages: Pages) -> Sequence[Live]:
        return ()

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        raise NotImplementedError(f"{request.logical_id}: a {self.type} is made on its roles")

    def delete(self, clients: Clients, live: Live) -> None:
        raise NotImplementedError(f"{live.id}: a {self.type} is deleted on its roles")

    def expand(self, resource: Resource) -> Sequence[Resource]:
        own = {name: resource.properties.get(name) for name in ("PolicyName", "PolicyDocument")}
        taken: set[str] = set()
        return [role_policy(resource, role, own, taken) for role in listed(resource.properties.get("Roles"))]
