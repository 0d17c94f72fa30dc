"""Security groups that admit more than any requirement needs: rule by rule, judged by addresses and ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_group_words import admitted, listed, needed, traffic
from ocpprov.checks.exposure_ways_in import laid_open
from ocpprov.openshift.group_needs import AT_LARGE, GroupNeed, Member, group_needs, members
from ocpprov.openshift.requirement_rows import rows_of
from ocpprov.openshift.terrain import Terrain
from ocpprov.reachability.network import ALL_PROTOCOLS, GroupRule, Network
from ocpprov.reachability.spans import EVERYWHERE, Share, Span, without

INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
GROUP: Final = "AWS::EC2::SecurityGroup"
_MOST: Final = 4
"""Sorts of traffic that are told of each sender."""
_EVERY_OUT: Final = "security groups let everything out: AWS's default, which the documentation keeps"


def exposed_groups(terrain: Terrain, whose: Belongings) -> Exposures:
    """Of the machines' groups, the balancers' and endpoints', and those that the plan makes."""
    held = members(terrain)
    plans = [id for type, id in whose.logical_ids if type == GROUP]
    judged = list(dict.fromkeys((*held, *plans)))
    known = [id for id in judged if id in terrain.network.security_groups]
    asked = group_needs(terrain)
    needs = [*asked, *(need for need in _required_rules(terrain.network, known, whose) if not _is_known(need, asked))]
    parts = [
        _Group(terrain.network, id, held.get(id, ()), [need for need in needs if need.group == id], whose)
        for id in known
    ]
    unread = [f"{id}: its rules couldn't be read" for id in judged if id not in known and id.startswith("sg-")]
    return Exposures(
        [each for part in parts for each in part.exposures()],
        [
            *([_EVERY_OUT] if any(_lets_all_out(terrain.network, id) for id in known) else ()),
            *(text for part in parts for text in part.of_cluster()),
        ],
        [*unread, *(text for part in parts for text in part.unread())],
    )


def _required_rules(network: Network, groups: Iterable[str], whose: Belongings) -> Iterator[GroupNeed]:
    """Rules of the plan that are themselves what a requirement asks for; but not the bootstrap machine's for all."""
    for group in groups:
        for rule in network.security_groups[group].ingress:
            rows = rows_of(whose.logical_id(INGRESS, rule.id))
            wide = rule.peers is not None and rule.peers.last - rule.peers.first >= AT_LARGE
            if rows and not (wide and "SG-BOOTSTRAP" in rows) and not rule.prefix_list:
                yield _as_need(group, rows[0], rule)


def _is_known(need: GroupNeed, others: Iterable[GroupNeed]) -> bool:
    """Whether others need as much of the same senders."""
    return any(
        (each.group, each.protocol) == (need.group, need.protocol)
        and each.ports.holds(need.ports)
        and set(need.senders) <= set(each.senders)
        and (each.peers == need.peers or (each.peers is not None and need.peers and each.peers.holds(need.peers)))
        for each in others
    )


def _as_need(group: str, row: str, rule: GroupRule) -> GroupNeed:
    senders = (rule.group,) if rule.group else ()
    return GroupNeed(group, row, rule.protocol, rule.ports, rule.peers, senders)


def _lets_all_out(network: Network, group: str) -> bool:
    every = network.security_groups[group].egress
    return any(rule.protocol == ALL_PROTOCOLS and rule.peers == EVERYWHERE for rule in every)


def excess(network: Network, rule: GroupRule, needs: Iterable[GroupNeed]) -> Sequence[Share]:
    """What the rule admits and nobody needs. Of a rule for a group's members the addresses say nothing: they stand for
    all of the VPC's, where members of a group that is in it are. Empty of a prefix list that couldn't be read."""
    left = [Share(peers, rule.ports) for peers in _peers(network, rule)]
    for need in needs:
        if need.protocol not in (rule.protocol, ALL_PROTOCOLS):
            continue
        ports = rule.ports if need.protocol == ALL_PROTOCOLS else need.ports
        if rule.group and rule.group in need.senders:
            left = without(left, Share(EVERYWHERE, ports))
        elif need.peers is not None and _is_inside(network, rule):
            left = without(left, Share(need.peers, ports))
    return left


def _peers(network: Network, rule: GroupRule) -> Sequence[Span]:
    if rule.peers is not None:
        return (rule.peers,)
    return network.blocks if rule.group else network.prefix_lists.get(rule.prefix_list, ())


def _is_inside(network: Network, rule: GroupRule) -> bool:
    """Whether the addresses of the other side say who it is: a group of a peered VPC has members elsewhere."""
    return not rule.group or rule.group in network.security_groups


