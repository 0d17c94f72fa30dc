"""Ids of subnets and zones in an install-config.yaml: the plan's own, or of what is there already."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.plan.install_config_keys import items_at, node_at
from ocpprov.plan.model import OwnRoles
from ocpprov.plan.nodes import Node
from ocpprov.plan.openshift_table import ZONE_ID
from ocpprov.plan.problems import PlanError
from ocpprov.plan.taken_from_install_config import SUBNETS, ZONE, ZONE_ROLE, Place, Taken

_ID: Final = re.compile(rf"subnet-[0-9a-f]+|{ZONE_ID}")
OF_IDS: Final = (SUBNETS, ZONE)
"""The places in a plan where they stand."""


def _ids(node: Node | None) -> Sequence[Node]:
    """The nodes of the ids in a list, or of a single one."""
    if node is None:
        return ()
    items = node.items()
    return (node,) if items is None else [(item.mapping() or {}).get("id", item) for item in items]


def has_roles(node: Node) -> bool:
    """Whether a list of subnets says what they are for."""
    return any(item.mapping() is not None for item in node.items() or ())


def ids_in(node: Node | None) -> Iterator[str]:
    """What of them can be an id of AWS: `create` isn't one."""
    for one in _ids(node):
        if isinstance(one.value, str) and _ID.fullmatch(one.value):
            yield one.value


def another_accounts(root: Node, found: Mapping[Place, Taken]) -> frozenset[str]:
    """The id of the zone in the file, where it comes with a role: it is another account's."""
    has_role = ZONE_ROLE in found or node_at(root, *ZONE_ROLE) is not None
    return frozenset(ids_in(found[ZONE].value)) if has_role and ZONE in found else frozenset()


def not_ours(value: Node, ours: frozenset[str], path: str, errors: list[PlanError]) -> Node | None:
    """The ids if they name what is there already, None where they are the plan's own. Both at once is an error."""
    own = [one for one in _ids(value) if isinstance(one.value, str) and one.value in ours]
    others = [one for one in _ids(value) if one not in own]
    if own and others:
        stranger = others[0].value if isinstance(others[0].value, str) else others[0].what()
        message = f"{stranger} is not this plan's own, and {own[0].value} in {own[0].position} is"
        errors.append(PlanError(others[0].position, path, message, "name subnets of one network"))
    return None if own else value


def roles_of_own(value: Node) -> dict[str, OwnRoles]:
    """What an install-config says that the plan's own subnets are for, by id: those of which it says it."""
    found: dict[str, OwnRoles] = {}
    for item in value.items() or ():
        id = (item.mapping() or {}).get("id")
        kinds = [(role.mapping() or {}).get("type") for role in items_at(item, "roles")]
        roles = frozenset(kind.value for kind in kinds if kind is not None and isinstance(kind.value, str))
        if id is not None and isinstance(id.value, str) and roles:
            found[id.value] = OwnRoles(str(item.position), roles)
    return found


def own_in_the_plan(root: Node, ours: frozenset[str]) -> Iterator[PlanError]:
    """An error for each of the plan's own ids in the plan itself, which names what is there already."""
    for place in OF_IDS:
        for one in _ids(node_at(root, *place)):
            if isinstance(one.value, str) and one.value in ours:
                path = ".".join(place)
                message = f"{one.value} is this plan's own, and {place[-1]} names what is there already"
                yield PlanError(one.position, path, message, f"leave {place[-1]} out of the plan")
