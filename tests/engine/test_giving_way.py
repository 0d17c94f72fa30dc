"""What has to go before its successor can be there, and who of ours holds on to it: every pair of types, on values.

Each property that can't be changed in place is changed in a plan that has one of everything. However the steps are
ordered then: nothing is deleted while somebody holds it, and nothing is made while its name or place is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.unique_keys import clash
from ocpprov.engine.values import GetAtt, Ref, Value, resolve_properties
from ocpprov.kinds.registry import KINDS
from tests.engine.one_of_each import RESOURCES, Change, create_only_changes, graph_of, there
from tests.engine.planning import OWNER, Work, before, work

LETS_GO: Final = ("AWS::EC2::Route",)
"""Types that AWS doesn't ask: a route to what is gone goes nowhere."""


def _taken(one: Live, other: Mapping[str, Value]) -> bool:
    kind = KINDS[one.type]
    return any(clash(key, own) for key in kind.unique(other) for own in kind.unique(one.properties))


CHANGES: Final = list(create_only_changes())


def _planned(changes: Sequence[Change]) -> tuple[Inventory, Actions]:
    inventory = there()
    changed: dict[str, dict[str, Value]] = {}
    for change in changes:
        changed.setdefault(change.name, {})[change.property] = change.value
    return inventory, plan(graph_of(changed), inventory, OWNER, KINDS)


def _without(work: Work, live: Live) -> Live:
    """A live resource after a step: without what it lets go of; what it then gets is new."""
    if work.what == "let go":
        return replace(live, properties={**live.properties, **work.rest})
    properties = {name: value for name, value in live.properties.items() if name not in work.sets}
    return replace(live, properties={**properties, **dict.fromkeys(work.sets, ())})


def _held_by(live: Live, done: Sequence[Work], inventory: Inventory) -> Iterator[str]:
    """Who holds it when these steps are done."""
    gone = {each.live.id for each in done if each.live is not None and each.what == "delete"}
    for holder in inventory:
        kind = KINDS[holder.type]
        goes_along = kind.goes_with_parent and holder.properties.get(kind.parent_property) in {live.id, *gone}
        if holder is live or goes_along or holder.type in LETS_GO:
            continue
        theirs = [each for each in done if each.live is not None and _same(each.live, holder)]
        if any(each.what == "delete" for each in theirs):
            continue
        left = holder
        for each in sorted(theirs, key=lambda each: each.what != "let go"):
            left = _without(each, left)
        if live.id in kind.references(left):
            yield f"{holder.type} {holder.id}"


def _same(one: Live, other: Live) -> bool:
    return (one.type, one.id) == (other.type, other.id)


def _wrong(inventory: Inventory, actions: Actions) -> Iterator[str]:
    """What AWS would refuse in some order that the steps allow."""
    steps = {each.step: each for each in work(actions)}
    seconds_to_the_end({each.name: each for each in actions.steps}, dependents_of(actions.steps))
    replaced = {action.resource for action in actions.actions if action.verb is Verb.REPLACE}
    for each in steps.values():
        done = [steps[name] for name in before(actions, each) if name in steps]
        if each.what == "delete" and each.live is not None:
            yield from (f"{each.step} while {who} holds it" for who in _held_by(each.live, done, inventory))
        if each.what == "create" and each.name in replaced and each.resource is not None:
            deleted = {(other.type, other.live.id) for other in done if other.what == "delete" and other.live}
            for live in inventory.of(each.type):
                taken = _taken(live, _known(each.resource, inventory, replaced))
                if taken and (live.type, live.id) not in deleted:
                    yield f"{each.step} while {live.id} has its place"


def _known(resource: Resource, inventory: Inventory, replaced: Collection[str]) -> Mapping[str, Value]:
    """The properties of what is to be made, with the ids of what stays and new ones of the rest."""
    ids = {live.tags.get(RESOURCE): live.id for live in inventory}

    def lookup(reference: Ref | GetAtt) -> Value:
        new = reference.logical_id in replaced
        return f"new-{reference.logical_id}" if new else ids[reference.logical_id]

    return KINDS[resource.type].normalise(resolve_properties(resource.properties, lookup))


def test_what_was_applied_has_nothing_to_do() -> None:
    actions = plan(graph_of(), there(), OWNER, KINDS)
    assert [(action.resource, action.changes) for action in actions.changes] == []


@pytest.mark.parametrize("change", CHANGES, ids=map(str, CHANGES))
def test_nothing_is_deleted_while_ours_holds_it(change: Change) -> None:
    inventory, actions = _planned([change])
    replaced = {action.resource for action in actions.actions if action.verb is Verb.REPLACE}
    assert change.name in replaced
    # Only what is protected has to be allowed by name, and nothing else than a replacement.
    protected = {name for name in replaced if KINDS[RESOURCES[name][0]].protected}
    assert {action.resource for action in actions.actions if action.guarded} == protected
    assert list(_wrong(inventory, actions)) == []
    assert list(actions.problems) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=4, unique_by=str))
def test_nor_where_several_change_at_once(changes: Sequence[Change]) -> None:
    inventory, actions = _planned(changes)
    assert list(_wrong(inventory, actions)) == []


@pytest.mark.parametrize("property", ["Subnets", "SubnetMappings"])
@pytest.mark.parametrize(("vpc", "verb"), [("id-of-Vpc", Verb.UPDATE), ("vpc-theirs", Verb.REPLACE)])
def test_a_balancer_moves_within_its_vpc_and_is_made_anew_in_another(property: str, vpc: str, verb: Verb) -> None:
    subnet = Live("AWS::EC2::Subnet", "subnet-theirs", {"VpcId": vpc, "CidrBlock": "10.0.9.0/24"})
    inventory = there()
    inventory = Inventory({**inventory.lives, subnet.type: [*inventory.of(subnet.type), subnet]})
    subnets: dict[str, tuple[str, Value]] = {
        "Subnets": ("Balancer", subnet.id),
        "SubnetMappings": ("Mapped", {"SubnetId": subnet.id}),
    }
    name, value = subnets[property]
    actions = plan(graph_of({name: {property: [value]}}), inventory, OWNER, KINDS)
    [action] = [action for action in actions.actions if action.resource == name]
    assert (action.verb, action.guarded) == (verb, verb is Verb.REPLACE)


def test_every_type_with_tags_of_its_own_is_among_them() -> None:
    tagged = {name for name, kind in KINDS.items() if kind.identity is Identity.TAGS}
    assert tagged - {type for type, _ in RESOURCES.values()} == {"Ocpprov::S3::Object"}
