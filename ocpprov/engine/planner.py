"""The planner: from a graph and an inventory to actions and steps. A pure function, `plan()`.

Resources are decided in dependency order, so that a reference resolves to the current live resource, or is unknown
when this run makes or replaces what it refers to. What is ours and no longer wanted is deleted; the order of the steps
is worked out in `ordering`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocpprov.engine.actions import Action, Actions, Change, Operation, Other, Step, TagEdit, Verb
from ocpprov.engine.compare import (
    changes_in_place,
    create_only_changes,
    describe_other,
    ledger_edit,
    tag_changes,
)
from ocpprov.engine.deletions import Deletion, remembered_elsewhere, unwanted
from ocpprov.engine.graph import Graph
from ocpprov.engine.identify import Identified, clash, identify
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ordering import ordered
from ocpprov.engine.ownership import (
    PLAN,
    PREFIX,
    Remembered,
    decode_ledger,
    desired_tags,
    lost_its_plan,
    newer_format,
    revision,
    with_certain_name,
)
from ocpprov.engine.protocols import Identity, KindFacts, UniqueKey
from ocpprov.engine.resources import Live, Owner, Resource, State
from ocpprov.engine.tag_limits import tag_limit
from ocpprov.engine.values import GetAtt, Ref, Unknown, Value, references, resolve

_CANDIDATES = (State.PENDING, State.READY)


@dataclass(frozen=True)
class Decision:
    """What is to become of one wanted resource. `wanted` are its properties as far as they are known; `lets_go` are the
    lists without what goes before its successor is there."""

    resource: Resource
    verb: Verb
    wanted: Mapping[str, Value]
    live: Live | None = None
    changes: Sequence[Change] = ()
    keep: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    tags: TagEdit = TagEdit()
    predecessors: Sequence[Live] = ()
    duplicates: Sequence[Live] = ()
    lets_go: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    reason: str = ""


@dataclass
class _World:
    """What planning has found out so far. `leaving` are ids that AWS must lose before their successors can be made."""

    graph: Graph
    inventory: Inventory
    owner: Owner
    kinds: Mapping[str, KindFacts]
    identified: Identified
    remembered: Mapping[str, Remembered]
    elsewhere: frozenset[str]
    our_ids: frozenset[str]
    decisions: dict[str, Decision] = field(default_factory=dict)
    leaving: set[str] = field(default_factory=set)
    others: list[Other] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def lookup(self, reference: Ref | GetAtt) -> Value:
        decision = self.decisions[reference.logical_id]
        live = decision.live
        if live is None or decision.verb in (Verb.CREATE, Verb.REPLACE):
            return Unknown(reference)
        if isinstance(reference, Ref):
            return live.ref or live.id
        return live.attributes.get(reference.attribute, Unknown(reference))


def plan(graph: Graph, inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts]) -> Actions:
    """What to do so that AWS has what the graph wants. An empty graph means: take everything of this plan away."""
    identified = identify(graph, inventory, owner, kinds)
    world = _World(
        graph,
        inventory,
        owner,
        kinds,
        identified,
        planned_memory(graph, kinds),
        frozenset(remembered_elsewhere(identified.all())),
        frozenset(live.id for live in identified.all()),
    )
    for live in identified.all():
        if newer_format(live):
            world.problems.append(
                f"{live.type} {live.id} was tagged by a newer ocpprov; use that version for this plan"
            )
    for resource in graph.resources.values():
        decision = _decide(resource, world)
        world.decisions[resource.logical_id] = decision
        _count_tags(decision, world)
        if decision.live is None:
            world.leaving |= set(_going_first(world, resource.type))
    world.problems.extend(_taken(world))
    world.problems.extend(_lost(world))
    deletions = unwanted(world.decisions, inventory, owner, kinds, identified)
    _report_strangers(world, deletions)
    late_ledgers = list(_late_ledgers(world, deletions))
    steps, interrupted = ordered(
        [*_build_steps(world), *_deletion_steps(deletions, kinds), *late_ledgers],
        {logical_id: decision.wanted for logical_id, decision in world.decisions.items()},
        graph,
        kinds,
    )
    return Actions(
        owner=owner,
        graph=graph,
        actions=[
            *_wanted_actions(world, interrupted),
            *_deletion_actions(deletions, kinds, destroying=not graph.resources),
        ],
        steps=steps,
        current={
            logical_id: decision.live
            for logical_id, decision in world.decisions.items()
            if decision.live is not None and decision.verb not in (Verb.CREATE, Verb.REPLACE)
        },
        others=world.others,
        notes=world.notes,
        problems=world.problems,
    )


def planned_memory(graph: Graph, kinds: Mapping[str, KindFacts]) -> dict[str, Remembered]:
    """By logical id: what each resource has to remember of the rows that the plan has. A row in a parent of ours is
    remembered there; one in somebody else's parent on the first resource of ours that it points at."""
    children: dict[str, set[str]] = {}
    elsewhere: dict[str, set[str]] = {}
    for resource in graph.resources.values():
        kind = kinds[resource.type]
        parent = resource.properties.get(kind.parent_property)
        entry = kind.ledger_entry(kind.normalise(resource.properties)) if kind.identity is Identity.LEDGER else None
        if entry is None:
            continue
        if isinstance(parent, Ref):
            children.setdefault(parent.logical_id, set()).add(entry)
        elif isinstance(parent, str):
            for reference in references(resource.properties):
                if kinds[graph.resources[reference.logical_id].type].identity is Identity.TAGS:
                    elsewhere.setdefault(reference.logical_id, set()).add(f"{parent} {entry}")
                    break
    return {
        logical_id: Remembered(frozenset(children.get(logical_id, ())), frozenset(elsewhere.get(logical_id, ())))
        for logical_id in {*children, *elsewhere}
    }


