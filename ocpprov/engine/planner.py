"""The planner: from a graph and an inventory to actions and steps. A pure function, `plan()`.

Resources are decided in dependency order, so that a reference resolves to the current live resource, or is unknown
when this run makes or replaces what it refers to. What is ours and no longer wanted is deleted; the order of the steps
is worked out in `ordering`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain

from ocpprov.engine.abbreviated_ids import with_whole_ids
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.claims import Place, UnprovenClaim
from ocpprov.engine.conflicts import (
    another_plan,
    count_tags,
    lost_tags,
    names_taken,
    not_compared,
    report_unmanaged,
    unclear_claims,
    used_by_what_goes,
    without_their_tags,
)
from ocpprov.engine.decisions import decide
from ocpprov.engine.excluded_services import NOTHING, Excluded
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.identify import identify, settle
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import KindFacts, UniqueKey
from ocpprov.engine.known_ids import with_known_ids
from ocpprov.engine.ledgers import late_ledgers, planned_ledgers
from ocpprov.engine.left_to_aws import set_by_others
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ordering import with_order
from ocpprov.engine.ownership import ON_DELETE, ON_DELETE_RETAIN, identity_tags, newer_format
from ocpprov.engine.planning_context import Decision, PlanningContext
from ocpprov.engine.proofs import judge_claims, places_given
from ocpprov.engine.resources import Live, Owner, State
from ocpprov.engine.step_building import build_steps, deletion_steps
from ocpprov.engine.unwanted import Deletion, claimed_by_ledgers, kept_in_what_goes, unwanted_resources


def plan(
    graph: Graph,
    inventory: Inventory,
    owner: Owner,
    kinds: Mapping[str, KindFacts],
    left_out: Excluded = NOTHING,
    memory: Memory = NOTHING_KNOWN,
    temporary: Set[tuple[str, str]] = frozenset(),
) -> Actions:
    """What to do so that AWS has what the graph wants. An empty graph means: take everything of this plan away.

    What is left out isn't in the inventory, and is neither made nor missed; but what has to remember it goes on
    remembering. `temporary` are live resources (type and id) that no cluster depends on for long, so that replacing or
    deleting them is never guarded.
    """
    planned = {**left_out.resources, **graph.resources}
    types = {logical_id: resource.type for logical_id, resource in planned.items()}
    inventory = with_whole_ids(inventory, types)
    remembered_places = places_given(inventory, kinds, owner)
    memory = replace(memory, types={**memory.types, **types}, given=memory.given | remembered_places)
    inventory = with_known_ids(inventory, owner, kinds, memory)
    judged = judge_claims(inventory, owner, kinds, memory)
    identified = identify(graph, inventory, owner, kinds, judged, memory)
    claims = settle(judged, identified, inventory, owner)
    remembering = {**graph.resources, **build(left_out.resources, kinds).resources}
    ledgers = planned_ledgers(remembering, kinds)
    context = PlanningContext(
        graph, inventory, owner, kinds, identified, ledgers, memory, claims.unproven, claims.proven
    )
    _decide_all(context)
    deletions = unwanted_resources(context)
    report_unmanaged(context, deletions)
    context.others.extend(set_by_others(context))
    steps, interrupted = with_order(
        [*build_steps(context), *deletion_steps(deletions, kinds), *late_ledgers(context, deletions, left_out.types)],
        {logical_id: decision.wanted for logical_id, decision in context.decisions.items()},
        graph,
        kinds,
    )
    return Actions(
        owner=owner,
        graph=graph,
        actions=[*_wanted_actions(context, interrupted, temporary), *_deletion_actions(deletions, context, temporary)],
        steps=steps,
        current={name: decision.live for name, decision in context.decisions.items() if decision.live is not None},
        others=context.others,
        notes=[
            *context.notes,
            *not_compared(context),
            *without_their_tags(context, deletions),
            *map(str, inventory.unseen),
        ],
        problems=[*context.problems, *used_by_what_goes(context, deletions), *kept_in_what_goes(deletions, kinds)],
        proven=claims.proven,
        unproven=[*_staying(context.unproven, deletions), *claimed_by_ledgers(context, deletions)],
    )


def _staying(unproven: Mapping[Place, UnprovenClaim], deletions: Sequence[Deletion]) -> Iterator[UnprovenClaim]:
    """Those that don't go with what they are in."""
    going = {(each.live.type, each.live.id) for each in deletions if each.verb is Verb.DELETE}
    return (claim for place, claim in unproven.items() if place not in going)


