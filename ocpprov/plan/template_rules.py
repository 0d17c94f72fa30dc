"""What no table can say about the second layer: resources that don't fit each other, or AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.plan.checking import block_size_problem
from ocpprov.plan.model import OpenShift
from ocpprov.plan.problems import PlanError
from ocpprov.plan.reserved_domains import is_refused
from ocpprov.plan.template import Template
from ocpprov.plan.top_level import IN_TAGS, ODD_IN_TAGS, odd_in_tags, shown, strange_in_tags

_VPC: Final = "AWS::EC2::VPC"
_ZONE: Final = "AWS::Route53::HostedZone"


@dataclass(frozen=True)
class TemplateContext:
    """A template together with what the openshift section makes: `made` are the section's ids with their types.
    `user_tags` are the plan's, which go on everything; `name` is its own."""

    template: Template
    section: OpenShift | None = None
    made: Mapping[str, str] = field(default_factory=dict)
    user_tags: Mapping[str, str] = field(default_factory=dict)
    name: str = ""

    def networks_of(self, vpc: Value) -> Sequence[IPv4Network]:
        """Every block of a VPC of this plan; empty where they aren't known."""
        if not isinstance(vpc, Ref):
            return ()
        if self.section and self.made.get(vpc.logical_id) == _VPC:
            return self.section.networks
        own = self.template.resources.get(vpc.logical_id)
        if own is None or _block(own) is None:
            return ()
        added = (one for one in self.of_type("AWS::EC2::VPCCidrBlock") if one.properties.get("VpcId") == vpc)
        blocks = [_block(one) for one in (own, *added)]
        return () if None in blocks else [block for block in blocks if block is not None]

    def of_type(self, type: str) -> list[Resource]:
        """The template's resources of a type."""
        return [one for one in self.template.resources.values() if one.type == type]

    def error(self, resource: Resource, key: str, message: str, hint: str = "") -> PlanError:
        """An error at a property of a resource of the template."""
        path = f"{self.template.paths[resource.logical_id]}.Properties.{key}"
        return PlanError(self.template.positions[path], path, message, hint)


@dataclass(frozen=True)
class Record:
    """A record as it stands in a resource, at its property `key`. `zone` is what says which zone it goes into. The name
    has no dot at its end, and is empty where it isn't known."""

    resource: Resource
    key: str
    name: str
    zone: Value


def template_problems(context: TemplateContext) -> Iterator[PlanError]:
    """Everything that is wrong with resources whoever makes a cluster of them, each at the property's place."""
    zones = {zone.logical_id: _domain(zone.properties.get("Name")) for zone in context.of_type(_ZONE)}
    for resource in context.template.resources.values():
        yield from _tags(context, resource)
        match resource.type:
            case "AWS::EC2::VPC" | "AWS::EC2::VPCCidrBlock":
                yield from _block_size(context, resource)
            case "AWS::EC2::Subnet":
                yield from _block_size(context, resource)
                yield from _subnet(context, resource)
            case "AWS::ElasticLoadBalancingV2::TargetGroup":
                yield from _targets(context, resource)
            case "AWS::Route53::HostedZone":
                yield from _zone(context, resource)
    for record in records(context):
        if isinstance(record.zone, Ref):
            yield from outside_its_zone(context, record, zones.get(record.zone.logical_id, ""))


def records(context: TemplateContext) -> Iterator[Record]:
    """Every record of the template."""
    for single in context.of_type("AWS::Route53::RecordSet"):
        yield _record(single, "Name", single.properties, {})
    for group in context.of_type("AWS::Route53::RecordSetGroup"):
        for row in mappings(group.properties.get("RecordSets")):
            yield _record(group, "RecordSets", row, group.properties)


def outside_its_zone(context: TemplateContext, record: Record, domain: str) -> Iterator[PlanError]:
    """The error of a record that isn't in its zone's domain; none where one of both isn't known."""
    name = record.name
    if name and domain and name != domain and not name.endswith(f".{domain}"):
        yield context.error(
            record.resource, record.key, f"{name} is not in the zone of {domain}", f"such as www.{domain}"
        )


def _record(resource: Resource, key: str, row: Mapping[str, Value], group: Mapping[str, Value]) -> Record:
    return Record(
        resource,
        key,
        name=_domain(row.get("Name")),
        zone=row.get("HostedZoneId", group.get("HostedZoneId")),
    )


