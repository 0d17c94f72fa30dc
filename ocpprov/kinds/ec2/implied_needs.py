"""What AWS wants there before something that doesn't refer to it. A template says so with `DependsOn`, or forgets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Network
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.ec2.common import network

_BLOCK: Final = "AWS::EC2::VPCCidrBlock"
_GATEWAY: Final = "AWS::EC2::VPCGatewayAttachment"
_TRANSIT: Final = "AWS::EC2::TransitGatewayAttachment"


def blocks_around(subnet: Resource, resources: Mapping[str, Resource]) -> Iterator[str]:
    """The further blocks of its VPC that a subnet lies in."""
    block, vpc = network(subnet.properties.get("CidrBlock")), subnet.properties.get("VpcId")
    for logical_id, properties in _of(_BLOCK, resources):
        around = network(properties.get("CidrBlock"))
        same_vpc = properties.get("VpcId") == vpc
        if same_vpc and isinstance(block, IPv4Network) and isinstance(around, IPv4Network) and block.subnet_of(around):
            yield logical_id


def attachments_of_target(route: Resource, resources: Mapping[str, Resource]) -> Iterator[str]:
    """The attachments by which a route's gateway is reached: of an internet gateway, or of a transit gateway to the
    VPC of the route's table."""
    internet, transit = route.properties.get("GatewayId"), route.properties.get("TransitGatewayId")
    vpc = _vpc_of(route.properties.get("RouteTableId"), resources)
    for logical_id, properties in _of(_GATEWAY, resources):
        if internet is not None and properties.get("InternetGatewayId") == internet:
            yield logical_id
    for logical_id, properties in _of(_TRANSIT, resources):
        same_vpc = vpc is None or properties.get("VpcId") == vpc
        if transit is not None and properties.get("TransitGatewayId") == transit and same_vpc:
            yield logical_id


def gateways_of_balancer(balancer: Resource, resources: Mapping[str, Resource]) -> Iterator[str]:
    """The attachments of internet gateways that an internet-facing load balancer needs, of either API."""
    if balancer.properties.get("Scheme") == "internal":
        return
    subnets, mappings = balancer.properties.get("Subnets"), balancer.properties.get("SubnetMappings")
    named = list(_items(subnets))
    named += [mapping.get("SubnetId") for mapping in _items(mappings) if isinstance(mapping, Mapping)]
    yield from gateways_of_subnets(named, resources)


def gateways_of_subnets(subnets: Iterable[Value], resources: Mapping[str, Resource]) -> Iterator[str]:
    """The attachments of internet gateways to the VPCs of these subnets, which are given as a plan writes them."""
    networks = [vpc for subnet in subnets if (vpc := _vpc_of(subnet, resources)) is not None]
    for logical_id, properties in _of(_GATEWAY, resources):
        if properties.get("VpcId") in networks:
            yield logical_id


def _items(value: Value) -> Sequence[Value]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _of(type: str, resources: Mapping[str, Resource]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    yield from ((each.logical_id, each.properties) for each in resources.values() if each.type == type)


def _vpc_of(value: Value, resources: Mapping[str, Resource]) -> Value:
    """The VPC of a subnet or a table that the plan makes, as it is written there; None where nobody knows."""
    made = resources.get(value.logical_id) if isinstance(value, Ref) else None
    return made.properties.get("VpcId") if made else None
