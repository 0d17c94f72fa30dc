"""What AWS tells a VPC's machines by DHCP of servers that others run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.checks.dhcp_options import DhcpTold
from ocpprov.kinds.reads import read
from ocpprov.plan.model import DhcpOptions


def told_by_dhcp(vpc_id: str, reader: Reader) -> DhcpOptions | None:
    """The servers, as a plan would name them; none where nobody may read them, and no name servers where AWS's own
    resolver is among them: machines find names without the others. One call, where the reader remembers the VPC."""
    [vpc, *_] = _items(reader, "describe_vpcs", "Vpcs", "vpc-id", vpc_id) or [{}]
    options, block = vpc.get("DhcpOptionsId", ""), vpc.get("CidrBlock", "")
    if not options.startswith("dopt-") or not block:
        return None
    rows = {
        row["Key"]: [value["Value"] for value in row.get("Values", ()) if ":" not in value["Value"]]
        for each in _items(reader, "describe_dhcp_options", "DhcpOptions", "dhcp-options-id", options)
        for row in each.get("DhcpConfigurations", ())
    }
    names: Sequence[str] = rows.get("domain-name-servers", ())
    others = DhcpTold(name_servers=names).other_servers([IPv4Network(block)])
    return DhcpOptions("", tuple(others if len(others) == len(names) else ()), tuple(rows.get("ntp-servers", ())))


def _items(reader: Reader, operation: str, member: str, name: str, value: str) -> list[Mapping[str, Any]]:
    made = read("ec2", operation, Filters=[{"Name": name, "Values": [value]}])
    answer = reader.attempt([made])[made]
    return [] if isinstance(answer, AwsError) else [item for page in answer for item in page.get(member, ())]
