"""The flows to services that a closed cluster needs and no endpoint has the names of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pytest

from ocpprov.openshift.machine_flows import NODES, Party
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.needed_services import NeededService
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.terrain import Terrain
from ocpprov.plan.model import ClusterProxy, HostPort
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.network import AclEntry, Network, NetworkAcl, Place, Route, RouteTable, Subnet, Via
from ocpprov.reachability.spans import EVERYWHERE, addresses
from ocpprov.reachability.verdict import Answer, Unread, Verdict
from tests.openshift.test_existing import SECTION

LOCAL: Final = Route("local", Via.LOCAL, addresses("10.0.0.0/16"))
EC2: Final = NeededService("ec2", "com.amazonaws.eu-west-1.ec2", lacking="vpc-1 has no endpoint of it", remedy="one")


PROXY: Final = ClusterProxy(https=HostPort("proxy.corp.test", 3128))


def rows(*services: NeededService, way: str = "", proxy: ClusterProxy | None = None) -> Sequence[MatrixRow]:
    """Of AIR-GAP, where the machines' table has a way out or none."""
    every = (AclEntry(100, True, "-1", EVERYWHERE),)
    subnet = Subnet("subnet-1", addresses("10.0.0.0/20"), "a", "rtb-1", "acl-1")
    out = (Route(way, Via.OTHER, EVERYWHERE),) if way else ()
    network = Network(
        "vpc-1",
        (addresses("10.0.0.0/16"),),
        {"subnet-1": subnet},
        {},
        {"acl-1": NetworkAcl("acl-1", every, every)},
        {"rtb-1": RouteTable("rtb-1", (LOCAL, *out))},
    )
    section = replace(SECTION, egress="none", endpoints=(), transit=(), proxy=proxy, bootstrap=False)
    places = {party: [Place(subnet)] for party in (Party.CONTROL_PLANE, Party.COMPUTE, Party.MACHINE_NETWORK)}
    found = port_matrix(Terrain(section, network, places, {}, {}, needed=services))
    return [row for row in found if row.requirement == "AIR-GAP" and row.name == EC2.name]


def test_without_a_way_it_is_lacking() -> None:
    found = rows(EC2)
    assert [(row.source, row.target, row.answer, row.lacks) for row in found] == [
        (party, "internet", Answer.NO, EC2) for party in ("control plane", "compute")
    ]
    assert {each.component for row in found for each in row.verdict.obstacles} == {"rtb-1"}


@pytest.mark.parametrize(
    ("service", "way", "target", "verdict"),
    [
        pytest.param(EC2, "tgw-1", "internet", Verdict(beyond=("tgw-1",)), id="a way of the network's own"),
        pytest.param(replace(EC2, zone="Z1"), "", "Z1", Verdict(beyond=("Z1",)), id="a private zone"),
        pytest.param(
            replace(EC2, unread="zones"), "", "internet", Verdict(unread=(Unread("zones"),)), id="unread zones"
        ),
        pytest.param(
            replace(EC2, unread="zones"), "tgw-1", "internet", Verdict(beyond=("tgw-1",)), id="unread zones and a way"
        ),
    ],
)
def test_what_leads_there_instead(service: NeededService, way: str, target: str, verdict: Verdict) -> None:
    found = rows(service, way=way)
    assert [(row.target, row.verdict, row.lacks) for row in found] == [(target, verdict, None)] * 2


@pytest.mark.parametrize(
    "proxy",
    [
        ClusterProxy(https=HostPort("proxy.corp.test", 3128)),
        ClusterProxy(http=HostPort("proxy.corp.test", 3128)),
        ClusterProxy(HostPort("other.corp.test", 80), HostPort("proxy.corp.test", 3128)),
    ],
)
def test_a_proxy_leads_there_as_far_as_that(proxy: ClusterProxy) -> None:
    found = rows(EC2, proxy=proxy)
    assert [(row.target, row.verdict) for row in found] == [("proxy", Verdict(beyond=("proxy.corp.test",)))] * 2


@pytest.mark.parametrize(
    ("subnets", "proxy", "asked"),
    [((), None, True), (("subnet-1",), None, True), ((), PROXY, True), (("subnet-1",), PROXY, False)],
)
def test_in_a_network_of_others_a_proxy_is_the_way_out(
    subnets: tuple[str, ...], proxy: ClusterProxy | None, asked: bool
) -> None:
    section = replace(SECTION, egress="nat", subnets=subnets, proxy=proxy, bootstrap=False)
    places = {party: [Place(Subnet("subnet-1", addresses("10.0.0.0/20")))] for party in (*NODES, Party.MACHINE_NETWORK)}
    found = port_matrix(Terrain(section, Network("vpc-1"), places, {}, {}))
    assert any(row.requirement == "NET-NAT" and row.name == "HTTPS" for row in found) is asked


def test_air_gap_rests_on_the_endpoints_of_a_closed_cluster_alone() -> None:
    subnet = Subnet("subnet-1", addresses("10.0.0.0/20"))
    endpoints = {"vpce-1": ("com.amazonaws.eu-west-1.s3", Endpoint("vpce-1", "Gateway", prefix_list="pl-1"))}
    places = {Party.CONTROL_PLANE: [Place(subnet)], Party.COMPUTE: [Place(subnet)]}

    def also(egress: str) -> set[str]:
        section = replace(SECTION, egress=egress, bootstrap=False)  # type: ignore[arg-type]
        found = port_matrix(Terrain(section, Network("vpc-1"), {**places, Party.MACHINE_NETWORK: []}, {}, endpoints))
        return {row.also for row in found if row.requirement == "NET-S3"}

    assert (also("none"), also("nat")) == ({"AIR-GAP"}, {""})
