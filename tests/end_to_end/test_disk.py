"""A disk that takes nothing is noticed before anything is sent to AWS.

A file in the place of a folder, and a folder in the place of a file, stop also those whom no mode stops.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from ocpprov.aws.calls import CallRecord
from ocpprov.commands.call_log import CallLog
from ocpprov.sandbox.admin import SandboxAdmin
from tests.end_to_end.one_of_each import PLAN, RESOURCES
from tests.end_to_end.world import ROOT, Operator


def _file_for_folder(home: Path) -> None:
    (home / ".ocpprov").write_text("")


def _folder_for(name: str) -> Callable[[Path], None]:
    def make(home: Path) -> None:
        (home / ".ocpprov" / "prod" / name).mkdir(parents=True)

    return make


def _file_for_state(home: Path) -> None:
    (home / "state").mkdir()
    (home / "state" / "ocpprov").write_text("")


BROKEN: Final = {
    "folder": (_file_for_folder, ".ocpprov"),
    "journal": (_folder_for("journal.jsonl"), "journal.jsonl"),
    "log": (_folder_for("log.jsonl"), "log.jsonl"),
    "last plan": (_folder_for("plan.json"), "plan.json"),
    "lock": (_file_for_state, "state/ocpprov"),
}


@pytest.fixture
def here(operator: Operator, admin: SandboxAdmin) -> Operator:
    """An operator with a plan and a state directory of their own."""
    (operator.folder / "plan.json").write_text(json.dumps({**PLAN, "Resources": {"Vpc": RESOURCES["Vpc"]}}))
    admin.clear_calls()
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return Operator(operator.url, operator.folder, {"XDG_STATE_HOME": str(operator.folder / "state"), **credentials})


@pytest.mark.parametrize("place", BROKEN)
def test_what_cannot_be_written_is_named_and_nothing_is_sent(here: Operator, admin: SandboxAdmin, place: str) -> None:
    breaks, named = BROKEN[place]
    breaks(here.folder)
    refused = here.run("apply", "plan.json", "--yes")
    assert refused.code == 2, refused.err
    assert named in refused.err
    assert "nothing was sent" in refused.err
    assert "Traceback" not in refused.err
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []


def test_a_disk_that_is_full_is_named_and_nothing_is_sent(here: Operator, admin: SandboxAdmin) -> None:
    """A file that may not grow behaves as one on a full disk."""
    limited = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
        "sys.argv = ['ocpprov', 'apply', 'plan.json', '--yes']; runpy.run_module('ocpprov', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited],
        cwd=here.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "AWS_ENDPOINT_URL": here.url, **here.environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "File too large; nothing was sent" in done.stderr
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []


def test_a_disk_that_fills_up_ends_the_run_and_the_next_one_goes_on(here: Operator, admin: SandboxAdmin) -> None:
    # A balancer would be waited for, which tells nothing about disks.
    there = {name: each for name, each in RESOURCES.items() if "Balancer" not in json.dumps({name: each})}
    (here.folder / "plan.json").write_text(json.dumps({**PLAN, "Resources": there}))
    process = here.start("apply", "plan.json", "--yes")
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (6_500, 6_500))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "can't be written" in said
    sent = [call["operation"] for call in admin.calls() if call["mutating"]]
    assert len(sent) < 30
    assert here.run("apply", "plan.json", "--yes").code == 0
    shutil.rmtree(here.folder / ".ocpprov")
    admin.clear_calls()
    assert here.run("apply", "plan.json", "--yes").code == 0
    assert [call["operation"] for call in admin.calls() if call["mutating"]] == []


def test_a_log_that_takes_nothing_more_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    log = CallLog(said.append)
    os.mkfifo(tmp_path / "log")
    reader = os.open(tmp_path / "log", os.O_RDONLY | os.O_NONBLOCK)
    log.open(tmp_path / "log", "run")
    os.close(reader)
    for _ in range(3):
        log.add(0.0, CallRecord("ec2", "DescribeVpcs", False, "eu-west-1", "", 200, "", 0.1, 1))
    assert said == ["the log can't be written any more (Broken pipe); the run goes on without"]
