"""Signals that end a run: the first stops it, the second leaves."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from math import inf
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final

from ocpprov.aws.timeouts import submit
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.held_signals import handled_signals
from ocpprov.engine.cancel import Cancellation

_LEFT: Final = 10.0
"""Seconds on the wall in which a run that is left has to tell its end. It waits for no request then; what still holds
it up is a terminal that nobody reads, a disk that hangs, or a mistake of ours."""

_LAST_WORD: Final = 1.0
"""Seconds for what is being said of a signal; nobody reads on a terminal that is stuck."""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Meanwhile a signal raises KeyboardInterrupt, whatever it does else: who is asked may not want to answer.
    One that is ignored stays so."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in handled_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible(
    cancellation: Cancellation,
    say: Callable[[str], None],
    *,
    patience: float = _LEFT,
    end_process: Callable[[int], object] = os._exit,
) -> Iterator[None]:
    """The first interrupt stops starting, the second leaves; a process that is still here `patience` seconds later is
    ended, and the next run finds what was done as after a crash. A signal that whoever started the process has it
    ignore, as nohup does with that of a closed terminal, stays ignored.

    A handler runs in the middle of whatever the main thread does, which may hold the lock that a line on the screen or
    the setting of an event takes. So it only puts down that there was a signal, and a thread does the rest.
    """
    signals: SimpleQueue[bool] = SimpleQueue()
    words: SimpleQueue[str] = SimpleQueue()

    def handle() -> None:
        until = inf
        with suppress(Empty):
            while signals.get(timeout=None if until == inf else max(0.0, until - time.monotonic())):
                first = not cancellation.stopping()
                cancellation.interrupt()
                words.put("stopping after in-flight calls; press Ctrl-C again to abort" if first else "aborting")
                if cancellation.leave.is_set():
                    until = min(until, time.monotonic() + patience)
            words.put("")
            return
        words.put(f"the run didn't end within {patience:.0f} s and is left as it is; run the same command again")
        words.put("")
        wait([speaking], _LAST_WORD)
        end_process(ExitCode.INTERRUPTED)

    def speak() -> None:
        # In a thread of its own: where nobody takes what is written, the next signal is handled all the same.
        while text := words.get():
            with suppress(Exception):
                say(text)

    def on_signal(number: int, frame: FrameType | None) -> None:
        # Two of a number in the same instant are one: the kernel keeps no second one that is pending (signal(7)), and
        # Python calls this once for those that came before it got here. The next press is the second.
        signals.put(True)

    speaking = submit(speak)
    handling = [submit(handle), speaking]
    before = {number: signal.signal(number, on_signal) for number in handled_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.put(False)
        wait(handling, _LAST_WORD)
