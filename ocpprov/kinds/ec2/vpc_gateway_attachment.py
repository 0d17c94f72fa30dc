"""AWS::EC2::VPCGatewayAttachment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, ids_in, known_key, state_of
from ocpprov.kinds.ec2.internet_gateway import internet_gateway_reads, internet_gateways
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# EC2 answers "available" for an attached gateway, where its own model says "attached".
STATES: Final = {
    "attaching": State.PENDING,
    "available": State.READY,
    "attached": State.READY,
    "detaching": State.DELETING,
    "detached": State.GONE,
}


class VpcGatewayAttachment(Ec2Kind):
    """The link between an internet gateway and a VPC. It is ours when the gateway is."""

    type = "AWS::EC2::VPCGatewayAttachment"
    noun = "attachment"
    tells = ("VpcId",)
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC, which takes one gateway."),
        Property(
            "InternetGatewayId",
            "string",
            required=True,
            create_only=True,
            documentation="The gateway that is attached.",
        ),
    )
    permissions = Permissions(
        read=("ec2:DescribeInternetGateways",),
        create=("ec2:AttachInternetGateway",),
        delete=("ec2:DetachInternetGateway",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "InternetGatewayId"
    holds_parent = True
    # EC2 detaches no gateway from a VPC with mapped public addresses.
    delete_after = (
        "AWS::EC2::NatGateway",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancing::LoadBalancer",
    )

    def reads(self, found: Found) -> Sequence[Read]:
        return internet_gateway_reads(found)

    def parse(self, pages: Pages) -> Sequence[Live]:
        attachments = (
            _live(gateway["InternetGatewayId"], attachment)
            for gateway in internet_gateways(pages)
            for attachment in gateway.get("Attachments", ())
        )
        return [live for live in attachments if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        gateway_id, vpc_id = request.properties["InternetGatewayId"], request.properties["VpcId"]
        clients.ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
        return Created(_id(gateway_id, vpc_id))

    def delete(self, clients: Clients, live: Live) -> None:
        gateway_id, _, vpc_id = live.id.partition("|")
        clients.ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        vpc = properties.get("VpcId")
        return [("gateway of", vpc)] if isinstance(vpc, str) else []

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "InternetGatewayId")

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "InternetGatewayId", "VpcId")

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        vpc = properties.get("VpcId")
        return f"attached {vpc}" if isinstance(vpc, str) else None


def _id(gateway_id: str, vpc_id: str) -> str:
    return f"{gateway_id}|{vpc_id}"


def _live(gateway_id: str, attachment: Mapping[str, Any]) -> Live:
    return Live(
        type=VpcGatewayAttachment.type,
        id=_id(gateway_id, attachment["VpcId"]),
        properties={"VpcId": attachment["VpcId"], "InternetGatewayId": gateway_id},
        state=state_of(attachment["State"], STATES),
    )
