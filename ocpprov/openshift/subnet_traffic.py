"""The traffic between subnets without which a cluster doesn't come up, of that in `machine_flows` and beside it.

What AWS's own resolver, DHCP, time and metadata services say passes every network ACL (VPC user guide, "Network ACLs",
"Considerations"), and isn't among it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.openshift.load_balancers import API_PORT, MACHINE_CONFIG_PORT
from ocpprov.openshift.machine_flows import FLOWS, Party
from ocpprov.plan.model import OpenShift
from ocpprov.plan.releases import Release, release_of
from ocpprov.reachability.network import NODE_PORTS, REMAPPED_PORTS, Traffic
from ocpprov.reachability.spans import Span

_HTTPS_PORT: Final = Span(443, 443)
_HTTP_PORT: Final = Span(80, 80)
_DNS_PORT: Final = Span(53, 53)
INGRESS_SERVICES: Final = Span(30000, 32767)
_OVN_SINCE: Final[Release] = (4, 12)
"""The first release whose default network is OVN-Kubernetes."""
_OVERLAYS: Final = {"VXLAN": False, "Geneve": True}
"""The pods' networks, and which of them is OVN-Kubernetes'."""
_MAY_BE_MISSING: Final = ("udp", "50", "icmp")
"""Of the other flows: what only some clusters use."""
_BY_PEOPLE: Final = "ssh"


@dataclass(frozen=True)
class SubnetTraffic:
    """What the traffic is for, in a few words, and from which ports it comes: answers go back to them."""

    what: str
    traffic: Traffic
    ephemeral: Span = NODE_PORTS


API: Final = SubnetTraffic("the API", Traffic("tcp", Span(API_PORT, API_PORT)), REMAPPED_PORTS)
MACHINE_CONFIG: Final = SubnetTraffic(
    "machine configs", Traffic("tcp", Span(MACHINE_CONFIG_PORT, MACHINE_CONFIG_PORT)), REMAPPED_PORTS
)
"""Both come from load balancers, too."""
ROUTER: Final = SubnetTraffic("the router's services", Traffic("tcp", INGRESS_SERVICES), REMAPPED_PORTS)
ENDPOINTS: Final = SubnetTraffic("AWS's services", Traffic("tcp", _HTTPS_PORT))
NAME_SERVERS: Final = (
    SubnetTraffic("name servers", Traffic("udp", _DNS_PORT)),
    SubnetTraffic("name servers", Traffic("tcp", _DNS_PORT)),
)
VISITORS: Final = (
    SubnetTraffic("clients of the API", API.traffic, REMAPPED_PORTS),
    SubnetTraffic("clients of the router", Traffic("tcp", _HTTPS_PORT), REMAPPED_PORTS),
    SubnetTraffic("clients of the router", Traffic("tcp", _HTTP_PORT), REMAPPED_PORTS),
)


def between_machines(section: OpenShift) -> Iterator[SubnetTraffic]:
    """From any machine to any other, each once: any subnet may have machines of both sorts."""
    yield API
    yield MACHINE_CONFIG
    release = release_of(section.version)
    seen: set[tuple[str, tuple[int, int]]] = {("tcp", (API_PORT, API_PORT))}
    for flow in FLOWS:
        if Party.BOOTSTRAP in (*flow.senders, *flow.receivers):
            continue
        overlay = _OVERLAYS.get(flow.name)
        wanted = overlay == (release >= _OVN_SINCE) if overlay is not None else flow.protocol not in _MAY_BE_MISSING
        key = (flow.protocol, flow.ports)
        if flow.since <= release and wanted and flow.name != _BY_PEOPLE and key not in seen:
            seen.add(key)
            yield SubnetTraffic(flow.name, Traffic(flow.protocol, Span(*flow.ports), answered=flow.answered))
