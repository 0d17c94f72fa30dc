"""Ways to other networks: a transit gateway that the VPC is attached to, or a peering connection that there is."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.openshift.layout import Layout, RouteTable
from ocpprov.openshift.naming import block_label, id_label
from ocpprov.plan.model import Transit


def transit(layout: Layout) -> Iterator[Resource]:
    """One attachment for each transit gateway, and the routes in the private route tables."""
    gateways = dict.fromkeys(way.transit_gateway_id for way in layout.section.transit if way.transit_gateway_id)
    for gateway in gateways:
        yield _attachment(layout, gateway)
    for way in layout.section.transit:
        for table in layout.private_tables:
            for block in way.cidrs:
                yield _route(way, table, block)


def _attachment_id(gateway: str) -> str:
    """By the gateway's own id: a number would move when the plan's list changes, and the attachment be replaced."""
    return f"TransitGatewayAttachment{id_label(gateway)}"


def _attachment(layout: Layout, gateway: str) -> Resource:
    properties: dict[str, Value] = {
        "TransitGatewayId": gateway,
        "VpcId": layout.vpc,
        "SubnetIds": list(layout.private_subnets),
    }
    return Resource(_attachment_id(gateway), "AWS::EC2::TransitGatewayAttachment", properties)


def _route(way: Transit, table: RouteTable, block: IPv4Network) -> Resource:
    name = f"TransitRoute{table.label}To{block_label(block)}"
    properties: dict[str, Value] = {"RouteTableId": table.id, "DestinationCidrBlock": str(block)}
    if way.transit_gateway_id:
        # AWS refuses a route to a transit gateway that the VPC is not attached to.
        attachment = _attachment_id(way.transit_gateway_id)
        target: Value = way.transit_gateway_id
        return Resource(name, "AWS::EC2::Route", {**properties, "TransitGatewayId": target}, depends_on=(attachment,))
    return Resource(name, "AWS::EC2::Route", {**properties, "VpcPeeringConnectionId": way.peering_connection_id})
