"""A network from what EC2 answers about it, member by member as the API names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.reachability.ip_protocols import protocol_name, takes_whole_type
from ocpprov.reachability.network import (
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
from ocpprov.reachability.spans import addresses

Item = Mapping[str, Any]

_TARGETS: Final = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "NetworkInterfaceId",
    "InstanceId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
)
"""Of a route; an instance's has its interface beside it, which says more."""
_PREFIXES: Final = (
    ("local", Via.LOCAL),
    ("igw-", Via.INTERNET_GATEWAY),
    ("nat-", Via.NAT_GATEWAY),
)
_ENDPOINT: Final = "vpce-"
_THE_REST: Final = 32767
"""The number of the entry that denies what no other matches, which every ACL has."""
_BY_PROPAGATION: Final = "EnableVgwRoutePropagation"


@dataclass(frozen=True)
class Answers:
    """Lists as the Describe calls give them: `security_group_rules` those of DescribeSecurityGroupRules, `prefix_lists`
    the blocks of each that could be read, by id."""

    vpc: Item
    subnets: Sequence[Item] = ()
    route_tables: Sequence[Item] = ()
    network_acls: Sequence[Item] = ()
    security_groups: Sequence[Item] = ()
    security_group_rules: Sequence[Item] = ()
    nat_gateways: Sequence[Item] = ()
    prefix_lists: Mapping[str, Sequence[str]] | None = None


def network_of(answers: Answers) -> Network:
    """IPv4 only: what is about IPv6 alone is left out. A subnet without an association of its own has the VPC's main
    table and its default ACL."""
    main = next((each["RouteTableId"] for each in answers.route_tables if _is_main(each)), "")
    default = next((each["NetworkAclId"] for each in answers.network_acls if each.get("IsDefault")), "")
    return Network(
        vpc_id=answers.vpc["VpcId"],
        blocks=tuple(map(addresses, _blocks(answers.vpc))),
        subnets={subnet.id: subnet for subnet in _subnets(answers, main, default)},
        security_groups={
            group["GroupId"]: _group(group["GroupId"], answers.security_group_rules)
            for group in answers.security_groups
        },
        network_acls={acl["NetworkAclId"]: _acl(acl) for acl in answers.network_acls},
        route_tables={table["RouteTableId"]: _table(table) for table in answers.route_tables},
        nat_gateways={gateway["NatGatewayId"]: _nat_gateway(gateway) for gateway in answers.nat_gateways},
        prefix_lists={
            id: tuple(addresses(block) for block in blocks if ":" not in block)
            for id, blocks in (answers.prefix_lists or {}).items()
        },
        main_table=main,
        default_acl=default,
    )


def _blocks(vpc: Item) -> Iterator[str]:
    """Those that are associated; one that is still going on with it can't be used yet."""
    listed = vpc.get("CidrBlockAssociationSet", ())
    if not listed:
        yield vpc["CidrBlock"]
    yield from (
        each["CidrBlock"]
        for each in listed
        if each.get("CidrBlockState", {}).get("State", "associated") == "associated"
    )


def _subnets(answers: Answers, main: str, default: str) -> Iterator[Subnet]:
    tables, acls = _by_subnet(answers.route_tables, "RouteTableId"), _by_subnet(answers.network_acls, "NetworkAclId")
    for subnet in answers.subnets:
        if block := subnet.get("CidrBlock"):
            id, zone = subnet["SubnetId"], subnet.get("AvailabilityZone", "")
            yield Subnet(id, addresses(block), zone, tables.get(id, main), acls.get(id, default))


def _by_subnet(items: Iterable[Item], member: str) -> dict[str, str]:
    """The id of what each subnet is associated with."""
    return {
        association["SubnetId"]: item[member]
        for item in items
        for association in item.get("Associations", ())
        if association.get("SubnetId")
    }


def _is_main(table: Item) -> bool:
    return any(association.get("Main") for association in table.get("Associations", ()))


def _table(table: Item) -> RouteTable:
    return RouteTable(table["RouteTableId"], tuple(filter(None, map(_route, table.get("Routes", ())))))


