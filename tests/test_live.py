"""The first real run begins nothing by mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from live.__main__ import QUESTIONS, main
from ocpprov.sandbox import testing

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "arguments", [[], ["--region", "eu-west-1"], ["--account", "12", "--region", "eu-west-1"], ["--account", "1" * 12]]
)
def test_without_an_account_and_a_region_it_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "--account" in capsys.readouterr().err


def test_in_another_account_or_unconfirmed_nothing_is_changed(tmp_path: Path) -> None:
    with testing.sandbox() as running:
        environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": running.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        for account, words in (("999999999999", "not of 999999999999"), ("123456789012", "not confirmed")):
            command = [sys.executable, "-m", "live", "--account", account, "--region", "eu-west-1"]
            done = subprocess.run(
                command, cwd=tmp_path, env=environ, input="", capture_output=True, text=True, timeout=60, check=False
            )
            assert done.returncode == 2
            assert words in done.stderr
        assert [call for call in running.admin().calls() if call["mutating"]] == []
    assert list(tmp_path.iterdir()) == []


def test_every_question_names_a_module_that_there_is_and_is_asked_once() -> None:
    assert [question.name for question in QUESTIONS if not (ROOT / question.matters).is_file()] == []
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS) >= 30
