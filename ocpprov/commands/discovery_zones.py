"""What AWS has of the private hosted zones that serve a VPC, whoever made them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands.not_understood import NOT_UNDERSTOOD
from ocpprov.kinds.reads import read
from ocpprov.kinds.route53.common import bare_id
from ocpprov.reachability.domains import holds
from ocpprov.reachability.names_from_resources import canonical, record_of
from ocpprov.reachability.zones import Record, Zone


def read_zones(
    vpc_id: str,
    region: str,
    account: str,
    hosts: Collection[str],
    known: Mapping[str, Sequence[Record]],
    reader: Reader,
) -> Sequence[Zone] | None:
    """Those that have one of the names, or may hide it; None where nobody lets us look, or the answer doesn't say of
    each zone which it is. `known` are records that were read already, by their zone's id: others cost a call for each
    zone. One that a service of AWS owns is left out: an endpoint's own names are in such a one."""
    asked = read("route53", "list_hosted_zones_by_vpc", VPCId=vpc_id, VPCRegion=region)
    answer = reader.attempt([asked])[asked]
    if isinstance(answer, AwsError):
        return None
    rows = [row for page in answer for row in page.get("HostedZoneSummaries", ())]
    if not all({"HostedZoneId", "Name"} <= row.keys() for row in rows):
        return None
    listed = [_zone(row, account) for row in rows if not row.get("Owner", {}).get("OwningService")]
    zones = [zone for zone in listed if any(holds(zone.name, host) for host in hosts)]
    records = {**known, **_records([zone for zone in zones if zone.id not in known and not zone.owner], reader)}
    return [Zone(zone.id, zone.name, records.get(zone.id), zone.owner) for zone in zones]


def _zone(row: Mapping[str, Any], account: str) -> Zone:
    """Zones of another account are its alone to read."""
    owner = str(row.get("Owner", {}).get("OwningAccount", ""))
    return Zone(bare_id(row["HostedZoneId"]), canonical(row["Name"]), None, "" if owner == account else owner)


def _records(zones: Sequence[Zone], reader: Reader) -> dict[str, Sequence[Record]]:
    asks = {zone.id: read("route53", "list_resource_record_sets", HostedZoneId=zone.id) for zone in zones}
    answers = reader.attempt(list(asks.values())) if asks else {}
    found = {id: _record_sets(answers[ask]) for id, ask in asks.items()}
    return {id: records for id, records in found.items() if records is not None}


def _record_sets(pages: Sequence[Mapping[str, Any]] | AwsError) -> Sequence[Record] | None:
    if isinstance(pages, AwsError):
        return None
    try:
        return [record_of(each) for page in pages for each in page.get("ResourceRecordSets", ())]
    except (AwsError, *NOT_UNDERSTOOD):
        return None
