"""A plan without some of its services: what is left out, and what the rest is given in its place."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.engine.kind_facts import KindFacts
from ocpprov.engine.ownership import with_certain_name
from ocpprov.engine.resources import Owner, Resource
from ocpprov.engine.values import GetAtt, Ref, Value, references, substitute


@dataclass(frozen=True)
class Excluded:
    """What a run neither looks at nor makes: the plan's resources by logical id, and all types of these services."""

    resources: Mapping[str, Resource] = field(default_factory=dict)
    types: frozenset[str] = frozenset()


NOTHING: Final = Excluded()


@dataclass(frozen=True)
class Split:
    """The resources of a plan by logical id: those that stay, without a reference to the others, and the others."""

    kept: Mapping[str, Resource]
    left: Mapping[str, Resource]


def split(
    resources: Mapping[str, Resource], kinds: Mapping[str, KindFacts], services: Container[str], owner: Owner
) -> Split:
    """Take out the resources of these services. What references to one of them are going to give is put in as far as
    its name tells.

    Raises ValueError where one that stays needs more of one that is left out than that.
    """
    left = {name: resource for name, resource in resources.items() if kinds[resource.type].service in services}
    known: dict[Ref | GetAtt, Value] = {}
    for resource in left.values():
        known.update(predicted(resource, kinds[resource.type], owner))
    kept = {name: _without(resource, left, known) for name, resource in resources.items() if name not in left}
    return Split(kept, {name: _waiting_for(resource, left) for name, resource in left.items()})


def predicted(resource: Resource, kind: KindFacts, owner: Owner) -> Mapping[Ref | GetAtt, Value]:
    """What references to something that isn't there yet are going to give, as far as its name tells."""
    name = resource.logical_id
    created = kind.predict_created(with_certain_name(kind, owner, name, kind.normalise(resource.properties)), owner)
    if created is None:
        return {}
    attributes: dict[Ref | GetAtt, Value] = {
        GetAtt(name, attribute): value for attribute, value in created.attributes.items()
    }
    return {Ref(name): created.ref or created.id, **attributes}


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
