"""Which zone answers a name in a VPC or outside of it, and to what the answer leads.

Sources: Route 53 developer guide, "Considerations when working with a private hosted zone"; VPC user guide, "DNS
attributes for your VPC"; PrivateLink guide, "Manage DNS names".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.reachability.domains import holds, nearest
from ocpprov.reachability.explanation_codes import OwnCode
from ocpprov.reachability.spans import EVERYWHERE, Share, Span
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict, together
from ocpprov.reachability.zones import Record, Zone

AMAZON: Final = "AmazonProvidedDNS"
_RESOLVER: Final = "169.254.169.253"
_ADDRESS_TYPES: Final = ("A", "CNAME")
_LONGEST_CHAIN: Final = 8
_SUPPORT: Final = "enableDnsSupport"
_OF_PRIVATE_NAMES: Final = (_SUPPORT, "enableDnsHostnames")
"""What private zones and the own names of endpoints take."""


@dataclass(frozen=True)
class VpcNames:
    """What a VPC's machines are told. `attributes` are those of its DNS that are known, `name_servers` None where they
    aren't; `zones` are the private ones that serve it, None where they couldn't be read; `endpoints` those that answer
    the services' own names, by name."""

    vpc: str
    attributes: Mapping[str, bool] = field(default_factory=dict)
    name_servers: Sequence[str] | None = (AMAZON,)
    zones: Sequence[Zone] | None = ()
    resolver: str = _RESOLVER
    endpoints: Mapping[str, str] = field(default_factory=dict)

    def other_servers(self) -> Sequence[str]:
        """Those that aren't AWS's resolver, which has the third address of the VPC's first block, too."""
        own = {AMAZON, _RESOLVER, self.resolver}
        return [each for each in self.name_servers or () if each not in own]


def asked_zones(names: VpcNames) -> Sequence[Zone]:
    """The private zones whose records a VPC's machines get; none where they ask others, and where nobody knows."""
    return () if names.other_servers() or names.name_servers is None else names.zones or ()


def in_vpc(names: VpcNames, host: str, wanted: Collection[str]) -> Verdict:
    """Whether a name leads a VPC's machines to one of the names that are wanted, by a private zone."""
    if (closed := _resolver(names, host)) is not ARRIVES:
        return closed
    return _private(names, host, host, wanted, _LONGEST_CHAIN)


def service_in_vpc(names: VpcNames, host: str) -> Verdict:
    """Whether the own name of a service leads a VPC's machines to an endpoint. Where a private zone answers it, what
    that leads to is as far as anybody sees."""
    if (closed := _resolver(names, host)) is not ARRIVES or host in names.endpoints:
        return closed
    if names.zones is None:
        return _unread(names)
    zone = nearest(host, names.zones)
    if zone is None:
        return _stopped(OwnCode.DNS_NO_ENDPOINT, names.vpc, host)
    return _by_zone(zone, host)


def unhidden_in_vpc(names: VpcNames, host: str) -> Verdict:
    """Whether the own name of a service leads a VPC's machines anywhere: that of one that is reached by its public
    addresses, unless a private zone hides it."""
    if (closed := _resolver(names, host, (_SUPPORT,))) is not ARRIVES:
        return closed
    if names.zones is None:
        return _unread(names)
    zone = nearest(host, names.zones)
    return ARRIVES if zone is None or host in names.endpoints else _by_zone(zone, host)


def outside(zone: Zone, host: str, wanted: Collection[str]) -> Verdict:
    """Whether a name leads the world to one of the names that are wanted, by a public zone. Whether the world is led to
    the zone isn't seen from here."""
    if zone.records is None:
        return Verdict(unread=(Unread(f"records of {zone}"),))
    parents = [
        name for name in _between(zone.name, host) if any(r.name == name and r.type == "NS" for r in zone.records)
    ]
    if parents:
        return _undecided(zone, f"its NS record {parents[0]} hands {host} to other servers, and nobody asks those")
    return _led(zone, host, zone.of(host), wanted, None, _LONGEST_CHAIN)


