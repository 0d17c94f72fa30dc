"""What a plan's new resources need of what quotas limit, by place: a zone, a VPC, a table, a group, or the account."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ocpprov.engine.actions import Actions
from ocpprov.engine.steps import CreateStep
from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.kinds.iam.common import listed

Counts: TypeAlias = Mapping[str, int]
"""How many, by place; the place of what is counted in the account or the region is empty."""

_ID: Final = "vpc-0123456789abcdef0"
_ARN: Final = "arn:aws:iam::123456789012:role/a-name-of-thirty-two-characters-"

IPV4: Final = ", IPv4"
IPV6: Final = ", IPv6"


@dataclass(frozen=True)
class Places:
    """Where what isn't there yet is going to be: zones of subnets and ids of VPCs, as far as they are known."""

    actions: Actions
    zones: Mapping[str, str]

    def id(self, value: Value) -> str:
        """An id, or what stands for the id of something that is yet to be made."""
        if isinstance(value, Ref | GetAtt):
            live = self.actions.current.get(value.logical_id)
            return live.id if live else value.logical_id
        return str(value)

    def is_new(self, value: Value) -> bool:
        """Whether it is yet to be made, so that nothing of others can be in it."""
        return isinstance(value, Ref | GetAtt) and value.logical_id not in self.actions.current

    def zone(self, subnet: Value) -> str:
        """The zone of a subnet."""
        if isinstance(subnet, Ref):
            resource = self.actions.graph.resources.get(subnet.logical_id)
            return str(resource.properties.get("AvailabilityZone", "")) if resource else ""
        return self.zones.get(str(subnet), "")


Needed: TypeAlias = Callable[[CreateStep, Places], Counts]

_NONE: Final[Counts] = {}


def each(*types: str) -> Needed:
    """One for each of these types."""
    return lambda step, places: {"": 1} if step.type in types else _NONE


def each_in(type: str, parent: str, *, brings: str = "") -> Needed:
    """One for each of a type, in what its property `parent` names. What is of the type `brings` has one from the
    start."""

    def needed(step: CreateStep, places: Places) -> Counts:
        if step.type == brings:
            return {step.logical_id: 1}
        return {places.id(_property(step, parent)): 1} if step.type == type else _NONE

    return needed


def each_in_new(type: str, parent: str, *, brings: str = "", brought: int = 1) -> Needed:
    """The same, but only in what is new itself: what else there is in the others isn't read."""

    def needed(step: CreateStep, places: Places) -> Counts:
        if step.type == brings:
            return {step.logical_id: brought}
        owner = _property(step, parent)
        return {places.id(owner): 1} if step.type == type and places.is_new(owner) else _NONE

    return needed


def gateway(step: CreateStep, places: Places) -> Counts:
    """NAT gateways, in their zones."""
    return {places.zone(_property(step, "SubnetId")): 1} if step.type == "AWS::EC2::NatGateway" else _NONE


def interface_endpoint(step: CreateStep, places: Places) -> Counts:
    return {places.id(_property(step, "VpcId")): 1} if _is_interface(step) else _NONE


def gateway_endpoint(step: CreateStep, places: Places) -> Counts:
    return {"": 1} if step.type == "AWS::EC2::VPCEndpoint" and not _is_interface(step) else _NONE


def interface_groups(step: CreateStep, places: Places) -> Counts:
    """The groups that an endpoint's interfaces get."""
    return {step.logical_id: len(listed(_property(step, "SecurityGroupIds")))} if _is_interface(step) else _NONE


def network_balancer(step: CreateStep, places: Places) -> Counts:
    network = _property(step, "Type") == "network"
    return {"": 1} if network and step.type == "AWS::ElasticLoadBalancingV2::LoadBalancer" else _NONE


def rules(type: str, group: str, *, from_start: bool) -> Needed:
    """Rules of groups, by family of addresses: what names a group or a prefix list counts for both. `group` is the
    property with the other group. With `from_start` AWS puts a rule for IPv4 into each new group."""

    def needed(step: CreateStep, places: Places) -> Counts:
        if from_start and step.type == "AWS::EC2::SecurityGroup":
            return {f"{step.logical_id}{IPV4}": 1}
        if step.type != type:
            return _NONE
        owner = places.id(_property(step, "GroupId"))
        v4, v6 = _property(step, "CidrIp") is not None, _property(step, "CidrIpv6") is not None
        families = [family for family, other in ((IPV4, v6), (IPV6, v4)) if not other]
        return {f"{owner}{family}": 1 for family in families}

    return needed


def entries(*, egress: bool) -> Needed:
    """Entries of ACLs in one direction; AWS's own last one is among them."""

    def needed(step: CreateStep, places: Places) -> Counts:
        if step.type == "AWS::EC2::NetworkAcl":
            return {step.logical_id: 1}
        wanted = step.type == "AWS::EC2::NetworkAclEntry" and (_property(step, "Egress") is True) == egress
        return {places.id(_property(step, "NetworkAclId")): 1} if wanted else _NONE

    return needed


def zone_networks(step: CreateStep, places: Places) -> Counts:
    """The VPCs of a private zone."""
    networks = len(listed(_property(step, "VPCs")))
    return {step.logical_id: networks} if step.type == "AWS::Route53::HostedZone" and networks else _NONE


def characters(type: str, document: str, owner: str = "") -> Needed:
    """The characters of policies, without spaces, as far as they are known by now: in what `owner` names, else in the
    resource itself."""

    def needed(step: CreateStep, places: Places) -> Counts:
        if step.type != type or (owner and not places.is_new(_property(step, owner))):
            return _NONE
        place = places.id(_property(step, owner)) if owner else step.logical_id
        return {place: len(_written(_property(step, document)))}

    return needed


def _written(document: Value) -> str:
    return json.dumps(document, separators=(",", ":"), default=_stand_in)


def _stand_in(value: Value) -> Value:
    """About as long as what will stand there."""
    match value:
        case Join(delimiter=delimiter, parts=parts):
            return delimiter.join(str(part if isinstance(part, str) else _stand_in(part)) for part in parts)
        case GetAtt():
            return _ARN
        case Ref():
            return _ID
        case _:
            return str(value)


def _is_interface(step: CreateStep) -> bool:
    return step.type == "AWS::EC2::VPCEndpoint" and _property(step, "VpcEndpointType") == "Interface"


def _property(step: CreateStep, name: str) -> Value:
    return step.resource.properties.get(name)
