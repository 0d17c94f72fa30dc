"""How a run ends, for a person: what was done, in how long; what matters now; what costs money meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.actions import Action
from ocpprov.engine.plurals import number_of
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.contract import Kind
from ocpprov.runs.holder import span
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.table import table

_PAST: Final = {
    "create": "created",
    "update": "updated",
    "replace": "replaced",
    "delete": "deleted",
    "sweep": "swept",
    "adopt": "adopted",
    "forget": "left to you",
}
_FEW: Final = 8


@dataclass(frozen=True)
class Closing:
    """The end of a run that went well. `done` is how many of each verb, `seconds` how long it took, `outputs` those
    that matter now, `commands` what can be run next, each with what it is for."""

    owner: Owner
    done: Mapping[str, int]
    seconds: float
    calls: int
    outputs: Mapping[str, object]
    commands: Sequence[tuple[str, str]]

    def lines(self) -> Iterator[Line]:
        """From what was done to what now."""
        place = f"plan {self.owner.plan}, account {self.owner.account}, region {self.owner.region}"
        yield Line(f"done in {span(self.seconds)}: {done_text(self.done)} ({place}; {self.calls} calls)", Tone.GOOD)
        yield from (Line(f"  {row}") for row in table({name: _brief(each) for name, each in self.outputs.items()}))
        yield from (Line(f"{about}: {command}") for about, command in self.commands)


def _brief(value: object) -> object:
    """A list as its items with commas between them, of objects only what each is about."""
    match value:
        case list() | tuple():
            return ", ".join(str(_brief(item)) for item in value)
        case Mapping():
            return next((_brief(item) for item in value.values()), "")
    return value


def done_text(counts: Mapping[str, int]) -> str:
    """`95 created, 2 deleted`: by the verbs of a plan."""
    return ", ".join(f"{count} {_PAST[verb]}" for verb, count in counts.items() if count and verb in _PAST) or "nothing"


def billed_lines(lives: Iterable[Live], kinds: Mapping[str, Kind]) -> Iterator[Line]:
    """What of it costs money for as long as it is there, whether anybody uses it or not."""
    counts = Counter(name for live in lives if (name := kinds[live.type].billed(live.properties)))
    if counts:
        what = ", ".join(number_of(count, noun) for noun, count in sorted(counts.items()))
        yield Line(f"billed:   {what}, as long as they are there", Tone.CHANGE)


def still_differs_lines(left: Sequence[Action]) -> Iterator[Line]:
    """What the closing look found, though everything was sent and answered."""
    names = [f"{action.resource} ({action.verb.value})" for action in left]
    more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
    yield Line(
        f"differs:  AWS has taken every change, and a last look still finds {', '.join(names[:_FEW])}{more}",
        Tone.DANGER,
    )
