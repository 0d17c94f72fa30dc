"""`python -m ocpprov.cli.attended …`: the command line, for as long as somebody holds its stdin open. When that ends,
whether it was closed or whoever held it died, the command ends as after one Ctrl-C."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from functools import partial

from ocpprov.cli import main
from ocpprov.engine.threads import SYSTEM_THREADS


def at_end_of(stream: int, end: Callable[[], None]) -> None:
    """Wait for the end of what is read from there (a descriptor), and call `end` then."""
    while os.read(stream, 4096):
        pass
    end()


def interrupt() -> None:
    """Interrupt this process. By SIGTERM: who was started in the background has SIGINT ignored."""
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    SYSTEM_THREADS.start(partial(at_end_of, 0, interrupt), "stdin")
    main()
