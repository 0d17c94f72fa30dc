"""What the engine asks of the rooms above it beside the facts of kinds: a clock, and a place for events."""

from __future__ import annotations

from typing import Protocol

from ocpprov.engine.events import Event


class Clock(Protocol):
    """The one source of time and the only way to wait. All figures are seconds of AWS's time; a scaled clock makes
    them shorter on the wall."""

    def now(self) -> float:
        """Seconds since the epoch."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start, never going back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait, and raise `Interrupted` as soon as the run is asked to leave."""
        ...


class EventSink(Protocol):
    """Where what happens is told. Called from any thread; never raises."""

    def emit(self, event: Event) -> None: ...
