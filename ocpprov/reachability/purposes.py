"""What a plan's rules, routes, associations and ACL entries are for, and whether that is so on a network as it is: by
themselves, or by something else that does the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.reachability.endpoints import HTTPS
from ocpprov.reachability.from_resources import id_of, ids_of, planned_entry, planned_rule
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    ICMP,
    REMAPPED_PORTS,
    WITH_PORTS,
    AclEntry,
    GroupRule,
    Network,
    NetworkAcl,
    Place,
    RouteTable,
    Subnet,
    Traffic,
)
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.outward import of_the_internet, outward
from ocpprov.reachability.security_groups import admitting, through_groups
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Answer, Direction, Verdict, together

Properties = Mapping[str, Any]

_ALL: Final = (AclEntry(1, True, ALL_PROTOCOLS, EVERYWHERE),)
_TO_THE_INTERNET: Final = ("GatewayId", "NatGatewayId")
_OUT_OF_SIGHT: Final = (
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NetworkInterfaceId",
    "GatewayId",
)
"""A route's target, behind which nobody may see from here."""


@dataclass(frozen=True)
class Purpose:
    """`verdict` is about all that one resource is there to let through, or to lead somewhere. `by` are AWS's ids of
    what does it: rules of the group, or the subnets' route tables or network ACLs. `beyond` is what the plan itself
    hands traffic to. `of` are the properties that it is about, where it isn't about the whole resource."""

    verdict: Verdict
    by: Sequence[str] = ()
    beyond: Collection[str] = ()
    of: Collection[str] = ()

    @property
    def is_met(self) -> bool:
        """Proven, and not by something out of sight that the plan doesn't name."""
        return self.verdict.answer is Answer.YES and set(self.verdict.beyond) <= set(self.beyond)


def purposes(
    resources: Iterable[Resource],
    live: Network,
    places: Collection[Place],
    live_id: Callable[[str], str],
    groups: Mapping[str, Sequence[str]],
) -> dict[str, Purpose]:
    """By logical id, of those of which it can be told. `resources` are a plan's, rules as resources of their own;
    `places` is where the machines are, with their groups; `live_id` gives AWS's id of a logical id, any other id as it
    is; `groups` are those that endpoints have, by AWS's ids."""
    asked = _Asked(resources, live, places, live_id)
    network = [*asked.routes(), *asked.tables(), *asked.entries(), *asked.acls()]
    return dict([*asked.rules(), *asked.endpoints(groups), *network])


