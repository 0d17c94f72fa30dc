"""One round of reads, where the answer to a single one may have those of many others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Page, Reader
from ocpprov.kinds.contract import Bulk, Found, Pages, Read

Outcome = Mapping[Read, Sequence[Page] | AwsError]
"""By read: its pages, or why there are none."""


def attempt(
    wanted: Sequence[Read], answers: Mapping[Read, Sequence[Page]], found: Found, reader: Reader, bulks: Sequence[Bulk]
) -> Outcome:
    """What comes of the wanted reads, given the answers so far. Those that wait for the next round are left out; what a
    bulk was made for and didn't tell is read after it. A bulk that failed has no pages: nothing needs it."""
    got: dict[Read, Sequence[Page] | AwsError] = {}
    rest = list(wanted)
    for bulk in bulks:
        got |= bulk.told(rest, Pages(answers))
        later = bulk.later(rest, found)
        rest = [one for one in rest if one not in got and one not in later]
    spared = {bulk: list(bulk.spared(rest, Pages(answers))) for bulk in bulks}
    held_back = {one for each in spared.values() for one in each}
    first = [one for one in rest if one not in held_back]
    asked = [*first, *(bulk.read for bulk, each in spared.items() if each)]
    got |= reader.attempt(asked) if asked else {}
    for bulk, each in spared.items():
        if each:
            pages = got[bulk.read]
            got[bulk.read] = [] if isinstance(pages, AwsError) else pages
            known = {**answers, **{one: pages for one, pages in got.items() if not isinstance(pages, AwsError)}}
            got |= bulk.told(each, Pages(known))
    untold = [one for one in rest if one not in got]
    return {**got, **(reader.attempt(untold) if untold else {})}
