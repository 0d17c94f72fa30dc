"""AWS::EC2::SubnetRouteTableAssociation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, ids_in, known_key, state_of
from ocpprov.kinds.ec2.route_table import route_table_reads, route_tables
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

STATES: Final = {
    "associating": State.PENDING,
    "associated": State.READY,
    "failed": State.BROKEN,
    "disassociating": State.DELETING,
    "disassociated": State.GONE,
}


class SubnetRouteTableAssociation(Ec2Kind):
    """The link between a subnet and its route table. It is ours when both are, or the plan had it."""

    type = "AWS::EC2::SubnetRouteTableAssociation"
    noun = "route table association"
    tells = ("SubnetId",)
    properties = (
        Property(
            "SubnetId", "string", required=True, create_only=True, documentation="The subnet, which has one table."
        ),
        Property("RouteTableId", "string", required=True, documentation="The route table that the subnet uses."),
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeRouteTables",),
        create=("ec2:AssociateRouteTable",),
        update=("ec2:ReplaceRouteTableAssociation",),
        delete=("ec2:DisassociateRouteTable",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "SubnetId"
    # DeleteRouteTable wants the associations gone, DeleteSubnet doesn't: they go with the subnet (API reference).
    ends_with = "SubnetId"

    def reads(self, found: Found) -> Sequence[Read]:
        return route_table_reads(found)

    def parse(self, pages: Pages) -> Sequence[Live]:
        associations = (
            _live(table["RouteTableId"], association)
            for table in route_tables(pages)
            for association in table.get("Associations", ())
            # The main table's and a gateway's associations have no subnet.
            if not association.get("Main") and not association.get("GatewayId")
        )
        return [live for live in associations if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.associate_route_table(
            RouteTableId=request.properties["RouteTableId"], SubnetId=request.properties["SubnetId"]
        )
        return Created(answer["AssociationId"], {"Id": answer["AssociationId"]})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.disassociate_route_table(AssociationId=live.id)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        # The association has another id afterwards.
        clients.ec2.replace_route_table_association(AssociationId=live.id, RouteTableId=desired["RouteTableId"])

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "SubnetId")

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "SubnetId", "RouteTableId")

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        table = properties.get("RouteTableId")
        return f"table {table}" if isinstance(table, str) else None


def _live(table: str, association: Mapping[str, Any]) -> Live:
    state = association.get("AssociationState", {})
    return Live(
        type=SubnetRouteTableAssociation.type,
        id=association["RouteTableAssociationId"],
        properties={"SubnetId": association["SubnetId"], "RouteTableId": table},
        attributes={"Id": association["RouteTableAssociationId"]},
        state=state_of(state.get("State", "associated"), STATES),
        reason=state.get("StatusMessage", ""),
    )
