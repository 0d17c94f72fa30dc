"""What has to go before its successor can be there, and who of ours holds on to it: every pair of types, on values.

Each property that can't be changed in place is changed in a plan that has one of everything. However the steps are
ordered then: nothing is deleted while somebody holds it, and nothing is made while its name or place is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value
from ocpprov.kinds.registry import KINDS
from tests.engine.judging import wrong
from tests.engine.one_of_each import RESOURCES, Change, create_only_changes, graph_of, there
from tests.engine.planning import OWNER

CHANGES: Final = list(create_only_changes())


def _planned(changes: Sequence[Change]) -> tuple[Inventory, Actions]:
    inventory = there()
    changed: dict[str, dict[str, Value]] = {}
    for change in changes:
        changed.setdefault(change.name, {})[change.property] = change.value
    return inventory, plan(graph_of(changed), inventory, OWNER, KINDS)


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
    assert list(wrong(inventory, actions)) == []
    assert list(actions.problems) == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=4, unique_by=str))
def test_nor_where_several_change_at_once(changes: Sequence[Change]) -> None:
    inventory, actions = _planned(changes)
    assert list(wrong(inventory, actions)) == []


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
    assert tagged - {type for type, _ in RESOURCES.values()} == set()