def _tags(context: TemplateContext, resource: Resource) -> Iterator[PlanError]:
    """Tags as the resource's own service takes them: EC2 any character, the others few, and IAM knows no case."""
    for name in ("Tags", "HostedZoneTags"):
        rows = mappings(resource.properties.get(name))
        keys = [key for row in rows if isinstance(key := row.get("Key"), str)]
        reserved = [key for key in keys if key.casefold().startswith("aws:")]
        for number, key in enumerate(keys):
            if key in reserved:
                yield context.error(resource, name, f"{key} can't be a tag", "aws: is AWS's own, in capitals too")
            if key in keys[:number]:
                yield context.error(resource, name, f"{key} is given twice", "remove one of them")
        if not resource.type.startswith("AWS::EC2::"):
            texts = [text for row in rows for text in row.values() if isinstance(text, str)]
            if strange := strange_in_tags("".join(texts)):
                yield context.error(resource, name, f"{shown(strange)} can't be in a tag here", IN_TAGS)
            if resource.type.startswith("AWS::ElasticLoadBalancing"):
                odd = dict.fromkeys(odd for text in texts if text not in reserved and (odd := odd_in_tags(text)))
                yield from (context.error(resource, name, f"a tag here can't {each}", ODD_IN_TAGS) for each in odd)
        if resource.type.startswith("AWS::IAM::"):
            yield from _same_to_iam(context, resource, name, keys)


def _same_to_iam(context: TemplateContext, resource: Resource, name: str, keys: Sequence[str]) -> Iterator[PlanError]:
    first = {key.casefold(): key for key in ("Name", *context.user_tags)}
    for key in keys:
        other = first.setdefault(key.casefold(), key)
        if other != key:
            message = f"{key} and {other} are one tag to IAM, which doesn't know case"
            yield context.error(resource, name, message, f"write {other}")


def _block_size(context: TemplateContext, resource: Resource) -> Iterator[PlanError]:
    block = _block(resource)
    if block is not None and (wrong := block_size_problem(block)):
        yield context.error(resource, "CidrBlock", *wrong)


def _subnet(context: TemplateContext, subnet: Resource) -> Iterator[PlanError]:
    vpc, block = subnet.properties.get("VpcId"), _block(subnet)
    if not isinstance(vpc, Ref) or block is None:
        return
    networks = context.networks_of(vpc)
    if networks and not any(block.subnet_of(network) for network in networks):
        listed = " and ".join(map(str, networks))
        yield context.error(subnet, "CidrBlock", f"{block} is outside {vpc.logical_id}'s {listed}")
    for other in context.of_type(subnet.type):
        if other.logical_id == subnet.logical_id:
            return
        other_block = _block(other)
        if other.properties.get("VpcId") == vpc and other_block is not None and block.overlaps(other_block):
            yield context.error(subnet, "CidrBlock", f"{block} overlaps {other.logical_id}'s {other_block}")


def _targets(context: TemplateContext, group: Resource) -> Iterator[PlanError]:
    networks = context.networks_of(group.properties.get("VpcId"))
    if not networks or group.properties.get("TargetType") != "ip":
        return
    for target in mappings(group.properties.get("Targets")):
        address = _address(target.get("Id"))
        # AWS takes addresses outside the VPC, but only when they are said to be in all zones.
        outside = address is not None and not any(address in network for network in networks)
        if outside and target.get("AvailabilityZone") != "all":
            listed = " and ".join(map(str, networks))
            hint = "an address in it, or AvailabilityZone: all for one beyond"
            yield context.error(group, "Targets", f"{address} is outside the VPC's {listed}", hint)


def _zone(context: TemplateContext, zone: Resource) -> Iterator[PlanError]:
    name = _domain(zone.properties.get("Name"))
    if is_refused(name) and not zone.properties.get("VPCs"):
        message = f"Route 53 makes no public zone of {name}: it is reserved"
        yield context.error(zone, "Name", message, "a domain of your own, or VPCs that make it a private zone")


def mappings(value: Value) -> list[Mapping[str, Value]]:
    """The mappings in a list; none for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [item for item in value if isinstance(item, Mapping)]


def _domain(value: Value) -> str:
    return value.removesuffix(".").lower() if isinstance(value, str) else ""


def _block(resource: Resource) -> IPv4Network | None:
    value = resource.properties.get("CidrBlock")
    try:
        return IPv4Network(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _address(value: Value) -> IPv4Address | None:
    try:
        return IPv4Address(value) if isinstance(value, str) else None
    except ValueError:
        return None
