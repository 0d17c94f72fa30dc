"""What AWS has of an existing network: its subnets, its internet gateway and the endpoints in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.ownership import PLAN, RESOURCE
from ocpprov.kinds.reads import read_if_allowed
from ocpprov.openshift.endpoint_admission import GroupAdmission
from ocpprov.openshift.expand import ExistingEndpoint, ExistingSubnet, Facts
from ocpprov.reachability.from_answers import group_of


def existing_subnets(ids: Sequence[str], reader: DiscoveryReader) -> dict[str, ExistingSubnet]:
    """Those of the ids that exist. A filter finds nothing where an id parameter would be an error. Raises Refused for
    one without IPv4 addresses, which the cluster's machines need."""
    found = reader.described("describe_subnets", "Subnets", {"subnet-id": list(ids)})
    without = sorted(subnet["SubnetId"] for subnet in found if not subnet.get("CidrBlock"))
    if without:
        raise Refused(f"{', '.join(without)}: no IPv4 block, only IPv6; name subnets with IPv4 in openshift.subnets")
    vpcs = sorted({subnet["VpcId"] for subnet in found})
    tables = reader.described("describe_route_tables", "RouteTables", {"vpc-id": vpcs}) if vpcs else []
    account = reader.owner.account
    return {each["SubnetId"]: _subnet(each, _table_of(each, tables), account) for each in found}


def owner_of(vpc_id: str, reader: DiscoveryReader) -> str:
    """The account that a VPC belongs to, empty where it is this one, or there is no such VPC."""
    found = reader.described("describe_vpcs", "Vpcs", {"vpc-id": [vpc_id]})
    return next((other_account(each, reader.owner.account) for each in found), "")


def other_account(item: Mapping[str, Any], account: str) -> str:
    """The account that something belongs to, empty where it is this one."""
    owner = str(item.get("OwnerId", ""))
    return owner if account and owner != account else ""


def _subnet(subnet: Mapping[str, Any], table: Mapping[str, Any], account: str) -> ExistingSubnet:
    return ExistingSubnet(
        subnet["SubnetId"],
        subnet["VpcId"],
        subnet["AvailabilityZone"],
        subnet["CidrBlock"],
        _is_public(table),
        routed=bool(table),
        route_table=table.get("RouteTableId", ""),
        owner=other_account(subnet, account),
        tags=frozenset(tag["Key"] for tag in subnet.get("Tags", ())),
    )


def _table_of(subnet: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The table that a subnet is associated with, else the main one of its VPC."""
    in_vpc = [table for table in tables if table["VpcId"] == subnet["VpcId"]]
    for table in in_vpc:
        if any(each.get("SubnetId") == subnet["SubnetId"] for each in table.get("Associations", ())):
            return table
    main = (table for table in in_vpc if any(each.get("Main") for each in table.get("Associations", ())))
    return next(main, {})


def _is_public(table: Mapping[str, Any]) -> bool:
    """By an internet gateway, or a carrier gateway in a zone of a telephone network."""
    ways = ((route.get("GatewayId") or route.get("CarrierGatewayId") or "") for route in table.get("Routes", ()))
    return any(str(way).startswith(("igw-", "cagw-")) for way in ways)


def present_in(vpc_id: str, facts: Facts, reader: DiscoveryReader) -> Facts:
    """The facts with the internet gateway and the endpoints of a VPC, ours told from those that this plan didn't
    make."""
    gateways = reader.described("describe_internet_gateways", "InternetGateways", {"attachment.vpc-id": [vpc_id]})
    gateway = next((each["InternetGatewayId"] for each in gateways if not _ours(each, reader)), "")
    found = _endpoints_in(vpc_id, reader)
    ours = {_logical_id(each): tuple(each.get("RouteTableIds", ())) for each in found if _ours(each, reader)}
    others = _others_among(found, facts.subnets, reader)
    return replace(facts, internet_gateway=gateway, endpoints=others, own_endpoints=ours)


def others_endpoints(
    vpc_id: str, subnets: Mapping[str, ExistingSubnet], reader: DiscoveryReader
) -> list[ExistingEndpoint]:
    """The endpoints of a VPC that this plan didn't make and that serve its machines; `subnets` are those that are known
    already. Raises Refused when AWS can't be read."""
    return _others_among(_endpoints_in(vpc_id, reader), subnets, reader)


def _endpoints_in(vpc_id: str, reader: DiscoveryReader) -> list[Mapping[str, Any]]:
    found = reader.described("describe_vpc_endpoints", "VpcEndpoints", {"vpc-id": [vpc_id]})
    return [each for each in found if each["State"].casefold() in ("available", "pending")]


def _others_among(
    found: Sequence[Mapping[str, Any]], subnets: Mapping[str, ExistingSubnet], reader: DiscoveryReader
) -> list[ExistingEndpoint]:
    others = [each for each in found if not _ours(each, reader) and _serves(each)]
    groups = _groups_by_id([group["GroupId"] for each in others for group in each.get("Groups", ())], reader)
    zones = _zones_of([subnet for each in others for subnet in each.get("SubnetIds", ())], subnets, reader)
    return [_existing_endpoint(each, groups, zones) for each in others]


def _zones_of(ids: Sequence[str], subnets: Mapping[str, ExistingSubnet], reader: DiscoveryReader) -> dict[str, str]:
    """The zones of subnets, by id. Only those that nobody knows yet are asked for."""
    known = {id: subnet.zone for id, subnet in subnets.items()}
    if unknown := sorted(set(ids) - set(known)):
        found = reader.described("describe_subnets", "Subnets", {"subnet-id": unknown})
        known |= {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in found}
    return known


def _ours(item: Mapping[str, Any], reader: DiscoveryReader) -> bool:
    return any((tag["Key"], tag["Value"]) == (PLAN, reader.owner.plan) for tag in item.get("Tags", ()))


def _logical_id(item: Mapping[str, Any]) -> str:
    return next((str(tag["Value"]) for tag in item.get("Tags", ()) if tag["Key"] == RESOURCE), "")


def _serves(endpoint: Mapping[str, Any]) -> bool:
    """Whether it answers under the service's usual name."""
    return endpoint["VpcEndpointType"] == "Gateway" or bool(endpoint.get("PrivateDnsEnabled"))


def _groups_by_id(ids: Sequence[str], reader: DiscoveryReader) -> dict[str, Mapping[str, Any]]:
    """Security groups: those that exist, and that may be read."""
    if not ids:
        return {}
    filters = [{"Name": "group-id", "Values": sorted(set(ids))}]
    pages = reader.pages(read_if_allowed("ec2", "describe_security_groups", Filters=filters))
    return {each["GroupId"]: each for each in pages.items("ec2", "describe_security_groups", "SecurityGroups")}


def _existing_endpoint(
    endpoint: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], zones: Mapping[str, str]
) -> ExistingEndpoint:
    id, service = endpoint["VpcEndpointId"], endpoint["ServiceName"]
    if endpoint["VpcEndpointType"] != "Interface":
        return ExistingEndpoint(id, service, "Gateway", route_tables=tuple(endpoint.get("RouteTableIds", ())))
    own = [group["GroupId"] for group in endpoint.get("Groups", ())]
    return ExistingEndpoint(
        id,
        service,
        "Interface",
        groups=own,
        admission=GroupAdmission(own, {each: group_of(groups[each]) for each in own if each in groups}),
        zones=frozenset(zones[each] for each in endpoint.get("SubnetIds", ()) if each in zones),
        subnets=tuple(endpoint.get("SubnetIds", ())),
    )
