"""The shapes of a security group's rule: the plan's, the calls' and the answers', and the key that names it in all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from ocpprov.engine.kind_facts import Property, UniqueKey
from ocpprov.engine.values import Value
from ocpprov.kinds.ec2.common import given, with_canonical_cidrs
from ocpprov.kinds.inline_ids import words

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import IpPermissionTypeDef

ALL_PROTOCOLS: Final = "-1"
ANYWHERE: Final = "0.0.0.0/0"
# Ports, or ICMP's type and code. A rule for any other protocol is for all its ports, whatever is given (EC2's API
# reference, AuthorizeSecurityGroupIngress).
_WITH_PORTS: Final = ("tcp", "udp", "icmp", "icmpv6")
# Numbers of the protocols that EC2 answers with a name for.
PROTOCOL_NAMES: Final = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": ALL_PROTOCOLS}

_PROTOCOL: Final = Property(
    "IpProtocol",
    "string",
    required=True,
    create_only=True,
    documentation="tcp, udp, icmp, icmpv6, a protocol's number, or -1 for all.",
)
_FROM_PORT: Final = Property(
    "FromPort",
    "integer",
    create_only=True,
    minimum=-1,
    maximum=65535,
    documentation="The first port; for ICMP the type, -1 being all.",
)
_TO_PORT: Final = Property(
    "ToPort",
    "integer",
    create_only=True,
    minimum=-1,
    maximum=65535,
    documentation="The last port; for ICMP the code, -1 being all.",
)
_CIDR: Final = Property(
    "CidrIp", "string", create_only=True, format="cidr", documentation="The other side, an IPv4 block."
)
_CIDR_V6: Final = Property("CidrIpv6", "string", create_only=True, documentation="The other side, an IPv6 block.")
GROUP_TEXT: Final = r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]"
"""A character of a group's name, its description, or a rule's (API reference of CreateSecurityGroup and IpRange)."""
GROUP_TEXT_LIMIT: Final = 255
GROUP_TEXT_IN_WORDS: Final = "a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*"
_DESCRIPTION: Final = Property(
    "Description",
    "string",
    default="",
    may_be_absent=True,
    pattern=f"{GROUP_TEXT}*",
    longest=GROUP_TEXT_LIMIT,
    documentation=f"What the rule is for: {GROUP_TEXT_IN_WORDS}.",
)

_SHARED: Final = (_PROTOCOL, _FROM_PORT, _TO_PORT, _CIDR, _CIDR_V6)

INGRESS_RULE: Final = (
    *_SHARED,
    Property("SourceSecurityGroupId", "string", create_only=True, documentation="The other side, a group's id."),
    Property("SourcePrefixListId", "string", create_only=True, documentation="The other side, a prefix list's id."),
    _DESCRIPTION,
)
EGRESS_RULE: Final = (
    *_SHARED,
    Property("DestinationSecurityGroupId", "string", create_only=True, documentation="The other side, a group's id."),
    Property(
        "DestinationPrefixListId", "string", create_only=True, documentation="The other side, a prefix list's id."
    ),
    _DESCRIPTION,
)
GROUP_ID: Final = Property(
    "GroupId", "string", required=True, create_only=True, documentation="The group that the rule is in."
)

# Where a rule may name its other side, and the list and member in which Authorize takes it.
_PERMISSION_PEERS: Final = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
}


def protocol_name(value: Value) -> str | None:
    """The protocol as EC2 answers it: `tcp`, `udp`, `icmp`, `icmpv6`, a number, `-1`; None while it is not known."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).lower()
    return PROTOCOL_NAMES.get(text, text)


def rule_with_defaults(properties: Mapping[str, Value]) -> dict[str, Value]:
    """The rule in the shape in which EC2 answers it, as far as its values are known: protocol by name, blocks
    canonical, no ports with all protocols, -1 for both where the protocol has none or none is given for ICMP."""
    rule = dict(properties)
    protocol = protocol_name(rule.get("IpProtocol"))
    if protocol is None:
        return rule
    rule["IpProtocol"] = protocol
    if protocol == ALL_PROTOCOLS:
        rule.pop("FromPort", None)
        rule.pop("ToPort", None)
    elif protocol not in _WITH_PORTS:
        rule |= {"FromPort": -1, "ToPort": -1}
    elif protocol not in ("tcp", "udp"):
        rule.setdefault("FromPort", -1)
        rule.setdefault("ToPort", -1)
    for name in ("FromPort", "ToPort"):
        port = rule.get(name)
        if isinstance(port, str) and port.lstrip("-").isdigit():
            rule[name] = int(port)
    return with_canonical_cidrs(rule, "CidrIp", "CidrIpv6")


def rule_key(direction: str, properties: Mapping[str, Value]) -> UniqueKey | None:
    """What identifies a rule: group, direction, protocol, ports, other side; None while a part is not known."""
    rule = rule_with_defaults(properties)
    peer = next(((name, rule[name]) for name in _PERMISSION_PEERS if rule.get(name)), None)
    parts = (rule.get("GroupId"), rule.get("IpProtocol"), peer[1] if peer else None)
    ports = (rule.get("FromPort"), rule.get("ToPort"))
    if peer is None or not all(isinstance(part, str) for part in parts):
        return None
    if not all(port is None or isinstance(port, int) for port in ports):
        return None
    group, protocol, other = parts
    return (group, direction, protocol, *ports, other)


def rule_label(rule_type: str, properties: Mapping[str, Value]) -> str:
    """A short name of a rule inside its group, the same in every run: `ingress tcp 22 10.0.0.0/16`."""
    direction = rule_type.removeprefix("AWS::EC2::SecurityGroup").lower()
    first, last = properties.get("FromPort"), properties.get("ToPort")
    ports = words(first) if first == last else f"{words(first)}-{words(last)}"
    peer = next((properties[name] for name in _PERMISSION_PEERS if properties.get(name)), None)
    parts = (direction, words(properties.get("IpProtocol")), "" if ports == "-1" else ports, words(peer))
    return " ".join(part for part in parts if part)


def ip_permission(properties: Mapping[str, Any]) -> IpPermissionTypeDef:
    """One rule as Authorize takes it. EC2 answers with -1 where a protocol has no ports, and may refuse them there."""
    rule: Mapping[str, Any] = rule_with_defaults(properties)
    ports = ("FromPort", "ToPort") if rule["IpProtocol"] in _WITH_PORTS else ()
    permission = given(rule, "IpProtocol", *ports)
    for name, (member, item_name) in _PERMISSION_PEERS.items():
        if rule.get(name):
            permission[member] = [{item_name: rule[name], **given(rule, "Description")}]
    return cast("IpPermissionTypeDef", permission)


def properties_of(rule: Mapping[str, Any]) -> dict[str, Value]:
    """A rule of DescribeSecurityGroupRules in CloudFormation's words. Without its protocol, or the ports that this has,
    it can't be told which one it is."""
    side = "Destination" if rule["IsEgress"] else "Source"
    protocol = protocol_name(rule["IpProtocol"])
    ports = {name: rule[name] for name in ("FromPort", "ToPort")} if protocol in _WITH_PORTS else {}
    properties: dict[str, Value] = {
        "GroupId": rule["GroupId"],
        **given(rule, "IpProtocol", "FromPort", "ToPort", "CidrIpv6", "Description"),
        **ports,
    }
    peers = {
        "CidrIp": rule.get("CidrIpv4"),
        f"{side}SecurityGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId"),
        f"{side}PrefixListId": rule.get("PrefixListId"),
    }
    return rule_with_defaults({**properties, **given(peers, *peers)})
