"""`report`, from what the run folder has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.report import report
from ocpprov.commands.terminal import Terminal
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.runs.private_files import Untrusted
from tests.report.runs import BEGAN, EVENTS, HEAD, RUN

LATER = "20260103T000000Z.aaaaaaaa.2.00000000"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.chdir(tmp_path)
    made = run_folder(tmp_path, "lab")
    made.create()
    rows = [{"run": RUN, "event": "begun", "time": BEGAN, "detail": HEAD.document()}]
    rows += [{"run": RUN, "event": each.event, "time": each.time, "detail": dict(each.detail)} for each in EVENTS]
    made.write_text(made.events, "".join(f"{json.dumps(row)}\n" for row in rows))
    record = {"event": "created", "time": BEGAN + 9999, "run": LATER, "resource": "Net", "type": "AWS::EC2::VPC"}
    made.write_text(made.journal, json.dumps(record) + "\n")
    call = {
        "time": BEGAN,
        "run": RUN,
        "service": "ec2",
        "operation": "CreateVpc",
        "mutating": True,
        "request_id": "q-1",
    }
    made.write_text(made.log, json.dumps(call) + "\n")
    made.write(made.preflight, {"time": BEGAN, "checks": [{"id": "zones", "status": "pass", "detail": "three"}, 7]})
    made.write(made.last_plan, {"name": "lab", "region": "eu-west-1", "applied": 2})
    return made


def asked(folder: RunFolder, word: str | None = "lab", run: str = RUN, output: Path | None = None) -> None:
    options = Options(plan=Path(word) if word else None, directory=folder.path.parents[1])
    assert report(options, Terminal("ocpprov report"), run, output) == 0


def test_it_lies_in_the_run_folder_for_its_owner_alone(folder: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    asked(folder)
    path = folder.path / f"report-{RUN}.html"
    assert capsys.readouterr().out == f"{path}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert all(each in text for each in ("<h1>Apply of lab</h1>", "q-1", ">three<", "Topology of lab"))


def test_it_is_the_same_again_any_time(folder: RunFolder) -> None:
    asked(folder)
    before = (folder.path / f"report-{RUN}.html").read_bytes()
    asked(folder)
    assert (folder.path / f"report-{RUN}.html").read_bytes() == before


def test_it_goes_where_it_is_wanted(folder: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked(folder, output=tmp_path / "new" / "page.html")
    assert capsys.readouterr().out == f"{tmp_path / 'new' / 'page.html'}\n"
    assert (tmp_path / "new" / "page.html").stat().st_mode & 0o777 == 0o600
    assert not list(folder.path.glob("*.html"))


@pytest.mark.parametrize(("run", "expected"), [("", LATER), ("20260102", RUN), (RUN, RUN), ("20260103T", LATER)])
def test_the_last_run_or_the_one_that_begins_so(folder: RunFolder, run: str, expected: str) -> None:
    asked(folder, run=run)
    assert [each.name for each in folder.path.glob("*.html")] == [f"report-{expected}.html"]


def test_an_earlier_versions_run_has_the_plans_name(folder: RunFolder) -> None:
    asked(folder, run=LATER)
    text = (folder.path / f"report-{LATER}.html").read_text()
    assert "<h1>A run of lab</h1>" in text
    assert "This run kept no picture." in text


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("2", f"--run 2: several runs begin so; write one of {RUN}, {LATER}"),
        ("x\x1b", rf"--run x\x1b: no run begins so; write one of {RUN}, {LATER}"),
    ],
)
def test_a_run_that_is_none_or_several(folder: RunFolder, run: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(folder, run=run)
    assert str(refused.value) == said


def test_without_a_plan_it_is_the_one_last_applied(folder: RunFolder, tmp_path: Path) -> None:
    other = run_folder(tmp_path, "other")
    other.create()
    other.write(other.last_plan, {"name": "other", "region": "eu-west-1", "applied": 1})
    asked(folder, None)
    assert len(list(folder.path.glob("*.html"))) == 1
    other.write(other.last_plan, {"name": "other", "region": "eu-west-1", "applied": 3})
    with pytest.raises(Refused, match=r"^no run of plan other is known in this folder; "):
        asked(folder, None)


def test_nothing_was_applied(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^nothing was applied from this folder; "):
        report(Options(directory=tmp_path), Terminal(""), "", None)


def test_a_plan_file_names_the_plan(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "lab").write_text("name: lab\nregion: eu-west-1\nResources: {Box: {Type: AWS::S3::Bucket}}\n")
    asked(folder)
    assert (folder.path / f"report-{RUN}.html").exists()


def test_what_others_may_have_written_is_not_read(folder: RunFolder) -> None:
    folder.events.chmod(0o666)
    with pytest.raises(Untrusted):
        asked(folder)


def test_a_place_that_takes_nothing_is_told(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused) as refused:
        asked(folder, output=tmp_path / "file" / "page.html")
    assert str(refused.value).startswith(f"{tmp_path / 'file' / 'page.html'}: can't be written: ")


def test_the_command_line_reaches_it(folder: RunFolder) -> None:
    shown = CliRunner().invoke(main, ["report", "lab", "--run", RUN, "--output", "page.html"])
    assert (shown.exit_code, shown.output) == (0, "page.html\n")
