"""Files for their owner's eyes, each in two folders that nobody else can write to: `.ocpprov/<plan>/<file>` below a
folder of the user's choice, and `ocpprov/locks/<file>` in the state directory.

Whoever may write to one of these folders could put a link there, or another plan. So both are looked at whenever a file
is opened, and what is looked at is what is used: they are opened one in the other, and none is reached through a link.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ocpprov.engine.suggestion import command_line

MOST_BYTES: Final = 64 * 1024 * 1024
"""The most that is read of a file. A journal that is larger is of some hundred thousand creations."""

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_STDOUT: Final = "-"
"""What other programs take for it; a file of this name would surprise everybody."""
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class Untrusted(OSError):
    """A folder or file of a run that somebody else could have put there, or could change."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(errno.EPERM, reason, str(path))


def make_folders(path: Path) -> None:
    """Make the two folders in which a file lies, for their owner alone whatever the umask is, and what is above them.
    Raises OSError, and Untrusted."""
    os.makedirs(path.parents[2], mode=0o700, exist_ok=True)
    with _folder_of(path, create=True):
        return


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file, which is made with mode 0600 where the flags say so; its folders have to be there. Raises
    OSError, and Untrusted."""
    with _folder_of(path) as folder:
        return _open_in(folder, path, flags)


def read_private(path: Path, most: int = MOST_BYTES) -> bytes:
    """A whole file. Raises OSError, also for what is larger than so many bytes or no file; and Untrusted."""
    # Whoever opens a pipe waits for somebody to write into it, unless he says that he doesn't.
    return _read_whole(open_private(path, os.O_RDONLY | os.O_NONBLOCK), path, most)


def read_own(path: Path, most: int = MOST_BYTES) -> bytes:
    """A whole file of the user's that lies anywhere, and that nobody else could have written. Raises OSError as above,
    and Untrusted."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _refuse_others(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return _read_whole(descriptor, path, most)


def _read_whole(descriptor: int, path: Path, most: int) -> bytes:
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        code = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(code, os.strerror(code), str(path))
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"larger than {most} bytes", str(path))
    return content


def write_private(path: Path, text: str) -> None:
    """Write a file whole: a reader sees the old or the new content, and a link in its place is replaced. Raises
    OSError, and Untrusted."""
    with _folder_of(path) as folder, _in_full(path):
        _write_whole(folder, path.name, text)


def write_into(folder: Path, name: str, text: str) -> None:
    """Write a file of mode 0600 whole into a folder of the user's choice, which is made where there is none. Where
    others write there, too, no link of theirs is followed. Raises OSError, also where a device or a pipe is in its
    place, which nobody wants replaced."""
    if name == _STDOUT:
        raise OSError(errno.EINVAL, "it isn't written to stdout", name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, _FOLDER)
    try:
        _refuse_no_file(descriptor, folder / name)
        _write_whole(descriptor, name, text)
    finally:
        os.close(descriptor)


def _refuse_no_file(folder: int, path: Path) -> None:
    """`/dev/stdout` is a link to one."""
    try:
        mode = os.stat(path.name, dir_fd=folder).st_mode
    except OSError:
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "there is a device or a pipe", str(path))


def write_in_place(path: Path, text: str, *, follow: bool = True) -> None:
    """Write a file of the user's whole, with the owner and the permissions that it has. A link is followed,
    unless it mustn't be: then its folder is none. Raises OSError."""
    path = path.resolve() if follow else path
    descriptor = os.open(path.parent, _FOLDER | (0 if follow else os.O_NOFOLLOW))
    try:
        like = os.stat(path.name, dir_fd=descriptor, follow_symlinks=False)
        _write_whole(descriptor, path.name, text, like)
    finally:
        os.close(descriptor)


def remove_from(folder: Path, name: str) -> None:
    """Remove a file from a folder that is no link. Raises OSError."""
    descriptor = os.open(folder, _FOLDER | os.O_NOFOLLOW)
    try:
        os.unlink(name, dir_fd=descriptor)
    finally:
        os.close(descriptor)


def _write_whole(folder: int, name: str, text: str, like: os.stat_result | None = None) -> None:
    """Through a draft that nobody could have put there. One `like` another file is on the disk when it takes its
    place."""
    draft = f"{name}.{os.urandom(8).hex()}.tmp"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            if like is not None:
                with suppress(PermissionError):
                    os.fchown(stream.fileno(), like.st_uid, like.st_gid)
                os.fchmod(stream.fileno(), stat.S_IMODE(like.st_mode))
                stream.flush()
                os.fsync(stream.fileno())
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft, dir_fd=folder)
        raise


@contextmanager
def _folder_of(path: Path, *, create: bool = False) -> Iterator[int]:
    """The folder in which a file lies, both of its folders looked at."""
    current = os.open(path.parents[2], _FOLDER)
    try:
        for each in (path.parents[1], path.parents[0]):
            inner = _enter(current, each, create=create)
            os.close(current)
            current = inner
        yield current
    finally:
        os.close(current)


def _enter(above: int, path: Path, *, create: bool) -> int:
    """Open a folder in an open one, and have it be its owner's alone."""
    with _in_full(path):
        if create:
            with suppress(FileExistsError):
                os.mkdir(path.name, mode=0o700, dir_fd=above)
        try:
            folder = os.open(path.name, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
        except OSError:
            _refuse_link(above, path)
            raise
    try:
        _refuse_others(folder, path)
        os.fchmod(folder, 0o700)
    except BaseException:
        os.close(folder)
        raise
    return folder


def _open_in(folder: int, path: Path, flags: int) -> int:
    with _in_full(path):
        try:
            descriptor = os.open(path.name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        except OSError:
            _refuse_link(folder, path)
            raise
    try:
        _refuse_others(descriptor, path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_link(above: int, path: Path) -> None:
    """Say of what couldn't be opened that it is a link, where it is one."""
    try:
        mode = os.lstat(path.name, dir_fd=above).st_mode
    except OSError:
        return
    if stat.S_ISLNK(mode):
        raise Untrusted(path, "symbolic links aren't followed there, as others may have put it: take it away")


def _refuse_others(descriptor: int, path: Path) -> None:
    """Raises Untrusted for what isn't this user's, or isn't his alone to write."""
    found = os.fstat(descriptor)
    if found.st_uid != os.geteuid():
        raise Untrusted(
            path,
            f"belongs to user {found.st_uid} and not to you ({os.geteuid()}), so nobody knows what is in it: look at "
            "it, then move it away or work in another folder",
        )
    if found.st_mode & _OTHERS_WRITE:
        command = command_line("chmod", "go-w", str(path))
        raise Untrusted(path, f"others may write to it: look what is in it, then forbid it: {command}")


@contextmanager
def _in_full(path: Path) -> Iterator[None]:
    """Have an error name the whole path, not what was asked for in the open folder."""
    try:
        yield
    except Untrusted:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
