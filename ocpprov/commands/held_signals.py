"""Signals from the first moment of a process on. Raised in the middle of an import one would end in a traceback, or in
nothing at all; so it is held until the command begins, which ends in a word then."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

INTERRUPTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a service manager, a terminal that was closed."""

_INTERRUPTED: Final = 130
"""`ExitCode.INTERRUPTED`, without what it takes to load that."""


_STDERR: Final = 2
"""The descriptor: whatever else is under way, a handler may write there."""


class HeldSignals:
    """A handler of signals that holds the first one, and ends the process at the second. Nothing was sent by then."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.came:
            with suppress(OSError):
                os.write(_STDERR, b"interrupted\n")
            os._exit(_INTERRUPTED)
        self.came = True


def hold_signals() -> None:
    """Hold them from now on. One that whoever started the process has it ignore stays ignored."""
    held = HeldSignals()
    for number in handled_signals():
        signal.signal(number, held)


def raise_interrupts() -> HeldSignals | None:
    """From now on a signal raises KeyboardInterrupt. What was held until now; None where nothing was: the command runs
    in somebody else's process."""
    before = [signal.signal(number, signal.default_int_handler) for number in handled_signals()]
    return next((handler for handler in before if isinstance(handler, HeldSignals)), None)


def leave(code: int) -> NoReturn:
    """End the process, also when nobody reads what was written, and without what the interpreter does at its end: that
    waits for calls that an interrupt has left behind, and tells of another signal in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def handled_signals() -> list[signal.Signals]:
    """Those that this process doesn't ignore."""
    return [number for number in INTERRUPTS if signal.getsignal(number) is not signal.SIG_IGN]
