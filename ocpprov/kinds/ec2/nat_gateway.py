"""AWS::EC2::NatGateway."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property, ReadyFor, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Lingering, Permissions
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
from ocpprov.kinds.ec2.implied_needs import gateways_of_subnets
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

LISTING: Final = Listing("describe_nat_gateways", "nat-gateway-id", "nat-")
STATES: Final = {
    "pending": State.PENDING,
    "available": State.READY,
    "failed": State.BROKEN,
    "deleting": State.DELETING,
    "deleted": State.GONE,
}


class NatGateway(Ec2Kind):
    """The way out for subnets without public addresses."""

    type = "AWS::EC2::NatGateway"
    id_prefix = LISTING.prefix
    billed_as = "NAT gateway"
    tells = ("ConnectivityType", "SubnetId")
    properties = (
        Property("SubnetId", "string", required=True, create_only=True, documentation="The subnet that it stands in."),
        Property(
            "AllocationId",
            "string",
            create_only=True,
            documentation="The allocation id of its public address; required for a public gateway.",
        ),
        Property(
            "ConnectivityType",
            "string",
            create_only=True,
            default="public",
            allowed=("public", "private"),
            documentation="Whether it leads to the internet or only to other networks.",
        ),
        TAGS,
    )
    attributes = ("NatGatewayId",)
    permissions = Permissions(
        read=("ec2:DescribeNatGateways",),
        create=("ec2:CreateNatGateway", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteNatGateway",),
    )
    bound_by = ("SubnetId", "AllocationId")
    typical_seconds = 90
    typical_deletion_seconds = 40
    settles = True
    ready_for = (
        ReadyFor(
            "AWS::EC2::Route",
            "InvalidNatGatewayID.NotFound: The natGateway ID does not exist",
            "kubernetes/kops#944, boto/boto3#779",
            through="NatGatewayId",
        ),
    )
    create_deadline = 600
    delete_deadline = 1800
    # Its address isn't free at once (kubernetes-sigs/cluster-api-provider-aws, which tries it again; the time is ours).
    lingers = Lingering(("AWS::EC2::EIP",), seconds=10)

    def reads(self, found: Found) -> Sequence[Read]:
        return LISTING.reads(found)

    def state_reads(self, found: Found) -> Sequence[Read]:
        """One for all that are known: whoever waits for one knows it."""
        return list(LISTING.of_ids(found.ids(self.type)))

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_nat_gateways", NatGatewayIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        gateways = each_once(pages, "describe_nat_gateways", "NatGateways", "NatGatewayId")
        # Deleted ones stay listed for about an hour.
        return [live for live in map(_live, gateways) if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.create_nat_gateway(
            **given(request.properties, "SubnetId", "AllocationId", "ConnectivityType"),
            ClientToken=request.token,
            TagSpecifications=tag_specifications("natgateway", request),
        )
        gateway_id = answer["NatGateway"]["NatGatewayId"]
        return Created(gateway_id, {"NatGatewayId": gateway_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_nat_gateway(NatGatewayId=live.id)

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        address = properties.get("AllocationId")
        return [("address", address)] if isinstance(address, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return [*ids_in(live, "VpcId", "SubnetId"), *address_ids(live)]

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        if resource.properties.get("ConnectivityType") == "private":
            return ()
        return gateways_of_subnets([resource.properties.get("SubnetId")], resources)


def address_ids(live: Live) -> list[str]:
    """Allocation ids of all addresses that a live gateway holds."""
    return ids_in(live, "AllocationId", "SecondaryAllocationIds")


def _live(gateway: Mapping[str, Any]) -> Live:
    addresses = [address for address in gateway.get("NatGatewayAddresses", ()) if address.get("AllocationId")]
    # The primary one first; an answer that marks none has it there already.
    first, *others = sorted(addresses, key=lambda address: not address.get("IsPrimary")) or [{}]
    failure = (gateway.get("FailureCode"), gateway.get("FailureMessage"))
    secondary = [address["AllocationId"] for address in others]
    return Live(
        type=NatGateway.type,
        id=gateway["NatGatewayId"],
        properties={
            **given(gateway, "SubnetId", "VpcId", "ConnectivityType"),
            **given(first, "AllocationId"),
            **({"SecondaryAllocationIds": secondary} if secondary else {}),
        },
        attributes={"NatGatewayId": gateway["NatGatewayId"]},
        tags=tags_of(gateway),
        state=state_of(gateway["State"], STATES),
        reason=": ".join(part for part in failure if part),
        unanswered=frozenset()
        if first or gateway.get("ConnectivityType") == "private"
        else frozenset({"AllocationId"}),
    )
