"""Rules of security groups, and what is needed of them, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocpprov.openshift.group_needs import GroupNeed
from ocpprov.reachability.network import ALL_PROTOCOLS, GroupRule, Network
from ocpprov.reachability.spans import EVERYWHERE, Span, blocks
from ocpprov.reachability.words import what

Naming = Callable[[str], str]
"""What a group is called: its id, and its logical id where it has one."""


def admitted(network: Network, rule: GroupRule, name: Naming) -> str:
    """`tcp 0-65535 from anywhere`."""
    return f"{traffic(rule.protocol, rule.ports)} from {_sender(network, rule, name)}"


def traffic(protocol: str, ports: Span) -> str:
    """As a rule names it; `everything` for all protocols."""
    return "everything" if protocol == ALL_PROTOCOLS else what(protocol, ports)


def needed(needs: Sequence[GroupNeed], name: Naming, most: int | None = None) -> str:
    """`tcp 22 and icmp from 10.0.0.0/16 (SG-MASTER)`: what is needed by whom, and the requirements that need it; empty
    where nobody does. At most so many sorts of traffic of each sender, and how many more there are."""
    told = [need for need in needs if not any(_is_within(need, other) for other in needs if other != need)]
    senders: dict[str, list[str]] = {}
    for need in told:
        senders.setdefault(traffic(need.protocol, need.ports), []).append(_sender_of(need, name))
    sorts: dict[str, list[str]] = {}
    for sort, whose in senders.items():
        sorts.setdefault(listed(whose), []).append(sort)
    texts = [f"{few(each, most)} from {sender}" for sender, each in sorts.items()]
    rows = ", ".join(dict.fromkeys(need.row for need in told))
    return f"{'; '.join(texts)} ({rows})" if texts else ""


def few(texts: Sequence[str], most: int | None) -> str:
    """At most so many of them, and how many more there are."""
    if most is None or len(texts) <= most:
        return listed(texts)
    return listed([*texts[:most], f"{len(texts) - most} more"])


def listed(texts: Sequence[str]) -> str:
    """`a, b and c`, each once."""
    *before, last = dict.fromkeys(texts)
    return f"{', '.join(before)} and {last}" if before else last


def source(peers: Span) -> str:
    """Blocks, or `anywhere`."""
    return "anywhere" if peers == EVERYWHERE else blocks(peers)


def _sender_of(need: GroupNeed, name: Naming) -> str:
    if need.peers is not None:
        return source(need.peers)
    return need.who or f"members of {listed([name(each) for each in need.senders])}"


def _is_within(need: GroupNeed, other: GroupNeed) -> bool:
    """Whether the other one has all of it and more."""
    if need.protocol != other.protocol or not other.ports.holds(need.ports):
        return False
    if need.peers is None or other.peers is None:
        return need.peers == other.peers and need.who == other.who and need.ports != other.ports
    return other.peers.holds(need.peers) and (need.peers, need.ports) != (other.peers, other.ports)


def _sender(network: Network, rule: GroupRule, name: Naming) -> str:
    if rule.group:
        return f"members of {name(rule.group)}"
    if rule.peers is not None:
        return source(rule.peers)
    listed = ", ".join(map(blocks, network.prefix_lists.get(rule.prefix_list, ())))
    return f"{rule.prefix_list} ({listed or 'which is empty'})"
