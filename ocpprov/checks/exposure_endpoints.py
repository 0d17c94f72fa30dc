"""Policies of the plan's VPC endpoints that let everything through."""

from __future__ import annotations

from typing import Final

from ocpprov.checks.exposure import OTHERWISE, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_group_words import listed
from ocpprov.checks.exposure_policies import allows, statements, texts
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.policy_documents import document

ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_POLICY: Final = "PolicyDocument"


def exposed_endpoints(inventory: Inventory, whose: Belongings) -> Exposures:
    """AWS gives an endpoint a policy that allows all, and so does the documentation: only where the plan has another
    one is it an opening."""
    open_ones: list[Exposure] = []
    usual: list[str] = []
    for live in inventory.of(ENDPOINT):
        logical_id = whose.logical_id(ENDPOINT, live.id)
        if not logical_id or not lets_everything_through(live.properties.get(_POLICY)):
            continue
        wanted = whose.resources[logical_id].properties.get(_POLICY) if logical_id in whose.resources else None
        if wanted is None or lets_everything_through(document(wanted)):
            usual.append(f"{logical_id} ({live.id})")
        else:
            open_ones.append(_exposure(live, logical_id, whose))
    told = f"the policy of {listed(usual)} allows all that callers may do anyway: AWS's default" if usual else ""
    return Exposures(open_ones, [told] if told else [])


def lets_everything_through(policy: Value) -> bool:
    """Whether one statement allows everybody everything, and none denies anything."""
    found = statements(policy)
    return any(
        statement.get("Principal") in ("*", {"AWS": "*"})
        and texts(statement.get("Action")) == ["*"]
        and texts(statement.get("Resource")) == ["*"]
        and not statement.get("Condition")
        for statement in found
    ) and all(map(allows, found))


def _exposure(live: Live, logical_id: str, whose: Belongings) -> Exposure:
    service = str(live.properties.get("ServiceName", "the service"))
    return Exposure(
        live.id,
        logical_id,
        "every action on everything to everybody",
        f"{service}, in any account, to whoever gets to the endpoint",
        "",
        OTHERWISE,
        whose.apply,
    )
