"""Openings for IPv6, which no requirement needs: what is judged by addresses knows IPv4 alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_acls import ACL, ENTRY
from ocpprov.checks.exposure_group_words import traffic
from ocpprov.checks.exposure_groups import GROUP, INGRESS
from ocpprov.checks.exposure_routes import ROUTE, TABLE
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.reachability.ip_protocols import protocol_name
from ocpprov.reachability.network import ports_of

_WHERE: Final = "by IPv6, where the VPC has addresses of it"


def exposed_by_ipv6(inventory: Inventory, whose: Belongings) -> Exposures:
    """Of the plan's groups, network ACLs and route tables."""
    return Exposures([*_rules(inventory, whose), *_entries(inventory, whose), *_routes(inventory, whose)])


def _rules(inventory: Inventory, whose: Belongings) -> Iterator[Exposure]:
    for live in inventory.of(INGRESS):
        known: Any = live.properties
        group = str(known.get("GroupId", ""))
        if known.get("CidrIpv6") and whose.logical_id(GROUP, group):
            sort = _traffic(known.get("IpProtocol"), known.get("FromPort"), known.get("ToPort"))
            command = ("revoke-security-group-ingress", "--group-id", group, "--security-group-rule-ids", live.id)
            told = f"{sort} from {known['CidrIpv6']}"
            yield _exposure(live, (GROUP, group), told, f"the members of {group} to it {_WHERE}", whose, *command)


def _entries(inventory: Inventory, whose: Belongings) -> Iterator[Exposure]:
    for live in inventory.of(ENTRY):
        known: Any = live.properties
        acl, block = str(known.get("NetworkAclId", "")), known.get("Ipv6CidrBlock")
        if not block or known.get("Egress") or known.get("RuleAction") != "allow" or not whose.logical_id(ACL, acl):
            continue
        ports, number = known.get("PortRange") or {}, str(known.get("RuleNumber"))
        sort = _traffic(known.get("Protocol"), ports.get("From"), ports.get("To"))
        command = ("delete-network-acl-entry", "--network-acl-id", acl, "--ingress", "--rule-number", number)
        told = f"{sort} from {block} (entry {number})"
        yield _exposure(live, (ACL, acl), told, f"its subnets to it {_WHERE}", whose, *command)


def _routes(inventory: Inventory, whose: Belongings) -> Iterator[Exposure]:
    """An egress-only gateway lets nobody in."""
    for live in inventory.of(ROUTE):
        known: Any = live.properties
        table, block = str(known.get("RouteTableId", "")), known.get("DestinationIpv6CidrBlock")
        gateway = str(known.get("GatewayId", ""))
        if block and gateway.startswith("igw-") and whose.logical_id(TABLE, table):
            command = ("delete-route", "--route-table-id", table, "--destination-ipv6-cidr-block", str(block))
            told = f"a way from and to {block} by {gateway}"
            yield _exposure(live, (TABLE, table), told, f"its subnets to it {_WHERE}", whose, *command)


def _traffic(protocol: Any, first: Any, last: Any) -> str:
    name = protocol_name(protocol)
    return traffic(name, ports_of(name, first, last))


def _exposure(
    live: Live, holder: tuple[str, str], told: str, exposed: str, whose: Belongings, *command: str
) -> Exposure:
    """`holder` is type and id of what it is in."""
    return Exposure(
        holder[1],
        whose.logical_id(*holder),
        told,
        exposed,
        "",
        whose.origin(live.type, live.id),
        whose.remedy(live.type, live.id, "ec2", *command),
    )