def _decide(resource: Resource, world: _World) -> Decision:
    kind = world.kinds[resource.type]
    resolved = resolve(resource.properties, world.lookup)
    wanted = kind.normalise(resolved if isinstance(resolved, Mapping) else {})
    if kind.identity is Identity.TAGS:
        return _decide_tagged(resource, kind, wanted, world)
    return _decide_keyed(resource, kind, wanted, world)


def _decide_tagged(resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], world: _World) -> Decision:
    lives = world.identified.of(resource)
    candidates = [live for live in lives if live.state in _CANDIDATES]
    failed = [live for live in lives if live.state not in _CANDIDATES]
    current = [live for live in candidates if not create_only_changes(kind, wanted, live)]
    if not current:
        changes = create_only_changes(kind, wanted, candidates[0]) if candidates else ()
        broken = next((live for live in failed if live.state is State.BROKEN), None)
        reason = f"{broken.id} failed: {broken.reason}" if broken else "not there"
        if candidates:
            reason = f"{', '.join(change.property for change in changes)} can't be changed in place"
        verb = Verb.REPLACE if candidates else Verb.CREATE
        return Decision(resource, verb, wanted, None, changes, predecessors=[*candidates, *failed], reason=reason)
    if _leaves_its_vpc(resource, kind, world):
        reason = "can't move to another VPC"
        return Decision(resource, Verb.REPLACE, wanted, None, predecessors=lives, reason=reason)
    chosen = _choose(current, world.inventory, world.kinds)
    rest = _lists_without_leaving(kind, chosen, world.leaving)
    if any(not rest[row.name] for row in kind.properties if row.keeps_one and row.name in rest):
        reason = "can't let go of all that goes before its successor is there"
        return Decision(resource, Verb.REPLACE, wanted, None, predecessors=lives, reason=reason)
    decision = replace(_in_place(resource, kind, wanted, chosen, world), lets_go=rest)
    return replace(
        decision,
        predecessors=[live for live in lives if live is not chosen and live not in current],
        duplicates=[live for live in current if live is not chosen],
    )


