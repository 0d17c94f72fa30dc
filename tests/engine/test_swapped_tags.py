"""Tags that are copied or exchanged among a plan's own things: what the journal knows keeps its name and gets its tags
back; what nobody knows is listed. Nothing is replaced or deleted for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import pytest

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.claims import named
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import BOUND, ON_DELETE, ON_DELETE_RETAIN, RESOURCE, RUN
from ocpprov.engine.resources import Live
from ocpprov.engine.steps import TagStep, UpdateStep
from ocpprov.kinds.registry import KINDS
from tests.engine.one_of_each import RESOURCES, graph_of, there
from tests.engine.planning import changes_of, planned
from tests.engine.test_foreign_copies import ID_IS_A_NAME

SETS: Final = [live for live in there() if KINDS[live.type].identity is Identity.TAGS]
BY_ID: Final = [live for live in SETS if live.type not in ID_IS_A_NAME]
STAY: Final = {Verb.KEEP, Verb.UPDATE, Verb.ADOPT}


@cache
def _journal() -> Memory:
    places = {(live.type, live.id): named(live) for live in SETS}
    return Memory(made=frozenset(places), made_as=places, is_known_here=True)


def _there(name: str) -> Live:
    return next(live for live in SETS if named(live) == name)


def _with(*changed: Live) -> list[Live]:
    by_place = {(live.type, live.id): live for live in changed}
    return [by_place.get((live.type, live.id), live) for live in there()]


def _labelled(live: Live, like: Live) -> Live:
    """With the tags of another one, as a tag editor copies them: what that doesn't have stays."""
    return replace(live, tags={**live.tags, **like.tags})


def _apply(lives: Sequence[Live], memory: Memory = NOTHING_KNOWN) -> Actions:
    return planned(graph_of().resources, lives, memory)


def _verbs(actions: Actions) -> Mapping[str, Verb]:
    return {action.resource: action.verb for action in actions.actions}


def _copies(victim: Live, *, every: bool) -> list[Live]:
    """Where the tags come from: of all others, or of one of its type, a network, and what has few tags."""
    others = [other for other in SETS if named(other) != named(victim)]
    same = [other for other in others if other.type == victim.type][:1]
    return others if every else [*same, *(other for other in others if named(other) in ("Vpc", "Zone"))]


def _get_their_tags_back(victim: Live, sources: Sequence[Live]) -> None:
    for source in sources:
        actions = _apply(_with(_labelled(victim, source)), _journal())
        assert not actions.problems, (named(source), actions.problems)
        assert set(_verbs(actions).values()) <= STAY, (named(source), _verbs(actions))
        assert actions.current[named(victim)].id == victim.id
        assert _back(victim, source, actions) == victim.tags, named(source)


def _are_left(victim: Live, sources: Sequence[Live]) -> None:
    """Where something of ours would go for it, the plan is refused."""
    for source in sources:
        actions = _apply(_with(_labelled(victim, source)))
        verbs = _verbs(actions)
        assert actions.problems or set(verbs.values()) <= STAY | {Verb.CREATE}, (named(source), verbs)
        unproven = {claim.live.id for claim in actions.unproven}
        assert victim.id in unproven or actions.current[named(victim)].id == victim.id, named(source)


def _back(victim: Live, source: Live, actions: Actions) -> Mapping[str, str]:
    """The tags that it has after the run; whose run made it nobody puts back."""
    tags = {**victim.tags, **source.tags}
    for step in actions.steps:
        if isinstance(step, UpdateStep | TagStep) and step.logical_id == named(victim):
            tags = {key: value for key, value in {**tags, **step.tags.put}.items() if key not in step.tags.remove}
    return {key: value for key, value in tags.items() if key != RUN or RUN in victim.tags}


KINDLY: Final = [live for live in BY_ID if named(live) in ("Two", "Vpc", "Peers", "Machines", "Address", "Zone")]


@pytest.mark.parametrize("victim", KINDLY, ids=named)
def test_what_the_journal_knows_gets_its_tags_back(victim: Live) -> None:
    _get_their_tags_back(victim, _copies(victim, every=False))


@pytest.mark.parametrize("victim", KINDLY, ids=named)
def test_what_nobody_knows_is_neither_replaced_nor_deleted(victim: Live) -> None:
    _are_left(victim, _copies(victim, every=False))


@pytest.mark.torture
@pytest.mark.parametrize("victim", BY_ID, ids=named)
def test_whatever_the_journal_knows_gets_its_tags_back(victim: Live) -> None:
    _get_their_tags_back(victim, _copies(victim, every=True))


@pytest.mark.torture
@pytest.mark.parametrize("victim", SETS, ids=named)
def test_whatever_nobody_knows_is_neither_replaced_nor_deleted(victim: Live) -> None:
    _are_left(victim, _copies(victim, every=True))


def test_exchanged_tags_are_put_back_and_what_is_to_stay_stays() -> None:
    """In an apply; a destroy before it keeps what either tag says is to be kept."""
    one, two = _there("Storage"), _there("Machines")
    kept = replace(one, tags={**one.tags, ON_DELETE: ON_DELETE_RETAIN})
    lives = _with(replace(kept, tags=two.tags), replace(two, tags=kept.tags))
    actions = _apply(lives, _journal())
    assert set(_verbs(actions).values()) <= STAY
    assert not actions.problems
    assert {name: actions.current[name].id for name in ("Storage", "Machines")} == {
        "Storage": one.id,
        "Machines": two.id,
    }
    assert changes_of(actions, "Storage")[f"Tags.{RESOURCE}"] == ("Machines", "Storage")
    types = {name: type for name, (type, _) in RESOURCES.items()}
    gone = planned({}, lives, replace(_journal(), types=types))
    assert {one.id, two.id} <= {action.id for action in gone.actions if action.verb is Verb.FORGET}


def test_a_name_that_only_the_tag_has_is_believed() -> None:
    """Of what the plan calls otherwise by now."""
    one = _there("Peers")
    resources = {**graph_of().resources}
    memory = replace(_journal(), made_as={**_journal().made_as, (one.type, one.id): "Former"})
    assert set(_verbs(planned(resources, _with(), memory)).values()) == {Verb.KEEP}


def test_what_the_user_allows_is_found_by_what_it_is() -> None:
    """Without a journal its name is another one's."""
    one = _there("Two")
    actions = _apply(_with(_labelled(one, _there("One"))), Memory(allowed=frozenset({one.id})))
    assert not actions.problems
    assert actions.current["Two"].id == one.id
    assert set(_verbs(actions).values()) <= STAY


def test_what_nothing_contradicts_is_a_second_one_of_its_name() -> None:
    """Allowed, and without an id of its own in its tags: what it says is believed, and the run that made it counts."""
    one = _there("Address")
    second = replace(one, id="eipalloc-second", tags={**one.tags, BOUND: one.type})
    memory = replace(_journal(), allowed=frozenset({second.id}))
    actions = _apply([*_with(), second], memory)
    assert actions.current["Address"].id == one.id
    assert [action.verb for action in actions.actions if action.id == second.id] == [Verb.SWEEP]
