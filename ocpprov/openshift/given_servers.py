"""The servers that a plan names for its cluster's machines, and what they are asked: name servers and time servers of
its DHCP options.

AWS's own aren't among them: no group and no network ACL stops what goes to its resolver and its time service (VPC user
guide, "Control traffic to your AWS resources using security groups", and "Control subnet traffic with network access
control lists"), and no route is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from ocpprov.plan.model import OpenShift
from ocpprov.reachability.network import Traffic
from ocpprov.reachability.spans import Span

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
    """`name` says what it is, `host` is its address. `requirement` is the row that it belongs to, `asked` what machines
    ask of it."""

    name: str
    requirement: str
    host: str
    asked: Sequence[Traffic]


def given_servers(section: OpenShift) -> Sequence[GivenServer]:
    """Those that others run, in the plan's order."""
    options = section.dhcp_options
    if options is None:
        return ()
    return (
        *(GivenServer(NAME_SERVER, "NET-DHCP", each, _DNS) for each in _others(section, options.domain_name_servers)),
        *(GivenServer("time server", "NET-DHCP", each, _NTP) for each in _others(section, options.ntp_servers)),
    )


def _others(section: OpenShift, servers: Iterable[str]) -> Iterator[str]:
    own = section.machine_network[_RESOLVER]
    for each in servers:
        if each != _AMAZON_DNS and IPv4Address(each) != own and IPv4Address(each) not in _LINK_LOCAL:
            yield each
