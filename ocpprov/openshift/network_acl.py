"""The network ACL of the public subnets, in its two written forms; the third is the VPC's own, where nothing is made.

Ids, numbers and ports of the documented one are those of template 01_vpc.yaml of release 4.1, the last that had it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.network import ANYWHERE

ACL: Final = "PublicNetworkAcl"
ALL, ICMP, TCP, UDP = -1, 1, 6, 17


@dataclass(frozen=True)
class Entry:
    """One rule that allows: protocol by its number, `ports` first and last where the protocol has any."""

    logical_id: str
    number: int
    egress: bool
    protocol: int
    ports: tuple[int, int] | None = None
    cidr: str = ANYWHERE


DOCUMENTED = (
    Entry("InboundHTTPPublicNetworkAclEntry", 100, False, TCP, (80, 80)),
    Entry("InboundHTTPSPublicNetworkAclEntry", 101, False, TCP, (443, 443)),
    Entry("InboundSSHPublicNetworkAclEntry", 102, False, TCP, (22, 22)),
    Entry("InboundEphemeralPublicNetworkAclEntry", 103, False, TCP, (1024, 65535)),
    Entry("OutboundPublicNetworkAclEntry", 100, True, TCP, (0, 65535)),
)
# Over TCP alone, time servers, name servers and pings fail for everything behind the NAT gateways.
BESIDE = (
    Entry("InboundUDPPublicNetworkAclEntry", 104, False, UDP, (1024, 65535)),
    Entry("InboundICMPPublicNetworkAclEntry", 105, False, ICMP),
    Entry("OutboundUDPPublicNetworkAclEntry", 101, True, UDP, (0, 65535)),
    Entry("OutboundICMPPublicNetworkAclEntry", 102, True, ICMP),
)
_FIRST_INSIDE: Final = 90


def network_acl(layout: Layout) -> Iterator[Resource]:
    """The ACL, its entries, and the public subnets' associations."""
    form = layout.section.network_acl
    if form == "vpc-default" or not layout.public_subnets:
        return
    yield Resource(ACL, "AWS::EC2::NetworkAcl", {"VpcId": layout.vpc})
    entries = DOCUMENTED if form == "documented" else (*DOCUMENTED, *BESIDE, *_inside(layout))
    for entry in entries:
        yield _entry(entry)
    for zone, subnet in zip(layout.zones, layout.public_subnets, strict=True):
        yield Resource(
            zone.named("PublicSubnetNetworkAclAssociation"),
            "AWS::EC2::SubnetNetworkAclAssociation",
            {"SubnetId": subnet, "NetworkAclId": Ref(ACL)},
        )


def _inside(layout: Layout) -> Iterator[Entry]:
    """Everything between the addresses of the VPC."""
    for index, network in enumerate(layout.machine_networks):
        suffix = "" if index == 0 else str(index + 1)
        number, cidr = _FIRST_INSIDE + index, str(network)
        yield Entry(f"InboundVpcPublicNetworkAclEntry{suffix}", number, False, ALL, cidr=cidr)
        yield Entry(f"OutboundVpcPublicNetworkAclEntry{suffix}", number, True, ALL, cidr=cidr)


def _entry(entry: Entry) -> Resource:
    properties: dict[str, Value] = {
        "NetworkAclId": Ref(ACL),
        "RuleNumber": entry.number,
        "Protocol": entry.protocol,
        "RuleAction": "allow",
        "Egress": entry.egress,
        "CidrBlock": entry.cidr,
    }
    if entry.ports:
        properties["PortRange"] = {"From": entry.ports[0], "To": entry.ports[1]}
    if entry.protocol == ICMP:
        properties["Icmp"] = {"Type": -1, "Code": -1}
    return Resource(entry.logical_id, "AWS::EC2::NetworkAclEntry", properties)
