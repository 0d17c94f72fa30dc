"""What a destroy is about, by what the command line and the run folders say; on values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.connection import RunTarget
from ocpprov.commands.destroy_target import destroy_target, named_plan, with_name
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.scope import Scope
from ocpprov.engine.memory import Memory

NOTE = {"region": "eu-west-1", "services": ["ec2", "iam"], "names": ["x"], "lock": "s3://b/p"}
SEEN = Scope(
    frozenset({"ec2", "sts", "iam"}), frozenset({"x"}), memory=Memory(names=frozenset({"x"}), is_known_here=True)
)


def note(base: Path, name: str, **content: Any) -> None:
    folder = base / ".ocpprov" / name
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(json.dumps({"name": name, **NOTE, **content}))


def refusal(options: Options) -> str:
    with pytest.raises(Refused) as refused:
        destroy_target(options)
    return str(refused.value)


def test_a_name_and_a_region_that_nobody_knows_may_have_made_anything(tmp_path: Path) -> None:
    options = Options(name="lab", region="eu-west-1", cluster="a.b", lock="s3://bucket/d", directory=tmp_path)
    assert destroy_target(options) == RunTarget("lab", "eu-west-1", cluster="a.b", scope=Scope(), lock="s3://bucket/d")


def test_what_was_applied_from_here_is_known(tmp_path: Path) -> None:
    note(tmp_path, "lab")
    expected = RunTarget("lab", "eu-west-1", scope=SEEN, lock="s3://b/p")
    assert destroy_target(Options(directory=tmp_path)) == expected
    assert destroy_target(Options(name="lab", region="eu-west-1", directory=tmp_path)) == expected
    assert destroy_target(Options(region="eu-west-1", directory=tmp_path)) == expected


def test_that_a_plan_is_protected_is_remembered_for_its_region(tmp_path: Path) -> None:
    note(tmp_path, "lab", protect=True)
    assert destroy_target(Options(directory=tmp_path)).protect
    assert not destroy_target(Options(name="lab", region="eu-west-2", directory=tmp_path)).protect


def test_the_same_name_in_another_region_is_another_plan(tmp_path: Path) -> None:
    note(tmp_path, "lab")
    found = destroy_target(Options(name="lab", region="eu-west-2", directory=tmp_path))
    assert found == RunTarget("lab", "eu-west-2", scope=Scope())


def test_the_lock_of_the_command_line_wins_and_what_is_excluded_is_not_asked(tmp_path: Path) -> None:
    note(tmp_path, "lab")
    found = destroy_target(Options(directory=tmp_path, lock="s3://other/p", without=frozenset({"iam"})))
    assert found.lock == "s3://other/p"
    assert (found.scope.services, found.scope.excluded) == (frozenset({"ec2", "sts"}), frozenset({"iam"}))


def test_several_plans_are_named_and_none_is_guessed(tmp_path: Path) -> None:
    note(tmp_path, "lab")
    note(tmp_path, "prod", region="eu-west-2")
    note(tmp_path, "Strange;name")
    assert refusal(Options(directory=tmp_path)) == (
        "several were applied from this folder: --name lab --region eu-west-1, --name prod --region eu-west-2; name a "
        "plan file, or give --name and --region"
    )
    assert destroy_target(Options(name="prod", directory=tmp_path)).region == "eu-west-2"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "no plan was applied from this folder; name a plan file, or give --name and --region"),
        ({"name": "lab"}, "no plan lab was applied from this folder; name a plan file, or give --name and --region"),
        (
            {"name": "Lab"},
            "--name Lab: no plan has such a name; it begins with a lower-case letter, and has up to 31 more of a-z, "
            "0-9 and -",
        ),
        ({"name": "lab", "region": "eu-west-1", "lock": "b/p"}, "--lock b/p: write s3://bucket/prefix"),
        (
            {"name": "lab", "region": "../../x\n"},
            "--region ../../x\\x0a: no region has such a name; write one such as eu-west-1",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    assert refusal(Options(directory=tmp_path, **options)) == said


def test_a_plan_that_is_wrong_keeps_nobody_from_a_destroy(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("name: lab\nregion: eu-west-1\nnosuch: 1\n")
    *errors, way = refusal(Options(plan=path, directory=tmp_path)).split("\n")
    assert [line.partition(": ")[0] for line in errors] == [f"{path}:3:1"]
    assert way == "a destroy needs no plan file: ocpprov destroy --name NAME --region REGION goes by the tags"


def test_a_plan_is_named_as_it_can_be_pasted() -> None:
    assert named_plan("lab", "eu-west-1") == "--name lab --region eu-west-1"
    assert named_plan("a b", "x\x1b") == r"--name 'a b' --region 'x\x1b'"


def test_a_word_that_is_no_file_is_a_plans_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert with_name(Options(plan=Path("lab"))) == Options(name="lab")
    assert with_name(Options(plan=Path("lab"), name="lab")) == Options(name="lab")
    with pytest.raises(Refused, match=r"^lab is no file, and --name prod is another plan's name: give one of both$"):
        with_name(Options(plan=Path("lab"), name="prod"))


@pytest.mark.parametrize("word", ["lab.yaml", "x/lab", "Lab", "here"])
def test_what_can_be_a_file_is_one(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").touch()
    given = Options(plan=Path(word))
    assert with_name(given) == given
