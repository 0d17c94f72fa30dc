"""Whether all that a cluster's machines, balancers and clients ask of each other arrives, row by row, on a plan's
resources: before anything exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.load_balancers import API_PORT, EXTERNAL, INTERNAL, MACHINE_CONFIG_PORT
from ocpprov.openshift.machine_flows import MACHINES, NODES, Flow, Party, flows
from ocpprov.openshift.security import BOOTSTRAP, MASTER, WORKER
from ocpprov.plan.releases import release_of
from ocpprov.reachability.balancers import Balancer, from_outside, from_place, health_checks
from ocpprov.reachability.endpoints import HTTPS, to_endpoint
from ocpprov.reachability.from_resources import id_of, planned_endpoints, planned_network
from ocpprov.reachability.network import Network, Place, Traffic
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.planned_balancers import planned_balancers
from ocpprov.reachability.spans import Span, addresses
from ocpprov.reachability.stand_ins import INTERNET
from ocpprov.reachability.verdict import Answer, Verdict, together

_ENDPOINT_ROWS: Final = {"s3": "NET-S3", "ec2": "NET-EC2", "elasticloadbalancing": "NET-ELB"}


@dataclass(frozen=True)
class MatrixRow:
    """One flow between two parties. `requirement` is the row of the requirements that it belongs to; `wanted` is False
    for what must not arrive. `verdict` is about all pairs of their subnets together."""

    name: str
    requirement: str
    source: str
    target: str
    protocol: str
    ports: str
    verdict: Verdict
    wanted: bool = True

    @property
    def traffic(self) -> str:
        """Protocol and ports, as a rule would name them."""
        protocol = f"protocol {self.protocol}" if self.protocol.isdigit() else self.protocol
        return f"{protocol} {self.ports}".rstrip()

    @property
    def answer(self) -> Answer:
        """Whether it is as it should be."""
        found = self.verdict.answer
        if self.wanted or found is Answer.UNKNOWN:
            return found
        return Answer.NO if found is Answer.YES else Answer.YES


def planned_matrix(layout: Layout, resources: Iterable[Resource]) -> Sequence[MatrixRow]:
    """All rows. `resources` are those of the whole plan, rules as resources of their own. Raises ValueError where the
    plan makes no VPC: then only AWS knows it."""
    known = list(resources)
    matrix = _Matrix(layout, known, planned_network(known))
    return [*matrix.machines(), *matrix.balancers(), *matrix.endpoints(), *matrix.outside()]


class _Matrix:
    """A plan's places, and what is between them."""

    def __init__(self, layout: Layout, resources: Sequence[Resource], network: Network) -> None:
        self._section = layout.section
        self._network = network
        self._resources = resources
        private = self._subnets(layout.private_subnets)
        bootstrap = self._subnets(layout.public_subnets) or private
        self._places: Mapping[Party, Sequence[Place]] = {
            Party.CONTROL_PLANE: [Place(network.subnets[each], (MASTER,)) for each in private],
            Party.COMPUTE: [Place(network.subnets[each], (WORKER,)) for each in private],
            Party.BOOTSTRAP: [Place(network.subnets[each], (MASTER, BOOTSTRAP)) for each in bootstrap]
            if layout.section.bootstrap
            else [],
            Party.MACHINE_NETWORK: [Place(each) for each in network.subnets.values()],
        }
        self._balancers = planned_balancers(resources, self._places[Party.CONTROL_PLANE])

    def _subnets(self, values: Iterable[Value]) -> list[str]:
        return [id for id in map(id_of, values) if id in self._network.subnets]

    def machines(self) -> Iterator[MatrixRow]:
        """Between machines, and from the machine network to them."""
        for flow in flows(release_of(self._section.version)):
            traffic = Traffic(flow.protocol, Span(*flow.ports), flow.answered)
            for sender in flow.senders:
                for receiver in flow.receivers:
                    verdict = self._between(sender, receiver, traffic)
                    yield _row(flow, str(sender), str(receiver), verdict)

    def _between(self, sender: Party, receiver: Party, traffic: Traffic) -> Verdict:
        return together(
            within(self._network, source, target, traffic)
            for source in self._places[sender]
            for target in self._places[receiver]
        )

    def balancers(self) -> Iterator[MatrixRow]:
        """To the API and the machine configurations, and how the balancers learn who serves."""
        if internal := self._balancers.get(INTERNAL):
            for port in (API_PORT, MACHINE_CONFIG_PORT):
                for party in (*MACHINES, *((Party.MACHINE_NETWORK,) if port == API_PORT else ())):
                    if self._places[party]:
                        yield self._to_balancer(party, internal, port)
        if external := self._balancers.get(EXTERNAL):
            for port, wanted in ((API_PORT, True), (MACHINE_CONFIG_PORT, False)):
                verdict = from_outside(self._network, INTERNET, external, port)
                source, target = str(Party.INTERNET), external.id
                yield MatrixRow("API" if wanted else "machine configurations", "LB-REACH", source, target, "tcp",
                                str(port), verdict, wanted)  # fmt: skip
        for balancer in self._balancers.values():
            yield from self._health(balancer)

    def _to_balancer(self, party: Party, balancer: Balancer, port: int) -> MatrixRow:
        verdict = together(from_place(self._network, place, balancer, port) for place in self._places[party])
        name = "API" if port == API_PORT else "machine configurations"
        return MatrixRow(name, "LB-REACH", str(party), balancer.id, "tcp", str(port), verdict)

    def _health(self, balancer: Balancer) -> Iterator[MatrixRow]:
        for listener in balancer.listeners:
            for group in listener.target_groups:
                verdict = health_checks(self._network, balancer, group)
                target = str(Party.CONTROL_PLANE)
                yield MatrixRow(
                    "health checks", "LB-HEALTH", balancer.id, target, "tcp", str(group.health_port), verdict
                )

    def endpoints(self) -> Iterator[MatrixRow]:
        """From the machines to each AWS service by its endpoint."""
        for id, (service, endpoint) in planned_endpoints(self._resources).items():
            row = _ENDPOINT_ROWS.get(service.rpartition(".")[2], "AIR-GAP")
            for party in NODES:
                verdict = together(to_endpoint(self._network, place, endpoint) for place in self._places[party])
                yield MatrixRow(service, row, str(party), id, "tcp", "443", verdict)

    def outside(self) -> Iterator[MatrixRow]:
        """To the internet, and to the networks behind transit gateways and peering connections."""
        if self._section.egress != "none":
            yield from self._to("internet", "NET-NAT", INTERNET)
        for way in self._section.transit:
            for block in way.cidrs:
                yield from self._to(str(block), "NET-TRANSIT", addresses(str(block)))

    def _to(self, name: str, row: str, target: Span) -> Iterator[MatrixRow]:
        for party in NODES:
            verdict = together(outward(self._network, place, target, HTTPS) for place in self._places[party])
            yield MatrixRow("HTTPS", row, str(party), name, "tcp", "443", verdict)


def _row(flow: Flow, source: str, target: str, verdict: Verdict) -> MatrixRow:
    first, last = flow.ports
    ports = "" if flow.protocol not in ("tcp", "udp") else str(first) if first == last else f"{first}-{last}"
    return MatrixRow(flow.name, flow.row, source, target, flow.protocol, ports, verdict)
