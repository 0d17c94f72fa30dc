"""What stands before any change, and what a refusal says, on values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.commands.apply import causes_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import clusters, guard_cluster, guard_problems, guard_protected
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, Owner, Position
from ocpprov.kinds.reads import Found
from ocpprov.plan.model import OpenShift, Plan

OWNER = Owner("a", "eu-west-1", "123456789012", "run")
SECTION = OpenShift("prod", "example.com", subnets=("subnet-1",))
PLACE = {"openshift.subnets": Position("install-config.yaml", 9, 14)}


def planned_of(*ids: str) -> PlanResult:
    actions = [Action(each, "AWS::EC2::VPC", Verb.DELETE, guarded=True) for each in ids]
    return PlanResult(Inventory(), Actions(OWNER, Graph({}, {}), actions, [], {}), Found(OWNER))


def refusal(planned: PlanResult, section: OpenShift | None) -> str:
    with pytest.raises(Refused) as caught:
        guard_protected(planned, frozenset(), "ocpprov apply", causes_of(Plan("a", "eu-west-1", openshift=section)))
    return str(caught.value)


def test_the_cause_is_told_where_the_whole_network_would_go() -> None:
    said = refusal(planned_of("EIP", "VPC"), replace(SECTION, positions=PLACE))
    assert "VPC would go because subnets in install-config.yaml:9:14 names a network that is there already" in said
    assert said.splitlines()[-1] == "  ocpprov apply --allow EIP --allow VPC"


@pytest.mark.parametrize("section", [None, OpenShift("prod", "example.com"), replace(SECTION, positions=PLACE)])
def test_no_cause_is_invented(section: OpenShift | None) -> None:
    assert "because" not in refusal(planned_of("EIP"), section)
    if section is None or not section.subnets:
        assert "because" not in refusal(planned_of("VPC"), section)


CLUSTER_OF_OURS = "ocpprov:cluster"


def of_clusters(*clusters: str) -> PlanResult:
    """What AWS has of the plan, a VPC for each of these clusters, and one of another plan."""
    owners = {"ocpprov:plan": OWNER.plan, "ocpprov:region": OWNER.region, "ocpprov:resource": "VPC"}
    lives = [
        Live("AWS::EC2::VPC", f"vpc-{number}", {}, tags={**owners, CLUSTER_OF_OURS: cluster})
        for number, cluster in enumerate(clusters)
    ]
    theirs = Live("AWS::EC2::VPC", "vpc-x", {}, tags={**owners, "ocpprov:plan": "b", CLUSTER_OF_OURS: "other.example"})
    inventory = Inventory({"AWS::EC2::VPC": [*lives, theirs]})
    return PlanResult(inventory, Actions(OWNER, Graph({}, {}), [], [], {}), Found(OWNER))


def test_only_what_is_the_plans_tells_its_clusters() -> None:
    assert clusters(of_clusters("prod.example.com", "", "prod.example.com")) == {"prod.example.com"}


@pytest.mark.parametrize(("there", "given"), [("prod.example.com", "prod.example.com"), ("", "a.b"), ("c.d", "")])
def test_the_same_cluster_or_none_is_no_obstacle(there: str, given: str) -> None:
    guard_cluster(of_clusters(there), given)


def test_another_cluster_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        guard_cluster(of_clusters("old.example.com", "b.example.com", "new.example.com"), "new.example.com")
    assert str(refused.value) == (
        "plan a in eu-west-1 has resources of cluster b.example.com, old.example.com, not of new.example.com; "
        "clusterName and baseDomain can't change: give the new cluster a plan name of its own"
    )


def test_a_plan_without_problems_passes() -> None:
    guard_problems(planned_of("VPC"))


@pytest.mark.parametrize("allowed", [frozenset({"VPC", "EIP"}), frozenset({"VPC", "EIP", "More"})])
def test_what_is_allowed_may_go(allowed: frozenset[str]) -> None:
    guard_protected(planned_of("VPC", "EIP"), allowed, "ocpprov apply")


def test_a_refusal_offers_the_whole_command_with_what_is_allowed_already() -> None:
    with pytest.raises(Refused) as refused:
        guard_protected(planned_of("VPC", "EIP"), frozenset({"EIP", "Zone"}), "ocpprov apply 'my plan.yaml'")
    assert str(refused.value) == (
        "this would replace or delete VPC, which a running cluster may depend on; if that is meant:\n"
        "  ocpprov apply 'my plan.yaml' --allow EIP --allow VPC --allow Zone"
    )


def test_what_may_be_another_plans_is_named_by_its_ids_all_of_them() -> None:
    replaced = Action("VPC", "AWS::EC2::VPC", Verb.REPLACE, "vpc-1", guarded_ids=["vpc-1", "vpc-2"])
    planned = planned_of()
    planned = replace(planned, actions=replace(planned.actions, actions=[replaced]))
    with pytest.raises(Refused) as refused:
        guard_protected(planned, frozenset({"vpc-1"}), "ocpprov apply")
    assert str(refused.value) == (
        "this would replace or delete vpc-2, which a running cluster may depend on; nobody has applied this plan from "
        "this folder, and it has no id, so that another plan of its name may have made what is named by AWS's id; if "
        "that is meant:\n  ocpprov apply --allow vpc-1 --allow vpc-2"
    )
    guard_protected(planned, frozenset({"vpc-1", "vpc-2"}), "ocpprov apply")


def test_no_command_is_offered_for_a_name_that_no_plan_gives() -> None:
    with pytest.raises(Refused) as refused:
        guard_protected(planned_of("X; rm"), frozenset(), "ocpprov apply")
    assert str(refused.value) == (
        "this would replace or delete X; rm, which a running cluster may depend on; a tag of AWS::EC2::VPC  has a name "
        "that no plan gives: find out who wrote it, and take the tags ocpprov:… off what isn't this plan's"
    )
