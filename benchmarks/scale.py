"""How long the engine takes for plans of growing size. To run it: `.venv/bin/python -m benchmarks.scale`.

No AWS: a first plan is worked out, its steps are scheduled with no work behind them, what they would have made is taken
for what is there, and the same is planned again: as it is, with another network, so that all is replaced, and as a
destroy. Three shapes: `flat`, a network with security groups; `tree`, subnets with a table and an association each;
`chain`, groups that each depend on the one before.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from ocpprov.engine.actions import Actions
from ocpprov.engine.bound import bound_text
from ocpprov.engine.graph import build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import desired_tags, revision, with_name
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.scheduler import run
from ocpprov.engine.steps import CreateStep
from ocpprov.engine.values import GetAtt, Ref, Value, resolve
from ocpprov.kinds.registry import KINDS

SIZES: Final = (1_000, 10_000, 100_000)
KEPT: Final = 10_000
"""The size whose figures are kept."""
OWNER: Final = Owner("scale", "eu-west-1", "123456789012", "20260101T000000Z.aaaaaaaa.1.aaaaaaaa")
VPC: Final = Resource("Vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/8"})
"""Wider than AWS takes: there have to be networks for all subnets."""


def flat(size: int) -> list[Resource]:
    """One VPC and groups in it."""
    return [VPC, *(_group(number) for number in range(size - 1))]


def tree(size: int) -> list[Resource]:
    """One VPC, subnets in it, and for each a table and their association."""
    found = [VPC]
    for number in range(-(-size // 3)):
        address = number * 32
        block = f"10.{address >> 16}.{address >> 8 & 255}.{address & 255}/27"
        found += [
            Resource(f"Subnet{number}", "AWS::EC2::Subnet", {"VpcId": Ref("Vpc"), "CidrBlock": block}),
            Resource(f"Table{number}", "AWS::EC2::RouteTable", {"VpcId": Ref("Vpc")}),
            Resource(
                f"Association{number}",
                "AWS::EC2::SubnetRouteTableAssociation",
                {"SubnetId": Ref(f"Subnet{number}"), "RouteTableId": Ref(f"Table{number}")},
            ),
        ]
    return found[:size]


def chain(size: int) -> list[Resource]:
    """One VPC and groups in it, made one after another."""
    groups = [_group(number) for number in range(size - 1)]
    return [VPC, *(replace(group, depends_on=(f"Group{n - 1}",) if n else ()) for n, group in enumerate(groups))]


def _group(number: int) -> Resource:
    properties: dict[str, Value] = {"VpcId": Ref("Vpc"), "GroupDescription": f"number {number}"}
    return Resource(f"Group{number}", "AWS::EC2::SecurityGroup", properties)


SHAPES: Final = {"flat": flat, "tree": tree, "chain": chain}


class AtOnce(Executor):
    """Does what is submitted before it answers: no thread, so that only the scheduler is measured."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def made(actions: Actions) -> Inventory:
    """What AWS has after the steps of a first run."""
    lives: dict[str, Live] = {}

    def lookup(reference: Ref | GetAtt) -> Value:
        return lives[reference.logical_id].id

    steps = {step.logical_id: step for step in actions.steps if isinstance(step, CreateStep)}
    for number, logical_id in enumerate(actions.graph.resources):
        step = steps[logical_id]
        kind = KINDS[step.type]
        resolved = resolve(step.resource.properties, lookup)
        properties = kind.normalise(resolved) if isinstance(resolved, dict) else {}
        given = revision(kind, properties)
        named = with_name(kind, OWNER, logical_id, properties, given)
        id = f"{kind.id_prefix or 'id-'}{number:08x}"
        bound = bound_text(kind, named, id)
        tags = desired_tags(OWNER, kind, step.resource, given, step.remembered, bound)
        lives[logical_id] = Live(step.type, id, named, tags=tags)
    found: dict[str, list[Live]] = {}
    for live in lives.values():
        found.setdefault(live.type, []).append(live)
    return Inventory(found)


@dataclass(frozen=True)
class Cost:
    """CPU seconds of each part, and the greatest memory in MB."""

    planning: float
    scheduling: float
    again: float
    replacing: float
    destroying: float
    memory: float


def cost(shape: str, size: int) -> Cost:
    """What one shape of one size costs in this process."""
    resources = {each.logical_id: each for each in SHAPES[shape](size)}
    times = [time.process_time()]
    graph = build(resources, KINDS)
    first = plan(graph, Inventory(), OWNER, KINDS)
    times.append(time.process_time())
    outcome = run(first.steps, lambda steps: None, AtOnce(), lambda: False)
    times.append(time.process_time())
    there = made(first)
    begun = time.process_time()
    again = plan(build(resources, KINDS), there, OWNER, KINDS)
    planned_again = time.process_time()
    wider = replace(VPC, properties={"CidrBlock": "10.0.0.0/7"})
    replacing = plan(build({**resources, "Vpc": wider}, KINDS), there, OWNER, KINDS)
    replaced = run(replacing.steps, lambda steps: None, AtOnce(), lambda: False)
    planned_other = time.process_time()
    destroying = plan(build({}, KINDS), there, OWNER, KINDS)
    gone = run(destroying.steps, lambda steps: None, AtOnce(), lambda: False)
    ended = time.process_time()
    assert outcome.ok
    assert again.changes == []
    assert replaced.ok
    assert replacing.summary()["keep"] == 0
    assert gone.ok
    assert destroying.summary()["delete"] > 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(
        planning=times[1] - times[0],
        scheduling=times[2] - times[1],
        again=planned_again - begun,
        replacing=planned_other - planned_again,
        destroying=ended - planned_other,
        memory=memory,
    )


def main(arguments: Sequence[str]) -> None:
    """Print the table; with a shape and a size, the figures of that one, in this process, for the table."""
    if len(arguments) == 2:
        figures = cost(arguments[0], int(arguments[1]))
        sys.stdout.write(" ".join(f"{figure:.3f}" for figure in vars(figures).values()))
        return
    table = Table(title="CPU seconds of the engine, and MB at most")
    table.add_column("shape")
    for heading in ("resources", "plan", "schedule", "plan again", "replace all", "destroy all", "MB"):
        table.add_column(heading, justify="right")
    for shape in SHAPES:
        for size in SIZES:
            *seconds, memory = vars(cost_apart(shape, size)).values()
            table.add_row(shape, f"{size:,}", *(f"{figure:.2f}" for figure in seconds), f"{memory:.0f}")
        table.add_section()
    Console().print(table)


def figures() -> Mapping[str, float]:
    """Those of one size, by their names."""
    found: dict[str, float] = {}
    for shape in SHAPES:
        for name, figure in vars(cost_apart(shape, KEPT)).items():
            found[f"{shape}, {KEPT:,} resources: {name}, {'MB' if name == 'memory' else 's'}"] = figure
    return found


def cost_apart(shape: str, size: int) -> Cost:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", shape, str(size)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return Cost(*map(float, told))


if __name__ == "__main__":
    main(sys.argv[1:])
