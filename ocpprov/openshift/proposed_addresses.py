"""Addresses for machines that aren't there yet, so that they can be started with them and named in the plan before.

The same ones each time: where a machine stands is its own, and where none does it is the first from the tenth on that
nobody has, of the private subnet whose turn it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from itertools import islice
from typing import Final

from ocpprov.openshift.layout import Layout
from ocpprov.openshift.machines import Machines
from ocpprov.openshift.placed_subnets import placed_subnets
from ocpprov.plan.model import Output

CONTROL_PLANE: Final = 3
"""Machines of a control plane, as every release has it."""
_FIRST: Final = 10
"""AWS keeps the first four of a subnet; its own interfaces are given any."""


def address_outputs(layout: Layout, machines: Machines, taken: Collection[str]) -> Iterator[Output]:
    """The control plane's addresses in the order of the machines' numbers, and the bootstrap machine's: those that the
    plan names, of the machines that are there, or proposed. `taken` are addresses of the subnets that somebody else
    has. None where the subnets are full. Raises ValueError where the subnets' blocks can't be known."""
    section = layout.section
    blocks = [IPv4Network(subnet.cidr) for subnet in placed_subnets(layout) if not subnet.public]
    used = {*taken, *(machine.address for machine in machines.all)}
    standing = {number: machine.address for number, machine in machines.control_plane.items()}
    named = None if section.control_plane_auto else section.control_plane_addresses
    addresses = tuple(named or _proposed(blocks, CONTROL_PLANE, standing, used))
    if len(addresses) >= (len(named) if named else CONTROL_PLANE):
        purpose = "Of the control plane's machines: to start them with, and for controlPlane.addresses"
        yield Output("ControlPlaneAddresses", ",".join(addresses), purpose, addresses)
    if not section.bootstrap:
        return
    standing = {0: machines.bootstrap.address} if machines.bootstrap else {}
    known = "" if section.bootstrap_auto else section.bootstrap_address
    bootstrap = known or next(_proposed(blocks, 1, standing, used | set(addresses)), "")
    if bootstrap:
        yield Output("BootstrapAddress", bootstrap, "Of the bootstrap machine: to start it with, and for its address")


def _proposed(
    blocks: Sequence[IPv4Network], count: int, standing: Mapping[int, str], used: Collection[str]
) -> Iterator[str]:
    """As many addresses as there are to be machines, by their numbers: a machine's own, or the first free one in the
    zone whose turn it is."""
    gone = set(used)
    free = (number for number in range(count) if number not in standing)
    numbers = [*standing, *islice(free, max(0, count - len(standing)))]
    for number in sorted(numbers):
        address = standing.get(number) or _free(blocks[number % len(blocks)], gone)
        if address:
            gone.add(address)
            yield address


def _free(block: IPv4Network, used: Collection[str]) -> str:
    hosts = (str(block[index]) for index in range(min(_FIRST, block.num_addresses), block.num_addresses - 1))
    return next((address for address in hosts if address not in used), "")
