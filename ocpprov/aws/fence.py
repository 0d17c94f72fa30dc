"""A gate before every change that a session sends: whoever has lost the plan's lock must change nothing any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ocpprov.engine.cancel import Interrupted


class Fence:
    """Open, until it is `closed_by` a check. Set by the run's own thread, asked by all that send changes; the lock
    guards what they share. It counts the changes that have left and weren't answered: whoever got none of AWS may find
    them done later."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._check: Callable[[], None] | None = None
        self._shut = False
        self._unanswered = 0

    @contextmanager
    def closed_by(self, check: Callable[[], None]) -> Iterator[None]:
        """Have `check` called right before each change leaves. What it raises keeps the request from being sent, and
        reaches who wanted to send it."""
        self._check = check
        try:
            yield
        finally:
            self._check = None

    def shut(self) -> bool:
        """Let no change leave any more, for good: `Interrupted` is what its sender gets. Whether all that have left
        were answered."""
        with self._lock:
            self._shut = True
            return self._unanswered == 0

    def leave(self) -> None:
        """A change is about to leave. Raises what the check raises."""
        with self._lock:
            if self._shut:
                raise Interrupted
            if self._check:
                self._check()
            self._unanswered += 1

    def answered(self) -> None:
        """One that has left was answered, whatever the answer is."""
        with self._lock:
            self._unanswered -= 1
