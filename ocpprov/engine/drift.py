"""One diff for all types: what a plan wants of a resource against what AWS has."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.engine.actions import Change, Unmanaged, tag_change
from ocpprov.engine.kind_facts import Identity, KindFacts, ListRule, NotCompared, Property
from ocpprov.engine.ownership import (
    BOUND,
    CLUSTER,
    LEDGERS,
    ON_DELETE,
    PLAN_ID,
    PREFIX,
    PROTECT,
    REGION,
    REVISION,
    RUN,
    TAG_KEYS,
    decode_ledger,
    encode_ledger,
    is_ledger_tag,
    older_format,
    remembered_as,
)
from ocpprov.engine.resources import Live
from ocpprov.engine.same import identical, same
from ocpprov.engine.shared_lists import called, foreign_items, items_of, places, with_items
from ocpprov.engine.steps import NO_TAG_EDIT, TagEdit
from ocpprov.engine.values import Value, is_known, is_to_come, text, to_json

_SAID_OF_ONE: Final = (BOUND, CLUSTER, REGION, REVISION)
"""What goes where it was copied from another one, and its type has none of it."""


@dataclass(frozen=True)
class Drift:
    """What to change in place. `keep` are other people's items in shared lists, by property."""

    changes: Sequence[Change] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    others: Sequence[str] = ()


def _unordered(value: Value, row: Property) -> Value:
    """A policy document to which others may add, with its statements in one order: theirs may stand before ours."""
    if row.list_rule is not ListRule.CONTAINS or not isinstance(value, Mapping) or not is_known(value):
        return value
    statements = sorted(items_of(value), key=lambda item: json.dumps(to_json(item), sort_keys=True))
    return {**value, "Statement": statements}


def create_only_changes(kind: KindFacts, wanted: Mapping[str, Value], live: Live) -> list[Change]:
    """The create-only properties in which the live resource isn't the wanted one; empty for a current one."""
    rows = (row for row in kind.properties if row.create_only and not _is_unanswered(kind, row, wanted, live))
    changes = (_change(row, wanted, live) for row in rows)
    return [change for change in changes if change is not None]


def _is_unanswered(kind: KindFacts, row: Property, wanted: Mapping[str, Value], live: Live) -> bool:
    """Whether the answer lacks what it always has, so that nobody knows whether it is as wanted. What has no tags of
    its own is known by its key, and where a part of that is missing it is another. What waits for something new is
    going to have another value, whatever AWS has now."""
    if is_to_come(wanted.get(row.name)):
        return False
    if row.create_only and kind.identity is not Identity.TAGS and kind.key(live.properties) is None:
        return False
    missing = not row.may_be_absent and live.properties.get(row.name) is None
    return missing or row.name in live.unanswered


def unanswered_properties(kind: KindFacts, wanted: Mapping[str, Value], live: Live) -> list[str]:
    """Properties that the plan gives, and of which AWS's answer doesn't say what it has: they aren't compared."""
    rows = (row for row in kind.properties if row.compared and row.name in wanted and row.name != kind.tags_property)
    return [row.name for row in rows if _is_unanswered(kind, row, wanted, live)]


def changes_in_place(
    kind: KindFacts,
    wanted: Mapping[str, Value],
    live: Live,
    our_ids: Collection[str],
    remembered: Collection[str] = (),
    defaults: Collection[str] = (),
    said_of: Callable[[str, str], Value] = lambda id, name: None,
) -> Drift:
    """The properties to set on a current resource, and what others added to its shared lists.

    In a shared list, an item goes when the plan doesn't have it and it is a resource of ours by its id, or is
    `remembered` in the ledger, or has the place of one that the plan has; any other stays. A list of nothing but
    `defaults`, ids of what AWS gives everybody, is AWS's, where it was given none. `said_of` tells a property of a live
    resource by its id.
    """
    changes: list[Change] = []
    keep: dict[str, list[Value]] = {}
    others: list[str] = []
    for row in kind.properties:
        if row.create_only or not row.compared or row.name == kind.tags_property:
            continue
        if _is_unanswered(kind, row, wanted, live):
            continue
        if row.list_rule is ListRule.CONTAINS and row.name in live.properties and row.other_form not in wanted:
            is_default = all(text(item) in defaults for item in items_of(live.properties[row.name]))
            foreign = [] if is_default else foreign_items(kind, row, wanted, live, our_ids, remembered)
            taken = places(kind, row, items_of(wanted.get(row.name)), said_of)
            foreign = [item for item in foreign if taken.isdisjoint(places(kind, row, [item], said_of))]
            if foreign:
                keep[row.name] = foreign
                others.extend(
                    f"{row.name} has {called(kind, row, item)}, which is not of this plan" for item in foreign
                )
        change = _change(row, wanted, live, keep.get(row.name, ()))
        if change is not None:
            changes.append(change)
    return Drift(changes, keep, others)


