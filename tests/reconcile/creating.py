"""What the tests of creating share."""

from __future__ import annotations

from typing import Any

from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.create import create
from tests.reconcile.things import KINDS, Profile, Rule, Zone
from tests.reconcile.world import THING, World, outcome, step_of, wanted

EXISTS, MISMATCH, QUOTA = "InvalidGroup.Duplicate", "IdempotentParameterMismatch", "VpcLimitExceeded"

INVALID = "InvalidParameterValue"

WINDOW = 1 + 2 + 3 + 5 + 8 + 13

ZONE, PROFILE, RULE = KINDS[Zone.type], KINDS[Profile.type], KINDS[Rule.type]


def made(world: World, *logical_ids: str, kind: Kind = THING, **properties: Any) -> BaseException | None:
    """Create them in one batch."""
    steps = [step_of(wanted(kind, logical_id, **properties)) for logical_id in logical_ids]
    return outcome(lambda: create(kind, steps, world.context))


TAGS = "tag {} +plan +resource +revision +run"
