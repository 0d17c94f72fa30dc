"""What machines of an existing VPC are told by DHCP: their name servers, and the domain that their names end in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from ocpprov.checks.result import Check, failed, warned
from ocpprov.plan.openshift_table import LABEL

AWS_DNS: Final = "AmazonProvidedDNS"
_RESOLVER: Final = "169.254.169.253"
"""AWS's resolver in every VPC; it has the third address of the VPC's first block, too (AWS's "DNS attributes")."""


@dataclass(frozen=True)
class DhcpTold:
    """`domain_names` and `name_servers` as the options have them, each in any number. Where there are no options of
    one's own, AWS's hold."""

    domain_names: Sequence[str] = ()
    name_servers: Sequence[str] = (AWS_DNS,)

    def other_servers(self, blocks: Sequence[IPv4Network]) -> list[str]:
        """The name servers that aren't AWS's resolver; `blocks` are the VPC's, its primary one first."""
        own = {AWS_DNS, _RESOLVER, *(str(block[2]) for block in blocks[:1])}
        return [each for each in self.name_servers if each not in own]


def dhcp_options(vpc_id: str, told: DhcpTold, blocks: Sequence[IPv4Network]) -> Iterator[Check]:
    """What is wrong with it. Whether machines can be reached under their names is the cluster's affair, so it is for
    warnings; without any name server nothing is found at all."""
    others = told.other_servers(blocks)
    if not told.name_servers:
        detail = f"{vpc_id}'s DHCP options name no name server: its machines find nothing by name"
        yield failed("vpc-name-servers", detail, f"use options with domain-name-servers = {AWS_DNS}")
    elif len(others) == len(told.name_servers):
        detail = f"{vpc_id}'s DHCP options name {', '.join(others)}, which has to know the VPC's private names"
        yield warned("vpc-name-servers", detail, f"forward them to AWS's resolver, or tell machines of {AWS_DNS}")
    # AWS takes several in one text, with spaces between them.
    domains = [domain for text in told.domain_names for domain in text.split()]
    wrong = list(_wrong(domains))
    if wrong:
        detail = f"{vpc_id}'s DHCP options have the domain {' '.join(domains)}: {'; '.join(wrong)}"
        yield warned("vpc-domain-name", detail, "use options with one domain in lower case, without a dot at its end")


def _wrong(domains: Sequence[str]) -> Iterator[str]:
    """Why machines with such names don't become nodes, or not under one name (machine-config-operator 4368 and 4729,
    cluster-machine-approver 248, kubernetes 79446)."""
    if len(domains) > 1:
        yield "machines have a name in each, and older releases make one of them all"
    if any(domain.endswith(".") for domain in domains):
        yield "with a dot at its end a name is no node's before 4.18"
    if any(domain != domain.lower() for domain in domains):
        yield "nodes' names are in lower case"
    plain = [domain.rstrip(".").lower() for domain in domains]
    if odd := [domain for domain in plain if not re.fullmatch(rf"({LABEL}\.)*{LABEL}", domain)]:
        yield f"{', '.join(odd)} can't be in a node's name"
