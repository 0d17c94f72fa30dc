"""How fast a first apply and a destroy can be at best. It reads a template that `ocpprov render --template --json` has
printed, and a table of its own (`bound_table.py`) of what AWS wants before what:

    ocpprov render plan.yaml --template --json | python -m benchmarks.bound

The bound is the longest chain of calls that need each other: each takes the latency; what AWS makes others wait for
takes AWS's time; and where only a look tells that it is over, one poll comes on top, which is one more call. It counts
nothing that AWS doesn't ask for: no look at what is there already, no order among calls that don't need each other, no
limit of how many go at once.

It is a program of its own: nothing of `ocpprov` is imported, so that what is measured can't judge itself.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from benchmarks.bound_table import (
    ACL_OF_SUBNET,
    AWAITED,
    BEFORE,
    DELETING,
    GROUP,
    HELD,
    MAKING,
    RULE,
    Deleting,
    Making,
    Only,
    Times,
)

Template: TypeAlias = Mapping[str, Any]
AWS: Final = Times()
POLL: Final = "look"
_IN_SUB: Final = re.compile(r"\$\{([A-Za-z0-9]+)")


@dataclass(frozen=True)
class Leg:
    """A part of a chain: a call, a look, or AWS's time."""

    of: str
    what: str
    seconds: float
    is_call: bool


@dataclass(frozen=True)
class Chain:
    """What has to happen one after another."""

    legs: tuple[Leg, ...] = ()

    @property
    def seconds(self) -> float:
        return sum(leg.seconds for leg in self.legs)

    @property
    def calls(self) -> int:
        return sum(leg.is_call for leg in self.legs)

    def call(self, of: str, what: str, times: Times) -> Chain:
        """Goes on with a call."""
        return Chain((*self.legs, Leg(of, what, times.latency, True)))

    def wait(self, of: str, seconds: float) -> Chain:
        """Goes on with AWS's time."""
        return Chain((*self.legs, Leg(of, "AWS", seconds, False))) if seconds else self


@dataclass(frozen=True)
class Bound:
    """The longest chain, and the fewest calls that do the same: changes, and looks that can't be spared. Each is a
    bound by itself: that few calls may take longer, and that short a chain more calls."""

    chain: Chain
    changes: int
    looks: int

    @property
    def seconds(self) -> float:
        return self.chain.seconds

    @property
    def calls(self) -> int:
        return self.changes + self.looks


def longest(chains: Iterator[Chain] | Sequence[Chain]) -> Chain:
    """The one that takes longest; an empty one where there is none."""
    return max(chains, key=lambda chain: chain.seconds, default=Chain())


