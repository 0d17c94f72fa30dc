"""Whom the security groups of an existing interface endpoint let in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from ocpprov.reachability.network import HTTPS, Network, SecurityGroup
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import addresses
from ocpprov.reachability.verdict import Answer


@dataclass(frozen=True)
class GroupAdmission:
    """`groups` are all that the interface has, by id; `known` those of them that may be read, with their rules."""

    groups: Sequence[str]
    known: Mapping[str, SecurityGroup]

    def shut_out(self, blocks: Sequence[IPv4Network]) -> list[IPv4Network]:
        """Those of the blocks that the groups certainly don't admit as a whole, whatever groups machines may wear."""
        network, groups = Network("", security_groups=self.known), self.groups or None
        found = {
            block: through_groups(network, groups, "ingress", HTTPS, addresses(str(block)), more_groups=True)
            for block in blocks
        }
        return [block for block, verdict in found.items() if verdict.answer is Answer.NO]
