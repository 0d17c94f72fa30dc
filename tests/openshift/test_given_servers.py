"""The servers that a plan names."""

from __future__ import annotations

from ocpprov.openshift.given_servers import given_servers
from ocpprov.plan.model import DhcpOptions, OpenShift
from ocpprov.reachability.network import Traffic
from ocpprov.reachability.spans import Span


def section(options: DhcpOptions | None) -> OpenShift:
    return OpenShift("prod", "example.com", dhcp_options=options)


def test_a_plan_without_dhcp_options_names_none() -> None:
    assert given_servers(section(None)) == ()


def test_amazons_own_are_not_among_them() -> None:
    own = DhcpOptions("", ("AmazonProvidedDNS", "10.0.0.2", "169.254.169.253"), ("169.254.169.123",))
    assert given_servers(section(own)) == ()


def test_name_servers_are_asked_in_two_ways_and_time_servers_in_one() -> None:
    found = given_servers(section(DhcpOptions("", ("10.0.0.3", "10.1.0.2"), ("10.0.0.2", "10.0.0.4"))))
    dns = (Traffic("udp", Span(53, 53)), Traffic("tcp", Span(53, 53)))
    assert [(each.name, each.requirement, each.host, each.asked) for each in found] == [
        ("name server", "NET-DHCP", "10.0.0.3", dns),
        ("name server", "NET-DHCP", "10.1.0.2", dns),
        ("time server", "NET-DHCP", "10.0.0.4", (Traffic("udp", Span(123, 123)),)),
    ]
