"""AWS::EC2::TransitGatewayAttachment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, ReadyFor, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    Listing,
    describe_all,
    each_once,
    ids_in,
    sorted_lists,
    state_of,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

LISTING: Final = Listing(
    "describe_transit_gateway_vpc_attachments", "transit-gateway-attachment-id", "tgw-attach-", names_given=False
)
_STATES: Final = {
    "initiating": State.PENDING,
    "initiatingrequest": State.PENDING,
    "pending": State.PENDING,
    "pendingacceptance": State.PENDING,
    "modifying": State.PENDING,
    "rollingback": State.PENDING,
    "available": State.READY,
    "rejecting": State.BROKEN,
    "rejected": State.BROKEN,
    "failing": State.BROKEN,
    "failed": State.BROKEN,
    "deleting": State.DELETING,
    "deleted": State.GONE,
}
_ACCEPTANCE: Final = "the owner of the transit gateway has to accept the attachment"


class TransitGatewayAttachment(Ec2Kind):
    """A VPC's way to a transit gateway, with an interface in each of some subnets, one a zone. Subnets come and go in
    place. An attachment to a gateway of another account waits until its owner accepts it."""

    type = "AWS::EC2::TransitGatewayAttachment"
    id_prefix = LISTING.prefix
    billed_as = "transit gateway attachment"
    tells = ("TransitGatewayId",)
    properties = (
        Property("TransitGatewayId", "string", required=True, create_only=True, documentation="The transit gateway."),
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that is attached."),
        Property(
            "SubnetIds",
            "list",
            required=True,
            items=Property("SubnetId", "string"),
            list_rule=ListRule.CONTAINS,
            keeps_one=True,
            once_per="AvailabilityZone",
            documentation="The subnets that get an interface, one a zone.",
        ),
        TAGS,
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeTransitGatewayVpcAttachments",),
        create=("ec2:CreateTransitGatewayVpcAttachment", "iam:CreateServiceLinkedRole", "ec2:CreateTags"),
        update=("ec2:ModifyTransitGatewayVpcAttachment", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteTransitGatewayVpcAttachment",),
    )
    bound_by = ("VpcId", "TransitGatewayId")
    settles = True
    # The route names the gateway, not the attachment.
    ready_for = (
        ReadyFor(
            "AWS::EC2::Route",
            "InvalidTransitGatewayID.NotFound: The transitGateway ID does not exist",
            "aws/aws-cdk#8584, hashicorp/terraform-provider-aws#10025",
        ),
    )
    typical_seconds = 60
    typical_deletion_seconds = 30

    def reads(self, found: Found) -> Sequence[Read]:
        """By the VPCs, as each lies in one: the API reference of this operation names no filter for tags. While nobody
        knows the plan, nor what carries its tag, all: one may be all that the plan has in a VPC, and nothing else tells
        of that. Somebody else's is of no use to a plan without."""
        if found.tagged is None and found.names is None:
            return [read("ec2", LISTING.operation)]
        in_vpcs = found.vpc_ids() if found.tagged is None or found.may_have(self.type) else []
        return [*describe_all(LISTING.operation, LISTING.vpc_filter, in_vpcs), *LISTING.by_id(found)]

    def state_reads(self, found: Found) -> Sequence[Read]:
        """One for all that are known: whoever waits for one knows it."""
        return list(LISTING.of_ids(found.ids(self.type)))

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_transit_gateway_vpc_attachments", TransitGatewayAttachmentIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        items = each_once(
            pages,
            "describe_transit_gateway_vpc_attachments",
            "TransitGatewayVpcAttachments",
            "TransitGatewayAttachmentId",
        )
        return [live for live in map(_live, items) if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.ec2.create_transit_gateway_vpc_attachment(
            TransitGatewayId=wanted["TransitGatewayId"],
            VpcId=wanted["VpcId"],
            SubnetIds=wanted["SubnetIds"],
            TagSpecifications=tag_specifications("transit-gateway-attachment", request),
        )
        attachment_id = answer["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        return Created(attachment_id, {"Id": attachment_id})

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        """New subnets and old ones in one call."""
        present = ids_in(live, "SubnetIds")
        edit = {
            "AddSubnetIds": [subnet for subnet in desired["SubnetIds"] if subnet not in present],
            "RemoveSubnetIds": [subnet for subnet in present if subnet not in desired["SubnetIds"]],
        }
        clients.ec2.modify_transit_gateway_vpc_attachment(
            TransitGatewayAttachmentId=live.id,
            **{name: subnets for name, subnets in edit.items() if subnets},  # type: ignore[arg-type]
        )

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=live.id)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """A VPC is attached to a gateway once."""
        gateway, vpc_id = properties.get("TransitGatewayId"), properties.get("VpcId")
        known = isinstance(gateway, str) and isinstance(vpc_id, str)
        return [("attachment", str(gateway), str(vpc_id))] if known else []

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId", "SubnetIds")


def _live(attachment: Mapping[str, Any]) -> Live:
    word = attachment["State"]
    return Live(
        type=TransitGatewayAttachment.type,
        id=attachment["TransitGatewayAttachmentId"],
        properties={
            "TransitGatewayId": attachment["TransitGatewayId"],
            "VpcId": attachment["VpcId"],
            **sorted_lists(attachment, "SubnetIds"),
        },
        attributes={"Id": attachment["TransitGatewayAttachmentId"]},
        tags=tags_of(attachment),
        state=state_of(word, _STATES),
        reason=_ACCEPTANCE if word.casefold() == "pendingacceptance" else "",
    )
