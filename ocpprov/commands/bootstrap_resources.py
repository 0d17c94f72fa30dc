"""What goes when the bootstrap is over: no cluster depends on it, so that an apply may take it away unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RESOURCE, claimed_by, identity_tags
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, of_bootstrap
from ocpprov.plan.model import Plan

_ROLE: Final = "AWS::IAM::Role"
_POLICY: Final = "Ocpprov::IAM::RolePolicy"


def bootstrap_only(plan: Plan, facts: Facts, inventory: Inventory, owner: Owner) -> frozenset[tuple[str, str]]:
    """Type and id of what the openshift section has made for the bootstrap machine alone. A role counts by a policy of
    the section's in it: one that the plan once had under `Resources` may have had the same logical id."""
    parts = of_bootstrap(plan, facts)
    return frozenset(
        (live.type, live.id)
        for live in inventory
        if claimed_by(live, owner)
        and (part := parts.get(identity_tags(live).get(RESOURCE, ""))) is not None
        and part.type == live.type
        and (live.type != _ROLE or set(_policies(part)) & _policies_in(live, inventory))
    )


def _policies(role: Resource) -> Iterator[str]:
    for part in KINDS[_ROLE].expand(role):
        if part.type == _POLICY:
            yield str(part.properties["PolicyName"])


def _policies_in(role: Live, inventory: Inventory) -> set[str]:
    found = (live for live in inventory.of(_POLICY) if live.properties.get("RoleName") == role.id)
    return {str(live.properties["PolicyName"]) for live in found}
