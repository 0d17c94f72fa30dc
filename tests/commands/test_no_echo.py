"""What a run shows and keeps has no values of parameters with NoEcho, neither the plan's nor those that were there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from ocpprov.commands.no_echo import NOTED, HidingView, all_secrets, secret_properties, without_secrets
from ocpprov.engine.actions import Action, Actions, Change, Verb
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.graph import Graph
from ocpprov.engine.resources import Resource
from ocpprov.engine.secret_texts import MASK, SecretTexts
from ocpprov.runs.folder import RunFolder
from tests.engine.planning import OWNER, ROLE, live

SECRET: Final = "correct horse"
SECRETS: Final = SecretTexts({"Password": [SECRET]})


def _changing(*changes: Change) -> Actions:
    return Actions(OWNER, Graph({}, {}), [Action("Role", ROLE, Verb.UPDATE, "lab", changes)], [], {})


def _folder(path: Path, noted: object = None) -> RunFolder:
    path.chmod(0o700)
    folder = RunFolder(path)
    if noted is not None:
        folder.last_plan.write_text(json.dumps({NOTED: noted}))
        folder.last_plan.chmod(0o600)
    return folder


class _Seen:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed = False

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        self.closed = True


def test_a_view_is_told_everything_but_them() -> None:
    seen = _Seen()
    view = HidingView(seen, SECRETS)
    view.emit(Event(EventKind.FAILED, 1.0, f"Role {SECRET}", ROLE, SECRET, {"reason": [f"no {SECRET}"], "code": 7}))
    view.close()
    assert seen.events == [
        Event(EventKind.FAILED, 1.0, f"Role {MASK}", ROLE, MASK, {"reason": [f"no {MASK}"], "code": 7})
    ]
    assert seen.closed


def test_what_stands_there_today_in_place_of_one_is_one_too(tmp_path: Path) -> None:
    actions = _changing(Change("Description", "older horse", SECRET), Change("Path", "/open/path/", "/other/path/"))
    secrets = all_secrets(SECRETS, actions, [], _folder(tmp_path))
    assert [secrets.hides(text) for text in (SECRET, "older horse", "/open/path/")] == [True, True, False]


def test_of_what_the_plan_no_longer_has_the_folder_knows_which_properties_had_one(tmp_path: Path) -> None:
    role = live(ROLE, "lab", "Role", {"Description": "older horse", "Path": "/open/path/"})
    other = live(ROLE, "lab2", "Other", {"Description": "free to read"})
    folder = _folder(tmp_path, {"Role": ["Description"]})
    secrets = all_secrets(SECRETS, _changing(), [role, other], folder)
    assert [secrets.hides(text) for text in ("older horse", "/open/path/", "free to read")] == [True, False, False]


def test_the_note_is_of_the_plans_properties_and_of_those_that_it_no_longer_has(tmp_path: Path) -> None:
    resources = {
        "Role": Resource("Role", ROLE, {"Description": f"say {SECRET}", "Path": "/open/path/"}),
        "Plain": Resource("Plain", ROLE, {"Path": "/open/path/"}),
    }
    folder = _folder(tmp_path, {"Role": ["Path"], "Gone": ["Description"], "Odd": "text"})
    noted = secret_properties(Graph(resources, {}), SECRETS, folder)
    assert noted == {"Gone": ["Description"], "Role": ["Description"]}
    assert secret_properties(Graph(resources, {}), SECRETS, _folder(tmp_path, ["no note"])) == {"Role": ["Description"]}


def test_a_change_to_one_shows_neither_side() -> None:
    plain = Change("Path", "/a/", "/b/")
    shown = without_secrets(
        _changing(
            Change("Description", "older", SECRET),
            Change("Description", None, SECRET),
            Change("Description", SECRET, "newer"),
            plain,
        ),
        SECRETS,
    )
    assert list(shown.actions[0].changes) == [
        Change("Description", MASK, MASK),
        Change("Description", None, MASK),
        Change("Description", MASK, "newer"),
        plain,
    ]
