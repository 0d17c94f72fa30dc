"""What earlier versions wrote must mean the same for ever: nothing is planned on it, and its journal is understood."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from ocpprov.engine.actions import Verb
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import BOUND, RESOURCE, REVISION, claimed_by
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.proofs import places_given
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.plan.model import Plan
from ocpprov.runs.journal import Journal, read

FORMAT_1 = Path(__file__).parent / "fixtures" / "format_1"
FORMAT_2 = Path(__file__).parent / "fixtures" / "format_2"
OWN_NETWORK, EXISTING_NETWORK = FORMAT_2 / "own_network", FORMAT_2 / "existing_network"


def _inventory(folder: Path) -> Inventory:
    lives: dict[str, list[Live]] = {}
    for row in json.loads((folder / "inventory.json").read_text()):
        live = Live(**{**row, "state": State(row["state"])})
        lives.setdefault(live.type, []).append(live)
    return Inventory(lives)


def _owner(plan: Plan) -> Owner:
    tags = plan.user_tags
    return Owner(plan.name, plan.region, "123456789012", "another-run", plan.cluster, plan.id, tags, plan.protect)


def test_what_format_1_made_gets_the_tags_of_format_2_and_nothing_else_is_planned() -> None:
    # What that version rendered, because the openshift section makes more today.
    plan = load_file(FORMAT_1 / "rendered.yaml", Inputs(KINDS))
    owner = Owner(plan.name, plan.region, "123456789012", "another-run", plan.cluster)
    actions = make_actions(build(plan.resources, KINDS), _inventory(FORMAT_1), owner, KINDS)
    assert {action.verb for action in actions.actions} == {Verb.KEEP, Verb.UPDATE}
    assert len(actions.actions) == 87
    assert {change.property for action in actions.changes for change in action.changes} == {
        "Tags.ocpprov:bound",
        "Tags.ocpprov:revision",
    }
    assert (list(actions.others), list(actions.unproven), list(actions.problems)) == ([], [], [])


@pytest.mark.parametrize(
    ("folder", "kept", "given", "others"),
    [pytest.param(OWN_NETWORK, 47, 2, 0, id="own"), pytest.param(EXISTING_NETWORK, 79, 1, 3, id="existing")],
)
def test_what_format_2_made_is_known_by_its_tags_alone(folder: Path, kept: int, given: int, others: int) -> None:
    """Without a journal: nothing to do, and nothing to ask; and all of it goes with a destroy. `given`: ids of networks
    that the plan names; `others`: associations in an existing one."""
    plan, inventory = load_file(folder / "plan.yaml", Inputs(KINDS)), _inventory(folder)
    actions = make_actions(build(plan.resources, KINDS), inventory, _owner(plan), KINDS)
    assert Counter(action.verb for action in actions.actions) == {Verb.KEEP: kept}
    assert (len(actions.others), list(actions.unproven), list(actions.problems)) == (others, [], [])
    assert len(places_given(inventory, KINDS, _owner(plan))) == given
    ours = {(live.type, live.id) for live in inventory if claimed_by(live, _owner(plan))}
    gone = make_actions(Graph({}, {}), inventory, _owner(plan), KINDS)
    assert ours <= {(action.type, action.id) for action in gone.actions if action.verb is Verb.DELETE}
    assert (list(gone.unproven), list(gone.problems)) == ([], [])


def test_format_2_is_frozen_for_every_type_with_tags() -> None:
    """Rules share theirs, existing subnets have a mark, and a zone's reference abbreviates a long logical id."""
    lives = [live for folder in (OWN_NETWORK, EXISTING_NETWORK) for live in _inventory(folder)]
    tagged = {live.type for live in lives if BOUND in live.tags or live.claim}
    assert tagged == {type for type, kind in KINDS.items() if kind.identity in (Identity.TAGS, Identity.SHARED_TAGS)}
    assert {live.tags[REVISION][:2] for live in lives if REVISION in live.tags} == {"2-"}
    assert [live.claim[RESOURCE] for live in lives if "-" in live.claim.get(RESOURCE, "")] == [
        "TheZoneOfAllThatTheMachi-687abdb5c049"
    ]


def test_the_journal_of_format_2_is_understood() -> None:
    records = list(read(OWN_NETWORK / "journal.jsonl"))
    assert Counter(record.event for record in records) == {"intent": 47, "created": 47}
    assert {record.where for record in records} == {"123456789012/eu-west-1"}
    assert {record.revision[:2] for record in records} == {"2-"}
    made = {(record.type, record.id) for record in records if record.event == "created"}
    assert made <= {(live.type, live.id) for live in _inventory(OWN_NETWORK)}


def test_the_journal_of_format_1_is_understood(tmp_path: Path) -> None:
    records = list(read(FORMAT_1 / "journal.jsonl"))
    assert {record.event for record in records} == {"intent", "created"}
    copy = tmp_path / "journal.jsonl"
    shutil.copy(FORMAT_1 / "journal.jsonl", copy)
    first = records[0]
    journal = Journal(copy)
    assert journal.in_doubt(first.type, first.resource, first.revision) is None
    journal.close()


def test_a_torn_journal_line_is_passed_over_and_its_intent_kept(tmp_path: Path) -> None:
    lines = (FORMAT_1 / "journal.jsonl").read_text().splitlines(keepends=True)
    intent = next(line for line in lines if '"event":"intent"' in line)
    copy = tmp_path / "journal.jsonl"
    copy.write_text(intent + lines[1][:20])
    row = json.loads(intent)
    journal = Journal(copy)
    doubted = journal.in_doubt(row["type"], row["resource"], row["revision"])
    assert doubted is not None
    assert doubted.token == row["token"]
    journal.write(doubted)
    journal.close()
    assert len(list(read(copy))) == 2
