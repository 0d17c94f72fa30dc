"""`python -m ocpprov` in processes of their own that begin where the imports are done, see `warm_server`."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit code, or a signal's number below zero, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class WarmProcesses:
    """The commands of a server that listens at `address`."""

    address: str

    def run(self, arguments: Sequence[str], folder: Path, environ: Mapping[str, str], timeout: float) -> Finished:
        """Run a command to its end; after `timeout` seconds it is killed, and TimeoutError raised."""
        with (
            socket.socket(socket.AF_UNIX) as line,
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
        ):
            line.settimeout(timeout)
            line.connect(self.address)
            request = {"arguments": arguments, "folder": str(folder), "environ": dict(environ)}
            socket.send_fds(line, [b"."], [out.fileno(), err.fileno()])
            line.sendall(json.dumps(request).encode())
            line.shutdown(socket.SHUT_WR)
            answers = line.makefile()
            pid = int(answers.readline())
            try:
                code = int(answers.readline())
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise
            out.seek(0)
            err.seek(0)
            return Finished(code, out.read(), err.read())


@contextmanager
def warm_processes() -> Iterator[WarmProcesses]:
    """The server, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"{folder}/commands"
        command = [sys.executable, "-m", "tests.support.warm_server", address]
        # Compiled modules are kept, whatever the developer's taste: others start from the same files.
        environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout
            try:
                assert server.stdout.readline() == b"ready\n"
                yield WarmProcesses(address)
            finally:
                server.kill()


@cache
def shared() -> WarmProcesses:
    """One server for all that this process runs, until it ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(warm_processes())
