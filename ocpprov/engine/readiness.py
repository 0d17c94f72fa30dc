"""What has to be ready, and not only there, before something else is sent to AWS."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ocpprov.engine.kind_facts import KindFacts, ReadyFor
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import references

Demand: TypeAlias = Callable[[KindFacts, str, Resource], bool]
"""Whether something of a kind, with a logical id, has to be ready before this resource, which needs it, is sent."""


def demanded_by_aws(kind: KindFacts, needed: str, resource: Resource) -> bool:
    """Where AWS refuses it otherwise, as the kind says. Anything else has only to exist."""
    return any(_concerns(each, needed, resource) for each in kind.ready_for)


def _concerns(demand: ReadyFor, needed: str, resource: Resource) -> bool:
    if demand.type != resource.type:
        return False
    if not demand.through:
        return True
    return any(each.logical_id == needed for each in references(resource.properties.get(demand.through)))