def references(value: Any) -> Iterator[str]:
    """The logical ids that a value of a template names."""
    if isinstance(value, str):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "Ref":
                yield inner
            elif key == "Fn::GetAtt":
                yield inner.partition(".")[0] if isinstance(inner, str) else inner[0]
            elif key == "Fn::Sub":
                yield from _IN_SUB.findall(inner if isinstance(inner, str) else inner[0])
            yield from references(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from references(inner)


@dataclass(frozen=True)
class Thing:
    """A resource of a template, with the names of those that it refers to."""

    name: str
    type: str
    properties: Mapping[str, Any]
    uses: frozenset[str]

    def has(self, only: Only) -> bool:
        """Whether a row with these properties is about it."""
        return all(self.properties.get(name) == value for name, value in only.items())


def things_of(template: Template) -> dict[str, Thing]:
    """The resources, by name. Raises ValueError for a type that the table hasn't."""
    resources = template["Resources"]
    unknown = {each["Type"] for each in resources.values()} - {row.type for row in MAKING}
    if unknown:
        raise ValueError(f"bound_table.py has no row for {', '.join(sorted(unknown))}")
    found = {}
    for name, each in resources.items():
        after = each.get("DependsOn") or ()
        uses = {*references(each.get("Properties", {})), *([after] if isinstance(after, str) else after)}
        found[name] = Thing(name, each["Type"], each.get("Properties", {}), frozenset(uses & resources.keys()))
    return found


def _some(things: Mapping[str, Thing], type: str, only: Only) -> bool:
    return any(thing.type == type and thing.has(only) for thing in things.values())


def _followed(
    things: Mapping[str, Thing], chain_of: Callable[[Thing, Callable[[str], Chain]], Chain]
) -> dict[str, Chain]:
    """The chain of each thing, where `chain_of` asks for those of others."""
    known: dict[str, Chain] = {}

    def chain(name: str) -> Chain:
        if name not in known:
            known[name] = chain_of(things[name], chain)
        return known[name]

    return {name: chain(name) for name in things}


def apply_bound(template: Template, times: Times = AWS) -> Bound:
    """Of a first apply, in an account that has nothing of it."""
    things = things_of(template)
    rows = {row.type: row for row in MAKING}

    def used(thing: Thing, first: Callable[[str], Chain]) -> Chain:
        return longest([_until_usable(thing, things[name], first(name), times) for name in sorted(thing.uses)])

    def there(thing: Thing, first: Callable[[str], Chain]) -> Chain:
        row = rows[thing.type]
        return (Chain() if row.late else used(thing, first)).call(thing.name, row.first, times)

    firsts = _followed(things, there)
    whole = [
        _finished(thing, rows[thing.type], firsts[thing.name], used(thing, firsts.__getitem__), times)
        for thing in things.values()
    ]
    awaited = [row for row in AWAITED if _some(things, row.type, row.only)]
    # Which association an ACL takes the place of, AWS tells only if it is asked: once for all.
    asked = any(thing.type == ACL_OF_SUBNET for thing in things.values())
    return Bound(longest(whole), _changes_of_apply(things, rows), len(awaited) + asked)


def _then(thing: Thing, row: Making) -> list[str]:
    return [call for name, call in row.then.items() if thing.properties.get(name)]


def _until_usable(user: Thing, used: Thing, first: Chain, times: Times) -> Chain:
    for row in BEFORE:
        if (row.user, row.used) == (user.type, used.type) and user.has(row.only):
            making = next(each for each in MAKING if each.type == used.type)
            after = _then(used, making) if row.whole else []
            chain = first.call(used.name, after[0], times) if after else first
            chain = chain.wait(used.name, row.seconds(times))
            return chain.call(used.name, POLL, times) if row.looked_for else chain
    return first


def _finished(thing: Thing, row: Making, first: Chain, used: Chain, times: Times) -> Chain:
    ends = [first]
    if after := _then(thing, row):
        ends.append(first.wait(thing.name, row.lag).call(thing.name, after[0], times))
        if row.late:
            ends.append(used.call(thing.name, after[0], times))
    awaited = [each.seconds(times) for each in AWAITED if each.type == thing.type and thing.has(each.only)]
    return longest([*ends, *(first.wait(thing.name, seconds).call(thing.name, POLL, times) for seconds in awaited)])


def _changes_of_apply(things: Mapping[str, Thing], rows: Mapping[str, Making]) -> int:
    sent = {(rows[thing.type].first, _batch(thing, rows[thing.type].together)) for thing in things.values()}
    for thing in things.values():
        for name, call in rows[thing.type].then.items():
            values = thing.properties.get(name)
            # Rules of a group go with those that stand by themselves; each policy of a role is a call.
            each = range(len(values)) if call == "PutRolePolicy" and values else range(bool(values))
            sent |= {(call, thing.name if thing.type == GROUP else f"{thing.name} {number}") for number in each}
    return len(sent)


def _batch(thing: Thing, together: str) -> str:
    if together == "*":
        return thing.type
    return next(references(thing.properties.get(together)), thing.name) if together else thing.name


def destroy_bound(template: Template, times: Times = AWS) -> Bound:
    """Of a destroy of all that a template has, by somebody who knows all ids."""
    things = things_of(template)
    rows = {row.type: row for row in DELETING}

    def gone(thing: Thing, chain: Callable[[str], Chain]) -> Chain:
        found = longest([each for user in things.values() for each in _held(user, thing, chain, times)])
        # What goes with another takes that one's call.
        for call in rows[thing.type].calls or ("goes",):
            found = found.call(thing.name, call, times)
        return found

    chains = _followed(things, gone)
    looked_for = {
        (row.user, *row.only.values()) for row in HELD if row.looked_for and _some(things, row.user, row.only)
    }
    return Bound(longest(list(chains.values())), _changes_of_destroy(things, rows), len(looked_for))


def _held(user: Thing, used: Thing, chain: Callable[[str], Chain], times: Times) -> Iterator[Chain]:
    for row in HELD:
        if (row.user, row.used) == (user.type, used.type) and used.name in user.uses and user.has(row.only):
            free = chain(user.name).wait(user.name, row.seconds(times))
            yield free.call(user.name, POLL, times) if row.looked_for else free


def _changes_of_destroy(things: Mapping[str, Thing], rows: Mapping[str, Deleting]) -> int:
    sent = {
        (call, _batch(thing, rows[thing.type].together)) for thing in things.values() for call in rows[thing.type].calls
    }
    named = {
        (next(references(thing.properties["GroupId"])), next(references(thing.properties["SourceSecurityGroupId"])))
        for thing in things.values()
        if thing.type == RULE and thing.properties.get("SourceSecurityGroupId")
    }
    circles = {frozenset(pair) for pair in named if pair[0] != pair[1] and pair[::-1] in named}
    return len(sent) + len(circles)


def main() -> None:
    """Print both bounds of the template on standard input, with their chains."""
    template = json.load(sys.stdin)
    if "Resources" not in template:
        sys.exit("standard input has no template: see what `ocpprov render plan.yaml --template --json` says")
    for name, bound in (("apply", apply_bound(template)), ("destroy", destroy_bound(template))):
        calls = f"{bound.changes} changes and {bound.looks} looks at least"
        sys.stdout.write(f"{name}: {bound.seconds:.2f} s, {bound.chain.calls} calls one after another; {calls}\n")
        for leg in bound.chain.legs:
            sys.stdout.write(f"  {leg.seconds:7.2f}  {leg.what}  {leg.of}\n")


if __name__ == "__main__":
    main()
