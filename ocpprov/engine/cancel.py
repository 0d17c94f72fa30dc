"""Asking a run to end, in two stages: stop starting new work, then leave at once."""

from __future__ import annotations

import threading


class Interrupted(BaseException):
    """Waiting was cut short because the run was asked to leave.

    Not an `Exception`, as `KeyboardInterrupt` is not: whoever handles failures must not take it for one.
    """


class Cancellation:
    """The wish to end, shared by all threads of a run.

    `stop_starting` is set by the first interrupt: what is in flight ends, nothing new begins. `leave` is set by the
    second: waits end with `Interrupted`; it may be one that somebody has already. Both stay set. `interrupt` may be
    called from any thread and from a signal handler.
    """

    def __init__(self, leave: threading.Event | None = None) -> None:
        self.stop_starting = threading.Event()
        self.leave = leave or threading.Event()

    def interrupt(self) -> None:
        """Go one stage further."""
        if self.stop_starting.is_set():
            self.leave.set()
        self.stop_starting.set()

    def stopping(self) -> bool:
        """Whether nothing new may begin."""
        return self.stop_starting.is_set()

    def check(self) -> None:
        """Raise `Interrupted` when the run was asked to leave."""
        if self.leave.is_set():
            raise Interrupted
