"""Where a verification goes beside the screen."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.terminal import Terminal
from ocpprov.commands.verification_files import NO_FILES, VerificationFiles, keep
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.report.verified import read_kept
from ocpprov.runs.folder import run_folder
from tests.report.verifications import CLOSED, FLOWS

FOUND = Verification("prod", 1_790_000_000.0, 3.2, [RowResult("NET-VPC", RowStatus.FAIL, ["vpc-1"], "no hunter22")])


def terminal() -> Terminal:
    made = Terminal("ocpprov verify prod.yaml")
    made.keep(SecretTexts({"Word": ["hunter22"]}))
    return made


def test_the_file_of_junit_is_its_owners_without_secrets_and_replaces_a_link(tmp_path: Path) -> None:
    theirs, file = tmp_path / "theirs", tmp_path / "new" / "verify.xml"
    theirs.write_text("theirs")
    file.parent.mkdir()
    file.symlink_to(theirs)
    VerificationFiles(junit=file).write(FOUND, terminal())
    assert theirs.read_text() == "theirs"
    assert not file.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.attrib["message"] for each in parse(file).iter("failure")] == ["no ****"]
    assert [each.name for each in file.parent.iterdir()] == ["verify.xml"]


@pytest.mark.parametrize("option", ["junit", "html"])
def test_a_place_where_it_can_not_be_is_named(tmp_path: Path, option: str) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "verify"
    files = VerificationFiles(junit=place) if option == "junit" else VerificationFiles(page=place)
    with pytest.raises(Refused, match=rf"--{option} .*/file/verify: can't be written: .*; name another file"):
        files.write(FOUND, terminal())


def test_the_page_is_its_owners_and_has_no_secrets(tmp_path: Path) -> None:
    file = tmp_path / "verify.html"
    stopped = replace(FLOWS[1], commands={CLOSED: ["aws hunter22"]})
    VerificationFiles(page=file).write(replace(FOUND, flows=[stopped]), terminal())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "<h1>Verification of prod</h1>" in text
    assert "no ****" in text
    assert "aws ****" in text
    assert "hunter22" not in text


def test_what_is_not_asked_for_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    NO_FILES.write(FOUND, terminal())
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_for_reports_is_read_again_without_secrets(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "prod")
    keep(FOUND, folder, terminal())
    found = read_kept(folder.read(folder.verification))
    assert found
    assert [row["detail"] for row in found.rows] == ["no ****"]
    assert stat.S_IMODE(folder.verification.stat().st_mode) == 0o600


def test_that_nothing_can_be_kept_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".ocpprov").touch()
    keep(FOUND, run_folder(tmp_path, "prod"), terminal())
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path}/.ocpprov/prod/verification.json can't be written (")
    assert said.endswith("); reports won't show these rows\n")
