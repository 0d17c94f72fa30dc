"""One diff for all types: what a plan wants of a resource against what AWS has."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.engine.actions import Change, Other, TagEdit
from ocpprov.engine.ownership import (
    LEDGERS,
    PREFIX,
    REVISION,
    RUN,
    TAG_KEYS,
    decode_ledger,
    encode_ledger,
    is_ledger_tag,
)
from ocpprov.engine.properties import ListRule, NotCompared, Property
from ocpprov.engine.protocols import KindFacts
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value, is_known, text, to_json


@dataclass(frozen=True)
class Difference:
    """What to change in place. `keep` are other people's items in shared lists, by property."""

    changes: Sequence[Change] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    others: Sequence[str] = ()


def same(wanted: Value, live: Value, *, ordered: bool = False) -> bool:
    """Whether AWS has what is wanted. An unknown value is never the same; of an object only the wanted members count;
    of a list each item as often as it is there, and the order where the list is `ordered`."""
    if isinstance(wanted, Mapping):
        return isinstance(live, Mapping) and all(same(value, live.get(key)) for key, value in wanted.items())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        if not isinstance(live, Sequence) or isinstance(live, str) or len(wanted) != len(live):
            return False
        if ordered:
            return all(same(one, other) for one, other in zip(wanted, live, strict=True))
        return is_known(wanted) and _paired(wanted, live)
    if not is_known(wanted) or isinstance(live, Mapping):
        return False
    if wanted is None or live is None:
        return wanted is live
    return text(wanted) == text(live)


def _paired(wanted: Sequence[Value], live: Sequence[Value]) -> bool:
    """Whether each wanted item has a live one of its own that is the same."""
    fits = [[place for place, other in enumerate(live) if same(one, other)] for one in wanted]
    taken: dict[int, int] = {}
    return all(_finds_place(item, fits, taken) for item in range(len(wanted)))


def _finds_place(item: int, fits: Sequence[Sequence[int]], taken: dict[int, int]) -> bool:
    """Put an item into `taken` (who has which place). It may fit several, as it says only some members of an object:
    whoever has the one that it needs moves on to another, where that makes room."""
    has = {who: place for place, who in taken.items()}
    came: dict[int, int] = {}
    stack = [item]
    while stack:
        one = stack.pop()
        for place in fits[one]:
            if place in came:
                continue
            came[place] = one
            if place in taken:
                stack.append(taken[place])
                continue
            free: int | None = place
            while free is not None:
                taken[free] = came[free]
                free = has.get(came[free])
            return True
    return False


def identical(one: Value, other: Value) -> bool:
    """Equality of whole documents (policies), whatever the order of keys."""
    return is_known(one) and json.dumps(to_json(one), sort_keys=True) == json.dumps(to_json(other), sort_keys=True)


def create_only_changes(kind: KindFacts, wanted: Mapping[str, Value], live: Live) -> list[Change]:
    """The create-only properties in which the live resource isn't the wanted one; empty for a current one."""
    changes = (_change(row, wanted, live) for row in kind.properties if row.create_only)
    return [change for change in changes if change is not None]


def changes_in_place(kind: KindFacts, wanted: Mapping[str, Value], live: Live, our_ids: Collection[str]) -> Difference:
    """The properties to set on a current resource, and what others added to its shared lists.

    In a shared list, an item that is the id of a resource of ours goes when the plan doesn't have it; any other stays.
    """
    changes: list[Change] = []
    keep: dict[str, list[Value]] = {}
    others: list[str] = []
    for row in kind.properties:
        if row.create_only or not row.compared or row.name == kind.tags_property:
            continue
        if row.type == "list" and row.list_rule is ListRule.CONTAINS:
            foreign = _foreign_items(row, wanted, live, our_ids)
            if foreign:
                keep[row.name] = foreign
                others.extend(f"{row.name} has {text(item)}, which is not of this plan" for item in foreign)
        change = _change(row, wanted, live, keep.get(row.name, ()))
        if change is not None:
            changes.append(change)
    return Difference(changes, keep, others)


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
    if keep and isinstance(after, Sequence) and not isinstance(after, str):
        after = [*after, *keep]
    equal = identical(after, before) if row.type == "json" else same(after, before, ordered=row.ordered)
    if row.type != "json" and isinstance(after, Mapping) and isinstance(before, Mapping):
        before = {key: value for key, value in before.items() if key in after}
    return None if equal else Change(row.name, before, after)


def _foreign_items(row: Property, wanted: Mapping[str, Value], live: Live, our_ids: Collection[str]) -> list[Value]:
    desired = wanted.get(row.name)
    present = live.properties.get(row.name)
    if not isinstance(present, Sequence) or isinstance(present, str):
        return []
    asked = desired if isinstance(desired, Sequence) and not isinstance(desired, str) else ()
    return [item for item in present if item not in asked and item not in our_ids]


@dataclass(frozen=True)
class TagDifference:
    """Tags to put and remove, the same as readable changes, and other people's tags."""

    edit: TagEdit = TagEdit()
    changes: Sequence[Change] = ()
    others: Sequence[str] = ()


def tag_changes(wanted: Mapping[str, str], live: Live) -> TagDifference:
    """What to do about the tags of a resource of ours.

    The creator's run and the revision are only put back where they are missing. Ledgers of children grow here; they
    shrink by a step of their own after the children are gone. Keys that we once set (the `ocpprov:tags` ledger) and no
    longer want are removed; other people's keys stay.
    """
    target = dict(wanted)
    for ledger in LEDGERS:
        entries = decode_ledger(ledger, live.tags) | decode_ledger(ledger, wanted)
        target = _without_ledger(target, ledger) | encode_ledger(ledger, entries)
    for key in (RUN, REVISION):
        if key in live.tags:
            target.pop(key, None)
    put = {key: value for key, value in target.items() if live.tags.get(key) != value}
    ours_before = decode_ledger(TAG_KEYS, live.tags)
    stale = [key for key in live.tags if _stale(key, wanted, target, ours_before)]
    changes = [Change(f"Tags.{key}", live.tags.get(key), value) for key, value in put.items()]
    changes += [Change(f"Tags.{key}", live.tags[key], None) for key in stale]
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
    return key in ours_before or key == f"{PREFIX}on-delete"


def _without_ledger(tags: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in tags.items() if not is_ledger_tag(key, name)}


def ledger_edit(ledger: str, entries: Collection[str], live_tags: Mapping[str, str]) -> TagEdit:
    """The edit that writes one ledger of children whole."""
    wanted = encode_ledger(ledger, entries)
    stale = [name for name in live_tags if is_ledger_tag(ledger, name) and name not in wanted]
    return TagEdit({name: value for name, value in wanted.items() if live_tags.get(name) != value}, stale)


def describe_other(resource: str, texts: Sequence[str]) -> list[Other]:
    """Other people's additions on one resource, as they are reported."""
    return [Other(resource, what) for what in texts]
