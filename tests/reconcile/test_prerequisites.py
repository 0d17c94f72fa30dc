"""What AWS lets nobody use before it is ready is waited for; what follows a creation is a step of its own."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.engine.cancel import Cancellation
from ocpprov.engine.events import EventKind
from ocpprov.engine.kind_facts import ReadyFor
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.reconcile.unknown_outcome import Conflict
from ocpprov.reconcile.wait import NotSettled
from tests.reconcile.cloud import NEVER, Cloud, Item, Parts, answered, refused
from tests.reconcile.creating import EXISTS, made
from tests.reconcile.executing import creation, failed, ran
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import THING, World, live_of


class Slow(Gateway):
    """Nothing but gateways may use one before it is ready."""

    type = "Test::Cloud::Slow"
    ready_for = (ReadyFor(Thing.type, "Thing.NotReady", "the cloud's documentation"),)


class Asked(Gateway):
    """One that is asked for, and accepted by ourselves."""

    type = "Test::Cloud::Asked"

    def completes(self, live: Live, owner: Owner) -> bool:
        return live.properties.get("Name") != "theirs"

    def complete(self, clients: Any, live: Live) -> None:
        clients.update(live, {"Size": 7}, ["Size"])


SLOW, ASKED = Slow(), Asked()
ALL = {**KINDS, Slow.type: SLOW, Asked.type: ASKED}


def standing(folder: Path, kind: Gateway, name: str = "a", state: State = State.PENDING, **more: Any) -> World:
    """A run that has found A, and in which B and C need it."""
    item = Item("g-1", kind.type, {"Name": name}, **more)
    live = live_of(item, state)
    world = World(folder, kinds=ALL, before=[live], current={"A": live})
    world.cloud.put(item)
    world.needs |= {"B": frozenset("A"), "C": frozenset("A")}
    return world


def ready_when_used(world: World) -> list[str]:
    """The states of what there is, whenever something is created."""
    seen: list[str] = []

    def becomes(cloud: Cloud, parts: Parts) -> Any:
        seen.append("+".join(item.state(cloud.clock.passed) for item in cloud.items.values()))
        return answered(cloud, parts)

    world.cloud.script("create", becomes, becomes, becomes)
    return seen


def test_what_needs_it_is_sent_when_it_is_ready(tmp_path: Path) -> None:
    world = World(tmp_path, kinds=ALL)
    world.needs["B"] = frozenset("A")
    world.cloud.becoming_ready = 30
    seen = ready_when_used(world)
    assert ran(world, creation("A", kind=SLOW), creation("B", "A")).ok
    assert seen == ["", "ready"]
    waits = world.events.of(EventKind.WAITING)
    assert [(event.resource, event.detail["reason"]) for event in waits] == [("A", "until ready")]


def test_others_are_sent_at_once(tmp_path: Path) -> None:
    world = World(tmp_path, kinds=ALL)
    world.needs["B"] = frozenset("A")
    world.cloud.becoming_ready = 30
    seen = ready_when_used(world)
    gateway = ALL[Gateway.type]
    assert ran(world, creation("A", kind=SLOW), creation("B", "A", kind=gateway), creation("C")).ok
    assert [each for each in seen if "ready" in each] == []


def test_what_an_earlier_run_left_in_the_making_is_waited_for_too(tmp_path: Path) -> None:
    world = standing(tmp_path, SLOW, ready_from=40)
    seen = ready_when_used(world)
    assert ran(world, creation("B")).ok
    assert seen == ["ready"]


def test_what_fails_by_itself_leaves_out_what_needs_it_and_can_be_made_again(tmp_path: Path) -> None:
    """The run hasn't failed for that: its next round makes both."""
    world = standing(tmp_path, SLOW, failed="no luck")
    result = ran(world, creation("B"), creation("C"), creation("D", "C"))
    assert (failed(result), world.cloud.sent) == ([], [])
    assert dict(result.skipped) == {"B": "A", "C": "A", "D": "C"}
    [unready] = result.unsettled
    assert (unready.resource, str(unready.error)) == ("A", "A (g-1) failed: no luck")
    assert isinstance(unready.error, NotSettled)
    assert not unready.error.is_late


