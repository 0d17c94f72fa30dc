"""An account that is full of other people's things: the same results, and calls that grow by pages only."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import ROOT
from tests.support.crowd import MAKERS

PLAN = str(ROOT / "plans" / "public-3az.yaml")
CROWD: Mapping[str, int] = {"VPCs": 50, "load balancers": 200, "zones": 300, "roles": 800}
GROWTH: Mapping[str, float] = {
    "VPCs": 0.0,
    # Balancers and target groups come in pages of up to 400, their tags in calls of 20.
    "load balancers": 2 / 20 + 2 / 400 + 0.01,
    # Zones come in pages of 100, their tags in calls of 10.
    "zones": 1 / 10 + 1 / 100 + 0.01,
    # Names are enough: a stranger's role is never asked for its tags.
    "roles": 1 / 1000 + 0.01,
}
"""At most so many calls more of a `plan` for each object of others."""
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "first apply": ("apply", "--yes"),
    "plan": ("plan", "--detailed-exitcode"),
    "second apply": ("apply", "--yes"),
    "destroy": ("destroy", "--yes"),
}


@dataclass(frozen=True)
class Life:
    """Calls of each command; those of them that changed something; and what was made, by type."""

    calls: Mapping[str, int]
    changes: Mapping[str, int]
    made: Mapping[str, int]


def _life(user: LocalOperator, aws: LocalAws) -> Life:
    before, made = aws.everything(), {}
    spent: dict[str, list[dict[str, Any]]] = {}
    for name, (verb, *options) in COMMANDS.items():
        aws.clear_calls()
        user.good(verb, PLAN, *options)
        spent[name] = aws.calls()
        if verb == "apply":
            now = aws.everything()
            made = {member: len(set(ids) - set(before[member])) for member, ids in now.items()}
    assert aws.everything() == before
    return Life(
        {name: len(calls) for name, calls in spent.items()},
        # A refused deletion is tried again, which depends on time.
        {name: sum(call["mutating"] and call["status"] < 300 for call in calls) for name, calls in spent.items()},
        made,
    )


def _plan(user: LocalOperator, aws: LocalAws) -> int:
    aws.clear_calls()
    user.run("plan", PLAN)
    return len(aws.calls())


def _growth(user: LocalOperator, aws: LocalAws, share: float) -> dict[str, float]:
    """Fills the account, and says how many calls more a `plan` costs for each object of a sort."""
    calls, growth = _plan(user, aws), {}
    for name, count in CROWD.items():
        objects = int(count * share)
        MAKERS[name](aws.client, objects)
        now = _plan(user, aws)
        # A page that is begun counts as a whole one: in a small crowd that is most of it.
        assert now - calls <= GROWTH[name] * objects + 3, f"{name}: {now - calls} calls more for {objects}"
        growth[name], calls = round((now - calls) / objects, 3), now
    return growth


def test_others_things_cost_pages_only(user: LocalOperator, aws: LocalAws) -> None:
    assert set(_growth(user, aws, 0.1)) == set(CROWD)


@pytest.mark.torture
def test_others_things_change_no_result(user: LocalOperator, aws: LocalAws, capsys: pytest.CaptureFixture[str]) -> None:
    alone = _life(user, aws)
    growth = _growth(user, aws, 1.0)
    crowded = _life(user, aws)
    assert (crowded.changes, crowded.made) == (alone.changes, alone.made)
    with capsys.disabled():
        sys.stdout.write(f"\ncalls alone {alone.calls}, among {dict(CROWD)} {crowded.calls}, more {growth}\n")
