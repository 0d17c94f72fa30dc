"""A fault script at work: it counts the calls, and says which of them go wrong."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.faults import Fault, FaultKind, Script, Storm


class FaultScript:
    """Counts the calls, keeps the time of throttles, and throws a storm's dice."""

    def __init__(self, script: Script) -> None:
        self._waiting = [fault for fault in script.faults if fault.times > 0]
        self._dice = random.Random(script.storm.seed) if script.storm else None  # noqa: S311 - dice
        self._storm = script.storm
        self._mutating = 0
        self._of_operation: Counter[str] = Counter()
        self._throttled_until: dict[str, float] = {}

    @property
    def mutating_calls(self) -> int:
        """How many there were since the script was set."""
        return self._mutating

    @property
    def waiting(self) -> int:
        """How many faults haven't struck yet, or not as often as they should."""
        return len(self._waiting)

    def strike(self, request: Request, now: float) -> Fault | None:
        """Counts the call; the fault that strikes it. `now` is in seconds of AWS's time."""
        self._mutating += request.mutating
        self._of_operation[request.operation] += 1
        if now < self._throttled_until.get(request.service, 0.0):
            return Fault(FaultKind.THROTTLE)
        for fault in self._waiting:
            if self._is_due(fault, request):
                self._count_down(fault)
                if fault.kind is FaultKind.THROTTLE:
                    self._throttled_until[request.service] = now + fault.seconds
                return fault
        return _thrown(self._dice, self._storm) if self._dice and self._storm else None

    def missed(self, fault: Fault) -> None:
        """AWS refused the call that was struck, so there was nothing to go wrong later: the next one is."""
        self._waiting.insert(0, replace(fault, times=1))

    def _is_due(self, fault: Fault, request: Request) -> bool:
        if fault.operation:
            return request.operation == fault.operation and self._of_operation[fault.operation] >= fault.nth
        return request.mutating and self._mutating >= fault.call

    def _count_down(self, fault: Fault) -> None:
        place = self._waiting.index(fault)
        self._waiting[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []


def _thrown(dice: random.Random, storm: Storm) -> Fault | None:
    number = dice.random()
    shares = (
        (storm.throttled, FaultKind.THROTTLE),
        (storm.lost_answers, FaultKind.LOSE_ANSWER),
        (storm.lost_requests, FaultKind.LOSE_REQUEST),
        (storm.done_but_failed, FaultKind.ERROR_AFTER),
        (storm.failed, FaultKind.ERROR),
    )
    for share, kind in shares:
        if number < share:
            return Fault(kind, message="An internal error has occurred")
        number -= share
    return None
