"""Whose an opening is, and what closes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ocpprov.checks.exposure import Belongings, Exposure, Exposures, all_of, belongings
from ocpprov.engine.actions import Actions
from ocpprov.engine.claims import UnprovenClaim
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, Position, Resource

OWNER: Final = Owner("prod", "eu-west-1", "123456789012", "run")
RULE: Final = "AWS::EC2::SecurityGroupIngress"
OURS: Final = {"ocpprov:plan": "prod", "ocpprov:region": "eu-west-1", "ocpprov:resource": "X"}


def rule(id: str, tags: Mapping[str, str] | None = None) -> Live:
    return Live(RULE, id, {}, tags=tags or {})


def test_what_carries_the_plans_tags_and_has_no_place_in_it_was_the_plans_unless_nothing_proves_that() -> None:
    now, before, claimed, others = rule("sgr-1", OURS), rule("sgr-2", OURS), rule("sgr-3", OURS), rule("sgr-4")
    resources = {"Ssh": Resource("Ssh", RULE, position=Position("prod.yaml", 41, 3))}
    actions = Actions(
        OWNER, Graph(resources, {}), [], [], {"Ssh": now}, unproven=[UnprovenClaim(claimed, "nothing shows it")]
    )
    whose = belongings(actions, Inventory({RULE: [now, before, claimed, others]}), "ocpprov apply prod.yaml")
    assert whose == Belongings(
        "eu-west-1",
        "123456789012",
        "ocpprov apply prod.yaml",
        {(RULE, "sgr-1"): "Ssh"},
        resources,
        frozenset({(RULE, "sgr-2")}),
    )
    assert [whose.origin(RULE, f"sgr-{number}") for number in (1, 2, 3, 4)] == [
        "by the plan (prod.yaml:41:3)",
        "no longer in the plan",
        "not of this plan: sgr-3",
        "not of this plan: sgr-4",
    ]
    assert [whose.remedy(RULE, f"sgr-{number}", "ec2", "revoke", "a b") for number in (1, 2, 4)] == [
        "take it out of the plan (prod.yaml:41:3), and ocpprov apply prod.yaml",
        "ocpprov apply prod.yaml",
        "aws ec2 revoke --region eu-west-1 'a b'",
    ]


def test_what_a_living_cluster_has_made_says_so() -> None:
    group = "AWS::EC2::SecurityGroup"
    lives = [
        Live(group, "sg-1", {}, tags={"kubernetes.io/cluster/prod-x": "owned"}),
        Live(group, "sg-2", {}, tags={"kubernetes.io/cluster/prod-x": "shared"}),
        Live(group, "sg-3", {}, tags={"kubernetes.io/cluster/other": "owned"}),
        Live(group, "sg-4", {}, tags={"kubernetes.io/cluster/": "owned"}),
        Live(RULE, "sgr-1", {"Description": "kubernetes.io/rule/nlb/client=a1b2"}),
        Live(RULE, "sgr-2", {"Description": "for kubernetes.io/rule/nlb/"}),
    ]
    lives.append(Live(group, "sg-own", {}, tags={"kubernetes.io/cluster/prod-x": "owned"}))
    by_type = {type: [live for live in lives if live.type == type] for type in (group, RULE)}
    actions = Actions(OWNER, Graph({}, {}), [], [], {"Own": lives[-1]})
    named = belongings(actions, Inventory(by_type), "ocpprov apply", "prod-x").of_cluster
    nameless = belongings(actions, Inventory(by_type), "ocpprov apply").of_cluster
    assert sorted(named) == [(group, "sg-1"), (RULE, "sgr-1")]
    assert sorted(nameless) == [(RULE, "sgr-1")]


def test_without_a_plan_nothing_says_whose_a_thing_is() -> None:
    whose = Belongings("eu-west-1", "123456789012", "", plan_known=False)
    assert (whose.origin(RULE, "sgr-1"), whose.remedy(RULE, "sgr-1", "ec2", "x")) == (
        "by sgr-1",
        "aws ec2 x --region eu-west-1",
    )


def test_what_the_openshift_section_makes_has_no_line() -> None:
    whose = Belongings("eu-west-1", "123456789012", "ocpprov apply", {(RULE, "sgr-1"): "MasterIngressEtcd"})
    assert whose.origin(RULE, "sgr-1") == "by the plan"
    assert whose.remedy(RULE, "sgr-1") == "take it out of the plan, and ocpprov apply"
    assert (whose.is_required(RULE, "sgr-1"), whose.is_required(RULE, "sgr-2")) == (True, False)
    assert (whose.logical_id(RULE, "sgr-1"), whose.logical_id("AWS::EC2::VPC", "sgr-1")) == ("MasterIngressEtcd", "")


def test_everything_is_told_once() -> None:
    one = Exposure("sg-1", "", "tcp 22 from anywhere", "x to y", "", "not of this plan: sgr-1", "aws …")
    two = Exposure("sg-2", "", "tcp 22 from anywhere", "x to y", "", "not of this plan: sgr-1", "aws …")
    found = all_of([Exposures([one], ["a"], ["b"]), Exposures([two, one], ["a", "c"], ["b"])])
    assert found == Exposures([one, two], ["a", "c"], ["b"])


def test_openings_are_documents() -> None:
    one = Exposure("sg-1", "Group", "tcp 22 from anywhere", "x to y", "nothing", "by the plan", "close it")
    assert Exposures([one], ["known"], ["unread"]).document() == {
        "exposures": [
            {
                "component": "sg-1",
                "resource": "Group",
                "allows": "tcp 22 from anywhere",
                "exposed": "x to y",
                "needed": "nothing",
                "origin": "by the plan",
                "remedy": "close it",
            }
        ],
        "knownOpenings": ["known"],
        "notJudged": ["unread"],
    }
