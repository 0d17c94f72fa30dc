"""Every kind, from creation to deletion: what is read is what was asked for, so a second plan changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.drift import changes_in_place, create_only_changes
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, State
from ocpprov.engine.shared_lists import member_entries
from ocpprov.kinds.registry import KINDS
from tests.kinds.all_cases import CASES
from tests.kinds.cases import Case
from tests.kinds.world import OWNER, World, with_defaults

# Shared tags are tags themselves.
TAGGED = [case for case in CASES if KINDS[case.type].tag_limit and case.type != "Ocpprov::EC2::SharedTags"]


def assert_as_asked(type: str, properties: Mapping[str, Any], live: Live | None) -> Live:
    assert live is not None
    wanted = KINDS[type].normalise(properties)
    assert create_only_changes(KINDS[type], wanted, live) == []
    assert list(changes_in_place(KINDS[type], wanted, live, ()).changes) == []
    return live


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_life(case: Case, world: World) -> None:
    kind = KINDS[case.type]
    properties = case.properties(world)
    created = world.create(case.type, "Thing", **properties)
    given = [created.id] if created.id.startswith("Z") else []
    made = world.find(case.type, created.id, given)
    if made is not None and made.state is State.PENDING and kind.completes(made, OWNER):
        for _ in range(2):
            kind.complete(world.clients, made)
    live = assert_as_asked(case.type, properties, world.find(case.type, created.id, given))
    assert live.state is State.READY
    assert not live.service_owned
    assert created.attributes.items() <= {"NameServers": [], **live.attributes}.items()
    if kind.identity in (Identity.TAGS, Identity.SHARED_TAGS):
        assert {**live.claim, **live.tags}[PLAN] == "prod"

    changes = case.changes(world, properties)
    if changes:
        changed = {**properties, **changes}
        kind.update(world.clients, live, changed, list(changes))
        same = [live for live in world.lives(case.type) if kind.key(live.properties) == kind.key(changed)]
        found = world.find(case.type, created.id) or same[0]
        live = assert_as_asked(case.type, changed, found)

    kind.delete(world.clients, live)
    assert world.find(case.type, live.id) is None


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_key_is_the_same_for_the_plan_and_for_aws(case: Case, world: World) -> None:
    kind = KINDS[case.type]
    properties = case.properties(world)
    live = world.find(case.type, world.make(case.type, **properties))
    assert live is not None
    wanted = with_defaults(kind, properties)
    assert kind.key(wanted) == kind.key(live.properties)
    assert (kind.key(wanted) is None) is (kind.identity is Identity.TAGS)
    assert set(kind.unique(wanted)) == set(kind.unique(live.properties))
    assert kind.ledger_entry(wanted) == kind.ledger_entry(live.properties)
    members = member_entries(kind, kind.normalise(properties))
    assert members <= member_entries(kind, live.properties)
    if kind.identity in (Identity.LEDGER, Identity.LINK):
        assert kind.ledger_entry(wanted) or members
    else:
        assert kind.ledger_entry(wanted) is None
    assert kind.batch(wanted) == kind.batch(live.properties)
    assert kind.delete_batch(wanted) == kind.delete_batch(live.properties)


@pytest.mark.parametrize("case", TAGGED, ids=[case.name for case in TAGGED])
def test_tags_are_put_and_removed(case: Case, world: World) -> None:
    kind = KINDS[case.type]
    id = world.make(case.type, **case.properties(world))
    kind.tag(world.clients, id, {"one": "1", "two": "2"}, [])
    kind.tag(world.clients, id, {"one": "uno"}, ["two"])
    live = world.find(case.type, id)
    assert live is not None
    assert live.tags["one"] == "uno"
    assert "two" not in live.tags
