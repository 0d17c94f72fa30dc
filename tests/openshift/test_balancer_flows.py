"""The flows by the API's load balancers: classic ones, and listeners that aren't the plan's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids, placeholder_facts
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.matrix_row import MatrixRow
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.openshift.terrain_building import live_terrain, planned_terrain
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.reachability.from_resources import planned_network
from ocpprov.reachability.verdict import Answer
from tests.openshift.test_port_matrix import PLANS, failing, planned

ELBV2: Final = "AWS::ElasticLoadBalancingV2"


@cache
def classic() -> tuple[Layout, Mapping[str, Resource]]:
    """`single-zone.yaml` with classic load balancers."""
    inputs = Inputs(KINDS, base=PLANS, openshift_ids=logical_ids, rules=resource_problems)
    plan = load_file(PLANS / "single-zone.yaml", inputs)
    assert plan.openshift
    plan = replace(plan, openshift=replace(plan.openshift, load_balancers="classic"))
    assert plan.openshift
    facts = placeholder_facts(plan)
    resources = build({**expand(plan, facts), **plan.resources}, KINDS).resources
    return layout_of(plan.openshift, plan.region, facts), resources


def rows(resources: Mapping[str, Resource]) -> Sequence[MatrixRow]:
    return port_matrix(planned_terrain(classic()[0], resources.values()))


def of(found: Sequence[MatrixRow], *requirements: str) -> list[tuple[str, ...]]:
    return [
        (row.requirement, row.source, row.target, row.ports, str(row.answer), *([] if row.wanted else ["unwanted"]))
        for row in found
        if row.requirement in requirements
    ]


def test_everything_arrives_by_classic_balancers() -> None:
    found = rows(classic()[1])
    assert [row for row in found if row.answer is not Answer.YES] == []
    assert of(found, "LB-REACH", "LB-HEALTH") == [
        ("LB-REACH", "control plane", "IntApiClassicElb", "6443", "yes"),
        ("LB-REACH", "compute", "IntApiClassicElb", "6443", "yes"),
        ("LB-REACH", "bootstrap", "IntApiClassicElb", "6443", "yes"),
        ("LB-REACH", "machine network", "IntApiClassicElb", "6443", "yes"),
        ("LB-REACH", "control plane", "IntApiClassicElb", "22623", "yes"),
        ("LB-REACH", "compute", "IntApiClassicElb", "22623", "yes"),
        ("LB-REACH", "bootstrap", "IntApiClassicElb", "22623", "yes"),
        ("LB-REACH", "internet", "ExtApiClassicElb", "6443", "yes"),
        ("LB-REACH", "internet", "ExtApiClassicElb", "22623", "yes", "unwanted"),
        ("LB-HEALTH", "IntApiClassicElb", "control plane", "6443", "yes"),
        ("LB-HEALTH", "ExtApiClassicElb", "control plane", "6443", "yes"),
    ]


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("ExtApiElbSecurityGroup/ingress tcp 6443 0.0.0.0/0", {"LB-REACH": {"ExtApiElbSecurityGroup"}}),
        ("IntApiElbSecurityGroup/ingress tcp 22623 10.0.0.0/16", {"LB-REACH": {"IntApiElbSecurityGroup"}}),
        (
            "MasterSecurityGroup/ingress tcp 6443 10.0.0.0/16",
            {row: {"MasterSecurityGroup"} for row in ("LB-REACH", "LB-HEALTH", "SG-MASTER")},
        ),
        ("MasterSecurityGroup/ingress tcp 22623 10.0.0.0/16", {"LB-REACH": {"MasterSecurityGroup"}}),
    ],
)
def test_a_rule_of_a_classic_balancer_is_missed_by_its_row(gone: str, expected: Mapping[str, set[str]]) -> None:
    resources = classic()[1]
    assert gone in resources, sorted(resources)
    assert failing(rows({id: each for id, each in resources.items() if id != gone})) == expected


def test_machine_configurations_on_a_classic_external_balancer_fail_their_row() -> None:
    resources = classic()[1]
    external = resources["ExtApiClassicElb"]
    both = replace(
        external,
        properties={**external.properties, "Listeners": resources["IntApiClassicElb"].properties["Listeners"]},
    )
    # Its group admits 6443 alone.
    assert failing(rows({**resources, "ExtApiClassicElb": both})) == {}
    group = resources["ExtApiElbSecurityGroup/ingress tcp 6443 0.0.0.0/0"]
    wide = replace(group, properties={**group.properties, "ToPort": 22623})
    found = rows({**resources, "ExtApiClassicElb": both, group.logical_id: wide})
    assert [(row.name, row.by) for row in found if row.answer is Answer.NO] == [
        ("machine configurations", ("ExtApiClassicElb's listener 22623",))
    ]


def live(strange: Sequence[Live], **properties: Any) -> Sequence[MatrixRow]:
    """The flows of an applied plan, and things of somebody else's."""
    layout, resources = planned("single-zone.yaml")
    current = {
        id: Live(each.type, each.logical_id, {**each.properties, **properties.get(id, {})})
        for id, each in resources.items()
    }
    return port_matrix(live_terrain(layout, planned_network(resources.values()), current, strange))


def listener(port: int, group: str, balancer: str = "ExtApiElb") -> Live:
    action = {"Type": "forward", "TargetGroupArn": group}
    return Live(
        f"{ELBV2}::Listener",
        f"arn:listener-{port}",
        {"LoadBalancerArn": Ref(balancer), "Port": port, "DefaultActions": [action]},
    )


THEIRS: Final = Live(f"{ELBV2}::TargetGroup", "arn:theirs", {"Port": 22623, "TargetType": "ip", "Protocol": "TCP"})


def stopped(found: Sequence[MatrixRow]) -> list[tuple[str, str, tuple[str, ...]]]:
    answers = [row for row in found if row.requirement in ("LB-REACH", "LB-HEALTH") and row.answer is not Answer.YES]
    return [(row.name, str(row.answer), tuple(row.by)) for row in answers]


def test_nothing_is_wrong_with_what_is_the_plans_alone() -> None:
    assert stopped(live([])) == []


@pytest.mark.parametrize("group", ["arn:theirs", "arn:of-another-region", "InternalServiceTargetGroup"])
def test_somebody_elses_listener_for_machine_configurations_is_named_whoever_is_behind_it(group: str) -> None:
    by = ("arn:listener-22623 (not of this plan)",)
    assert stopped(live([THEIRS, listener(22623, group)])) == [("machine configurations", "no", by)]


def test_somebody_elses_other_listeners_are_no_matter_of_the_clusters() -> None:
    assert stopped(live([THEIRS, listener(8443, "arn:theirs"), listener(80, "arn:theirs", "IntApiElb")])) == []


def test_an_own_listener_that_leads_to_somebody_elses_group_is_not_judged_by_the_control_plane() -> None:
    away = {"DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:theirs"}]}
    found = live([THEIRS], ExternalApiListener=away)
    assert stopped(found) == [("API", "unknown", ()), ("health checks", "unknown", ())]
    unread = {str(each) for row in found if row.requirement.startswith("LB-") for each in row.verdict.unread}
    assert unread == {"targets of arn:theirs"}
