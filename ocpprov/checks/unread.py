"""Which of a plan's resources nobody knows, as something couldn't be read: themselves, or what they are compared by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.policies import refusal_of
from ocpprov.aws.errors import AwsError
from ocpprov.engine.actions import Action, Actions, Change, Verb, tag_of
from ocpprov.engine.inventory import Inventory, Unseen
from ocpprov.engine.ownership import LEDGERS
from ocpprov.engine.problem import Problem
from ocpprov.engine.values import references

PERMISSION: Final = "give the permission to read it: `ocpprov policy --for verify` has it"
_REACH: Final = "see to it that the service can be reached from here, and run the same command again"


_BALANCING: Final = (
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::ElasticLoadBalancing::LoadBalancer",
)
_ENDPOINT: Final = ("AWS::EC2::VPCEndpoint",)
_GO_THROUGH: Final[Mapping[str, Sequence[str]]] = {
    "LB-REACH": _BALANCING,
    "LB-HEALTH": _BALANCING,
    "NET-S3": _ENDPOINT,
    "NET-EC2": _ENDPOINT,
    "NET-ELB": _ENDPOINT,
    "AIR-GAP": _ENDPOINT,
}
"""The types by which flows are judged beside those of the network."""


def unread_resources(actions: Actions, inventory: Inventory) -> Mapping[str, Problem]:
    """By logical id: what can't be read itself; what can't be found, or be compared, without such a thing; and what
    may be the plan's, where something that would prove it isn't known."""
    unseen = [each for each in inventory.unseen if each.type]
    if not unseen:
        return {}
    taken = {action.resource: action for action in actions.actions if action.verb is not Verb.DELETE}
    claimed = {claim.logical_id for claim in actions.unproven if not claim.is_refuted}
    found: dict[str, Problem] = {}
    # The graph has each resource after what it refers to.
    for id, resource in actions.graph.resources.items():
        action = taken.get(id)
        if each := next(_about(resource.type, action.id if action else "", unseen), None):
            found[id] = reason_of(each)
        elif by := next(_compared_by(action, actions.graph.needs.get(id, frozenset()), found), ""):
            found[id] = found[by]
        elif id in claimed:
            found[id] = reason_of(unseen[0])
    return found


def open_flows(actions: Actions, unread: Mapping[str, Problem]) -> Mapping[str, Problem]:
    """The rows whose flows go through something that nobody knows, each with why. `unread` as above."""
    reasons = {actions.graph.resources[id].type: unread[id] for id in reversed(list(unread))}
    return {row: reasons[type] for row, types in _GO_THROUGH.items() for type in reversed(types) if type in reasons}


def known_changes(action: Action, unread: Mapping[str, Problem], *, partly: bool = False) -> list[Change]:
    """Those that rest on nothing that couldn't be read. `partly`: something couldn't, so that nobody knows what the
    plan's own things should remember of rows elsewhere."""
    rest = [change for change in action.changes if not any(_unread_in(change, unread))]
    return [change for change in rest if not partly or tag_of(change.property) not in LEDGERS]


def _about(type: str, live_id: str, unseen: Sequence[Unseen]) -> Iterator[Unseen]:
    """What can't be read of the type, and concerns the one with this id of AWS's: of what isn't found, everything."""
    return (each for each in unseen if each.type == type and (not live_id or each.concerns(live_id)))


def _compared_by(action: Action | None, needs: frozenset[str], unread: Mapping[str, Problem]) -> Iterator[str]:
    """What isn't read and would have to be, to know how something is. What isn't there may be so only for those who
    can't see what it is in, and what is replaced without a change of its own only for what it needs; what is there can
    be compared as far as what it refers to is known."""
    if action is None or action.verb not in (Verb.CREATE, Verb.REPLACE, Verb.UPDATE) or known_changes(action, unread):
        return
    yield from (id for change in action.changes for id in _unread_in(change, unread))
    yield from sorted(needs & unread.keys())


def _unread_in(change: Change, unread: Mapping[str, Problem]) -> Iterator[str]:
    """The unread resources without which nobody knows what a property should be."""
    return (each.logical_id for each in references(change.after) if each.logical_id in unread)


def reason_of(unseen: Unseen) -> Problem:
    """What is said of a type that can't be read."""
    if isinstance(unseen.why, AwsError):
        return why_closed(unseen.why)
    return Problem("", unseen.because or unseen.said, _REACH)


def why_closed(error: AwsError) -> Problem:
    """What AWS said where something can't be read, and what helps."""
    is_missing = error.error_class is ErrorClass.DENIED and not refusal_of(error.message).policy
    return Problem("", str(error), PERMISSION if is_missing else error.next_step)
