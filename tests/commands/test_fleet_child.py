"""A member's run as a process of its own: what it says, how it ends, and that it ends when nobody holds it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands import fleet_child
from ocpprov.commands.fleet_child import Child, Children

SHELL = ("sh", "-c")


def run(script: str, folder: Path, verb: str = "apply") -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    """The end and the rows of a shell script that stands for the program; `$0` is its verb."""
    rows: list[Mapping[str, Any]] = []
    child = Child([verb], folder, {"PATH": os.environ["PATH"], "WHAT": "own"})
    return Children([*SHELL, script]).run("one", child, rows.append), rows


def test_events_and_words_are_heard_and_the_code_is_told(tmp_path: Path) -> None:
    end, rows = run('echo "{\\"event\\": \\"ready\\"}"; echo no json; echo said >&2; exit 2', tmp_path)
    assert (end["code"], end["problems"]) == (2, [])
    assert {"event": "ready"} in rows
    assert [row["reason"] for row in rows if row["event"] == "note"] == ["said"]
    assert len(rows) == 2


def test_it_runs_in_its_folder_with_its_environment_in_a_session_of_its_own(tmp_path: Path) -> None:
    _, rows = run('echo "{\\"event\\": \\"$PWD $WHAT $0 $(ps -o sid= $$)\\"}"', tmp_path)
    folder, what, verb, session = str(rows[0]["event"]).split()
    assert (folder, what, verb) == (str(tmp_path), "own", "apply")
    assert int(session) != os.getsid(0)


def test_a_plan_is_one_document(tmp_path: Path) -> None:
    end, [row] = run('echo "{"; echo "\\"plan\\": \\"lab\\"}"', tmp_path, "plan")
    assert (end["code"], row["event"], row["plan"]) == (0, "planned", "lab")


def test_errors_of_a_plan_are_problems(tmp_path: Path) -> None:
    error = '{\\"errors\\": [{\\"place\\": \\"a\\", \\"detail\\": \\"b\\", \\"remedy\\": \\"c\\"}]}'
    end, rows = run(f'echo "{error}"; exit 2', tmp_path, "plan")
    assert (end["code"], end["problems"], rows) == (2, [{"where": "a", "detail": "b", "remedy": "c"}], [])


def test_a_process_that_is_killed_is_told(tmp_path: Path) -> None:
    end, _ = run("kill -9 $$", tmp_path)
    assert end["code"] == -9
    assert "signal 9" in end["problems"][0]["detail"]


def test_one_that_ends_before_it_heeds_the_wish_was_interrupted(tmp_path: Path) -> None:
    end, _ = run("kill -15 $$", tmp_path)
    assert (end["code"], end["problems"][0]["detail"]) == (130, "interrupted")


def test_a_program_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    end = Children(["/no/such/program"]).run("one", Child(["apply"], tmp_path, {}), lambda row: None)
    assert end["code"] == 1
    assert "can't be started: No such file" in end["problems"][0]["detail"]


@pytest.mark.parametrize("all_of_them", [False, True])
def test_the_end_of_its_stdin_is_the_wish_that_it_ends(all_of_them: bool, tmp_path: Path) -> None:
    children, ends = Children([*SHELL, 'echo "{\\"event\\": \\"on\\"}"; cat; exit 130']), []
    begun = threading.Event()
    child = Child(["apply"], tmp_path, {"PATH": os.environ["PATH"]})
    thread = threading.Thread(target=lambda: ends.append(children.run("one", child, lambda row: begun.set())))
    thread.start()
    assert begun.wait(10)
    assert not children.ended("one", 0.0)
    children.end("another")
    assert not children.ended("one", 0.05)
    if all_of_them:
        children.end_all()
        children.wait()
    else:
        children.end("one")
    assert children.ended("one", 10)
    thread.join()
    assert [each["code"] for each in ends] == [130]
    assert children.ending is all_of_them


def test_one_that_is_not_wanted_any_more_ends(tmp_path: Path) -> None:
    asked: list[str] = []

    def unwanted() -> bool:
        asked.append("")
        return len(asked) == 3

    child = Child(["apply"], tmp_path, {"PATH": os.environ["PATH"]})
    end = Children([*SHELL, "cat; exit 130"], look_up=0.01).run("one", child, lambda row: None, unwanted)
    assert (end["code"], len(asked)) == (130, 3)


def test_none_stays_that_begins_after_the_wish(tmp_path: Path) -> None:
    children = Children([*SHELL, "cat; exit 130"])
    children.end_all()
    child = Child(["apply"], tmp_path, {"PATH": os.environ["PATH"]})
    assert children.run("one", child, lambda row: None)["code"] == 130


def test_what_a_process_has_left_behind_holds_nobody_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It has the streams of the one that started it, as an agent may that gives credentials."""
    monkeypatch.setattr(fleet_child, "_LAST_WORDS", 0.2)
    began = time.monotonic()
    end, rows = run('sleep 8 & echo "{\\"event\\": \\"ready\\"}"; exit 3', tmp_path)
    assert time.monotonic() - began < 5
    assert end["code"] == 3
    assert {"event": "ready"} in rows


def test_a_process_whose_events_nobody_takes_is_ended(tmp_path: Path) -> None:
    def full(row: Mapping[str, Any]) -> None:
        raise RuntimeError("no room")

    children = Children([*SHELL, 'echo "{}"; cat'])
    with pytest.raises(RuntimeError, match="no room"):
        children.run("one", Child(["apply"], tmp_path, {"PATH": os.environ["PATH"]}), full)
    assert children.ended("one", 0)