def _route(route: Item) -> Route | None:
    target = next((route[member] for member in _TARGETS if route.get(member)), "")
    active = route.get("State", "active") == "active"
    propagated = route.get("Origin") == _BY_PROPAGATION
    if prefix_list := route.get("DestinationPrefixListId"):
        via = Via.GATEWAY_ENDPOINT if target.startswith(_ENDPOINT) else _via(target)
        return Route(target, via, None, prefix_list, active, propagated)
    block = route.get("DestinationCidrBlock")
    return Route(target, _via(target), addresses(block), "", active, propagated) if block else None


def _via(target: str) -> Via:
    """An endpoint that stands in a route to a block is a firewall's."""
    return next((via for prefix, via in _PREFIXES if target.startswith(prefix)), Via.OTHER)


def _acl(acl: Item) -> NetworkAcl:
    numbered = [entry for entry in acl.get("Entries", ()) if entry["RuleNumber"] < _THE_REST]
    entries = [entry for entry in numbered if entry.get("CidrBlock")]
    others = [entry for entry in numbered if not entry.get("CidrBlock")]
    return NetworkAcl(
        acl["NetworkAclId"],
        tuple(_entry(entry) for entry in entries if not entry["Egress"]),
        tuple(_entry(entry) for entry in entries if entry["Egress"]),
        frozenset(entry["RuleNumber"] for entry in others if not entry["Egress"]),
        frozenset(entry["RuleNumber"] for entry in others if entry["Egress"]),
    )


def _entry(entry: Item) -> AclEntry:
    protocol = protocol_name(entry["Protocol"])
    kind, ports = entry.get("IcmpTypeCode", {}), entry.get("PortRange", {})
    return AclEntry(
        entry["RuleNumber"],
        entry["RuleAction"] == "allow",
        protocol,
        addresses(entry["CidrBlock"]),
        ports_of(protocol, kind.get("Type") if protocol == ICMP else ports.get("From"), ports.get("To")),
        takes_whole_type(protocol, kind.get("Type"), kind.get("Code")),
    )


def _group(id: str, rules: Iterable[Item]) -> SecurityGroup:
    own = [rule for rule in rules if rule["GroupId"] == id and not rule.get("CidrIpv6")]
    return SecurityGroup(
        id,
        tuple(_rule(rule) for rule in own if not rule["IsEgress"]),
        tuple(_rule(rule) for rule in own if rule["IsEgress"]),
    )


def group_of(group: Item) -> SecurityGroup:
    """A group as DescribeSecurityGroups alone has it: what it lets in."""
    return SecurityGroup(group["GroupId"], tuple(_permitted(group.get("IpPermissions", ()))))


def _permitted(permissions: Iterable[Item]) -> Iterator[GroupRule]:
    for each in permissions:
        protocol, first, last = protocol_name(each["IpProtocol"]), each.get("FromPort"), each.get("ToPort")
        ports, whole = ports_of(protocol, first, last), takes_whole_type(protocol, first, last)
        for block in each.get("IpRanges", ()):
            yield GroupRule("", protocol, ports, addresses(block["CidrIp"]), whole=whole)
        for pair in each.get("UserIdGroupPairs", ()):
            yield GroupRule("", protocol, ports, group=pair["GroupId"], whole=whole)
        for named in each.get("PrefixListIds", ()):
            yield GroupRule("", protocol, ports, prefix_list=named["PrefixListId"], whole=whole)


def _rule(rule: Item) -> GroupRule:
    protocol, block = protocol_name(rule["IpProtocol"]), rule.get("CidrIpv4")
    return GroupRule(
        rule["SecurityGroupRuleId"],
        protocol,
        ports_of(protocol, rule.get("FromPort"), rule.get("ToPort")),
        addresses(block) if block else None,
        rule.get("ReferencedGroupInfo", {}).get("GroupId", ""),
        rule.get("PrefixListId", ""),
        takes_whole_type(protocol, rule.get("FromPort"), rule.get("ToPort")),
    )


def _nat_gateway(gateway: Item) -> NatGateway:
    public = gateway.get("ConnectivityType", "public") == "public"
    state, subnet = gateway["State"], gateway.get("SubnetId", "")
    return NatGateway(gateway["NatGatewayId"], subnet, state == "available", public, state == "pending")
