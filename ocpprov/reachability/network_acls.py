"""What a subnet's network ACL lets through: entries by number, the first that matches decides, each way on its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import ALL_PROTOCOLS, AclEntry, Network, Subnet, Traffic
from ocpprov.reachability.spans import Share, Span, without
from ocpprov.reachability.verdict import ARRIVES, Direction, Obstacle, Unread, Verdict

LAST: Final = "*"
"""The entry that denies the rest, as the console shows it."""


def through_acl(
    network: Network, subnet: Subnet, direction: Direction, traffic: Traffic, peers: Span, reply: bool = False
) -> Verdict:
    """Whether all of the traffic between the subnet and these addresses passes the subnet's ACL in that direction."""
    acl = network.network_acls.get(subnet.network_acl)
    if acl is None:
        return Verdict(unread=(Unread(subnet.network_acl or f"network ACL of {subnet.id}"),))
    entries = acl.ingress if direction == "ingress" else acl.egress
    denied = _denied(entries, traffic, Share(peers, traffic.ports))
    if denied is None:
        return ARRIVES
    rule, stopped = denied
    code = ExplanationCode.SUBNET_ACL_RESTRICTION
    return Verdict((Obstacle(code, acl.id, direction, traffic.protocol, stopped, rule, reply),))


def _denied(entries: Iterable[AclEntry], traffic: Traffic, asked: Share) -> tuple[str, Share] | None:
    """The entry that denies some of it, and the part that it denies; None where all of it is allowed."""
    left = [asked]
    for entry in sorted(entries, key=lambda each: each.number):
        mine = _share(entry, traffic)
        if mine is None:
            continue
        if entry.allow:
            left = without(left, mine)
        elif stopped := sorted(part for share in left if (part := share.common(mine))):
            return str(entry.number), stopped[0]
    return (LAST, min(left)) if left else None


def _share(entry: AclEntry, traffic: Traffic) -> Share | None:
    """What of this protocol's traffic the entry is about; None for none of it. An entry that allows less than a share
    can tell apart (one code of an ICMP type) allows nothing that can be relied on; one that denies a part is in the
    way."""
    if entry.protocol == ALL_PROTOCOLS:
        return Share(entry.peers, traffic.ports)
    if entry.protocol != traffic.protocol or (entry.allow and not entry.whole):
        return None
    return Share(entry.peers, entry.ports)
