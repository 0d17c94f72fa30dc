"""A process that lives on after the command that started it."""

from __future__ import annotations

import os
from collections.abc import Callable

_READY = b"ready"


def run_in_background(serve: Callable[[Callable[[], None]], int]) -> int:
    """Runs `serve` in a new process with a session of its own, and returns once that one called the function it was
    given: 0, or 1 when it ended without. In the new process, returns what `serve` returned.

    The new process is nobody's child here, so nobody has to wait for its end.
    """
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return 0 if os.read(reading, len(_READY)) == _READY else 1
    os.close(reading)
    os.setsid()

    def ready() -> None:
        os.write(writing, _READY)
        os.close(writing)

    return serve(ready)
