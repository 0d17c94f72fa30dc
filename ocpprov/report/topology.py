"""Where a plan's network, balancers and zones of DNS lie: what its picture shows, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Any, Final

from ocpprov.kinds.contract import Kind
from ocpprov.report.things import Thing, target_of, targets_of

EXISTING: Final = "existing subnets"
"""The column of those of which the plan gives the id, and nobody has said in which zone they are."""


@dataclass(frozen=True)
class Item:
    """Something with a name, what it is, and what AWS calls it (empty while nobody knows)."""

    name: str
    detail: str = ""
    id: str = ""


class SubnetSort(Enum):
    """`PUBLIC`: its routes lead to the internet directly. `EXISTING`: the plan gives its id, and no more is known."""

    PUBLIC = "public"
    PRIVATE = "private"
    EXISTING = "existing"


@dataclass(frozen=True)
class SubnetPart:
    """A subnet. `way_out` says where its routes lead to, if not to the internet directly. `gateways` are the NAT
    gateways in it."""

    item: Item
    sort: SubnetSort
    way_out: str = ""
    gateways: Sequence[Item] = ()


@dataclass(frozen=True)
class ZonePart:
    """An availability zone, with the subnets in it: public ones first."""

    name: str
    subnets: Sequence[SubnetPart]


@dataclass(frozen=True)
class BalancerPart:
    """A load balancer; `zones` are the names of those it stands in."""

    item: Item
    external: bool
    zones: Sequence[str]


@dataclass(frozen=True)
class VpcPart:
    """A VPC with what is in it. `existing`: the plan gives its id and doesn't make it. `internet` are its internet
    gateways, `links` lead to other networks."""

    item: Item
    existing: bool
    zones: Sequence[ZonePart] = ()
    internet: Sequence[Item] = ()
    links: Sequence[Item] = ()
    balancers: Sequence[BalancerPart] = ()
    endpoints: Sequence[Item] = ()


@dataclass(frozen=True)
class DnsPart:
    """A zone of DNS with the names of its records, each with its type."""

    item: Item
    private: bool
    records: Sequence[str] = ()


@dataclass(frozen=True)
class Topology:
    """All of it. What a plan has beside (groups, roles, buckets) is in no place that could be shown."""

    vpcs: Sequence[VpcPart] = ()
    dns: Sequence[DnsPart] = ()

    @property
    def empty(self) -> bool:
        return not (self.vpcs or self.dns)


def topology(things: Sequence[Thing]) -> Topology:
    """The topology of what a plan wants, or of what AWS has."""
    return _Reading({thing.name: thing for thing in things}).topology()


_VPC: Final = "AWS::EC2::VPC"
_SUBNET: Final = "AWS::EC2::Subnet"
_INTERNET: Final = "AWS::EC2::InternetGateway"
_ATTACHMENT: Final = "AWS::EC2::VPCGatewayAttachment"
_NAT: Final = "AWS::EC2::NatGateway"
_ROUTE: Final = "AWS::EC2::Route"
_TABLE_LINK: Final = "AWS::EC2::SubnetRouteTableAssociation"
_BLOCK: Final = "AWS::EC2::VPCCidrBlock"
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_PEERING: Final = "AWS::EC2::VPCPeeringConnection"
_TRANSIT: Final = "AWS::EC2::TransitGatewayAttachment"
_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_ZONE: Final = "AWS::Route53::HostedZone"
_RECORD: Final = "AWS::Route53::RecordSet"
_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True)
class _Reading:
    things: Mapping[str, Thing]

    def topology(self) -> Topology:
        return Topology(tuple(map(self._vpc, self._networks)), tuple(map(self._dns, self._of(_ZONE))))

    def _of(self, *types: str) -> Iterator[Thing]:
        return (thing for thing in self.things.values() if thing.type in types)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {thing.id: thing.name for thing in self.things.values() if thing.id}

    def _named(self, value: object) -> str:
        """The logical id of what a value names, or AWS's where the plan has no such thing."""
        target = target_of(value)
        return self._names.get(target, target)

    def _all_named(self, value: object) -> list[str]:
        return [self._names.get(each, each) for each in targets_of(value) if each]

    @cached_property
    def _networks(self) -> Sequence[str]:
        """VPCs of the plan, then those that what it makes lies in."""
        inside = (self._named(each.properties.get("VpcId")) for each in self.things.values())
        given = (each for each in inside if each and each not in self.things)
        return [*dict.fromkeys([*(each.name for each in self._of(_VPC)), *given])]

    def _vpc(self, name: str) -> VpcPart:
        thing = self.things.get(name)
        zones = tuple(self._zones(name))
        return VpcPart(
            _item(thing, " ".join(self._blocks(name))) if thing else Item(name, "existing"),
            thing is None,
            zones,
            tuple(self._internet(each) for each in self._of(_ATTACHMENT) if self._lies_in(each, name)),
            tuple(self._links(name)),
            tuple(self._balancers(name, zones)),
            tuple(self._endpoint(each) for each in self._of(_ENDPOINT) if self._lies_in(each, name)),
        )

    def _lies_in(self, thing: Thing, vpc: str) -> bool:
        return self._named(thing.properties.get("VpcId")) == vpc

    def _blocks(self, vpc: str) -> Iterator[str]:
        yield _text(self.things[vpc].properties.get("CidrBlock"))
        yield from (_text(each.properties.get("CidrBlock")) for each in self._of(_BLOCK) if self._lies_in(each, vpc))

    def _zones(self, vpc: str) -> Iterator[ZonePart]:
        by_zone: dict[str, list[SubnetPart]] = {}
        for thing in self._of(_SUBNET):
            if self._lies_in(thing, vpc):
                zone = _text(thing.properties.get("AvailabilityZone")) or EXISTING
                by_zone.setdefault(zone, []).append(self._subnet(thing.name))
        for name in self._existing_subnets(vpc):
            by_zone.setdefault(EXISTING, []).append(self._subnet(name))
        for zone in sorted(by_zone, key=lambda each: (each == EXISTING, each)):
            yield ZonePart(zone, tuple(sorted(by_zone[zone], key=lambda each: each.sort is not SubnetSort.PUBLIC)))

    def _existing_subnets(self, vpc: str) -> Iterable[str]:
        """Those that something in the VPC stands in and the plan doesn't make."""
        inside = [each for each in self._of(_ENDPOINT, _TRANSIT) if self._lies_in(each, vpc)]
        if self._networks == [vpc]:
            inside += [*self._of(_BALANCER, _CLASSIC, _NAT, _TABLE_LINK)]
        named = (each for thing in inside for each in self._subnets_of(thing))
        return dict.fromkeys(each for each in named if each not in self.things)

    def _subnets_of(self, thing: Thing) -> list[str]:
        lists = (thing.properties.get("SubnetIds"), thing.properties.get("Subnets"))
        one = self._named(thing.properties.get("SubnetId"))
        return [*(each for value in lists for each in self._all_named(value)), *([one] if one else [])]

    def _subnet(self, name: str) -> SubnetPart:
        thing = self.things.get(name)
        tables = [
            self._named(each.properties.get("RouteTableId"))
            for each in self._of(_TABLE_LINK)
            if self._named(each.properties.get("SubnetId")) == name
        ]
        outs = [
            self._way(each) for each in self._of(_ROUTE) if self._named(each.properties.get("RouteTableId")) in tables
        ]
        ways = [name for name, default in outs if default and name]
        internet = {each for each in ways if self._is_internet(each)}
        gateways = [each for each in self._of(_NAT) if self._named(each.properties.get("SubnetId")) == name]
        sort = SubnetSort.PUBLIC if internet else SubnetSort.PRIVATE if thing else SubnetSort.EXISTING
        block = _text(thing.properties.get("CidrBlock")) if thing else ""
        return SubnetPart(
            Item(name, f"{sort.value} subnet {block}".rstrip(), thing.id if thing else ""),
            sort,
            ", ".join(dict.fromkeys(each for each in ways if each not in internet)),
            tuple(
                _item(each, f"NAT gateway, {each.properties.get('ConnectivityType') or 'public'}") for each in gateways
            ),
        )

    def _way(self, route: Thing) -> tuple[str, bool]:
        """What a route leads to, and whether everything else goes there."""
        properties = route.properties
        block = properties.get("DestinationCidrBlock") or properties.get("DestinationIpv6CidrBlock")
        targets = (value for key, value in properties.items() if key in _WAYS)
        return next((self._named(each) for each in targets if each), ""), block in _EVERYWHERE

    def _is_internet(self, name: str) -> bool:
        return name.startswith("igw-") or (name in self.things and self.things[name].type == _INTERNET)

    def _internet(self, attachment: Thing) -> Item:
        name = self._named(attachment.properties.get("InternetGatewayId") or attachment.properties.get("VpnGatewayId"))
        return _item(self.things[name], "internet gateway") if name in self.things else Item(name, "existing gateway")

    def _links(self, vpc: str) -> Iterator[Item]:
        for thing in self._of(_TRANSIT):
            if self._lies_in(thing, vpc):
                yield _item(thing, f"to transit gateway {self._named(thing.properties.get('TransitGatewayId'))}")
        for thing in self._of(_PEERING):
            ends = [self._named(thing.properties.get(each)) for each in ("VpcId", "PeerVpcId")]
            if vpc in ends:
                yield _item(thing, f"peering with {ends[1] if ends[0] == vpc else ends[0]}")

    def _balancers(self, vpc: str, zones: Sequence[ZonePart]) -> Iterator[BalancerPart]:
        place = {part.item.name: zone.name for zone in zones for part in zone.subnets}
        for thing in self._of(_BALANCER, _CLASSIC):
            stands_in = [each for each in self._subnets_of(thing) if each in place]
            if stands_in or (not self._subnets_of(thing) and self._networks[:1] == [vpc]):
                external = thing.properties.get("Scheme", "internet-facing") == "internet-facing"
                ports = ", ".join(dict.fromkeys(self._ports(thing)))
                scheme = "internet-facing" if external else "internal"
                detail = f"{scheme} load balancer{f', ports {ports}' if ports else ''}"
                names = tuple(sorted({place[each] for each in stands_in}))
                yield BalancerPart(_item(thing, detail), external, names)

    def _ports(self, balancer: Thing) -> Iterator[str]:
        own = balancer.properties.get("Listeners")
        for each in own if isinstance(own, list) else ():
            yield _text(each.get("LoadBalancerPort") if isinstance(each, Mapping) else None)
        for listener in self._of(_LISTENER):
            if self._named(listener.properties.get("LoadBalancerArn")) == balancer.name:
                yield _text(listener.properties.get("Port"))

    def _endpoint(self, thing: Thing) -> Item:
        service = _text(thing.properties.get("ServiceName")).rpartition(".")[2]
        return _item(thing, f"{service} endpoint ({_text(thing.properties.get('VpcEndpointType')) or 'Gateway'})")

    def _dns(self, zone: Thing) -> DnsPart:
        records = [
            f"{_text(each.properties.get('Name')).rstrip('.')} {_text(each.properties.get('Type'))}"
            for each in self._of(_RECORD)
            if self._named(each.properties.get("HostedZoneId")) == zone.name
        ]
        private = bool(zone.properties.get("VPCs"))
        name = _text(zone.properties.get("Name")).rstrip(".")
        return DnsPart(
            _item(zone, f"{'private' if private else 'public'} DNS zone {name}"), private, tuple(sorted(records))
        )