def _leaves_its_vpc(resource: Resource, kind: KindFacts, world: _World) -> bool:
    """Whether the VPC of the subnets that it stands in is replaced."""
    subnets = [each for name in kind.stands_in for each in references({name: resource.properties.get(name)})]
    vpcs = [
        each
        for subnet in subnets
        for each in references({"VpcId": world.decisions[subnet.logical_id].resource.properties.get("VpcId")})
    ]
    return any(world.decisions[vpc.logical_id].verb is Verb.REPLACE for vpc in vpcs)


def _going_first(world: _World, type: str) -> Iterator[str]:
    """Ids of predecessors of a type with which a successor, their own or another's, can't be at the same time."""
    kind = world.kinds[type]
    replaced = [each for each in world.decisions.values() if each.resource.type == type and each.predecessors]
    made = [each for each in world.decisions.values() if each.resource.type == type and each.live is None]
    keys = [key for decision in made for key in kind.unique(decision.wanted)]
    for decision in replaced:
        for live in decision.predecessors:
            if any(clash(key, other) for key in keys for other in kind.unique(live.properties)):
                yield live.id


def _lists_without_leaving(kind: KindFacts, live: Live, leaving: set[str]) -> dict[str, Sequence[Value]]:
    """The lists of a live resource that hold something leaving, without it."""
    rest: dict[str, Sequence[Value]] = {}
    for row in kind.properties:
        present = live.properties.get(row.name)
        if row.type == "list" and isinstance(present, Sequence) and not isinstance(present, str):
            staying = [item for item in present if not (isinstance(item, str) and item in leaving)]
            if len(staying) < len(present):
                rest[row.name] = staying
    return rest


def _choose(current: Sequence[Live], inventory: Inventory, kinds: Mapping[str, KindFacts]) -> Live:
    """Of several current ones, the one that others use; else the lowest id."""
    if len(current) == 1:
        return current[0]
    used = {id for live in inventory for id in kinds[live.type].references(live)}
    return min(current, key=lambda live: (live.id not in used, live.id))


def _in_place(resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], live: Live, world: _World) -> Decision:
    difference = changes_in_place(kind, wanted, live, world.our_ids)
    remembered = world.remembered.get(resource.logical_id, Remembered())
    tags = desired_tags(world.owner, kind, resource, revision(kind, wanted), remembered)
    tagging = tag_changes(tags, live)
    world.others.extend(describe_other(resource.logical_id, [*difference.others, *tagging.others]))
    changes = [*difference.changes, *tagging.changes]
    adopted = kind.identity is Identity.TAGS and any(
        change.property in (f"Tags.{PLAN}", "Tags.ocpprov:resource") for change in tagging.changes
    )
    verb = Verb.KEEP
    if changes:
        verb = Verb.ADOPT if adopted else Verb.UPDATE
    reason = "ownership tags were missing; put back" if adopted else ""
    return Decision(resource, verb, wanted, live, changes, difference.keep, tagging.edit, reason=reason)


def _decide_keyed(resource: Resource, kind: KindFacts, wanted: Mapping[str, Value], world: _World) -> Decision:
    key = kind.key(wanted)
    parent = _parent_of_others(resource, kind, world)
    if parent:
        world.problems.append(
            f"{resource.logical_id}: {parent} is not of this plan, and {resource.type} is never put on what "
            "is somebody else's; refer to a resource of this plan, or take this one out"
        )
    lives = [live for live in world.inventory.of(resource.type) if key and kind.key(live.properties) == key]
    live = next((live for live in lives if live.state in _CANDIDATES), None)
    if live is None:
        return Decision(resource, Verb.CREATE, wanted, reason="not there")
    create_only = create_only_changes(kind, wanted, live)
    if create_only:
        reason = f"{', '.join(change.property for change in create_only)} can't be changed in place"
        return Decision(resource, Verb.REPLACE, wanted, None, create_only, predecessors=[live], reason=reason)
    if _is_somebody_elses(live, kind, wanted, world):
        world.problems.append(
            f"{resource.logical_id}: {live.type} {live.id} is there already, says something else, and is not of this "
            "plan; remove it by hand if nobody needs it, or take this resource out of the plan"
        )
    return _in_place(resource, kind, wanted, live, world)


