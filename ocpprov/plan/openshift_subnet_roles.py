"""What each of the existing subnets is for: the roles that install-config gives them since 4.19."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.problem import Problem
from ocpprov.plan.checking import Checker
from ocpprov.plan.model import OpenShift, OwnRoles
from ocpprov.plan.nodes import Node

CLUSTER_NODE: Final = "ClusterNode"
EDGE_NODE: Final = "EdgeNode"
BOOTSTRAP_NODE: Final = "BootstrapNode"
INGRESS: Final = "IngressControllerLB"
EXTERNAL_API: Final = "ControlPlaneExternalLB"
INTERNAL_API: Final = "ControlPlaneInternalLB"
_NEEDED: Final = (CLUSTER_NODE, BOOTSTRAP_NODE, INGRESS, INTERNAL_API)
_ROLES: Final = (*_NEEDED, EXTERNAL_API, EDGE_NODE)
_ROLE: Final = Property("type", "string", required=True, allowed=_ROLES)
_SUBNET: Final = (
    Property("id", "string", required=True),
    Property("roles", "list", items=Property("role", "object", properties=(_ROLE,))),
)


def subnet_ids(node: Node) -> Node:
    """The list with an id in the place of each `{id, roles}`."""
    items = node.items()
    return node if items is None else replace(node, value=[(item.mapping() or {}).get("id", item) for item in items])


def roles_of(node: Node | None, checker: Checker) -> Mapping[str, frozenset[str]]:
    """The roles by subnet, where any has one."""
    found: dict[str, frozenset[str]] = {}
    for number, item in enumerate((node.items() or ()) if node else ()):
        if item.mapping() is None:
            if isinstance(item.value, str):
                found[item.value] = frozenset()
            continue
        values = checker.members(item, _SUBNET, f"openshift.subnets[{number}]")
        roles = [each.get("type") for each in values.get("roles") or () if isinstance(each, Mapping)]
        if isinstance(id := values.get("id"), str):
            found[id] = frozenset(each for each in roles if isinstance(each, str))
    return found if any(found.values()) else {}


def with_role(section: OpenShift, role: str) -> Sequence[str]:
    """The ids of the subnets that have a role."""
    return [subnet for subnet in section.subnets if role in section.subnet_roles.get(subnet, ())]


def public_roles(section: OpenShift) -> Sequence[str]:
    """The roles of subnets with a route to an internet gateway; those of all others have none."""
    return (EXTERNAL_API, BOOTSTRAP_NODE, INGRESS) if section.publish == "External" else ()


def own_role_notes(section: OpenShift, own: Mapping[str, OwnRoles], public: Mapping[str, bool]) -> Iterator[str]:
    """A sentence for each subnet of the plan's own that an install-config has for what it can't be: the plan goes by
    what it is, and the installer refuses it. `public` says of each which side it is of."""
    for id, said in own.items():
        wrong = sorted(role for role in said.roles if id in public and public[id] != (role in public_roles(section)))
        if wrong:
            side = "public" if public[id] else "private"
            yield f"{said.place}: {id} is this plan's own and {side}: its role {', '.join(wrong)} is not honoured"


def role_problems(section: OpenShift) -> Iterator[Problem]:
    """What the installer refuses of roles (pkg/types/aws/validation): some without, one that nobody has, and two that
    don't go together."""
    if not section.subnet_roles:
        return
    for number, subnet in enumerate(section.subnets):
        roles, path = section.subnet_roles.get(subnet, frozenset()), f"subnets[{number}]"
        if not roles:
            yield Problem(path, f"{subnet} has no role, and others have", "give each of them roles, or none")
        if EDGE_NODE in roles and len(roles) > 1:
            yield Problem(path, f"{subnet} has the role {EDGE_NODE} and others", "in an edge zone it is the only one")
        if (public := roles & set(public_roles(section))) and (private := roles - public - {EDGE_NODE}):
            detail = f"{subnet} can't have the roles {', '.join(sorted(public))} and {', '.join(sorted(private))}"
            yield Problem(
                path, detail, "those are of a subnet with a route to an internet gateway, these of one without"
            )
        if EXTERNAL_API in roles and section.publish == "Internal":
            hint = "leave it out, or write publish: External"
            yield Problem(path, f"{subnet} has the role {EXTERNAL_API}, and publish is Internal", hint)
    needed = (*_NEEDED, EXTERNAL_API) if section.publish == "External" else _NEEDED
    missing = [role for role in needed if not with_role(section, role)]
    if missing:
        yield Problem("subnets", f"no subnet has the role {', '.join(missing)}", "each role needs one")
