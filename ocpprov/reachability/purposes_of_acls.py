"""What the entries of a plan's network ACLs allow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocpprov.reachability.from_resources import planned_entry
from ocpprov.reachability.network import (
    ALL_PROTOCOLS,
    ICMP,
    WITH_PORTS,
    AclEntry,
    NetworkAcl,
    Subnet,
    Traffic,
)
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.purpose import Asked, Properties, Purpose, each_once
from ocpprov.reachability.verdict import Direction, Verdict, together


def entries(asked: Asked) -> Iterator[tuple[str, Purpose]]:
    """By logical id: whether the subnets of an entry's ACL let through what it allows."""
    for each in asked.of("AWS::EC2::NetworkAclEntry"):
        subnets = asked.associated("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId", each.properties)
        if subnets and _allows(each.properties):
            yield each.logical_id, _through(asked, subnets, [each.properties])


def acls(asked: Asked) -> Iterator[tuple[str, Purpose]]:
    """By logical id of the association: whether the subnet lets through what all entries of its ACL in the plan do."""
    for each in asked.of("AWS::EC2::SubnetNetworkAclAssociation"):
        acl = asked.id(each.properties["NetworkAclId"])
        entries = [entry.properties for entry in asked.of("AWS::EC2::NetworkAclEntry")]
        own = [entry for entry in entries if asked.id(entry["NetworkAclId"]) == acl]
        subnets = asked.subnets([each.properties["SubnetId"]])
        if own and subnets and all(map(_allows, own)):
            yield each.logical_id, _through(asked, subnets, own)


def _through(asked: Asked, subnets: Sequence[Subnet], entries: Sequence[Properties]) -> Purpose:
    """Whether the subnets' own ACLs allow all that these entries would."""
    found = [
        verdict
        for known in entries
        for subnet in subnets
        for verdict in _allowed(asked, subnet, planned_entry(known), "egress" if known.get("Egress") else "ingress")
    ]
    return Purpose(together(found), each_once(subnet.network_acl for subnet in subnets))


def _allowed(asked: Asked, subnet: Subnet, entry: AclEntry, direction: Direction) -> Iterator[Verdict]:
    for protocol in _protocols(asked, subnet, entry):
        yield through_acl(asked.live, subnet, direction, Traffic(protocol, entry.ports), entry.peers)


def _protocols(asked: Asked, subnet: Subnet, entry: AclEntry) -> Sequence[str]:
    """All that the entry is about: each that the subnet's ACL may treat in a way of its own."""
    if entry.protocol != ALL_PROTOCOLS:
        return (entry.protocol,)
    acl = asked.live.network_acls.get(subnet.network_acl, NetworkAcl(subnet.network_acl))
    return each_once([*WITH_PORTS, ICMP, ALL_PROTOCOLS, *(each.protocol for each in (*acl.ingress, *acl.egress))])


def _allows(known: Properties) -> bool:
    """Whether an entry allows something that can be asked about: not a single code of an ICMP type, and not IPv6."""
    if not known.get("CidrBlock"):
        return False
    entry = planned_entry(known)
    return entry.allow and entry.whole
