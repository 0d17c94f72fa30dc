"""The sandbox's server as a process of its own: what it gets from its starter, and what it doesn't."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from ocpprov.sandbox.private_files import PrivateFolder

LOG: Final = "server.log"
_START_SECONDS = 60.0
_KEPT: Final = frozenset(
    {
        "DYLD_LIBRARY_PATH",
        "HOME",
        "LANG",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHOME",
        "PYTHONPYCACHEPREFIX",
        "PYTHONUSERBASE",
        "TMPDIR",
        "TZ",
    }
)
"""What Python needs to start, and to find what is installed."""


class SandboxFailed(Exception):
    """The sandbox didn't start, or doesn't stop."""


def server_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The server's environment: it lives long after the command, so it gets no credentials, no proxies and nothing else
    that it has no use for."""
    kept = {name: value for name, value in environ.items() if name in _KEPT or name.startswith("LC_")}
    # It runs elsewhere, so that a path that isn't absolute would mean another place.
    given = filter(os.path.isabs, environ.get("PYTHONPATH", "").split(os.pathsep))
    return {**kept, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *given])}


def launch(folder: PrivateFolder, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
    """Returns once the server listens. It mustn't depend on, nor keep busy, the directory where the command ran.

    Raises SandboxFailed when it doesn't come up, and OSError.
    """
    log = folder.path / LOG
    # -P: what lies in the current folder isn't imported.
    command = [sys.executable, "-P", "-m", "ocpprov.sandbox.server", *arguments]
    with os.fdopen(folder.create(LOG), "wb") as output:
        try:
            done = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
                command,
                cwd="/",
                env=server_environ(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                timeout=_START_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as expired:
            raise SandboxFailed(f"the sandbox didn't start within {_START_SECONDS:.0f} s; see {log}") from expired
    if done.returncode:
        last = folder.read(LOG).strip().splitlines()[-1:]
        raise SandboxFailed(f"the sandbox didn't start: {' '.join(last) or 'it ended at once'}; see {log}")
