"""What AWS has, by type: the value that planning compares a plan with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.engine.resources import Live


@dataclass(frozen=True)
class Unseen:
    """What couldn't be looked at and needn't be known: a sentence, and why, where somebody keeps us from looking at a
    type. `may_be_there`: there may be something of that `type`, and perhaps of the plan's. `about` are texts of the
    question that wasn't answered, the ids of single things among them; none where it was about all of the type.
    `because` is the reason alone, where that is no error."""

    said: str
    type: str = ""
    why: Exception | None = None
    may_be_there: bool = False
    about: frozenset[str] = frozenset()
    because: str = ""

    def concerns(self, id: str) -> bool:
        """Whether the one with this id of AWS's isn't known for it: a name, an ARN, or with that of what it is in."""
        return not self.about or any(text in id or id in text for text in self.about)

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True)
class Inventory:
    """Live resources by type, each once, and what was `unseen`. `tagged` are the ids of what carries the plan's tag by
    the answer about all types at once, whatever the lists say; none where that wasn't asked."""

    lives: Mapping[str, Sequence[Live]] = field(default_factory=dict)
    unseen: Sequence[Unseen] = ()
    tagged: frozenset[str] = frozenset()

    def of(self, type: str) -> Sequence[Live]:
        return self.lives.get(type, ())

    def __iter__(self) -> Iterator[Live]:
        for lives in self.lives.values():
            yield from lives
