"""What earlier versions wrote must mean the same for ever: nothing is planned on it, and its journal is understood."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ocpprov.engine.actions import Verb
from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load_file
from ocpprov.runs.journal import Journal, read

FORMAT_1 = Path(__file__).parent / "fixtures" / "format_1"


def _inventory() -> Inventory:
    lives: dict[str, list[Live]] = {}
    for row in json.loads((FORMAT_1 / "inventory.json").read_text()):
        live = Live(**{**row, "state": State(row["state"])})
        lives.setdefault(live.type, []).append(live)
    return Inventory(lives)


def test_what_format_1_made_gets_the_tags_of_format_2_and_nothing_else_is_planned() -> None:
    # What that version rendered, because the openshift section makes more today.
    plan = load_file(FORMAT_1 / "rendered.yaml", Inputs(KINDS))
    owner = Owner(plan.name, plan.region, "123456789012", "another-run", plan.cluster)
    actions = make_actions(build(plan.resources, KINDS), _inventory(), owner, KINDS)
    assert {action.verb for action in actions.actions} == {Verb.KEEP, Verb.UPDATE}
    assert len(actions.actions) == 87
    assert {change.property for action in actions.changes for change in action.changes} == {
        "Tags.ocpprov:bound",
        "Tags.ocpprov:revision",
    }
    assert (list(actions.others), list(actions.unproven), list(actions.problems)) == ([], [], [])


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
