"""What `destroy` does about the things that the cluster made: say what there is, or take it away first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocpprov.aws.clients import Clients
from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.aws.retry import Retry
from ocpprov.checks.cluster_leftovers import Cluster, find_leftovers, infra_ids
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.ownership import CLUSTER
from ocpprov.engine.protocols import Clock
from ocpprov.reconcile.leftover_deletion import Leftover, Undeleted, delete_leftovers

_ALL = frozenset({"ec2", "elb", "elbv2", "route53", "s3"})


def cluster_leftovers(
    planned: PlanResult, reader: Reader, services: frozenset[str], infra_id: str, *, thorough: bool
) -> list[Leftover]:
    """What the cluster of this plan has left: the one that the plan gives as `infra_id`, or that the tags remember.
    `thorough`: wherever a cluster leaves things, and it must be known which; otherwise only in the services that the
    plan has to do with. Raises Refused."""
    ours = list(planned.ours())
    remembered = infra_ids(ours)
    ids = [infra_id] if infra_id else remembered
    if thorough:
        ids = [guard_one_cluster(infra_id, remembered, planned.actions.owner.plan)]
    domains = {live.tags[CLUSTER] for live in ours if live.tags.get(CLUSTER)}
    found: list[Leftover] = []
    for each_id in ids:
        cluster = Cluster(
            each_id,
            next(iter(domains)) if len(domains) == 1 else "",
            frozenset(live.id for live in ours if live.type == "AWS::EC2::VPC"),
            frozenset(live.id for live in ours if live.type == "AWS::Route53::HostedZone"),
            frozenset(live.id for live in ours if live.type == "AWS::EC2::SecurityGroup"),
        )
        own = {live.id for live in ours}
        try:
            there = find_leftovers(cluster, reader, _ALL if thorough else _ALL & services)
        except AwsError as error:
            raise Refused(problem_of(error)) from error
        found += [each for each in there if each.id not in own]
    return found


def guard_one_cluster(given: str, remembered: Sequence[str], plan: str) -> str:
    """The infraID on which the plan and the tags of its resources agree. Raises Refused where they don't."""
    known = sorted({*remembered, *([given] if given else [])})
    if not known:
        raise Refused(
            f"nothing of plan {plan} says which cluster it was for (a tag kubernetes.io/cluster/<infraID>: owned of "
            "the plan's own), so nobody can tell what that cluster made; name a plan file with openshift.infraID; "
            "nothing was changed"
        )
    if len(known) > 1:
        says = f"the plan says {given}, and " if given else ""
        raise Refused(
            f"{says}the tags on what plan {plan} made remember {', '.join(remembered)}: what a cluster made is taken "
            "away for one cluster only, so as not to touch another's; name a plan file whose openshift.infraID is the "
            "only one that they remember, or delete by hand what is left; nothing was changed"
        )
    return known[0]


def delete_cluster_leftovers(
    found: Sequence[Leftover],
    clients: Clients,
    clock: Clock,
    stopping: Callable[[], bool],
    say: Callable[[str], None],
    on_retry: Callable[[Retry], None],
) -> list[Undeleted]:
    """Delete them, saying what goes. What couldn't be deleted comes back. `Interrupted` comes from the clock."""
    kept = []
    removed = delete_leftovers(found, clients, clock, on_retry, stopping)
    for outcome in removed:
        if isinstance(outcome, Undeleted):
            kept.append(outcome)
            say(f"failed    {outcome.leftover}  {problem_of(outcome.error)}")
        else:
            say(f"deleted   {outcome}")
    return kept
