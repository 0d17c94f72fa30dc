"""What has a name or place that AWS gives once, and what is to have it next: every pair of a type that has one and a
type that refers to it, on values.

The one that has it may be replaced, taken out of the plan, or given another name; whoever refers to it may have been
decided before that is known, and may itself only be changed. However the steps are ordered then: nothing is deleted
while somebody of ours holds it, and nothing is made or changed while its name or place is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import ON_DELETE, RESOURCE
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref, Value, references, substitute
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import ENDPOINT
from tests.engine.judging import wrong
from tests.engine.one_of_each import RESOURCES, another, there
from tests.engine.planning import (
    GROUP,
    OWNER,
    comes_first,
    done,
    gone,
    in_any_order,
    live,
    made,
    planned,
    retagged,
    sends,
    wanted,
)

Properties = Mapping[str, Value]


def named() -> Iterator[str]:
    """What has a name or place that AWS gives once, by logical id."""
    for there_is in (each for lives in there().lives.values() for each in lives):
        kind = KINDS[there_is.type]
        if kind.identity is Identity.TAGS and kind.unique(there_is.properties):
            yield there_is.tags[RESOURCE]


def holders(name: str) -> list[str]:
    """Who refers to it, by logical id."""
    return [
        other
        for other, (_, properties) in RESOURCES.items()
        if any(each.logical_id == name for each in references(properties))
    ]


PAIRS: Final = [(name, holder) for name in named() for holder in holders(name)]


def renamed(name: str, new: str, properties: Properties) -> dict[str, Any]:
    """The properties, with references to another logical id."""
    found = {
        each: type(each)(new, each.attribute) if not isinstance(each, Ref) else Ref(new)
        for each in references(properties)
        if each.logical_id == name
    }
    return {key: substitute(value, found) for key, value in properties.items()}


def elsewhere(name: str) -> dict[str, Any]:
    """Its properties, with another name or place."""
    type, properties = RESOURCES[name]
    kind = KINDS[type]
    own = kind.unique(kind.normalise(properties))
    for row in kind.properties:
        value = another(row, properties.get(row.name))
        if row.name in properties and value is not None:
            changed = {**properties, row.name: value}
            if not {*own} & {*kind.unique(kind.normalise(changed))}:
                return changed
    return {}


@dataclass(frozen=True)
class Edit:
    """A plan that was edited: `after` says of logical ids which others they depend on beside what they refer to, so
    that they are decided later."""

    resources: Mapping[str, tuple[str, Mapping[str, Any]]]
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def judged(self) -> list[str]:
        """What AWS would refuse."""
        resources = {
            name: Resource(name, type, properties, self.after.get(name, ()))
            for name, (type, properties) in self.resources.items()
        }
        inventory: Inventory = there()
        actions = plan(build(resources, KINDS), inventory, OWNER, KINDS)
        return [*wrong(inventory, actions), *actions.problems]


def with_new_logical_id(name: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """The plan, in which one resource is called `New` and everybody refers to that."""
    return {
        "New" if other == name else other: (type, renamed(name, "New", properties))
        for other, (type, properties) in RESOURCES.items()
    }


@pytest.mark.parametrize("name", list(named()))
@pytest.mark.parametrize("last", [False, True], ids=["first", "last"])
def test_a_resource_of_another_logical_id_takes_the_name_over(name: str, last: bool) -> None:
    resources = with_new_logical_id(name)
    new = resources.pop("New")
    ordered = {**resources, "New": new} if last else {"New": new, **resources}
    assert Edit(ordered).judged() == []


MOVABLE: Final = [(name, holder) for name, holder in PAIRS if elsewhere(name)]


@pytest.mark.parametrize(("name", "holder"), MOVABLE, ids=["-".join(pair) for pair in MOVABLE])
def test_one_takes_the_name_of_another_that_gets_a_new_one(name: str, holder: str) -> None:
    """The holder refers to the new one, and may be decided before anybody knows that the old one goes first."""
    type, properties = RESOURCES[name]
    resources = dict(RESOURCES)
    resources[name] = (type, elsewhere(name))
    resources["New"] = (type, properties)
    resources[holder] = (RESOURCES[holder][0], renamed(name, "New", RESOURCES[holder][1]))
    for late in ((), (holder,)):
        assert Edit(resources, {name: late}).judged() == []


SWAPPED: Final = (
    ("Targets", "Spare", "Name"),
    ("Group", "Peers", "GroupName"),
    ("Managed", "Boundary", "ManagedPolicyName"),
    ("One", "Two", "CidrBlock"),
    ("Balancer", "Single", "Name"),
)


@pytest.mark.parametrize(("one", "other", "property"), SWAPPED, ids=[one for one, _, _ in SWAPPED])
@pytest.mark.parametrize("late", [False, True], ids=["as they come", "the second late"])
def test_two_swap_their_names(one: str, other: str, property: str, late: bool) -> None:
    resources = dict(RESOURCES)
    for name, giver in ((one, other), (other, one)):
        type, properties = RESOURCES[name]
        resources[name] = (type, {**properties, property: RESOURCES[giver][1][property]})
    free = [name for name in holders(one) if name not in holders(other)] if late else []
    assert Edit(resources, {other: tuple(free)}).judged() == []


def test_what_is_only_changed_waits_for_the_place_that_it_gets() -> None:
    """A gateway takes a table over from one that the plan no longer has."""
    service = {"ServiceName": "com.amazonaws.eu-west-1.s3", "VpcEndpointType": "Gateway", "VpcId": "vpc-1"}
    lives = [
        live(ENDPOINT, "vpce-1", "Old", {**service, "RouteTableIds": ["rtb-1"]}),
        live(ENDPOINT, "vpce-2", "Kept", {**service, "RouteTableIds": ["rtb-2"]}),
    ]
    kept = wanted(Kept=(ENDPOINT, {**service, "RouteTableIds": ["rtb-1", "rtb-2"]}))
    actions = planned(kept, lives)
    assert done(actions) == {"vpce-1": "delete", "vpce-2": "update"}
    assert comes_first(actions, gone("vpce-1"), made("Kept"))
    apart = wanted(Kept=(ENDPOINT, {**service, "RouteTableIds": ["rtb-2", "rtb-3"]}))
    assert in_any_order(planned(apart, lives), gone("vpce-1"), made("Kept"))


def test_what_is_retained_gives_no_name_away() -> None:
    """It stays, so nobody lets go of it for the sake of what can't be made anyway."""
    plain = {"GroupName": "n", "GroupDescription": "d", "VpcId": "vpc-1"}
    retained = retagged(live(GROUP, "sg-1", "Old", plain), **{ON_DELETE: "retain"})
    peer = live(ENDPOINT, "vpce-1", "Peer", {"VpcId": "vpc-1", "ServiceName": "x", "SecurityGroupIds": ["sg-1"]})
    plan = wanted(
        New=(GROUP, plain),
        Peer=(ENDPOINT, {"VpcId": "vpc-1", "ServiceName": "x", "SecurityGroupIds": [GetAtt("New", "GroupId")]}),
    )
    assert "let go Peer" not in sends(planned(plan, [retained, peer]))
    let_go = sends(planned(plan, [retagged(retained, **{ON_DELETE: ""}), peer]))
    assert {"let go Peer", "delete sg-1", "create New", "update Peer"} <= set(let_go)
