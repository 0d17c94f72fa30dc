"""What became of each resource in a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.steps import build_name, delete_name
from ocpprov.report.history import RunHead
from ocpprov.report.things import Thing
from ocpprov.report.timeline import StepSpan


@dataclass(frozen=True)
class ResourceOutcome:
    """One resource at the end of a run. `exists`: AWS has it, as far as is known; `id` is empty where nobody knows."""

    name: str
    type: str
    id: str
    what: str
    exists: bool


_GONE: Final = ("deleted", "forgotten")


def outcomes(head: RunHead, done: Sequence[StepSpan]) -> list[ResourceOutcome]:
    """What the plan wants, then what was to go."""
    by_step = {span.step: span for span in done}
    return [*_wanted(head, by_step), *_going(head, by_step)]


def _wanted(head: RunHead, by_step: Mapping[str, StepSpan]) -> Iterator[ResourceOutcome]:
    going = {(each.type, each.id) for each in head.going}
    for thing in head.things:
        span = by_step.get(build_name(thing.name))
        # What is replaced has its predecessor's id until the new one is there.
        before = "" if (thing.type, thing.id) in going else thing.id
        id = (span.id if span else "") or before
        yield ResourceOutcome(thing.name, thing.type, id, _what(head, thing, span), bool(id))


def _what(head: RunHead, thing: Thing, span: StepSpan | None) -> str:
    if span is not None:
        return span.outcome or "begun, not ended"
    verb = head.verbs.get(thing.name, "keep")
    return "unchanged" if verb == "keep" else "not begun"


def _going(head: RunHead, by_step: Mapping[str, StepSpan]) -> Iterator[ResourceOutcome]:
    for thing in head.going:
        span = by_step.get(delete_name(thing.type, thing.id))
        what = (span.outcome or "begun, not ended") if span else "not begun"
        yield ResourceOutcome(thing.name, thing.type, thing.id, what, what not in _GONE)


def existing(found: Sequence[ResourceOutcome]) -> Mapping[str, int]:
    """How many of each type there are."""
    return dict(sorted(Counter(each.type for each in found if each.exists).items()))
