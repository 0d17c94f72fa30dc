"""Refresh and plan: what AWS has, what the plan wants, and the actions that make the difference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.read_ahead import ReadAheadReader
from ocpprov.aws.reads import Reader
from ocpprov.checks.endpoint_names import names_taken
from ocpprov.checks.endpoint_users import ENDPOINT, endpoint_users
from ocpprov.checks.public_zone_twins import made_public_zones, public_zone_twins
from ocpprov.checks.unlisted import unlisted
from ocpprov.checks.unseen_zones import unseen_zones
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.bootstrap_resources import bootstrap_only
from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery import discover, given_ids, public_zones, with_ignition, with_zones
from ocpprov.commands.discovery_machines import with_machines
from ocpprov.commands.discovery_private_zones import with_private_zones
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.excluded_services import without_excluded
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.given_digests import recognised
from ocpprov.commands.hidden_facts import hidden_facts
from ocpprov.commands.load import all_resources, graph_of, subnets_too_small
from ocpprov.commands.plan_scope import ids_given
from ocpprov.commands.reads_ahead import bulks_of, reads_ahead
from ocpprov.commands.scope import Scope
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.excluded_services import NOTHING, Excluded
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import RESOURCE, RUN, claimed_by, identity_tags
from ocpprov.engine.planner import plan as make_actions
from ocpprov.engine.problem import Problem
from ocpprov.engine.proofs import judge_claims
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import DeleteStep, Step
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.kinds.route53.common import ZONE
from ocpprov.openshift.expand import Facts, facts_needed, found_machines, notes
from ocpprov.openshift.unread_facts import Fact
from ocpprov.plan.model import Plan
from ocpprov.reconcile.observe import not_looked_at, observe, unread
from ocpprov.runs.journal import Made
from ocpprov.runs.run_id import host_hash, parse

Known = frozenset[Made]

SUBNET: Final = "AWS::EC2::Subnet"
_LATE: Final = (2.0, 5.0, 10.0, 15.0)
"""Seconds between looks at a list that lacks what is there: AWS lists within seconds what was made a moment ago."""


@dataclass(frozen=True)
class PlanResult:
    """What was seen and what follows from it. `start` is what was known before AWS was read, `facts` what the openshift
    section was expanded with, `excluded` what the run does without, `memory` what was known of whose things are, `gone`
    what the journal has and AWS, asked for it, hasn't, `unread` the facts that couldn't be read, each with why."""

    inventory: Inventory
    actions: Actions
    start: Found
    facts: Facts = field(default_factory=Facts)
    excluded: Excluded = NOTHING
    memory: Memory = NOTHING_KNOWN
    gone: frozenset[tuple[str, str]] = frozenset()
    unread: Mapping[Fact, Problem] = field(default_factory=dict)

    def ours(self) -> Iterator[Live]:
        """What says that it is this plan's, and can be."""
        owner, others = self.actions.owner, {claim.place for claim in self.actions.unproven}
        return (live for live in self.inventory if claimed_by(live, owner) and (live.type, live.id) not in others)


def own_inventory(planned: PlanResult) -> Inventory:
    """What is this plan's own, by type."""
    lives: dict[str, list[Live]] = {}
    for live in planned.ours():
        lives.setdefault(live.type, []).append(live)
    return Inventory(lives)


def refresh_and_plan(plan: Plan, connection: Connection, known: Known | None = None) -> PlanResult:
    """Read what AWS has and compare it with the plan. `known` is what the journal has by now, where that is more than
    the connection's scope has. Raises Refused when AWS can't be read, or lists less than there is."""
    scope = connection.scope
    before = start_of(plan, Facts(), scope, connection.owner)
    look = ReadAheadReader(connection.reader, reads_ahead(plan, scope, before, connection.owner))
    reader = DiscoveryReader(look, connection.owner, tolerant=scope.is_tolerant, out_of_reach=scope.out_of_reach)
    found = discover(plan, reader, scope.excluded)
    private_zones = partial(with_private_zones, plan, found, reader, scope.services)
    found = reader.fact(Fact.PRIVATE_ZONES, private_zones, found)
    start = start_of(plan, found, connection.scope, connection.owner)
    inventory, gone = _whole_inventory(connection, start, known, look)
    memory = _memory(start, _by_now(connection.scope, known), connection.owner)
    memory = recognised(memory, connection.scope.hidden_given, inventory)
    own = _without_strangers(inventory, connection.owner, memory)
    facts = with_ignition(with_zones(plan, found, own, reader), own, connection.owner)
    facts = reader.fact(Fact.MACHINES, partial(with_machines, plan, facts, own, reader), facts)
    rest, excluded = without_excluded(plan, all_resources(plan, facts), connection.scope.excluded, connection.owner)
    passing = bootstrap_only(plan, facts, own, connection.owner)
    actions = make_actions(graph_of(rest), inventory, connection.owner, KINDS, excluded, memory, passing)
    none: Sequence[str] = ()
    more = [
        *reader.fact(Fact.OTHER_PUBLIC_ZONES, partial(_second_zones, plan, rest, own, reader), none),
        *map(str, taken_names(plan, facts, actions)),
        *_names_unseen(facts),
    ]
    actions = replace(actions, notes=[*actions.notes, *found_machines(plan, facts), *notes(plan, facts), *more])
    actions = replace(actions, problems=[*actions.problems, *_new_subnets_too_small(plan, actions)])
    actions = skip_duplicates_of_live_runs(actions, connection.clock.now(), alone=connection.alone)
    return PlanResult(
        inventory, actions, start, facts, excluded, memory, gone, {**hidden_facts(plan, inventory), **reader.unread}
    )


