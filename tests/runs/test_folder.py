"""A plan's folder: names, modes, whole files, and which plans were applied here."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpprov.runs.folder import RunFolder, known_plans, run_folder
from ocpprov.runs.private_files import Untrusted


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = run_folder(tmp_path, "prod")
    made.create()
    return made


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_have_names_for_ever(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "prod")
    assert folder.path == tmp_path / ".ocpprov" / "prod"
    files = (folder.journal, folder.log, folder.outputs, folder.last_plan, folder.handover, folder.handover_policy)
    assert [file.relative_to(folder.path).as_posix() for file in files] == [
        "journal.jsonl",
        "log.jsonl",
        "outputs.json",
        "plan.json",
        "handover.yaml",
        "handover-policy.json",
    ]


@pytest.mark.usefixtures("umask")
def test_it_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, "prod")
    folder.create()
    folder.write(folder.outputs, {"a": 1})
    assert [mode(path) for path in (folder.path.parent, folder.path, folder.outputs)] == [0o700, 0o700, 0o600]


def test_it_may_be_there_already(folder: RunFolder) -> None:
    folder.create()
    assert list(folder.path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".ocpprov").write_text("a file")
    with pytest.raises(OSError, match="ocpprov"):
        run_folder(tmp_path, "prod").create()


def test_what_is_written_is_read_again_and_sorted(folder: RunFolder) -> None:
    folder.write(folder.outputs, {"b": [1], "a": "ä"})
    assert folder.outputs.read_text() == '{\n  "a": "\\u00e4",\n  "b": [\n    1\n  ]\n}\n'
    assert folder.read(folder.outputs) == {"a": "ä", "b": [1]}


def test_a_file_is_replaced_whole_and_leaves_no_draft(folder: RunFolder) -> None:
    folder.write_text(folder.handover, "a long first text\n")
    with folder.handover.open() as old:
        folder.write_text(folder.handover, "ä\n")
        assert old.read() == "a long first text\n"
    assert folder.handover.read_bytes() == "ä\n".encode()
    assert [file.name for file in folder.path.iterdir()] == ["handover.yaml"]


def test_a_draft_that_a_crash_left_is_in_nobodys_way(folder: RunFolder) -> None:
    (folder.path / "outputs.tmp").write_text("half of something")
    folder.write(folder.outputs, {})
    assert folder.outputs.read_text() == "{}\n"


def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(folder: RunFolder, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    folder.outputs.symlink_to(precious)
    folder.write(folder.outputs, {"a": 1})
    assert not folder.outputs.is_symlink()
    assert precious.read_text() == "precious"
    assert folder.read(folder.outputs) == {"a": 1}


def test_a_failed_write_leaves_the_old_content(folder: RunFolder) -> None:
    folder.write(folder.outputs, {"a": 1})
    with pytest.raises(TypeError):
        folder.write(folder.outputs, {"a": object()})
    with pytest.raises(UnicodeEncodeError):
        folder.write_text(folder.outputs, "\ud800")
    assert folder.read(folder.outputs) == {"a": 1}
    assert [file.name for file in folder.path.iterdir()] == ["outputs.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"], ids=["empty", "torn", "no text"])
def test_what_cannot_be_read_is_none(folder: RunFolder, content: bytes) -> None:
    folder.outputs.write_bytes(content)
    assert folder.read(folder.outputs) is None
    assert folder.read(folder.path) is None
    assert folder.read(folder.path / "missing.json") is None


def test_plans_that_were_applied_here_are_known_by_name_and_region(tmp_path: Path) -> None:
    contents = {
        "b": {"name": "b", "region": "eu-west-1"},
        "a": {"name": "a", "region": "us-east-1", "more": 1},
        "without a region": {"name": "c"},
        "without a name": {"region": "eu-west-1"},
        "a list": [1],
    }
    for name, content in contents.items():
        folder = run_folder(tmp_path, name)
        folder.create()
        folder.write(folder.last_plan, content)
    torn = run_folder(tmp_path, "torn")
    torn.create()
    torn.last_plan.write_text(json.dumps(contents["a"])[:-3])
    run_folder(tmp_path, "never applied").create()
    assert known_plans(tmp_path) == [("a", "us-east-1"), ("b", "eu-west-1")]
    assert known_plans(tmp_path / "elsewhere") == []


def test_a_plan_in_somebody_elses_folder_is_no_plan_of_this_folder(tmp_path: Path) -> None:
    """Whoever may write there could have a destroy without arguments go for another plan."""
    folder = run_folder(tmp_path, "lab")
    folder.create()
    folder.write(folder.last_plan, {"name": "other", "region": "eu-west-1"})
    folder.path.chmod(0o770)
    with pytest.raises(Untrusted):
        known_plans(tmp_path)
    with pytest.raises(Untrusted):
        folder.read(folder.last_plan)
