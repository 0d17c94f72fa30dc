"""What openshift-install refuses, or takes and nobody means, is told by validate."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.reserved_blocks import OVN, RESERVED
from tests.plan.marks import SECTION

LONG: Final = "a" * 20


def loaded(text: str, **inputs: Any) -> Plan:
    return load(text, "plan.yaml", Inputs(KINDS, openshift_ids=logical_ids, **inputs))


def with_lines(lines: str) -> str:
    return SECTION.replace("example.com", "corp.net") + "".join(f"  {line}\n" for line in lines.splitlines())


def named(cluster: str, infra_id: str = "", domain: str = "corp.net") -> str:
    line = f"  infraID: {infra_id}\n" if infra_id else ""
    return f"name: a\nregion: eu-west-1\nopenshift:\n  clusterName: {cluster}\n  baseDomain: {domain}\n{line}"


@pytest.mark.parametrize(
    ("region", "hint"),
    [
        ("eu-west-11", "did you mean eu-west-1?; for a region that is newer"),
        ("us-gov-west-2", "did you mean us-gov-west-1?;"),
        ("xx-nowhere-9", "for a region that is newer than this version, name its ec2 endpoint"),
    ],
)
def test_a_region_that_nobody_knows_is_an_error(region: str, hint: str) -> None:
    message = re.escape(f"plan.yaml:2:9: region: there is no region {region}; {hint}")
    with pytest.raises(PlanErrors, match=message):
        loaded(f"name: a\nregion: {region}\n")
    with pytest.raises(PlanErrors, match=f"1:1: region: there is no region {region}"):
        loaded("name: a\n", region=region)
    assert loaded(f"name: a\nregion: {region}\n", destroying=True).region == region
    endpoint = "aws: {serviceEndpoints: [{name: ec2, url: 'https://ec2.example.com'}]}\n"
    assert loaded(f"name: a\nregion: {region}\n{endpoint}").region == region


@pytest.mark.parametrize(
    ("zone", "what"),
    [
        ("eu-west-1-lon-1a", "is a Local or Wavelength Zone, no availability zone"),
        ("eu-west-1-wl1-lon-wlz-1", "is a Local or Wavelength Zone"),
        ("euw1-az1", "is no zone of eu-west-1"),
        ("eu-west-1aa", "is no zone of eu-west-1"),
        ("eu-west-1", "is no zone of eu-west-1"),
        ("eu-west-2a", "is no zone of eu-west-1"),
    ],
)
def test_a_zone_is_an_availability_zone_of_the_region(zone: str, what: str) -> None:
    with pytest.raises(PlanErrors, match=rf"openshift\.zones\[1\]: {zone} {what}.*; such as eu-west-1a"):
        loaded(with_lines(f"zones: [eu-west-1a, {zone}]"))


@pytest.mark.parametrize(
    "domain", ["Corp.example.com", "corp.example.com.", "corp example.com", "*.example.com", "-a.b"]
)
def test_the_machines_domain_is_one_in_lower_case(domain: str) -> None:
    with pytest.raises(
        PlanErrors, match=r"openshift\.dhcpOptions\.domainName: .*; one domain in lower case, without a"
    ):
        loaded(with_lines(f"dhcpOptions: {{domainName: '{domain}'}}"))


@pytest.mark.parametrize("domain", ["corp.example.com", "corp", "eu-west-1.compute.internal"])
def test_another_domain_of_the_machines_is_good(domain: str) -> None:
    section = loaded(with_lines(f"dhcpOptions: {{domainName: {domain}}}")).openshift
    assert section is not None
    assert section.dhcp_options is not None
    assert section.dhcp_options.domain_name == domain


@pytest.mark.parametrize("key", ["machineNetwork", "clusterNetwork", "serviceNetwork", "secondaryNetworks"])
@pytest.mark.parametrize("reserved", RESERVED, ids=lambda reserved: str(reserved.block))
def test_what_is_reserved_is_no_network_of_a_cluster(key: str, reserved: Any) -> None:
    block = next(reserved.block.subnets(new_prefix=max(reserved.block.prefixlen, 16)))
    value = block if key == "machineNetwork" else f"[{block}]"
    with pytest.raises(PlanErrors, match=rf"openshift\.{key}.*: {block}: {reserved.block} is {reserved.whose}"):
        loaded(with_lines(f"{key}: {value}"))


@pytest.mark.parametrize("key", ["machineNetwork", "clusterNetwork", "serviceNetwork", "secondaryNetworks"])
@pytest.mark.parametrize("own", OVN, ids=lambda own: own.subnet)
def test_what_ovn_kubernetes_has_for_itself_is_noted(key: str, own: Any) -> None:
    value = own.block if key == "machineNetwork" else f"[{own.block}]"
    lines = f"{key}: {value}\nversion: "
    (note,) = loaded(with_lines(f'{lines}"4.18"')).notes
    place = rf"plan\.yaml:6:3: openshift\.{key}"
    assert re.match(
        rf"{place}: {own.block} overlaps {own.block}, which OVN-Kubernetes has for its own {own.subnet}", note
    )
    assert loaded(with_lines(f'{lines}"{own.since[0]}.{own.since[1] - 1}"')).notes == ()


def test_openshift_install_takes_one_service_network_and_none_too_large() -> None:
    with pytest.raises(PlanErrors, match=r"serviceNetwork\[1\]: 2 service networks are too many"):
        loaded(with_lines("serviceNetwork: [172.30.0.0/16, 172.29.0.0/16]"))
    with pytest.raises(PlanErrors, match=r"serviceNetwork\[0\]: 172\.32\.0\.0/11 has a /11; /12 or smaller"):
        loaded(with_lines("serviceNetwork: [172.32.0.0/11]"))
    assert loaded(with_lines("serviceNetwork: [172.16.0.0/12]\nmachineNetwork: 10.0.0.0/16")).openshift


@pytest.mark.parametrize("cluster", ["prod.eu", "a" * 54, f"{LONG}.{LONG}"])
def test_a_clusters_name_may_have_dots(cluster: str) -> None:
    assert loaded(named(cluster)).cluster == f"{cluster}.corp.net"


@pytest.mark.parametrize("cluster", ["a" * 55, f"{LONG}.{LONG}.{LONG}"])
def test_a_clusters_name_that_route_53_can_not_show_is_an_error(cluster: str) -> None:
    with pytest.raises(
        PlanErrors, match=f"4:16: openshift.clusterName: {cluster} has {len(cluster)} characters; at most 54"
    ):
        loaded(named(cluster))


@pytest.mark.parametrize(
    ("cluster", "infra_id", "wanted"),
    [
        ("prod", "prod-x7k2p", ""),
        ("prod.eu", "prod-eu-x7k2p", ""),
        ("a" * 30, f"{'a' * 21}-x7k2p", ""),
        (f"{LONG}-b", f"{LONG}-x7k2p", ""),
        ("prod", "test-x7k2p", "prod-"),
        ("prod", "prod-x7k2", "prod-"),
        ("prod", "prod-x7k2pp", "prod-"),
        ("prod", "prodx7k2p", "prod-"),
        ("prod.eu", "prod.eu-x7k2p", None),
        ("a" * 30, f"{'a' * 20}-x7k2p", "a" * 21 + "-"),
    ],
)
def test_an_infra_id_is_of_its_cluster(cluster: str, infra_id: str, wanted: str | None) -> None:
    if wanted is None:
        with pytest.raises(PlanErrors, match=r"openshift\.infraID: invalid value"):
            loaded(named(cluster, infra_id))
        return
    notes = loaded(named(cluster, infra_id)).notes
    what = f"{infra_id} is not what openshift-install calls a cluster {cluster}: {wanted} and 5 letters or digits"
    assert [f"plan.yaml:6:3: openshift.infraID: {what}" in note for note in notes] == [True] * bool(wanted)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (
            named("prod", domain="prod.corp.net"),
            "plan.yaml:5:3: openshift.baseDomain: prod.corp.net begins with the clusterName: the API will be "
            "api.prod.prod.corp.net",
        ),
        (
            with_lines("controlPlane: {addresses: [10.0.48.10]}"),
            "plan.yaml:6:3: openshift.controlPlane waits for the infraID: there are no load balancers without it",
        ),
        (
            with_lines("bootstrap: {address: 10.0.48.20}"),
            "plan.yaml:6:3: openshift.bootstrap waits for the infraID: there are no load balancers without it",
        ),
        (
            "name: a\nregion: eu-west-1\n",
            "plan.yaml:1:1: nothing is in it: an openshift section or Resources make something",
        ),
        (
            with_lines("publicIpv4Pool: ipv4pool-ec2-0a\negress: none"),
            "plan.yaml:6:3: openshift.publicIpv4Pool has no effect: the plan makes no Elastic IP",
        ),
        (
            with_lines("publicIpv4Pool: ipv4pool-ec2-0a\nzones: 1\nelasticIPs: [eipalloc-0a]"),
            "plan.yaml:6:3: openshift.publicIpv4Pool has no effect: the plan makes no Elastic IP",
        ),
    ],
)
def test_what_is_odd_is_said(text: str, note: str) -> None:
    assert loaded(text).notes == (note,)


@pytest.mark.parametrize(
    "text",
    [
        named("prod"),
        named("prod", domain="production.corp.net"),
        named("prod", domain="corp.prod.net"),
        with_lines("infraID: prod-x7k2p\ncontrolPlane: {addresses: [10.0.48.10]}"),
        with_lines("publicIpv4Pool: ipv4pool-ec2-0a"),
        with_lines("controlPlane: {addresses: auto}"),
        "name: a\nregion: eu-west-1\nResources: {G: {Type: AWS::EC2::InternetGateway}}\n",
    ],
)
def test_what_is_not_odd_is_not_said(text: str) -> None:
    assert loaded(text).notes == ()
