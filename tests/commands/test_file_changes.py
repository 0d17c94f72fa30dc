"""Changes of the user's files: what is shown of them, and what is written."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.file_changes import FileChange, changed, diff_lines, file_text, write
from ocpprov.plan.problems import PlanErrors
from ocpprov.ui.lines import Tone


def test_a_diff_hides_secrets_and_colours_what_comes_and_goes() -> None:
    before = "a: 1\npullSecret: '{\"auths\": {}}'\nb: 2\n"
    lines = list(diff_lines(FileChange(Path("x.yaml"), before, before.replace("b: 2", "b: 3"))))
    assert [(line.text, line.tone) for line in lines] == [
        ("--- x.yaml", Tone.HEADING),
        ("+++ x.yaml", Tone.HEADING),
        ("@@ -1,3 +1,3 @@", Tone.ASIDE),
        (" a: 1", Tone.PLAIN),
        (" pullSecret: ***", Tone.PLAIN),
        ("-b: 2", Tone.DANGER),
        ("+b: 3", Tone.GOOD),
    ]


def test_of_what_goes_the_name_is_shown_and_of_what_comes_all_of_it() -> None:
    assert [line.text for line in diff_lines(FileChange(Path("x.yaml"), "secret: 1\n", None))] == ["remove  x.yaml"]
    new = [line.text for line in diff_lines(FileChange(Path("x.yaml"), None, "a: 1\n"))]
    assert new == ["--- x.yaml", "+++ x.yaml", "@@ -0,0 +1 @@", "+a: 1"]


def test_what_stays_is_no_change() -> None:
    same, other = FileChange(Path("x"), "a", "a"), FileChange(Path("y"), "a", "b")
    assert changed([same, other]) == [other]


def test_files_are_written_made_and_removed(tmp_path: Path) -> None:
    old, gone, new = tmp_path / "old.yaml", tmp_path / "gone.yaml", tmp_path / "new.yaml"
    for each in (old, gone):
        each.write_text("a: 1\n")
        each.chmod(0o640)
    write([FileChange(old, "a: 1\n", "a: 2\n"), FileChange(gone, "a: 1\n", None), FileChange(new, None, "b: 1\n")])
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"old.yaml": "a: 2\n", "new.yaml": "b: 1\n"}
    assert [stat.S_IMODE(each.stat().st_mode) for each in (old, new)] == [0o640, 0o600]


@pytest.mark.parametrize("before", ["a: 0\n", None])
@pytest.mark.parametrize("after", ["a: 2\n", None])
def test_what_somebody_changed_meanwhile_is_left(tmp_path: Path, before: str | None, after: str | None) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n")
    with pytest.raises(Refused, match="isn't any more what was shown"):
        write([FileChange(path, before, after)])
    assert path.read_text() == "a: 1\n"


def test_what_is_gone_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="isn't any more what was shown"):
        write([FileChange(tmp_path / "x.yaml", "a: 1\n", "a: 2\n")])
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_followed_only_where_it_may_be_one(tmp_path: Path) -> None:
    there, link = tmp_path / "there.yaml", tmp_path / "link.yaml"
    there.write_text("a: 1\n")
    link.symlink_to(there)
    write([FileChange(link, "a: 1\n", "a: 2\n")])
    assert (there.read_text(), link.is_symlink()) == ("a: 2\n", True)
    folder = tmp_path / "folder"
    folder.symlink_to(tmp_path)
    for after in ("a: 3\n", None):
        with pytest.raises(Refused, match="can't be written: "):
            write([FileChange(folder / "there.yaml", "a: 2\n", after, linked=False)])
    assert there.read_text() == "a: 2\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "x.yaml:1:1: the file is empty"),
        (b" \n", "x.yaml:1:1: the file is empty"),
        (b"\xff", "x.yaml:1:1: byte 0 is not UTF-8 text"),
        (b"a: [", "x.yaml:1:5: not YAML: "),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(PlanErrors) as raised:
        file_text(tmp_path / "x.yaml")
    assert f"{tmp_path}/{message}" in str(raised.value)


def test_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"a: 1\r\n")
    assert file_text(tmp_path / "x.yaml") == "a: 1\r\n"


@pytest.mark.parametrize("after", ["a: 2\n", None])
def test_a_file_that_is_read_only_stays(tmp_path: Path, after: str | None) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("a: 1\n")
    file.chmod(0o444)
    with pytest.raises(Refused) as error:
        write([FileChange(file, "a: 1\n", after)])
    assert str(error.value) == f"{file}: can't be written: it is read-only; make it writable, and run the same again"
    assert file.read_text() == "a: 1\n"
    file.chmod(0o640)
    write([FileChange(file, "a: 1\n", after)])
    assert (file.read_text() if file.exists() else None) == after
