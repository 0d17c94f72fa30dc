"""The servers that a plan names for its cluster's machines, and what they are asked: name servers and time servers of
its DHCP options, the cluster's proxy, mirror registries.

AWS's own aren't among them: no group and no network ACL stops what goes to its resolver and its time service (VPC user
guide, "Control traffic to your AWS resources using security groups", and "Control subnet traffic with network access
control lists"), and no route is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Final

from ocpprov.plan.image_hosts import is_asked_past
from ocpprov.plan.model import HostPort, OpenShift
from ocpprov.reachability.domains import nearest
from ocpprov.reachability.network import Traffic
from ocpprov.reachability.spans import Span
from ocpprov.reachability.zones import Zone

_LINK_LOCAL: Final = IPv4Network("169.254.0.0/16")
"""Where AWS answers from the host itself: 169.254.169.253 is its resolver, 169.254.169.123 its time service."""
_RESOLVER: Final = 2
"""Of a VPC's first block: its resolver's other address (same guide, "Amazon DNS server")."""
_AMAZON_DNS: Final = "AmazonProvidedDNS"
_DNS: Final = (Traffic("udp", Span(53, 53)), Traffic("tcp", Span(53, 53)))
NAME_SERVER: Final = "name server"
_NTP: Final = (Traffic("udp", Span(123, 123)),)


@dataclass(frozen=True)
class GivenServer:
    """`name` says what it is, `host` is its address or its name, `addresses` are those that it is known to have: none
    where only others' DNS knows. `requirement` is the row that it belongs to, `asked` what machines ask of it."""

    name: str
    requirement: str
    host: str
    asked: Sequence[Traffic]
    addresses: Sequence[str]

    def __str__(self) -> str:
        ports = ", ".join(dict.fromkeys(f"{each.protocol} {each.ports.first}" for each in self.asked))
        return f"{self.name} {self.host} ({ports})"


def given_servers(section: OpenShift, zones: Sequence[Zone]) -> Sequence[GivenServer]:
    """Those that others run, in the plan's order. `zones` are the private ones that answer the machines."""
    return (*_of_dhcp(section), *_of_images(section, zones))


def _of_dhcp(section: OpenShift) -> Iterator[GivenServer]:
    options = section.dhcp_options
    if options:
        for each in _others(section, options.domain_name_servers):
            yield GivenServer(NAME_SERVER, "NET-DHCP", each, _DNS, (each,))
        for each in _others(section, options.ntp_servers):
            yield GivenServer("time server", "NET-DHCP", each, _NTP, (each,))


def _others(section: OpenShift, servers: Iterable[str]) -> Iterator[str]:
    own = section.machine_network[_RESOLVER]
    for each in servers:
        if each != _AMAZON_DNS and IPv4Address(each) != own and IPv4Address(each) not in _LINK_LOCAL:
            yield each


def _of_images(section: OpenShift, zones: Sequence[Zone]) -> Iterator[GivenServer]:
    """The proxy, and the registries that machines ask past it."""
    proxy = section.proxy
    for server in dict.fromkeys(each for each in (proxy.http, proxy.https) if each) if proxy else ():
        yield _server("proxy", server, section, zones)
    for server in section.mirrors:
        if proxy is None or is_asked_past(proxy, section, server.host):
            yield _server("mirror registry", server, section, zones)


def _server(name: str, server: HostPort, section: OpenShift, zones: Sequence[Zone]) -> GivenServer:
    address = _address(server.host)
    known = (server.host,) if address else _addresses(zones, server.host.lower())
    asked = (Traffic("tcp", Span(server.port, server.port)),)
    return GivenServer(name, _requirement(section, known), server.host, asked, known)


def _requirement(section: OpenShift, known: Sequence[str]) -> str:
    """By where it is: behind a way to other networks, in the VPC or in a closed network, on the internet."""
    found = [IPv4Address(each) for each in known]
    if any(each in block for way in section.transit for block in way.cidrs for each in found):
        return "NET-TRANSIT"
    inside = any(each in block for block in section.networks for each in found)
    return "AIR-GAP" if inside or section.egress == "none" else "NET-NAT"


def _address(host: str) -> IPv4Address | None:
    try:
        return IPv4Address(host)
    except AddressValueError:
        return None


def _addresses(zones: Sequence[Zone], host: str) -> Sequence[str]:
    """Those that the zones' own records of type A have for a name."""
    zone = nearest(host, zones)
    records = zone.of(host) if zone else ()
    return tuple(each for record in records if record.type == "A" for each in record.addresses if _address(each))
