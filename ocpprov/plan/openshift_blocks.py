"""The blocks of an `openshift` section's subnets."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from itertools import islice
from typing import Final

from ocpprov.plan.model import OpenShift, SubnetCIDRs

MAX_ZONES: Final = 3


def subnet_blocks(section: OpenShift) -> SubnetCIDRs:
    """The subnets' blocks, by zone index.

    Without `subnetCIDRs` they are the first six blocks of 2^subnetBits addresses of the machine network: three public
    ones, then three private ones, however many zones there are, so that a zone added later moves nothing.
    Raises ValueError where the machine network has no room for six.
    """
    if section.subnet_cidrs is not None:
        return section.subnet_cidrs
    prefix = 32 - section.subnet_bits
    machine = section.machine_network
    if machine.num_addresses < 2 * MAX_ZONES * 2**section.subnet_bits:
        raise ValueError(f"{machine} has no room for {2 * MAX_ZONES} subnets of {section.subnet_bits} bits")
    blocks: list[IPv4Network] = list(islice(machine.subnets(new_prefix=prefix), 2 * MAX_ZONES))
    return SubnetCIDRs(public=blocks[:MAX_ZONES], private=blocks[MAX_ZONES:])


def made_blocks(section: OpenShift) -> Sequence[IPv4Network]:
    """Those of the subnets that the plan makes: none where it names existing ones. Raises ValueError as above."""
    if section.subnets:
        return ()
    zones = section.zones if isinstance(section.zones, int) else len(section.zones)
    blocks = subnet_blocks(section)
    return [*(blocks.public[:zones] if section.public_subnets else ()), *blocks.private[:zones]]
