"""Signals that end a run: whatever comes, what was made is taken away."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE: Final = 2


class Interrupted(BaseException):
    """A signal came: what is under way ends, and the clean-up begins. No `except Exception` takes it."""


class Abandoned(BaseException):
    """One signal too many came during the clean-up: what is there stays there."""


class Interruption:
    """What signals mean at the moment. Once it is armed, the first one raises Interrupted where the main thread is;
    those during the clean-up are only said, and the third in all raises Abandoned."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._names: list[str] = []
        self._armed = False

    @property
    def names(self) -> tuple[str, ...]:
        """Those that came, in order: `SIGINT`, …"""
        return tuple(self._names)

    def arm(self) -> None:
        """From now on there is something to clean up. Raises Interrupted for a signal that came before."""
        self._armed = True
        if self._names:
            self._interrupt(self._names[0])

    def clean(self) -> None:
        """From now on the clean-up is under way, which signals don't end."""
        self._armed = False

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """A handler for `signal.signal`."""
        name = signal.Signals(number).name
        self._names.append(name)
        if self._armed:
            self._interrupt(name)
        if len(self._names) > _PATIENCE and number != signal.SIGHUP:
            raise Abandoned(name)
        if len(self._names) > 1:
            self._say(f"{name}: the clean-up goes on; one more leaves everything as it is")

    def _interrupt(self, name: str) -> None:
        self._armed = False
        raise Interrupted(name)


@contextmanager
def interruptible(interruption: Interruption) -> Iterator[None]:
    """Signals go to it meanwhile, those too that whoever started the process has it ignore but for a hang-up: nohup
    means what it says."""
    wanted = [each for each in SIGNALS if each != signal.SIGHUP or signal.getsignal(each) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interruption.on_signal) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
