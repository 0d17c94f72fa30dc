"""One round of reads, where the answer to a single one may have those of many others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Page, Reader
from ocpprov.kinds.reads import Bulk, Found, Pages, Read

Outcome = Mapping[Read, Sequence[Page] | AwsError]
"""By read: its pages, or why there are none."""


T = TypeVar("T")


def attempt(
    wanted: Sequence[Read], answers: Mapping[Read, Sequence[Page]], found: Found, reader: Reader, bulks: Sequence[Bulk]
) -> Outcome:
    """What comes of the wanted reads, given the answers so far. Those that wait for the next round are left out; what a
    read was made for and didn't tell is read after it. One that was made in place of others and failed has no pages:
    nothing needs it."""
    got = _told(wanted, answers, bulks)
    rest = [one for one in wanted if one not in got]
    none: Sequence[Read] = ()
    late = {one for bulk in bulks for one in _made_sense_of(partial(bulk.later, rest, Pages(answers), found), none)}
    rest = [one for one in rest if one not in late]
    nothing: Mapping[Read, Sequence[Read]] = {}
    spared = [_made_sense_of(partial(bulk.instead, rest, Pages(answers)), nothing) for bulk in bulks]
    instead = {one: each for reads in spared for one, each in reads.items()}
    held_back = {one for each in instead.values() for one in each}
    asked = [*(one for one in rest if one not in held_back), *instead]
    got |= reader.attempt(asked) if asked else {}
    # A wanted read may be the one that is made in place of others: its answer, or why there is none, is its own.
    got |= {one: [] for one in instead if isinstance(got[one], AwsError) and one not in held_back}
    known = {one: pages for one, pages in got.items() if not isinstance(pages, AwsError)}
    got |= _told([one for one in rest if one in held_back and one not in got], {**answers, **known}, bulks)
    untold = [one for one in rest if one not in got]
    return {**got, **(reader.attempt(untold) if untold else {})}


def _told(
    wanted: Sequence[Read], answers: Mapping[Read, Sequence[Page]], bulks: Sequence[Bulk]
) -> dict[Read, Sequence[Page] | AwsError]:
    nothing: Mapping[Read, Sequence[Page]] = {}
    told = [_made_sense_of(partial(bulk.told, wanted, Pages(answers)), nothing) for bulk in bulks]
    return {one: pages for each in told for one, pages in each.items()}


def _made_sense_of(tell: Callable[[], T], otherwise: T) -> T:
    """What a bulk tells. An answer that it can't make sense of tells nothing: what it was made for is asked for by
    itself, and whoever reads that says what is wrong."""
    try:
        return tell()
    except Exception:
        return otherwise
