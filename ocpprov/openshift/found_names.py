"""Where a cluster's names are looked up, and what they lead to, where no plan says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

from ocpprov.engine.resources import Live
from ocpprov.openshift.private_zones import PrivateZone, zone_for
from ocpprov.openshift.vpc_survey import DHCP_OPTIONS, RECORD, ZONE, VpcSurvey
from ocpprov.reachability.names import AMAZON, VpcNames
from ocpprov.reachability.names_from_resources import record_of
from ocpprov.reachability.zones import Zone


@dataclass(frozen=True)
class Lead:
    """What a record answers: the DNS name of a balancer or of whatever else, or `addresses`."""

    record: str
    target: str = ""
    addresses: Sequence[str] = ()


def private_zone(survey: VpcSurvey, domain: str) -> PrivateZone | None:
    """The one in which the VPC's machines look up the cluster's names; the nearest answers alone."""
    return zone_for(f"api-int.{domain}", survey.private_zones or ())


def public_zone(survey: VpcSurvey, domain: str) -> Live | None:
    """The account's nearest public zone for the cluster's names. Which of two of one name the world sees, its
    delegation decides."""
    held = [zone for zone in public_zones(survey) if f"api.{domain}".endswith(f".{zone.properties['Name']}")]
    return max(held, key=lambda zone: len(str(zone.properties["Name"])), default=None)


def public_zones(survey: VpcSurvey) -> Iterator[Live]:
    """Zones without a VPC."""
    yield from (zone for zone in survey.of(ZONE) if not zone.properties.get("VPCs"))


def lead_of(survey: VpcSurvey, zone_id: str, name: str) -> Lead | None:
    """What a zone answers for a name that has an address; None where it has no such record."""
    for each in survey.of(RECORD):
        known: Any = each.properties
        if known.get("HostedZoneId") == zone_id and known.get("Name") == name and known.get("Type") in ("A", "CNAME"):
            if alias := known.get("AliasTarget"):
                return Lead(each.id, str(alias["DNSName"]))
            values = [str(value) for value in known.get("ResourceRecords", ())]
            return Lead(each.id, values[0]) if known["Type"] == "CNAME" and values else Lead(each.id, "", values)
    return None


def target_in(survey: VpcSurvey, zone_id: str, name: str) -> str:
    """The DNS name that a record leads to; empty where there is none, or nobody may read it."""
    lead = lead_of(survey, zone_id, name) if zone_id else None
    return lead.target if lead else ""


def names_in(survey: VpcSurvey) -> VpcNames:
    """Who answers the VPC's machines."""
    known = survey.vpc.properties
    zones = survey.private_zones
    return VpcNames(
        survey.vpc.id,
        {word: bool(known[name]) for name, word in _ATTRIBUTES.items() if name in known},
        _name_servers(survey),
        None if zones is None else [zone_of(survey, zone.id, zone.name, zone.owner) for zone in zones],
        str(IPv4Network(str(known["CidrBlock"]))[2]),
    )


_ATTRIBUTES: Final = {"EnableDnsSupport": "enableDnsSupport", "EnableDnsHostnames": "enableDnsHostnames"}


def _name_servers(survey: VpcSurvey) -> Sequence[str] | None:
    """None where nobody may read the VPC's options; AWS's where it has none of its own."""
    if DHCP_OPTIONS in survey.unread:
        return None
    for options in survey.of(DHCP_OPTIONS):
        named: Any = options.properties.get("DomainNameServers", ())
        return list(map(str, named))
    return (AMAZON,)


def zone_of(survey: VpcSurvey, id: str, name: str, owner: str = "") -> Zone:
    """A zone with its records, None of them where nobody here may read it."""
    if owner or RECORD in survey.unread:
        return Zone(id, name, None, owner)
    own = [each for each in survey.of(RECORD) if each.properties.get("HostedZoneId") == id]
    return Zone(id, name, [record_of(each.properties) for each in own])
