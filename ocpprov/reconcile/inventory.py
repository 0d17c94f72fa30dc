"""Looking at AWS for all kinds at once: at most four rounds, each distinct read made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.aws.reads import Page, Reader
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RESOURCE, RUN, identity_tags
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Found, Kind, Pages, Read

ROUNDS: Final = 4
"""The longest way to something: a bucket, by its tags as ours, what lies in it, whose that is."""


def take(kinds: Mapping[str, Kind], found: Found, reader: Reader) -> Inventory:
    """Everything that could concern the plan, as far as `kinds` have it, from what `found` knows at the start.

    Raises AwsError.
    """
    return Inventory(_rounds(kinds, found, reader))


def look(kind: Kind, found: Found, reader: Reader) -> Sequence[Live]:
    """The live resources of one kind, given what is known of the others. Raises AwsError."""
    return _rounds({kind.type: kind}, found, reader)[kind.type]


def look_at_states(kind: Kind, found: Found, reader: Reader) -> Sequence[Live]:
    """The live resources of one kind by the reads that tell their states: tags and properties may be missing. Raises
    AwsError."""
    return kind.parse(Pages(reader.read(list(kind.state_reads(found)))))


def _claimed(kind: Kind, live: Live, found: Found) -> Live:
    """The same, with what proves whose it is where no tag says so."""
    if identity_tags(live).keys() & {PLAN, RESOURCE, RUN}:
        return live
    return replace(live, claim={**live.claim, **kind.claim(live, found)})


def _rounds(kinds: Mapping[str, Kind], found: Found, reader: Reader) -> Mapping[str, Sequence[Live]]:
    answers: dict[Read, Sequence[Page]] = {}
    for _ in range(ROUNDS):
        wanted = {one: None for kind in kinds.values() for one in kind.reads(found) if one not in answers}
        if not wanted:
            break
        answers |= reader.read(list(wanted))
        pages = Pages(answers)
        seen = {name: [_claimed(kind, live, found) for live in kind.parse(pages)] for name, kind in kinds.items()}
        found = replace(found, lives={**found.lives, **seen})
    return {name: found.lives.get(name, ()) for name in kinds}
