"""Where a fleet's scheduler is, and the certificates with which it is spoken to."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ocpprov.aws.masking import without_password
from ocpprov.commands.exit_codes import Refused
from ocpprov.engine.problem import Problem
from ocpprov.engine.suggestion import command_line

PORT: Final = 8786
"""Dask's own for a scheduler."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Scheduler:
    """A scheduler of Dask's: `tls://host:port`, and the files of the fleet's authority, of the own certificate and of
    its key."""

    url: str
    ca: Path
    cert: Path
    key: Path


def scheduler_at(url: str, ca: Path | None, cert: Path | None, key: Path | None) -> Scheduler:
    """What the options say. Raises Refused where it isn't to be spoken to in this way."""
    place = f"--scheduler {without_password(url)}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise Refused(Problem(place, f"is no address: {error}", "write tls://host:8786")) from error
    if parts.scheme == "tcp":
        detail = "is in clear: whoever is on the way could run commands on every bastion"
        remedy = "start the scheduler with --protocol tls and certificates, and write tls://"
        raise Refused(Problem(place, detail, remedy))
    if parts.scheme != "tls" or not host or parts.username is not None or parts.path.strip("/"):
        raise Refused(Problem(place, "is no address of a scheduler", "write tls://host:8786"))
    if ca is None or cert is None or key is None:
        given = {"--tls-ca": ca, "--tls-cert": cert, "--tls-key": key}
        missing = ", ".join(name for name, path in given.items() if path is None)
        detail = f"is spoken to with certificates on both sides; not given: {missing}"
        raise Refused(Problem(place, detail, "give --tls-ca, --tls-cert and --tls-key"))
    for option, path in (("--tls-ca", ca), ("--tls-cert", cert), ("--tls-key", key)):
        _check(option, path, private=option == "--tls-key")
    shown_host = f"[{host}]" if ":" in host else host
    return Scheduler(f"tls://{shown_host}:{port}", ca, cert, key)


def _check(option: str, path: Path, *, private: bool) -> None:
    place = f"{option} {path}"
    try:
        # Whoever opens a pipe waits for somebody to write into it, unless he says that he doesn't.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        mode = os.fstat(descriptor).st_mode
        os.close(descriptor)
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file")
    except OSError as error:
        raise Refused(Problem(place, f"can't be read: {error.strerror}", "name the file in PEM")) from error
    if private and stat.S_IMODE(mode) & _OTHERS:
        detail = "others may read or write it, and whoever has it can run commands on every bastion"
        raise Refused(Problem(place, detail, command_line("chmod", "600", str(path))))
