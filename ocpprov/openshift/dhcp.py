"""What the machines are told by DHCP."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.layout import Layout


def dhcp(layout: Layout) -> Iterator[Resource]:
    """The options and their association, where the plan has any."""
    wanted = layout.section.dhcp_options
    if wanted is None:
        return
    properties: dict[str, Value] = {
        "DomainName": wanted.domain_name or _default_domain(layout.region),
        "DomainNameServers": list(wanted.domain_name_servers) or ["AmazonProvidedDNS"],
    }
    if wanted.ntp_servers:
        properties["NtpServers"] = list(wanted.ntp_servers)
    yield Resource("DHCPOptions", "AWS::EC2::DHCPOptions", properties)
    yield Resource(
        "VPCDHCPOptionsAssociation",
        "AWS::EC2::VPCDHCPOptionsAssociation",
        {"VpcId": layout.vpc, "DhcpOptionsId": Ref("DHCPOptions")},
    )


def _default_domain(region: str) -> str:
    """The domain that AWS gives machines itself, as the installer sets it (release-4.12, data/data/aws/cluster/vpc)."""
    return "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
