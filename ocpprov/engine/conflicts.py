"""What stands in the way of a plan, counted and named before the first change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ocpprov.engine.actions import Unmanaged, Verb
from ocpprov.engine.kind_facts import Identity
from ocpprov.engine.ownership import (
    PLAN,
    RECORDS,
    RESOURCE,
    RUN,
    LedgerEntries,
    identity_tags,
    lost_its_plan,
    with_certain_name,
)
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.resources import Live, State
from ocpprov.engine.tag_limits import tag_limit
from ocpprov.engine.unique_keys import UniqueKeys
from ocpprov.engine.unwanted import Deletion, points_at


def names_taken(context: PlanningContext) -> Iterator[str]:
    """What is to be made and can't be, because somebody else has its name or its place."""
    theirs: UniqueKeys[Live] = UniqueKeys()
    for live in context.inventory:
        kind = context.kinds[live.type]
        gone = live.id in context.our_ids or live.state in (State.DELETING, State.GONE)
        if kind.identity is Identity.TAGS and not gone:
            for key in kind.unique(live.properties):
                theirs.add((live.type, *key), live)
    for logical_id, decision in context.decisions.items():
        kind = context.kinds[decision.resource.type]
        if kind.identity is not Identity.TAGS or decision.live is not None:
            continue
        named: set[str] = set()
        for key in kind.unique(with_certain_name(kind, context.owner, logical_id, decision.wanted)):
            for live in theirs.clashing((kind.type, *key)):
                if live.id not in named:
                    named.add(live.id)
                    what = " ".join(str(part) for part in key)
                    yield (
                        f"{logical_id}: {live.type} {live.id} has the same {what} and is not of this plan; "
                        "change the plan, or remove that one by hand if nobody needs it"
                    )


def lost_tags(context: PlanningContext) -> Iterator[str]:
    """What would be replaced although it is only not known well enough: tags were taken from more than itself."""
    for logical_id, decision in context.decisions.items():
        for live in decision.predecessors if decision.verb is Verb.REPLACE else ():
            if lost_its_plan(live):
                yield (
                    f"{logical_id}: {live.type} {live.id} has lost its tag {PLAN}, and so has what it belongs to: run "
                    f"the command in the folder where the plan was applied, or put the tag back ({context.owner.plan})"
                )


def which_is_meant(logical_id: str, type: str, ids: Collection[str], state: str) -> str:
    """Several live resources have the tags of one, and only the user knows which of them it is."""
    return (
        f"{logical_id}: {type} {' and '.join(sorted(ids))} each carry the tags of this plan, and {state}; find out "
        "which one is meant, and take its tags off the other: aws ec2 delete-tags --resources ID --tags "
        f"Key={PLAN} Key={RESOURCE} Key={RUN}"
    )


def ambiguous(context: PlanningContext) -> Iterator[str]:
    """What is wanted and there twice, once with other people's things in it."""
    for stranger in context.false_claims.values():
        name = identity_tags(stranger.live).get(RESOURCE, "")
        if stranger.twin and name in context.decisions:
            ids = [stranger.live.id, stranger.twin]
            yield which_is_meant(name, stranger.live.type, ids, "things lie in both")


def count_tags(decision: Decision, context: PlanningContext) -> None:
    """Tags that AWS has no room for become a problem, or a note where only the user's are left out."""
    resource = decision.resource
    remembered = context.remembered.get(resource.logical_id, LedgerEntries())
    found = tag_limit(resource, context.kinds[resource.type], decision.live, context.owner, remembered)
    context.problems += [found.problem] if found.problem else []
    context.notes += [found.note] if found.note else []


def report_unmanaged(context: PlanningContext, deletions: Sequence[Deletion]) -> None:
    """Other people's rows and links beside ours: rules in our groups, routes in our tables, policies on our roles; and
    what says of itself, or of which something of ours says, that it is ours, and isn't."""
    for stranger in context.false_claims.values():
        name = identity_tags(stranger.live).get(RESOURCE) or stranger.live.id
        context.others.append(Unmanaged(name, str(stranger)))
    ours = {decision.live.id: logical_id for logical_id, decision in context.decisions.items() if decision.live}
    current = [decision.live for decision in context.decisions.values() if decision.live]
    known = {(live.type, live.id) for live in (*current, *(deletion.live for deletion in deletions))}
    holders = context.remembered_elsewhere
    for live in context.inventory:
        kind = context.kinds[live.type]
        if kind.identity is Identity.TAGS or (live.type, live.id) in known or live.service_owned:
            continue
        parent = live.properties.get(kind.parent_property)
        holder = holders.get(f"{parent} {kind.ledger_entry(live.properties)}")
        if isinstance(parent, str) and parent in ours:
            context.others.append(Unmanaged(ours[parent], f"{live.type} {live.id}, which is not of this plan"))
        elif holder is not None and not points_at(live, holder):
            name = identity_tags(holder).get(RESOURCE, holder.id)
            what = f"{live.type} {live.id}: the tag {RECORDS} of {holder.id} names it, and it doesn't lead there"
            context.others.append(Unmanaged(name, what))
