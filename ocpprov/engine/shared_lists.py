"""Lists of ours that others may add to: what is in them, what of it is whose, and how it is remembered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from ocpprov.engine.kind_facts import KindFacts, ListRule, Property
from ocpprov.engine.resources import Live
from ocpprov.engine.same import same
from ocpprov.engine.values import Value, is_known, text


def items_of(value: Value) -> Sequence[Value]:
    """The items of a list that others may add to; of a policy document its statements, of other objects their rules."""
    if isinstance(value, Mapping):
        value = value.get(_list_in(value))
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def with_items(value: Value, more: Sequence[Value]) -> Value:
    """The list, or the policy document, with more items in it."""
    if not more:
        return value
    if isinstance(value, Mapping):
        return {**value, _list_in(value): [*items_of(value), *more]}
    return [*items_of(value), *more] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _list_in(value: Mapping[str, Value]) -> str:
    return "Rules" if "Rules" in value else "Statement"


def places(
    kind: KindFacts, row: Property, items: Sequence[Value], said_of: Callable[[str, str], Value]
) -> frozenset[Value]:
    """The places of a list's items, as far as they are known, where AWS takes one item for each."""
    ids = (kind.member(row.name, item) or text(item) for item in items if row.once_per and is_known(item))
    return frozenset(place for id in ids if isinstance(place := said_of(id, row.once_per), str))


def member_entries(kind: KindFacts, properties: Mapping[str, Value]) -> frozenset[str]:
    """How the items of all lists that others may add to are remembered, as far as they are known."""
    entries = (
        kind.member(row.name, item)
        for row in kind.properties
        if row.list_rule is ListRule.CONTAINS
        for item in items_of(properties.get(row.name))
    )
    return frozenset(entry for entry in entries if entry)


def all_remembered(kind: KindFacts, properties: Mapping[str, Value], is_remembered: Callable[[str], bool]) -> bool:
    """Whether each item of the lists that others may add to is remembered, in its words or in those of earlier
    versions; not where there is none."""
    items = [
        (kind.member(row.name, item), kind.former_member(row.name, item))
        for row in kind.properties
        if row.list_rule is ListRule.CONTAINS
        for item in items_of(properties.get(row.name))
    ]
    return bool(items) and all(any(name and is_remembered(name) for name in names) for names in items)


def members_of_others(
    kind: KindFacts, live: Live, our_ids: Collection[str], defaults: Collection[str], remembered: Collection[str]
) -> Iterator[str]:
    """What others have put into the lists of something that goes: the list, and what is in it. `remembered` are the
    members that are ours, by its ledger."""
    for row in kind.properties:
        if row.list_rule is not ListRule.CONTAINS or not row.compared or row.name not in live.properties:
            continue
        if row.other_form in live.properties:
            continue
        foreign = foreign_items(kind, row, {}, live, our_ids, remembered)
        for item in foreign:
            if text(item) not in defaults:
                yield f"{row.name} has {called(kind, row, item)}"


def foreign_items(
    kind: KindFacts,
    row: Property,
    wanted: Mapping[str, Value],
    live: Live,
    our_ids: Collection[str],
    remembered: Collection[str],
) -> list[Value]:
    asked = items_of(wanted.get(row.name))
    items = _item_row(row)
    ours = {kind.member(row.name, item) for item in asked} - {None} | set(remembered)
    # What earlier versions remembered may be somebody else's as well: it counts where one of the plan's is missing.
    whole = bool(asked) and all(item in items_of(live.properties[row.name]) for item in asked)
    former = frozenset() if whole else frozenset(remembered)
    return [
        item
        for item in items_of(live.properties[row.name])
        if not any(one == item or (items is not None and same(one, item, row=items)) for one in asked)
        and kind.member(row.name, item) not in ours
        and kind.former_member(row.name, item) not in former
        and not (row.type == "list" and _names(item, our_ids))
    ]


def _item_row(row: Property) -> Property | None:
    """What describes an item of a list, or an object's rule; nothing that of a policy's statements."""
    rules = next((member for member in row.properties if member.name == "Rules"), row)
    return rules.items


def called(kind: KindFacts, row: Property, item: Value) -> str:
    return kind.member(row.name, item) or text(item)


def _names(item: Value, our_ids: Collection[str]) -> bool:
    """Whether the item is, or is about, a resource of ours."""
    values = item.values() if isinstance(item, Mapping) else [item]
    return any(isinstance(value, str) and value in our_ids for value in values)
