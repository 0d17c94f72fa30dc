"""What stands before a destroy: a plan that is protected, other clusters, and machines that are still there."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.connection import RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import clusters, guard_cluster
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.ownership import PROTECT, PROTECTED, RESOURCE, identity_tags, takes_all_tags
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import Pages, read
from ocpprov.kinds.registry import KINDS


def guard_protected_plan(planned: PlanResult, target: RunTarget, options: Options) -> None:
    """Raises Refused when the plan's file says that it is protected, or the tags of what it has made. Where none of
    that can have the tag, what the run folder remembers counts."""
    if not planned.actions.changes and options.cluster_leftovers != "delete":
        return
    ours = list(planned.ours())
    marked = [live for live in ours if live.tags.get(PROTECT) == PROTECTED]
    silent = options.plan is None and any(takes_all_tags(KINDS[live.type]) for live in ours)
    if not marked and (silent or not target.protect):
        return
    raise Refused(
        Problem(
            f"plan {target.name} in {target.region}",
            f"protected from destroy by {_some(marked) if marked else '`protect: true`'}; nothing was changed",
            f"if it may go, set `protect: false` in its file, {_apply(options)}, and destroy it then",
        )
    )


def _some(marked: Sequence[Live]) -> str:
    first = min(marked, key=lambda live: (live.type, live.id))
    name = printable(identity_tags(first).get(RESOURCE, first.type))
    more = f" and {len(marked) - 1} more" if len(marked) > 1 else ""
    return f"the tag {PROTECT} on {name} {printable(first.id)}{more}"


def _apply(options: Options) -> str:
    return f"run `{shlex.join(['ocpprov', 'apply', str(options.plan)])}`" if options.plan else "apply it"


def guard_clusters(planned: PlanResult, target: RunTarget) -> None:
    """Raises Refused when there are resources of another cluster, or of several and nobody says which is meant."""
    if target.cluster:
        guard_cluster(planned, target.cluster)
        return
    found = sorted(clusters(planned))
    if len(found) > 1:
        raise Refused(
            f"plan {target.name} in {target.region} has resources of several clusters: "
            f"{', '.join(map(printable, found))}; "
            "say which one with --cluster"
        )


def guard_machines(planned: PlanResult, reader: Reader) -> None:
    """Raises Refused when instances still stand in our subnets."""
    subnets = [live.id for live in planned.ours() if live.type == "AWS::EC2::Subnet"]
    if not subnets:
        return
    states = ["pending", "running", "stopping", "stopped", "shutting-down"]
    filters = [{"Name": "subnet-id", "Values": subnets}, {"Name": "instance-state-name", "Values": states}]
    wanted = read("ec2", "describe_instances", Filters=filters)
    try:
        pages = Pages(reader.read([wanted]))
        machines = [
            instance["InstanceId"]
            for reservation in pages.items("ec2", "describe_instances", "Reservations")
            for instance in reservation["Instances"]
        ]
    except AwsError as error:
        raise Refused(problem_of(error)) from error
    if machines:
        count = "1 instance" if len(machines) == 1 else f"{len(machines)} instances"
        raise Refused(
            f"{count} in the plan's subnets: {', '.join(map(printable, sorted(machines)[:10]))}; run "
            "`openshift-install destroy cluster` or terminate them first, or give --with-running-machines"
        )
