"""Addresses that a plan's resources take in their subnets, against those that a subnet has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.expand import expand, placeholder_facts
from ocpprov.openshift.naming import PRIVATE_SUBNET
from ocpprov.plan.model import OpenShift, Plan

BALANCER_NEEDS: Final = 8
"""Free addresses in each of its subnets, without which AWS makes no load balancer (its answer InvalidSubnet; NLB user
guide, "Availability Zones")."""
KEPT: Final = 5
"""Of each subnet AWS keeps the first four addresses and the last (VPC user guide, "Subnet CIDR blocks")."""
_BALANCERS: Final = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer")
_SUBNET: Final = "AWS::EC2::Subnet"
_ANY_INFRA_ID: Final = "cluster-00000"


@dataclass(frozen=True)
class Uses:
    """What is put into one subnet, by logical id: load balancers, and what takes an address each."""

    balancers: Sequence[str] = ()
    others: Sequence[str] = ()

    @property
    def taken(self) -> int:
        """Addresses that are gone when all of it is there."""
        return len(self.balancers) + len(self.others)

    @property
    def needed(self) -> int:
        """Free ones before any of it is there, in whichever order it is made."""
        return self.taken - 1 + BALANCER_NEEDS if self.balancers else self.taken

    def __str__(self) -> str:
        kinds = {"load balancer": len(self.balancers), "other interface": len(self.others)}
        words = [f"{count} {what}{'s' if count > 1 else ''}" for what, count in kinds.items() if count]
        rule = f" (AWS wants {BALANCER_NEEDS} free for each load balancer)" if self.balancers else ""
        return f"{' and '.join(words)}{rule}"


def uses_by_subnet(resources: Iterable[Resource]) -> dict[Ref | str, Uses]:
    """By what the resources name their subnets by: a reference, or an id."""
    found: dict[Ref | str, Uses] = {}
    for each in resources:
        for subnet in _subnets_of(each):
            uses, own = found.get(subnet, Uses()), (each.logical_id,)
            if each.type in _BALANCERS:
                found[subnet] = replace(uses, balancers=(*uses.balancers, *own))
            else:
                found[subnet] = replace(uses, others=(*uses.others, *own))
    return found


def crowded_subnets(plan: Plan) -> dict[str, Problem]:
    """The subnets that the plan makes too small for what it puts there, now or once it has an infraID, and for one
    machine in each private one: by logical id. Raises ValueError as `expand` does."""
    section = plan.openshift
    whole = plan
    if section and not section.infra_id:
        whole = replace(plan, openshift=replace(section, infra_id=_ANY_INFRA_ID))
    resources = {**expand(whole, placeholder_facts(whole)), **plan.resources}
    uses = uses_by_subnet(resources.values())
    found: dict[str, Problem] = {}
    for id, subnet in resources.items():
        block = subnet.properties.get("CidrBlock")
        if subnet.type != _SUBNET or not isinstance(block, str) or Ref(id) not in uses:
            continue
        machine = int(id not in plan.resources and id.startswith(PRIVATE_SUBNET))
        usable, own = IPv4Network(block).num_addresses - KEPT, uses[Ref(id)]
        if usable < own.needed + machine:
            told = f"{id} ({block}) has {usable} addresses and needs {own.needed + machine}: {own}"
            detail = f"{told}{' and a machine' if machine else ''}"
            found[id] = Problem(_place(plan, section, subnet), detail, "make it larger, or put less there")
    return found


def _place(plan: Plan, section: OpenShift | None, subnet: Resource) -> str:
    """Where the plan says how large it is."""
    if section and subnet.logical_id not in plan.resources:
        for key in ("subnetCIDRs", "subnetBits", "machineNetwork"):
            if place := section.positions.get(f"openshift.{key}"):
                return f"{place}: openshift.{key}"
    return str(subnet.position or subnet.logical_id)


def _subnets_of(resource: Resource) -> Iterator[Ref | str]:
    properties = resource.properties
    match resource.type:
        case "AWS::EC2::NatGateway":
            values: Iterable[Value] = [properties.get("SubnetId")]
        case "AWS::EC2::TransitGatewayVpcAttachment":
            values = _items(properties.get("SubnetIds"))
        case "AWS::EC2::VPCEndpoint" if properties.get("VpcEndpointType") == "Interface":
            values = _items(properties.get("SubnetIds"))
        case type if type in _BALANCERS:
            mapped = [
                each.get("SubnetId") for each in _items(properties.get("SubnetMappings")) if isinstance(each, Mapping)
            ]
            values = [*_items(properties.get("Subnets")), *mapped]
        case _:
            values = ()
    yield from (each for each in values if isinstance(each, Ref | str))


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