def _lost(world: _World) -> Iterator[str]:
    """What would be replaced although it is only not known well enough: tags were taken from more than itself."""
    for logical_id, decision in world.decisions.items():
        for live in decision.predecessors if decision.verb is Verb.REPLACE else ():
            if lost_its_plan(live):
                yield (
                    f"{logical_id}: {live.type} {live.id} has lost its tag {PLAN}, and so has what it belongs to: run "
                    f"the command in the folder where the plan was applied, or put the tag back ({world.owner.plan})"
                )


def _count_tags(decision: Decision, world: _World) -> None:
    resource = decision.resource
    remembered = world.remembered.get(resource.logical_id, Remembered())
    found = tag_limit(resource, world.kinds[resource.type], decision.live, world.owner, remembered)
    world.problems += [found.problem] if found.problem else []
    world.notes += [found.note] if found.note else []


def _parent_of_others(resource: Resource, kind: KindFacts, world: _World) -> str:
    """What isn't of this plan and would be given a link, as the plan names it; empty otherwise."""
    parent = resource.properties.get(kind.parent_property)
    if kind.identity is not Identity.LINK or not isinstance(parent, str) or parent in world.our_ids:
        return ""
    resources = world.graph.resources.values()
    names = [each.properties.get(world.kinds[each.type].name_property or "") for each in resources]
    return "" if parent in names else parent


def _is_somebody_elses(live: Live, kind: KindFacts, wanted: Mapping[str, Value], world: _World) -> bool:
    """Whether it is another's row in another's zone or table: different from ours, and not remembered as ours."""
    parent = live.properties.get(kind.parent_property)
    if kind.identity is not Identity.LEDGER or parent in world.our_ids:
        return False
    if f"{parent} {kind.ledger_entry(live.properties)}" in world.elsewhere:
        return False
    return bool(changes_in_place(kind, wanted, live, world.our_ids).changes)


def _taken(world: _World) -> Iterator[str]:
    """What is to be made and can't be, because somebody else has its name or its place."""
    for logical_id, decision in world.decisions.items():
        kind = world.kinds[decision.resource.type]
        keys = kind.unique(with_certain_name(kind, world.owner, logical_id, decision.wanted))
        if kind.identity is not Identity.TAGS or decision.verb not in (Verb.CREATE, Verb.REPLACE) or not keys:
            continue
        for live in world.inventory.of(decision.resource.type):
            if live.id in world.our_ids or live.state in (State.DELETING, State.GONE):
                continue
            shared = next((key for key in keys for other in kind.unique(live.properties) if clash(key, other)), None)
            if shared is not None:
                what = " ".join(str(part) for part in shared)
                yield (
                    f"{logical_id}: {live.type} {live.id} has the same {what} and is not of this plan; "
                    "change the plan, or remove that one by hand if nobody needs it"
                )


def _report_strangers(world: _World, deletions: Sequence[Deletion]) -> None:
    """Other people's rows beside ours: rules in our groups, routes in our tables, records in our zones."""
    ours = {decision.live.id: logical_id for logical_id, decision in world.decisions.items() if decision.live}
    known = set(ours) | {deletion.live.id for deletion in deletions}
    for live in world.inventory:
        kind = world.kinds[live.type]
        parent = live.properties.get(kind.parent_property)
        if kind.identity in (Identity.TAGS, Identity.LINK) or live.id in known or live.service_owned:
            continue
        if isinstance(parent, str) and parent in ours:
            world.others.append(Other(ours[parent], f"{live.type} {live.id}, which is not of this plan"))


