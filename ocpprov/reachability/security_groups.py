"""What security groups let through: the union of the rules of all of an interface's groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import ALL_PROTOCOLS, GroupRule, Network, SecurityGroup, Traffic
from ocpprov.reachability.spans import Share, Span, without
from ocpprov.reachability.verdict import ARRIVES, Direction, Obstacle, Unread, Verdict


def through_groups(
    network: Network,
    groups: Sequence[str] | None,
    direction: Direction,
    traffic: Traffic,
    peers: Span,
    peer_groups: Sequence[str] | None = None,
    *,
    more_groups: bool = False,
) -> Verdict:
    """Whether all of the traffic with these addresses passes. Rules that name a group count for its members only:
    `peer_groups` are the other side's, which may have more of them where `more_groups` says so."""
    if groups is None:
        return ARRIVES
    known = [network.security_groups[each] for each in groups if each in network.security_groups]
    rules = [rule for group in known for rule in (group.ingress if direction == "ingress" else group.egress)]
    left = [Share(peers, traffic.ports)]
    for taken in _admitted(network, rules, traffic, peers, peer_groups or ()):
        left = without(left, taken)
    if not left:
        return ARRIVES
    if unread := _unread(network, groups, rules, traffic, more_groups=more_groups):
        return Verdict(unread=unread)
    code = ExplanationCode.ENI_SG_RULES_MISMATCH if rules else ExplanationCode.SG_HAS_NO_RULES
    where = ", ".join(groups)
    return Verdict((Obstacle(code, where, direction, traffic.protocol, min(left)),))


def admitting(
    network: Network,
    group: str,
    direction: Direction,
    traffic: Traffic,
    peers: Span,
    peer_groups: Sequence[str] | None = None,
) -> list[str]:
    """The ids of a group's rules that let some of this traffic through."""
    known = network.security_groups.get(group, SecurityGroup(group))
    asked = Share(peers, traffic.ports)
    return [
        rule.id
        for rule in (known.ingress if direction == "ingress" else known.egress)
        if any(asked.common(taken) for taken in _admitted(network, [rule], traffic, peers, peer_groups or ()))
    ]


def _admitted(
    network: Network, rules: Iterable[GroupRule], traffic: Traffic, peers: Span, peer_groups: Sequence[str]
) -> Iterator[Share]:
    """What each rule lets through of all traffic there is of that protocol."""
    for rule in rules:
        if not rule.whole or rule.protocol not in (ALL_PROTOCOLS, traffic.protocol):
            continue
        ports = traffic.ports if rule.protocol == ALL_PROTOCOLS else rule.ports
        if rule.peers is not None:
            yield Share(rule.peers, ports)
        elif rule.group:
            if rule.group in peer_groups:
                yield Share(peers, ports)
        else:
            yield from (Share(each, ports) for each in network.prefix_lists.get(rule.prefix_list, ()))


def _unread(
    network: Network, groups: Iterable[str], rules: Iterable[GroupRule], traffic: Traffic, *, more_groups: bool
) -> tuple[Unread, ...]:
    """What may let it through, were it known: groups, prefix lists of rules for this traffic, and the members of
    others that such rules name."""
    fitting = [rule for rule in rules if _is_about(rule, traffic)]
    lists = (rule.prefix_list for rule in fitting if rule.prefix_list not in {"", *network.prefix_lists})
    members = (f"members of {rule.group}" for rule in fitting if rule.group and more_groups)
    missing = (each for each in groups if each not in network.security_groups)
    return tuple(Unread(each) for each in dict.fromkeys((*missing, *lists, *members)))


def _is_about(rule: GroupRule, traffic: Traffic) -> bool:
    if rule.protocol == ALL_PROTOCOLS:
        return True
    return rule.protocol == traffic.protocol and rule.whole and rule.ports.common(traffic.ports) is not None
