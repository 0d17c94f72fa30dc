"""The cluster's proxy and mirror registries, from the words of an install-config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.plan.image_hosts import cluster_proxy, image_host_problems, is_asked_past, mirror_registries
from ocpprov.plan.model import ClusterProxy, HostPort, OpenShift

PROXY = HostPort("proxy.corp.test", 3128)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (None, None),
        ({"noProxy": ".corp.test"}, None),
        ({"httpProxy": "http://proxy.corp.test:3128"}, ClusterProxy(PROXY)),
        ({"httpsProxy": "http://u:p@proxy.corp.test:3128/"}, ClusterProxy(None, PROXY)),
        ({"httpsProxy": "https://PROXY.corp.test."}, ClusterProxy(None, HostPort("proxy.corp.test", 443))),
        ({"httpProxy": "http://10.0.0.9"}, ClusterProxy(HostPort("10.0.0.9", 80))),
        ({"httpProxy": "http://10.0.0.9:99999"}, ClusterProxy(HostPort("", 0))),
        ({"httpProxy": "http://:3128"}, ClusterProxy(HostPort("", 0))),
        ({"httpProxy": "http://[::1"}, ClusterProxy(HostPort("", 0))),
        (
            {"httpProxy": "http://proxy.corp.test:3128", "noProxy": " .corp.test, 10.0.0.0/8,,"},
            ClusterProxy(PROXY, None, (".corp.test", "10.0.0.0/8")),
        ),
    ],
)
def test_a_proxy_is_a_host_and_a_port(values: Mapping[str, Any] | None, expected: ClusterProxy | None) -> None:
    assert cluster_proxy(values) == expected


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], ()),
        ([{"source": "a"}, {"mirrors": None}], ()),
        ([{"mirrors": ["r.corp.test:5000/ocp/release"]}], (HostPort("r.corp.test", 5000),)),
        ([{"mirrors": ["r.corp.test/a", "s.corp.test"]}, {"mirrors": ["r.corp.test/b"]}],
         (HostPort("r.corp.test", 443), HostPort("s.corp.test", 443))),
        ([{"mirrors": ["r.corp.test:port"]}], (HostPort("", 0),)),
    ],
)  # fmt: skip
def test_mirrors_are_hosts(sources: Sequence[Mapping[str, Any]], expected: Sequence[HostPort]) -> None:
    assert mirror_registries(sources) == expected


def test_what_has_no_host_is_told_without_its_value() -> None:
    wrong = HostPort("", 0)
    section = OpenShift("prod", "example.com", proxy=ClusterProxy(wrong, wrong), mirrors=(PROXY, wrong))
    assert [(each.where, each.detail) for each in image_host_problems(section)] == [
        ("proxy.httpProxy", "has no host and port"),
        ("proxy.httpsProxy", "has no host and port"),
        ("imageDigestSources", "a mirror has no host"),
    ]
    assert (
        list(image_host_problems(OpenShift("prod", "example.com", proxy=ClusterProxy(PROXY), mirrors=(PROXY,)))) == []
    )


@pytest.mark.parametrize(
    ("entries", "host", "past"),
    [
        ((), "registry.corp.test", False),
        (("*",), "registry.corp.test", True),
        ((".corp.test",), "Registry.corp.test", True),
        (("corp.test",), "registry.corp.test", True),
        (("registry.corp.test",), "registry.corp.test", True),
        ((".corp.test",), "registry.notcorp.test", False),
        (("gistry.corp.test",), "registry.corp.test", False),
        (("10.20.0.0/16",), "registry.corp.test", False),
        (("10.20.0.0/16",), "10.20.3.4", True),
        (("10.20.3.4",), "10.20.3.4", True),
        (("10.20.3.5", "3.4"), "10.20.3.4", False),
        ((), "10.0.9.9", True),
    ],
)
def test_what_is_asked_past_the_proxy(entries: Sequence[str], host: str, past: bool) -> None:
    section = OpenShift("prod", "example.com")
    assert is_asked_past(ClusterProxy(PROXY, None, tuple(entries)), section, host) is past
