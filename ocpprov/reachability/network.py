"""A VPC as far as traffic in it goes: subnets, security groups, network ACLs, route tables and what they lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.reachability.spans import ALL_PORTS, Span

ALL_PROTOCOLS: Final = "-1"
ICMP: Final = "icmp"
WITH_PORTS: Final = ("tcp", "udp")

EVERY_TYPE: Final = Span(0, 255)
"""Of ICMP."""
ECHO_REQUEST: Final = Span(8, 8)
ECHO_REPLY: Final = Span(0, 0)
NODE_PORTS: Final = Span(32768, 60999)
"""From which Linux connects (net.ipv4.ip_local_port_range); answers come back to them."""
REMAPPED_PORTS: Final = Span(1024, 65535)
"""From which NAT gateways and load balancers connect, and what an unknown client may use (AWS's VPC guide, "Ephemeral
ports")."""


def ports_of(protocol: str, first: int | None, last: int | None) -> Span:
    """What a rule's two numbers mean: ports of TCP and UDP, the types of ICMP, all of anything else. A code of ICMP
    other than -1 is left to the caller."""
    if protocol in WITH_PORTS:
        return ALL_PORTS if first is None or last is None or first < 0 else Span(first, last)
    if protocol == ICMP:
        return EVERY_TYPE if first is None or first < 0 else Span(first, first)
    return ALL_PORTS


@dataclass(frozen=True)
class GroupRule:
    """A rule of a security group: its other side is a block, the members of a group, or a prefix list. `protocol` is
    tcp, udp, icmp, a number or -1. `whole` is False for one that takes a single code of an ICMP type."""

    id: str
    protocol: str
    ports: Span
    peers: Span | None = None
    group: str = ""
    prefix_list: str = ""
    whole: bool = True


@dataclass(frozen=True)
class SecurityGroup:
    """Stateful: what may come in may be answered."""

    id: str
    ingress: Sequence[GroupRule] = ()
    egress: Sequence[GroupRule] = ()


@dataclass(frozen=True)
class AclEntry:
    """The first that matches decides; ports are those that the traffic goes to. `whole` as of a group's rule."""

    number: int
    allow: bool
    protocol: str
    peers: Span
    ports: Span = ALL_PORTS
    whole: bool = True


@dataclass(frozen=True)
class NetworkAcl:
    """Stateless: answers need entries of their own. What no entry matches is denied. `taken_ingress` and `taken_egress`
    are the numbers of entries that are about IPv6 alone."""

    id: str
    ingress: Sequence[AclEntry] = ()
    egress: Sequence[AclEntry] = ()
    taken_ingress: frozenset[int] = frozenset()
    taken_egress: frozenset[int] = frozenset()


class Via(StrEnum):
    """What a route leads to, as far as it matters: what is `OTHER` takes the traffic out of sight."""

    LOCAL = "local"
    INTERNET_GATEWAY = "internet gateway"
    NAT_GATEWAY = "NAT gateway"
    GATEWAY_ENDPOINT = "gateway endpoint"
    OTHER = "other"


@dataclass(frozen=True)
class Route:
    """`target` is the id of what it leads to. The destination is a block or a prefix list."""

    target: str
    via: Via
    destination: Span | None = None
    prefix_list: str = ""
    active: bool = True
    propagated: bool = False


@dataclass(frozen=True)
class RouteTable:
    """Routes in any order; the most specific one is used."""

    id: str
    routes: Sequence[Route] = ()


@dataclass(frozen=True)
class Subnet:
    """`route_table` is its own, else the VPC's main one; `network_acl` likewise. Empty: not known."""

    id: str
    addresses: Span
    zone: str = ""
    route_table: str = ""
    network_acl: str = ""


@dataclass(frozen=True)
class NatGateway:
    """`public`: it has an Elastic IP. `pending`: it isn't available yet, and is going to be."""

    id: str
    subnet: str
    available: bool = True
    public: bool = True
    pending: bool = False


@dataclass(frozen=True)
class Network:
    """Everything by its AWS id, as far as it could be read. `main_table` and `default_acl` are those that a subnet has
    until it gets others; empty where they aren't known. `closed` has why something couldn't be read, by how what is
    missing is called: the beginning of its id, or what it is of."""

    vpc_id: str
    blocks: Sequence[Span] = ()
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    security_groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    network_acls: Mapping[str, NetworkAcl] = field(default_factory=dict)
    route_tables: Mapping[str, RouteTable] = field(default_factory=dict)
    nat_gateways: Mapping[str, NatGateway] = field(default_factory=dict)
    prefix_lists: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    main_table: str = ""
    default_acl: str = ""
    closed: Mapping[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where traffic begins or ends: interfaces in a subnet.

    `addresses` are theirs, all of the subnet's where they aren't known yet. `groups` are None for what has none and
    lets everything through: a NAT gateway, a network load balancer without groups. `ephemeral` are the ports from which
    they connect. `public`: they have a public address. `more_groups`: they may wear others that nobody knows yet."""

    subnet: Subnet
    groups: Sequence[str] | None = None
    addresses: Span | None = None
    ephemeral: Span = NODE_PORTS
    public: bool = False
    more_groups: bool = False

    @property
    def span(self) -> Span:
        """Its addresses."""
        return self.addresses or self.subnet.addresses


@dataclass(frozen=True)
class Traffic:
    """Of one protocol: tcp, udp, icmp or a number. `ports` are those that it goes to, of ICMP the types. `answered`: it
    is of no use unless what comes back arrives, too."""

    protocol: str
    ports: Span = ALL_PORTS
    answered: bool = True


HTTPS: Final = Traffic("tcp", Span(443, 443))
