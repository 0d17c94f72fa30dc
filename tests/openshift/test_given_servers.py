"""The servers that a plan names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.openshift.given_servers import GivenServer, given_servers
from ocpprov.plan.model import ClusterProxy, DhcpOptions, HostPort, OpenShift, Transit
from ocpprov.reachability.network import Traffic
from ocpprov.reachability.spans import Span
from ocpprov.reachability.zones import Record, Target, Zone


def section(options: DhcpOptions | None) -> OpenShift:
    return OpenShift("prod", "example.com", dhcp_options=options)


def asked(known: OpenShift, zones: Sequence[Zone] = ()) -> Sequence[GivenServer]:
    return given_servers(known, zones)


def test_a_plan_without_dhcp_options_names_none() -> None:
    assert asked(section(None)) == ()


def test_amazons_own_are_not_among_them() -> None:
    own = DhcpOptions("", ("AmazonProvidedDNS", "10.0.0.2", "169.254.169.253"), ("169.254.169.123",))
    assert asked(section(own)) == ()


def test_name_servers_are_asked_in_two_ways_and_time_servers_in_one() -> None:
    found = asked(section(DhcpOptions("", ("10.0.0.3", "10.1.0.2"), ("10.0.0.2", "10.0.0.4"))))
    dns = (Traffic("udp", Span(53, 53)), Traffic("tcp", Span(53, 53)))
    assert [(each.name, each.requirement, each.host, each.asked) for each in found] == [
        ("name server", "NET-DHCP", "10.0.0.3", dns),
        ("name server", "NET-DHCP", "10.1.0.2", dns),
        ("time server", "NET-DHCP", "10.0.0.4", (Traffic("udp", Span(123, 123)),)),
    ]


PROXY = HostPort("proxy.corp.test", 3128)
REGISTRY = HostPort("registry.corp.test", 5000)
HERE = HostPort("10.0.3.3", 5000)
THERE = HostPort("192.168.7.7", 443)
WAY = Transit([IPv4Network("192.168.0.0/16")], transit_gateway_id="tgw-1")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"proxy": ClusterProxy(PROXY, PROXY)}, ["NET-NAT: proxy proxy.corp.test (tcp 3128)"]),
        (
            {"proxy": ClusterProxy(PROXY, THERE), "egress": "none"},
            ["AIR-GAP: proxy proxy.corp.test (tcp 3128)", "AIR-GAP: proxy 192.168.7.7 (tcp 443)"],
        ),
        ({"proxy": ClusterProxy(None, THERE), "transit": [WAY]}, ["NET-TRANSIT: proxy 192.168.7.7 (tcp 443)"]),
        ({"mirrors": (HERE,)}, ["AIR-GAP: mirror registry 10.0.3.3 (tcp 5000)"]),
        ({"mirrors": (THERE,)}, ["NET-NAT: mirror registry 192.168.7.7 (tcp 443)"]),
        ({"mirrors": (REGISTRY,), "egress": "none"}, ["AIR-GAP: mirror registry registry.corp.test (tcp 5000)"]),
        ({"mirrors": (REGISTRY,), "proxy": ClusterProxy(PROXY)}, ["NET-NAT: proxy proxy.corp.test (tcp 3128)"]),
        (
            {"mirrors": (REGISTRY, HERE), "proxy": ClusterProxy(PROXY, None, (".corp.test",))},
            [
                "NET-NAT: proxy proxy.corp.test (tcp 3128)",
                "NET-NAT: mirror registry registry.corp.test (tcp 5000)",
                "AIR-GAP: mirror registry 10.0.3.3 (tcp 5000)",
            ],
        ),
    ],
)
def test_images_come_by_the_proxy_or_past_it(keys: Mapping[str, Any], expected: Sequence[str]) -> None:
    found = asked(OpenShift("prod", "example.com", **keys))
    assert [f"{each.requirement}: {each}" for each in found] == expected


def test_a_name_has_the_addresses_of_the_zone_that_answers_it() -> None:
    known = OpenShift("prod", "example.com", mirrors=(HostPort("Registry.corp.test", 5000), PROXY), transit=[WAY])
    records = (
        Record("registry.corp.test", "A", (), ("192.168.7.7", "10.9.9.9")),
        Record("registry.corp.test", "TXT", (), ("10.9.9.8",)),
        Record("proxy.corp.test", "A", (Target("x.example.com"),)),
    )
    found = asked(
        known, [Zone("Z1", "test", (Record("*.test", "A", (), ("10.1.1.1",)),)), Zone("Z2", "corp.test", records)]
    )
    assert [(each.host, each.addresses, each.requirement) for each in found] == [
        ("Registry.corp.test", ("192.168.7.7", "10.9.9.9"), "NET-TRANSIT"),
        ("proxy.corp.test", (), "NET-NAT"),
    ]
