"""The plan file of a command line without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.last_applied import noted, with_last_applied, with_only_applied
from ocpprov.commands.options import Options


def note(directory: Path, name: str, **content: object) -> None:
    folder = directory / ".ocpprov" / name
    folder.mkdir(parents=True, mode=0o700)
    (folder / "plan.json").write_text(json.dumps({"name": name, "region": "eu-west-1", **content}))


def test_a_file_that_is_named_is_taken(tmp_path: Path) -> None:
    given = Options(plan=Path("other.yaml"), directory=tmp_path)
    note(tmp_path, "lab", file="lab.yaml", applied=1.0)
    assert with_last_applied(given, pytest.fail) is given
    assert with_only_applied(given, pytest.fail) is given


def test_of_several_a_question_takes_the_last_and_a_change_none(tmp_path: Path) -> None:
    note(tmp_path, "lab", file="lab.yaml", applied=2.0)
    note(tmp_path, "prod", file="p/prod.yaml", applied=1.0)
    note(tmp_path, "old")
    said: list[str] = []
    given = Options(directory=tmp_path)
    assert with_last_applied(given, said.append).plan == tmp_path / "lab.yaml"
    assert said == [f"plan file: {tmp_path / 'lab.yaml'} (last applied from this folder)"]
    with pytest.raises(Refused) as refused:
        with_only_applied(given, pytest.fail)
    assert str(refused.value) == (
        f"PLAN: several plans were applied from this folder: lab ({tmp_path / 'lab.yaml'}), "
        f"prod ({tmp_path / 'p' / 'prod.yaml'}); name the file of one"
    )


def test_the_only_one_is_taken_and_none_is_refused(tmp_path: Path) -> None:
    for chosen in (with_last_applied, with_only_applied):
        with pytest.raises(Refused, match=r"^PLAN: no plan file is named, and none was applied from this folder; name"):
            chosen(Options(directory=tmp_path), pytest.fail)
    note(tmp_path, "lab", file="lab.yaml", applied="?")
    assert with_only_applied(Options(directory=tmp_path), lambda _: None).plan == tmp_path / "lab.yaml"


def test_a_file_is_noted_by_its_way_from_the_folder(tmp_path: Path) -> None:
    assert noted(Options(plan=tmp_path / "x" / "lab.yaml", directory=tmp_path / "runs")) == "../x/lab.yaml"
    assert noted(Options(plan=Path("lab.yaml"))) == "lab.yaml"
