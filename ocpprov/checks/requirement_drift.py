"""What a plan would change of what a requirement is made of, and whether the requirement suffers from it.

What has drifted fails its requirement. Of rules, routes, associations and ACL entries it is asked what they are for
(`reachability/purposes.py`): one that is gone while something else does the same fails nothing, and one that is there
while something else stands in its way does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.checks.unread import PERMISSION, known_changes
from ocpprov.engine.actions import Action, Actions, Change, Verb, tag_of
from ocpprov.engine.problem import Problem
from ocpprov.engine.value_words import value_in_words
from ocpprov.openshift.requirement_rows import CLUSTER_TAGS, TAG_CLUSTER
from ocpprov.reachability.purpose import Purpose
from ocpprov.reachability.verdict import Answer, Obstacle
from ocpprov.reachability.words import opening, stopped_by

MOST: Final = 3
"""Things that are told of one kind: the rest is most often the same in other zones."""
_SUBNET: Final = "AWS::EC2::Subnet"


@dataclass(frozen=True)
class Defect:
    """One thing that isn't as the row wants it, or isn't known, and what mends that: in words, and as commands."""

    detail: str
    remedy: str
    commands: Sequence[str] = ()


def drift_of(
    row: str,
    resources: Sequence[str],
    actions: Actions,
    unread: Mapping[str, Problem] | None = None,
    *,
    partly: bool = False,
) -> list[Action]:
    """What a run would do about a row's resources, with the changes that are the row's matter: as far as it rests on
    nothing in `unread`. `partly`: not everything that the plan rests on could be read."""
    closed = unread or {}
    wanted = {each.resource: each for each in actions.changes if each.verb in _WORDS and each.resource not in closed}
    known = [(wanted[id], known_changes(wanted[id], closed, partly=partly)) for id in resources if id in wanted]
    # What is changed in place for nothing that is known isn't changed.
    changed = (
        replace(each, changes=left) for each, left in known if left or not each.changes or each.verb is not Verb.UPDATE
    )
    found = (_of_row(row, action) for action in changed)
    return [action for action in found if action is not None]


def _of_row(row: str, action: Action) -> Action | None:
    """Of a subnet, the cluster's tags are a requirement of their own."""
    if action.type != _SUBNET:
        return action
    of_tags = row == TAG_CLUSTER
    mine = [change for change in action.changes if tag_of(change.property).startswith(CLUSTER_TAGS) is of_tags]
    if not mine and (of_tags or action.changes):
        return None
    return replace(action, changes=mine)


def met_otherwise(drift: Sequence[Action], purposes: Mapping[str, Purpose]) -> dict[str, Purpose]:
    """Of what has drifted, that in whose place something else does the same, by logical id."""
    asked = [(action, purposes[action.resource]) for action in drift if action.resource in purposes]
    return {action.resource: purpose for action, purpose in asked if purpose.is_met and _is_about(action, purpose)}


def _is_about(action: Action, purpose: Purpose) -> bool:
    """Whether nothing but what the purpose is about has drifted."""
    if not purpose.of:
        return True
    return bool(action.changes) and {change.property for change in action.changes} <= set(purpose.of)


def drift_faults(drift: Sequence[Action], otherwise: Mapping[str, Purpose], apply: str) -> Iterator[Defect]:
    """What isn't there or is otherwise, and nothing else does it. `apply` brings it back."""
    for action in drift:
        if action.resource not in otherwise:
            yield Defect(_in_words(action), apply)


def drift_notes(drift: Sequence[Action], otherwise: Mapping[str, Purpose], apply: str) -> Iterator[str]:
    """What a plan would change, though nothing suffers from how it is."""
    found = [(action, otherwise[action.resource]) for action in drift if action.resource in otherwise]
    for action, purpose in found[:MOST]:
        yield f"{_in_words(action)}, and {_some(purpose.by)} serves in its place ({apply} would bring it back)"
    if len(found) > MOST:
        yield f"and {len(found) - MOST} more for which something else serves"


def unmet(
    resources: Sequence[str], purposes: Mapping[str, Purpose], mended: Mapping[Obstacle, str]
) -> Iterator[Defect]:
    """What is in the way of resources that are as they should be: once, with all that doesn't serve for it. `mended`
    has the command that does away with what apply mends."""
    useless: dict[Defect, list[str]] = {}
    for id in resources:
        if id in purposes and not purposes[id].of:
            for obstacle in purposes[id].verdict.obstacles[:1]:
                by_hand = Defect(stopped_by(obstacle), opening(obstacle), tuple(purposes[id].commands))
                by_apply = Defect(stopped_by(obstacle), mended[obstacle]) if obstacle in mended else None
                useless.setdefault(by_apply or by_hand, []).append(id)
    for fault, ids in useless.items():
        yield replace(fault, detail=f"{fault.detail}: stops what {_some(ids)} should let through")


def unproven(resources: Sequence[str], purposes: Mapping[str, Purpose]) -> Iterator[Defect]:
    """What couldn't be read of what may be in the way of them: each reason once."""
    open: dict[Problem, dict[str, list[str]]] = {}
    for id in resources:
        if id in purposes and not purposes[id].of and purposes[id].verdict.answer is Answer.UNKNOWN:
            for each in purposes[id].verdict.unread:
                found = open.setdefault(each.why or Problem("", "", PERMISSION), {})
                found.setdefault(id, []).append(each.component)
    for why, by_id in open.items():
        missing = list(dict.fromkeys(component for each in by_id.values() for component in each))
        serve = "serves" if len(by_id) == 1 else "serve"
        told = f": {why.detail}" if why.detail else ""
        detail = f"whether {_some(list(by_id))} {serve} isn't known: {_some(missing)} couldn't be read{told}"
        yield Defect(detail, why.remedy)


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST} more" if len(ids) > MOST else ""
    return ", ".join(ids[:MOST]) + more


def _in_words(action: Action) -> str:
    changes = ", ".join(map(_changed, action.changes))
    return f"{action.resource} {_WORDS[action.verb]}{f': {changes}' if changes else ''}"


_WORDS: Final = {
    Verb.CREATE: "isn't there",
    Verb.UPDATE: "is otherwise",
    Verb.REPLACE: "is otherwise",
    Verb.ADOPT: "has lost its tags",
}


def _changed(change: Change) -> str:
    return f"{change.property} is {value_in_words(change.before)}, not {value_in_words(change.after)}"
