"""Openings as commands of the AWS CLI, one a line, to be copied into a shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ocpprov.engine.suggestion import command_line
from ocpprov.reachability.acl_numbers import AclStep
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    EVERY_TYPE,
    ICMP,
    WITH_PORTS,
    AclEntry,
    GroupRule,
)
from ocpprov.reachability.openings import CrossZone, NewAclEntries, NewGroupRules, Opening
from ocpprov.reachability.route_openings import EndpointTable, NewRoute
from ocpprov.reachability.spans import blocks

_ALL: Final = "-1"
_ROUTE_OPTIONS: Final = {
    "igw-": "--gateway-id",
    "vgw-": "--gateway-id",
    "nat-": "--nat-gateway-id",
    "tgw-": "--transit-gateway-id",
    "pcx-": "--vpc-peering-connection-id",
    "eni-": "--network-interface-id",
    "vpce-": "--vpc-endpoint-id",
    "lgw-": "--local-gateway-id",
    "cagw-": "--carrier-gateway-id",
}


def aws_commands(opening: Opening, options: Sequence[str]) -> Sequence[str]:
    """In the order in which they have to run; `options` are those of every command (`--region`, `--profile`). None for
    a route to what the CLI has no option for here, and for a classic balancer, which has no ARN."""
    return [command_line("aws", *words, *options) for words in _words(opening)]


def _words(opening: Opening) -> Iterator[Sequence[str]]:
    match opening:
        case NewGroupRules(group, direction, rules):
            permissions = [_permission(rule) for rule in rules]
            operation = f"authorize-security-group-{direction}"
            yield ("ec2", operation, "--group-id", group, "--ip-permissions", *permissions)
        case NewAclEntries(acl, direction, steps):
            yield from (_entry(acl, direction, step) for step in steps)
        case NewRoute():
            yield from _route(opening)
        case EndpointTable(endpoint, table):
            yield ("ec2", "modify-vpc-endpoint", "--vpc-endpoint-id", endpoint, "--add-route-table-ids", table)
        case CrossZone(balancer) if balancer.startswith("arn:"):
            attribute = "Key=load_balancing.cross_zone.enabled,Value=true"
            yield (
                *("elbv2", "modify-load-balancer-attributes", "--load-balancer-arn", balancer),
                *("--attributes", attribute),
            )


def _permission(rule: GroupRule) -> str:
    """In the CLI's short form."""
    ports = ""
    if rule.protocol in WITH_PORTS:
        ports = f",FromPort={rule.ports.first},ToPort={rule.ports.last}"
    elif rule.protocol == ICMP:
        type = _ALL if rule.ports == EVERY_TYPE else str(rule.ports.first)
        ports = f",FromPort={type},ToPort={_ALL}"
    if rule.peers is None:
        return f"IpProtocol={rule.protocol}{ports},PrefixListIds=[{{PrefixListId={rule.prefix_list}}}]"
    return f"IpProtocol={rule.protocol}{ports},IpRanges=[{{CidrIp={blocks(rule.peers)}}}]"


def _entry(acl: str, direction: str, step: AclStep) -> Sequence[str]:
    entry = step.entry
    return (
        *("ec2", "replace-network-acl-entry" if step.replaces else "create-network-acl-entry"),
        *("--network-acl-id", acl, f"--{direction}", "--rule-number", str(entry.number)),
        *("--protocol", "all" if entry.protocol == ALL_PROTOCOLS else entry.protocol, *_ports(entry)),
        *("--cidr-block", blocks(entry.peers), "--rule-action", "allow" if entry.allow else "deny"),
    )


def _ports(entry: AclEntry) -> Sequence[str]:
    if entry.protocol in WITH_PORTS:
        return ("--port-range", f"From={entry.ports.first},To={entry.ports.last}")
    if entry.protocol == ICMP:
        type = _ALL if entry.ports == EVERY_TYPE else str(entry.ports.first)
        return ("--icmp-type-code", f"Type={type},Code={_ALL}")
    return ()


def _route(route: NewRoute) -> Iterator[Sequence[str]]:
    option = next((option for prefix, option in _ROUTE_OPTIONS.items() if route.target.startswith(prefix)), "")
    if option:
        yield (
            *("ec2", "replace-route" if route.replaces else "create-route", "--route-table-id", route.table),
            *("--destination-cidr-block", blocks(route.destination), option, route.target),
        )
