"""What a worker says that it reaches, which plans it takes, and how it runs them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from ocpprov import __version__
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, OnRetry, RunTarget
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_child import Children
from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.commands.fleet_task import MemberTask, ReachedRegion
from ocpprov.commands.fleet_worker import Station, WorkerRequest, fleet_worker
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal

OWN, OTHER = "123456789012", "210987654321"
LAB = ReachedRegion(OWN, "eu-west-1")
SCHEDULER = Scheduler("tls://centre:8786", Path("ca"), Path("cert"), Path("key"))
TASK = MemberTask("attempt", "stop", "lab", LAB, "apply", "name: lab\n", ["--yes"], __version__)
ECHO = ("sh", "-c", 'for word in "$0" "$@"; do echo "{\\"event\\": \\"$word\\"}"; done')


def station(folder: Path) -> Station:
    """One whose program tells the words that it is given."""
    return Station("bastion", [LAB], 2, folder, environ={"PATH": os.environ["PATH"]}, children=Children(ECHO))


def words(of: Station, task: MemberTask = TASK) -> list[str]:
    """What its program is given."""
    rows: list[Mapping[str, Any]] = []
    assert of.run(task, rows.append)["code"] == 0
    return [str(row["event"]) for row in rows]


def test_a_plan_is_written_down_for_its_owner_and_run_there(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    assert words(station(tmp_path)) == [
        *("apply", str(file), "--json", "--dir", str(tmp_path), "--concurrency", "16"),
        "--yes",
    ]
    assert file.read_text() == "name: lab\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["lab.yaml"]


def test_a_bastion_s_own_settings_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "lab.parameters.json").write_text("{}")
    own = replace(station(tmp_path), profile="lab", sandbox=True, insecure_endpoint=True, concurrency=3)
    assert words(own)[5:] == [
        *("--concurrency", "3", "--profile", "lab", "--parameters", str(tmp_path / "lab.parameters.json")),
        *("--sandbox", "--insecure-endpoint", "--yes"),
    ]


def test_a_plan_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").mkdir()
    end = station(tmp_path).run(TASK, lambda row: None)
    assert end["code"] == ExitCode.REFUSED
    assert "can't be written" in end["problems"][0]["detail"]


def test_no_link_is_followed_to_a_plan(tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").symlink_to(tmp_path / "elsewhere")
    station(tmp_path).run(TASK, lambda row: None)
    assert (tmp_path / "lab.yaml").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "lab.yaml").is_symlink()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("task", "why"),
    [
        (TASK, None),
        (replace(TASK, version="0"), f"ocpprov is {__version__} there, and 0 here"),
        (replace(TASK, reach=ReachedRegion(OTHER, "eu-west-1")), f"doesn't reach account {OTHER} in eu-west-1"),
    ],
)
def test_what_it_does_not_take_is_told(task: MemberTask, why: str | None, tmp_path: Path) -> None:
    problem = station(tmp_path).why_not(task)
    assert (problem and problem.detail) == why


def test_one_that_is_ending_takes_none(tmp_path: Path) -> None:
    ending = station(tmp_path)
    ending.children.end_all()
    assert "is being stopped" in str(ending.why_not(TASK))


def reached(asked: list[RunTarget]) -> Callable[..., Any]:
    @contextmanager
    def connector(
        target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
    ) -> Iterator[Connection]:
        asked.append(target)
        yield cast(Connection, SimpleNamespace(owner=SimpleNamespace(account=OWN)))

    return connector


def stations(accounts: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[Station], str]:
    """The stations that a worker for two regions becomes, and what it says before."""
    served: list[Station] = []

    def serve(station: Station, scheduler: Scheduler, say: Callable[[str], None]) -> ExitCode:
        assert scheduler == SCHEDULER
        served.append(station)
        return ExitCode.DONE

    asked: list[RunTarget] = []
    request = WorkerRequest(SCHEDULER, ["eu-west-1", "eu-north-1"], accounts, 2)
    options = Options(directory=folder / "new", profile="lab", concurrency=3, sandbox=True, insecure_endpoint=True)
    terminal = Terminal("ocpprov fleet-worker")
    assert fleet_worker(request, options, terminal, serve, reached(asked), {"HOME": "/"}) is ExitCode.DONE
    assert [(each.region, each.scope.services) for each in asked] == [
        (region, frozenset({"ec2", "elbv2", "sts"})) for region in request.regions
    ]
    return served, capsys.readouterr().err


def test_it_looks_at_each_region_and_says_what_it_reaches(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [served], said = stations([], tmp_path, capsys)
    assert served.reaches == [ReachedRegion(OWN, "eu-west-1"), ReachedRegion(OWN, "eu-north-1")]
    assert (served.at_once, served.profile, served.concurrency, served.insecure_endpoint) == (2, "lab", 3, True)
    assert served.sandbox
    assert (served.folder, served.environ) == (tmp_path / "new", {"HOME": "/"})
    assert stat.S_IMODE(served.folder.stat().st_mode) == 0o700
    assert said.splitlines() == [f"reached: account {OWN} in {region}" for region in ("eu-west-1", "eu-north-1")]


def test_an_account_besides_its_own_is_said_to_be_believed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [served], said = stations([OWN, OTHER], tmp_path, capsys)
    assert ReachedRegion(OTHER, "eu-north-1") in served.reaches
    assert f"not looked at: account {OTHER} in eu-north-1" in said


def test_credentials_of_another_account_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Refused, match=rf"^--account {OTHER}: these credentials belong to account {OWN}; "):
        stations([OTHER], tmp_path, capsys)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new").write_text(json.dumps({}))
    with pytest.raises(Refused, match=r"can't be made: File exists; give another --dir"):
        stations([], tmp_path, capsys)
