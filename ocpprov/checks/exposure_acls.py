"""Network ACLs that admit from the internet what nobody needs, where a way leads in from there at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.exposure import OTHERWISE, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_group_words import few, source, traffic
from ocpprov.checks.exposure_routes import SUBNET, named_subnets
from ocpprov.checks.exposure_ways_in import INTERNET, ways_in
from ocpprov.openshift.machine_flows import NODES
from ocpprov.openshift.terrain import Terrain
from ocpprov.reachability.from_resources import planned_entry
from ocpprov.reachability.network import ALL_PROTOCOLS, AclEntry, Network, NetworkAcl, Subnet
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Share, Span, without

ACL: Final = "AWS::EC2::NetworkAcl"
ENTRY: Final = "AWS::EC2::NetworkAclEntry"
_OTHERS: Final = "other protocols"
"""Stands for all that no entry names."""


_MOST: Final = 4
"""Sorts of traffic that are told of each source."""


def exposed_acls(terrain: Terrain, whose: Belongings) -> Exposures:
    """Those of the machines' subnets, the balancers' and the plan's. Of one that the plan doesn't make it is said what
    it admits, as groups are what the documentation keeps the internet off by."""
    network = terrain.network
    by_acl: dict[str, list[Subnet]] = {}
    for subnet in _subnets(terrain, whose):
        by_acl.setdefault(subnet.network_acl, []).append(subnet)
    known = [
        _Acl(network, network.network_acls[id], of, whose) for id, of in by_acl.items() if id in network.network_acls
    ]
    return Exposures(
        [each for acl in known for each in acl.exposures()],
        [text for acl in known for text in acl.known()],
        [f"{id or 'a network ACL'}: its entries couldn't be read" for id in by_acl if id not in network.network_acls],
    )


def _subnets(terrain: Terrain, whose: Belongings) -> Iterator[Subnet]:
    machines = {place.subnet.id for party in NODES for place in terrain.places.get(party, ())}
    balancers = {id for balancer in terrain.balancers.values() for id in balancer.subnets}
    for id, subnet in terrain.network.subnets.items():
        if id in machines or id in balancers or whose.logical_id(SUBNET, id):
            yield subnet


def excess(entry: AclEntry, acl: NetworkAcl, needed: Sequence[AclEntry], outside: Sequence[Span]) -> Sequence[Share]:
    """What an entry lets in of these addresses and no earlier one decides, and the needed entries alone wouldn't."""
    protocols = {_OTHERS, *(each.protocol for each in acl.ingress)} - {ALL_PROTOCOLS}
    mine = protocols if entry.protocol == ALL_PROTOCOLS else {entry.protocol}
    found: list[Share] = []
    for protocol in sorted(mine):
        left = [Share(part, entry.ports) for span in outside if (part := span.common(entry.peers))]
        for earlier in acl.ingress:
            if earlier.number < entry.number and _decides(earlier, protocol):
                left = without(left, _share(earlier))
        for allowed in _admitted(needed, protocol):
            left = without(left, allowed)
        found += left
    return found


def _decides(entry: AclEntry, protocol: str) -> bool:
    """One that takes a single code of an ICMP type leaves the type to those after it."""
    return entry.whole and entry.protocol in (protocol, ALL_PROTOCOLS)


def _share(entry: AclEntry) -> Share:
    return Share(entry.peers, ALL_PORTS if entry.protocol == ALL_PROTOCOLS else entry.ports)


def _sorts(entries: Sequence[AclEntry]) -> str:
    """`tcp 80 and tcp 443 from anywhere`; of each source a few, and how many more there are."""
    by_source: dict[str, list[str]] = {}
    for entry in entries:
        by_source.setdefault(source(entry.peers), []).append(traffic(entry.protocol, entry.ports))
    return "; ".join(f"{few(sorts, _MOST)} from {peers}" for peers, sorts in by_source.items())


def _admitted(entries: Iterable[AclEntry], protocol: str) -> Sequence[Share]:
    """What these let in, the first that matches deciding."""
    found: list[Share] = []
    before: list[Share] = []
    for entry in sorted(entries, key=lambda each: each.number):
        if not _decides(entry, protocol):
            continue
        left = [_share(entry)]
        for taken in before:
            left = without(left, taken)
        found += left if entry.allow else []
        before.append(_share(entry))
    return found


@dataclass(frozen=True)
class _Acl:
    """One ACL, and which of the subnets that count are associated with it."""

    network: Network
    acl: NetworkAcl
    subnets: Sequence[Subnet]
    whose: Belongings

    def exposures(self) -> Iterator[Exposure]:
        reached = self._reached()
        if not self._needed or not reached:
            return
        for entry in self.acl.ingress:
            if entry.allow and excess(entry, self.acl, self._needed, self._outside):
                yield self._exposure(entry, reached)

    def known(self) -> Iterator[str]:
        """What an ACL that the plan doesn't make admits from outside of the VPC."""
        entries = sorted(self.acl.ingress, key=lambda each: each.number)
        admitting = [each for each in entries if each.allow and excess(each, self.acl, (), self._outside)]
        if self._needed or not admitting:
            return
        sorts, reached = _sorts(admitting), self._reached()
        closed = [each for each in self.subnets if each not in reached]
        if closed:
            yield (
                f"{self.acl.id} admits {sorts} to {named_subnets(closed, self.whose)}, where nothing leads in from the "
                "internet"
            )
        if reached:
            yield (
                f"{self.acl.id} admits {sorts} to {named_subnets(reached, self.whose)}: security groups alone keep the "
                "internet off there"
            )

    @property
    def _needed(self) -> Sequence[AclEntry]:
        """Those of the plan that requirements are made of, as the plan wants them."""
        return [self._wanted(each) for each in self.acl.ingress if self.whose.is_required(ENTRY, self._id(each))]

    def _wanted(self, entry: AclEntry) -> AclEntry:
        resource = self.whose.resources.get(self.whose.logical_id(ENTRY, self._id(entry)))
        return planned_entry(resource.properties) if resource else entry

    @property
    def _outside(self) -> Sequence[Span]:
        left: list[Span] = [EVERYWHERE]
        for block in self.network.blocks:
            left = [part for span in left for part in span.minus(block)]
        return left

    def _reached(self) -> list[Subnet]:
        return [each for each in self.subnets if INTERNET in ways_in(self.network, each, self._outside)]

    def _id(self, entry: AclEntry) -> str:
        return f"{self.acl.id}|in|{entry.number}"

    def _exposure(self, entry: AclEntry, reached: Sequence[Subnet]) -> Exposure:
        id = self._id(entry)
        drifted = self.whose.is_required(ENTRY, id)
        words = ("--network-acl-id", self.acl.id, "--ingress", "--rule-number", str(entry.number))
        return Exposure(
            self.acl.id,
            self.whose.logical_id(ACL, self.acl.id),
            f"{traffic(entry.protocol, entry.ports)} from {source(entry.peers)} (entry {entry.number})",
            f"what stands in {named_subnets(reached, self.whose)} to the internet, as far as groups admit it",
            "",
            OTHERWISE if drifted else self.whose.origin(ENTRY, id),
            self.whose.apply if drifted else self.whose.remedy(ENTRY, id, "ec2", "delete-network-acl-entry", *words),
        )
