"""Whether the subnets that are there have the addresses that a plan, and the cluster after it, takes in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import Final

from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.openshift.subnet_addresses import BALANCER_NEEDS, Uses

CHECK: Final = "subnet-addresses"
_CONTROL_PLANE: Final = 3
_COMPUTE: Final = 2


def free_addresses(
    uses: Mapping[str, Uses], free: Mapping[str, int], machines: Iterable[str], routers: Iterable[str]
) -> Iterator[Check]:
    """A result for each subnet that is short of addresses, or one word that none is. `uses` is what the run puts there,
    `free` what AWS says, both by the subnets' ids: of one that isn't in it nothing is known. `machines` are the subnets
    of the machines that are still to come, none where they are there; `routers` those of the router's balancer."""
    places, router = list(machines), set(routers)
    short = False
    for id, count in sorted(free.items()):
        own = uses.get(id, Uses())
        if count < own.needed:
            short = True
            yield failed(CHECK, f"{id} has {count} free addresses, and {own.needed} are needed: {own}", _REMEDY)
            continue
        later = cluster_needs(id, places, router)
        if later and count - own.taken < later:
            short = True
            left = f"{id} has {count} free addresses, {own.taken} of them for this plan"
            yield warned(
                CHECK, f"{left}; a cluster of {_CONTROL_PLANE + _COMPUTE} machines needs {later} more", _REMEDY
            )
    if free and not short:
        yield passed(CHECK, f"{', '.join(sorted(free))} have enough: {min(free.values())} free or more")


_REMEDY: Final = "free some there, or name a larger subnet"


def cluster_needs(subnet: str, machines: list[str], routers: set[str]) -> int:
    """What the smallest cluster of several machines takes in a subnet: its share of the control plane and of the
    compute machines, the bootstrap machine, and what AWS wants free for the router's load balancer."""
    router = BALANCER_NEEDS if machines and subnet in routers else 0
    if subnet not in machines:
        return router
    return ceil(_CONTROL_PLANE / len(machines)) + ceil(_COMPUTE / len(machines)) + 1 + router
