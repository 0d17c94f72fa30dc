"""Rules that hold for every type of the registry: for each property and tag, for all that is made and destroyed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.drift import changes_in_place
from ocpprov.engine.graph import build
from ocpprov.engine.kind_facts import Identity, ListRule, NotCompared, Property
from ocpprov.engine.ownership import BOUND, PLAN, RESOURCE
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live
from ocpprov.engine.shared_lists import items_of, with_items
from ocpprov.engine.steps import DeleteStep
from ocpprov.engine.values import Ref, Unknown
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from tests.engine.one_of_each import RESOURCES, Change, another, applied, graph_of, there
from tests.engine.planning import (
    OWNER,
    changes_of,
    comes_first,
    current,
    done,
    gone,
    inventory,
    made,
    retagged,
    sends,
    tagging,
    the_work,
    untagged,
)

SOME: Final[Mapping[str, Any]] = {
    "string": ("wanted", "another"),
    "integer": (7, 8),
    "number": (7, 8),
    "boolean": (True, False),
    "list": (["wanted"], ["another"]),
    "map": ({"a": "1"}, {"a": "2"}),
    "object": ({"a": "1"}, {"a": "2"}),
    "json": ({"Statement": [{"Sid": "wanted"}]}, {"Statement": [{"Sid": "another"}]}),
}
"""What is wanted and something else, for each sort of property."""
RULES: Final[Any] = ({"Rules": [{"Id": "wanted"}]}, {"Rules": [{"Id": "another"}]})
"""The same of an object to whose rules others may add."""
IN_PLACE: Final = [
    pytest.param(kind, row, id=f"{kind.type}.{row.name}")
    for kind in KINDS.values()
    for row in kind.properties
    if not row.create_only and row.compared and row.name != kind.tags_property
]
LEFT_ALONE: Final = [
    pytest.param(kind, row, id=f"{kind.type}.{row.name}")
    for kind in KINDS.values()
    for row in kind.properties
    if not row.compared or (row.name == kind.tags_property and not row.create_only)
]
TAGGED: Final = {name for name, (type, _) in RESOURCES.items() if KINDS[type].identity is Identity.TAGS}


def _changes(kind: Kind, row: Property, wanted: Mapping[str, Any], live: Mapping[str, Any]) -> list[Any]:
    """From what to what a property is changed; none or one."""
    found = changes_in_place(kind, wanted, Live(kind.type, "x", live), ())
    return [(each.before, each.after) for each in found.changes if each.property == row.name]


@pytest.mark.parametrize(("kind", "row"), IN_PLACE)
def test_a_property_that_can_be_changed_is_set_to_what_the_plan_says(kind: Kind, row: Property) -> None:
    shared = row.list_rule is ListRule.CONTAINS
    name, (wanted, other) = row.name, RULES if shared and row.type == "object" else SOME[row.type]
    default = None if isinstance(row.default, NotCompared) else row.default
    beside = with_items(wanted, items_of(other)) if shared else wanted
    assert _changes(kind, row, {name: wanted}, {name: other}) == [(other, beside)]
    assert _changes(kind, row, {name: wanted}, {name: wanted}) == []
    # What an answer doesn't say is a difference only where AWS says something by leaving it out.
    tells = row.may_be_absent and wanted != default
    assert _changes(kind, row, {name: wanted}, {}) == ([(default, wanted)] if tells else [])
    # What the plan doesn't say means the default, and is nobody's business where there is none.
    differs = default is not None and other != default and not shared
    assert _changes(kind, row, {}, {name: other}) == ([(other, default)] if differs else [])
    assert len(_changes(kind, row, {name: Unknown(Ref("Other"))}, {name: wanted})) == 1


@pytest.mark.parametrize(("kind", "row"), LEFT_ALONE)
def test_what_is_not_compared_and_tags_are_no_change_in_place(kind: Kind, row: Property) -> None:
    wanted, other = SOME[row.type]
    assert _changes(kind, row, {row.name: wanted}, {row.name: other}) == []


def _changed_in_place() -> Iterator[Change]:
    """Each property of the plan that can be changed, with another value of its own sort."""
    for name, (type, properties) in RESOURCES.items():
        for row in KINDS[type].properties:
            value = another(row, properties.get(row.name)) if row.name in properties else None
            if not row.create_only and row.compared and value is not None:
                yield Change(name, row.name, value)


@pytest.mark.parametrize("change", list(_changed_in_place()), ids=str)
def test_one_changed_property_is_one_update_and_nothing_else(change: Change) -> None:
    actions = plan(graph_of({change.name: {change.property: change.value}}), there(), OWNER, KINDS)
    assert [(each.resource, each.verb.value) for each in actions.changes] == [(change.name, "update")]
    says_what_it_is = [f"Tags.{BOUND}"] if change.property in KINDS[RESOURCES[change.name][0]].bound_by else []
    assert list(changes_of(actions, change.name)) == [change.property, *says_what_it_is]
    assert list(the_work(actions, made(change.name)).sets) == [change.property]


USERS: Final = replace(OWNER, user_tags={"cost": "4711"})


def _only(action: Verb, actions: Actions) -> set[str]:
    """The logical ids of all that is done, which is the same to each."""
    assert {each.verb for each in actions.changes} <= {action}
    return {each.resource for each in actions.changes}


def test_a_users_tag_comes_to_everything_that_takes_tags() -> None:
    actions = plan(graph_of(), there(), USERS, KINDS)
    assert _only(Verb.UPDATE, actions) == TAGGED
    for name in TAGGED:
        changes = changes_of(actions, name)
        assert changes.pop("Tags.cost") == (None, "4711")
        assert set(changes) == {"Tags.ocpprov:tags"}
        assert list(the_work(actions, made(name)).sets) == []


def test_and_goes_from_it() -> None:
    actions = plan(graph_of(), applied(graph_of(), USERS), OWNER, KINDS)
    assert _only(Verb.UPDATE, actions) == TAGGED
    for name in TAGGED:
        assert changes_of(actions, name)["Tags.cost"] == ("4711", None)
        assert "cost" in tagging(actions, made(name))[1]


def test_a_tag_of_others_is_said_of_each_and_stays() -> None:
    tagged = inventory(*(retagged(each, theirs="x") if each.tags else each for each in there()))
    actions = plan(graph_of(), tagged, OWNER, KINDS)
    assert _only(Verb.KEEP, actions) == set()
    said = {(each.resource, each.what) for each in actions.others}
    assert said == {(name, "tag theirs") for name in {*TAGGED, "Rule"}}


@pytest.mark.parametrize("key", [PLAN, RESOURCE])
def test_a_tag_of_ours_that_was_taken_from_all_of_one_type_comes_back(key: str) -> None:
    for type in sorted({RESOURCES[name][0] for name in TAGGED}):
        names = [name for name in TAGGED if RESOURCES[name][0] == type]
        if len(names) > 1:
            continue
        stripped = inventory(*(untagged(each, key) if each.type == type else each for each in there()))
        actions = plan(graph_of(), stripped, OWNER, KINDS)
        assert _only(Verb.ADOPT, actions) == set(names), type


_SOME_NAMES = st.sets(st.sampled_from(sorted(RESOURCES)), min_size=1, max_size=8)


def _with_needs(names: Iterable[str]) -> set[str]:
    """These, and all that they refer to."""
    graph, found, stack = graph_of(), set[str](), [*names]
    while stack:
        name = stack.pop()
        parts = [each for each in graph.resources if name in (each, graph.resources[each].parent)]
        needs = {need for part in parts for need in graph.needs[part]} - found - {name}
        found |= {name}
        stack += needs
    return {name for name in found if name in RESOURCES}


@settings(max_examples=20, deadline=None)
@given(_SOME_NAMES)
def test_what_was_just_made_needs_nothing_more(names: set[str]) -> None:
    graph = graph_of(only=_with_needs(names))
    actions = plan(graph, applied(graph), OWNER, KINDS)
    assert (sends(actions), actions.problems, actions.others) == ([], [], [])
    assert set(current(actions)) == set(graph.resources)


@settings(max_examples=20, deadline=None)
@given(_SOME_NAMES)
def test_what_is_made_comes_after_all_that_it_needs(names: set[str]) -> None:
    graph = graph_of(only=_with_needs(names))
    actions = plan(graph, inventory(), OWNER, KINDS)
    assert sends(actions) == sorted(f"create {name}" for name in graph.resources)
    for name, needs in graph.needs.items():
        assert all(comes_first(actions, made(need), made(name)) for need in needs)
    seconds_to_the_end({each.name: each for each in actions.steps}, dependents_of(actions.steps))


@settings(max_examples=20, deadline=None)
@given(_SOME_NAMES)
def test_a_destroy_deletes_each_once_and_nobody_before_what_holds_it(names: set[str]) -> None:
    graph = graph_of(only=_with_needs(names))
    lives = applied(graph)
    actions = plan(build({}, KINDS), lives, OWNER, KINDS)
    deleted = [(each.type, each.id) for each in actions.actions]
    assert len(deleted) == len(set(deleted))
    along = {(each.type, each.id) for each in lives if KINDS[each.type].goes_with_parent or each.service_owned}
    assert {(each.type, each.id) for each in lives} - along <= set(deleted)
    assert set(done(actions).values()) == {"delete"}
    deletes = {(step.type, step.live.id): step for step in actions.steps if isinstance(step, DeleteStep)}
    for holder in lives:
        for id in KINDS[holder.type].references(holder):
            held = [each for each in lives if each.id == id and (each.type, each.id) in deleted and each is not holder]
            if held and (holder.type, holder.id) in deleted:
                order = (gone(holder.id, holder.type), gone(id, held[0].type))
                # What goes along with what it is in is gone when that is.
                is_along = deletes[holder.type, holder.id].along == deletes[held[0].type, id].name
                assert comes_first(actions, *(reversed(order) if is_along else order))
    seconds_to_the_end({each.name: each for each in actions.steps}, dependents_of(actions.steps))
