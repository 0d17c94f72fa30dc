"""AWS::EC2::VPCPeeringConnection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Owner, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    Listing,
    each_once,
    given,
    ids_in,
    state_of,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

LISTING: Final = Listing(
    "describe_vpc_peering_connections",
    "vpc-peering-connection-id",
    "pcx-",
    vpc_filter="requester-vpc-info.vpc-id",
    names_given=False,
)
_UNACCEPTED: Final = ("initiating-request", "pending-acceptance")
_STATES: Final = {
    "initiating-request": State.PENDING,
    "pending-acceptance": State.PENDING,
    "provisioning": State.PENDING,
    "active": State.READY,
    "failed": State.BROKEN,
    "rejected": State.BROKEN,
    "expired": State.BROKEN,
    "deleting": State.DELETING,
    "deleted": State.GONE,
}


_ACCEPTANCE: Final = "the owner of the other VPC has to accept the peering connection"


class VpcPeeringConnection(Ec2Kind):
    """A way between two VPCs. One within an account and region is accepted at once, as CloudFormation does it; another
    waits until the owner of the other VPC accepts it."""

    type = "AWS::EC2::VPCPeeringConnection"
    id_prefix = LISTING.prefix
    tells = ("PeerVpcId", "PeerRegion")
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that asks."),
        Property("PeerVpcId", "string", required=True, create_only=True, documentation="The VPC that is asked."),
        Property("PeerRegion", "string", create_only=True, documentation="Its region, where that is another."),
        Property("PeerOwnerId", "string", create_only=True, documentation="Its account, where that is another."),
        TAGS,
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeVpcPeeringConnections",),
        create=("ec2:CreateVpcPeeringConnection", "ec2:AcceptVpcPeeringConnection", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteVpcPeeringConnection",),
    )
    bound_by = ("VpcId", "PeerVpcId")
    settles = True
    # A route to one that waits to be accepted is taken, and leads nowhere until then (Amazon VPC peering guide).
    typical_seconds = 2

    def reads(self, found: Found) -> Sequence[Read]:
        """By the VPCs only where the plan may have one: somebody else's is of no use to a plan without."""
        is_listed = found.tagged is None or found.may_have(self.type)
        return LISTING.reads(found) if is_listed else list(LISTING.by_id(found))

    def state_reads(self, found: Found) -> Sequence[Read]:
        """One for all that are known: whoever waits for one knows it."""
        return list(LISTING.of_ids(found.ids(self.type)))

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_vpc_peering_connections", VpcPeeringConnectionIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        items = each_once(pages, "describe_vpc_peering_connections", "VpcPeeringConnections", "VpcPeeringConnectionId")
        return [live for live in map(_live, items) if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.ec2.create_vpc_peering_connection(
            **given(wanted, "VpcId", "PeerVpcId", "PeerRegion", "PeerOwnerId"),
            TagSpecifications=tag_specifications("vpc-peering-connection", request),
        )
        connection_id = answer["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        return Created(connection_id, {"Id": connection_id})

    def completes(self, live: Live, owner: Owner) -> bool:
        """Whether the other VPC is ours to speak for: of this account and region."""
        said = (live.properties.get("PeerRegion", owner.region), live.properties.get("PeerOwnerId", owner.account))
        return said == (owner.region, owner.account)

    def complete(self, clients: Clients, live: Live) -> None:
        """Accepts it. One that was accepted can't be again, which a call sent twice would try; of one that AWS doesn't
        show yet, it says itself that it isn't there."""
        answer = clients.ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[live.id])
        codes = [found.get("Status", {}).get("Code", "") for found in answer["VpcPeeringConnections"]]
        if all(code in _UNACCEPTED for code in codes):
            clients.ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=live.id)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """Two VPCs have one connection, whoever asked for it: asked again, AWS answers with the one that is there."""
        vpcs = [properties.get("VpcId"), properties.get("PeerVpcId")]
        return [("peering of", *sorted(map(str, vpcs)))] if all(isinstance(vpc, str) for vpc in vpcs) else []

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=live.id)

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId", "PeerVpcId")


def _live(connection: Mapping[str, Any]) -> Live:
    requester, accepter = connection.get("RequesterVpcInfo", {}), connection.get("AccepterVpcInfo", {})
    status = connection.get("Status", {})
    state = state_of(status.get("Code", "active"), _STATES)
    return Live(
        type=VpcPeeringConnection.type,
        id=connection["VpcPeeringConnectionId"],
        properties={
            name: value
            for name, value in {
                "VpcId": requester.get("VpcId"),
                "PeerVpcId": accepter.get("VpcId"),
                "PeerRegion": accepter.get("Region"),
                "PeerOwnerId": accepter.get("OwnerId"),
            }.items()
            if value
        },
        attributes={"Id": connection["VpcPeeringConnectionId"]},
        tags=tags_of(connection),
        state=state,
        reason=_reason(status.get("Message", ""), state, status.get("Code", "")),
    )


def _reason(message: str, state: State, code: str) -> str:
    if state is State.PENDING:
        return _ACCEPTANCE if code == "pending-acceptance" else ""
    return message
