"""What a VPC's machines are told of names, from resources in CloudFormation's words: as a plan would have it made, or
as AWS has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.reachability.from_resources import id_of, ids_of
from ocpprov.reachability.names import AMAZON, VpcNames
from ocpprov.reachability.network import Network
from ocpprov.reachability.zones import Record, Target, Zone

_VPC: Final = "AWS::EC2::VPC"
_OPTIONS: Final = "AWS::EC2::DHCPOptions"
_ASSOCIATION: Final = "AWS::EC2::VPCDHCPOptionsAssociation"
_ZONE: Final = "AWS::Route53::HostedZone"
RECORD: Final = "AWS::Route53::RecordSet"
_ATTRIBUTES: Final = {"EnableDnsSupport": "enableDnsSupport", "EnableDnsHostnames": "enableDnsHostnames"}
MADE_WITH: Final = {"EnableDnsSupport": True, "EnableDnsHostnames": False}
"""Of a VPC that is made (EC2 API Reference, ModifyVpcAttribute)."""
_FINAL: Final = re.compile(r"\.(elb|vpce)\.")
"""In the names of load balancers and endpoints."""
_DUALSTACK: Final = "dualstack."


def planned_zones(resources: Sequence[Resource], vpc: str) -> Sequence[Zone]:
    """The private zones that the resources make for a VPC."""
    records = records_by_zone(resources)
    return tuple(
        Zone(each.logical_id, canonical(each.properties["Name"]), tuple(records.get(each.logical_id, ())))
        for each in resources
        if each.type == _ZONE and vpc in _vpcs(each)
    )


def vpc_names(
    resources: Sequence[Resource],
    network: Network,
    zones: Sequence[Zone] | None,
    defaults: Mapping[str, bool] | None = None,
) -> VpcNames:
    """Those of a VPC whose private zones are known; `defaults` hold where a VPC's own resource doesn't say it."""
    vpc = next((each for each in resources if each.type == _VPC and each.logical_id == network.vpc_id), None)
    said: Mapping[str, Any] = {**(defaults or {}), **(vpc.properties if vpc else {})}
    return VpcNames(
        network.vpc_id,
        {_ATTRIBUTES[name]: _is_true(said[name]) for name in _ATTRIBUTES if name in said},
        _name_servers(resources, network.vpc_id),
        zones,
        str(IPv4Address(network.blocks[0].first + 2)) if network.blocks else "",
    )


def records_by_zone(resources: Iterable[Resource]) -> dict[str, list[Record]]:
    """The record sets of each zone that has any, by the zone's id."""
    found: dict[str, list[Record]] = {}
    for each in resources:
        if each.type == RECORD:
            found.setdefault(id_of(each.properties.get("HostedZoneId", "")), []).append(record_of(each.properties))
    return found


def record_of(properties: Mapping[str, Any]) -> Record:
    """One record set in CloudFormation's words, or in the API's."""
    name, type = canonical(properties["Name"]), str(properties["Type"])
    if alias := properties.get("AliasTarget"):
        return Record(name, type, (target_of(alias["DNSName"]),))
    values = [each["Value"] if isinstance(each, Mapping) else each for each in properties.get("ResourceRecords") or ()]
    if type == "CNAME":
        return Record(name, type, tuple(map(target_of, values)))
    return Record(name, type, (), tuple(map(str, values)))


def target_of(value: Value) -> Target:
    """What an alias or a CNAME leads to."""
    if isinstance(value, GetAtt | Ref):
        return Target(value.logical_id, final=True)
    name = canonical(value).removeprefix(_DUALSTACK)
    return Target(name, final=bool(_FINAL.search(name)))


def canonical(name: Value) -> str:
    """A name in lower case without the last dot, and with `*` as itself."""
    return str(name).replace("\\052", "*").lower().removesuffix(".")


def _vpcs(zone: Resource) -> Sequence[str]:
    listed = zone.properties.get("VPCs")
    known = listed if isinstance(listed, Sequence) and not isinstance(listed, str) else ()
    return [id_of(each.get("VPCId", "")) for each in known if isinstance(each, Mapping)]


def _name_servers(resources: Iterable[Resource], vpc: str) -> Sequence[str] | None:
    """Without options of its own a VPC has AWS's. None where its options aren't among the resources."""
    by_place = {(each.type, each.logical_id): each.properties for each in resources}
    used = next(
        (
            id_of(properties.get("DhcpOptionsId", ""))
            for (type, _), properties in by_place.items()
            if type == _ASSOCIATION and id_of(properties.get("VpcId", "")) == vpc
        ),
        None,
    )
    if used is None:
        return (AMAZON,)
    options = by_place.get((_OPTIONS, used))
    return None if options is None else ids_of(options.get("DomainNameServers"))


def _is_true(value: Value) -> bool:
    return value in (True, "true")