_WAYS: Final = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NetworkInterfaceId",
)


def _item(thing: Thing, detail: str) -> Item:
    return Item(thing.name, detail, thing.id)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else target_of(value)


_READ: Final = (
    *("VpcId", "CidrBlock", "AvailabilityZone", "SubnetId", "SubnetIds", "Subnets", "RouteTableId"),
    *("DestinationCidrBlock", "DestinationIpv6CidrBlock", "InternetGatewayId", "VpnGatewayId", *_WAYS),
    *("ConnectivityType", "PeerVpcId", "Scheme", "LoadBalancerArn", "Port"),
    *("ServiceName", "VpcEndpointType", "Name", "Type", "HostedZoneId", "VPCs"),
)
_OF_PLANS: Final = ("Listeners",)
"""Members of lists: where a run doesn't have its plan, it doesn't know which of them aren't to be shown."""


def pictured(thing: Thing, kinds: Mapping[str, Kind], *, planned: bool) -> Thing:
    """The thing with no more properties than the topology is made from, and what says which it is counted with."""
    kind = kinds.get(thing.type)
    names = {*_READ, *(_OF_PLANS if planned else ()), kind.parent_property if kind else ""}
    kept = {name: value for name, value in thing.properties.items() if name in names}
    return replace(thing, properties=kept)


def told(shown: Topology) -> Iterator[str]:
    """The picture in sentences, for whoever doesn't see it."""
    for vpc in shown.vpcs:
        yield f"VPC {vpc.item.name} {vpc.item.detail}."
        for zone in vpc.zones:
            parts = ", ".join(map(_subnet_told, zone.subnets))
            yield f"Zone {zone.name}: {parts}."
        for items in (
            vpc.internet,
            vpc.links,
            [each.item for each in vpc.balancers],
            vpc.endpoints,
        ):
            yield from (f"{each.name}: {each.detail}." for each in items)
    for dns in shown.dns:
        yield f"{dns.item.name}: {dns.item.detail}, {len(dns.records)} records."


def _subnet_told(subnet: SubnetPart) -> str:
    out = f" out through {subnet.way_out}" if subnet.way_out else ""
    inside = f" with {', '.join(each.name for each in subnet.gateways)}" if subnet.gateways else ""
    return f"{subnet.item.name}, {subnet.item.detail}{inside}{out}"