def test_what_is_late_is_waited_for_once(tmp_path: Path) -> None:
    world = standing(tmp_path, SLOW, ready_from=NEVER)
    result = ran(world, creation("B"))
    assert [(each.resource, getattr(each.error, "is_late", None)) for each in result.unsettled] == [("A", True)]
    assert SLOW.create_deadline <= world.clock.passed < 2 * SLOW.create_deadline


def test_what_gets_ready_when_the_run_is_to_stop_has_nothing_sent_after_it(tmp_path: Path) -> None:
    world = standing(tmp_path, SLOW)
    cancellation = Cancellation()

    def stops(cloud: Cloud, parts: Parts) -> Any:
        cancellation.interrupt()
        return answered(cloud, parts)

    world.cloud.script("list", stops)
    result = ran(world, creation("B"), cancellation=cancellation)
    assert (failed(result), dict(result.skipped), world.cloud.sent) == ([], {"B": ""}, [])


def test_whoever_stops_the_run_need_not_wait_for_it(tmp_path: Path) -> None:
    world = standing(tmp_path, SLOW, ready_from=NEVER)
    cancellation, over = Cancellation(), threading.Event()

    def stops(cloud: Cloud, parts: Parts) -> Any:
        cancellation.interrupt()
        over.wait(10)
        return answered(cloud, parts)

    world.cloud.script("list", stops)
    result = ran(world, creation("B"), cancellation=cancellation)
    over.set()
    assert (failed(result), dict(result.skipped), world.cloud.sent) == ([], {"B": ""}, [])
    assert result.interrupted


@pytest.mark.parametrize(
    ("name", "state", "sent"),
    [
        ("a", State.PENDING, ["update g-1 Size=7"]),
        ("a", State.READY, []),
        ("theirs", State.PENDING, []),
    ],
)
def test_what_an_earlier_run_didnt_complete_is_completed(
    tmp_path: Path, name: str, state: State, sent: list[str]
) -> None:
    world = standing(tmp_path, ASKED, name, state, ready_from=20)
    assert ran(world).ok
    assert world.cloud.sent == sent


def test_a_refused_completion_sends_no_second_create(tmp_path: Path) -> None:
    world = World(tmp_path, kinds=ALL)
    world.cloud.becoming_ready = 30
    world.cloud.script("update", refused("InvalidThing.NotFound"), refused("InvalidThing.NotFound"))
    assert ran(world, creation("A", kind=ASKED)).ok
    assert [each.partition(" ")[0] for each in world.cloud.sent] == ["create", "update", "update", "update"]


def test_one_that_cant_be_completed_is_told_with_awss_words(tmp_path: Path) -> None:
    world = standing(tmp_path, ASKED)
    world.cloud.script("update", refused("UnauthorizedOperation"))
    [unready] = ran(world).unsettled
    assert unready.resource == "A"
    assert isinstance(unready.error, AwsError)
    assert unready.error.error_class is ErrorClass.DENIED


def test_a_completion_that_hangs_holds_up_nobody_who_leaves(tmp_path: Path) -> None:
    world = standing(tmp_path, ASKED)
    cancellation, over = Cancellation(), threading.Event()

    def hangs(cloud: Cloud, parts: Parts) -> Any:
        cancellation.interrupt()
        cancellation.interrupt()
        over.wait(30)
        return answered(cloud, parts)

    world.cloud.script("update", hangs)
    began = time.monotonic()
    result = ran(world, cancellation=cancellation)
    over.set()
    assert time.monotonic() - began < 10
    assert result.interrupted
    assert result.unsettled == []


def test_a_key_that_something_on_its_way_out_has_is_waited_for(tmp_path: Path) -> None:
    world = World(tmp_path)
    old = world.has(THING, "t-old", {"Owner": "corp"}, Name="a")
    old.deleting = True
    old.gone_from = 60.0
    world.cloud.script("create", refused(EXISTS))
    assert made(world, "A") is None
    assert world.clock.passed >= 60
    assert [each.partition(" ")[0] for each in world.cloud.sent] == ["create", "create"]
    [told] = world.events.of(EventKind.WAITING)
    assert (told.resource, told.id, told.detail["reason"]) == ("A", "t-old", "until gone")


def test_one_that_stays_is_a_conflict_at_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(THING, "t-old", {"Owner": "corp"}, Name="a")
    world.cloud.script("create", refused(EXISTS))
    assert isinstance(made(world, "A"), Conflict)
    assert world.events.of(EventKind.WAITING) == []
