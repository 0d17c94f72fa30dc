"""Public zones of a name that has one already: a second one answers nobody until the domain above leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ocpprov.engine.printable import printable
from ocpprov.engine.resources import Position, Resource
from ocpprov.kinds.route53.common import ZONE, canonical_name
from ocpprov.openshift.dns import PUBLIC_ZONE


def made_public_zones(resources: Iterable[Resource]) -> Sequence[tuple[Resource, str]]:
    """The public zones that a plan makes, each with its name."""
    zones = (each for each in resources if each.type == ZONE and not each.properties.get("VPCs"))
    return [(each, name) for each in zones if isinstance(name := each.properties.get("Name"), str)]


def public_zone_twins(
    made: Iterable[tuple[Resource, str]], others: Mapping[str, str], positions: Mapping[str, Position]
) -> Iterator[str]:
    """A sentence for each zone that the plan is about to make and of whose name there is one, with its place. `others`
    are the names of the account's public zones, by id."""
    for resource, name in made:
        twins = sorted(id for id, other in others.items() if canonical_name(other) == canonical_name(name))
        if twins:
            own = resource.logical_id == PUBLIC_ZONE
            place = positions.get("openshift.publicZone") if own else resource.position
            helps = "publicZone: auto, or its id, uses it" if own else "refer to it by its id"
            yield (
                f"{place or resource.logical_id}: there is a public zone {name} already: "
                f"{', '.join(map(printable, twins))}; a second one is asked only if the domain above leads to it; "
                f"{helps}"
            )
