"""AWS::EC2::InternetGateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, Listing, each_once, tag_specifications, tags_of
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_internet_gateways", "internet-gateway-id", "igw-", vpc_filter="attachment.vpc-id")


class InternetGateway(Ec2Kind):
    """A VPC's way to and from the internet. What joins it to the VPC is the attachment."""

    type = "AWS::EC2::InternetGateway"
    id_prefix = _LISTING.prefix
    properties = (TAGS,)
    attributes = ("InternetGatewayId",)
    permissions = Permissions(
        read=("ec2:DescribeInternetGateways",),
        create=("ec2:CreateInternetGateway", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteInternetGateway",),
    )
    bound_by_id = True

    def reads(self, found: Found) -> Sequence[Read]:
        return internet_gateway_reads(found)

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_internet_gateways", InternetGatewayIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(gateway) for gateway in internet_gateways(pages)]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.create_internet_gateway(TagSpecifications=tag_specifications("internet-gateway", request))
        gateway_id = answer["InternetGateway"]["InternetGatewayId"]
        return Created(gateway_id, {"InternetGatewayId": gateway_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_internet_gateway(InternetGatewayId=live.id)


def internet_gateway_reads(found: Found) -> list[Read]:
    """The calls that bring gateways and their attachments."""
    return _LISTING.reads(found)


def internet_gateways(pages: Pages) -> list[Mapping[str, Any]]:
    """The gateways in the answers, each once."""
    return list(each_once(pages, "describe_internet_gateways", "InternetGateways", "InternetGatewayId"))


def _live(gateway: Mapping[str, Any]) -> Live:
    return Live(
        type=InternetGateway.type,
        id=gateway["InternetGatewayId"],
        properties={},
        attributes={"InternetGatewayId": gateway["InternetGatewayId"]},
        tags=tags_of(gateway),
    )
