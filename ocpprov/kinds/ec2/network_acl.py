"""AWS::EC2::NetworkAcl."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Created, Live
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, Listing, each_once, given, ids_in, tag_specifications, tags_of
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_network_acls", "network-acl-id", "acl-", names_given=False)


class NetworkAcl(Ec2Kind):
    """What may cross the border of the subnets that are associated with it. A VPC's default one is AWS's own."""

    type = "AWS::EC2::NetworkAcl"
    id_prefix = _LISTING.prefix
    tells = ("VpcId",)
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that it is in."),
        TAGS,
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeNetworkAcls",),
        create=("ec2:CreateNetworkAcl", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteNetworkAcl",),
    )
    bound_by = ("VpcId",)
    bound_by_id = True

    def reads(self, found: Found) -> Sequence[Read]:
        return network_acl_reads(found)

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_network_acls", NetworkAclIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(acl) for acl in network_acls(pages)]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.create_network_acl(
            VpcId=request.properties["VpcId"],
            ClientToken=request.token,
            TagSpecifications=tag_specifications("network-acl", request),
        )
        acl_id = answer["NetworkAcl"]["NetworkAclId"]
        return Created(acl_id, {"Id": acl_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_network_acl(NetworkAclId=live.id)

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId")


def network_acl_reads(found: Found) -> list[Read]:
    """The calls that bring ACLs, their entries and their associations."""
    return _LISTING.reads(found)


def network_acls(pages: Pages) -> list[Mapping[str, Any]]:
    """The ACLs in the answers, each once."""
    return list(each_once(pages, "describe_network_acls", "NetworkAcls", "NetworkAclId"))


def _live(acl: Mapping[str, Any]) -> Live:
    return Live(
        type=NetworkAcl.type,
        id=acl["NetworkAclId"],
        properties=given(acl, "VpcId"),
        attributes={"Id": acl["NetworkAclId"]},
        tags=tags_of(acl),
        service_owned=bool(acl.get("IsDefault")),
    )
