"""A network as a plan would have it made, from resources in CloudFormation's words: before anything exists, ids are the
plan's logical ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.ip_protocols import protocol_name, takes_whole_type
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    ICMP,
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
    ports_of,
)
from ocpprov.reachability.placeholder_addresses import SERVICE
from ocpprov.reachability.policy_statements import FULL_ACCESS, Policy, policy_of
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses

MAIN_TABLE: Final = "main route table"
DEFAULT_ACL: Final = "default network ACL"
"""What AWS makes with a VPC: a table with the local routes alone, an ACL that allows all."""

_TARGETS: Final = {
    "NatGatewayId": Via.NAT_GATEWAY,
    "TransitGatewayId": Via.OTHER,
    "VpcPeeringConnectionId": Via.OTHER,
    "VpcEndpointId": Via.OTHER,
    "NetworkInterfaceId": Via.OTHER,
}
_BLOCK: Final = "AWS::EC2::VPCCidrBlock"
_GATEWAYS: Final = ("AWS::EC2::InternetGateway", "igw-")
_ALL_OUT: Final = GroupRule("default rule", ALL_PROTOCOLS, ALL_PORTS, EVERYWHERE)
"""What a group has until it gets rules for what goes out."""
DEFAULT_GROUP: Final = "default security group"
_DEFAULT_GROUP: Final = SecurityGroup(
    DEFAULT_GROUP, (GroupRule("default rule", ALL_PROTOCOLS, ALL_PORTS, group=DEFAULT_GROUP),), (_ALL_OUT,)
)
"""A VPC's own, which an endpoint without groups gets: it admits its own members alone."""


def planned_network(resources: Iterable[Resource]) -> Network:
    """The VPC of the resources and all that is in it. Raises ValueError where they don't make a VPC."""
    planned = _Planned(resources)
    vpc = next(planned.of("AWS::EC2::VPC"), None)
    if vpc is None:
        raise ValueError("these resources make no VPC")
    blocks = [vpc, *planned.of(_BLOCK)]
    local = tuple(addresses(str(each.properties["CidrBlock"])) for each in blocks)
    return Network(
        vpc.logical_id,
        local,
        subnets={subnet.id: subnet for subnet in planned.subnets()},
        security_groups={_DEFAULT_GROUP.id: _DEFAULT_GROUP, **{group.id: group for group in planned.groups()}},
        network_acls={acl.id: acl for acl in planned.acls()},
        route_tables={table.id: table for table in planned.tables(local)},
        nat_gateways={gateway.id: gateway for gateway in planned.nat_gateways()},
        prefix_lists={each.prefix_list: (SERVICE,) for each in planned.endpoints() if each.prefix_list},
    )


def planned_beside(network: Network, resources: Iterable[Resource]) -> Network:
    """A network that is there, with what the resources make in it and change of it: theirs have AWS's ids where they
    exist. What AWS has beside stays, but for what theirs replaces: a route to the same destination, an ACL's entry of
    the same number."""
    planned = _Planned(resources)
    blocks = (*network.blocks, *(addresses(str(each.properties["CidrBlock"])) for each in planned.of(_BLOCK)))
    local = tuple(dict.fromkeys(blocks))
    tables = {table.id: table for table in planned.tables(local)}
    lists = _lists_of_gateways(network)
    acls = {acl.id: acl for acl in planned.acls()}
    return replace(
        network,
        blocks=local,
        subnets={**network.subnets, **_placed(network, planned)},
        security_groups={
            **network.security_groups,
            **{group.id: _with_rules(network.security_groups.get(group.id), group) for group in planned.groups()},
        },
        network_acls={
            **{id: _with_entries(acl, acls[id]) if id in acls else acl for id, acl in network.network_acls.items()},
            **{id: acl for id, acl in acls.items() if id not in (DEFAULT_ACL, *network.network_acls)},
        },
        route_tables={
            **{id: _with_routes(table, planned.routes_of(id), lists) for id, table in network.route_tables.items()},
            **{
                id: _with_routes(RouteTable(id), table.routes, lists)
                for id, table in tables.items()
                if id not in (MAIN_TABLE, *network.route_tables)
            },
        },
        nat_gateways={
            **{each.id: each for each in planned.nat_gateways()},
            **{
                id: replace(each, available=each.available or each.pending) for id, each in network.nat_gateways.items()
            },
        },
        prefix_lists={
            **network.prefix_lists,
            **{each.prefix_list: (SERVICE,) for each in planned.endpoints() if each.prefix_list},
        },
    )


def _placed(network: Network, planned: _Planned) -> dict[str, Subnet]:
    """The subnets of resources, in the network that they come to."""
    instead = {MAIN_TABLE: network.main_table, DEFAULT_ACL: network.default_acl}
    return {
        each.id: replace(
            each,
            route_table=instead.get(each.route_table, each.route_table),
            network_acl=instead.get(each.network_acl, each.network_acl),
        )
        for each in planned.subnets()
    }