def _resolver(names: VpcNames, host: str, needed: Sequence[str] = _OF_PRIVATE_NAMES) -> Verdict:
    """Whether AWS's resolver answers a VPC's machines; `needed` are the attributes that this takes."""
    off = [name for name in needed if names.attributes.get(name) is False]
    if off:
        return _stopped(OwnCode.DNS_ATTRIBUTE, names.vpc, host, off[0])
    missing = [name for name in needed if name not in names.attributes]
    if missing:
        return Verdict(unread=(Unread(f"{missing[0]} of {names.vpc}"),))
    if names.name_servers is None:
        return Verdict(unread=(Unread(f"DHCP options of {names.vpc}"),))
    if not names.name_servers:
        return _stopped(OwnCode.DNS_NO_SERVER, names.vpc, host)
    if others := names.other_servers():
        undecided = f"its machines ask {', '.join(others)} for {host}, and nobody knows what those answer"
        return Verdict(unread=(Unread(names.vpc, undecided=undecided),))
    return ARRIVES


def _private(names: VpcNames, host: str, asked: str, wanted: Collection[str], left: int) -> Verdict:
    if names.zones is None:
        return _unread(names)
    zone = nearest(asked, names.zones)
    if zone is None:
        return _stopped(OwnCode.DNS_NO_ZONE, names.vpc, host)
    if zone.records is None:
        return _closed(zone, host)
    return _led(zone, host, zone.of(asked), wanted, names, left)


def _led(
    zone: Zone, host: str, records: Sequence[Record], wanted: Collection[str], names: VpcNames | None, left: int
) -> Verdict:
    """All that a name's record sets lead to: with several, any of them may be the answer."""
    found = [record for record in records if record.type in _ADDRESS_TYPES]
    if not found:
        return _stopped(OwnCode.DNS_NO_RECORD, str(zone), host, wanted=", ".join(sorted(wanted)))
    return together(_target(zone, host, record, wanted, names, left) for record in found)


def _target(
    zone: Zone, host: str, record: Record, wanted: Collection[str], names: VpcNames | None, left: int
) -> Verdict:
    leads = f"its record {record.name} leads {host} to"
    verdicts = [_undecided(zone, f"{leads} {address}, which may be anybody's") for address in record.addresses]
    for target in record.targets:
        if target.name in wanted:
            continue
        if target.final:
            told = ", ".join(sorted(wanted))
            verdicts.append(_stopped(OwnCode.DNS_OTHER_TARGET, str(zone), host, target.name, told))
        elif left and names and nearest(target.name, names.zones or ()):
            # The resolver begins anew: a zone that is nearer than this one answers.
            verdicts.append(_private(names, host, target.name, wanted, left - 1))
        elif left and holds(zone.name, target.name):
            verdicts.append(_led(zone, host, zone.of(target.name), wanted, names, left - 1))
        else:
            verdicts.append(_undecided(zone, f"{leads} {target.name}, and nobody knows where that leads"))
    return together(verdicts)


def _by_zone(zone: Zone, host: str) -> Verdict:
    """Some services, such as registries and buckets, are asked by names below their own."""
    if zone.records is None:
        return _closed(zone, host)
    found = [record for record in zone.of(host) or zone.of(f"*.{host}") if record.type in _ADDRESS_TYPES]
    if not found:
        return _stopped(OwnCode.DNS_NO_RECORD, str(zone), host, wanted="an endpoint that serves it")
    return Verdict(
        beyond=tuple(each for record in found for each in (*record.addresses, *(t.name for t in record.targets)))
    )


def _between(domain: str, host: str) -> Sequence[str]:
    """The names below a zone's, down to the one that is asked for."""
    labels = host.removesuffix(f".{domain}").split(".")
    return [f"{'.'.join(labels[number:])}.{domain}" for number in range(len(labels))]


def _unread(names: VpcNames) -> Verdict:
    return Verdict(unread=(Unread(f"private hosted zones of {names.vpc}"),))


def _closed(zone: Zone, host: str) -> Verdict:
    whose = f"account {zone.owner} has it" if zone.owner else "its records couldn't be read"
    return _undecided(zone, f"it answers {host} in the VPC, and {whose}")


def _undecided(zone: Zone, what: str) -> Verdict:
    return Verdict(unread=(Unread(str(zone), undecided=what),))


def _stopped(code: OwnCode, component: str, host: str, rule: str = "", wanted: str = "") -> Verdict:
    share = Share(EVERYWHERE, Span(53, 53))
    return Verdict((Obstacle(code, component, "egress", "udp", share, rule, asked=host, wanted=wanted),))
