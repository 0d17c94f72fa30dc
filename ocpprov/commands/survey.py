"""Looking and planning: what AWS has, what the plan wants, and the guards that stand before any change."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ocpprov.aws.errors import AwsError
from ocpprov.commands.connection import Connection, explain
from ocpprov.commands.facts import facts_before_reading, given_ids, with_ignition, with_zones
from ocpprov.commands.leaving_out import parted
from ocpprov.commands.outcome import Refused
from ocpprov.commands.passing import of_bootstrap_alone
from ocpprov.commands.reading import all_resources, graph_of
from ocpprov.commands.scope import ids_given
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.claims import NOTHING_KNOWN, Memory, strangers
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import CLUSTER, RUN, claimed_by
from ocpprov.engine.parting import NOTHING, LeftOut
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.printable import offered, printable
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import DeleteStep
from ocpprov.kinds.contract import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, notes, zones_needed
from ocpprov.plan.model import Plan
from ocpprov.reconcile.inventory import take
from ocpprov.runs.run_id import host_hash, parse


@dataclass(frozen=True)
class Survey:
    """What was seen and what follows from it. `start` is what was known before AWS was read, `facts` what the openshift
    section was expanded with, `left_out` what the run does without, `memory` what was known of whose things are."""

    inventory: Inventory
    actions: Actions
    start: Found
    facts: Facts = field(default_factory=Facts)
    left_out: LeftOut = NOTHING
    memory: Memory = NOTHING_KNOWN

    def ours(self) -> Iterator[Live]:
        """What says that it is this plan's, and can be."""
        owner, others = self.actions.owner, self.actions.strangers
        return (live for live in self.inventory if claimed_by(live, owner) and (live.type, live.id) not in others)


def survey_plan(plan: Plan, connection: Connection) -> Survey:
    """Look at AWS and compare it with the plan. Raises Refused when AWS can't be read."""
    found = facts_before_reading(plan, connection)
    start = start_of(plan, found, connection)
    inventory = take_inventory(connection, start)
    memory = _memory(start, found, connection)
    own = _without_strangers(inventory, connection.owner, memory)
    facts = with_ignition(with_zones(plan, found, own, connection), own, connection)
    rest, left_out = parted(plan, all_resources(plan, facts), connection)
    passing = of_bootstrap_alone(plan, facts, own, connection.owner)
    actions = make_actions(graph_of(rest), inventory, connection.owner, KINDS, left_out, memory, passing)
    actions = replace(actions, notes=[*actions.notes, *notes(plan, facts)])
    actions = without_living_sweeps(actions, connection.clock.now(), alone=connection.alone)
    return Survey(inventory, actions, start, facts, left_out, memory)


def survey_destroy(connection: Connection) -> Survey:
    """Look at AWS and plan to take everything of this plan away. Raises Refused when AWS can't be read."""
    start = _found(connection, frozenset())
    inventory = take_inventory(connection, start)
    nothing: Mapping[str, Resource] = {}
    actions = make_actions(Graph(nothing, {}), inventory, connection.owner, KINDS, memory=connection.scope.memory)
    return Survey(inventory, actions, start, memory=connection.scope.memory)


def facts_of(plan: Plan, connection: Connection) -> Facts:
    """What the openshift section is expanded with. Raises Refused when AWS can't be read."""
    found = facts_before_reading(plan, connection)
    if not zones_needed(plan):
        return found
    return with_zones(plan, found, take_inventory(connection, start_of(plan, found, connection)), connection)


def start_of(plan: Plan, found: Facts, connection: Connection) -> Found:
    """What is known before AWS is read: ids of existing things that the plan names, and names that it gives."""
    given = ids_given(plan) | given_ids(found) | connection.scope.made
    return _found(connection, given)


def _memory(start: Found, found: Facts, connection: Connection) -> Memory:
    """What is known of whose things are: the scope's, and the existing things that AWS was asked about. What the
    journal has made is looked for by its id, and isn't given for that."""
    memory = connection.scope.memory
    networks = {subnet.vpc_id for subnet in found.subnets.values()}
    return replace(memory, given=memory.given | networks | (start.given - connection.scope.made))


