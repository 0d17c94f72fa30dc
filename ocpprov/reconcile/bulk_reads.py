"""One round of reads, where the answer to a single one may have those of many others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Page, Reader
from ocpprov.kinds.reads import Bulk, Found, Pages, Read

Outcome = Mapping[Read, Sequence[Page] | AwsError]
"""By read: its pages, or why there are none."""


def attempt(
    wanted: Sequence[Read], answers: Mapping[Read, Sequence[Page]], found: Found, reader: Reader, bulks: Sequence[Bulk]
) -> Outcome:
    """What comes of the wanted reads, given the answers so far. Those that wait for the next round are left out; what a
    read was made for and didn't tell is read after it. One that was made in place of others and failed has no pages:
    nothing needs it."""
    got = _told(wanted, answers, bulks)
    rest = [one for one in wanted if one not in got]
    late = {one for bulk in bulks for one in bulk.later(rest, Pages(answers), found)}
    rest = [one for one in rest if one not in late]
    instead = {one: each for bulk in bulks for one, each in bulk.instead(rest, Pages(answers)).items()}
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
    return {one: pages for bulk in bulks for one, pages in bulk.told(wanted, Pages(answers)).items()}
