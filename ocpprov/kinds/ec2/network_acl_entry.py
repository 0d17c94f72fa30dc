"""AWS::EC2::NetworkAclEntry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value, text
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import Ec2Kind, given, with_canonical_cidrs
from ocpprov.kinds.ec2.network_acl import network_acl_reads, network_acls
from ocpprov.kinds.reads import Found, Pages, Read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

_LAST_NUMBER: Final = 32766
"""The entry after it refuses the rest; it is AWS's own in every ACL."""
_ICMP: Final = "1"
_BLOCKS: Final = ("CidrBlock", "Ipv6CidrBlock")
"""An entry has one of them."""
_CHANGEABLE: Final = ("Protocol", "RuleAction", *_BLOCKS)


class NetworkAclEntry(Ec2Kind):
    """One rule of an ACL, known by its direction and number. Everything else about it changes in place."""

    type = "AWS::EC2::NetworkAclEntry"
    noun = "entry"
    tells = ("RuleNumber", "RuleAction", "CidrBlock")
    properties = (
        Property("NetworkAclId", "string", required=True, create_only=True, documentation="The ACL that it is in."),
        Property(
            "RuleNumber",
            "integer",
            required=True,
            create_only=True,
            minimum=1,
            maximum=_LAST_NUMBER,
            documentation="Its place: the lowest number that fits decides.",
        ),
        Property("Egress", "boolean", create_only=True, default=False, documentation="Whether it is for what leaves."),
        Property("Protocol", "integer", required=True, documentation="The protocol's number; -1 means all."),
        Property("RuleAction", "string", required=True, allowed=("allow", "deny"), documentation="What becomes of it."),
        Property(
            "CidrBlock",
            "string",
            format="cidr",
            may_be_absent=True,
            documentation="The IPv4 block of the other side.",
        ),
        Property("Ipv6CidrBlock", "string", may_be_absent=True, documentation="The IPv6 block of the other side."),
        Property(
            "PortRange",
            "object",
            properties=(
                Property("From", "integer", minimum=0, maximum=65535, documentation="The first port."),
                Property("To", "integer", minimum=0, maximum=65535, documentation="The last port."),
            ),
            documentation="The ports, for TCP and UDP.",
        ),
        Property(
            "Icmp",
            "object",
            properties=(
                Property("Type", "integer", minimum=-1, maximum=255, documentation="The type; -1 means all."),
                Property("Code", "integer", minimum=-1, maximum=255, documentation="The code; -1 means all."),
            ),
            documentation="Type and code, for ICMP.",
        ),
    )
    permissions = Permissions(
        read=("ec2:DescribeNetworkAcls",),
        create=("ec2:CreateNetworkAclEntry",),
        update=("ec2:ReplaceNetworkAclEntry",),
        delete=("ec2:DeleteNetworkAclEntry",),
    )
    exclusive_sort = "entries"
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "NetworkAclId"
    goes_with_parent = True

    def reads(self, found: Found) -> Sequence[Read]:
        return network_acl_reads(found)

    def parse(self, pages: Pages) -> Sequence[Live]:
        return [_live(acl, entry) for acl in network_acls(pages) for entry in acl.get("Entries", ())]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        clients.ec2.create_network_acl_entry(**_arguments(request.properties))
        return Created(_id(request.properties))

    def delete(self, clients: Clients, live: Live) -> None:
        place: Mapping[str, Any] = live.properties
        clients.ec2.delete_network_acl_entry(
            NetworkAclId=place["NetworkAclId"], RuleNumber=place["RuleNumber"], Egress=place["Egress"]
        )

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        clients.ec2.replace_network_acl_entry(**_arguments(self.normalise(desired)))

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        """Egress is false when it isn't given."""
        wanted = {**properties, "Egress": text(properties.get("Egress", False)) == "true"}
        return with_canonical_cidrs(wanted, "CidrBlock")

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        acl, number = properties.get("NetworkAclId"), properties.get("RuleNumber")
        if not isinstance(acl, str) or not isinstance(number, int | str):
            return None
        return (acl, _direction(properties), str(number))

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["NetworkAclId"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        number = properties.get("RuleNumber")
        return f"e {_direction(properties)} {number}" if isinstance(number, int | str) else None


def _direction(properties: Mapping[str, Value]) -> str:
    return "out" if text(properties.get("Egress", False)) == "true" else "in"


def _id(properties: Mapping[str, Any]) -> str:
    return f"{properties['NetworkAclId']}|{_direction(properties)}|{properties['RuleNumber']}"


def _arguments(wanted: Mapping[str, Any]) -> Any:
    """An entry as EC2 takes it, whose words differ in two places."""
    arguments: dict[str, Any] = {
        "NetworkAclId": wanted["NetworkAclId"],
        "RuleNumber": int(wanted["RuleNumber"]),
        "Egress": text(wanted.get("Egress", False)) == "true",
        **given(wanted, "RuleAction", "CidrBlock", "Ipv6CidrBlock"),
        "Protocol": str(wanted["Protocol"]),
    }
    for name, member in (("PortRange", "PortRange"), ("Icmp", "IcmpTypeCode")):
        if wanted.get(name):
            arguments[member] = {key: int(value) for key, value in wanted[name].items()}
    return arguments


def _live(acl: Mapping[str, Any], entry: Mapping[str, Any]) -> Live:
    properties: dict[str, Value] = {
        "NetworkAclId": acl["NetworkAclId"],
        "RuleNumber": entry["RuleNumber"],
        "Egress": bool(entry["Egress"]),
        **given(entry, *_CHANGEABLE),
    }
    for name, member in (("PortRange", "PortRange"), ("Icmp", "IcmpTypeCode")):
        if entry.get(member):
            properties[name] = dict(entry[member])
    if entry.get("Protocol") == _ICMP:
        properties.setdefault("Icmp", {"Type": -1, "Code": -1})
    return Live(
        type=NetworkAclEntry.type,
        id=_id(properties),
        properties=properties,
        service_owned=bool(acl.get("IsDefault")) or entry["RuleNumber"] > _LAST_NUMBER,
        unanswered=frozenset(_BLOCKS) if properties.keys().isdisjoint(_BLOCKS) else frozenset(),
    )
