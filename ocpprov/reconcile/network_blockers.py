"""What else keeps groups, tables, ACLs, options, blocks and VPCs: rules, associations, subnets, gateways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from ocpprov.aws.errors import AwsError
from ocpprov.engine.resources import Live
from ocpprov.kinds.ec2.common import network, tags_of
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.context import Context

_SUBNET = "AWS::EC2::Subnet"


def network_blockers(live: Live, context: Context) -> Iterator[Blocker]:
    """What of others keeps it, for the types that such things can keep. Raises AwsError."""
    match live.type:
        case "AWS::EC2::SecurityGroup":
            yield from _rules(live, context)
        case "AWS::EC2::RouteTable":
            wanted = read("ec2", "describe_route_tables", RouteTableIds=[live.id])
            yield from _associations(wanted, "RouteTables", "RouteTableAssociation", context)
        case "AWS::EC2::NetworkAcl":
            wanted = read("ec2", "describe_network_acls", NetworkAclIds=[live.id])
            yield from _associations(wanted, "NetworkAcls", "NetworkAclAssociation", context)
        case "AWS::EC2::DHCPOptions":
            yield from _vpcs_with(live, context)
        case "AWS::EC2::VPCCidrBlock":
            yield from _subnets_in(live, context)
        case "AWS::EC2::VPC":
            yield from _gateways_of(live, context)


def _rules(group: Live, context: Context) -> Iterator[Blocker]:
    """Of both directions: each has a filter of its own."""
    wanted = [
        read("ec2", "describe_security_groups", Filters=[{"Name": name, "Values": [group.id]}])
        for name in ("ip-permission.group-id", "egress.ip-permission.group-id")
    ]
    pages = Pages(context.reader.read(wanted))
    found = {item["GroupId"]: item for item in pages.items("ec2", "describe_security_groups", "SecurityGroups")}
    for id, item in found.items():
        if id != group.id and not context.live_state.is_ours(Live(group.type, id, {}, tags=tags_of(item))):
            yield Blocker(f"a rule of security group {id}")


def _associations(wanted: Read, member: str, of: str, context: Context) -> Iterator[Blocker]:
    """Subnets and gateways that use a route table, or subnets that use an ACL. What this run took off it or linked with
    another one, and what goes with our own subnets, may be listed for a while."""
    link = f"AWS::EC2::Subnet{of}"
    ours = {live.id for live in context.live_state.ours_ever(_SUBNET)} | _linked(link, "SubnetId", context)
    removed = context.live_state.removed(link)
    for item in Pages(context.reader.read([wanted])).items("ec2", wanted.operation, member):
        for association in item.get("Associations", ()):
            if association.get("Main"):
                vpc = item.get("VpcId", "its VPC")
                yield Blocker(
                    f"its place as the main table of {vpc}", f"make another table of {vpc} the main one by hand"
                )
            user = association.get("SubnetId") or association.get("GatewayId")
            state = (association.get("AssociationState") or {}).get("State", "associated")
            going = state in ("disassociating", "disassociated") or association.get(f"{of}Id") in removed
            if user and user not in ours and not going:
                what = "subnet" if association.get("SubnetId") else "gateway"
                yield Blocker(f"{what} {user}, which uses it,", "give that one another by hand")


def _linked(type: str, end: str, context: Context) -> set[object]:
    """Ids of what the plan links with something of its own."""
    links = context.live_state.by_logical_id().values()
    return {live.properties.get(end) for live in links if live.type == type}


def _vpcs_with(options: Live, context: Context) -> Iterator[Blocker]:
    ours = {live.id for live in context.live_state.ours_ever("AWS::EC2::VPC")}
    link = "AWS::EC2::VPCDHCPOptionsAssociation"
    left = context.live_state.removed(link) | _linked(link, "VpcId", context)
    wanted = read("ec2", "describe_vpcs", Filters=[{"Name": "dhcp-options-id", "Values": [options.id]}])
    for item in Pages(context.reader.read([wanted])).items("ec2", "describe_vpcs", "Vpcs"):
        if item["VpcId"] not in ours | left:
            yield Blocker(f"VPC {item['VpcId']}, which uses it,", "give that one others by hand")


def _subnets_in(block: Live, context: Context) -> Iterator[Blocker]:
    """Subnets that lie in a block of a VPC."""
    ours = {live.id for live in context.live_state.ours_ever(_SUBNET)}
    vpc, whole = block.properties.get("VpcId"), network(block.properties.get("CidrBlock"))
    wanted = read("ec2", "describe_subnets", Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    for item in Pages(context.reader.read([wanted])).items("ec2", "describe_subnets", "Subnets"):
        part = network(item.get("CidrBlock"))
        if not isinstance(whole, IPv4Network) or not isinstance(part, IPv4Network):
            continue
        if part.subnet_of(whole) and item["SubnetId"] not in ours:
            yield Blocker(f"subnet {item['SubnetId']} in it")


def _gateways_of(vpc: Live, context: Context) -> Iterator[Blocker]:
    """Gateways of others that are attached to a VPC. Who may not look at them, or has no such operation, isn't told."""
    attached = [{"Name": "attachment.vpc-id", "Values": [vpc.id]}]
    internet = read("ec2", "describe_internet_gateways", Filters=attached)
    private = read("ec2", "describe_vpn_gateways", Filters=attached)
    answers = context.reader.attempt([internet, private])
    removed = {id.partition("|")[0] for id in context.live_state.removed("AWS::EC2::VPCGatewayAttachment")}
    ours = {live.id for live in context.live_state.ours_ever("AWS::EC2::InternetGateway")} | removed
    for wanted, member, id, noun in (
        (internet, "InternetGateways", "InternetGatewayId", "internet gateway"),
        (private, "VpnGateways", "VpnGatewayId", "virtual private gateway"),
    ):
        answer = answers[wanted]
        for item in () if isinstance(answer, AwsError) else _items(answer, member):
            if item[id] not in ours and _is_attached(item, vpc.id):
                yield Blocker(f"{noun} {item[id]}, which is attached to it,", "detach that one by hand")


def _items(pages: Any, member: str) -> Iterator[Mapping[str, Any]]:
    for page in pages:
        yield from page.get(member, ())


def _is_attached(gateway: Mapping[str, Any], vpc: str) -> bool:
    attachments = [*gateway.get("Attachments", ()), *gateway.get("VpcAttachments", ())]
    return any(each.get("VpcId") == vpc and each.get("State") not in ("detaching", "detached") for each in attachments)
