"""What is in the way of a cluster's traffic because something of the plan is missing or has drifted: apply mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.suggestion import allow_option
from ocpprov.engine.values import references
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.from_resources import id_of
from ocpprov.reachability.network_acls import LAST
from ocpprov.reachability.verdict import Obstacle

_MENDING = (Verb.CREATE, Verb.UPDATE, Verb.REPLACE)
_ENTRY = "AWS::EC2::NetworkAclEntry"
_LINKS: Final = {
    "AWS::EC2::SubnetNetworkAclAssociation": "NetworkAclId",
    "AWS::EC2::SubnetRouteTableAssociation": "RouteTableId",
}
"""What a subnet has one of, by the member that says which."""


def mended_by_apply(actions: Actions, obstacles: Iterable[Obstacle], apply: str) -> dict[Obstacle, str]:
    """What does away with those that it mends: `apply`, where something is missing at them that it makes or changes (of
    entries that deny, those that come no sooner than an entry of the plan's in the same ACL), and `apply` with what it
    has to be allowed, where somebody gave a subnet of the plan's an ACL or a table of theirs."""
    by_apply = _changed_by_apply(actions, found := tuple(obstacles))
    theirs = _in_place_of_ours(actions)
    by_leave = {each: " ".join([apply, *theirs[each.component]]) for each in found if each.component in theirs}
    return {**by_leave, **dict.fromkeys(by_apply, apply)}


def _in_place_of_ours(actions: Actions) -> dict[str, list[str]]:
    """ACLs and tables that stand where the plan has its own, and apply leaves them: what it has to be allowed."""
    found: dict[str, list[str]] = {}
    for action in actions.actions:
        wanted = actions.graph.resources.get(action.resource)
        member = _LINKS.get(wanted.type) if wanted and action.verb is Verb.KEEP else None
        if wanted is None or member is None or action.resource not in actions.current:
            continue
        named, there = id_of(wanted.properties[member]), actions.current[action.resource].properties.get(member)
        ours = actions.current[named].id if named in actions.current else named
        if isinstance(there, str) and there != ours:
            found.setdefault(there, []).append(allow_option(action.resource))
    return found


def _changed_by_apply(actions: Actions, obstacles: Iterable[Obstacle]) -> frozenset[Obstacle]:
    mending = [action for action in actions.changes if action.verb in _MENDING]
    touched = {id for action in mending for id in _touched(actions, action)}
    entries = {each for action in mending for each in _entries(actions, action)}
    return frozenset(
        each
        for each in obstacles
        if (_comes_before(each, entries) if _denies(each) else touched & set(each.component.split(", ")))
    )


def _denies(obstacle: Obstacle) -> bool:
    return obstacle.code is ExplanationCode.SUBNET_ACL_RESTRICTION and obstacle.rule != LAST


def _comes_before(obstacle: Obstacle, entries: set[tuple[str, str, int]]) -> bool:
    return any(
        (acl, direction) == (obstacle.component, obstacle.direction) and number <= int(obstacle.rule)
        for acl, direction, number in entries
    )


def _touched(actions: Actions, action: Action) -> Iterator[str]:
    """AWS's ids of the resource and of what it refers to, as far as they exist; and what it has in their place."""
    wanted = actions.graph.resources.get(action.resource)
    named = [action.resource, *(each.logical_id for each in references(wanted.properties if wanted else {}))]
    yield from (actions.current[id].id for id in named if id in actions.current)
    yield from (change.before for change in action.changes if isinstance(change.before, str))


def _entries(actions: Actions, action: Action) -> Iterator[tuple[str, str, int]]:
    """The ACL, the direction and the number of an entry that apply makes or changes."""
    wanted = actions.graph.resources.get(action.resource)
    if wanted is None or wanted.type != _ENTRY:
        return
    direction = "egress" if wanted.properties.get("Egress") else "ingress"
    for each in references(wanted.properties.get("NetworkAclId")):
        if each.logical_id in actions.current:
            number = int(str(wanted.properties["RuleNumber"]))
            yield actions.current[each.logical_id].id, direction, number
