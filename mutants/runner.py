"""Drawing until enough are tried, several at a time."""

from __future__ import annotations

import queue
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final, Protocol

from mutants.candidates import shuffled
from mutants.equivalent import EQUIVALENT, Equivalent, argument_for
from mutants.report import Draw
from mutants.source import Mutant
from mutants.trial import Verdict

_SIGNS: Final = {Verdict.KILLED: ".", Verdict.TIMED_OUT: "T", Verdict.SURVIVED: "S", Verdict.NO_MUTANT: "-"}


class Place(Protocol):
    """Where one mutant at a time is tried."""

    def verdict(self, mutant: Mutant, limit: float) -> Verdict:
        """What becomes of it; `limit` in seconds."""


class Runner:
    """Places, and who is tried in them. A verdict is found once, whichever seeds draw the mutant."""

    def __init__(self, places: Sequence[Place], limit: float, known: Sequence[Equivalent] = EQUIVALENT) -> None:
        self._equivalent = known
        self._pool = ThreadPoolExecutor(len(places))
        self._free: queue.SimpleQueue[Place] = queue.SimpleQueue()
        self._limit = limit
        self._verdicts: dict[Mutant, Verdict] = {}
        for place in places:
            self._free.put(place)

    def close(self) -> None:
        """Wait for those on trial, and try no others."""
        self._pool.shutdown(cancel_futures=True)

    def draw(self, seed: int, mutants: Sequence[Mutant], number: int) -> Draw:
        """Try mutants in the order of a seed until so many are found that count."""
        started = time.monotonic()
        verdicts: dict[Mutant, Verdict] = {}
        equivalent: dict[Mutant, str] = {}
        no_mutant = 0
        waiting = iter(shuffled(seed, mutants))
        while len(verdicts) < number and (batch := list(islice(waiting, number - len(verdicts)))):
            equivalent |= {mutant: because for mutant in batch if (because := argument_for(mutant, self._equivalent))}
            tried = [mutant for mutant in batch if mutant not in equivalent]
            for mutant, verdict in zip(tried, self._pool.map(self._verdict, tried), strict=True):
                if verdict is Verdict.NO_MUTANT:
                    no_mutant += 1
                else:
                    verdicts[mutant] = verdict
        return Draw(seed, verdicts, equivalent, no_mutant, time.monotonic() - started)

    def _verdict(self, mutant: Mutant) -> Verdict:
        if mutant not in self._verdicts:
            place = self._free.get()
            try:
                self._verdicts[mutant] = place.verdict(mutant, self._limit)
            finally:
                self._free.put(place)
        print(_SIGNS[self._verdicts[mutant]], end="", file=sys.stderr, flush=True)
        return self._verdicts[mutant]
