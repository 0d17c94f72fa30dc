"""Files and folders that only their owner may read or replace, whatever the umask, and whoever was there before."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_MOST_BYTES = 65536


class Untrusted(OSError):
    """Somebody else could have put it there. The text says what it is and why it isn't used."""


@dataclass(frozen=True)
class PrivateFolder:
    """An open folder of our own, mode 0700. Whatever is done in it is done in this one, even if its path leads
    elsewhere by now. Its methods raise OSError."""

    path: Path
    descriptor: int

    def read(self, name: str) -> str:
        """A file's text, of which 64 KiB at most. Raises Untrusted unless the file is ours, and ours alone to write."""
        with os.fdopen(self._open(name, os.O_RDONLY), "rb") as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS_MAY_WRITE:
                raise Untrusted(f"{self.path / name} may be written by others")
            return file.read(_MOST_BYTES).decode(errors="replace")

    def create(self, name: str) -> int:
        """The descriptor of a new file to write, mode 0600, in place of whatever has the name."""
        self.remove(name)
        return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove the file; nothing when there is none. A link goes, not what it leads to."""
        try:
            os.unlink(name, dir_fd=self.descriptor)
        except FileNotFoundError:
            return

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold the lock of this name, once nobody else does."""
        lock = self._open(name, os.O_RDWR | os.O_CREAT)
        try:
            os.fchmod(lock, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _open(self, name: str, flags: int) -> int:
        return _open_own_file(self.path / name, name, flags, self.descriptor)


@contextmanager
def private_folder(path: Path, *, make: bool = False) -> Iterator[PrivateFolder]:
    """The folder at this path while it is open; with `make`, made if it isn't there, with all above it that are
    missing, each mode 0700. A folder of ours that others may enter is closed to them.

    Raises FileNotFoundError, Untrusted where it, or the folder that it lies in, is somebody else's, or others than root
    have put a link on the way to it, and other OSErrors.
    """
    _check_way(path)
    if make:
        for level in reversed([path, *path.parents]):
            if not level.exists():
                level.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        facts = os.fstat(descriptor)
        if facts.st_uid != os.geteuid():
            raise Untrusted(f"{path} belongs to another user (uid {facts.st_uid})")
        if stat.S_IMODE(facts.st_mode) != 0o700:
            os.fchmod(descriptor, 0o700)
        yield PrivateFolder(path, descriptor)
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600. A reader sees the whole text or what was there before; a link is replaced, not
    followed. Raises OSError."""
    descriptor, draft = tempfile.mkstemp(prefix=path.name + ".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def append_private(path: Path, text: str) -> None:
    """Add to a file of ours, mode 0600 from now on, made if there is none. Raises Untrusted and other OSErrors."""
    descriptor = _open_own_file(path, path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with os.fdopen(descriptor, "a") as file:
        os.fchmod(descriptor, 0o600)
        file.write(text)


def distrust(folder: Path, way: Sequence[tuple[Path, int, int]], user: int) -> str:
    """Why a folder isn't to be trusted by a user (uid); empty when it is. `way` are itself and all above it, as far as
    they are there, each with its mode and its owner, links not followed."""
    trusted = (0, user)
    for level, mode, owner in way:
        if stat.S_ISLNK(mode) and (level == folder or owner not in trusted):
            return f"{level} is a symbolic link"
        if level in (folder, folder.parent) and owner not in trusted:
            return f"{level} belongs to another user (uid {owner})"
    return ""


def _check_way(path: Path) -> None:
    levels = [(level, level.lstat()) for level in (path, *path.parents) if os.path.lexists(level)]
    way = [(level, facts.st_mode, facts.st_uid) for level, facts in levels]
    if wrong := distrust(path, way, os.geteuid()):
        raise Untrusted(wrong)


def _open_own_file(path: Path, name: str | Path, flags: int, folder: int | None = None) -> int:
    """Without waiting for whoever is at the other end of a FIFO. `path` is for the message."""
    try:
        descriptor = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder)
    except OSError as error:
        if os.path.islink(path):
            raise Untrusted(f"{path} is a symbolic link") from error
        raise
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        wrong = "is no regular file"
    elif facts.st_uid != os.geteuid():
        wrong = f"belongs to another user (uid {facts.st_uid})"
    elif facts.st_nlink != 1:
        wrong = "has more than one name"
    else:
        return descriptor
    os.close(descriptor)
    raise Untrusted(f"{path} {wrong}")
