"""What AWS would refuse of a run, in whatever order its steps allow: on values, for every type."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RESOURCE
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.unique_keys import clash
from ocpprov.engine.values import GetAtt, Ref, Value, resolve_properties
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import Work, before, work

LETS_GO: Final = ("AWS::EC2::Route",)
"""Types that AWS doesn't ask: a route to what is gone goes nowhere."""


def _taken(one: Live, other: Mapping[str, Value]) -> bool:
    kind = KINDS[one.type]
    return any(clash(key, own) for key in kind.unique(other) for own in kind.unique(one.properties))


def _without(work: Work, live: Live) -> Live:
    """A live resource after a step: without what it lets go of; what it then gets is new."""
    if work.what == "let go":
        return replace(live, properties={**live.properties, **work.rest})
    properties = {name: value for name, value in live.properties.items() if name not in work.sets}
    return replace(live, properties={**properties, **dict.fromkeys(work.sets, ())})


def _held_by(live: Live, done: Sequence[Work], inventory: Inventory) -> Iterator[str]:
    """Who holds it when these steps are done."""
    gone = {each.live.id for each in done if each.live is not None and each.what == "delete"}
    for holder in inventory:
        kind = KINDS[holder.type]
        inside = kind.ends_with or (kind.parent_property if kind.goes_with_parent else "")
        goes_along = inside and holder.properties.get(inside) in {live.id, *gone}
        if holder is live or goes_along or holder.type in LETS_GO:
            continue
        theirs = [each for each in done if each.live is not None and _same(each.live, holder)]
        if any(each.what == "delete" for each in theirs):
            continue
        left = holder
        for each in sorted(theirs, key=lambda each: each.what != "let go"):
            left = _without(each, left)
        if live.id in kind.references(left):
            yield f"{holder.type} {holder.id}"


def _same(one: Live, other: Live) -> bool:
    return (one.type, one.id) == (other.type, other.id)


def wrong(inventory: Inventory, actions: Actions) -> Iterator[str]:
    """What AWS would refuse in some order that the steps allow."""
    steps = {each.step: each for each in work(actions)}
    seconds_to_the_end({each.name: each for each in actions.steps}, dependents_of(actions.steps))
    made = {action.resource for action in actions.actions if action.verb in (Verb.CREATE, Verb.REPLACE)}
    for each in steps.values():
        done = [steps[name] for name in before(actions, each) if name in steps]
        if each.what == "delete" and each.live is not None:
            yield from (f"{each.step} while {who} holds it" for who in _held_by(each.live, done, inventory))
        if each.what == "create" and each.resource is not None:
            deleted = {(other.type, other.live.id) for other in done if other.what == "delete" and other.live}
            for live in inventory.of(each.type):
                taken = _taken(live, _known(each.resource, inventory, made))
                if taken and (live.type, live.id) not in deleted:
                    yield f"{each.step} while {live.id} has its place"


def _known(resource: Resource, inventory: Inventory, made: Collection[str]) -> Mapping[str, Value]:
    """The properties of what is to be made, with the ids of what stays and new ones of the rest."""
    ids = {live.tags.get(RESOURCE): live.id for live in inventory}

    def lookup(reference: Ref | GetAtt) -> Value:
        new = reference.logical_id in made
        return f"new-{reference.logical_id}" if new else ids[reference.logical_id]

    return KINDS[resource.type].normalise(resolve_properties(resource.properties, lookup))
