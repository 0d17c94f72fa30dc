"""A gate before every change that a session sends: whoever has lost the plan's lock must change nothing any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Fence:
    """Open, until it is `closed_by` a check. Set by the run's own thread, asked by all that send changes."""

    def __init__(self) -> None:
        self._check: Callable[[], None] | None = None

    @contextmanager
    def closed_by(self, check: Callable[[], None]) -> Iterator[None]:
        """Have `check` called right before each change leaves. What it raises keeps the request from being sent, and
        reaches who wanted to send it."""
        self._check = check
        try:
            yield
        finally:
            self._check = None

    def check(self) -> None:
        """A change is about to leave. Raises what the check raises."""
        check = self._check
        if check:
            check()
