"""Which word of `outputs` is a file, and which an output."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.options import Options
from ocpprov.commands.outputs import _told_apart


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One with a file whose name could be an output's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Here").touch()


@pytest.mark.parametrize(
    ("plan", "name", "file", "output"),
    [
        ("VpcId", "", None, "VpcId"),
        ("Here", "", "Here", ""),
        ("lab.yaml", "", "lab.yaml", ""),
        ("x/VpcId", "", "x/VpcId", ""),
        ("Vpc-Id", "", "Vpc-Id", ""),
        ("Plan", "VpcId", "Plan", "VpcId"),
        (None, "", None, ""),
    ],
)
def test_a_single_word_that_is_no_file_is_an_output(plan: str | None, name: str, file: str | None, output: str) -> None:
    told, wanted = _told_apart(Options(plan=Path(plan) if plan else None), name)
    assert (told, wanted) == (Options(plan=Path(file) if file else None), output)
