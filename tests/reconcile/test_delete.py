"""Deleting: sent until it is accepted or found gone, and awaited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.resources import State
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.blocker import Blocked, Blocker, StillHeld
from ocpprov.reconcile.delete import delete
from ocpprov.reconcile.wait import NotSettled, Waiter
from tests.reconcile.cloud import (
    NEVER,
    Becomes,
    Item,
    answered,
    done_unanswered,
    listing,
    raising,
    refused,
    unanswered,
)
from tests.reconcile.things import KINDS, Gateway, Thing
from tests.reconcile.world import THING, World, deletion_of, live_of, outcome

GATEWAY = KINDS[Gateway.type]
GONE, BUSY, THROTTLED = "InvalidThing.NotFound", "DependencyViolation", "RequestLimitExceeded"
INTERFACE = {"NetworkInterfaceId": "eni-1", "Description": "theirs"}


class Subnet(Thing):
    """Something that strangers may hold."""

    type = "AWS::EC2::Subnet"


SUBNET = Subnet()


def standing(tmp_path: Path, kind: Kind, *ids: str, state: State = State.READY) -> tuple[World, Any]:
    """A run for which all of these are there, and the deletion of all in one batch."""
    world = World(tmp_path, kinds={**KINDS, Subnet.type: SUBNET})
    items = [world.has(kind, id, Name=id) for id in ids]
    steps = [deletion_of(item.id[-1].upper(), live_of(item, state)) for item in items]
    for step in steps:
        world.live_state.add(step.logical_id, step.live)
    return world, lambda: delete(kind, steps, world.context, Waiter(world.context))


@dataclass(frozen=True)
class Case:
    """One thing, A: `answers` are what becomes of the delete calls."""

    name: str
    answers: Sequence[Becomes]
    sent: int = 1
    error: type[BaseException] | None = None
    lists: Sequence[Becomes] = field(default_factory=tuple)
    looks: int = 0
    seconds: float | None = None
    """None: what the retries waited."""
    pages: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = THING


def gone(cloud: Any, _: Any) -> Any:
    """Somebody else deleted it."""
    cloud.items.clear()
    return refused(GONE)(cloud, [])


def listed(state: str) -> Becomes:
    return listing(Item("t-a", THING.type).shown(0) | {"State": state})


CASES = (
    Case("accepted", [answered]),
    Case("gone already", [gone], looks=1),
    Case("done without an answer: then it is gone", [done_unanswered], sent=2, looks=1),
    Case("done without an answer: then it is denied", [done_unanswered, refused("AccessDenied")], sent=2, looks=1),
    Case("not done, then denied", [unanswered, refused("AccessDenied")], sent=2, looks=1, error=AwsError),
    Case("not done, and no answer", [unanswered], sent=2),
    Case("throttled", [refused(THROTTLED)], sent=2),
    Case("busy until it isn't", [refused(BUSY)] * 3, sent=4),
    Case("not known everywhere, but listed", [refused(GONE)] * 2, sent=3, looks=2),
    Case("listed as broken", [refused(GONE)], sent=2, looks=1, lists=[listed("broken")]),
    Case("listed as pending", [refused(GONE)], sent=2, looks=1, lists=[listed("pending")]),
    Case("listed as going", [refused(GONE)], looks=1, lists=[listed("deleting")]),
    Case("refused", [refused("AccessDenied")], error=AwsError),
    Case("left", [raising(Interrupted())], error=Interrupted),
    Case("a mistake of ours", [raising(KeyError("Id"))], error=KeyError),
    Case("gone, and nobody may look", [refused(GONE)], looks=1, lists=[refused("AccessDenied")], error=AwsError),
    Case(
        "held by a stranger",
        [refused(BUSY)] * 9,
        kind=SUBNET,
        looks=2,
        seconds=0,
        pages={"describe_network_interfaces": {"NetworkInterfaces": [INTERFACE]}},
        error=Blocked,
    ),
    Case("held by ours", [refused(BUSY)], kind=SUBNET, sent=2, looks=2),
    Case(
        "gone, whoever holds it",
        [refused("InvalidParameterValue")],
        kind=SUBNET,
        pages={"describe_network_interfaces": {"NetworkInterfaces": [INTERFACE]}},
        error=AwsError,
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_deletion(case: Case, tmp_path: Path) -> None:
    world, work = standing(tmp_path, case.kind, "t-a")
    world.cloud.script("delete", *case.answers)
    world.cloud.script("list", *case.lists)
    world.cloud.pages.update(case.pages)
    assert type(outcome(work)) is (case.error or type(None))
    assert world.cloud.sent == ["delete t-a"] * case.sent
    assert len(world.cloud.looks) == case.looks
    assert world.clock.passed == pytest.approx(world.events.seconds() if case.seconds is None else case.seconds)
    done = case.error is None
    assert world.journalled() == (["deleted A t-a"] if done else [])
    assert world.events.texts()[:1] == ["started A"]
    assert (world.events.texts()[-1] == "deleted A") is done
    assert world.live_state.found().ids(case.kind.type) == ([] if done else ["t-a"])


def test_what_is_told_and_journalled(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a")
    world.cloud.script("delete", refused(THROTTLED))
    work()
    started, retrying, deleted = world.events.told
    assert (started.id, started.type, started.detail) == ("t-a", THING.type, {"action": "delete"})
    assert (retrying.resource, retrying.type, retrying.detail["code"]) == ("t-a", THING.type, THROTTLED)
    assert (deleted.kind, deleted.id, deleted.type) == (EventKind.DELETED, "t-a", THING.type)
    [record] = world.records()
    assert (record.type, record.run, record.time) == (THING.type, "run-2", world.clock.now())


@pytest.mark.parametrize(
    ("code", "kind", "error_class", "seconds"),
    [
        (BUSY, THING, ErrorClass.BUSY, 900),
        (BUSY, GATEWAY, ErrorClass.BUSY, 200),
        (THROTTLED, THING, ErrorClass.THROTTLED, 600),
        (GONE, THING, ErrorClass.NOT_VISIBLE, 300),
    ],
)
def test_it_is_given_up(code: str, kind: Kind, error_class: ErrorClass, seconds: float, tmp_path: Path) -> None:
    world, work = standing(tmp_path, kind, "t-a")
    world.cloud.script("delete", *[refused(code)] * 10000)
    error = outcome(work)
    assert isinstance(error, AwsError)
    assert error.error_class is error_class
    assert world.clock.passed == pytest.approx(seconds)


def test_a_stranger_who_comes_later_is_named_then(tmp_path: Path) -> None:
    world, work = standing(tmp_path, SUBNET, "t-a")

    def taken(cloud: Any, parts: Any) -> Any:
        cloud.pages["describe_network_interfaces"] = {"NetworkInterfaces": [INTERFACE]}
        return refused(BUSY)(cloud, parts)

    world.cloud.script("delete", refused(BUSY), taken, refused(BUSY))
    error = outcome(work)
    assert isinstance(error, Blocked)
    assert error.held_by == [Blocker("network interface eni-1 (theirs)")]
    assert error.live.id == "t-a"
    assert str(error) == (
        "AWS::EC2::Subnet t-a can't be deleted: network interface eni-1 (theirs) is not of this plan; remove it by "
        "hand or with its own tool, then run the same command again"
    )
    assert error.__cause__ is not None
    assert world.cloud.sent == ["delete t-a"] * 2


def test_several_strangers_are_named() -> None:
    live = live_of(Item("t-a", THING.type))
    blockers = [Blocker("one"), Blocker("two", "stop it"), Blocker("one"), Blocker("three")]
    assert str(Blocked(live, blockers)) == (
        f"{THING.type} t-a can't be deleted: one; two; three are not of this plan; remove it by hand or with its own "
        "tool; stop it, then run the same command again"
    )


LINGERING = {
    "NetworkInterfaceId": "eni-1",
    "Description": "AWS Lambda VPC ENI-audit-1",
    "InterfaceType": "lambda",
    "RequesterManaged": True,
    "Status": "available",
}


def test_what_goes_by_itself_is_waited_for_and_told_once(tmp_path: Path) -> None:
    world, work = standing(tmp_path, SUBNET, "t-a")
    world.cloud.pages["describe_network_interfaces"] = {"NetworkInterfaces": [LINGERING]}
    world.cloud.script("delete", *[refused(BUSY)] * 3)
    assert outcome(work) is None
    [note] = world.events.of(EventKind.NOTE)
    assert (note.type, note.id) == (Subnet.type, "t-a")
    assert note.detail["reason"] == (
        "t-a has to wait for a Lambda function (network interface eni-1: AWS Lambda VPC ENI-audit-1): delete the "
        "function or take it out of the VPC; AWS removes its interface up to 40 minutes later"
    )


def test_what_goes_by_itself_and_does_not_is_named_at_the_end(tmp_path: Path) -> None:
    world, work = standing(tmp_path, SUBNET, "t-a")
    world.cloud.pages["describe_network_interfaces"] = {"NetworkInterfaces": [LINGERING]}
    world.cloud.script("delete", *[refused(BUSY)] * 10000)
    error = outcome(work)
    assert isinstance(error, StillHeld)
    assert isinstance(error.__cause__, AwsError)
    assert world.clock.passed == pytest.approx(900)
    assert str(error) == (
        "AWS::EC2::Subnet t-a can't be deleted yet: a Lambda function (network interface eni-1: AWS Lambda VPC "
        "ENI-audit-1) is going, and still there; delete the function or take it out of the VPC; AWS removes its "
        "interface up to 40 minutes later, then run the same command again"
    )


def test_who_holds_it_may_be_closed_and_then_it_is_waited_for(tmp_path: Path) -> None:
    world, work = standing(tmp_path, SUBNET, "t-a")
    denied = AwsMessage("UnauthorizedOperation", "no", "r-1", "DescribeNetworkInterfaces")
    world.cloud.pages["describe_network_interfaces"] = AwsError(ErrorClass.DENIED, denied)
    world.cloud.script("delete", *[refused(BUSY)] * 3)
    assert outcome(work) is None
    [note] = world.events.of(EventKind.NOTE)
    assert note.detail["reason"] == (
        "t-a has to wait for something that can't be looked at (DescribeNetworkInterfaces: UnauthorizedOperation): "
        "let the user look who uses it"
    )


def test_what_cannot_be_read_of_who_holds_it_is_an_error(tmp_path: Path) -> None:
    world, work = standing(tmp_path, SUBNET, "t-a")
    message = AwsMessage("UnreadableAnswer", "no", "r-1", "DescribeNetworkInterfaces")
    unreadable = AwsError(ErrorClass.INVALID, message)
    world.cloud.pages["describe_network_interfaces"] = unreadable
    world.cloud.script("delete", refused(BUSY))
    error = outcome(work)
    assert isinstance(error, AwsError)
    assert error.code == "UnreadableAnswer"


def test_what_is_going_already_is_not_sent_again(tmp_path: Path) -> None:
    world, work = standing(tmp_path, GATEWAY, "g-a", state=State.DELETING)
    item = world.cloud.items["g-a"]
    item.deleting, item.gone_from = True, 4.0
    assert outcome(work) is None
    assert world.cloud.sent == []
    assert world.clock.passed == 5
    assert world.journalled() == ["deleted A g-a"]


def test_of_a_batch_only_what_is_not_going_is_sent(tmp_path: Path) -> None:
    world = World(tmp_path)
    steps = [
        deletion_of("A", live_of(world.has(THING, "t-a"), State.DELETING)),
        deletion_of("B", live_of(world.has(THING, "t-b"), State.BROKEN)),
    ]
    delete(THING, steps, world.context, Waiter(world.context))
    assert world.cloud.sent == ["delete t-b"]
    assert world.events.texts() == ["started A", "started B", "deleted A", "deleted B"]


def test_what_settles_is_gone_when_it_was_missed_twice(tmp_path: Path) -> None:
    world, work = standing(tmp_path, GATEWAY, "g-a")
    world.cloud.going = 4.0
    assert outcome(work) is None
    assert world.cloud.sent == ["delete g-a"]
    # At 4 it isn't listed for the first time.
    assert world.cloud.looked_at == [0, 1, 2, 3, 4, 5]
    assert world.clock.passed == 5
    assert world.events.texts() == ["started A", "waiting A", "deleted A"]


def test_what_is_not_gone_in_time_is_not_journalled_as_deleted(tmp_path: Path) -> None:
    world, work = standing(tmp_path, GATEWAY, "g-a")
    world.cloud.going = NEVER
    error = outcome(work)
    assert isinstance(error, NotSettled)
    assert str(error) == (
        "A (g-a) isn't gone in time; look at it in AWS, then run the same command again: it goes on from here"
    )
    assert world.journalled() == []
    assert world.live_state.found().ids(GATEWAY.type) == ["g-a"]
    assert 200 <= world.clock.passed < 210


def test_a_batch_is_one_call(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a", "t-b")
    work()
    assert world.cloud.sent == ["delete t-a+t-b"]
    assert world.journalled() == ["deleted A t-a", "deleted B t-b"]


def test_a_batch_that_settles_is_awaited_whole(tmp_path: Path) -> None:
    world, work = standing(tmp_path, GATEWAY, "g-a", "g-b")
    world.cloud.going = 4.0
    work()
    assert world.cloud.sent == ["delete g-a+g-b"]
    assert world.events.texts().count("waiting A") == world.events.texts().count("waiting B") == 1
    assert world.journalled() == ["deleted A g-a", "deleted B g-b"]
    assert world.cloud.items["g-a"].gone_from <= world.clock.passed


def test_of_a_batch_one_is_gone(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a", "t-b")
    del world.cloud.items["t-a"]
    assert outcome(work) is None
    assert world.cloud.sent == ["delete t-a+t-b", "delete t-a", "delete t-b"]
    assert world.clock.passed == 0
    assert world.journalled() == ["deleted A t-a", "deleted B t-b"]


def test_of_a_batch_one_is_gone_and_the_other_refused(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a", "t-b")
    del world.cloud.items["t-a"]
    world.cloud.script("delete", answered, answered, refused("AccessDenied"))
    assert isinstance(outcome(work), AwsError)
    assert world.cloud.sent == ["delete t-a+t-b", "delete t-a", "delete t-b"]
    assert world.journalled() == []


def test_a_batch_that_went_without_an_answer_is_denied_and_gone(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a", "t-b")
    world.cloud.script("delete", done_unanswered, refused("AccessDenied"))
    assert outcome(work) is None
    assert world.cloud.sent == ["delete t-a+t-b"] * 2
    assert world.journalled() == ["deleted A t-a", "deleted B t-b"]


def test_a_batch_that_is_refused_is_not_sent_one_by_one(tmp_path: Path) -> None:
    world, work = standing(tmp_path, THING, "t-a", "t-b")
    world.cloud.script("delete", refused("AccessDenied"))
    assert isinstance(outcome(work), AwsError)
    assert world.cloud.sent == ["delete t-a+t-b"]


def test_what_goes_along_with_something_else_is_told_and_noted_and_nothing_is_sent(tmp_path: Path) -> None:
    world = World(tmp_path)
    alone = deletion_of("A", live_of(world.has(THING, "t-a")))
    along = replace(deletion_of("B", live_of(world.has(THING, "t-b"))), along="delete another")
    delete(THING, [alone, along], world.context, Waiter(world.context))
    assert world.cloud.sent == ["delete t-a"]
    assert world.journalled() == ["deleted A t-a", "deleted B t-b"]
    assert world.events.texts() == ["started A", "started B", "deleted A", "deleted B"]
