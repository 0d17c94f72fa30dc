"""What one plan of a fleet would do, from its event: counts, and what leaves or is interrupted by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.engine.events import Event
from ocpprov.ui.fleet_progress import summary_in
from ocpprov.ui.lines import Line, Tone

_GOING: Final = ("delete", "replace", "sweep", "forget")


@dataclass(frozen=True)
class _Leaving:
    """Something that leaves or is interrupted, in the words of the event."""

    verb: str
    name: str
    type: str
    id: str
    reason: str
    interrupts: bool

    @property
    def parent(self) -> str:
        """What it is a part of (`Group/rule`); empty where it stands for itself."""
        return self.name.partition("/")[0] if "/" in self.name else ""

    @property
    def named(self) -> str:
        """Its name and AWS's id. An ARN, or a key that is put together, says little more than the name."""
        said = "" if "|" in self.id or self.id.startswith("arn:") else self.id
        return " ".join(dict.fromkeys(filter(None, (self.name, said))))


def planned_lines(name: str, event: Event, *, verbose: bool = False) -> Iterator[Line]:
    """How many of what is done, then what leaves or is interrupted: one sort a line, and parts of what leaves counted;
    each in a line of its own if `verbose`."""
    counts = summary_in(event)
    words = [f"{count} to {verb}" for verb, count in counts.items()]
    yield Line(f"{name}: {', '.join(words) or 'nothing to do'}", Tone.HEADING if words else Tone.PLAIN)
    leaving = [*_leaving(event.detail.get("actions"))]
    taken = {(each.verb, each.name) for each in leaving}
    parts = [] if verbose else [each for each in leaving if not each.interrupts and (each.verb, each.parent) in taken]
    alike: dict[object, list[_Leaving]] = {}
    for each in leaving:
        if each not in parts:
            sort = (each.verb, each.type, each.reason, each.interrupts)
            alike.setdefault(each if verbose else sort, []).append(each)
    for sort_of in alike.values():
        yield Line(f"{name}:   {_line(sort_of)}{_along(sort_of, parts)}", Tone.DANGER)
    notes = event.detail.get("notes")
    for note in notes if isinstance(notes, list) else ():
        yield Line(f"{name}:   note: {note}", Tone.CHANGE)


def _leaving(actions: object) -> Iterator[_Leaving]:
    for action in actions if isinstance(actions, list) else ():
        if isinstance(action, Mapping) and (action.get("action") in _GOING or action.get("interrupts")):
            verb, name, type, id, reason = (
                _text(action, key) for key in ("action", "resource", "type", "id", "reason")
            )
            yield _Leaving(verb, name, type, id, reason, bool(action.get("interrupts")))


def _text(action: Mapping[Any, Any], key: str) -> str:
    value = action.get(key)
    return value if isinstance(value, str) else ""


def _line(sort: Sequence[_Leaving]) -> str:
    first = sort[0]
    reason = f" ({first.reason})" if first.reason else ""
    interrupts = ", which INTERRUPTS" if first.interrupts else ""
    return f"{first.verb} {_short(first.type)}: {', '.join(each.named for each in sort)}{reason}{interrupts}"


def _along(sort: Sequence[_Leaving], parts: Sequence[_Leaving]) -> str:
    """How many parts go with these."""
    own = {(each.verb, each.name) for each in sort}
    counts = Counter(_short(each.type) for each in parts if (each.verb, each.parent) in own)
    return "".join(f"; with {count} {type}" for type, count in counts.items())


def _short(type: str) -> str:
    return type.rpartition("::")[2]
