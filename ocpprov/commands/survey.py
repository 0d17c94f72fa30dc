"""Looking and planning: what AWS has, what the plan wants, and the guards that stand before any change."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.commands.connection import Connection, explain
from ocpprov.commands.facts import facts_before_reading, given_ids, with_zones
from ocpprov.commands.leaving_out import parted
from ocpprov.commands.outcome import Refused
from ocpprov.commands.reading import all_resources, graph_of
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import CLUSTER, RUN, claimed_by
from ocpprov.engine.parting import NOTHING, LeftOut
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.printable import offered, printable
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import Facts, notes, zones_needed
from ocpprov.plan.model import Plan
from ocpprov.reconcile.inventory import take
from ocpprov.runs.run_id import host_hash, parse

_ID: Final = re.compile(r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|tgw|pcx|acl|dopt)-[0-9a-f]+|Z[A-Z0-9]{9,31}")


@dataclass(frozen=True)
class Survey:
    """What was seen and what follows from it. `start` is what was known before AWS was read, `facts` what the openshift
    section was expanded with, `left_out` what the run does without."""

    inventory: Inventory
    actions: Actions
    start: Found
    facts: Facts = field(default_factory=Facts)
    left_out: LeftOut = NOTHING


def survey_plan(plan: Plan, connection: Connection) -> Survey:
    """Look at AWS and compare it with the plan. Raises Refused when AWS can't be read."""
    found = facts_before_reading(plan, connection)
    start = start_of(plan, found, connection)
    inventory = take_inventory(connection, start)
    facts = with_zones(plan, found, inventory, connection)
    rest, left_out = parted(plan, all_resources(plan, facts), connection)
    actions = make_actions(graph_of(rest), inventory, connection.owner, KINDS, left_out)
    actions = replace(actions, notes=[*actions.notes, *notes(plan, facts)])
    actions = without_living_sweeps(actions, connection.clock.now(), alone=connection.alone)
    return Survey(inventory, actions, start, facts, left_out)


def survey_destroy(connection: Connection) -> Survey:
    """Look at AWS and plan to take everything of this plan away. Raises Refused when AWS can't be read."""
    start = Found(connection.owner, names=connection.scope.names)
    inventory = take_inventory(connection, start)
    nothing: Mapping[str, Resource] = {}
    return Survey(inventory, make_actions(Graph(nothing, {}), inventory, connection.owner, KINDS), start)


def facts_of(plan: Plan, connection: Connection) -> Facts:
    """What the openshift section is expanded with. Raises Refused when AWS can't be read."""
    found = facts_before_reading(plan, connection)
    if not zones_needed(plan):
        return found
    return with_zones(plan, found, take_inventory(connection, start_of(plan, found, connection)), connection)


def start_of(plan: Plan, found: Facts, connection: Connection) -> Found:
    """What is known before AWS is read: ids of existing things that the plan names, and names that it gives."""
    given = set(ids_in([resource.properties for resource in plan.resources.values()]))
    if plan.openshift:
        section = plan.openshift
        named = (section.vpc_id, section.public_zone, section.hosted_zone, *section.subnets, *section.route_tables)
        given |= {*section.elastic_ips, *ids_in(named)}
    given |= connection.scope.made
    return Found(connection.owner, given=frozenset(given) | given_ids(found), names=connection.scope.names)


def take_inventory(connection: Connection, start: Found) -> Inventory:
    """What AWS has of the scope's types. Raises Refused."""
    try:
        return take(connection.scope.kinds, start, connection.reader)
    except AwsError as error:
        raise Refused(explain(error)) from error


def ids_in(value: Value) -> Iterator[str]:
    """Ids of AWS resources that stand literally in a value."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from ids_in(item)


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


def guard_protected(survey: Survey, allowed: frozenset[str], command: str) -> None:
    """Raises Refused, with the whole command to use, when something protected would go without `--allow`."""
    needed = sorted({action.resource for action in survey.actions.actions if action.guarded} - allowed)
    if needed:
        strange = sorted(
            f"{action.type} {action.id}"
            for action in survey.actions.actions
            if action.guarded and action.resource in needed and not offered(action.resource)
        )
        would = (
            f"this would replace or delete {', '.join(map(printable, needed))}, which a running cluster may depend on"
        )
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
        run = step.live.tags.get(RUN, "") if step.live and step.live.id in swept else ""
        maker = parse(run)
        if step.live and maker is not None and run != actions.owner.run and not maker.dead(now, host_hash()):
            spared[step.name] = f"{step.type} {step.live.id} is a second {step.logical_id}, made by run {run}"
    if not spared:
        return actions
    ids = {step.live.id for step in actions.steps if step.name in spared and step.live}
    steps = [replace(step, after=step.after - set(spared)) for step in actions.steps if step.name not in spared]
    kept = [action for action in actions.actions if action.id not in ids]
    return replace(actions, steps=steps, actions=kept, notes=[*actions.notes, *spared.values()])
