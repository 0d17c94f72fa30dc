"""Where a cluster's flows go: what a plan would have made, or what AWS has, as the port matrix is judged on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.needed_services import NeededService
from ocpprov.plan.model import OpenShift
from ocpprov.reachability.balancers import Balancer
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.network import Network, Place
from ocpprov.reachability.verdict import Verdict
from ocpprov.reachability.zones import Zone


@dataclass(frozen=True)
class Terrain:
    """What the flows go through: a network, where the machines of each party are in it (a party that there is none of
    is left out), the API's balancers by logical id, and endpoints by name, each with its service. `policies`: whether
    the endpoint of that name lets through what the party asks of its service. `region` is where it is, empty for what
    doesn't exist yet. `names`: where names lead, as rows. `zones` answer the machines. `needed` are services whose
    names no endpoint has, in a network without a way out. `silent` are ids of subnets that nobody is to ping from: the
    plan wants the documentation's network ACL for them, which admits TCP alone."""

    section: OpenShift
    network: Network
    places: Mapping[Party, Sequence[Place]]
    balancers: Mapping[str, Balancer]
    endpoints: Mapping[str, tuple[str, Endpoint]]
    policies: Mapping[tuple[str, Party], Verdict] = field(default_factory=dict)
    region: str = ""
    names: Sequence[MatrixRow] = ()
    zones: Sequence[Zone] = ()
    needed: Sequence[NeededService] = ()
    silent: Collection[str] = ()
