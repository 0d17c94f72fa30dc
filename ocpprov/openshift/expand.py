"""The `openshift` section as AWS resources. Pure: what only AWS knows (zone names) comes in as `Facts`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocpprov.engine.resources import Resource
from ocpprov.openshift.dns import dns
from ocpprov.openshift.network import Zone, network
from ocpprov.openshift.outputs import outputs_of
from ocpprov.openshift.security import security
from ocpprov.plan.model import OpenShift, Output, Plan


@dataclass(frozen=True)
class Facts:
    """What AWS was asked before expanding: zone names by index, from 0. Empty where the plan names its zones."""

    zones: Mapping[int, str] = field(default_factory=dict)


def expand(plan: Plan, facts: Facts) -> Mapping[str, Resource]:
    """The resources of the openshift section by logical id, in the order in which people read a network; none without
    such a section.

    Without an infraID it is the network part only. Raises ValueError where `facts` lack a zone that the plan needs, or
    the machine network has no room for the subnets.
    """
    if plan.openshift is None:
        return {}
    position = plan.positions.get("openshift")
    resources = _resources(plan.openshift, plan.region, _zones(plan.openshift, facts))
    return {resource.logical_id: replace(resource, position=position) for resource in resources}


def zones_needed(plan: Plan) -> int:
    """How many zones must be looked up; 0 where the plan names them."""
    return _zones_to_look_up(plan.openshift) if plan.openshift else 0


def placeholder_facts(plan: Plan) -> Facts:
    """Facts for checks that don't ask AWS: the region with a letter, as most zones are called."""
    return _placeholders(plan.region, zones_needed(plan))


def logical_ids(section: OpenShift) -> Mapping[str, str]:
    """The logical ids that the section makes, each with its type. Raises ValueError as `expand` does."""
    zones = _zones(section, _placeholders("", _zones_to_look_up(section)))
    return {resource.logical_id: resource.type for resource in _resources(section, "", zones)}


def outputs(plan: Plan) -> Sequence[Output]:
    """The outputs of the openshift section; none for what the plan doesn't make."""
    return outputs_of(logical_ids(plan.openshift)) if plan.openshift else ()


def _resources(section: OpenShift, region: str, zones: Sequence[Zone]) -> Iterator[Resource]:
    yield from network(section, region, zones)
    if section.infra_id:
        yield from security(section)
        yield from dns(section, region)


def _zones(section: OpenShift, facts: Facts) -> list[Zone]:
    if not isinstance(section.zones, int):
        return [Zone(index, name) for index, name in enumerate(section.zones)]
    missing = [index for index in range(section.zones) if index not in facts.zones]
    if missing:
        raise ValueError(f"{section.zones} zones are asked for, but none is known for {missing}")
    return [Zone(index, facts.zones[index]) for index in range(section.zones)]


def _zones_to_look_up(section: OpenShift) -> int:
    return section.zones if isinstance(section.zones, int) else 0


def _placeholders(region: str, count: int) -> Facts:
    return Facts({index: f"{region}{letter}" for index, letter in enumerate("abc"[:count])})
