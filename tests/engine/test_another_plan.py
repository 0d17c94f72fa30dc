"""One name, one plan: what another plan of the same name made is neither taken nor deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.engine.resources import Live, Owner, State
from tests.engine.examples import BLOCK, OUR_VPC
from tests.engine.planning import (
    GROUP,
    OWNER,
    SUBNET,
    VPC,
    done,
    live,
    made_by_us,
    planned,
    ref,
    retagged,
    tagging,
    the_work,
    wanted,
)
from tests.engine.planning import made as made_step

TEXT: Final = {"GroupDescription": "machines"}
PLAN_A: Final = wanted(Vpc=(VPC, BLOCK), Group=(GROUP, {"VpcId": ref("Vpc"), **TEXT}))
OUR_GROUP: Final = live(GROUP, "sg-1", "Group", {"VpcId": "vpc-1", **TEXT})
LIVES: Final = [OUR_VPC, OUR_GROUP]
KNOWN: Final = Memory(is_known_here=True)
UNKNOWN: Final = Memory()


def _of(id: str) -> Owner:
    return replace(OWNER, plan_id=id)


def _made_with(id: str) -> list[Live]:
    return [retagged(each, **{"ocpprov:plan-id": id}) for each in LIVES]


def test_the_plans_id_is_put_on_what_takes_fifty_tags_and_taken_off_with_its_key() -> None:
    actions = planned(PLAN_A, LIVES, KNOWN, _of("blue"))
    assert done(actions) == {"vpc-1": "update", "sg-1": "update"}
    assert tagging(actions, made_step("Vpc")) == ({"ocpprov:plan-id": "blue"}, [])
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp."})
    assert done(planned(wanted(Zone=(zone.type, {"Name": "x.corp."})), [zone], KNOWN, _of("blue"))) == {}
    assert done(planned(PLAN_A, _made_with("blue"), KNOWN, _of("blue"))) == {}


@pytest.mark.parametrize("resources", [PLAN_A, {}], ids=["apply", "destroy"])
@pytest.mark.parametrize("id", ["green", ""])
def test_another_id_is_another_plan(resources: Any, id: str) -> None:
    said = f"id: {id}" if id else "no id"
    problems = planned(resources, _made_with("blue"), KNOWN, _of(id)).problems
    if not resources and not id:
        # A destroy by name doesn't know the plan's id, and takes the only one that there is.
        assert problems == []
        return
    assert problems == [
        f"another plan has the name lab in eu-west-1: what is there was made with id: blue, and this plan has {said}; "
        "give this one another name, or the same id if it is that plan"
    ]


def test_a_destroy_by_name_refuses_where_there_are_two() -> None:
    both = [_made_with("blue")[0], _made_with("green")[1]]
    [problem] = planned({}, both, KNOWN).problems
    assert "made with id: blue, green, and this plan has no id" in problem


def test_where_nothing_of_the_plan_is_there_but_something_of_its_name_is_it_is_another() -> None:
    other = wanted(Network=(VPC, BLOCK), Machines=(GROUP, {"VpcId": ref("Network"), **TEXT}))
    [problem] = planned(other, LIVES, UNKNOWN).problems
    assert problem == (
        "another plan has the name lab in eu-west-1: AWS::EC2::VPC vpc-1 is there as Vpc, and nothing that this plan "
        "has; give this one another name, or destroy that plan first"
    )
    # One logical id in common, an id of the plan's, or a folder that knows it: it is this plan, changed.
    assert planned({**other, **wanted(Vpc=(VPC, BLOCK))}, LIVES, UNKNOWN).problems == []
    assert planned(other, _made_with("blue"), UNKNOWN, _of("blue")).problems == []
    assert planned(other, LIVES, KNOWN).problems == []
    assert planned({}, LIVES, UNKNOWN).problems == []
    # The type counts, too.
    assert len(planned(wanted(Vpc=(SUBNET, {"VpcId": "vpc-9", **BLOCK})), LIVES, UNKNOWN).problems) == 1


def _by_id(memory: Memory, owner: Owner = OWNER, lives: Sequence[Live] = LIVES, **changed: Any) -> list[str]:
    """Ids of what goes by AWS's id only."""
    plan = wanted(Vpc=(VPC, {**BLOCK, **changed}))
    return [id for action in planned(plan, lives, memory, owner).actions for id in action.guarded_ids]


def test_what_could_be_another_plans_goes_by_its_id_only() -> None:
    assert _by_id(UNKNOWN) == ["sg-1"]
    assert _by_id(UNKNOWN, CidrBlock="10.60.0.0/16") == ["vpc-1", "sg-1"]
    assert _by_id(KNOWN) == []
    assert _by_id(UNKNOWN, _of("blue")) == ["sg-1"]
    assert _by_id(UNKNOWN, _of("blue"), lives=_made_with("blue")) == []
    cluster = replace(OWNER, cluster="prod.example.com")
    assert _by_id(UNKNOWN, cluster) == ["sg-1"]
    tagged = [retagged(each, **{"ocpprov:cluster": "prod.example.com"}) for each in LIVES]
    assert _by_id(UNKNOWN, cluster, lives=tagged) == []
    # What takes no such tags is told by what the plan says of itself.
    zone = live("AWS::Route53::HostedZone", "Z1", "Zone", {"Name": "x.corp."})
    assert _by_id(UNKNOWN, lives=[OUR_VPC, zone]) == ["Z1"]
    assert _by_id(UNKNOWN, _of("blue"), lives=[OUR_VPC, zone]) == []
    assert _by_id(Memory(allowed=frozenset({"sg-1"}))) == []
    assert _by_id(made_by_us((GROUP, "sg-1"))) == []
    assert not any(action.guarded_ids for action in planned({}, LIVES, UNKNOWN).actions)
    assert the_work(planned(PLAN_A, [OUR_VPC], UNKNOWN), made_step("Group")).what == "create"


def _earlier(id: str, block: str = "10.70.0.0/16", state: State = State.READY) -> Live:
    return replace(live(VPC, id, "Vpc", {"CidrBlock": block}), state=state)


@pytest.mark.parametrize(
    ("lives", "ids"),
    [
        ([_earlier("vpc-2"), _earlier("vpc-3")], ["vpc-2", "vpc-3"]),
        # Not the one that stays, and not what is going already.
        ([OUR_VPC, _earlier("vpc-2")], ["vpc-2"]),
        ([OUR_VPC, _earlier("vpc-2", state=State.BROKEN)], ["vpc-2"]),
        ([_earlier("vpc-2", state=State.BROKEN)], ["vpc-2"]),
        ([_earlier("vpc-2", state=State.DELETING)], []),
        ([OUR_VPC, _earlier("vpc-2", state=State.DELETING)], []),
        ([OUR_VPC, replace(OUR_GROUP, state=State.DELETING)], []),
    ],
)
def test_each_that_goes_is_named_by_its_own_id(lives: Sequence[Live], ids: Sequence[str]) -> None:
    assert _by_id(UNKNOWN, lives=lives) == ids
