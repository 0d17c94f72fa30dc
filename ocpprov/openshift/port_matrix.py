"""Whether all that a cluster's machines, balancers and clients ask of each other arrives, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from ocpprov.openshift import classic
from ocpprov.openshift.given_servers import GivenServer, given_servers
from ocpprov.openshift.load_balancers import API_PORT, EXTERNAL, INTERNAL, MACHINE_CONFIG_PORT
from ocpprov.openshift.machine_flows import MACHINES, NODES, Flow, Party, flows
from ocpprov.openshift.matrix_row import AIR_GAP, NO_SUBNETS, MatrixRow, endpoint_row
from ocpprov.openshift.needed_services import is_closed
from ocpprov.openshift.subnet_pairs import SubnetPair
from ocpprov.openshift.terrain import Terrain
from ocpprov.plan.releases import release_of
from ocpprov.reachability.anywhere import anywhere
from ocpprov.reachability.aws_commands import aws_commands
from ocpprov.reachability.balancers import Balancer, from_outside, from_outside_by_any, from_place, health_checks
from ocpprov.reachability.endpoints import Endpoint, to_endpoint
from ocpprov.reachability.inward import inward
from ocpprov.reachability.network import HTTPS, ICMP, Place, Traffic
from ocpprov.reachability.openings import Opening, all_openings
from ocpprov.reachability.outward import outward
from ocpprov.reachability.paths import within
from ocpprov.reachability.placeholder_addresses import INTERNET, named
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Answer, Obstacle, Unread, Verdict, explained, together

_OF_BOOTSTRAP: Final = ("s3", "ec2")
"""What the bootstrap machine calls itself, as the permissions of its role say (template 04_cluster_bootstrap.yaml): it
fetches bootstrap.ign."""


def unresolved(terrain: Terrain) -> Sequence[GivenServer]:
    """The servers that the plan names and of which only others' DNS knows the addresses: nobody judges the way to
    them."""
    return [each for each in given_servers(terrain.section, terrain.zones) if not each.addresses]


def port_matrix(terrain: Terrain) -> Sequence[MatrixRow]:
    """All rows."""
    matrix = _Matrix(terrain)
    rows = [
        *matrix.machines(),
        *matrix.bootstrap_clients(),
        *matrix.balancers(),
        *matrix.endpoints(),
        *matrix.needed(),
        *matrix.outside(),
        *matrix.servers(),
        *terrain.names,
    ]
    rows = [replace(row, verdict=explained(row.verdict, terrain.network.closed)) for row in rows]
    stopped = (each for row in rows if row.wanted for each in row.verdict.obstacles)
    found = all_openings(terrain.network, stopped)
    return [_with_openings(terrain, row, found) for row in rows] if found else rows


def _with_openings(terrain: Terrain, row: MatrixRow, found: Mapping[Obstacle, Sequence[Opening]]) -> MatrixRow:
    own = {each: found[each] for each in row.verdict.obstacles} if row.wanted else {}
    options = ("--region", terrain.region)
    commands = {id: [line for one in each for line in aws_commands(one, options)] for id, each in own.items()}
    return replace(row, openings=own, commands=commands if terrain.region else {})


class _Matrix:
    """What is between the places of a terrain."""

    def __init__(self, terrain: Terrain) -> None:
        self._section = terrain.section
        self._network = terrain.network
        self._places = terrain.places
        self._balancers = terrain.balancers
        self._endpoints = terrain.endpoints
        self._policies = terrain.policies
        self._zones = terrain.zones
        self._needed = terrain.needed
        self._silent = terrain.silent

    def machines(self) -> Iterator[MatrixRow]:
        """Between machines, and from the machine network to them."""
        for flow in flows(release_of(self._section.version)):
            traffic = Traffic(flow.protocol, Span(*flow.ports), flow.answered)
            for sender in flow.senders:
                for receiver in flow.receivers:
                    if sender in self._places and receiver in self._places:
                        pairs = self._between(sender, receiver, traffic)
                        yield _row(flow, str(sender), str(receiver), pairs)

    def _between(self, sender: Party, receiver: Party, traffic: Traffic) -> Sequence[SubnetPair]:
        return [
            SubnetPair(source.subnet, target.subnet, within(self._network, source, target, traffic))
            for source in self._places[sender]
            for target in self._places[receiver]
            if traffic.protocol != ICMP or source.subnet.id not in self._silent
        ]

    def _from(self, party: Party, judge: Callable[[Place], Verdict]) -> Sequence[SubnetPair]:
        """From each of a party's subnets to something that isn't in one."""
        return [SubnetPair(place.subnet, None, judge(place)) for place in self._places[party]]

    def bootstrap_clients(self) -> Iterator[MatrixRow]:
        """From outside of the VPC, as far as the plan admits it and there is a way."""
        for flow in flows(release_of(self._section.version)):
            if Party.BOOTSTRAP_CLIENTS in flow.senders:
                traffic = Traffic(flow.protocol, Span(*flow.ports), flow.answered)
                for clients in self._outside_clients():
                    pairs = self._from(Party.BOOTSTRAP, partial(self._inward, clients, traffic))
                    yield _row(flow, named(clients), str(Party.BOOTSTRAP), pairs)

    def _inward(self, clients: Span, traffic: Traffic, place: Place) -> Verdict:
        return inward(self._network, clients, place, traffic)

    def _outside_clients(self) -> Iterator[Span]:
        """Of the block that the plan admits: somebody on the internet where it is everything and the machine has a
        public address; a block behind a transit gateway or a peering connection."""
        block = self._section.bootstrap_from
        places = self._places.get(Party.BOOTSTRAP, ())
        if block is None or not places:
            return
        asked = addresses(str(block))
        if asked == EVERYWHERE:
            yield from (INTERNET,) if places[0].public else ()
        elif places[0].public or any(block.subnet_of(each) for way in self._section.transit for each in way.cidrs):
            yield from () if any(asked.common(each) for each in self._network.blocks) else (asked,)

    def balancers(self) -> Iterator[MatrixRow]:
        """To the API and the machine configurations, and how the balancers learn who serves."""
        inside, outside = self._of_kind(INTERNAL, classic.INTERNAL), self._of_kind(EXTERNAL, classic.EXTERNAL)
        for port in (API_PORT, MACHINE_CONFIG_PORT):
            for party in self._there((*MACHINES, *((Party.MACHINE_NETWORK,) if port == API_PORT else ()))):
                for id, balancer in inside.items():
                    pairs = self._from(party, partial(self._to_balancer, balancer, port))
                    yield replace(_to_balancer(party, id, port, _of_all(pairs)), pairs=pairs)
        for id, balancer in outside.items():
            verdict = from_outside(self._network, INTERNET, balancer, API_PORT)
            yield _to_balancer(Party.INTERNET, id, API_PORT, verdict)
            stray = from_outside_by_any(self._network, INTERNET, balancer, MACHINE_CONFIG_PORT)
            by = tuple(listener.id for listener in balancer.on(MACHINE_CONFIG_PORT))
            yield replace(_to_balancer(Party.INTERNET, id, MACHINE_CONFIG_PORT, stray), wanted=False, by=by)
        for id, balancer in {**inside, **outside}.items():
            yield from self._health_checks(
                id, balancer, (API_PORT, MACHINE_CONFIG_PORT) if id in inside else (API_PORT,)
            )

    def _to_balancer(self, balancer: Balancer, port: int, place: Place) -> Verdict:
        return from_place(self._network, place, balancer, port)

    def _of_kind(self, *ids: str) -> Mapping[str, Balancer]:
        return {id: self._balancers[id] for id in ids if id in self._balancers}

    def _health_checks(self, id: str, balancer: Balancer, ports: Sequence[int]) -> Iterator[MatrixRow]:
        """Behind the ports that are a cluster's, each once."""
        groups = [group for port in ports for listener in balancer.on(port) for group in listener.target_groups]
        for (_, asked), group in {(group.id, group.health_port): group for group in groups}.items():
            verdict = health_checks(self._network, balancer, group)
            yield MatrixRow("health checks", "LB-HEALTH", id, str(Party.CONTROL_PLANE), "tcp", str(asked), verdict)

    def endpoints(self) -> Iterator[MatrixRow]:
        """From the machines to each AWS service by its endpoint."""
        for id, (service, endpoint) in self._endpoints.items():
            word = service.rpartition(".")[2]
            row = endpoint_row(service)
            for party in self._there(MACHINES if word in _OF_BOOTSTRAP else NODES):
                pairs = self._from(party, partial(self._to_endpoint, endpoint))
                verdict = together([_of_all(pairs), self._policies.get((id, party), ARRIVES)])
                also = AIR_GAP if is_closed(self._section) and row != AIR_GAP else ""
                yield MatrixRow(service, row, str(party), id, "tcp", "443", verdict, pairs=pairs, also=also)

    def needed(self) -> Iterator[MatrixRow]:
        """To the services without which no cluster comes up, where no endpoint has their names."""
        for service in self._needed:
            for party in self._there(NODES):
                pairs = self._from(party, self._to_internet)
                way = _of_all(pairs)
                out = MatrixRow(service.name, AIR_GAP, str(party), "internet", "tcp", "443", way, pairs=pairs)
                if service.zone:
                    yield replace(out, target=service.zone, verdict=Verdict(beyond=(service.zone,)), pairs=())
                elif way.answer is not Answer.NO:
                    yield out
                elif proxy := self._section.proxy:
                    by = proxy.https or proxy.http
                    yield replace(out, target="proxy", verdict=Verdict(beyond=(by.host if by else "proxy",)), pairs=())
                elif service.unread:
                    yield replace(out, verdict=Verdict(unread=(Unread(service.unread),)), pairs=())
                else:
                    yield replace(out, lacks=service)

    def _to_internet(self, place: Place) -> Verdict:
        return outward(self._network, place, INTERNET, HTTPS)

    def _to_endpoint(self, endpoint: Endpoint, place: Place) -> Verdict:
        return to_endpoint(self._network, place, endpoint)

    def outside(self) -> Iterator[MatrixRow]:
        """To the internet, and to the networks behind transit gateways and peering connections. In a network of others
        a proxy is the way out, where there is one."""
        named = bool(self._section.vpc_id or self._section.subnets)
        if self._section.egress != "none" and not (named and self._section.proxy):
            yield from self._to("internet", "NET-NAT", INTERNET)
        for way in self._section.transit:
            for block in way.cidrs:
                yield from self._to(str(block), "NET-TRANSIT", addresses(str(block)))

    def servers(self) -> Iterator[MatrixRow]:
        """To those that the plan names, as far as their addresses are known."""
        for server in given_servers(self._section, self._zones):
            for party in self._there(MACHINES if server.addresses else ()):
                for asked in server.asked:
                    pairs = [
                        pair
                        for address in server.addresses
                        for pair in self._from(party, partial(self._anywhere, addresses(address), asked))
                    ]
                    yield _named(server.name, server.requirement, party, server.host, asked, pairs)

    def _anywhere(self, target: Span, traffic: Traffic, place: Place) -> Verdict:
        return anywhere(self._network, place, target, traffic)

    def _there(self, parties: Iterable[Party]) -> Iterator[Party]:
        return (party for party in parties if party in self._places)

    def _to(self, name: str, row: str, target: Span) -> Iterator[MatrixRow]:
        for party in self._there(MACHINES):
            pairs = self._from(party, partial(self._outward, target))
            yield _named("HTTPS", row, party, name, HTTPS, pairs)

    def _outward(self, target: Span, place: Place) -> Verdict:
        return outward(self._network, place, target, HTTPS)


def _to_balancer(party: Party, id: str, port: int, verdict: Verdict) -> MatrixRow:
    name = "API" if port == API_PORT else "machine configurations"
    return MatrixRow(name, "LB-REACH", str(party), id, "tcp", str(port), verdict)


def _of_all(pairs: Sequence[SubnetPair]) -> Verdict:
    """What all subnets find."""
    return together(pair.verdict for pair in pairs) if pairs else Verdict(unread=(NO_SUBNETS,))


def _named(name: str, row: str, party: Party, target: str, traffic: Traffic, pairs: Sequence[SubnetPair]) -> MatrixRow:
    """A flow to one port of something with a name."""
    port = str(traffic.ports.first)
    return MatrixRow(name, row, str(party), target, traffic.protocol, port, _of_all(pairs), pairs=pairs)


def _row(flow: Flow, source: str, target: str, pairs: Sequence[SubnetPair]) -> MatrixRow:
    first, last = flow.ports
    ports = "" if flow.protocol not in ("tcp", "udp") else str(first) if first == last else f"{first}-{last}"
    return MatrixRow(flow.name, flow.row, source, target, flow.protocol, ports, _of_all(pairs), pairs=pairs)
