"""AWS::EC2::Route."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, given, ids_in, known_key, with_canonical_cidrs
from ocpprov.kinds.ec2.implied_needs import attachments_of_target
from ocpprov.kinds.ec2.route_table import route_table_reads, route_tables
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

TARGETS: Final = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "VpcEndpointId",
    "NetworkInterfaceId",
)
DESTINATIONS: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_NO_TARGETS: Final = frozenset({*DESTINATIONS, "Origin", "State"})
"""What an answer has of a route besides its target."""


def _target_property(name: str, documentation: str) -> Property:
    """A route has one target, so that the others are absent."""
    return Property(name, "string", may_be_absent=True, documentation=f"Target: {documentation}")


class Route(Ec2Kind):
    """One row of a route table. The target can be changed in place, the destination is what the route is."""

    type = "AWS::EC2::Route"
    noun = "route"
    tells = (
        "DestinationCidrBlock",
        "GatewayId",
        "NatGatewayId",
        "TransitGatewayId",
        "VpcPeeringConnectionId",
        "NetworkInterfaceId",
    )
    properties = (
        Property("RouteTableId", "string", required=True, create_only=True, documentation="The table of the route."),
        Property(
            "DestinationCidrBlock",
            "string",
            required=True,
            create_only=True,
            format="cidr",
            documentation="The IPv4 block that the route is for.",
        ),
        _target_property("GatewayId", "an internet gateway or virtual private gateway."),
        _target_property("NatGatewayId", "a NAT gateway."),
        _target_property("TransitGatewayId", "a transit gateway."),
        _target_property("VpcPeeringConnectionId", "a peering connection."),
        _target_property("VpcEndpointId", "a gateway load balancer endpoint."),
        _target_property("NetworkInterfaceId", "a network interface."),
    )
    permissions = Permissions(
        read=("ec2:DescribeRouteTables",),
        create=("ec2:CreateRoute",),
        update=("ec2:ReplaceRoute",),
        delete=("ec2:DeleteRoute",),
    )
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "RouteTableId"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return route_table_reads(found)

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(table, route) for table in route_tables(pages) for route in table.get("Routes", ())]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        table_id, block = request.properties["RouteTableId"], request.properties["DestinationCidrBlock"]
        target = given(request.properties, *TARGETS)
        clients.ec2.create_route(RouteTableId=table_id, DestinationCidrBlock=block, **target)
        return Created(_id(table_id, block))

    def delete(self, clients: Clients, live: Live) -> None:
        destination = given(live.properties, *DESTINATIONS)
        clients.ec2.delete_route(RouteTableId=live.id.partition("|")[0], **destination)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        table_id, block = desired["RouteTableId"], desired["DestinationCidrBlock"]
        target = given(desired, *TARGETS)
        clients.ec2.replace_route(RouteTableId=table_id, DestinationCidrBlock=block, **target)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_canonical_cidrs(properties, "DestinationCidrBlock")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        destination = next((name for name in DESTINATIONS if properties.get(name)), "DestinationCidrBlock")
        return known_key(properties, "RouteTableId", destination)

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "RouteTableId", *TARGETS)

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        return attachments_of_target(resource, resources)

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        destination = next((properties[name] for name in DESTINATIONS if properties.get(name)), None)
        return f"r {destination}" if isinstance(destination, str) else None


def _id(table_id: str, destination: str) -> str:
    return f"{table_id}|{destination}"


def _live(table: Mapping[str, Any], route: Mapping[str, Any]) -> Live:
    destination = given(route, *DESTINATIONS) or {DESTINATIONS[0]: route[DESTINATIONS[0]]}
    return Live(
        type=Route.type,
        id=_id(table["RouteTableId"], str(next(iter(destination.values())))),
        properties={"RouteTableId": table["RouteTableId"], **destination, **_target(route)},
        service_owned=_is_services(route),
        unanswered=frozenset(TARGETS) if route.keys() <= _NO_TARGETS else frozenset(),
    )


def _target(route: Mapping[str, Any]) -> dict[str, Value]:
    """The target in CloudFormation's words: EC2 answers an endpoint as a gateway."""
    target = given(route, *TARGETS)
    gateway = target.get("GatewayId")
    if isinstance(gateway, str) and gateway.startswith("vpce-"):
        target["VpcEndpointId"] = target.pop("GatewayId")
    return target


def _is_services(route: Mapping[str, Any]) -> bool:
    """Whether AWS keeps the route: the VPC's own, propagated ones, and what gateway endpoints add."""
    of_endpoint = "DestinationPrefixListId" in route and str(route.get("GatewayId", "")).startswith("vpce-")
    return route.get("GatewayId") == "local" or route.get("Origin") != "CreateRoute" or of_endpoint
