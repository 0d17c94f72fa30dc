"""The tag `ocpprov:bound`: what a resource is, and where it lies or which name it has.

Tags get copied. A copy of this one doesn't fit what it was copied to: a subnet's names its VPC and its block, a role's
its name, a route table's its own id. So it proves whose a resource is, where the other tags only claim it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import BOUND
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import Value

AT_ONCE: Final = 29
"""So many rules of one call have room in one tag, which they share: 256 characters."""

GIVEN: Final = "given:"
"""Stands before the id of a network that the plan doesn't make but names."""

_LONGEST: Final = 100
_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._:/]")


class Agreement(Enum):
    """What the tag says of the resource that carries it. `UNFINISHED`: all is right but the own id, which follows the
    creation, is not there yet."""

    AGREES = "agrees"
    UNFINISHED = "unfinished"
    DIFFERS = "differs"
    ABSENT = "absent"


def bound_text(
    kind: KindFacts, properties: Mapping[str, Value], id: str = "", given: Collection[str] = frozenset()
) -> str:
    """The tag's value for a resource with these (resolved) properties; without its id until it has one. `given` are ids
    that the plan names as existing. Empty for types that have no such tag, and while a part isn't known."""
    parts = kind.bound_parts(properties)
    if parts is None or not (parts or kind.bound_by_id):
        return ""
    # Rules in an existing group are told by it like others: with the word, 29 would not have room in their tag.
    marked = frozenset[str]() if kind.identity is Identity.SHARED_TAGS else given
    texts = [f"{GIVEN}{part}" if part in marked else _text(part) for part in parts]
    return " ".join([kind.bound_as, *texts, *([id] if id and kind.bound_by_id else [])])


def live_bound_text(
    kind: KindFacts, live: Live, properties: Mapping[str, Value], given: Collection[str] = frozenset()
) -> str:
    """The value that a live resource should carry when it has these properties. Rules that were made together share
    one, which is kept, as is one that calls the type by its whole name."""
    if kind.identity is Identity.SHARED_TAGS and agreement(kind, live) is Agreement.AGREES:
        return live.tags[BOUND]
    text = bound_text(kind, properties, live.id, given)
    whole = text.replace(kind.bound_as, kind.type, 1)
    return whole if whole == live.tags.get(BOUND) else text


def joined(texts: Iterable[str]) -> str:
    """The value that several of one call share: all their parts, each once."""
    return " ".join(dict.fromkeys(part for text in texts for part in text.split(" ") if part))


def agreement(kind: KindFacts, live: Live) -> Agreement:
    """Whether the tag speaks of the resource that carries it."""
    said = live.tags.get(BOUND, "").split(" ")
    if said == [""]:
        return Agreement.ABSENT
    parts = kind.bound_parts(live.properties)
    if parts is None or not (parts or kind.bound_by_id):
        return Agreement.ABSENT
    if _is_spelt_out(kind, live):
        said[0] = kind.bound_as
    has = [kind.bound_as, *(_text(part) for part in parts)]
    plain = [part.removeprefix(GIVEN) for part in said]
    if kind.identity is Identity.SHARED_TAGS:
        return Agreement.AGREES if set(has) <= set(plain) else Agreement.DIFFERS
    if kind.bound_by_id and plain == [*has, live.id]:
        return Agreement.AGREES
    if plain == has:
        return Agreement.UNFINISHED if kind.bound_by_id else Agreement.AGREES
    if live.state is not State.READY and not kind.bound_by_id and set(has) < set(plain):
        # While AWS is still at work on it, or gave it up, its answer may lack some.
        return Agreement.AGREES
    if lacks_a_part(kind, live) and set(has) <= set(plain):
        # No copy carries the own id of what it was copied to. Without one nobody knows.
        if kind.bound_by_id:
            return Agreement.AGREES if live.id in plain else Agreement.DIFFERS
        return Agreement.ABSENT
    return Agreement.DIFFERS


def _is_spelt_out(kind: KindFacts, live: Live) -> bool:
    """Whether the tag has the whole name of a type that goes by another one there by now."""
    return kind.bound_as != kind.type and live.tags.get(BOUND, "").partition(" ")[0] == kind.type


def lacks_a_part(kind: KindFacts, live: Live) -> bool:
    """Whether AWS's answer doesn't say all of where it lies and which name it has."""
    missing = {name for name in kind.bound_by if live.properties.get(name) is None}
    needed = (row.name for row in kind.properties if row.required or row.name == kind.name_property)
    return not missing.isdisjoint(needed) or not missing.isdisjoint(live.unanswered)


def given_places(tags: Mapping[str, str]) -> frozenset[str]:
    """Ids of existing networks that the tag names, in which a resource lies."""
    parts = tags.get(BOUND, "").split(" ")
    return frozenset(part.removeprefix(GIVEN) for part in parts if part.startswith(GIVEN))


def _text(part: str) -> str:
    plain = "".join(char if _PLAIN.match(char) else "".join(f"={byte:02x}" for byte in char.encode()) for char in part)
    if plain.startswith(GIVEN):
        # A name, which isn't to be read as the word.
        plain = plain.replace(":", "=3a", 1)
    if len(plain) > _LONGEST:
        return hashlib.sha256(part.encode()).hexdigest()[:32]
    return plain


def strings(properties: Mapping[str, Value], names: Sequence[str]) -> Sequence[str] | None:
    """The named values, those that there are; None where one isn't known yet."""
    values = [properties[name] for name in names if properties.get(name) is not None]
    texts = [str(value) for value in values if isinstance(value, str | int)]
    return texts if len(texts) == len(values) else None
