"""What a refusal says of protected things that would go, on values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.commands.apply import causes_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import guard_protected
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Owner, Position
from ocpprov.kinds.contract import Found
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
