"""Sums and archive, the same bytes for the same contents."""

from __future__ import annotations

import gzip
import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

SUMS: Final = "SHA256SUMS"


def sha256(file: Path) -> str:
    """The sum of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """Write the sums of all files in the folder, in the form that `sha256sum --check` reads."""
    lines = [f"{sha256(file)}  {file.relative_to(folder)}\n" for file in _files(folder) if file.name != SUMS]
    (folder / SUMS).write_text("".join(lines))


def pack(folder: Path, file: Path, epoch: int) -> None:
    """Pack the folder, under its own name. All times are `epoch`, in seconds since 1970; owners have no names."""
    partial = file.with_name(file.name + ".partial")
    with (
        partial.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=epoch) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.PAX_FORMAT) as archive,
    ):
        for member in _files(folder):
            with member.open("rb") as content:
                archive.addfile(_header(folder, member, epoch), content)
    partial.replace(file)


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.rglob("*") if path.is_file()))


def _header(folder: Path, file: Path, epoch: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(str(file.relative_to(folder.parent)))
    status = file.stat()
    found.size = status.st_size
    found.mode = 0o755 if status.st_mode & 0o100 else 0o644
    found.mtime = epoch
    return found
