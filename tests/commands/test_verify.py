"""What `verify` tells where a file that was asked for can't be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocpprov.checks.verification import RowResult, RowStatus
from ocpprov.checks.verification_record import Verification
from ocpprov.commands import verify as command
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.options import Options
from ocpprov.commands.verification_files import VerificationFiles
from ocpprov.commands.verify import verify
from tests.support.in_process import Words

FOUND = Verification("prod", 0.0, 1.0, [RowResult("NET-VPC", RowStatus.FAIL, detail="it is gone", remedy="apply")])


def told(monkeypatch: pytest.MonkeyPatch, junit: Path, *, as_json: bool = False) -> tuple[Words, Any]:
    """What is said, and how it ends."""
    words = Words()
    monkeypatch.setattr(command, "_of_plan", lambda *_: FOUND)
    try:
        return words, verify(Options(as_json=as_json), words, files=VerificationFiles(junit))
    except Refused as error:
        return words, str(error)


def test_what_was_found_is_told_though_its_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, ended = told(monkeypatch, tmp_path)
    assert ended == f"--junit {tmp_path}: can't be written: Is a directory; name another file"
    assert words.said[-1] == "not as it should be: 1 of 1 requirements fail"


def test_programs_get_the_refusal_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words, ended = told(monkeypatch, tmp_path, as_json=True)
    assert (words.said, str(ended)[:7]) == ([], "--junit")
    words, ended = told(monkeypatch, tmp_path / "verify.xml", as_json=True)
    assert (ended, json.loads(words.said[0])["ok"]) == (ExitCode.FAILED, False)
    assert (tmp_path / "verify.xml").exists()