def _late_ledgers(world: _World, deletions: Sequence[Deletion]) -> Iterator[Step]:
    """After the last deletion of its children, a parent's ledger is written as the plan has it."""
    for logical_id, decision in world.decisions.items():
        live = decision.live
        if live is None or decision.verb in (Verb.CREATE, Verb.REPLACE):
            continue
        after = {deletion.step_name for deletion in deletions if deletion.parent == live.id}
        for ledger, wanted in world.remembered.get(logical_id, Remembered()).by_ledger().items():
            if decode_ledger(ledger, live.tags) - wanted:
                yield Step(
                    f"ledger {ledger} {logical_id}",
                    Operation.TAG,
                    live.type,
                    logical_id,
                    resource=decision.resource,
                    live=live,
                    tags=ledger_edit(ledger, wanted, {**live.tags, **decision.tags.put}),
                    after=frozenset(after | {f"build {logical_id}"}),
                )


def _build_steps(world: _World) -> Iterator[Step]:
    for logical_id, decision in world.decisions.items():
        if decision.verb is Verb.KEEP:
            continue
        kind = world.kinds[decision.resource.type]
        if decision.lets_go and decision.live is not None:
            yield _letting_go(logical_id, decision, decision.live)
        creating = decision.verb in (Verb.CREATE, Verb.REPLACE)
        names = [change.property for change in decision.changes if not change.property.startswith("Tags.")]
        yield Step(
            f"build {logical_id}",
            Operation.CREATE if creating else Operation.UPDATE,
            decision.resource.type,
            logical_id,
            resource=decision.resource,
            live=decision.live,
            changed=[] if creating else names,
            keep=decision.keep,
            tags=decision.tags,
            remembered=world.remembered.get(logical_id, Remembered()),
            batch=_batch(kind, decision.resource) if creating else None,
            seconds=kind.typical_seconds if creating else 1,
        )


def _letting_go(logical_id: str, decision: Decision, live: Live) -> Step:
    return Step(
        f"let go {logical_id}",
        Operation.LET_GO,
        decision.resource.type,
        logical_id,
        resource=replace(decision.resource, properties={**live.properties, **decision.lets_go}),
        live=live,
        changed=list(decision.lets_go),
    )


def _batch(kind: KindFacts, resource: Resource) -> UniqueKey | None:
    batch = kind.batch(resource.properties)
    return None if batch is None else (resource.type, batch)


def _deletion_steps(deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts]) -> Iterator[Step]:
    for deletion in deletions:
        kind = kinds[deletion.live.type]
        forget = deletion.verb is Verb.FORGET
        batch = kind.batch(deletion.live.properties)
        yield Step(
            deletion.step_name,
            Operation.FORGET if forget else Operation.DELETE,
            deletion.live.type,
            deletion.logical_id,
            live=deletion.live,
            tags=TagEdit(remove=[key for key in deletion.live.tags if key.startswith(PREFIX)]) if forget else TagEdit(),
            # The memory of a row in somebody else's zone goes after the row.
            after=frozenset(
                other.step_name for other in deletions if other.elsewhere and other.parent == deletion.live.id
            ),
            batch=None if batch is None or forget else (deletion.live.type, "delete", batch),
            seconds=kind.typical_seconds,
        )


def _wanted_actions(world: _World, interrupted: frozenset[str]) -> Iterator[Action]:
    for logical_id, decision in world.decisions.items():
        old = decision.predecessors[0].id if decision.verb is Verb.REPLACE else ""
        yield Action(
            logical_id,
            decision.resource.type,
            decision.verb,
            decision.live.id if decision.live else old,
            decision.changes,
            decision.reason,
            interrupts=logical_id in interrupted,
            guarded=decision.verb is Verb.REPLACE and world.kinds[decision.resource.type].protected,
        )


def _deletion_actions(
    deletions: Sequence[Deletion], kinds: Mapping[str, KindFacts], *, destroying: bool
) -> Iterator[Action]:
    for deletion in deletions:
        if deletion.part_of_replacement:
            continue
        yield Action(
            deletion.logical_id,
            deletion.live.type,
            deletion.verb,
            deletion.live.id,
            reason="" if destroying and deletion.verb is Verb.DELETE else deletion.reason,
            guarded=kinds[deletion.live.type].protected and deletion.verb is Verb.DELETE,
        )
