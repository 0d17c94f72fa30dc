"""AWS::EC2::Subnet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    Listing,
    canonical_cidr,
    each_once,
    given,
    ids_in,
    network,
    state_of,
    tag_specifications,
    tags_of,
    with_canonical_cidrs,
)
from ocpprov.kinds.ec2.implied_needs import blocks_around
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_subnets", "subnet-id", "subnet-")
STATES: Final = {
    "pending": State.PENDING,
    "available": State.READY,
    "unavailable": State.BROKEN,
    "failed": State.BROKEN,
    "failed-insufficient-capacity": State.BROKEN,
}


class Subnet(Ec2Kind):
    """A part of a VPC's block in one availability zone."""

    type = "AWS::EC2::Subnet"
    id_prefix = _LISTING.prefix
    tells = ("CidrBlock", "AvailabilityZone")
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that the subnet is in."),
        Property(
            "CidrBlock",
            "string",
            required=True,
            create_only=True,
            format="cidr",
            documentation="The IPv4 block of the subnet, inside the VPC's.",
        ),
        Property(
            "AvailabilityZone",
            "string",
            create_only=True,
            documentation="The zone, by name. AWS chooses one when it is not given.",
        ),
        Property(
            "MapPublicIpOnLaunch",
            "boolean",
            after_create=True,
            default=False,
            documentation="Whether instances get a public address when they start.",
        ),
        TAGS,
    )
    attributes = ("SubnetId", "VpcId", "AvailabilityZone", "CidrBlock")
    permissions = Permissions(
        read=("ec2:DescribeSubnets",),
        create=("ec2:CreateSubnet", "ec2:CreateTags", "ec2:ModifySubnetAttribute"),
        update=("ec2:ModifySubnetAttribute", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteSubnet",),
    )
    bound_by = ("VpcId", "CidrBlock")
    protected = True

    def reads(self, found: Found) -> Sequence[Read]:
        return _LISTING.reads(found)

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_subnets", SubnetIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(subnet) for subnet in each_once(pages, "describe_subnets", "Subnets", "SubnetId")]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        zone = request.properties.get("AvailabilityZone")
        answer = clients.ec2.create_subnet(
            VpcId=request.properties["VpcId"],
            CidrBlock=request.properties["CidrBlock"],
            **({"AvailabilityZone": zone} if zone else {}),
            TagSpecifications=tag_specifications("subnet", request),
        )
        return Created(answer["Subnet"]["SubnetId"], _attributes(answer["Subnet"]))

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_subnet(SubnetId=live.id)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        if "MapPublicIpOnLaunch" in changed:
            value = desired.get("MapPublicIpOnLaunch", False)
            clients.ec2.modify_subnet_attribute(SubnetId=live.id, MapPublicIpOnLaunch={"Value": value})

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_canonical_cidrs(properties, "CidrBlock")

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        block = network(properties.get("CidrBlock"))
        vpc = properties.get("VpcId")
        return [("subnet", vpc, block)] if block and isinstance(vpc, str) else []

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId")

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        return blocks_around(resource, resources)


def _attributes(subnet: Mapping[str, Any]) -> dict[str, Value]:
    return given(subnet, *Subnet.attributes)


def _live(subnet: Mapping[str, Any]) -> Live:
    # One with IPv6 addresses only, which isn't ours then, has no IPv4 block.
    block = subnet.get("CidrBlock")
    return Live(
        type=Subnet.type,
        id=subnet["SubnetId"],
        properties={
            **({"CidrBlock": canonical_cidr(block)} if block else {}),
            **given(subnet, "VpcId", "AvailabilityZone", "MapPublicIpOnLaunch"),
        },
        attributes=_attributes(subnet),
        tags=tags_of(subnet),
        state=state_of(subnet["State"], STATES),
        reason=subnet["State"] if STATES.get(subnet["State"]) is State.BROKEN else "",
    )
