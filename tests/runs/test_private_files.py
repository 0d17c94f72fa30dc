"""Files that only their owner could have put there: two folders, each its owner's alone, and no link on the way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ocpprov.runs.private_files import (
    Untrusted,
    make_folders,
    open_private,
    read_private,
    write_in_place,
    write_into,
    write_private,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "base" / ".ocpprov" / "lab" / "plan.json"
    make_folders(path)
    write_private(path, "mine")
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077], ids=oct)
def test_both_folders_and_the_file_are_their_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "base" / "a" / "b" / "file"
    before = os.umask(umask)
    try:
        make_folders(path)
        write_private(path, "ä")
        os.close(open_private(path.with_name("other"), os.O_WRONLY | os.O_CREAT))
    finally:
        os.umask(before)
    modes = [mode(each) for each in (path.parents[1], path.parents[0], path, path.with_name("other"))]
    assert modes == [0o700, 0o700, 0o600, 0o600]
    assert read_private(path) == "ä".encode()


def test_what_others_may_only_read_is_closed_to_them(file: Path) -> None:
    """As older versions left it."""
    for folder in (file.parents[0], file.parents[1]):
        folder.chmod(0o755)
    assert read_private(file) == b"mine"
    assert (mode(file.parents[0]), mode(file.parents[1])) == (0o700, 0o700)


EVERY_WAY: dict[str, Callable[[Path], object]] = {
    "make": make_folders,
    "read": read_private,
    "append": lambda path: open_private(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    "write": lambda path: write_private(path, "x"),
}
FOLDERS = {"the plan's folder": 0, "the folder above": 1}


@pytest.mark.parametrize("use", EVERY_WAY.values(), ids=EVERY_WAY)
@pytest.mark.parametrize("above", FOLDERS.values(), ids=FOLDERS)
@pytest.mark.parametrize("bits", [0o020, 0o002], ids=["the group", "everybody"])
def test_a_folder_that_others_may_write_to_is_refused(
    file: Path, above: int, bits: int, use: Callable[[Path], object]
) -> None:
    folder = file.parents[above]
    folder.chmod(0o700 | bits)
    with pytest.raises(Untrusted) as caught:
        use(file)
    assert caught.value.filename == str(folder)
    assert str(caught.value.strerror).endswith(f"then forbid it: chmod go-w {folder}")
    assert file.read_text() == "mine"


@pytest.mark.parametrize("use", EVERY_WAY.values(), ids=EVERY_WAY)
@pytest.mark.parametrize("above", FOLDERS.values(), ids=FOLDERS)
def test_a_folder_that_is_a_link_is_refused(file: Path, above: int, use: Callable[[Path], object]) -> None:
    folder = file.parents[above]
    elsewhere = file.parents[2] / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    with pytest.raises(Untrusted, match="symbolic links aren't followed") as caught:
        use(file)
    assert caught.value.filename == str(folder)
    assert "mine" in [each.read_text() for each in elsewhere.rglob("plan.json")]


@pytest.mark.parametrize("use", EVERY_WAY.values(), ids=EVERY_WAY)
def test_a_folder_of_somebody_else_is_refused(
    file: Path, use: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    with pytest.raises(Untrusted, match=f"belongs to user {own} and not to you \\({own + 1}\\)") as caught:
        use(file)
    assert caught.value.filename == str(file.parents[1])


@pytest.mark.parametrize("name", ["read", "append"])
def test_a_file_that_is_a_link_or_that_others_may_write_to_is_refused(file: Path, tmp_path: Path, name: str) -> None:
    file.chmod(0o660)
    with pytest.raises(Untrusted, match="others may write to it"):
        EVERY_WAY[name](file)
    file.unlink()
    (tmp_path / "precious").write_text("precious")
    file.symlink_to(tmp_path / "precious")
    with pytest.raises(Untrusted, match="symbolic links aren't followed") as caught:
        EVERY_WAY[name](file)
    assert caught.value.filename == str(file)
    assert (tmp_path / "precious").read_text() == "precious"


def test_what_is_written_whole_takes_a_links_place(file: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    file.unlink()
    file.symlink_to(tmp_path / "precious")
    write_private(file, "new")
    assert (file.is_symlink(), file.read_text()) == (False, "new")
    assert (tmp_path / "precious").read_text() == "precious"
    assert [each.name for each in file.parent.iterdir()] == ["plan.json"]


def test_in_a_folder_of_others_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    (shared / "policy.json").symlink_to(tmp_path / "precious")
    write_into(shared, "policy.json", "new")
    assert ((shared / "policy.json").read_text(), mode(shared / "policy.json")) == ("new", 0o600)
    assert (tmp_path / "precious").read_text() == "precious"
    write_into(tmp_path / "new" / "folder", "policy.json", "new")
    assert mode(tmp_path / "new" / "folder") == 0o700


@pytest.mark.parametrize("linked", [True, False])
def test_a_pipe_or_a_device_is_not_replaced(tmp_path: Path, *, linked: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    before = os.lstat(tmp_path / ("link" if linked else "pipe"))
    with pytest.raises(OSError, match="there is a device or a pipe"):
        write_into(tmp_path, "link" if linked else "pipe", "new")
    assert os.lstat(tmp_path / ("link" if linked else "pipe")) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link", "pipe"]


def test_a_file_of_the_users_keeps_its_permissions_and_is_written_whole(tmp_path: Path) -> None:
    path, link = tmp_path / "install-config.yaml", tmp_path / "link.yaml"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_in_place(link, "new\r\n")
    assert (path.read_bytes(), mode(path), link.is_symlink()) == (b"new\r\n", 0o640, True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["install-config.yaml", "link.yaml"]


def test_a_file_of_the_users_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_in_place(tmp_path / "gone.yaml", "new")
    assert list(tmp_path.iterdir()) == []


def test_the_command_that_closes_a_folder_is_one_for_a_shell(tmp_path: Path) -> None:
    path = tmp_path / "a b;c" / ".ocpprov" / "lab" / "plan.json"
    make_folders(path)
    path.parents[1].chmod(0o777)
    with pytest.raises(Untrusted) as caught:
        read_private(path)
    assert str(caught.value.strerror).endswith(f"chmod go-w '{path.parents[1]}'")


def test_no_more_is_read_than_may_be(file: Path) -> None:
    assert read_private(file, 4) == b"mine"
    with pytest.raises(OSError, match="larger than 3 bytes"):
        read_private(file, 3)


def test_nobody_waits_for_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(OSError, match="Invalid argument"):
        read_private(file)


def test_errors_name_the_whole_path(file: Path) -> None:
    for missing in (file.with_name("none"), file.parents[1] / "none" / "plan.json"):
        with pytest.raises(FileNotFoundError) as caught:
            read_private(missing)
        assert caught.value.filename == str(missing if missing.parent == file.parent else missing.parent)


def test_no_file_is_called_as_stdout_is_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="it isn't written to stdout"):
        write_into(tmp_path / "new", "-", "text")
    assert not (tmp_path / "new").exists()
