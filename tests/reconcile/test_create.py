"""Creating on the scripted cloud: what is sent, journalled and told, whatever becomes of the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, cause_of
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.events import EventKind
from ocpprov.engine.ownership import CHILDREN, REVISION, RUN, LedgerEntries, revision
from ocpprov.engine.resources import Resource, State
from ocpprov.engine.steps import CreateStep, build_name
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.reconcile.create import create
from ocpprov.reconcile.unknown_outcome import Conflict
from tests.reconcile.cloud import (
    Becomes,
    answered,
    done_and_listed_after,
    done_unanswered,
    done_with_nonsense,
    listing,
    raising,
    refused,
    unanswered,
)
from tests.reconcile.creating import EXISTS, INVALID, MISMATCH, QUOTA, WINDOW, made
from tests.reconcile.things import KINDS, Thing
from tests.reconcile.world import OWNER, THING, World, outcome, step_of, wanted


@dataclass(frozen=True)
class Case:
    """One resource, A: `answers` are what becomes of the create calls. `journal`: the events, without the id."""

    name: str
    answers: Sequence[Becomes]
    sent: Sequence[str]
    journal: str
    told: str
    seconds: float = 0.0
    error: type[BaseException] | None = None
    lists: Sequence[Becomes] = field(default_factory=tuple)
    things: int = 1


CASES = (
    Case("answered", [answered], ["create A t1"], "intent created", "started exists"),
    Case("found in the first look", [done_unanswered], ["create A t1"], "intent created", "started in-doubt adopted"),
    Case(
        "listed after four seconds, found after six",
        [done_and_listed_after(4)],
        ["create A t1"],
        "intent created",
        "started in-doubt adopted",
        seconds=6,
    ),
    Case(
        "found in the last look of the window",
        [done_and_listed_after(WINDOW)],
        ["create A t1"],
        "intent created",
        "started in-doubt adopted",
        seconds=WINDOW,
    ),
    Case(
        "never done: sent again with the same token",
        [unanswered],
        ["create A t1"] * 2,
        "intent intent created",
        "started in-doubt started exists",
        seconds=WINDOW,
    ),
    Case(
        "done, and listed only after the window: the token makes no second one",
        [done_and_listed_after(WINDOW + 1)],
        ["create A t1"] * 2,
        "intent intent created",
        "started in-doubt started exists",
        seconds=WINDOW,
    ),
    Case(
        "an answer without an id is none",
        [done_with_nonsense],
        ["create A t1"],
        "intent created",
        "started in-doubt adopted",
    ),
    Case(
        "four times at most",
        [unanswered] * 5,
        ["create A t1"] * 4,
        "intent intent intent intent",
        "started in-doubt started in-doubt started in-doubt started",
        seconds=3 * WINDOW,
        error=AwsError,
        things=0,
    ),
    Case(
        "the fourth is answered",
        [unanswered] * 3,
        ["create A t1"] * 4,
        "intent intent intent intent created",
        "started in-doubt started in-doubt started in-doubt started exists",
        seconds=3 * WINDOW,
    ),
    Case(
        "the name is taken, by what we made in vain before",
        [done_and_listed_after(WINDOW + 3), refused(EXISTS)],
        ["create A t1"] * 2,
        "intent intent created",
        "started in-doubt started in-doubt adopted",
        seconds=WINDOW + 3,
    ),
    Case(
        "the name is taken by somebody",
        [refused(EXISTS)],
        ["create A t1"],
        "intent refused",
        "started in-doubt",
        seconds=WINDOW,
        error=Conflict,
        things=0,
    ),
    Case(
        "the name is taken, and ours may be there",
        [unanswered, refused(EXISTS)],
        ["create A t1"] * 2,
        "intent intent",
        "started in-doubt started in-doubt",
        seconds=2 * WINDOW,
        error=Conflict,
        things=0,
    ),
    Case(
        "a token that was used for something else isn't used again",
        [refused(MISMATCH), refused(MISMATCH)],
        ["create A t1", "create A t2", "create A t3"],
        "intent intent intent created",
        "started in-doubt started in-doubt started exists",
        seconds=2 * WINDOW,
    ),
    Case(
        "a used token may be of what is there",
        [done_and_listed_after(WINDOW + 1), refused(MISMATCH)],
        ["create A t1", "create A t1"],
        "intent intent created",
        "started in-doubt started in-doubt adopted",
        seconds=WINDOW + 1,
    ),
    Case(
        "refused for good", [refused(INVALID)], ["create A t1"], "intent refused", "started", error=AwsError, things=0
    ),
    Case("a limit", [refused(QUOTA)], ["create A t1"], "intent refused", "started", error=AwsError, things=0),
    Case(
        "refused after a doubt says nothing of what was sent before",
        [unanswered, refused(INVALID)],
        ["create A t1"] * 2,
        "intent intent",
        "started in-doubt started",
        seconds=WINDOW,
        error=AwsError,
        things=0,
    ),
    Case(
        "a used token, four times",
        [refused(MISMATCH)] * 4,
        [f"create A t{number}" for number in (1, 2, 3, 4)],
        "intent intent intent intent refused",
        "started in-doubt started in-doubt started in-doubt started",
        seconds=3 * WINDOW,
        error=AwsError,
        things=0,
    ),
    Case(
        "a look that fails",
        [unanswered],
        ["create A t1"],
        "intent",
        "started in-doubt",
        error=AwsError,
        lists=[refused("AccessDenied")],
        things=0,
    ),
    Case(
        "a list that can't be read",
        [unanswered],
        ["create A t1"],
        "intent",
        "started in-doubt",
        error=AwsError,
        lists=[listing(), listing({})],
        things=0,
        seconds=1,
    ),
    Case(
        "a mistake of ours is no doubt",
        [raising(TypeError("a mistake"))],
        ["create A t1"],
        "intent",
        "started",
        error=TypeError,
        things=0,
    ),
    Case("left", [raising(Interrupted())], ["create A t1"], "intent", "started", error=Interrupted, things=0),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_creation(case: Case, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", *case.answers)
    world.cloud.script("list", *case.lists)
    error = made(world, "A")
    assert type(error) is (case.error or type(None))
    assert world.cloud.sent == list(case.sent)
    assert " ".join(record.event for record in world.records()) == case.journal
    assert " ".join(event.kind.value for event in world.events.told) == case.told
    assert world.clock.passed == case.seconds
    assert len(world.cloud.items) == case.things
    assert (world.live_state.current("A") is not None) is (case.error is None)


def test_what_is_journalled_and_told_of_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert made(world, "A") is None
    intent, created = world.records()
    revision_ = revision(THING, {"Name": "a"})
    assert (intent.resource, intent.type, intent.revision, intent.run) == ("A", THING.type, revision_, OWNER.run)
    assert (intent.id, intent.key, intent.time) == ("", "", world.clock.now())
    assert intent.where == created.where == "123456789012/eu-west-1"
    assert created.token == intent.token
    assert len(intent.token) == 32
    assert (created.id, created.revision, created.key) == ("thing-1", revision_, "")
    [started, exists] = world.events.told
    assert (started.type, started.detail) == (THING.type, {"action": "create"})
    assert (exists.type, exists.id) == (THING.type, "thing-1")
    assert world.cloud.items["thing-1"].tags[REVISION] == revision_
    assert world.cloud.items["thing-1"].tags[RUN] == OWNER.run
    assert not world.journal.is_open(THING.type, "A")


def test_others_can_refer_to_what_was_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    made(world, "A")
    live = world.live_state.current("A")
    assert live is not None
    assert (live.id, live.state, live.tags[REVISION]) == ("thing-1", State.READY, revision(THING, {"Name": "a"}))
    assert world.live_state.lookup(Ref("A")) == "ref-thing-1"
    assert world.live_state.lookup(GetAtt("A", "Arn")) == "arn:thing-1"
    assert made(world, "B", Members=[Ref("A")]) is None
    assert world.cloud.items["thing-2"].properties["Members"] == ["ref-thing-1"]
    assert [each.id for each in world.live_state.found().lives[THING.type]] == ["thing-1", "thing-2"]


def test_what_settles_is_not_ready_yet(tmp_path: Path) -> None:
    kind = KINDS["Test::Cloud::Gateway"]
    world = World(tmp_path)
    made(world, "A", kind=kind)
    live = world.live_state.current("A")
    assert live is not None
    assert live.state is State.PENDING


def test_a_ledger_goes_on_it_with_the_creation(tmp_path: Path) -> None:
    world = World(tmp_path)
    resource = wanted(THING, "A")
    remembered = LedgerEntries(children=frozenset({"r 0.0.0.0/0"}))
    step = CreateStep(name=build_name("A"), type=THING.type, logical_id="A", resource=resource, remembered=remembered)
    create(THING, [step], world.context)
    assert world.cloud.items["thing-1"].tags[CHILDREN] == "r 0.0.0.0/0"


class Named(Thing):
    """Gets a name where the plan gives none."""

    name_property = "Name"
    name_limit = 20


def test_a_name_is_generated_of_the_revision_without_it(tmp_path: Path) -> None:
    world = World(tmp_path, kinds={Named.type: Named()})
    unnamed = Resource("A", THING.type)
    assert outcome(lambda: create(Named(), [step_of(unnamed)], world.context)) is None
    tail = revision(THING, {}).partition("-")[2][:8]
    assert world.cloud.items["thing-1"].properties == {"Name": f"lab-A-{tail}"}
    assert [record.revision for record in world.records()] == [revision(THING, {})] * 2


def test_throttling_is_waited_out_with_one_intent(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("RequestLimitExceeded"), refused("RequestLimitExceeded"))
    assert made(world, "A") is None
    assert world.cloud.sent == ["create A t1"] * 3
    assert world.journalled() == ["intent A", "created A thing-1"]
    assert world.events.texts() == ["started A", "retrying A", "retrying A", "exists A"]
    assert world.clock.passed == pytest.approx(world.events.seconds())
    assert world.clock.passed > 0
    [retry, _] = world.events.of(EventKind.RETRYING)
    assert (retry.detail["code"], retry.detail["reason"], retry.type) == (
        "RequestLimitExceeded",
        "throttled",
        THING.type,
    )


def test_throttling_without_end_is_an_error_and_nothing_was_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", *[refused("RequestLimitExceeded")] * 1000)
    error = made(world, "A")
    assert isinstance(error, AwsError)
    assert error.error_class is ErrorClass.THROTTLED
    assert world.journalled() == ["intent A", "refused A"]
    assert world.clock.passed == pytest.approx(600)


def test_who_is_in_the_way_is_named(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.has(THING, "thing-unnamed")
    world.has(THING, "thing-0", Name="other")
    world.has(THING, "thing-9", Name="a")
    world.cloud.script("create", refused(EXISTS))
    error = made(world, "A")
    assert isinstance(error, Conflict)
    assert error.resource == "A"
    assert str(error) == (
        "A: Test::Cloud::Thing thing-9 is in the way and doesn't belong to this plan; change the plan, or remove it by "
        "hand"
    )
    assert isinstance(error.__cause__, AwsError)
    assert error.__cause__.code == EXISTS
    [_, doubt] = world.events.told
    assert (doubt.type, doubt.detail) == (THING.type, {"reason": str(error.__cause__)})


def test_who_is_in_the_way_and_not_listed_is_another(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused(EXISTS))
    assert str(made(world, "A")) == (
        "A: another Test::Cloud::Thing is in the way and doesn't belong to this plan; change the plan, or remove it by "
        "hand"
    )


def test_what_it_means_is_told_where_nothing_of_the_type_is_in_the_way(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("create", refused("InvalidParameter", "there is a conflicting DNS domain for s3.example.org"))
    error = made(world, "A")
    assert isinstance(error, Conflict)
    assert isinstance(error.__cause__, AwsError)
    means = cause_of(ErrorClass.EXISTS, error.__cause__.aws)
    assert means
    assert str(error) == f"A: {means}"
    world.has(THING, "thing-9", Name="a")
    world.cloud.script("create", refused("InvalidParameter", "there is a conflicting DNS domain for s3.example.org"))
    assert "thing-9 is in the way" in str(made(world, "A"))


def test_the_journal_cannot_be_written(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.journal.close()
    error = made(world, "A")
    assert isinstance(error, OSError)
    assert "the journal can't be written" in str(error)
    assert world.cloud.sent == []
    assert world.events.told == []
