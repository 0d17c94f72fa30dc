"""The clock of a run: real time, or time that goes faster, for the sandbox."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from ocpprov.engine.cancel import Interrupted


@dataclass(frozen=True)
class SystemClock:
    """The engine's `Clock`, on the system's clocks.

    One second on the wall is `scale` seconds of AWS's time, which is what `monotonic` counts and `sleep` waits for.
    `now` is not scaled: it stamps what others read too (tags, journals), so processes with different scales must agree
    on it. Durations come from `monotonic`. `leave` ends every sleep.
    """

    scale: float = 1.0
    leave: threading.Event = field(default_factory=threading.Event)

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic() * self.scale

    def sleep(self, seconds: float) -> None:
        if self.leave.wait(max(0.0, seconds) / self.scale):
            raise Interrupted
