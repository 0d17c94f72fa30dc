"""What resources beside an openshift section may do to the cluster, on values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.expand import logical_ids
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.plan.template import Template
from ocpprov.plan.template_rules import TemplateContext
from tests.openshift.plans import SECTION_3AZ

PLACE = Position("plan.yaml", 1, 1)
MADE = {**logical_ids(SECTION_3AZ), "ExtDns": "AWS::Route53::HostedZone", "ExtApiClassicElb": "any", "IntApiElb": "any"}
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
NETWORK = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
RECORD = "AWS::Route53::RecordSet"


def found(*resources: Resource, made: Mapping[str, str] = MADE) -> list[tuple[str, str]]:
    paths = {one.logical_id: f"Resources.{one.logical_id}" for one in resources}
    places = {f"{paths[one.logical_id]}.Properties.{key}": PLACE for one in resources for key in one.properties}
    template = Template({one.logical_id: one for one in resources}, places, paths)
    return [(error.path, error.message) for error in resource_problems(TemplateContext(template, SECTION_3AZ, made))]


def listener(balancer: Value, port: int = 22623) -> Resource:
    return Resource("L", LISTENER, {"LoadBalancerArn": balancer, "Port": port})


def balancer(type: str, **properties: Any) -> Resource:
    return Resource("B", type, properties)


def given_away(path: str, by: str) -> list[tuple[str, str]]:
    return [(path, f"22623 on {by} would give machine configurations to the internet")]


@pytest.mark.parametrize("external", ["ExtApiElb", "ExtApiClassicElb"])
def test_no_listener_gives_machine_configurations_to_the_internet(external: str) -> None:
    assert found(listener(Ref(external))) == given_away("Resources.L.Properties.Port", external)
    assert found(listener(Ref(external), 6443)) == []


def test_the_sections_internal_balancer_is_for_machines() -> None:
    assert found(listener(Ref("IntApiElb"))) == []


def test_a_balancer_by_its_arn_is_somebody_elses() -> None:
    assert found(listener("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/x/1")) == []


@pytest.mark.parametrize("type", [NETWORK, CLASSIC])
@pytest.mark.parametrize(
    ("scheme", "external"), [({}, True), ({"Scheme": "internet-facing"}, True), ({"Scheme": "internal"}, False)]
)
def test_a_balancer_of_the_plans_own_faces_the_internet_unless_it_says_otherwise(
    type: str, scheme: dict[str, str], *, external: bool
) -> None:
    expected = given_away("Resources.L.Properties.Port", "B") if external else []
    assert found(listener(Ref("B")), balancer(type, **scheme)) == expected


@pytest.mark.parametrize("port", ["22623", 22623])
@pytest.mark.parametrize(("scheme", "external"), [("internet-facing", True), ("internal", False)])
def test_a_classic_balancers_own_listeners_count(port: Value, scheme: str, *, external: bool) -> None:
    expected = given_away("Resources.B.Properties.Listeners", "B") if external else []
    others = {"LoadBalancerPort": "443"}
    assert found(balancer(CLASSIC, Scheme=scheme, Listeners=[others, {"LoadBalancerPort": port}])) == expected
    assert found(balancer(CLASSIC, Scheme=scheme, Listeners=[others])) == []


@pytest.mark.parametrize(
    ("zone", "name", "domain"),
    [
        ("IntDns", "www.example.com", "prod.example.com"),
        ("IntDns", "www.prod.example.com", ""),
        ("IntDns", "prod.example.com.", ""),
        ("IntDns", "notprod.example.com", "prod.example.com"),
        ("ExtDns", "www.example.org", "example.com"),
        ("ExtDns", "WWW.Example.com", ""),
    ],
)
def test_records_are_in_the_domain_of_the_sections_zone(zone: str, name: str, domain: str) -> None:
    message = f"{name.lower()} is not in the zone of {domain}"
    expected = [("Resources.R.Properties.Name", message)] if domain else []
    assert found(Resource("R", RECORD, {"HostedZoneId": Ref(zone), "Name": name})) == expected


def test_a_zone_of_the_same_id_that_the_section_does_not_make_has_its_own_domain() -> None:
    record = Resource("R", RECORD, {"HostedZoneId": Ref("IntDns"), "Name": "www.corp.org"})
    assert found(record, made={"VPC": "AWS::EC2::VPC"}) == []


def test_a_zone_by_its_id_is_not_the_sections() -> None:
    assert found(Resource("R", RECORD, {"HostedZoneId": "Z0A", "Name": "www.corp.org"})) == []
