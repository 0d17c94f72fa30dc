"""AWS::EC2::DHCPOptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, Ec2Kind, Listing, each_once, tag_specifications, tags_of
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LISTING: Final = Listing("describe_dhcp_options", "dhcp-options-id", "dopt-")
_TEXTS: Final = {"DomainName": "domain-name"}
_NUMBERS: Final = {"NetbiosNodeType": "netbios-node-type"}
_LISTS: Final = {
    "DomainNameServers": "domain-name-servers",
    "NtpServers": "ntp-servers",
    "NetbiosNameServers": "netbios-name-servers",
}


def _addresses(name: str, documentation: str) -> Property:
    """Servers in the order in which machines ask them."""
    item = Property("Address", "string")
    return Property(
        name, "list", create_only=True, ordered=True, may_be_absent=True, items=item, documentation=documentation
    )


class DhcpOptions(Ec2Kind):
    """What DHCP tells the machines of a VPC. Nothing about it can be changed in place."""

    type = "AWS::EC2::DHCPOptions"
    id_prefix = _LISTING.prefix
    tells = ("DomainName", "DomainNameServers")
    properties = (
        Property(
            "DomainName",
            "string",
            create_only=True,
            may_be_absent=True,
            documentation="The domain of names without one.",
        ),
        _addresses("DomainNameServers", "At most four name servers, or AmazonProvidedDNS."),
        _addresses("NtpServers", "At most four time servers."),
        _addresses("NetbiosNameServers", "At most four NetBIOS name servers."),
        Property(
            "NetbiosNodeType",
            "integer",
            create_only=True,
            may_be_absent=True,
            allowed=(1, 2, 4, 8),
            documentation="The NetBIOS node type.",
        ),
        TAGS,
    )
    attributes = ("DhcpOptionsId",)
    # The association goes with the VPC.
    delete_after = ("AWS::EC2::VPC",)
    permissions = Permissions(
        read=("ec2:DescribeDhcpOptions",),
        create=("ec2:CreateDhcpOptions", "ec2:CreateTags"),
        update=("ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteDhcpOptions",),
    )
    bound_by_id = True

    def reads(self, found: Found) -> Sequence[Read]:
        """Options lie in no VPC: what carries the plan's tag, and what our VPCs use."""
        links = found.lives.get("AWS::EC2::VPCDHCPOptionsAssociation", ())
        used = {str(live.properties["DhcpOptionsId"]) for live in links}
        return [*claimed_options(found), *_LISTING.of_ids(sorted(used - (found.tagged or frozenset())))]

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_dhcp_options", DhcpOptionsIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(item) for item in each_once(pages, "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId")]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        configurations: list[Any] = []
        for name, key in {**_TEXTS, **_NUMBERS, **_LISTS}.items():
            if value := wanted.get(name):
                values = [str(item) for item in value] if name in _LISTS else [str(value)]
                configurations.append({"Key": key, "Values": values})
        answer = clients.ec2.create_dhcp_options(
            DhcpConfigurations=configurations, TagSpecifications=tag_specifications("dhcp-options", request)
        )
        options_id = answer["DhcpOptions"]["DhcpOptionsId"]
        return Created(options_id, {"DhcpOptionsId": options_id})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_dhcp_options(DhcpOptionsId=live.id)


def is_default(options: Mapping[str, Any]) -> bool:
    """Whether a set looks like the one that AWS gives every new VPC of a region: Amazon's name servers, and the domain
    of the names that it gives to machines (VPC User Guide, "DHCP option sets in Amazon VPC"). Nobody has tagged it."""
    said = {row["Key"]: [value["Value"] for value in row["Values"]] for row in options["DhcpConfigurations"]}
    domains = said.pop("domain-name", [])
    amazon = all(each == "ec2.internal" or each.endswith(".compute.internal") for each in domains)
    servers = said.pop("domain-name-servers", None)
    return amazon and len(domains) < 2 and servers == ["AmazonProvidedDNS"] and not said and not tags_of(options)


def claimed_options(found: Found) -> list[Read]:
    """The call that brings the options with the plan's tag: by that, where the plan is to have any, as they lie in no
    network."""
    if found.tagged is None or found.names_type(DhcpOptions.type):
        return [_LISTING.with_tag(found)]
    return list(_LISTING.of_ids(_LISTING.ids_among(found.tagged)))


def _live(options: Mapping[str, Any]) -> Live:
    said = {row["Key"]: [value["Value"] for value in row["Values"]] for row in options["DhcpConfigurations"]}
    properties: dict[str, Value] = {name: said[key] for name, key in _LISTS.items() if key in said}
    properties |= {name: said[key][0] for name, key in {**_TEXTS, **_NUMBERS}.items() if key in said}
    return Live(
        type=DhcpOptions.type,
        id=options["DhcpOptionsId"],
        properties=properties,
        attributes={"DhcpOptionsId": options["DhcpOptionsId"]},
        tags=tags_of(options),
        service_owned=is_default(options),
    )
