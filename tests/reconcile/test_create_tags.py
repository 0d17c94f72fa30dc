"""Tags that the create call does not take, always or in some partitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.errors import AwsError
from ocpprov.engine.resources import Owner
from ocpprov.kinds.contract import Kind
from tests.reconcile.cloud import (
    Becomes,
    done_unanswered,
    refused,
    unanswered,
)
from tests.reconcile.creating import INVALID, PROFILE, QUOTA, TAGS, ZONE, made
from tests.reconcile.world import ISOLATED, OWNER, THING, World


def test_tags_that_the_create_call_does_not_take_follow_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert made(world, "A", kind=ZONE) is None
    assert world.cloud.sent == ["create A t1", TAGS.format("zone-1")]
    assert world.journalled() == ["intent A", "created A zone-1"]
    [intent, created] = world.records()
    assert (intent.key, intent.where) == ("thing a", "123456789012/eu-west-1")
    assert (created.key, created.where) == ("", "123456789012/eu-west-1")


def test_what_has_no_tags_yet_is_not_journalled_as_made(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.cloud.script("tag", refused("AccessDenied"))
    assert isinstance(made(world, "A", kind=ZONE), AwsError)
    assert world.journalled() == ["intent A"]
    assert world.journal.is_open(ZONE.type, "A")
    assert world.live_state.current("A") is not None


@dataclass(frozen=True)
class Refusal:
    """Of a profile in a partition, whose tags may be refused."""

    name: str
    answers: Sequence[Becomes]
    sent: Sequence[str]
    journal: str
    error: type[BaseException] | None = None
    owner: Owner = ISOLATED
    kind: Kind = PROFILE
    before: Mapping[str, Any] = field(default_factory=dict)


REFUSALS = (
    Refusal(
        "sent again without tags, and tagged",
        [refused(INVALID)],
        ["create A t1", "create A t1 untagged", TAGS.format("profile-1")],
        "intent intent created",
    ),
    Refusal("not in other partitions", [refused(INVALID)], ["create A t1"], "intent refused", AwsError, OWNER),
    Refusal("not of what needs them", [refused(INVALID)], ["create A t1"], "intent refused", AwsError, kind=THING),
    Refusal("not for want of permission", [refused("AccessDenied")], ["create A t1"], "intent refused", AwsError),
    Refusal("not for a limit", [refused(QUOTA)], ["create A t1"], "intent refused", AwsError),
    Refusal(
        "without tags it is refused as well",
        [refused(INVALID), refused(INVALID)],
        ["create A t1", "create A t1 untagged"],
        "intent intent refused",
        AwsError,
    ),
    Refusal(
        "without tags and an answer: found by its key",
        [refused(INVALID), done_unanswered],
        ["create A t1", "create A t1 untagged", TAGS.format("profile-1")],
        "intent intent created",
    ),
    Refusal(
        "refused after three doubts: nothing was made, and that is told",
        [unanswered, unanswered, unanswered, refused(INVALID)],
        ["create A t1"] * 4,
        "intent intent intent intent",
        AwsError,
    ),
    Refusal(
        "refused after two doubts",
        [unanswered, unanswered, refused(INVALID)],
        ["create A t1"] * 3 + ["create A t1 untagged", TAGS.format("profile-1")],
        "intent intent intent intent created",
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
def test_tags_are_refused(case: Refusal, tmp_path: Path) -> None:
    world = World(tmp_path, owner=case.owner)
    world.cloud.script("create", *case.answers)
    assert type(made(world, "A", kind=case.kind)) is (case.error or type(None))
    assert world.cloud.sent == list(case.sent)
    assert " ".join(record.event for record in world.records()) == case.journal
    assert (world.live_state.current("A") is not None) is (case.error is None)
