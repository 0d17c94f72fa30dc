"""Blocks of addresses that somebody has for himself: the world, AWS, Docker, and OVN-Kubernetes inside each cluster."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from ocpprov.plan.releases import Release


@dataclass(frozen=True)
class ReservedBlock:
    """A block that no network of a cluster can have, and whose it is."""

    block: IPv4Network
    whose: str


@dataclass(frozen=True)
class OvnBlock:
    """A block that OVN-Kubernetes takes for itself unless it is moved, since the release that has it by default."""

    since: Release
    block: IPv4Network
    subnet: str


RESERVED: Final = (
    ReservedBlock(IPv4Network("0.0.0.0/8"), "no host's"),
    ReservedBlock(IPv4Network("127.0.0.0/8"), "each host's own"),
    ReservedBlock(IPv4Network("169.254.0.0/16"), "link-local, which AWS and OVN-Kubernetes keep for themselves"),
    ReservedBlock(IPv4Network("224.0.0.0/4"), "multicast"),
    ReservedBlock(IPv4Network("240.0.0.0/4"), "reserved"),
)
"""RFC 6890, AWS's "VPC CIDR blocks", and OVN-Kubernetes' masquerade subnet in 169.254.0.0/16."""

JOIN: Final = OvnBlock((4, 12), IPv4Network("100.64.0.0/16"), "join")
OVN: Final = (JOIN, OvnBlock((4, 14), IPv4Network("100.88.0.0/16"), "transit"))
"""The documentation's "CIDR range definitions"."""

DOCKER: Final = IPv4Network("172.17.0.0/16")
"""Docker's own bridge, and with it some of AWS's services."""
