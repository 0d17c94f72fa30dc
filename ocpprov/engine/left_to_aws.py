"""What a plan leaves to AWS and somebody has set: nothing is changed about it, and it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ocpprov.engine.actions import Unmanaged
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.planning_context import PlanningContext
from ocpprov.engine.resources import Live


def set_by_others(context: PlanningContext) -> Iterator[Unmanaged]:
    """Of all that stays: where AWS's default is no longer there."""
    rows = _rows(context)
    asked = _asked(context)
    for logical_id, decision in context.decisions.items():
        if decision.live is not None:
            id, kind = decision.live.id, context.kinds[decision.resource.type]
            for text in kind.set_by_others(
                decision.live, decision.wanted, rows.get(id, {}), asked.get(id, frozenset())
            ):
                yield Unmanaged(logical_id, text)


def _rows(context: PlanningContext) -> Mapping[str, Mapping[str, list[Live]]]:
    """The rows of each live resource, whoever made them, by its id and their type."""
    found: dict[str, dict[str, list[Live]]] = {}
    for live in context.inventory:
        kind = context.kinds[live.type]
        parent = live.properties.get(kind.parent_property)
        if kind.identity is not Identity.TAGS and isinstance(parent, str):
            found.setdefault(parent, {}).setdefault(live.type, []).append(live)
    return found


def _asked(context: PlanningContext) -> Mapping[str, frozenset[str]]:
    """By the id of what they belong to, the types of which the plan has rows."""
    found: dict[str, set[str]] = {}
    for decision in context.decisions.values():
        parent = decision.wanted.get(context.kinds[decision.resource.type].parent_property)
        if isinstance(parent, str):
            found.setdefault(parent, set()).add(decision.resource.type)
    return {id: frozenset(types) for id, types in found.items()}
