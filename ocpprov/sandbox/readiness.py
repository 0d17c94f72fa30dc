"""What AWS doesn't let be used yet, or doesn't let go yet: until when, and in which words it refuses.

`Delays` has the times of what shows a state while it is made; here are those of everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.seen_facts import SEEN, SeenFact

TAKEN: Final = "ok"
"""What an answer says where AWS took the call at once."""


@dataclass(frozen=True)
class Readiness:
    """One thing that isn't usable at once.

    `thing`: what; `operations`: the calls that are refused meanwhile; `until`: in words, when they no longer are.
    `seconds`: AWS's, of what `Delays` doesn't know; `delay`: the time that it does know, which counts instead. `code`,
    `sentence` and `status` are AWS's refusal; words in braces are put in. `trust` is documented, source, memory or
    seen. `question` is the id of the question of the first real run that asks it, where one does. `told_by` is the
    middleware that refuses, where that isn't `readiness`. What passes with time is held against ocpprov's own calls,
    and against everybody's where it is `for_all`: whoever prepares something by hand isn't held up by seconds.
    """

    id: str
    thing: str
    operations: Sequence[str]
    until: str
    code: str
    sentence: str
    source: str
    trust: str
    seconds: float = 0.0
    delay: Callable[[Delays], float] | None = None
    status: int = 400
    question: str = ""
    told_by: str = "readiness"
    for_all: bool = False

    @property
    def passes(self) -> bool:
        """Whether it is so for a time that is known."""
        return self.delay is not None

    def lasts(self, delays: Delays) -> float:
        """Seconds of AWS's time, with these delays."""
        return self.delay(delays) if self.delay else self.seconds * delays.readiness


def with_seen(rows: Iterable[Readiness], facts: Iterable[SeenFact]) -> Sequence[Readiness]:
    """The rows as AWS itself has answered, as far as it was asked: a code and seconds in place of what was believed."""
    by_id = {fact.id: fact for fact in facts}
    return [_with(row, by_id[row.question]) if row.question in by_id else row for row in rows]


def _with(row: Readiness, fact: SeenFact) -> Readiness:
    """A code comes with its status (`InvalidSubnet.Range 400`). Words that are no code leave the refusal as it was."""
    seen = replace(row, trust=SEEN, source=fact.source)
    if fact.says == TAKEN and not fact.seconds:
        return replace(seen, seconds=0.0, delay=None)
    if fact.seconds is not None:
        seen = replace(seen, seconds=fact.seconds, delay=None)
    code, _, status = fact.says.partition(" ")
    return replace(seen, code=code, status=int(status)) if status.isdecimal() else seen
