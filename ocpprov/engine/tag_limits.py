"""How many tags AWS takes, counted before the first change: what has no room, and what can't be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import (
    CHILDREN,
    LEDGERS,
    RECORDS,
    LedgerEntries,
    decode_ledger,
    desired_tags,
    is_ledger_tag,
    plan_tags,
    tags_left_out,
)
from ocpprov.engine.resources import Live, Owner, Resource


@dataclass(frozen=True)
class TagLimit:
    """What doesn't fit: a `problem` that nothing but another plan solves, or a `note` on user tags that are left out;
    either may be empty."""

    problem: str = ""
    note: str = ""


def tag_limit(
    resource: Resource, kind: KindFacts, live: Live | None, owner: Owner, remembered: LedgerEntries
) -> TagLimit:
    """The tags that a resource needs against those that its type takes. While rows come and others go, a live one
    remembers both."""
    if kind.identity is not Identity.TAGS:
        return TagLimit()
    desired = desired_tags(
        owner,
        kind,
        resource,
        "",
        _with_those_that_go(remembered, live.tags if live else {}),
        kind.type if kind.bound_by or kind.bound_by_id else "",
    )
    left_out = tags_left_out(owner, kind, resource, desired)
    takes = f"{resource.logical_id}: {resource.type} takes {kind.tag_limit} tags"
    if len(desired) > kind.tag_limit:
        ledger = sum(is_ledger_tag(key, name) for name in desired for key in LEDGERS)
        return TagLimit(
            f"{takes} and would need {len(desired)}, {ledger} of them to remember the rows that are the plan's; "
            "give it fewer or shorter ones, or put some into another plan"
        )
    own = [key for key in left_out if key in plan_tags(kind, resource)]
    if own:
        return TagLimit(f"{takes}; with those of the plan's ownership no room for {', '.join(own)}: give it fewer")
    return TagLimit(note=f"{takes}; no room for {', '.join(left_out)}" if left_out else "")


def _with_those_that_go(remembered: LedgerEntries, tags: Mapping[str, str]) -> LedgerEntries:
    return replace(
        remembered,
        children=remembered.children | decode_ledger(CHILDREN, tags),
        elsewhere=remembered.elsewhere | decode_ledger(RECORDS, tags),
    )