def _with_rules(there: SecurityGroup | None, planned: SecurityGroup) -> SecurityGroup:
    """Whoever makes a group gets a rule for what goes out; one that is there has what it has."""
    if there is None:
        return planned
    egress = (rule for rule in planned.egress if rule is not _ALL_OUT)
    return SecurityGroup(there.id, (*there.ingress, *planned.ingress), (*there.egress, *egress))


def _with_entries(there: NetworkAcl, planned: NetworkAcl) -> NetworkAcl:
    def beside(old: Iterable[AclEntry], new: Sequence[AclEntry]) -> tuple[AclEntry, ...]:
        numbers = {each.number for each in new}
        return (*(each for each in old if each.number not in numbers), *new)

    return NetworkAcl(there.id, beside(there.ingress, planned.ingress), beside(there.egress, planned.egress))


def _lists_of_gateways(network: Network) -> dict[str, str]:
    """The prefix lists of the gateway endpoints that a table has a route to already, by their ids."""
    routes = (route for table in network.route_tables.values() for route in table.routes)
    return {route.target: route.prefix_list for route in routes if route.via is Via.GATEWAY_ENDPOINT}


def _with_routes(there: RouteTable, planned: Iterable[Route], lists: Mapping[str, str]) -> RouteTable:
    added = [replace(each, prefix_list=lists.get(each.target, each.prefix_list)) for each in planned]
    new = {route.destination for route in added if route.destination}
    return RouteTable(there.id, (*(each for each in there.routes if each.destination not in new), *added))


def endpoints_from(resources: Iterable[Resource]) -> dict[str, tuple[str, Endpoint]]:
    """The endpoints that the resources make, by logical id: the service's name, and the endpoint."""
    planned = _Planned(resources)
    names = {
        each.logical_id: str(each.properties.get("ServiceName", "")) for each in planned.of("AWS::EC2::VPCEndpoint")
    }
    return {endpoint.id: (names[endpoint.id], endpoint) for endpoint in planned.endpoints()}


