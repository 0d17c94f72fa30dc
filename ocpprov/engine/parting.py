"""A plan without some of its services: what is left out, and what the rest is given in its place."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value, references, substitute


@dataclass(frozen=True)
class LeftOut:
    """What a run neither looks at nor makes: the plan's resources by logical id, and all types of these services."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    types: frozenset[str] = frozenset()


NOTHING: Final = LeftOut()


@dataclass(frozen=True)
class Parted:
    """The resources of a plan by logical id: those that stay, without a reference to the others, and the others."""

    kept: Mapping[str, Resource]
    left: Mapping[str, Resource]


def part(
    resources: Mapping[str, Resource],
    is_left: Callable[[Resource], bool],
    foretold: Callable[[Resource], Mapping[Ref | GetAtt, Value]],
) -> Parted:
    """Take out the resources that are left out. `foretold` tells what references to one of them are going to give, as
    far as its name does.

    Raises ValueError where one that stays needs more of one that is left out than that.
    """
    left = {logical_id: resource for logical_id, resource in resources.items() if is_left(resource)}
    known = {reference: value for resource in left.values() for reference, value in foretold(resource).items()}
    kept = {
        logical_id: _without(resource, left, known)
        for logical_id, resource in resources.items()
        if logical_id not in left
    }
    return Parted(kept, {logical_id: _waiting_for(resource, left) for logical_id, resource in left.items()})


def _without(resource: Resource, left: Mapping[str, Resource], known: Mapping[Ref | GetAtt, Value]) -> Resource:
    properties = {name: substitute(value, known) for name, value in resource.properties.items()}
    for reference in references(properties):
        if reference.logical_id in left:
            attribute = f"the {reference.attribute} of " if isinstance(reference, GetAtt) else ""
            raise ValueError(
                f"{resource.logical_id} needs {attribute}{reference.logical_id}, which is left out and can't be known "
                f"before it is there: write it into the plan, or take {resource.logical_id} out"
            )
    kept = set(resource.depends_on) - left.keys()
    return _waiting_for(replace(resource, properties=properties), kept)


def _waiting_for(resource: Resource, present: Container[str]) -> Resource:
    return replace(resource, depends_on=tuple(each for each in resource.depends_on if each in present))
