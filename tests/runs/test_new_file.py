"""A new file is new: whatever is there already stays, and no link is followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ocpprov.runs.new_file import write_new


def test_it_has_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_new(tmp_path / "plan.yaml", "näme: x\n")
    finally:
        os.umask(before)
    assert (tmp_path / "plan.yaml").read_bytes() == "näme: x\n".encode()
    assert stat.S_IMODE((tmp_path / "plan.yaml").stat().st_mode) == 0o640


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_what_is_there_stays(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_text("mine")
    (tmp_path / "link").symlink_to(target)
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            write_new(tmp_path / name, "x")
    assert (tmp_path / "there").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_half_a_file_does_not_stay(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_new(tmp_path / "plan.yaml", "a\udcff")
    assert list(tmp_path.iterdir()) == []
