"""Public zones, of which ListHostedZones and the zone's own records say all that GetHostedZone does.

That has VPCs, which a public zone has none of, and the four name servers that Route 53 gave it. These are the zone's NS
record, and the first of its SOA record is one of them (Developer Guide, "NS and SOA records that Route 53 creates for a
public hosted zone"). Who writes others there, as for name servers under a name of one's own, doesn't write both
alike: then the zone is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ocpprov.kinds.reads import Bulk, Found, Pages, Read, read
from ocpprov.kinds.route53.common import bare_id, canonical_name

LIST_ZONES: Final = read("route53", "list_hosted_zones")
_SERVERS: Final = 4
_OF_ROUTE53: Final = ".awsdns-"


class PublicZones(Bulk):
    """GetHostedZone of those whose records are read anyhow. It waits for them, a round."""

    def later(self, wanted: Sequence[Read], answers: Pages, found: Found) -> Sequence[Read]:
        listed = _listed(answers)
        is_known = LIST_ZONES in answers.answers
        return [
            one
            for one in wanted
            if _asks_for_zone(one)
            and _records_of(one) in wanted
            and (_is_public(listed.get(one.arguments()["Id"])) or (not is_known and LIST_ZONES in wanted))
        ]

    def told(self, wanted: Sequence[Read], answers: Pages) -> Mapping[Read, Sequence[Mapping[str, Any]]]:
        listed = _listed(answers)
        found: dict[Read, Sequence[Mapping[str, Any]]] = {}
        for one in wanted:
            zone = listed.get(one.arguments()["Id"]) if _asks_for_zone(one) else None
            if zone is not None and _is_public(zone):
                servers = _name_servers(canonical_name(zone["Name"]), answers.answers.get(_records_of(one), ()))
                if servers:
                    found[one] = [{"HostedZone": zone, "DelegationSet": {"NameServers": servers}}]
        return found


def _asks_for_zone(one: Read) -> bool:
    return (one.service, one.operation) == ("route53", "get_hosted_zone")


def _records_of(one: Read) -> Read:
    return read("route53", "list_resource_record_sets", HostedZoneId=one.arguments()["Id"])


def _listed(answers: Pages) -> Mapping[str, Mapping[str, Any]]:
    zones = answers.items("route53", LIST_ZONES.operation, "HostedZones")
    return {bare_id(str(zone.get("Id", ""))): zone for zone in zones}


def _is_public(zone: Mapping[str, Any] | None) -> bool:
    """Whether the list says that it is; nothing is taken for granted."""
    return zone is not None and "Name" in zone and zone.get("Config", {}).get("PrivateZone") is False


def _name_servers(name: str, pages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Those that Route 53 gave the zone; none where its records don't say it without doubt."""
    records = [each for page in pages for each in page.get("ResourceRecordSets", ())]
    apex = [each for each in records if canonical_name(str(each.get("Name", ""))) == name]
    servers = [_host(value) for value in _values(apex, "NS")]
    first = [_host(value) for value in _values(apex, "SOA")]
    are_given = len(servers) == _SERVERS and all(_OF_ROUTE53 in server for server in servers)
    return servers if are_given and len(first) == 1 and first[0] in servers else []


def _values(records: Sequence[Mapping[str, Any]], type: str) -> list[str]:
    found = [each for each in records if each.get("Type") == type]
    return [str(value.get("Value", "")) for each in found for value in each.get("ResourceRecords", ())]


def _host(value: str) -> str:
    """The first word of a record's value, a name without the dot at its end."""
    return value.partition(" ")[0].removesuffix(".")
