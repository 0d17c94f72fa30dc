"""Addresses that can't be: an `openshift` section's networks against each other, against what the world and AWS keep
for themselves, and its machines' addresses against their subnets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.plan.model import OpenShift
from ocpprov.plan.openshift_blocks import made_blocks
from ocpprov.plan.reserved_blocks import RESERVED

_TEN: Final = IPv4Network("10.0.0.0/8")
_PRIVATE: Final = (_TEN, IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_AWS_OWN: Final = IPv4Network("198.19.0.0/16")
_FIRST_TEN: Final = IPv4Network("10.0.0.0/16")
_FIRST_TENS: Final = IPv4Network("10.0.0.0/15")
_DEFAULT_VPCS: Final = IPv4Network("172.31.0.0/16")

_LARGEST_OF_SERVICES: Final = 12
_KEPT_FIRST: Final = 4
"""Addresses at the beginning of each subnet that AWS reserves, and one at its end ("Subnet CIDR blocks")."""


def address_problems(section: OpenShift, *, more_subnets: bool = False) -> Iterator[Problem]:
    """Paths below the section, each with what is wrong there. `more_subnets`: the plan makes subnets outside of it."""
    machine = _machine_networks(section)
    for path, network in (*machine, *_cluster_networks(section)):
        for each in RESERVED:
            if network.overlaps(each.block):
                hint = "choose one of the private blocks, such as 10.0.0.0/16"
                yield Problem(path, f"{network}: {each.block} is {each.whose}", hint)
    yield from _overlaps(section, machine)
    yield from _services(section)
    if section.further_networks:
        yield from _restricted(machine)
    yield from _subnets(section, more_subnets=more_subnets)


def _machine_networks(section: OpenShift) -> list[tuple[str, IPv4Network]]:
    more = enumerate(section.more_machine_networks, start=1)
    return [
        ("machineNetwork", section.machine_network),
        *((f"machineNetwork[{number}]", network) for number, network in more),
        *((f"secondaryNetworks[{number}]", network) for number, network in enumerate(section.secondary_networks)),
    ]


def _cluster_networks(section: OpenShift) -> list[tuple[str, IPv4Network]]:
    given = {"clusterNetwork": section.cluster_network, "serviceNetwork": section.service_network}
    return [(f"{name}[{number}]", block) for name, blocks in given.items() for number, block in enumerate(blocks)]


def _services(section: OpenShift) -> Iterator[Problem]:
    """openshift-install takes one service network (pkg/types/validation), and Kubernetes none larger than a /12."""
    if len(section.service_network) > 1:
        yield Problem(
            "serviceNetwork[1]", f"{len(section.service_network)} service networks are too many", "one is taken"
        )
    for number, block in enumerate(section.service_network):
        if block.prefixlen < _LARGEST_OF_SERVICES:
            hint = f"/{_LARGEST_OF_SERVICES} or smaller, as Kubernetes takes it"
            yield Problem(f"serviceNetwork[{number}]", f"{block} has a /{block.prefixlen}", hint)


def _overlaps(section: OpenShift, machine: Sequence[tuple[str, IPv4Network]]) -> Iterator[Problem]:
    """The addresses of machines, pods and services are each others' neighbours: openshift-install refuses networks that
    overlap (pkg/types/validation/installconfig.go)."""
    cluster = _cluster_networks(section)
    pairs = [(one, other) for one in machine for other in cluster]
    for one, other in (*pairs, *combinations(cluster, 2)):
        if one[1].overlaps(other[1]):
            # At the place that the plan has: a default has none.
            (path, block), (against, around) = sorted((one, other), key=lambda each: not _is_given(section, each[0]))
            default = "" if _is_given(section, against) else ", as nothing else is given"
            name = against.partition("[")[0]
            yield Problem(path, f"{block} overlaps the {name} {around}{default}", _instead(path, against))


def _instead(path: str, against: str) -> str:
    names = {path.partition("[")[0], against.partition("[")[0]} & {"clusterNetwork", "serviceNetwork"}
    return f"choose another block, or another {' or '.join(sorted(names))} here and in install-config.yaml"


def _is_given(section: OpenShift, path: str) -> bool:
    return f"openshift.{path.partition('[')[0]}" in section.positions


def _restricted(machine: Sequence[tuple[str, IPv4Network]]) -> Iterator[Problem]:
    """What AWS doesn't add to a VPC, by the block that it has first ("IPv4 CIDR block association restrictions")."""
    _, first = machine[0]
    for path, block in machine[1:]:
        if not block.overlaps(first) and (reason := _why_restricted(block, first)):
            yield Problem(path, f"AWS adds {block} to no VPC that has {first}: {reason}", "choose another block")


def _why_restricted(block: IPv4Network, first: IPv4Network) -> str:
    private = _private(block)
    if private is not None and private != _private(first):
        return "private blocks of RFC 1918 don't mix" if _private(first) else "a private block has to be the first"
    if block.subnet_of(_AWS_OWN) and not first.subnet_of(_AWS_OWN):
        return f"{_AWS_OWN} is its own"
    if block.subnet_of(_FIRST_TEN) and first.subnet_of(_FIRST_TENS):
        return f"{_FIRST_TEN} isn't added beside a block of {_FIRST_TENS}"
    if block.subnet_of(_DEFAULT_VPCS):
        return f"{_DEFAULT_VPCS} isn't added to others of 172.16.0.0/12"
    return ""


def _private(block: IPv4Network) -> IPv4Network | None:
    return next((each for each in _PRIVATE if block.subnet_of(each)), None)


def machine_addresses(section: OpenShift) -> Mapping[str, str]:
    """The machines' addresses by their paths."""
    given = {f"controlPlane.addresses[{number}]": one for number, one in enumerate(section.control_plane_addresses)}
    return {**given, **({"bootstrap.address": section.bootstrap_address} if section.bootstrap_address else {})}


def _subnets(section: OpenShift, *, more_subnets: bool) -> Iterator[Problem]:
    """Addresses that no machine in the plan's subnets can have. Elsewhere there may be others' subnets, in a VPC that
    exists, or the plan's own outside of the section."""
    try:
        blocks = made_blocks(section)
    except ValueError:
        return
    if not blocks:
        return
    for path, text in machine_addresses(section).items():
        address = IPv4Address(text)
        around = next((block for block in blocks if address in block), None)
        if around is None:
            inside = any(address in network for network in section.networks)
            if inside and not section.vpc_id and not more_subnets:
                shown = ", ".join(map(str, blocks))
                yield Problem(path, f"{address} is in no subnet of the plan", f"an address in one of {shown}")
        elif is_kept(address, around):
            hint = f"{around[_KEPT_FIRST]} to {around[-2]}"
            yield Problem(path, f"AWS reserves {address}: the first four and the last of {around}", hint)


def is_kept(address: IPv4Address, subnet: IPv4Network) -> bool:
    """Whether AWS reserves an address of a subnet."""
    return address in (*(subnet[number] for number in range(_KEPT_FIRST)), subnet[-1])
