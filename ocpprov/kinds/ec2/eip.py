"""AWS::EC2::EIP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Found, Pages, Permissions, Read, read
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    describe,
    describe_all,
    each_once,
    given,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.ec2.nat_gateway import NatGateway, address_ids

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class Eip(Ec2Kind):
    """A public IPv4 address. Its id is the allocation id; `Ref` gives the address itself."""

    type = "AWS::EC2::EIP"
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
        # An address lies in no VPC: one that lost its tags is found by the gateway that uses it.
        used = {address for gateway in found.lives.get(NatGateway.type, ()) for address in address_ids(gateway)}
        named = {name for name in found.given if name.startswith("eipalloc-")}
        return [
            describe("describe_addresses", f"tag:{PLAN}", [found.owner.plan]),
            *describe_all("describe_addresses", "allocation-id", sorted(used | named)),
        ]

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