class _Asked:
    """A plan's resources by type, and the network that is asked about them."""

    def __init__(
        self,
        resources: Iterable[Resource],
        live: Network,
        places: Collection[Place],
        live_id: Callable[[str], str],
    ) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        for each in resources:
            self._by_type.setdefault(each.type, []).append(each)
        self._live = live
        self._places = places
        self._live_id = live_id
        # Routes and tables are for ways; what an ACL closes is the ACL's matter.
        self._ways = replace(live, network_acls={id: NetworkAcl(id, _ALL, _ALL) for id in live.network_acls})

    def _of(self, type: str) -> Sequence[Resource]:
        return self._by_type.get(type, ())

    def _id(self, value: Any) -> str:
        return self._live_id(id_of(value))

    def rules(self) -> Iterator[tuple[str, Purpose]]:
        for each in self._of("AWS::EC2::SecurityGroupIngress"):
            yield from self._rule(planned_rule(each, "Source"), each.properties, "ingress")
        for each in self._of("AWS::EC2::SecurityGroupEgress"):
            yield from self._rule(planned_rule(each, "Destination"), each.properties, "egress")

    def _rule(self, rule: GroupRule, known: Properties, direction: Direction) -> Iterator[tuple[str, Purpose]]:
        """What it lets through, of all that its other side may be."""
        group, traffic = self._id(known["GroupId"]), Traffic(rule.protocol, rule.ports)
        sides = self._machines_in(rule) if group in self._endpoint_groups() else self._other_sides(rule)
        if rule.whole and sides:
            verdict = together(through_groups(self._live, [group], direction, traffic, *side) for side in sides)
            by = (id for side in sides for id in admitting(self._live, group, direction, traffic, *side))
            yield rule.id, Purpose(verdict, _each_once(by))

    def _endpoint_groups(self) -> set[str]:
        """Groups that endpoints have and no machine."""
        endpoints = self._of("AWS::EC2::VPCEndpoint")
        theirs = {self._live_id(id) for each in endpoints for id in ids_of(each.properties.get("SecurityGroupIds"))}
        return theirs - {group for place in self._places for group in place.groups or ()}

    def _machines_in(self, rule: GroupRule) -> list[tuple[Span, Sequence[str]]]:
        """Of all that a rule admits, who asks AWS's services: the machines."""
        machines = [place for place in self._places if place.groups]
        admitted = (
            (each.span.common(side), each.groups or ()) for side, _ in self._other_sides(rule) for each in machines
        )
        return [(span, groups) for span, groups in admitted if span is not None]

    def endpoints(self, groups: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Purpose]]:
        """Which groups are in front of an endpoint doesn't matter, as long as the machines get through."""
        for each in self._of("AWS::EC2::VPCEndpoint"):
            if own := groups.get(self._live_id(each.logical_id)):
                machines = [place for place in self._places if place.groups]
                through = (
                    through_groups(self._live, own, "ingress", HTTPS, place.span, place.groups) for place in machines
                )
                yield each.logical_id, Purpose(together(through), tuple(own), of=("SecurityGroupIds",))

    def _other_sides(self, rule: GroupRule) -> list[tuple[Span, Sequence[str]]]:
        """Addresses, and the groups of who has them; none where nobody knows them."""
        if rule.peers is not None:
            return [(rule.peers, ())]
        if rule.group:
            group = self._live_id(rule.group)
            members = [place for place in self._places if group in (place.groups or ())]
            # Members may be anywhere, as far as nobody says where they are.
            return [(each.span, each.groups or ()) for each in members] or [(EVERYWHERE, (group,))]
        return [(span, ()) for span in self._live.prefix_lists.get(rule.prefix_list, ())]

    def routes(self) -> Iterator[tuple[str, Purpose]]:
        for each in self._of("AWS::EC2::Route"):
            subnets = self._associated("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", each.properties)
            if subnets:
                yield each.logical_id, self._led(subnets, [each.properties])

    def tables(self) -> Iterator[tuple[str, Purpose]]:
        for each in self._of("AWS::EC2::SubnetRouteTableAssociation"):
            table = self._id(each.properties["RouteTableId"])
            routes = [route.properties for route in self._of("AWS::EC2::Route")]
            own = [route for route in routes if self._id(route["RouteTableId"]) == table]
            public = any(route.get("GatewayId") for route in own)
            for subnet in self._subnets([each.properties["SubnetId"]]):
                led = self._led([subnet], own)
                to_services = [self._to_service(_sender(subnet, public), id) for id in self._endpoints_of(table)]
                yield each.logical_id, replace(led, verdict=together([led.verdict, *to_services]))

    def _led(self, subnets: Sequence[Subnet], routes: Sequence[Properties]) -> Purpose:
        """Whether the subnets' own tables lead where these routes would."""
        beyond = [self._id(route[name]) for route in routes for name in _OUT_OF_SIGHT if route.get(name)]
        found = (
            outward(self._ways, _sender(subnet, bool(route.get("GatewayId"))), part, HTTPS)
            for subnet in subnets
            for route in routes
            for part in _destinations(route)
        )
        return Purpose(together(found), _each_once(subnet.route_table for subnet in subnets), beyond)

    def _endpoints_of(self, table: str) -> list[str]:
        """The gateway endpoints whose routes the plan wants in a table."""
        every = self._of("AWS::EC2::VPCEndpoint")
        tables = {each.logical_id: ids_of(each.properties.get("RouteTableIds")) for each in every}
        return [self._live_id(id) for id, named in tables.items() if table in map(self._live_id, named)]

    def _to_service(self, place: Place, endpoint: str) -> Verdict:
        """What has no route to the endpoint may get to the service, but not by what the plan names."""
        tables = self._live.route_tables
        own = tables.get(place.subnet.route_table, RouteTable(place.subnet.route_table))
        if any(route.target == endpoint for route in own.routes):
            return ARRIVES
        to_it = [route for table in tables.values() for route in table.routes if route.target == endpoint]
        spans = {span for route in to_it for span in self._live.prefix_lists.get(route.prefix_list, ())}
        found = together(outward(self._ways, place, span, HTTPS) for span in sorted(spans))
        return Verdict(found.obstacles, beyond=(endpoint,))

    def entries(self) -> Iterator[tuple[str, Purpose]]:
        for each in self._of("AWS::EC2::NetworkAclEntry"):
            subnets = self._associated("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId", each.properties)
            if subnets and _allows(each.properties):
                yield each.logical_id, self._through(subnets, [each.properties])

    def acls(self) -> Iterator[tuple[str, Purpose]]:
        for each in self._of("AWS::EC2::SubnetNetworkAclAssociation"):
            acl = self._id(each.properties["NetworkAclId"])
            entries = [entry.properties for entry in self._of("AWS::EC2::NetworkAclEntry")]
            own = [entry for entry in entries if self._id(entry["NetworkAclId"]) == acl]
            subnets = self._subnets([each.properties["SubnetId"]])
            if own and subnets and all(map(_allows, own)):
                yield each.logical_id, self._through(subnets, own)

    def _through(self, subnets: Sequence[Subnet], entries: Sequence[Properties]) -> Purpose:
        """Whether the subnets' own ACLs allow all that these entries would."""
        found = [
            verdict
            for known in entries
            for subnet in subnets
            for verdict in self._allowed(subnet, planned_entry(known), "egress" if known.get("Egress") else "ingress")
        ]
        return Purpose(together(found), _each_once(subnet.network_acl for subnet in subnets))

    def _allowed(self, subnet: Subnet, entry: AclEntry, direction: Direction) -> Iterator[Verdict]:
        for protocol in self._protocols(subnet, entry):
            yield through_acl(self._live, subnet, direction, Traffic(protocol, entry.ports), entry.peers)

    def _protocols(self, subnet: Subnet, entry: AclEntry) -> Sequence[str]:
        """All that the entry is about: each that the subnet's ACL may treat in a way of its own."""
        if entry.protocol != ALL_PROTOCOLS:
            return (entry.protocol,)
        acl = self._live.network_acls.get(subnet.network_acl, NetworkAcl(subnet.network_acl))
        return _each_once([*WITH_PORTS, ICMP, ALL_PROTOCOLS, *(each.protocol for each in (*acl.ingress, *acl.egress))])

    def _associated(self, type: str, member: str, known: Properties) -> list[Subnet]:
        """The subnets that the plan puts behind the table or the ACL of a route or an entry."""
        wanted = self._id(known[member])
        every = (each.properties for each in self._of(type))
        return self._subnets([each["SubnetId"] for each in every if self._id(each[member]) == wanted])

    def _subnets(self, values: Iterable[Any]) -> list[Subnet]:
        """Those of them that are there."""
        return [self._live.subnets[id] for id in map(self._id, values) if id in self._live.subnets]


def _sender(subnet: Subnet, public: bool) -> Place:
    """Who is meant to use a table: by an internet gateway goes what has a public address."""
    return Place(subnet, None, ephemeral=REMAPPED_PORTS, public=public)


def _destinations(route: Properties) -> Sequence[Span]:
    """By a gateway to the internet goes what is on the internet."""
    block = addresses(str(route["DestinationCidrBlock"]))
    return of_the_internet(block) if any(route.get(name) for name in _TO_THE_INTERNET) else (block,)


def _allows(known: Properties) -> bool:
    """Whether an entry allows something that can be asked about: not a single code of an ICMP type, and not IPv6."""
    if not known.get("CidrBlock"):
        return False
    entry = planned_entry(known)
    return entry.allow and entry.whole


def _each_once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
