"""Dependency cycles of resources, each at the reference that closes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from ocpprov.engine.resources import Position
from ocpprov.engine.values import references
from ocpprov.plan.intrinsics.evaluator import Reference
from ocpprov.plan.problems import PlanError
from ocpprov.plan.template import Template


def cycles(template: Template, found: Sequence[Reference]) -> Iterator[PlanError]:
    """One error for each cycle of resources, at the first of it in the file; `found` are the references' places."""
    needs = _needs(template)
    while cycle := _cycle(needs):
        first = min(range(len(cycle)), key=lambda index: _order(template, cycle[index]))
        path = [*cycle[first:], *cycle[:first]]
        needed = path[1] if len(path) > 1 else path[0]
        shown = " -> ".join([*path, path[0]])
        place = _place(template, found, path[0], needed)
        own = template.paths[path[0]]
        yield PlanError(place, own, f"dependency cycle: {shown}", "remove one of the references")
        needs[path[0]].remove(needed)


def _needs(template: Template) -> dict[str, list[str]]:
    known = template.resources
    return {
        name: sorted(
            {
                *(reference.logical_id for reference in references(resource.properties)),
                *resource.depends_on,
            }
            & set(known)
        )
        for name, resource in known.items()
    }


def _cycle(needs: dict[str, list[str]]) -> list[str]:
    """A cycle of names, each needing the next; empty when there is none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: list[str] = list(reversed(error.args[1]))
        return cycle[:-1]
    return []


def _order(template: Template, name: str) -> tuple[int, int]:
    place = template.positions[template.paths[name]]
    return place.line, place.column


def _place(template: Template, found: Sequence[Reference], name: str, needed: str) -> Position:
    path = template.paths[name]
    for reference in found:
        if reference.to.logical_id == needed and reference.path.startswith(f"{path}."):
            return reference.position
    return template.positions.get(f"{path}.DependsOn.{needed}", template.positions[path])
