"""Files that somebody names: as much of them as may be, and an end to the waiting."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from ocpprov.runs import input_files
from ocpprov.runs.input_files import read_file, read_input


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_no_more_is_read_than_may_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_input(tmp_path / "file", 5) == b"12345"
    assert read_input(tmp_path / "file", 4) == b"1234"
    assert read_input(Path("/dev/zero"), 100_000) == bytes(100_000)
    assert read_input(Path("/dev/null"), 5) == b""


def test_a_whole_file_is_read_or_none_of_it(tmp_path: Path, pipe: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert read_file(tmp_path / "file", 5) == read_file(tmp_path / "link", 5) == b"12345"
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read_file(tmp_path / "file", 4)
    for none in (pipe, Path("/dev/zero"), Path("/dev/null"), tmp_path):
        with pytest.raises(OSError, match=r"not a regular file|Is a directory"):
            read_file(none, 5)


def test_a_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_input(tmp_path, 5)


def test_what_a_program_writes_into_a_pipe_is_read_to_its_end(pipe: Path) -> None:
    content = b"x" * 200_000
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert read_input(pipe, 300_000) == content
    writer.join()


def test_nobody_who_writes_is_waited_for_five_seconds(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (input_files.NO_WRITER_SECONDS, input_files.SILENT_SECONDS) == (5.0, 60.0)
    monkeypatch.setattr(input_files, "NO_WRITER_SECONDS", 0.1)
    with pytest.raises(TimeoutError, match="nobody has written anything into it for 0 s"):
        read_input(pipe, 5)


def test_a_writer_that_is_silent_is_waited_for_longer(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_files, "NO_WRITER_SECONDS", 0.0)
    monkeypatch.setattr(input_files, "SILENT_SECONDS", 0.3)
    writer = os.open(pipe, os.O_RDWR)
    os.write(writer, b"begun")
    try:
        with pytest.raises(TimeoutError):
            read_input(pipe, 100)
    finally:
        os.close(writer)
