"""AWS::EC2::VPCCidrBlock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, ReadyFor, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, describe_all, each_once, ids_in, known_key, state_of, with_canonical_cidrs
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_STATES: Final = {
    "associating": State.PENDING,
    "associated": State.READY,
    "disassociating": State.DELETING,
    "disassociated": State.GONE,
    "failing": State.BROKEN,
    "failed": State.BROKEN,
}


class VpcCidrBlock(Ec2Kind):
    """A block of addresses beside the VPC's first one. One that the plan had is taken off again, once no subnet lies in
    it; blocks that others add to a VPC of ours stay."""

    type = "AWS::EC2::VPCCidrBlock"
    noun = "block"
    tells = ("CidrBlock",)
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that gets the block."),
        Property(
            "CidrBlock", "string", required=True, create_only=True, format="cidr", documentation="The IPv4 block."
        ),
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeVpcs",),
        create=("ec2:AssociateVpcCidrBlock",),
        delete=("ec2:DisassociateVpcCidrBlock",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "VpcId"
    goes_with_parent = True
    delete_after = ("AWS::EC2::Subnet",)
    settles = True
    typical_seconds = 3
    ready_for = (ReadyFor("AWS::EC2::Subnet", "InvalidSubnet.Range: The CIDR is invalid", "hashicorp/terraform#21256"),)

    def reads(self, found: Found) -> Sequence[Read]:
        return list(describe_all("describe_vpcs", "vpc-id", found.vpc_ids()))

    def parse(self, pages: Pages) -> Sequence[Live]:
        """Every block but the one that the VPC was made with."""
        lives = [
            _live(vpc["VpcId"], block)
            for vpc in each_once(pages, "describe_vpcs", "Vpcs", "VpcId")
            for block in vpc.get("CidrBlockAssociationSet", ())
            if block["CidrBlock"] != vpc["CidrBlock"]
        ]
        return [live for live in lives if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.associate_vpc_cidr_block(
            VpcId=request.properties["VpcId"], CidrBlock=request.properties["CidrBlock"]
        )
        association: Mapping[str, Any] = answer["CidrBlockAssociation"]
        return Created(association["AssociationId"], {"Id": association["AssociationId"]})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.disassociate_vpc_cidr_block(AssociationId=live.id)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_canonical_cidrs(properties, "CidrBlock")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "VpcId", "CidrBlock")

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId")

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        block = properties.get("CidrBlock")
        return f"block {block}" if isinstance(block, str) else None


def _live(vpc_id: str, block: Mapping[str, Any]) -> Live:
    state = block.get("CidrBlockState", {})
    return Live(
        type=VpcCidrBlock.type,
        id=block["AssociationId"],
        properties={"VpcId": vpc_id, "CidrBlock": block["CidrBlock"]},
        attributes={"Id": block["AssociationId"]},
        state=state_of(state.get("State", "associated"), _STATES),
        reason=state.get("StatusMessage", ""),
    )
