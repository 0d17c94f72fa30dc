"""AWS's time in the sandbox: the wall's, faster than the wall's, or one that only goes when it is told to."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What the server asks of its clock."""

    def now(self) -> float:
        """Seconds of AWS's time, from 0 on, never going back."""
        ...

    def advance(self, seconds: float) -> None:
        """Lets so much of AWS's time pass at once."""
        ...

    def wait(self, seconds: float) -> None:
        """Returns when so much of AWS's time has passed."""
        ...


class ScaledClock:
    """`scale` seconds pass in AWS in one second here; what is advanced comes on top."""

    def __init__(self, scale: float = 1.0) -> None:
        self._scale = scale
        self._start = time.monotonic()
        self._ahead = VirtualClock()

    def now(self) -> float:
        return (time.monotonic() - self._start) * self._scale + self._ahead.now()

    def advance(self, seconds: float) -> None:
        self._ahead.advance(seconds)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds / self._scale)


class VirtualClock:
    """Stands still between the calls that advance it. Safe for threads."""

    def __init__(self, start: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._now = start

    def now(self) -> float:
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Raises ValueError for time that goes back."""
        if not seconds >= 0:
            raise ValueError(f"time doesn't go back, so not {seconds} seconds")
        with self._lock:
            self._now += seconds

    def wait(self, seconds: float) -> None:
        """Nobody else lets time pass, so it does."""
        self.advance(seconds)
