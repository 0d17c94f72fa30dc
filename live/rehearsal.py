"""A sandbox that behaves as a new account does: default quotas, and AWS's delays, faster."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ocpprov.sandbox import control
from ocpprov.sandbox.default_quotas import default_quotas
from ocpprov.sandbox.record import Running

SCALE: Final = 300.0
_FOREIGN: Final = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def environ_of(environ: Mapping[str, str], running: Running, state: Path) -> dict[str, str]:
    """An environment in which nothing but this sandbox is reached, by nobody's keys."""
    kept = {name: value for name, value in environ.items() if not name.upper().startswith(_FOREIGN)}
    return {
        **kept,
        "AWS_ENDPOINT_URL": running.endpoint_url,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_STATE_HOME": str(state),
    }


@contextmanager
def rehearsing(folder: Path, *, last: bool = False) -> Iterator[Running]:
    """The sandbox of a folder, started where there is none, and this process's environment meanwhile. It is stopped by
    whoever started it, and by the `last` in any case."""
    state = folder / "state"
    state_dir = control.default_state_dir({"HOME": str(folder), "XDG_STATE_HOME": str(state)})
    found = control.running(state_dir)
    running = found or control.start(state_dir, scale=SCALE)
    if found is None:
        running.admin().conditions(quotas=dict(default_quotas()))
    before = dict(os.environ)
    new = environ_of(before, running, state)
    _replace_environ(new)
    try:
        yield running
    finally:
        _replace_environ(before)
        if found is None or last:
            control.stop(state_dir)


def _replace_environ(new: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(new)
