"""What stands in the way of a plan, counted and named before the first change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from ocpprov.engine.actions import Unmanaged, Verb
from ocpprov.engine.claims import named
from ocpprov.engine.drift import unanswered_properties
from ocpprov.engine.kind_facts import Identity, KindFacts
from ocpprov.engine.ownership import (
    CHILDREN,
    PLAN,
    PLAN_ID,
    RECORDS,
    RESOURCE,
    RUN,
    LedgerEntries,
    decode_ledger,
    identity_tags,
    lost_its_plan,
    older_format,
    row_elsewhere,
    with_certain_name,
)
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.resources import Live, State
from ocpprov.engine.shared_lists import members_of_others
from ocpprov.engine.suggestion import allow_option, command_line
from ocpprov.engine.tag_limits import tag_limit
from ocpprov.engine.unique_keys import UniqueKeys
from ocpprov.engine.unwanted import Deletion, going_along, keeps_parent, points_at

_SHOWN: Final = 5


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
        said: set[str] = set()
        for key in kind.unique(with_certain_name(kind, context.owner, logical_id, decision.wanted)):
            for live in theirs.clashing((kind.type, *key)):
                if live.id not in said:
                    said.add(live.id)
                    what = " ".join(str(part) for part in key)
                    yield (
                        f"{logical_id}: {live.type} {live.id} has the same {what} and is not of this plan; "
                        "change the plan, or remove that one by hand if nobody needs it; if it is this plan's after "
                        f"all, add {allow_option(live.id)}"
                    )


def unclear_claims(context: PlanningContext) -> Iterator[str]:
    """What would be made a second time, if what claims to be it should be it."""
    for claim in context.unproven.values():
        decision = context.decisions.get(claim.logical_id)
        if claim.is_refuted or decision is None or decision.live is not None:
            continue
        if decision.resource.type == claim.live.type:
            yield (
                f"{claim.logical_id}: {claim.live.type} {claim.live.id} claims to be it, but {claim.reason}; if it is, "
                f"add {allow_option(claim.live.id)}; if not, take its tags {PLAN} and {RESOURCE} off"
            )


def used_by_what_goes(context: PlanningContext, deletions: Sequence[Deletion]) -> Iterator[str]:
    """What has the tags of another one, where something of ours that uses it would go for that: then it is rather ours,
    and somebody has copied tags among what the plan made."""
    refuted = {claim.live.id: claim for claim in context.unproven.values() if claim.is_refuted}
    if context.is_destroy or not refuted:
        return
    said: set[str] = set()
    for deletion in deletions:
        user = deletion.live
        for id in context.kinds[user.type].references(user) if deletion.verb is not Verb.FORGET else ():
            if id in refuted and id not in said:
                said.add(id)
                yield (
                    f"{refuted[id]}; {user.type} {user.id}, which is of this plan, uses it and would go for that: if "
                    f"it is this plan's, add {allow_option(id)}; if not, take it out of use, or these tags off it"
                )


def another_plan(context: PlanningContext) -> Iterator[str]:
    """That what is there was made by another plan of this name."""
    owner, there = context.owner, context.identified.named
    ids = sorted({live.tags.get(PLAN_ID, "") for live in context.identified.all()} - {"", owner.plan_id})
    if ids and (owner.plan_id or not context.is_destroy or len(ids) > 1):
        said = f"id: {owner.plan_id}" if owner.plan_id else "no id"
        yield (
            f"another plan has the name {owner.plan} in {owner.region}: what is there was made with id: "
            f"{', '.join(ids)}, and this plan has {said}; give this one another name, or the same id if it is that plan"
        )
    elif not context.is_destroy and not owner.plan_id and not context.memory.is_known_here and there:
        wanted = {(resource.type, name) for name, resource in context.graph.resources.items()}
        if not wanted & set(there):
            [(type, logical_id), lives] = next(iter(there.items()))
            yield (
                f"another plan has the name {owner.plan} in {owner.region}: {type} {lives[0].id} is there as "
                f"{logical_id}, and nothing that this plan has; give this one another name, or destroy that plan first"
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


def not_compared(context: PlanningContext) -> Iterator[str]:
    """What AWS's answers don't say of what stays, so that nobody knows whether it is as wanted."""
    resources: dict[tuple[str, str], list[str]] = {}
    for logical_id, decision in context.decisions.items():
        if decision.live is not None:
            kind = context.kinds[decision.live.type]
            for name in unanswered_properties(kind, decision.wanted, decision.live):
                resources.setdefault((kind.type, name), []).append(logical_id)
    for (type, name), names in resources.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield (
            f"AWS's answer doesn't say {name} of {type} {', '.join(names[:_SHOWN])}{more}: it wasn't compared with "
            "the plan"
        )


def without_their_tags(context: PlanningContext, deletions: Sequence[Deletion]) -> Iterator[str]:
    """In a destroy, what the journal has as made by this plan and of which AWS's answer has no tag of ours: whose it is
    now, nobody knows."""
    if not context.is_destroy:
        return
    going = {(deletion.live.type, deletion.live.id) for deletion in deletions}
    for live in context.inventory:
        place = (live.type, live.id)
        is_tagged = context.kinds[live.type].identity is Identity.TAGS and not live.service_owned
        if not is_tagged or place in going or place in context.unproven or place not in context.memory.made:
            continue
        if identity_tags(live).keys().isdisjoint((PLAN, RESOURCE, RUN)):
            how = f"{allow_option(live.id)} says that it is this plan's"
            yield f"{live.type} {live.id} was made by this plan, and AWS's answer has no tag of it: left alone; {how}"


def which_is_meant(logical_id: str, kind: KindFacts, ids: Collection[str], state: str) -> str:
    """Several live resources have the tags of one, and only the user knows which of them it is."""
    keys = (PLAN, RESOURCE, RUN)
    how = ", ".join(keys)
    if kind.service == "ec2":
        tags = (f"Key={key}" for key in keys)
        how = command_line("aws", "ec2", "delete-tags", "--resources", "ID", "--tags", *tags)
    return (
        f"{logical_id}: {kind.type} {' and '.join(sorted(ids))} each carry the tags of this plan, and {state}; find "
        f"out which one is meant, and take its tags off the other: {how}"
    )


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
    ours = {decision.live.id: logical_id for logical_id, decision in context.decisions.items() if decision.live}
    leaving = [
        each
        for each in deletions
        if each.verb is Verb.DELETE and context.kinds[each.live.type].identity is Identity.TAGS
    ]
    going = {each.live.id: each.logical_id for each in leaving}
    for each in leaving:
        context.others.extend(_members_going(each, context))
    current = [decision.live for decision in context.decisions.values() if decision.live]
    known = {(live.type, live.id) for live in (*current, *(deletion.live for deletion in deletions))}
    known |= going_along(context, deletions)
    holders = context.remembered_elsewhere
    for live in context.inventory:
        kind = context.kinds[live.type]
        place = (live.type, live.id)
        if place in known or place in context.unproven or live.service_owned:
            continue
        # What has tags of its own may still be a part of something, as a listener is of its balancer.
        inside = kind.ends_with if kind.identity is Identity.TAGS else kind.parent_property
        parent = live.properties.get(inside)
        holder = holders.get(row_elsewhere(parent, kind.ledger_entry(live.properties)))
        if isinstance(parent, str) and parent in going and parent not in ours:
            fate = "keeps what it is in from going" if keeps_parent(kind) else "goes with what it is in"
            text = f"{live.type} {live.id}, which is not of this plan and {fate}"
            context.others.append(Unmanaged(going[parent], text, is_left=keeps_parent(kind)))
        elif isinstance(parent, str) and parent in ours:
            context.others.append(Unmanaged(ours[parent], f"{live.type} {live.id}, which is not of this plan"))
        elif holder is not None and not points_at(live, holder):
            name = named(holder) or holder.id
            what = f"{live.type} {live.id}: the tag {RECORDS} of {holder.id} names it, and it doesn't lead there"
            context.others.append(Unmanaged(name, what))
        elif kind.identity is Identity.LINK and (used := [id for id in kind.references(live) if id in ours]):
            # Something of others that uses ours: a subnet our table.
            context.others.append(
                Unmanaged(ours[used[0]], f"{live.type} {live.id} of {parent}, which is not of this plan")
            )


def _members_going(deletion: Deletion, context: PlanningContext) -> Iterator[Unmanaged]:
    """What others have put into the lists of what goes, such as a network that they associated with a zone. Earlier
    versions didn't write down which members are ours."""
    live = deletion.live
    if older_format(live.tags):
        return
    remembered = decode_ledger(CHILDREN, live.tags)
    for text in members_of_others(context.kinds[live.type], live, context.our_or_given, context.defaults, remembered):
        what = f"{text}, which is not of this plan and goes with what it is in"
        yield Unmanaged(deletion.logical_id, what, is_left=False)