def _second_zones(
    plan: Plan, resources: Mapping[str, Resource], own: Inventory, reader: DiscoveryReader
) -> Sequence[str]:
    """That others have a public zone of a name for which the plan is about to make one. `own` has no strangers. Raises
    Refused."""
    there = {identity_tags(live).get(RESOURCE) for live in own.of(ZONE) if claimed_by(live, reader.owner)}
    made = [each for each in made_public_zones(resources.values()) if each[0].logical_id not in there]
    return list(public_zone_twins(made, public_zones(reader), plan.positions)) if made else ()


def _new_subnets_too_small(plan: Plan, actions: Actions) -> Sequence[str]:
    """Of subnets that the run would make. One that is there is judged by what is free in it."""
    made = {each.resource for each in actions.actions if each.verb is Verb.CREATE and each.type == SUBNET}
    return [str(problem) for id, problem in subnets_too_small(plan).items() if id in made] if made else ()


def taken_names(plan: Plan, facts: Facts, actions: Actions) -> list[Problem]:
    """The endpoints whose names private zones answer already, so that AWS will refuse them."""
    return list(names_taken(plan, facts.private_zones or (), actions.graph.resources, actions.current))


def _names_unseen(facts: Facts) -> Iterator[str]:
    if facts.private_zones_closed:
        what = "whether a private zone answers an endpoint's name in the VPC wasn't looked at"
        yield f"{what} ({facts.private_zones_closed})"


def refresh_and_plan_destroy(connection: Connection, known: Known | None = None) -> PlanResult:
    """Read what AWS has and plan to take everything of this plan away; `known` and errors as above."""
    scope, owner = connection.scope, connection.owner
    start = replace(_found(scope, owner, scope.ids_made(owner)), compared={})
    inventory, gone = _whole_inventory(connection, start, known, connection.reader, with_untagged=True)
    nothing: Mapping[str, Resource] = {}
    memory = _by_now(scope, known).memory_in(owner)
    memory = recognised(memory, scope.hidden_given, inventory)
    actions = make_actions(Graph(nothing, {}), inventory, owner, KINDS, memory=memory)
    if "route53" in scope.services:
        actions = replace(actions, notes=[*actions.notes, *unseen_zones(inventory, owner)])
    return PlanResult(inventory, actions, start, memory=memory, gone=gone)


def with_endpoint_users(planned: PlanResult, connection: Connection) -> PlanResult:
    """The same, with whoever else uses the endpoints that go. Raises Refused when AWS can't be read."""
    deleted = {action.id for action in planned.actions.actions if action.verb is Verb.DELETE}
    going = [live for live in planned.inventory.of(ENDPOINT) if live.id in deleted]
    try:
        users = endpoint_users(going, connection.owner.plan, planned.memory.given, connection.reader)
        return with_notes(planned, list(users))
    except AwsError as error:
        raise Refused(problem_of(error)) from error


def with_notes(planned: PlanResult, notes: Sequence[str]) -> PlanResult:
    """The same, with more that its reader should know."""
    return replace(planned, actions=replace(planned.actions, notes=[*planned.actions.notes, *notes]))


def facts_of(plan: Plan, connection: Connection) -> Facts:
    """What the openshift section is expanded with. Raises Refused when AWS can't be read."""
    scope, reader = connection.scope, DiscoveryReader(connection.reader, connection.owner)
    found = with_private_zones(plan, discover(plan, reader, scope.excluded), reader, scope.services)
    needed = facts_needed(plan)
    if not needed.zones and not needed.machines:
        return found
    start = start_of(plan, found, scope, connection.owner)
    inventory, _ = _whole_inventory(connection, start, None, connection.reader)
    own = _without_strangers(inventory, connection.owner, _memory(start, scope, connection.owner))
    return with_machines(plan, with_zones(plan, found, inventory, reader), own, reader)


def start_of(plan: Plan, found: Facts, scope: Scope, owner: Owner) -> Found:
    """What is known before AWS is read: ids of existing things that the plan names, and names that it gives."""
    start = _found(scope, owner, ids_given(plan) | given_ids(found) | scope.ids_made(owner))
    return replace(start, compared=scope.compared)


