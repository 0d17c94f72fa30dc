"""Files for their owner's eyes only, whatever the umask, and whoever was there before."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocpprov.sandbox.private_files import (
    PrivateFolder,
    Untrusted,
    append_private,
    distrust,
    private_folder,
    write_private,
)


@pytest.fixture(autouse=True, params=[0o000, 0o002, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[PrivateFolder]:
    with private_folder(tmp_path / "own", make=True) as found:
        yield found


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of ours that a link leads to."""
    path = tmp_path / "victim"
    path.write_text("precious")
    path.chmod(0o640)
    return path


@pytest.fixture
def as_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is ours is another user's."""
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_folders_that_are_made_are_private(tmp_path: Path) -> None:
    with private_folder(tmp_path / "a" / "b" / "c", make=True):
        pass
    assert [mode(tmp_path / name) for name in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_a_folder_that_is_not_there_is_made_only_where_that_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), private_folder(tmp_path / "none"):
        pass
    assert not (tmp_path / "none").exists()


def test_a_folder_of_ours_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with private_folder(tmp_path / "open"):
        assert mode(tmp_path / "open") == 0o700
    assert mode(tmp_path) == 0o700


@pytest.mark.usefixtures("as_another")
def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Untrusted, match=rf"^{tmp_path} belongs to another user \(uid \d+\)$"), private_folder(tmp_path):
        pass


OURS, OTHERS, ROOTS, LINK, FOLDER = 1000, 1001, 0, stat.S_IFLNK | 0o777, stat.S_IFDIR | 0o755


@pytest.mark.parametrize(
    ("own", "above", "higher", "why"),
    [
        ((FOLDER, OURS), (FOLDER, OURS), (FOLDER, OTHERS), ""),
        ((FOLDER, OURS), (FOLDER, ROOTS), (LINK, ROOTS), ""),
        ((FOLDER, OURS), (LINK, OURS), (LINK, OURS), ""),
        ((FOLDER, OTHERS), (FOLDER, OURS), (FOLDER, OURS), "/h/a/own belongs to another user (uid 1001)"),
        ((FOLDER, OURS), (FOLDER, OTHERS), (FOLDER, OURS), "/h/a belongs to another user (uid 1001)"),
        ((LINK, OURS), (FOLDER, OURS), (FOLDER, OURS), "/h/a/own is a symbolic link"),
        ((FOLDER, OURS), (LINK, OTHERS), (FOLDER, OURS), "/h/a is a symbolic link"),
        ((FOLDER, OURS), (FOLDER, OURS), (LINK, OTHERS), "/h is a symbolic link"),
    ],
)
def test_whose_folder_is_trusted(
    own: tuple[int, int], above: tuple[int, int], higher: tuple[int, int], why: str
) -> None:
    folder = Path("/h/a/own")
    assert distrust(folder, [(folder, *own), (Path("/h/a"), *above), (Path("/h"), *higher)], OURS) == why


def test_a_link_of_ours_may_lead_to_where_a_folder_is_made(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "state").symlink_to("disk")
    with private_folder(tmp_path / "state" / "ocpprov" / "sandbox", make=True):
        assert (tmp_path / "disk" / "ocpprov" / "sandbox").is_dir()


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with pytest.raises(Untrusted, match=r"link is a symbolic link$"), private_folder(tmp_path / "link", make=True):
        pass


def test_a_new_file_is_private_and_in_place_of_whatever_was_there(folder: PrivateFolder, victim: Path) -> None:
    for prepare in (
        lambda path: None,
        lambda path: path.write_text("old and long"),
        lambda path: path.symlink_to(victim),
        lambda path: path.hardlink_to(victim),
        os.mkfifo,
    ):
        path = folder.path / "log"
        path.unlink(missing_ok=True)
        prepare(path)
        with os.fdopen(folder.create("log"), "w") as file:
            file.write("new")
        assert (path.read_text(), mode(path), path.is_symlink()) == ("new", 0o600, False)
    assert (victim.read_text(), mode(victim)) == ("precious", 0o640)


def test_it_goes_on_in_the_folder_that_was_opened(folder: PrivateFolder, tmp_path: Path) -> None:
    folder.path.rename(tmp_path / "moved")
    folder.path.mkdir()
    os.close(folder.create("log"))
    assert (tmp_path / "moved" / "log").exists()
    assert not (folder.path / "log").exists()


def test_a_lock_is_private_and_follows_no_link(folder: PrivateFolder, victim: Path) -> None:
    with folder.locked("lock"):
        assert mode(folder.path / "lock") == 0o600
    (folder.path / "lock").chmod(0o666)
    with folder.locked("lock"):
        assert mode(folder.path / "lock") == 0o600
    (folder.path / "lock").unlink()
    (folder.path / "lock").symlink_to(victim)
    with pytest.raises(Untrusted, match=r"lock is a symbolic link$"), folder.locked("lock"):
        pass
    assert victim.read_text() == "precious"


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (lambda path, victim: path.symlink_to(victim), "is a symbolic link"),
        (lambda path, victim: path.hardlink_to(victim), "has more than one name"),
        (lambda path, victim: os.mkfifo(path), "is no regular file"),
        (lambda path, victim: path.write_text("x") and path.chmod(0o620), "may be written by others"),
        (lambda path, victim: path.write_text("x") and path.chmod(0o602), "may be written by others"),
    ],
    ids=["symlink", "hardlink", "fifo", "group", "all"],
)
def test_what_others_could_have_written_is_not_read(
    folder: PrivateFolder, victim: Path, prepare: object, why: str
) -> None:
    prepare(folder.path / "record", victim)  # type: ignore[operator]
    with pytest.raises(Untrusted, match=rf"record {why}$"):
        folder.read("record")


def test_what_is_ours_is_read_up_to_a_bound(folder: PrivateFolder) -> None:
    write_private(folder.path / "record", "x" * 70_000)
    assert folder.read("record") == "x" * 65_536
    folder.remove("record")
    with pytest.raises(FileNotFoundError):
        folder.read("record")
    folder.remove("record")


def test_a_file_of_somebody_else_is_not_read(folder: PrivateFolder, request: pytest.FixtureRequest) -> None:
    write_private(folder.path / "record", "x")
    request.getfixturevalue("as_another")
    with pytest.raises(Untrusted, match=r"record belongs to another user"):
        folder.read("record")


def test_a_file_is_written_whole_and_replaces_a_link(tmp_path: Path, victim: Path) -> None:
    path = tmp_path / "port"
    path.symlink_to(victim)
    write_private(path, "4566\n")
    assert (path.read_text(), mode(path), path.is_symlink()) == ("4566\n", 0o600, False)
    assert victim.read_text() == "precious"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["port", "victim"]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "port").mkdir()
    with pytest.raises(IsADirectoryError):
        write_private(tmp_path / "port", "4566\n")
    assert [each.name for each in tmp_path.iterdir()] == ["port"]


def test_what_is_added_to_is_private_and_follows_no_link(tmp_path: Path, victim: Path) -> None:
    path = tmp_path / "calls"
    append_private(path, "a")
    assert (path.read_text(), mode(path)) == ("a", 0o600)
    path.chmod(0o666)
    append_private(path, "b")
    assert (path.read_text(), mode(path)) == ("ab", 0o600)
    path.unlink()
    path.symlink_to(victim)
    with pytest.raises(Untrusted, match=r"calls is a symbolic link$"):
        append_private(path, "c")
    path.unlink()
    path.hardlink_to(victim)
    with pytest.raises(Untrusted, match=r"calls has more than one name$"):
        append_private(path, "c")
    assert victim.read_text() == "precious"
