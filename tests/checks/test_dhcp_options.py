"""What machines of an existing VPC are told by DHCP, and what of it keeps them from becoming nodes."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network
from typing import Final

import pytest

from ocpprov.checks.dhcp_options import DhcpTold, dhcp_options
from ocpprov.checks.result import Check, Status

BLOCKS: Final = [IPv4Network("10.0.0.0/16"), IPv4Network("10.8.0.0/16")]


def checks(told: DhcpTold) -> list[Check]:
    return list(dhcp_options("vpc-1", told, BLOCKS))


def test_awss_own_options_are_good() -> None:
    assert checks(DhcpTold()) == []
    assert checks(DhcpTold(["eu-west-1.compute.internal"], ["AmazonProvidedDNS"])) == []


def test_options_without_name_servers_are_a_failure() -> None:
    assert checks(DhcpTold(["corp.example.com"], [])) == [
        Check(
            "vpc-name-servers",
            Status.FAIL,
            "vpc-1's DHCP options name no name server: its machines find nothing by name",
            "use options with domain-name-servers = AmazonProvidedDNS",
        )
    ]


@pytest.mark.parametrize(
    ("servers", "others"),
    [
        (["AmazonProvidedDNS"], []),
        (["10.0.0.2", "169.254.169.253"], []),
        (["10.0.0.53", "10.0.0.2"], ["10.0.0.53"]),
        (["10.8.0.2"], ["10.8.0.2"]),
    ],
)
def test_which_servers_are_not_awss(servers: Sequence[str], others: Sequence[str]) -> None:
    told = DhcpTold(name_servers=servers)
    assert told.other_servers(BLOCKS) == others
    assert [check.id for check in checks(told)] == ["vpc-name-servers"] * (servers == others)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["corp.example.com."], "corp.example.com.: with a dot at its end a name is no node's before 4.18"),
        (["Corp.example.com"], "Corp.example.com: nodes' names are in lower case"),
        (
            ["a.example.com b.example.com"],
            "a.example.com b.example.com: machines have a name in each, and older releases make one of them all",
        ),
        (
            ["a.example.com", "B.example.com."],
            "a.example.com B.example.com.: machines have a name in each, and older releases make one of them all; with "
            "a dot at its end a name is no node's before 4.18; nodes' names are in lower case",
        ),
        (["my_corp.example.com"], "my_corp.example.com: my_corp.example.com can't be in a node's name"),
    ],
)
def test_domains_that_make_no_nodes_are_warned_of(names: Sequence[str], said: str) -> None:
    assert checks(DhcpTold(names)) == [
        Check(
            "vpc-domain-name",
            Status.WARN,
            f"vpc-1's DHCP options have the domain {said}",
            "use options with one domain in lower case, without a dot at its end",
        )
    ]
