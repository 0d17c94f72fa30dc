"""What is in the way of a cluster's traffic because something of the plan is missing or has drifted: apply mends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.values import references
from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network_acls import LAST
from ocpprov.reachability.verdict import Obstacle

_MENDING = (Verb.CREATE, Verb.UPDATE, Verb.REPLACE)
_ENTRY = "AWS::EC2::NetworkAclEntry"


def mended_by_apply(actions: Actions, obstacles: Iterable[Obstacle]) -> frozenset[Obstacle]:
    """Those that something is missing at, which apply makes or changes; of entries that deny, those that come no sooner
    than an entry of the plan's in the same ACL."""
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
