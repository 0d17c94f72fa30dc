"""Openings as resources in CloudFormation's words, for a plan whose network they open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ocpprov.reachability.network import ALL_PROTOCOLS, EVERY_TYPE, ICMP, WITH_PORTS, AclEntry, GroupRule, Via
from ocpprov.reachability.openings import NewAclEntries, NewGroupRules, Opening
from ocpprov.reachability.route_openings import NewRoute
from ocpprov.reachability.spans import blocks

Resources = Sequence[Mapping[str, Any]]
"""Each with `Type` and `Properties`."""

_NUMBERS: Final = {"icmp": 1, "tcp": 6, "udp": 17}
_TARGETS: Final = {Via.INTERNET_GATEWAY: "GatewayId", Via.NAT_GATEWAY: "NatGatewayId"}
_PREFIXES: Final = {"tgw-": "TransitGatewayId", "pcx-": "VpcPeeringConnectionId"}


def to_resources(opening: Opening) -> Resources:
    """What a plan gets beside what it has; nothing where it has to change what is there instead: an entry of an ACL
    that has to move, the tables of an endpoint, an attribute of a balancer. Nor can a plan add to what AWS makes with
    its VPC, which no logical id is of."""
    return list(_resources(opening)) if _component(opening).isalnum() else []


def _component(opening: Opening) -> str:
    """What changes."""
    match opening:
        case NewGroupRules():
            return opening.group
        case NewAclEntries():
            return opening.acl
        case NewRoute():
            return opening.table
    return ""


def _resources(opening: Opening) -> Iterator[Mapping[str, Any]]:
    match opening:
        case NewGroupRules(group, direction, rules) if not any(rule.prefix_list for rule in rules):
            sort = "Ingress" if direction == "ingress" else "Egress"
            for rule in rules:
                group_id = {"Fn::GetAtt": [group, "GroupId"]}
                yield _resource(f"AWS::EC2::SecurityGroup{sort}", {"GroupId": group_id, **_rule(rule)})
        case NewAclEntries(acl, direction, steps) if not any(step.replaces for step in steps):
            for step in steps:
                yield _resource("AWS::EC2::NetworkAclEntry", _entry(acl, direction == "egress", step.entry))
        case NewRoute(table, destination, target, via, False):
            member = _TARGETS.get(via) or next((each for key, each in _PREFIXES.items() if target.startswith(key)), "")
            if member:
                to = {member: _reference(target), "DestinationCidrBlock": blocks(destination)}
                yield _resource("AWS::EC2::Route", {"RouteTableId": {"Ref": table}, **to})


def _resource(type: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"Type": type, "Properties": dict(properties)}


def _reference(target: str) -> Any:
    """An id of AWS's as it is; a logical id has no hyphen."""
    return target if "-" in target else {"Ref": target}


def _rule(rule: GroupRule) -> Mapping[str, Any]:
    cidr = {"CidrIp": blocks(rule.peers)} if rule.peers else {}
    if rule.protocol in WITH_PORTS:
        return {"IpProtocol": rule.protocol, "FromPort": rule.ports.first, "ToPort": rule.ports.last, **cidr}
    type = rule.ports.first if rule.protocol == ICMP and rule.ports != EVERY_TYPE else -1
    return {"IpProtocol": rule.protocol, "FromPort": type, "ToPort": -1, **cidr}


def _entry(acl: str, egress: bool, entry: AclEntry) -> Mapping[str, Any]:
    number = -1 if entry.protocol == ALL_PROTOCOLS else _NUMBERS.get(entry.protocol, entry.protocol)
    known: dict[str, Any] = {
        "NetworkAclId": {"Ref": acl},
        "Egress": egress,
        "RuleNumber": entry.number,
        "Protocol": int(number),
        "RuleAction": "allow" if entry.allow else "deny",
        "CidrBlock": blocks(entry.peers),
    }
    if entry.protocol in WITH_PORTS:
        known["PortRange"] = {"From": entry.ports.first, "To": entry.ports.last}
    elif entry.protocol == ICMP:
        known["Icmp"] = {"Type": -1 if entry.ports == EVERY_TYPE else entry.ports.first, "Code": -1}
    return known