def _change(row: Property, wanted: Mapping[str, Value], live: Live, keep: Sequence[Value] = ()) -> Change | None:
    default = row.default
    before = live.properties.get(row.name)
    if row.name in wanted:
        after = wanted[row.name]
    elif isinstance(default, NotCompared):
        return None
    else:
        after = default
    if before is None and not isinstance(default, NotCompared):
        before = default
    after = with_items(after, keep)
    if row.type == "json":
        equal = _is_unsaid(after) or identical(*(_unordered(each, row) for each in (after, before)))
    else:
        equal = same(after, before, ordered=row.ordered, row=row)
    if row.type != "json" and isinstance(after, Mapping) and isinstance(before, Mapping):
        before = {key: value for key, value in before.items() if key in after}
    return None if equal else Change(row.name, before, after)


def _is_unsaid(value: Value) -> bool:
    """Whether a value can't be told only because AWS's answer doesn't say something of what is there."""
    return not is_known(value) and not is_to_come(value)


@dataclass(frozen=True)
class TagDifference:
    """Tags to put and remove, the same as readable changes, and other people's tags."""

    edit: TagEdit = NO_TAG_EDIT
    changes: Sequence[Change] = ()
    others: Sequence[str] = ()


def tag_changes(wanted: Mapping[str, str], live: Live) -> TagDifference:
    """What to do about the tags of a resource of ours.

    The creator's run and the revision are only put back where they are missing, the latter also where it is of an older
    format. Ledgers of children grow here; they shrink by a step of their own after the children are gone. Keys that we
    once set (the `ocpprov:tags` ledger) and no longer want are removed; other people's keys stay. Where the tags are
    those of another one, all of ours are put back.
    """
    target = dict(wanted)
    for ledger in LEDGERS:
        entries = decode_ledger(ledger, live.tags) | decode_ledger(ledger, wanted)
        target = _without_ledger(target, ledger) | encode_ledger(ledger, entries)
    kept = (RUN,) if older_format(live.tags) or live.known_as is not None else (RUN, REVISION)
    for key in kept:
        if key in live.tags:
            target.pop(key, None)
    put = {key: value for key, value in target.items() if live.tags.get(key) != value}
    ours_before = decode_ledger(TAG_KEYS, live.tags)
    stale = [key for key in live.tags if _stale(key, wanted, target, ours_before)]
    if live.known_as is not None:
        stale += [key for key in _SAID_OF_ONE if key in live.tags and key not in target]
    changes = [tag_change(key, live.tags.get(key), value) for key, value in put.items()]
    changes += [tag_change(key, live.tags[key], None) for key in stale]
    others = [
        f"tag {key}"
        for key in live.tags
        if key not in wanted and key not in stale and not key.startswith((PREFIX, "aws:"))
    ]
    return TagDifference(TagEdit(put, stale), changes, others)


def _stale(key: str, wanted: Mapping[str, str], target: Mapping[str, str], ours_before: Collection[str]) -> bool:
    if key in wanted or key in target:
        return False
    if any(is_ledger_tag(ledger, key) for ledger in (*LEDGERS, TAG_KEYS)):
        return True
    return remembered_as(key) in ours_before or key in (ON_DELETE, PLAN_ID, PROTECT)


def _without_ledger(tags: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in tags.items() if not is_ledger_tag(key, name)}


def ledger_edit(ledger: str, entries: Collection[str], live_tags: Mapping[str, str]) -> TagEdit:
    """The edit that writes one ledger of children whole."""
    wanted = encode_ledger(ledger, entries)
    stale = [name for name in live_tags if is_ledger_tag(ledger, name) and name not in wanted]
    return TagEdit({name: value for name, value in wanted.items() if live_tags.get(name) != value}, stale)


def describe_other(resource: str, texts: Sequence[str]) -> list[Unmanaged]:
    """Other people's additions on one resource, as they are reported."""
    return [Unmanaged(resource, what) for what in texts]
