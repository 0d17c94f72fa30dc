"""Names looked up label by label, by plain iteration over zones and records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.reachability.zones import Record, Zone


def labels(name: str) -> list[str]:
    return list(reversed(name.split(".")))


def is_below(host: str, domain: str) -> bool:
    return labels(host)[: len(labels(domain))] == labels(domain)


def zone_of(zones: Sequence[Zone], host: str) -> Zone | None:
    found = None
    for zone in zones:
        if is_below(host, zone.name) and (found is None or len(labels(zone.name)) > len(labels(found.name))):
            found = zone
    return found


def records_of(zone: Zone, host: str) -> list[Record]:
    best: list[Record] = []
    depth = -1
    for record in zone.records or ():
        if record.name == host:
            reached = 100
        elif record.name.startswith("*.") and is_below(host, record.name[2:]) and host != record.name[2:]:
            reached = len(labels(record.name[2:]))
        else:
            continue
        if reached > depth:
            best, depth = [], reached
        if reached == depth:
            best.append(record)
    return best


def outcomes(zones: Sequence[Zone], host: str, wanted: str, left: int = 8) -> Iterator[str]:
    """What each answer to a name is: right, wrong, or open."""
    zone = zone_of(zones, host)
    if zone is None:
        yield "wrong"
        return
    if zone.records is None:
        yield "open"
        return
    answers = [record for record in records_of(zone, host) if record.type in ("A", "CNAME")]
    if not answers:
        yield "wrong"
    for record in answers:
        yield "right" if not record.addresses and not record.targets else "open" if record.addresses else "right"
        for target in record.targets:
            if target.name == wanted:
                yield "right"
            elif target.final:
                yield "wrong"
            elif left and zone_of(zones, target.name):
                yield from outcomes(zones, target.name, wanted, left - 1)
            else:
                yield "open"
