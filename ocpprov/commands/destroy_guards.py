"""What stands before a destroy: a plan that is protected, other clusters, machines, and what AWS won't delete."""

from __future__ import annotations

from collections.abc import Sequence

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader, TolerantReader
from ocpprov.checks.deletion_protection import protected_leftovers, protected_machines, protections
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.connection import RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import clusters, deleted_by, guard_cluster
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.ownership import PROTECT, PROTECTED, RESOURCE, identity_tags, takes_all_tags
from ocpprov.engine.printable import printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live
from ocpprov.engine.suggestion import command_line, file_word
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.reconcile.leftover_deletion import Leftover, LeftoverType


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
    return f"run `{command_line('ocpprov', 'apply', file_word(options.plan))}`" if options.plan else "apply it"


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


def guard_what_stays(
    planned: PlanResult, leftovers: Sequence[Leftover], reader: Reader, now: float, *, with_machines: bool
) -> list[str]:
    """What couldn't be found out. Raises Refused when instances stand in our subnets, unless they may
    (`with_machines`), and when AWS won't delete something that is to go, of the plan or of the cluster's `leftovers`.
    `now` is in seconds since 1970."""
    machines, unseen = machines_in(planned, reader, needed=not with_machines)
    protected = protected_machines(machines, reader)
    kept = protections(deleted_by(planned.actions), reader, now)
    left = protected_leftovers([each.id for each in leftovers if each.type is LeftoverType.BALANCER], reader)
    unknown = [*unseen, *(text for each in (protected, left, kept) for text in each.unknown)]
    standing = [] if with_machines or not machines else [Problem("", *_about_machines(machines))]
    if problems := [*standing, *(each.problem for each in (*protected.found, *left.found, *kept.found))]:
        raise Refused(*problems, *unknown)
    return unknown


def machines_in(planned: PlanResult, reader: Reader, *, needed: bool) -> tuple[list[str], list[str]]:
    """Ids of the instances in our subnets, and what couldn't be found out of them. A list of instances may lack some,
    so it isn't believed alone: each has an interface there, and so the interfaces alone tell, where instances can't be
    looked at. Raises Refused where the machines can't be asked for and must be known."""
    wanted = machine_reads(planned)
    if not wanted:
        return [], []
    interfaces, instances = wanted
    looks = TolerantReader(reader)
    try:
        pages = Pages({**reader.read([interfaces]), **looks.read([instances])})
        reservations = pages.items("ec2", "describe_instances", "Reservations")
        machines = {str(instance["InstanceId"]) for each in reservations for instance in each["Instances"]}
        found = pages.items("ec2", "describe_network_interfaces", "NetworkInterfaces")
        attachments = [each.get("Attachment", {}) for each in found]
        holders = {str(each["InstanceId"]) for each in attachments if each.get("InstanceId")}
    except AwsError as error:
        if needed:
            raise Refused(problem_of(error)) from error
        return [], [f"whether machines are protected from termination wasn't looked at: {error}"]
    alone = [f"machines are told by their network interfaces alone: {each}" for each in looks.closed]
    return sorted(machines | holders), alone


def machine_reads(planned: PlanResult) -> list[Read]:
    """The interfaces and the instances in our subnets; nothing where we have none."""
    subnets = [live.id for live in planned.ours() if live.type == "AWS::EC2::Subnet"]
    if not subnets:
        return []
    states = ["pending", "running", "stopping", "stopped", "shutting-down"]
    filters = [{"Name": "subnet-id", "Values": subnets}, {"Name": "instance-state-name", "Values": states}]
    return [
        read("ec2", "describe_network_interfaces", Filters=filters[:1]),
        read("ec2", "describe_instances", Filters=filters),
    ]


def _about_machines(machines: Sequence[str]) -> tuple[str, str]:
    count = "1 instance" if len(machines) == 1 else f"{len(machines)} instances"
    return (
        f"{count} in the plan's subnets: {', '.join(map(printable, machines[:10]))}",
        "run `openshift-install destroy cluster` or terminate them first, or give --with-running-machines",
    )
