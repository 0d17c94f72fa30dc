"""A bastion without internet: installed from the bundle, a cluster's infrastructure made and taken away, and not one
packet to anywhere but AWS's endpoints, or the proxy that leads there."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.services import SERVICES
from tests.bundle.air_gap import AWS, HOSTS, NOBODY, QUOTAS, Site, air_gap, counting
from tests.end_to_end.world import REGION
from tests.support.namespaces import Impossible
from tests.support.proxies import tinyproxy_inside

TO_AWS = (f"arp {AWS}", f"tcp {AWS}:443", f"udp {AWS}:53")
USED = ("ec2", "elbv2", "iam", "route53", "s3", "sts")
BUCKET = f".s3.{REGION}.amazonaws.com"
FAR = "198.51.100.9"
"""An address of nobody's, as documents have them (RFC 5737)."""

Record = Callable[[str, object], None]


@contextmanager
def _place(folder: Path, **wanted: Any) -> Iterator[Site]:
    try:
        with air_gap(folder, **wanted) as site:
            yield site
    except Impossible as reason:
        pytest.skip(f"no network namespaces here: {reason}")


def _life(site: Site, bundle: Path) -> Mapping[str, Mapping[str, str]]:
    """Install, preflight, apply, apply again, destroy, of which each has to end with 0. Returns preflight's checks."""
    home = site.folder / "home"
    site.good(bundle / "install.sh", "--python", sys.executable, home / "ocpprov")
    ocpprov, plan = home / "ocpprov" / "bin" / "ocpprov", bundle / "plans" / "restricted-3az.yaml"
    before = site.everything()
    checks = json.loads(site.good(ocpprov, "preflight", plan, "--json").out)["checks"]
    assert _changes(site, 0) == []
    site.good(ocpprov, "apply", plan, "--yes")
    assert {"CreateVpc", "CreateHostedZone", "CreateBucket", "CreateRole"} <= set(_changes(site, 0))
    already = len(site.calls())
    site.good(ocpprov, "apply", plan, "--yes")
    assert _changes(site, already) == []
    site.good(ocpprov, "destroy", plan, "--yes")
    assert site.everything() == before
    return {check["id"]: check for check in checks}


def _changes(site: Site, since: int) -> list[str]:
    return [call["operation"] for call in site.calls()[since:] if call["mutating"]]


def _lives_without(
    site: Site, bundle: Path, allowed: tuple[str, ...], record: Record
) -> Mapping[str, Mapping[str, str]]:
    """The same, with no packet to anywhere but `allowed`."""
    with counting(site) as counted:
        checks = _life(site, bundle)
    assert counted.elsewhere(*allowed) == {}
    assert counted.lost == 0
    record("air gap: packets that left the bastion", sum(counted.packets.values()))
    record("air gap: packets elsewhere", sum(counted.elsewhere(*allowed).values()))
    assert sum(counted.packets.values()) > 100
    return checks


def _seen(site: Site, address: str) -> set[str]:
    """Where the capture sees a packet go that is sent to an address: the capture itself has to be trusted."""
    send = f"import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ({address!r}, 9))"
    with counting(site) as counted:
        site.good(sys.executable, "-c", send)
    return set(counted.packets)


def _strange(names: set[str]) -> set[str]:
    """Those that aren't the endpoints of the plan's services."""
    return {name for name in names if name not in HOSTS and not name.endswith(BUCKET)}


def test_nothing_leaves_the_bastion_but_for_the_endpoints(
    bundle: Path, tmp_path: Path, record_property: Record
) -> None:
    with _place(tmp_path / "site") as site:
        assert site.bastion.run("ip", "route").startswith("10.80.0.0/24 ")
        checks = _lives_without(site, bundle, TO_AWS, record_property)
        assert _strange(site.names_asked()) == {QUOTAS}
        # Virtual-hosted, as AWS has it: the bucket has a name of its own.
        assert any(name.endswith(BUCKET) for name in site.names_asked())
        assert f"arp {NOBODY}" in _seen(site, NOBODY)
    assert {checks[f"reach-{service}"]["status"] for service in USED} == {"pass"}
    assert f"({AWS}: private)" in checks["reach-ec2"]["detail"]
    assert (checks["service-quotas"]["status"], bool(checks["service-quotas"]["remedy"])) == ("unknown", True)


@pytest.mark.torture
def test_nothing_is_tried_elsewhere_where_there_is_a_route(
    bundle: Path, tmp_path: Path, record_property: Record
) -> None:
    """Without one, the kernel refuses before there is a packet. Here it would leave, and be seen."""
    with _place(tmp_path / "site", names=(*HOSTS, QUOTAS)) as site:
        site.bastion.run("ip", "route", "add", "default", "via", AWS)
        checks = _lives_without(site, bundle, TO_AWS, record_property)
        assert _strange(site.names_asked()) == {QUOTAS}
        assert f"udp {FAR}:9" in _seen(site, FAR)
    assert "service-quotas" not in checks


@pytest.mark.torture
def test_the_proxy_is_all_that_the_bastion_talks_to(bundle: Path, tmp_path: Path, record_property: Record) -> None:
    if not shutil.which("tinyproxy"):
        pytest.skip("tinyproxy isn't installed (Debian: tinyproxy-bin)")
    proxy_address = "10.81.0.1"
    with (
        _place(tmp_path / "site", via=proxy_address) as site,
        tinyproxy_inside(site.between, proxy_address, tmp_path / "proxy") as proxy,
    ):
        behind = replace(site, environ={**site.environ, "HTTPS_PROXY": proxy.url})
        # Not even a name is asked for: the proxy does that.
        allowed = (f"arp {proxy_address}", f"tcp {proxy.address}")
        checks = _lives_without(behind, bundle, allowed, record_property)
        assert _strange(site.names_asked()) == {QUOTAS}
        connected = {place.removesuffix(":443") for place in proxy.connected()}
    assert _strange(connected) == {QUOTAS}
    assert set(HOSTS) - connected == {f"*{BUCKET}"}
    assert checks["reach-ec2"]["detail"] == f"ec2 at {HOSTS[0]} through the proxy {proxy.address}"


@pytest.mark.torture
def test_each_service_has_an_address_of_its_own(bundle: Path, tmp_path: Path, record_property: Record) -> None:
    host = "endpoints.bastion.test"
    ports = {service.endpoint_variable: 8443 + number for number, service in enumerate(SERVICES.values())}
    with _place(tmp_path / "site", names=[host], ports=list(ports.values())) as site:
        urls = {variable: f"https://{host}:{port}" for variable, port in ports.items()}
        given = replace(site, environ={**site.environ, **urls})
        allowed = (f"arp {AWS}", f"udp {AWS}:53", *(f"tcp {AWS}:{port}" for port in ports.values()))
        checks = _lives_without(given, bundle, allowed, record_property)
        assert site.names_asked() == {host}
        hosts = {call["service"]: call["host"] for call in site.calls() if call["host"].startswith(host)}
    used = {"ec2", "elasticloadbalancing", "iam", "route53", "s3", "servicequotas", "sts"}
    assert set(hosts) == used
    assert hosts["route53"] == f"{host}:{ports['AWS_ENDPOINT_URL_ROUTE_53']}"
    assert "service-quotas" not in checks
