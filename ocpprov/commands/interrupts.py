"""Signals that end a run: the first stops it, the second leaves."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from types import FrameType
from typing import Final

from ocpprov.aws.timeouts import submit
from ocpprov.engine.cancel import Cancellation

INTERRUPTS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a service manager, a terminal that was closed."""

_LAST_WORD: Final = 1.0
"""Seconds for what is being said of a signal; nobody reads on a terminal that is stuck."""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Meanwhile a signal raises KeyboardInterrupt, whatever it does else: who is asked may not want to answer.
    One that is ignored stays so."""
    heeded = [number for number in INTERRUPTS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, signal.default_int_handler) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interruptible(cancellation: Cancellation, say: Callable[[str], None]) -> Iterator[None]:
    """The first interrupt stops starting, the second leaves. A signal that whoever started the process has it ignore,
    as nohup does with that of a closed terminal, stays ignored.

    A handler runs in the middle of whatever the main thread does, which may hold the lock that a line on the screen or
    the setting of an event takes. So it only puts down that there was a signal, and a thread does the rest.
    """
    signals: SimpleQueue[bool] = SimpleQueue()
    words: SimpleQueue[str] = SimpleQueue()

    def heed() -> None:
        while signals.get():
            first = not cancellation.stopping()
            cancellation.interrupt()
            words.put("stopping after in-flight calls; press Ctrl-C again to abort" if first else "aborting")
        words.put("")

    def speak() -> None:
        # In a thread of its own: where nobody takes what is written, the next signal is heeded all the same.
        while text := words.get():
            with suppress(Exception):
                say(text)

    def on_signal(number: int, frame: FrameType | None) -> None:
        signals.put(True)

    heeding = [submit(heed), submit(speak)]
    heeded = [number for number in INTERRUPTS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, on_signal) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.put(False)
        wait(heeding, _LAST_WORD)