def _by_now(scope: Scope, known: Known | None) -> Scope:
    """The scope with what the journal has by now: what this run has made is proven by that too, though an answer of
    AWS should lack what would prove it."""
    return scope if known is None else replace(scope, journalled=known)


def _memory(start: Found, scope: Scope, owner: Owner) -> Memory:
    """What is known of whose things are: the scope's, and the existing things that AWS was asked about. What the
    journal has made is looked for by its id, and isn't given for that."""
    memory = scope.memory_in(owner)
    return replace(memory, given=memory.given | (start.given - scope.ids_made(owner)))


def _without_strangers(inventory: Inventory, owner: Owner, memory: Memory) -> Inventory:
    """What AWS has, without what carries our tags and isn't ours."""
    others = judge_claims(inventory, owner, KINDS, memory).unproven
    return Inventory(
        {type: [live for live in lives if (type, live.id) not in others] for type, lives in inventory.lives.items()}
    )


def _found(scope: Scope, owner: Owner, given: frozenset[str]) -> Found:
    """What the scope knows, and these ids."""
    begun = {(each.type, key): each.logical_id for each in scope.begun if (key := each.key_for(owner))}
    return Found(
        owner,
        given=given,
        names=scope.declared_names,
        planned=scope.planned_objects,
        made=scope.ids_made(owner),
        begun=begun,
        zones_of_others=frozenset(scope.zone_roles),
        logical_ids=frozenset(scope.memory.types) if scope.types is not None else None,
        types=scope.types_known,
        knows_types=scope.types is not None and scope.memory_in(owner).is_known_here,
    )


def take_inventory(scope: Scope, start: Found, reader: Reader) -> Inventory:
    """What AWS has of the scope's types. Raises Refused."""
    known = reader.known if isinstance(reader, ReadAheadReader) else {}
    bulks = bulks_of(scope)
    try:
        seen = observe(scope.kinds, start, reader, scope.needless, tolerant=scope.is_tolerant, bulks=bulks, known=known)
    except AwsError as error:
        raise Refused(problem_of(error)) from error
    needless = scope.needless
    beyond = ((not_looked_at if type in needless else unread)(type, why) for type, why in scope.unreached().items())
    return replace(seen, unseen=[*seen.unseen, *beyond])


def _whole_inventory(
    connection: Connection, start: Found, known: Known | None, first: Reader, *, with_untagged: bool = False
) -> tuple[Inventory, frozenset[tuple[str, str]]]:
    """What AWS has of the scope's types, and what it says is gone that the journal knows. `first` may remember answers
    of the same moment. A list that is wrong may be only late, so it is looked at again for a while. Raises Refused;
    where the scope is tolerant, a list that stays wrong counts as unread. `with_untagged`: also what the
    journal has and isn't listed, as it lies in a network of others and lost the plan's tag."""
    reader, scope, owner = first, connection.scope, connection.owner
    made = _by_now(scope, known).memory_in(owner).made
    for seconds in (*_LATE, None):
        inventory, reader = take_inventory(scope, start, reader), connection.reader
        seen = unlisted(inventory, made, scope.kinds, scope.needless, owner, connection.reader)
        if not seen.problems:
            break
        if scope.is_tolerant and (seconds is None or _is_unread(inventory, scope)):
            wrong = [unread(type, seen.problems[0].detail) for type in sorted(seen.types)]
            return replace(inventory, unseen=[*inventory.unseen, *wrong]), seen.gone
        if seconds is None:
            raise Refused(*seen.problems)
        connection.clock.sleep(seconds)
    return _and_also(inventory, seen.untagged if with_untagged else ()), seen.gone


def _and_also(inventory: Inventory, lives: Sequence[Live]) -> Inventory:
    found = {type: [live for live in lives if live.type == type] for type in {live.type for live in lives}}
    both = {type: [*inventory.of(type), *more] for type, more in found.items()}
    return replace(inventory, lives={**inventory.lives, **both})


def _is_unread(inventory: Inventory, scope: Scope) -> bool:
    """Whether lists lack something for want of a read, so that waiting brings nothing."""
    return any(each.type and each.type not in scope.needless for each in inventory.unseen)


def skip_duplicates_of_live_runs(actions: Actions, now: float, *, alone: bool) -> Actions:
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
    steps = [_without(step, spared) for step in actions.steps if step.name not in spared]
    kept = [action for action in actions.actions if action.id not in ids]
    return replace(actions, steps=steps, actions=kept, notes=[*actions.notes, *spared.values()])


def _without(step: Step, spared: Collection[str]) -> Step:
    """A step where these aren't done."""
    step = replace(step, after=step.after - set(spared))
    return replace(step, along="") if isinstance(step, DeleteStep) and step.along in spared else step
