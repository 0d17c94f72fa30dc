"""Which things are a run's, and what shows it. A tag is a claim: anybody may copy it, or write it.

What the questions made is proven by what a copy can't have: a name that AWS gives once, its own id in the tag
`ocpprov-live:bound`, or a place in a network that is proven. What has no such tag, as the run ended before it could
write it, is proven while nothing of others is joined to it. What the plans made, ocpprov proves and deletes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from live.names import BOUND, TAG, is_scratch, plan_in, run_in
from live.things import (
    ADDRESS,
    BALANCER,
    BUCKET,
    INTERNET_GATEWAY,
    POLICY,
    PROFILE,
    ROLE,
    TARGET_GROUP,
    VPC,
    ZONE,
    Thing,
)

_PLAN_TAG: Final = "ocpprov:plan"
_NAMED: Final = frozenset({BALANCER, TARGET_GROUP, ZONE, ROLE, PROFILE, POLICY, BUCKET})


class Whose(Enum):
    """`SCRATCH`: a question's, and proven. `PLAN`: marked as a plan's of a run. `UNPROVEN`: it has a run's mark, and
    nothing shows that it is a run's. `OTHERS`: it has no mark."""

    SCRATCH = "scratch"
    PLAN = "plan"
    UNPROVEN = "unproven"
    OTHERS = "others"


@dataclass(frozen=True)
class Judged:
    """A thing, whose it is, the run that its mark names, and what shows it, or what speaks against it."""

    thing: Thing
    whose: Whose
    run: str = ""
    why: str = ""


def judge(things: Sequence[Thing]) -> Sequence[Judged]:
    """All of them, in their order."""
    networks = {each.id: judged for each in things if (judged := _network(each, things)) is not None}
    return [networks.get(each.id) or _judge(each, networks) for each in things]


def plans_in(judged: Iterable[Judged]) -> Sequence[str]:
    """The names of the plans that are marked anywhere, sorted."""
    found = {plan_in(each.thing.tags.get(_PLAN_TAG, "")) or plan_in(each.thing.name) for each in judged}
    return sorted(found - {""})


def _network(thing: Thing, things: Sequence[Thing]) -> Judged | None:
    """A VPC of the questions; None for anything else."""
    run = run_in(thing.tags.get(TAG, ""))
    if thing.type != VPC or not run or _plan_of(thing):
        return None
    if thing.of_aws:
        return Judged(thing, Whose.UNPROVEN, run, "it is the account's default network")
    if bound := thing.tags.get(BOUND):
        return _by_bound(thing, run, bound)
    strangers = [each for each in things if each.vpc == thing.id and not each.of_aws and _mark_of(each) != run]
    if strangers:
        return Judged(thing, Whose.UNPROVEN, run, f"{strangers[0]} lies in it, which isn't of this run")
    return Judged(thing, Whose.SCRATCH, run, "nothing of others lies in it")


def _judge(thing: Thing, networks: Mapping[str, Judged]) -> Judged:
    run = _mark_of(thing)
    if plan := _plan_of(thing):
        return Judged(thing, Whose.PLAN, run, f"marked as the plan {plan}'s")
    if not run:
        return Judged(thing, Whose.OTHERS)
    if thing.of_aws:
        return Judged(thing, Whose.UNPROVEN, run, "AWS made it itself")
    if thing.type in _NAMED:
        if is_scratch(thing.name):
            return Judged(thing, Whose.SCRATCH, run, "its name")
        return Judged(thing, Whose.UNPROVEN, run, "it has another name")
    if thing.vpc:
        network = networks.get(thing.vpc)
        if network and network.whose is Whose.SCRATCH and network.run == run:
            return Judged(thing, Whose.SCRATCH, run, f"it lies in {thing.vpc}")
        return Judged(thing, Whose.UNPROVEN, run, f"it lies in {thing.vpc}, which isn't of this run")
    return _alone(thing, run)


def _alone(thing: Thing, run: str) -> Judged:
    """What has neither a name nor a place."""
    if thing.type not in (ADDRESS, INTERNET_GATEWAY):
        return Judged(thing, Whose.UNPROVEN, run, "no question makes such a thing")
    if bound := thing.tags.get(BOUND):
        return _by_bound(thing, run, bound)
    if thing.others:
        return Judged(thing, Whose.UNPROVEN, run, "something is joined to it, and its tags don't have its own id")
    return Judged(thing, Whose.SCRATCH, run, "nothing is joined to it")


def _by_bound(thing: Thing, run: str, bound: str) -> Judged:
    if bound == thing.id:
        return Judged(thing, Whose.SCRATCH, run, "its own id in its tags")
    return Judged(thing, Whose.UNPROVEN, run, f"its tags are a copy of those of {bound}")


def _mark_of(thing: Thing) -> str:
    """The run that a thing's tags or name say."""
    return run_in(thing.tags.get(TAG, "")) or run_in(thing.tags.get(_PLAN_TAG, "")) or run_in(thing.name)


def _plan_of(thing: Thing) -> str:
    return plan_in(thing.tags.get(_PLAN_TAG, "")) or plan_in(thing.name)