def _without_strangers(inventory: Inventory, owner: Owner, memory: Memory) -> Inventory:
    """What AWS has, without what carries our tags and isn't ours."""
    others = strangers(inventory, owner, KINDS, memory)
    return Inventory(
        {type: [live for live in lives if (type, live.id) not in others] for type, lives in inventory.lives.items()}
    )


def _found(connection: Connection, given: frozenset[str]) -> Found:
    """What the scope knows, and these ids."""
    scope, owner = connection.scope, connection.owner
    begun = {(each.type, key): each.logical_id for each in scope.begun if (key := each.key_for(owner))}
    return Found(owner, given=given, names=scope.names, planned=scope.planned, made=scope.made, begun=begun)


def take_inventory(connection: Connection, start: Found) -> Inventory:
    """What AWS has of the scope's types. Raises Refused."""
    try:
        return take(connection.scope.kinds, start, connection.reader, connection.scope.needless)
    except AwsError as error:
        raise Refused(explain(error)) from error


def clusters(survey: Survey, connection: Connection) -> set[str]:
    """The cluster values that live resources of this plan carry."""
    ours = (live for live in survey.inventory if claimed_by(live, connection.owner))
    return {live.tags[CLUSTER] for live in ours if live.tags.get(CLUSTER)}


def guard_cluster(survey: Survey, connection: Connection, cluster: str) -> None:
    """Raises Refused when resources of this plan belong to another cluster."""
    others = clusters(survey, connection) - {cluster}
    if cluster and others:
        raise Refused(
            f"plan {connection.owner.plan} in {connection.owner.region} has resources of cluster "
            f"{', '.join(map(printable, sorted(others)))}, not of {cluster}; clusterName and baseDomain can't change: "
            "give the new cluster a plan name of its own"
        )


def guard_problems(survey: Survey) -> None:
    """Raises Refused for what makes the plan impossible."""
    if survey.actions.problems:
        raise Refused("\n".join(map(printable, survey.actions.problems)))


def guard_protected(
    survey: Survey, allowed: frozenset[str], command: str, causes: Mapping[str, str] | None = None
) -> None:
    """Raises Refused, with the whole command to use, when something protected would go without `--allow`. `causes` says
    of logical ids why they would."""
    needed = sorted({action.resource for action in survey.actions.actions if action.guarded} - allowed)
    if needed:
        why = "".join(f"\n{printable(causes[name])}" for name in needed if causes and name in causes)
        strange = sorted(
            f"{action.type} {action.id}"
            for action in survey.actions.actions
            if action.guarded and action.resource in needed and not offered(action.resource)
        )
        names = ", ".join(map(printable, needed))
        would = f"this would replace or delete {names}, which a running cluster may depend on{why}"
        if strange:
            raise Refused(
                f"{would}; a tag of {', '.join(map(printable, strange))} has a name that no plan gives: find out who "
                "wrote it, and take the tags ocpprov:… off what isn't this plan's"
            )
        options = shlex.join(word for name in sorted(allowed | set(needed)) for word in ("--allow", name))
        raise Refused(f"{would}; if that is meant:\n  {command} {options}")


def without_living_sweeps(actions: Actions, now: float, *, alone: bool) -> Actions:
    """The actions without sweeps of what a run that may still be going on has made: those are noted instead.
    `alone`: there can be no such run."""
    if alone:
        return actions
    spared: dict[str, str] = {}
    swept = {action.id for action in actions.actions if action.verb is Verb.SWEEP}
    for step in actions.steps:
        if not isinstance(step, DeleteStep) or step.live.id not in swept:
            continue
        run = step.live.tags.get(RUN, "")
        maker = parse(run)
        if maker is not None and run != actions.owner.run and not maker.dead(now, host_hash()):
            spared[step.name] = f"{step.type} {step.live.id} is a second {step.logical_id}, made by run {run}"
    if not spared:
        return actions
    ids = {step.live.id for step in actions.steps if isinstance(step, DeleteStep) and step.name in spared}
    steps = [replace(step, after=step.after - set(spared)) for step in actions.steps if step.name not in spared]
    kept = [action for action in actions.actions if action.id not in ids]
    return replace(actions, steps=steps, actions=kept, notes=[*actions.notes, *spared.values()])
