"""AWS::EC2::EIP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    Listing,
    each_once,
    given,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.ec2.nat_gateway import NatGateway, address_ids
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_addresses", "allocation-id", "eipalloc-")


class Eip(Ec2Kind):
    """A public IPv4 address. Its id is the allocation id; `Ref` gives the address itself."""

    type = "AWS::EC2::EIP"
    id_prefix = _LISTING.prefix
    billed_as = "Elastic IP"
    properties = (
        Property(
            "Domain",
            "string",
            create_only=True,
            default="vpc",
            allowed=("vpc",),
            documentation="Where the address is for: always a VPC.",
        ),
        Property(
            "PublicIpv4Pool",
            "string",
            create_only=True,
            documentation="The pool that it is taken from; without one AWS chooses.",
        ),
        TAGS,
    )
    attributes = ("AllocationId", "PublicIp")
    permissions = Permissions(
        read=("ec2:DescribeAddresses",),
        create=("ec2:AllocateAddress", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:ReleaseAddress",),
    )
    bound_by_id = True
    protected = True

    def reads(self, found: Found) -> Sequence[Read]:
        """By the ids that are known; while none is, by the tag. An address lies in no VPC: one that lost its tags is
        found by the gateway that uses it."""
        used = {address for gateway in found.lives.get(NatGateway.type, ()) for address in address_ids(gateway)}
        known = _LISTING.ids_among(found.given | (found.tagged or frozenset()))
        rest = sorted(used - set(known))
        by_tag = found.tagged is None or (not known and found.names_type(self.type))
        own = [_LISTING.with_tag(found)] if by_tag else []
        return [*own, *_LISTING.of_ids(known), *_LISTING.of_ids(rest)]

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_addresses", AllocationIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(address) for address in each_once(pages, "describe_addresses", "Addresses", "AllocationId")]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        pool = given(request.properties, "PublicIpv4Pool")
        tags = tag_specifications("elastic-ip", request)
        answer = clients.ec2.allocate_address(Domain="vpc", TagSpecifications=tags, **pool)
        allocation_id = answer["AllocationId"]
        public_ip = answer["PublicIp"]
        return Created(allocation_id, {"AllocationId": allocation_id, "PublicIp": public_ip}, ref=public_ip)

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.release_address(AllocationId=live.id)


def _live(address: Mapping[str, Any]) -> Live:
    # One of a mobile network, or of an Outpost, which isn't ours then, has no public address.
    return Live(
        type=Eip.type,
        id=address["AllocationId"],
        ref=address.get("PublicIp", ""),
        properties=given(address, "Domain", "PublicIpv4Pool"),
        attributes=given(address, "AllocationId", "PublicIp"),
        tags=tags_of(address),
    )
