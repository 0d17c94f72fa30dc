"""What goes when the bootstrap is over: no cluster depends on it, so that an apply may take it away unasked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import CHILDREN, RESOURCE, claimed_by, decode_ledger, identity_tags
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, of_bootstrap
from ocpprov.plan.model import Plan

_ROLE: Final = "AWS::IAM::Role"
_POLICY: Final = "Ocpprov::IAM::RolePolicy"
_ATTACHMENT: Final = "Ocpprov::IAM::RolePolicyAttachment"


def bootstrap_only(plan: Plan, facts: Facts, inventory: Inventory, owner: Owner) -> frozenset[tuple[str, str]]:
    """Type and id of what the openshift section has made for the bootstrap machine alone. A role counts by a policy of
    the section's in it: one that the plan once had under `Resources` may have had the same logical id. Or it has none
    any more and remembers that one: a run that was killed has taken it."""
    parts = of_bootstrap(plan, facts)
    return frozenset(
        (live.type, live.id)
        for live in inventory
        if claimed_by(live, owner)
        and (part := parts.get(identity_tags(live).get(RESOURCE, ""))) is not None
        and part.type == live.type
        and (live.type != _ROLE or _is_sections(part, live, inventory))
    )


def _is_sections(part: Resource, role: Live, inventory: Inventory) -> bool:
    inside = _policies_in(role, inventory)
    if inside & set(_policies(part)):
        return True
    attached = any(live.properties.get("RoleName") == role.id for live in inventory.of(_ATTACHMENT))
    entries = {KINDS[_POLICY].ledger_entry({"RoleName": role.id, "PolicyName": name}) for name in _policies(part)}
    return not inside and not attached and bool(entries & decode_ledger(CHILDREN, role.tags))


def _policies(role: Resource) -> Iterator[str]:
    for part in KINDS[_ROLE].expand(role):
        if part.type == _POLICY:
            yield str(part.properties["PolicyName"])


def _policies_in(role: Live, inventory: Inventory) -> set[str]:
    found = (live for live in inventory.of(_POLICY) if live.properties.get("RoleName") == role.id)
    return {str(live.properties["PolicyName"]) for live in found}