class _Planned:
    """Resources by type, and what refers to what."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._by_type: dict[str, list[Resource]] = {}
        for each in resources:
            self._by_type.setdefault(each.type, []).append(each)

    def of(self, *types: str) -> Iterator[Resource]:
        for type in types:
            yield from self._by_type.get(type, ())

    def subnets(self) -> Iterator[Subnet]:
        tables = self._associated("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId")
        acls = self._associated("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId")
        for each in self.of("AWS::EC2::Subnet"):
            id, zone = each.logical_id, each.properties.get("AvailabilityZone")
            block = addresses(str(each.properties["CidrBlock"]))
            yield Subnet(id, block, str(zone or ""), tables.get(id, MAIN_TABLE), acls.get(id, DEFAULT_ACL))

    def _associated(self, type: str, member: str) -> Mapping[str, str]:
        return {id_of(each.properties["SubnetId"]): id_of(each.properties[member]) for each in self.of(type)}

    def groups(self) -> Iterator[SecurityGroup]:
        ingress = self._rules("AWS::EC2::SecurityGroupIngress", "Source")
        egress = self._rules("AWS::EC2::SecurityGroupEgress", "Destination")
        for each in self.of("AWS::EC2::SecurityGroup"):
            yield SecurityGroup(
                each.logical_id,
                tuple(ingress.get(each.logical_id, ())),
                tuple(egress.get(each.logical_id, [_ALL_OUT])),
            )

    def _rules(self, type: str, side: str) -> Mapping[str, Sequence[GroupRule]]:
        found: dict[str, list[GroupRule]] = {}
        for each in self.of(type):
            if not each.properties.get("CidrIpv6"):
                found.setdefault(id_of(each.properties["GroupId"]), []).append(planned_rule(each, side))
        return found

    def acls(self) -> Iterator[NetworkAcl]:
        all_of_it = (AclEntry(100, True, ALL_PROTOCOLS, EVERYWHERE),)
        yield NetworkAcl(DEFAULT_ACL, all_of_it, all_of_it)
        for acl in self.of("AWS::EC2::NetworkAcl"):
            every = [
                each.properties
                for each in self.of("AWS::EC2::NetworkAclEntry")
                if id_of(each.properties["NetworkAclId"]) == acl.logical_id
            ]
            own = [each for each in every if each.get("CidrBlock")]
            others = [each for each in every if not each.get("CidrBlock")]
            yield NetworkAcl(
                acl.logical_id,
                tuple(planned_entry(each) for each in own if not each.get("Egress")),
                tuple(planned_entry(each) for each in own if each.get("Egress")),
                frozenset(_number(each) for each in others if not each.get("Egress")),
                frozenset(_number(each) for each in others if each.get("Egress")),
            )

    def tables(self, local: Iterable[Span]) -> Iterator[RouteTable]:
        inside = tuple(Route("local", Via.LOCAL, block) for block in local)
        yield RouteTable(MAIN_TABLE, inside)
        for table in self.of("AWS::EC2::RouteTable"):
            yield RouteTable(table.logical_id, (*inside, *self.routes_of(table.logical_id)))

    def routes_of(self, table: str) -> Iterator[Route]:
        """Those that the resources put into a table."""
        for each in self.of("AWS::EC2::Route"):
            if id_of(each.properties["RouteTableId"]) == table:
                yield self._route(each.properties)
        yield from self._to_services(table)

    def _route(self, properties: Mapping[str, Value]) -> Route:
        block = addresses(str(properties["DestinationCidrBlock"]))
        if gateway := properties.get("GatewayId"):
            id = id_of(gateway)
            internet = id.startswith(_GATEWAYS[1]) or id in {each.logical_id for each in self.of(_GATEWAYS[0])}
            return Route(id, Via.INTERNET_GATEWAY if internet else Via.OTHER, block)
        member = next((each for each in _TARGETS if properties.get(each)), "NetworkInterfaceId")
        return Route(id_of(properties.get(member, "")), _TARGETS[member], block)

    def _to_services(self, table: str) -> Iterator[Route]:
        """What gateway endpoints add to their tables."""
        for each in self.of("AWS::EC2::VPCEndpoint"):
            if table in ids_of(each.properties.get("RouteTableIds")):
                yield Route(each.logical_id, Via.GATEWAY_ENDPOINT, prefix_list=_prefix_list(each.logical_id))

    def endpoints(self) -> Iterator[Endpoint]:
        for each in self.of("AWS::EC2::VPCEndpoint"):
            id, properties = each.logical_id, each.properties
            policy = _endpoint_policy(properties.get("PolicyDocument"))
            if properties.get("VpcEndpointType", "Gateway") == "Gateway":
                yield Endpoint(id, "Gateway", prefix_list=_prefix_list(id), policy=policy)
            else:
                subnets, groups = ids_of(properties.get("SubnetIds")), ids_of(properties.get("SecurityGroupIds"))
                yield Endpoint(
                    id,
                    "Interface",
                    subnets=subnets,
                    groups=groups or (DEFAULT_GROUP,),
                    policy=policy,
                    private_dns=_answers_own_name(properties),
                )

    def nat_gateways(self) -> Iterator[NatGateway]:
        for each in self.of("AWS::EC2::NatGateway"):
            public = each.properties.get("ConnectivityType", "public") == "public"
            yield NatGateway(each.logical_id, id_of(each.properties["SubnetId"]), public=public)


def id_of(value: Value) -> str:
    """What a value stands for: an id as it is, the logical id of what it refers to; empty where it is neither."""
    match value:
        case str():
            return value
        case Ref(logical_id=id) | GetAtt(logical_id=id):
            return id
    return ""


def ids_of(value: Value) -> Sequence[str]:
    """The same of a list; none where the value is no list."""
    return tuple(map(id_of, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _endpoint_policy(document: Value) -> Policy | None:
    if document is None:
        return FULL_ACCESS
    try:
        return policy_of(document)
    except ValueError:
        return None


def _answers_own_name(properties: Mapping[str, Any]) -> bool:
    """Where nothing is said, an interface answers for it; S3's only for those who ask from elsewhere, if so told."""
    resolvers = (properties.get("DnsOptions") or {}).get("PrivateDnsOnlyForInboundResolverEndpoint")
    return properties.get("PrivateDnsEnabled", True) in (True, "true") and resolvers != "OnlyInboundResolver"


def _prefix_list(endpoint: str) -> str:
    return f"prefix list of {endpoint}"


def planned_rule(rule: Resource, side: str) -> GroupRule:
    """A rule of a group, whose other side is told by properties that begin with `side`: Source or Destination."""
    known: Mapping[str, Any] = rule.properties
    protocol, block = protocol_name(known["IpProtocol"]), known.get("CidrIp")
    first, last = known.get("FromPort"), known.get("ToPort")
    return GroupRule(
        rule.logical_id,
        protocol,
        ports_of(protocol, first, last),
        addresses(block) if isinstance(block, str) else None,
        id_of(known.get(f"{side}SecurityGroupId", "")),
        id_of(known.get(f"{side}PrefixListId", "")),
        takes_whole_type(protocol, first, last),
    )


def _number(entry: Mapping[str, Any]) -> int:
    return int(entry["RuleNumber"])


def planned_entry(entry: Mapping[str, Any]) -> AclEntry:
    """An entry of a network ACL, from its properties."""
    protocol = protocol_name(entry["Protocol"])
    kind, ports = entry.get("Icmp") or {}, entry.get("PortRange") or {}
    return AclEntry(
        _number(entry),
        entry["RuleAction"] == "allow",
        protocol,
        addresses(entry["CidrBlock"]),
        ports_of(protocol, kind.get("Type") if protocol == ICMP else ports.get("From"), ports.get("To")),
        takes_whole_type(protocol, kind.get("Type"), kind.get("Code")),
    )
