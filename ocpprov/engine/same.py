"""Whether what AWS has is what is wanted: values, lists in any order, whole documents."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.values import Unknown, Value, is_known, text, to_json


def same(wanted: Value, live: Value, *, ordered: bool = False, row: Property | None = None) -> bool:
    """Whether AWS has what is wanted. An unknown value is never the same, but one that AWS's answer doesn't say; of an
    object only the wanted members count, those that `row`, its property, has only as far as the answer says them; of a
    list each item as often as it is there, and the order where the list is `ordered`."""
    if isinstance(wanted, Mapping):
        rows = {member.name: member for member in row.properties} if row else {}
        return isinstance(live, Mapping) and all(
            same(value, live.get(key), row=rows.get(key))
            for key, value in wanted.items()
            if live.get(key) is not None or key not in rows or rows[key].may_be_absent
        )
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        if not isinstance(live, Sequence) or isinstance(live, str) or len(wanted) != len(live):
            return False
        items = row.items if row else None
        if ordered:
            return all(same(one, other, row=items) for one, other in zip(wanted, live, strict=True))
        return _paired(wanted, live, items)
    if isinstance(wanted, Unknown) and wanted.is_unanswered:
        return True
    if not is_known(wanted) or isinstance(live, Mapping):
        return False
    if wanted is None or live is None:
        return wanted is live
    return text(wanted) == text(live)


def _paired(wanted: Sequence[Value], live: Sequence[Value], row: Property | None) -> bool:
    """Whether each wanted item has a live one of its own that is the same. `row` describes an item."""
    fits = [[place for place, other in enumerate(live) if same(one, other, row=row)] for one in wanted]
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