def _decide_all(context: PlanningContext) -> None:
    """What is to become of each wanted resource, and what stands in the way."""
    # The proof of a newer format may be one that this version doesn't understand.
    unproven = (claim.live for claim in context.unproven.values())
    for live in chain(context.identified.all(), unproven):
        if newer_format(live):
            context.problems.append(
                f"{live.type} {live.id} was tagged by a newer ocpprov; use that version for this plan"
            )
    for live in _going_anyway(context):
        context.leaving.decided(context.kinds[live.type], (), [live])
    _decide_each(context)
    context.problems.extend(
        [*another_plan(context), *unclear_claims(context), *names_taken(context), *lost_tags(context)]
    )


def _going_anyway(context: PlanningContext) -> Iterator[Live]:
    """What the plan no longer has, and is deleted: something new may want its name or place."""
    wanted = context.graph.resources
    gone = [
        live
        for (type, logical_id), lives in context.identified.named.items()
        if logical_id not in wanted or wanted[logical_id].type != type
        for live in lives
    ]
    every = (*gone, *context.identified.nameless)
    return (live for live in every if identity_tags(live).get(ON_DELETE) != ON_DELETE_RETAIN)


def _decide_each(context: PlanningContext) -> None:
    """Decide the resources one after the other. Whoever holds what, as a later decision shows, has to leave first, was
    decided too early: then all is decided once more, with what is known by now."""
    others, notes, problems = list(context.others), list(context.notes), list(context.problems)
    known = -1
    while len(context.leaving) > known:
        known = len(context.leaving)
        context.others[:], context.notes[:], context.problems[:] = others, notes, problems
        context.decisions.clear()
        for resource in context.graph.resources.values():
            kind, decision = context.kinds[resource.type], decide(resource, context)
            context.decisions[resource.logical_id] = decision
            count_tags(decision, context)
            context.leaving.decided(kind, _gained(kind, decision), decision.predecessors)
        if not context.leaving or not any(_holds_on(decision, context) for decision in context.decisions.values()):
            return


def _gained(kind: KindFacts, decision: Decision) -> Sequence[UniqueKey]:
    """What it is going to have that AWS gives once."""
    wanted = kind.unique(decision.wanted)
    if decision.live is None:
        return wanted
    own = kind.unique(decision.live.properties) if decision.changes else wanted
    return [key for key in wanted if key not in own]


def _holds_on(decision: Decision, context: PlanningContext) -> bool:
    """Whether it stays and doesn't let go of something that leaves first."""
    if decision.live is None:
        return False
    let_go = replace(decision.live, properties={**decision.live.properties, **decision.detached})
    return not context.leaving.isdisjoint(context.kinds[let_go.type].references(let_go))


def _may_be_in_use(lives: Sequence[Live], temporary: Set[tuple[str, str]]) -> bool:
    """Whether a cluster could depend on any of them; what AWS let fail never served anybody, and what is being deleted
    is lost."""
    lost = (State.BROKEN, State.DELETING)
    return any(live.state not in lost and (live.type, live.id) not in temporary for live in lives)


def _wanted_actions(
    context: PlanningContext, interrupted: frozenset[str], temporary: Set[tuple[str, str]]
) -> Iterator[Action]:
    for logical_id, decision in context.decisions.items():
        # What else goes of a logical id has an action of its own.
        replaced = decision.predecessors if decision.verb is Verb.REPLACE else ()
        old = replaced[0].id if replaced else ""
        yield Action(
            logical_id,
            decision.resource.type,
            decision.verb,
            decision.live.id if decision.live else old,
            [*decision.changes, *decision.tag_changes],
            decision.reason,
            interrupts=logical_id in interrupted,
            guarded=context.kinds[decision.resource.type].protected and _may_be_in_use(replaced, temporary),
            guarded_ids=[live.id for live in replaced if context.may_be_another_plans(live)],
        )


def _deletion_actions(
    deletions: Sequence[Deletion], context: PlanningContext, temporary: Set[tuple[str, str]]
) -> Iterator[Action]:
    destroying, kinds = context.is_destroy, context.kinds
    for deletion in deletions:
        if deletion.part_of_replacement:
            continue
        is_deleted = deletion.verb is Verb.DELETE
        yield Action(
            deletion.logical_id,
            deletion.live.type,
            deletion.verb,
            deletion.live.id,
            reason="" if destroying and is_deleted else deletion.reason,
            guarded=is_deleted and kinds[deletion.live.type].protected and _may_be_in_use([deletion.live], temporary),
            guarded_ids=[deletion.live.id] if is_deleted and context.may_be_another_plans(deletion.live) else [],
        )
