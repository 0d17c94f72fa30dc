"""AWS's sandbox behind a socket, in a thread of this process: one of its own takes seconds to start."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ocpprov.sandbox.admission import Admission
from ocpprov.sandbox.clocks import Clock, ScaledClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.listener import SandboxServer
from ocpprov.sandbox.middleware import corrections
from ocpprov.sandbox.pipeline import Pipeline

SECRET = "the tests' own"
"""What opens the endpoints of the sandboxes here."""


@contextmanager
def served(
    pipeline: Pipeline, clock: Clock, facts: Mapping[str, Any] | None = None, hosts: tuple[str, ...] = ()
) -> Iterator[str]:
    """The URL at which the pipeline answers. What moto holds is the process's: all pipelines in it see the same."""
    server = SandboxServer(0, pipeline, clock, facts or {}, Admission(SECRET, hosts))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def plain_moto() -> Iterator[str]:
    """The URL of moto with what it does wrong put right, and nothing of AWS's beside that: no delays, no dependencies,
    no limits."""
    clock = ScaledClock(1.0)
    with served(Pipeline(MotoCloud(clock.now), corrections), clock) as url:
        yield url
