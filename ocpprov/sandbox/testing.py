"""A sandbox for the time of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from ocpprov.sandbox.control import start, stop
from ocpprov.sandbox.record import Running


@contextmanager
def sandbox(*, scale: float = 50, delays: bool = False, port: int = 0) -> Iterator[Running]:
    """A sandbox of its own, empty, ended at the end. Nothing takes time unless `delays` says so; port 0 takes a free
    one.

    Raises what `control.start` and `control.stop` raise.
    """
    with TemporaryDirectory(prefix="ocpprov-sandbox-") as directory:
        state_dir = Path(directory)
        try:
            yield start(state_dir, scale=scale, delays=delays, port=port)
        finally:
            stop(state_dir)
