"""AWS::EC2::VPCDHCPOptionsAssociation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, describe_all, each_once, ids_in, known_key
from ocpprov.kinds.ec2.dhcp_options import claimed_options, is_default
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

DEFAULT: Final = "default"
"""What AssociateDhcpOptions takes for no options at all."""


class VpcDhcpOptionsAssociation(Ec2Kind):
    """The options that a VPC uses, ours when the VPC is.

    The set that AWS gives every new VPC has an id like any other, and is known by what it says. Until that is known
    every set that isn't ours counts as AWS's own.
    """

    type = "AWS::EC2::VPCDHCPOptionsAssociation"
    noun = "association"
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC, which uses one set."),
        Property("DhcpOptionsId", "string", required=True, documentation="The options; `default` for none."),
    )
    permissions = Permissions(
        read=("ec2:DescribeVpcs",),
        create=("ec2:AssociateDhcpOptions",),
        update=("ec2:AssociateDhcpOptions",),
        delete=("ec2:AssociateDhcpOptions",),
    )
    identity = Identity.LINK
    tags_property = ""
    tag_limit = 0
    parent_property = "VpcId"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            *claimed_options(found),
            *describe_all("describe_vpcs", "vpc-id", found.vpc_ids()),
        ]

    def parse(self, pages: Pages) -> Sequence[Live]:
        options = each_once(pages, "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId")
        # Made by somebody, the plan included, and not by AWS for every VPC.
        given = {item["DhcpOptionsId"] for item in options if not is_default(item)}
        vpcs = each_once(pages, "describe_vpcs", "Vpcs", "VpcId")
        used = ((vpc["VpcId"], vpc["DhcpOptionsId"]) for vpc in vpcs)
        return [_live(vpc_id, options_id, options_id in given) for vpc_id, options_id in used if options_id != DEFAULT]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        """Associating what is associated changes nothing."""
        _associate(clients, request.properties)
        return Created(request.properties["VpcId"])

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        _associate(clients, desired)

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.associate_dhcp_options(VpcId=live.id, DhcpOptionsId=DEFAULT)

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        return known_key(properties, "VpcId")

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId", "DhcpOptionsId")

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        options = properties.get("DhcpOptionsId")
        return f"options {options}" if isinstance(options, str) else None


def _associate(clients: Clients, wanted: Mapping[str, Any]) -> None:
    clients.ec2.associate_dhcp_options(VpcId=wanted["VpcId"], DhcpOptionsId=wanted["DhcpOptionsId"])


def _live(vpc_id: str, options_id: str, given: bool) -> Live:
    return Live(
        type=VpcDhcpOptionsAssociation.type,
        id=vpc_id,
        properties={"VpcId": vpc_id, "DhcpOptionsId": options_id},
        service_owned=not given,
    )
