"""A sandbox in this process, which commands of other processes find by their state directory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ocpprov.sandbox.clocks import ScaledClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.middleware.contract import Middleware
from ocpprov.sandbox.middleware.request_checks import RequestChecks
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.private_files import write_private
from ocpprov.sandbox.processes import find_process
from ocpprov.sandbox.record import Running
from tests.support.serving import SECRET, served


@contextmanager
def sandbox(delays: Delays, home: Path, scale: float, *, strict: bool = True) -> Iterator[Running]:
    """An empty one with these delays, `scale` times as fast as AWS, for those whose `XDG_STATE_HOME` is `home`. One
    that isn't `strict` takes what the documentation doesn't list, such as a filter that Ansible asks for."""
    here = find_process(os.getpid())
    assert here is not None
    clock = ScaledClock(scale)
    record = home / "ocpprov" / "sandbox" / "sandbox.json"
    record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def middleware() -> Sequence[Middleware]:
        return [each for each in all_middleware(delays) if strict or not isinstance(each, RequestChecks)]

    with served(Pipeline(MotoCloud(clock.now), middleware), clock, {"pid": os.getpid()}) as url:
        running = Running(url, here.pid, here.started, scale, SECRET)
        write_private(record, running.to_json())
        yield running