@dataclass(frozen=True)
class _Group:
    """One group, what is needed of it, and who is in it."""

    network: Network
    id: str
    held: Sequence[Member]
    needs: Sequence[GroupNeed]
    whose: Belongings

    @property
    def rules(self) -> Sequence[GroupRule]:
        return self.network.security_groups[self.id].ingress

    def exposures(self) -> Iterator[Exposure]:
        for rule in self.rules:
            if not self._is_of_cluster(rule) and excess(self.network, rule, self.needs):
                yield self._exposure(rule)

    def of_cluster(self) -> Iterator[str]:
        """What the living cluster opened for the load balancers of its services."""
        for rule in self.rules:
            if self._is_of_cluster(rule) and excess(self.network, rule, self.needs):
                told = admitted(self.network, rule, self._name)
                yield f"{self._name(self.id)} admits {told} ({rule.id}): the cluster's own, for a service"

    def _is_of_cluster(self, rule: GroupRule) -> bool:
        return bool({(INGRESS, rule.id), (GROUP, rule.group)} & self.whose.of_cluster)

    def unread(self) -> Iterator[str]:
        for rule in self.rules:
            if rule.prefix_list and rule.prefix_list not in self.network.prefix_lists:
                some = traffic(rule.protocol, rule.ports)
                yield f"{self.id}: {rule.id} admits {some} from {rule.prefix_list}, which couldn't be read"

    def _exposure(self, rule: GroupRule) -> Exposure:
        parts = [need for need in self.needs if self._is_part(need, rule)]
        held = self.held or [Member(f"the members of {self.id}", list(self.network.subnets.values()))]
        peers = [share.peers for share in excess(self.network, rule, self.needs)]
        return Exposure(
            self.id,
            self.whose.logical_id(GROUP, self.id),
            admitted(self.network, rule, self._name),
            f"{listed([each.who for each in held])} to those members"
            if rule.group
            else laid_open(self.network, held, peers),
            needed(parts, self._name, _MOST),
            self.whose.origin(INGRESS, rule.id),
            self._remedy(rule, parts),
        )

    def _is_part(self, need: GroupNeed, rule: GroupRule) -> bool:
        """Whether the rule admits some of what is needed."""
        if rule.protocol not in (need.protocol, ALL_PROTOCOLS):
            return False
        if rule.protocol != ALL_PROTOCOLS and rule.ports.common(need.ports) is None:
            return False
        if need.senders:
            return rule.group in need.senders or (not rule.group and self._touches_vpc(rule))
        if need.peers is None or not _is_inside(self.network, rule):
            return False
        return any(need.peers.common(peers) for peers in _peers(self.network, rule))

    def _touches_vpc(self, rule: GroupRule) -> bool:
        return any(peers.common(block) for peers in _peers(self.network, rule) for block in self.network.blocks)

    def _remedy(self, rule: GroupRule, parts: Sequence[GroupNeed]) -> str:
        if self._is_met_without(rule, parts):
            words = ("--group-id", self.id, "--security-group-rule-ids", rule.id)
            return self.whose.remedy(INGRESS, rule.id, "ec2", "revoke-security-group-ingress", *words)
        narrow = f"admit no more than {needed(parts, self._name)}"
        if logical_id := self.whose.logical_id(INGRESS, rule.id):
            return f"have {logical_id} of the plan {narrow}, and {self.whose.apply}"
        return f"have {rule.id} {narrow}"

    def _is_met_without(self, rule: GroupRule, parts: Sequence[GroupNeed]) -> bool:
        """Whether what is needed of the rule is admitted by those that admit nothing else, too."""
        rest = [each for each in self.rules if each != rule and not excess(self.network, each, self.needs)]
        return all(self._is_admitted(need, rest) for need in parts)

    def _is_admitted(self, need: GroupNeed, rules: Iterable[GroupRule]) -> bool:
        wanted = self.network.blocks if need.peers is None else (need.peers,)
        left = [Share(peers, need.ports) for peers in wanted]
        for rule in rules:
            if not rule.whole or rule.protocol not in (need.protocol, ALL_PROTOCOLS):
                continue
            ports = need.ports if rule.protocol == ALL_PROTOCOLS else rule.ports
            if rule.group and rule.group in need.senders:
                left = without(left, Share(EVERYWHERE, ports))
            elif not rule.group:
                for peers in _peers(self.network, rule):
                    left = without(left, Share(peers, ports))
        return not left

    def _name(self, group: str) -> str:
        logical_id = self.whose.logical_id(GROUP, group)
        return f"{group} ({logical_id})" if logical_id else group
