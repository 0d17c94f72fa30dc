"""AWS::EC2::RouteTable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, Listing, each_once, given, ids_in, tag_specifications, tags_of
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_route_tables", "route-table-id", "rtb-")


class RouteTable(Ec2Kind):
    """A set of routes that subnets are associated with. A VPC's main table is AWS's own."""

    type = "AWS::EC2::RouteTable"
    id_prefix = _LISTING.prefix
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that the table is in."),
        TAGS,
    )
    attributes = ("RouteTableId",)
    permissions = Permissions(
        read=("ec2:DescribeRouteTables",),
        create=("ec2:CreateRouteTable", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteRouteTable",),
    )
    bound_by = ("VpcId",)
    bound_by_id = True

    def reads(self, found: Found) -> Sequence[Read]:
        return route_table_reads(found)

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_route_tables", RouteTableIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(table) for table in route_tables(pages)]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.create_route_table(
            VpcId=request.properties["VpcId"],
            ClientToken=request.token,
            TagSpecifications=tag_specifications("route-table", request),
        )
        table_id = answer["RouteTable"]["RouteTableId"]
        return Created(table_id, {"RouteTableId": table_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_route_table(RouteTableId=live.id)

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId")


def route_table_reads(found: Found) -> list[Read]:
    """The calls that bring tables, their routes and their associations."""
    return _LISTING.reads(found)


def route_tables(pages: Pages) -> list[Mapping[str, Any]]:
    """The tables in the answers, each once."""
    return list(each_once(pages, "describe_route_tables", "RouteTables", "RouteTableId"))


def is_main(table: Mapping[str, Any]) -> bool:
    """Whether it is the table that AWS made with the VPC."""
    return any(association.get("Main") for association in table.get("Associations", ()))


def _live(table: Mapping[str, Any]) -> Live:
    tags = tags_of(table)
    return Live(
        type=RouteTable.type,
        id=table["RouteTableId"],
        properties=given(table, "VpcId"),
        attributes={"RouteTableId": table["RouteTableId"]},
        tags=tags,
        # AWS makes one with the VPC. A plan's that somebody made the main one since stays the plan's.
        service_owned=is_main(table) and RESOURCE not in tags,
    )
