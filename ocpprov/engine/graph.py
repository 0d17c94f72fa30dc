"""The graph of a plan: which resource needs which, with cycles named before anything starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError as GraphlibCycleError
from graphlib import TopologicalSorter

from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import references


class CycleError(Exception):
    """Resources that need each other. `path` begins and ends with the same logical id."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__(" needs ".join(path))
        self.path = path


@dataclass(frozen=True)
class Graph:
    """Resources by logical id, in an order in which each comes after what it refers to or says that it depends on;
    `needs` are the direct ones, and what AWS wants there first besides."""

    resources: Mapping[str, Resource]
    needs: Mapping[str, frozenset[str]]

    def dependents(self, logical_id: str) -> Sequence[str]:
        """Who needs this one directly."""
        return self._dependents.get(logical_id, ())

    @cached_property
    def _dependents(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for dependent, needed in self.needs.items():
            for each in needed:
                found.setdefault(each, []).append(dependent)
        return found


def build(resources: Mapping[str, Resource], kinds: Mapping[str, KindFacts]) -> Graph:
    """The graph of the resources, after each kind has taken out what AWS keeps as resources of their own.

    Raises CycleError.
    """
    expanded, members = _expand(resources.values(), kinds)
    needs = {resource.logical_id: _needs(resource, expanded, members) for resource in expanded.values()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except GraphlibCycleError as error:
        raise CycleError(tuple(reversed(error.args[1]))) from None
    return Graph({logical_id: expanded[logical_id] for logical_id in order}, _with_implied(needs, expanded, kinds))


def _with_implied(
    needs: Mapping[str, frozenset[str]], resources: Mapping[str, Resource], kinds: Mapping[str, KindFacts]
) -> Mapping[str, frozenset[str]]:
    """The needs, and what AWS wants there first besides, unless the plan has it the other way round."""
    found = dict(needs)
    for resource in resources.values():
        for needed in kinds[resource.type].implied_needs(resource, resources):
            if needed in resources and not _leads_to(resource.logical_id, needed, found):
                found[resource.logical_id] |= {needed}
    return found


def _leads_to(target: str, start: str, needs: Mapping[str, frozenset[str]]) -> bool:
    """Whether the start is the target, or needs it, directly or not."""
    left, seen = [start], {start}
    while left:
        for needed in needs[left.pop()] - seen:
            seen.add(needed)
            left.append(needed)
    return target in seen


def _expand(
    resources: Iterable[Resource], kinds: Mapping[str, KindFacts]
) -> tuple[dict[str, Resource], dict[str, tuple[str, ...]]]:
    expanded: dict[str, Resource] = {}
    members: dict[str, tuple[str, ...]] = {}
    for resource in resources:
        parts = tuple(_inherit(part, resource) for part in kinds[resource.type].expand(resource))
        members[resource.logical_id] = tuple(part.logical_id for part in parts)
        expanded.update((part.logical_id, part) for part in parts)
    return expanded, members


def _inherit(part: Resource, whole: Resource) -> Resource:
    if part.logical_id == whole.logical_id:
        return part
    return replace(
        part,
        depends_on=whole.depends_on,
        deletion_policy=whole.deletion_policy,
        position=part.position or whole.position,
        parent=whole.logical_id,
    )


def _needs(
    resource: Resource, expanded: Mapping[str, Resource], members: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    by_reference = {reference.logical_id for reference in references(resource.properties)}
    named = by_reference | {member for needed in resource.depends_on for member in members[needed]}
    return frozenset(needed for needed in named if needed in expanded)
