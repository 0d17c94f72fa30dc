"""Whether the zones that a plan names are there, and as many as it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.checks.result import Check, failed, passed
from ocpprov.kinds.reads import Read, read
from ocpprov.plan.model import OpenShift, Plan

ALL_ZONES: Final[Read] = read("ec2", "describe_availability_zones")
"""Local zones are in the answer only where the account has opted in to them."""

_ORDINARY: Final = "availability-zone"


@dataclass(frozen=True)
class Zones:
    """What a region has: the state of each zone by its name, which are ordinary availability zones, and the types of
    the others (`local-zone`, `wavelength-zone`)."""

    states: Mapping[str, str]
    ordinary: Sequence[str]
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def available(self) -> list[str]:
        """The ordinary zones in which something can be made, by name."""
        return [zone for zone in self.ordinary if self.states[zone] == "available"]


def zones_of(pages: Sequence[Mapping[str, Any]]) -> Zones:
    """From the answer to ALL_ZONES."""
    found = [zone for page in pages for zone in page["AvailabilityZones"]]
    states = {zone["ZoneName"]: zone.get("State", "available") for zone in found}
    # Old regions of the secret partitions tell no type.
    types = {zone["ZoneName"]: zone.get("ZoneType", _ORDINARY) for zone in found}
    others = {zone: type for zone, type in types.items() if type != _ORDINARY}
    return Zones(states, sorted(set(types) - set(others)), others)


def chosen(section: OpenShift, zones: Zones) -> list[str]:
    """The zones of the plan's own subnets: those it names, or the first ones, as a first apply takes them."""
    if section.subnets:
        return []
    return zones.available[: section.zones] if isinstance(section.zones, int) else list(section.zones)


def check_zones(plan: Plan, zones: Zones) -> Iterator[Check]:
    """What is wrong with the zones, or a word that they are well."""
    section = plan.openshift
    wanted = list(section.zones) if section and not section.subnets and not isinstance(section.zones, int) else []
    edge = [zone for zone in wanted if zone in zones.others]
    given = (each.properties.get("AvailabilityZone") for each in plan.resources.values())
    wanted += [zone for zone in given if isinstance(zone, str)]
    there = f"{plan.region} has {', '.join(zones.available) or 'none that is available'}"
    wrong = bool(edge)
    for zone in edge:
        said = f"{zone} is a {zones.others[zone]}: neither the control plane nor its load balancers go there"
        yield failed("zones", said, f"name others: {there}")
    for zone in dict.fromkeys(wanted):
        state = zones.states.get(zone)
        if state in (None, "unavailable"):
            wrong = True
            said = f"{zone} is {state}" if state else f"there is no zone {zone} in {plan.region}"
            yield failed("zones", said, f"name others: {there}")
    if section and not section.subnets and isinstance(section.zones, int) and section.zones > len(zones.available):
        wrong = True
        detail = f"openshift.zones asks for {section.zones} zones, and {there}"
        yield failed("zones", detail, "ask for fewer, or use another region")
    if not wrong:
        yield passed("zones", there)
