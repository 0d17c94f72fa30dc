"""In which order the steps may run: needs before dependents, moves before deletions, and deletions first where AWS
allows only one of a thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ocpprov.engine.actions import Operation, Step
from ocpprov.engine.graph import Graph
from ocpprov.engine.identify import clash
from ocpprov.engine.protocols import Identity, KindFacts
from ocpprov.engine.resources import Live
from ocpprov.engine.values import Value, texts_in


def ordered(
    steps: Sequence[Step],
    wanted: Mapping[str, Mapping[str, Value]],
    graph: Graph,
    kinds: Mapping[str, KindFacts],
) -> tuple[list[Step], frozenset[str]]:
    """The steps with their `after` filled in, and the logical ids that are interrupted: their old one goes first.

    What AWS demands are hard edges. That others have moved before something is deleted is wished for, and left out
    where it would make a circle: then the deletion comes first, and AWS lets it (a route goes black), or refuses until
    the other deletions are done.
    """
    by_name = {step.name: step for step in steps}
    after = {step.name: set(step.after) & set(by_name) for step in steps}
    builds = [step for step in steps if step.operation in (Operation.CREATE, Operation.UPDATE)]
    deletes = [step for step in steps if step.operation is Operation.DELETE]
    interrupted: set[str] = set()
    _let_go_first(steps, deletes, after)
    for build in builds:
        after[build.name] |= {f"build {need}" for need in graph.needs[build.logical_id]} & set(by_name)
    for build in builds:
        for delete in deletes:
            if build.operation is Operation.CREATE and _in_the_way(build, delete, wanted, kinds):
                after[build.name].add(delete.name)
                if delete.logical_id == build.logical_id:
                    interrupted.add(build.logical_id)
    for delete in deletes:
        after[delete.name] |= {other.name for other in deletes if _goes_before(other, delete, kinds)}
    for delete in deletes:
        for mover in _movers(delete, builds, graph, kinds):
            if not _reaches(mover.name, delete.name, after):
                after[delete.name].add(mover.name)
    return [replace(step, after=frozenset(after[step.name])) for step in steps], frozenset(interrupted)


def _let_go_first(steps: Sequence[Step], deletes: Sequence[Step], after: dict[str, set[str]]) -> None:
    """Who lets go of something does so before it is deleted, and is brought to its end later."""
    for step in steps:
        if step.operation is Operation.LET_GO:
            for delete in deletes:
                if _lets_go_of(step, delete):
                    after[delete.name].add(step.name)
            after[f"build {step.logical_id}"].add(step.name)


def _lets_go_of(step: Step, delete: Step) -> bool:
    if step.live is None or step.resource is None or delete.live is None:
        return False
    return any(
        _holds(step.live.properties.get(name), delete.live.id)
        and not _holds(step.resource.properties.get(name), delete.live.id)
        for name in step.changed
    )


def _holds(value: Value, id: str) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and id in texts_in(value)


def _in_the_way(
    build: Step, delete: Step, wanted: Mapping[str, Mapping[str, Value]], kinds: Mapping[str, KindFacts]
) -> bool:
    if build.type != delete.type or delete.live is None:
        return False
    kind = kinds[build.type]
    properties = wanted[build.logical_id]
    if kind.identity is not Identity.TAGS:
        key = kind.key(properties)
        if key is not None and key == kind.key(delete.live.properties):
            return True
    ours, theirs = kind.unique(properties), kind.unique(delete.live.properties)
    return any(clash(one, other) for one in ours for other in theirs)


def _goes_before(first: Step, then: Step, kinds: Mapping[str, KindFacts]) -> bool:
    if first is then or first.live is None or then.live is None:
        return False
    if then.live.id in kinds[first.type].references(first.live):
        return True
    if first.type not in kinds[then.type].delete_after:
        return False
    vpcs = {_vpc_of(first.live), _vpc_of(then.live)}
    return len(vpcs) == 1 or None in vpcs


def _vpc_of(live: Live) -> Value:
    return live.id if live.type == "AWS::EC2::VPC" else live.properties.get("VpcId")


def _movers(delete: Step, builds: Sequence[Step], graph: Graph, kinds: Mapping[str, KindFacts]) -> Iterator[Step]:
    """Builds after which nobody uses what is deleted: the successor, its dependents, and who refers to the old one."""
    if delete.live is None:
        return
    users = {delete.logical_id, *graph.dependents(delete.logical_id)}
    for build in builds:
        refers = build.live is not None and delete.live.id in kinds[build.type].references(build.live)
        same_group = kinds[build.type].identity is Identity.SHARED_TAGS and build.type == delete.type
        if build.logical_id in users or refers or same_group:
            yield build


def _reaches(start: str, goal: str, after: Mapping[str, set[str]]) -> bool:
    """Whether `goal` has to be done, directly or not, before `start`."""
    seen: set[str] = set()
    stack = [start]
    while stack:
        name = stack.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            stack.extend(after[name])
    return False
