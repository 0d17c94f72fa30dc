"""What of a plan has to serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.serving import ApiBalancer
from ocpprov.checks.serving_names import ClusterName, DnsView
from ocpprov.checks.serving_subject import PublicZone, ServingSubject, subject_of
from ocpprov.engine.resources import Live
from ocpprov.openshift.aws_facts import RouterNeeded
from ocpprov.openshift.expand import Facts, expand
from ocpprov.openshift.machines import Machine, Machines
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

SECTION = replace(SECTION_3AZ, zones=1, public_zone="create", bootstrap_address="10.0.48.20", etcd_records=False)
ROUTER = "router.elb.test"


def live(type: str, id: str, **attributes: Any) -> Live:
    return Live(type, id, {}, attributes)


NETWORK: Mapping[str, Live] = {
    "ExtApiElb": live("any", "arn:ext", DNSName="ext.elb.test"),
    "IntApiElb": live("any", "arn:int", DNSName="int.elb.test"),
    "ExternalApiTargetGroup": live("any", "arn:aext"),
    "InternalApiTargetGroup": live("any", "arn:aint"),
    "InternalServiceTargetGroup": live("any", "arn:sint"),
    "NAT": live("any", "nat-1"),
    "ExtDns": live("any", "Z1", NameServers=["ns-1.test", "ns-2.test"]),
}


def subject(
    section: OpenShift = SECTION, current: Mapping[str, Live] = NETWORK, facts: Facts = FACTS
) -> ServingSubject:
    plan = plan_of(section)
    return subject_of(plan, facts, expand(plan, facts), current)


def named(found: ServingSubject, router: str = ROUTER) -> dict[str, ClusterName]:
    return {name.id: name for name in found.names(router)}


def test_parts_are_what_takes_its_time_whether_it_is_there_or_not() -> None:
    found = [(part.logical_id, part.noun, part.live.id if part.live else "") for part in subject().parts]
    assert found == [
        ("ExtApiElb", "load balancer", "arn:ext"),
        ("IntApiElb", "load balancer", "arn:int"),
        ("NAT", "nat gateway", "nat-1"),
        ("S3Endpoint", "vpc endpoint", ""),
    ]


def test_balancers_answer_on_their_ports() -> None:
    assert subject().balancers == [
        ApiBalancer("ExtApiElb", "ext.elb.test", [6443], internal=False),
        ApiBalancer("IntApiElb", "int.elb.test", [6443, 22623], internal=True),
    ]
    classic = {
        "ExtApiClassicElb": live("any", "prod-ext", DNSName="ext.elb.test"),
        "IntApiClassicElb": live("any", "prod-int", DNSName="int.elb.test"),
    }
    old = subject(replace(SECTION, load_balancers="classic"), classic)
    assert [(each.logical_id, each.ports, each.internal) for each in old.balancers] == [
        ("ExtApiClassicElb", [6443], False),
        ("IntApiClassicElb", [6443, 22623], True),
    ]
    assert subject(current={"IntApiElb": live("any", "arn:int")}).balancers == []


def test_groups_and_machines() -> None:
    found = subject(facts=replace(FACTS, instances={"10.0.48.10": "i-1"}))
    assert [group.id for group in found.groups] == ["arn:aext", "arn:aint", "arn:sint"]
    assert found.control_plane == [Machine("10.0.48.10", "i-1"), Machine("10.0.64.10"), Machine("10.0.80.10")]
    assert found.bootstrap == Machine("10.0.48.20")
    assert subject(replace(SECTION, bootstrap=False)).bootstrap is None
    assert subject(replace(SECTION, bootstrap_address="")).bootstrap is None
    sections = [SECTION, replace(SECTION, bootstrap=False), replace(SECTION, bootstrap_address="")]
    assert [subject(each).bootstrap_is_known for each in sections] == [True, True, False]


def test_machines_that_were_found_are_those_of_the_plan() -> None:
    auto = replace(SECTION, control_plane_addresses=(), control_plane_auto=True, bootstrap_auto=True)
    machines = Machines({0: Machine("10.0.48.11", "i-5", "m0")}, Machine("10.0.48.12", "i-6"))
    found = subject(auto, facts=replace(FACTS, machines=machines))
    assert (found.control_plane, found.bootstrap) == ([Machine("10.0.48.11", "i-5")], Machine("10.0.48.12", "i-6"))


def test_names_of_a_cluster_that_the_world_reaches() -> None:
    names = named(subject())
    assert list(names) == ["api", "api-int", "apps"]
    assert (names["api"].targets, names["api"].scope) == (["ext.elb.test", "int.elb.test"], DnsView.PUBLIC)
    assert (names["api-int"].targets, names["api-int"].scope) == (["int.elb.test"], DnsView.PRIVATE)
    apps = names["apps"]
    assert (apps.name, apps.targets, apps.scope) == ("*.apps.prod.example.com", [ROUTER], DnsView.PUBLIC)
    assert apps.looked_up == "console-openshift-console.apps.prod.example.com"
    assert names["api"].looked_up == "api.prod.example.com"


def test_names_of_a_private_cluster() -> None:
    names = named(subject(replace(SECTION, publish="Internal", public_zone="none")))
    assert [(name.targets, name.scope) for name in names.values()] == [
        (["int.elb.test"], DnsView.PRIVATE),
        (["int.elb.test"], DnsView.PRIVATE),
        ([ROUTER], DnsView.PRIVATE),
    ]
    assert list(named(subject(), router="")) == ["api", "api-int"]
    assert named(subject(current={})) == {"apps": named(subject())["apps"]}


APPLY = "apply the plan, which makes the record"


@pytest.mark.parametrize(
    ("section", "api", "api_int"),
    [
        (SECTION, APPLY, APPLY),
        (replace(SECTION, public_zone="none"), "make the records of output PublicRecordsByHand", APPLY),
        (replace(SECTION, hosted_zone="none"), APPLY, "make the records of output PrivateRecordsByHand"),
        (
            replace(SECTION, publish="Internal", public_zone="none", hosted_zone="none"),
            "make the records of output PrivateRecordsByHand",
            "make the records of output PrivateRecordsByHand",
        ),
    ],
)
def test_who_makes_a_record_that_is_missing(section: OpenShift, api: str, api_int: str) -> None:
    names = named(subject(section))
    assert (names["api"].remedy, names["api-int"].remedy) == (api, api_int)


def test_who_makes_the_routers_record() -> None:
    ingress = "wait for the cluster's ingress operator, which makes it; or write appsRecord: auto, and apply"
    assert named(subject())["apps"].remedy == ingress
    auto = replace(SECTION, apps_record=ROUTER, record_type="cname")
    assert subject(auto).waits_for_apps_record
    assert named(subject(auto))["apps"].remedy == APPLY
    made = {**NETWORK, "ExternalAppsRecord": live("any", "r"), "InternalAppsRecord": live("any", "r")}
    assert not subject(auto, made).waits_for_apps_record
    one_of_two = {**NETWORK, "ExternalAppsRecord": live("any", "r")}
    assert subject(auto, one_of_two).waits_for_apps_record
    by_hand = replace(auto, public_zone="none", hosted_zone="none")
    assert named(subject(by_hand))["apps"].remedy == "make the records of output PublicRecordsByHand"


def test_which_router() -> None:
    assert subject().router == RouterNeeded("prod-x7k2p")
    assert subject(replace(SECTION, apps_record="auto")).router == RouterNeeded("prod-x7k2p")
    assert subject(replace(SECTION, apps_record=ROUTER, record_type="cname")).router == RouterNeeded(
        "prod-x7k2p", ROUTER
    )


def test_the_public_zone() -> None:
    assert subject().zone == PublicZone("Z1", "example.com", ["ns-1.test", "ns-2.test"])
    assert subject(current={}).zone is None
    unsaid = {**NETWORK, "ExtDns": live("any", "Z1")}
    assert subject(current=unsaid).zone == PublicZone("Z1", "example.com")
    assert subject(replace(SECTION, public_zone="Z2")).zone == PublicZone("Z2", "example.com")
    found = replace(FACTS, public_zone="Z3")
    assert subject(replace(SECTION, public_zone="auto"), facts=found).zone == PublicZone("Z3", "example.com")
    assert subject(replace(SECTION, public_zone="none")).zone is None
    assert subject(replace(SECTION, publish="Internal")).zone is None


def test_before_the_cluster_has_a_name_there_is_the_network_alone() -> None:
    found = subject(replace(SECTION, infra_id=""))
    assert [part.logical_id for part in found.parts] == ["NAT", "S3Endpoint"]
    assert (found.has_cluster, found.groups, found.balancers, found.names(ROUTER), found.router) == (
        False, (), (), [], None,
    )  # fmt: skip
    bare = subject_of(replace(plan_of(SECTION), openshift=None), FACTS, {}, {})
    assert bare == ServingSubject([])
    assert not bare.has_cluster
