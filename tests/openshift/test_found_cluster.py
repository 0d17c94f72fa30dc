"""A whole cluster found in what AWS has, and the terrain of its flows."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.engine.resources import Live, State
from ocpprov.openshift.found_cluster import FoundCluster, found_cluster
from ocpprov.openshift.found_marks import Machine
from ocpprov.openshift.found_terrain import found_terrain
from ocpprov.openshift.load_balancers import EXTERNAL as EXTERNAL_NAME
from ocpprov.openshift.load_balancers import INTERNAL as INTERNAL_NAME
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.vpc_survey import BALANCER, DHCP_OPTIONS, ENDPOINT, SECURITY_GROUP, ZONE, VpcSurvey
from ocpprov.plan.model import DhcpOptions
from ocpprov.reachability.network import Route, Via
from ocpprov.reachability.verdict import Answer
from tests.openshift.surveys import (
    BASE,
    EVERYWHERE,
    EXTERNAL,
    INFRA,
    INTERNAL,
    NAME,
    PRIVATE,
    PUBLIC,
    balancer,
    lives,
    named_groups,
    network,
    survey,
    untagged,
    with_route,
)


def found(known: VpcSurvey) -> FoundCluster:
    return found_cluster(known, NAME, BASE)


def terrain(known: VpcSurvey) -> Terrain:
    return found_terrain(known, found(known))


def test_everything_of_a_cluster_is_found() -> None:
    cluster = found(survey())
    assert (cluster.infra_id, cluster.domain) == (INFRA, "prod.example.com")
    assert (cluster.subnets.public, cluster.subnets.private) == ([*PUBLIC], [*PRIVATE])
    assert (cluster.internal.one, cluster.external.one) == (INTERNAL, EXTERNAL)
    assert cluster.private_zone == survey().private_zones[0]  # type: ignore[index]
    assert cluster.public_zone == survey().of(ZONE)[0]
    assert cluster.groups[Machine.CONTROL_PLANE].one == "sg-master"
    assert cluster.profiles[Machine.COMPUTE].one == f"arn:profile/{INFRA}-worker-profile"


def test_of_two_infra_ids_neither_is_it() -> None:
    twice = untagged(tags={"kubernetes.io/cluster/prod-aaaaa": "", "kubernetes.io/cluster/prod-bbbbb": ""})
    assert found(survey(subnets=twice)).infra_ids == ["prod-aaaaa", "prod-bbbbb"]
    assert found(survey(subnets=twice)).infra_id == ""


def test_names_of_balancers_tell_the_infra_id_where_no_tag_does() -> None:
    assert found(survey(subnets=untagged())).infra_id == INFRA


def test_all_flows_of_a_whole_cluster_are_as_they_should_be() -> None:
    flows = port_matrix(terrain(survey()))
    assert len(flows) > 50
    assert {flow.answer for flow in flows} == {Answer.YES}


def test_the_section_says_what_a_plan_would() -> None:
    section = terrain(survey()).section
    assert (section.publish, section.egress, section.infra_id) == ("External", "nat", INFRA)
    assert section.machine_networks == (IPv4Network("10.0.0.0/16"),)
    assert section.dhcp_options is None


def test_options_of_dhcp_are_those_that_machines_are_told() -> None:
    told = {"DomainName": "corp.example", "DomainNameServers": ["10.1.0.2", "fd00::1"], "NtpServers": ["10.1.0.3"]}
    options = Live(DHCP_OPTIONS, "dopt-1", told)
    section = terrain(survey(lives={**lives(), DHCP_OPTIONS: [options]})).section
    assert section.dhcp_options == DhcpOptions("corp.example", ["10.1.0.2"], ["10.1.0.3"])


@pytest.mark.parametrize(
    ("routes", "nats", "egress"),
    [
        pytest.param((), True, "nat", id="NAT gateways stand there for it"),
        pytest.param((), False, "none", id="nothing"),
        pytest.param((Route("tgw-1", Via.OTHER, EVERYWHERE),), False, "nat", id="a transit gateway"),
        pytest.param((Route("nat-x", Via.NAT_GATEWAY, EVERYWHERE, active=False),), False, "nat", id="a blackhole"),
    ],
)
def test_a_way_out_is_one_that_somebody_meant(routes: tuple[Route, ...], nats: bool, egress: str) -> None:
    known = with_route("rtb-private-a", *routes)
    tables = {**known.route_tables, "rtb-private-b": replace(known.route_tables["rtb-private-a"], id="rtb-private-b")}
    changed = replace(known, route_tables=tables, nat_gateways=known.nat_gateways if nats else {})
    assert terrain(survey(network=changed)).section.egress == egress


def test_a_nat_gateway_between_private_networks_is_no_way_out() -> None:
    known = with_route("rtb-private-a")
    tables = {**known.route_tables, "rtb-private-b": replace(known.route_tables["rtb-private-a"], id="rtb-private-b")}
    nats = {id: replace(nat, public=False) for id, nat in known.nat_gateways.items()}
    assert terrain(survey(network=replace(known, route_tables=tables, nat_gateways=nats))).section.egress == "none"


def test_without_an_external_balancer_it_is_internal() -> None:
    inside = terrain(survey(lives=lives(balancers=[balancer("int", "internal", PRIVATE)])))
    assert inside.section.publish == "Internal"
    assert list(inside.balancers) == [INTERNAL_NAME]


def test_balancers_serve_when_they_are_active() -> None:
    pending = [replace(each, state=State.PENDING) for each in lives()[BALANCER]]
    assert [each.active for each in terrain(survey()).balancers.values()] == [True, True]
    found = terrain(survey(lives=lives(balancers=pending))).balancers
    assert {name: (each.id, each.active) for name, each in found.items()} == {
        INTERNAL_NAME: (INTERNAL, False),
        EXTERNAL_NAME: (EXTERNAL, False),
    }


def test_machines_are_in_private_subnets_and_the_bootstrap_machine_in_public_ones() -> None:
    known = survey(groups={**survey().groups, **named_groups(default="bootstrap")})
    places = terrain(known).places
    assert [(place.subnet.id, place.groups) for place in places[Party.CONTROL_PLANE]] == [
        ("subnet-private-a", ("sg-master",)),
        ("subnet-private-b", ("sg-master",)),
    ]
    assert [(place.subnet.id, place.groups, place.public) for place in places[Party.BOOTSTRAP]] == [
        ("subnet-public-a", ("sg-master", "sg-default"), True),
        ("subnet-public-b", ("sg-master", "sg-default"), True),
    ]
    assert Party.BOOTSTRAP not in terrain(survey()).places


def test_groups_that_nothing_tells_are_left_out_and_unread_ones_stand_as_such() -> None:
    unknown = terrain(survey(groups=named_groups(a="apple", b="pear")))
    assert [place.groups for place in unknown.places[Party.COMPUTE]] == [None, None]
    unread = terrain(survey(groups={}, unread={SECURITY_GROUP: "denied"}, network=network(security_groups={})))
    assert [place.groups for place in unread.places[Party.COMPUTE]] == [("the compute machines' security group",)] * 2


def endpoint(service: str, **changes: object) -> Live:
    properties = {
        "ServiceName": f"com.amazonaws.eu-west-1.{service}",
        "VpcEndpointType": "Interface",
        "SubnetIds": [*PRIVATE],
        "SecurityGroupIds": ["sg-default"],
        "PrivateDnsEnabled": True,
        **changes,
    }
    return Live(ENDPOINT, f"vpce-{service}", properties)  # type: ignore[arg-type]


def test_endpoints_count_where_the_services_own_names_lead_to_them() -> None:
    known = [
        endpoint("ec2"),
        endpoint("sts", PrivateDnsEnabled=False),
        endpoint("athena"),
        replace(endpoint("elasticloadbalancing"), state=State.PENDING),
        replace(endpoint("tagging"), state=State.DELETING),
    ]
    endpoints = terrain(survey(lives={**lives(), ENDPOINT: known})).endpoints
    assert {id: (service, found.available) for id, (service, found) in endpoints.items()} == {
        "vpce-ec2": ("com.amazonaws.eu-west-1.ec2", True),
        "vpce-elasticloadbalancing": ("com.amazonaws.eu-west-1.elasticloadbalancing", False),
    }


def test_a_policy_that_denies_stops_what_machines_ask() -> None:
    deny = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}],
    }
    known = survey(lives={**lives(), ENDPOINT: [endpoint("ec2", PolicyDocument=deny)]})
    [verdict] = {flow.verdict.answer for flow in port_matrix(terrain(known)) if flow.requirement == "NET-EC2"}
    assert verdict is Answer.NO
