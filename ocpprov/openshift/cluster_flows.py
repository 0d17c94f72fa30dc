"""The traffic between subnets without which a cluster doesn't come up: ports as in the security groups' rules.

What AWS's own resolver, DHCP, time and metadata services say passes every network ACL (VPC user guide, "Network ACLs",
"Considerations"), and isn't among it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.openshift.load_balancers import API_PORT, MACHINE_CONFIG_PORT
from ocpprov.openshift.security import GROUP_RULES
from ocpprov.plan.model import OpenShift
from ocpprov.plan.releases import Release, release_of
from ocpprov.reachability.network import NODE_PORTS, REMAPPED_PORTS, Traffic
from ocpprov.reachability.spans import Span

HTTPS: Final = Span(443, 443)
HTTP: Final = Span(80, 80)
DNS: Final = Span(53, 53)
INGRESS_SERVICES: Final = Span(30000, 32767)
_OVN_SINCE: Final[Release] = (4, 12)
"""The first release whose default network is OVN-Kubernetes."""
_OVERLAYS: Final = {"Vxlan packets": False, "Geneve packets": True}
_MAY_BE_MISSING: Final = ("udp", "50")
"""Of the groups' rules, beside the overlay: what only some clusters use."""


@dataclass(frozen=True)
class Flow:
    """What the traffic is for, in a few words, and from which ports it comes: answers go back to them."""

    what: str
    traffic: Traffic
    ephemeral: Span = NODE_PORTS


API: Final = Flow("the API", Traffic("tcp", Span(API_PORT, API_PORT)), REMAPPED_PORTS)
MACHINE_CONFIG: Final = Flow(
    "machine configs", Traffic("tcp", Span(MACHINE_CONFIG_PORT, MACHINE_CONFIG_PORT)), REMAPPED_PORTS
)
"""Both come from load balancers, too."""
ROUTER: Final = Flow("the router's services", Traffic("tcp", INGRESS_SERVICES), REMAPPED_PORTS)
ENDPOINTS: Final = Flow("AWS's services", Traffic("tcp", HTTPS))
NAME_SERVERS: Final = (Flow("name servers", Traffic("udp", DNS)), Flow("name servers", Traffic("tcp", DNS)))
VISITORS: Final = (
    Flow("clients of the API", API.traffic, REMAPPED_PORTS),
    Flow("clients of the router", Traffic("tcp", HTTPS), REMAPPED_PORTS),
    Flow("clients of the router", Traffic("tcp", HTTP), REMAPPED_PORTS),
)


def between_machines(section: OpenShift) -> Iterator[Flow]:
    """From any machine to any other, each once."""
    yield API
    yield MACHINE_CONFIG
    release, seen = release_of(section.version), set()
    for rule in GROUP_RULES:
        overlay = _OVERLAYS.get(rule.description)
        wanted = overlay == (release >= _OVN_SINCE) if overlay is not None else rule.protocol not in _MAY_BE_MISSING
        key = (rule.protocol, rule.from_port, rule.to_port)
        if rule.since <= release and wanted and key not in seen:
            seen.add(key)
            # The overlay's packets go both ways, each to the same port.
            traffic = Traffic(rule.protocol, Span(rule.from_port, rule.to_port), answered=overlay is None)
            yield Flow(_LOWER.get(rule.description, rule.description), traffic)


_LOWER: Final = {
    "Internal cluster communication": "internal cluster communication",
    "Vxlan packets": "the pods' network",
    "Geneve packets": "the pods' network",
    "Kubernetes kubelet, scheduler and controller manager": "kubelet, scheduler and controller manager",
    "Kubernetes secure kubelet port": "the kubelet",
    "Kubernetes ingress services": "the router's services",
}
