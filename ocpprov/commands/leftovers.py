"""What `destroy` does about the things that the cluster made: say what there is, or take it away first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocpprov.aws.clients import Clients
from ocpprov.aws.errors import AwsError, lacks_operation
from ocpprov.aws.reads import Reader, TolerantReader
from ocpprov.aws.retry import Retry
from ocpprov.checks.cluster_leftovers import Cluster, find_leftovers, first_reads, infra_ids
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.ownership import CLUSTER
from ocpprov.engine.printable import printable
from ocpprov.engine.protocols import Clock
from ocpprov.engine.suggestion import command_line
from ocpprov.kinds.reads import Read
from ocpprov.plan.openshift_table import INFRA_ID
from ocpprov.reconcile.leftover_deletion import Leftover, Undeleted, delete_leftovers

_ALL = frozenset({"ec2", "elb", "elbv2", "route53", "s3"})


@dataclass(frozen=True)
class LeftoversRequest:
    """What the command line says of them: `mode` is `list`, `delete` or empty, `infra_id` the cluster that is meant,
    and `command` the whole line, which a refusal completes."""

    mode: str
    infra_id: str
    command: str

    @classmethod
    def of(cls, options: Options, command: str) -> LeftoversRequest:
        """Raises Refused where the options don't go together."""
        if options.infra_id and not options.cluster_leftovers:
            raise Refused("--infra-id says which cluster's things --cluster-leftovers is about; give both or neither")
        return cls(options.cluster_leftovers or "", options.infra_id, command)


@dataclass(frozen=True)
class Left:
    """What was found, by infraID, and why what couldn't be looked at wasn't."""

    by_cluster: Mapping[str, Sequence[Leftover]]
    closed: Sequence[AwsError] = ()

    @property
    def everything(self) -> list[Leftover]:
        return [each for rest in self.by_cluster.values() for each in rest]

    def unseen(self) -> Iterator[str]:
        """A line for each."""
        yield from (f"what the cluster may have left there wasn't looked at: {each}" for each in self.closed)


def cluster_leftovers(
    planned: PlanResult, reader: Reader, services: frozenset[str], given: str, request: LeftoversRequest
) -> Left:
    """What the plan's cluster has left, by infraID: that which the plan gives (`given`), or those that the tags
    remember. Where the command is about them they are looked for wherever a cluster leaves things; otherwise only in
    the services that the plan has to do with. Raises Refused."""
    own = {live.id for live in planned.ours()}
    remembered = infra_ids(planned.ours())
    ids = [given] if given else remembered
    if request.mode:
        ids = [guard_one_cluster(given, remembered, planned.actions.owner.plan, request)]
    found: dict[str, list[Leftover]] = {}
    looks = TolerantReader(reader)
    for cluster in _clusters(planned, ids, whole=bool(request.mode)):
        try:
            there = find_leftovers(cluster, looks, _ALL if request.mode else _ALL & services)
        except AwsError as error:
            raise Refused(problem_of(error)) from error
        if rest := [each for each in there if each.id not in own]:
            found[cluster.infra_id] = rest
    return Left(found, [each for each in looks.closed if not lacks_operation(each)])


def _clusters(planned: PlanResult, ids: Iterable[str], *, whole: bool) -> list[Cluster]:
    """Whose leftovers are looked for; `whole`: whatever has been asked already."""
    ours = list(planned.ours())
    domains = {live.tags[CLUSTER] for live in ours if live.tags.get(CLUSTER)}

    def of_type(type: str) -> frozenset[str]:
        return frozenset(live.id for live in ours if live.type == type)

    return [
        Cluster(
            each_id,
            next(iter(domains)) if len(domains) == 1 else "",
            of_type("AWS::EC2::VPC"),
            of_type("AWS::Route53::HostedZone"),
            of_type("AWS::EC2::SecurityGroup"),
            frozenset() if whole else frozenset(live.id for live in ours),
            "" if whole else planned.actions.owner.region,
        )
        for each_id in ids
    ]


def leftover_reads(planned: PlanResult, services: frozenset[str], given: str, request: LeftoversRequest) -> list[Read]:
    """What `cluster_leftovers` asks first where the command isn't about them."""
    ids = [given] if given else infra_ids(planned.ours())
    clusters = [] if request.mode else _clusters(planned, ids, whole=False)
    return [one for cluster in clusters for one in first_reads(cluster, _ALL & services)]


def guard_one_cluster(given: str, remembered: Sequence[str], plan: str, request: LeftoversRequest) -> str:
    """The infraID on which the plan, the tags of its resources and the command line agree. Raises Refused where they
    don't, and where things are to be deleted and the command line doesn't say of which cluster."""
    known = sorted({*remembered, *([given] if given else [])})
    if not known:
        raise Refused(
            f"nothing of plan {plan} says which cluster it was for (a tag kubernetes.io/cluster/<infraID>: owned of "
            "the plan's own), so nobody can tell what that cluster made; name a plan file with openshift.infraID; "
            "nothing was changed"
        )
    if request.infra_id and request.infra_id not in known:
        raise Refused(
            f"--infra-id {printable(request.infra_id)}: {_said_by(given, remembered, plan)}; what another cluster made "
            "is not this plan's to touch; nothing was changed"
        )
    if len(known) > 1 and not (request.infra_id and request.mode == "list"):
        raise Refused(
            f"{_said_by(given, remembered, plan)}: what a cluster made is taken "
            "away for one cluster only, so as not to touch another's; --cluster-leftovers list --infra-id shows what "
            "each has; name a plan file whose openshift.infraID is the only one that they remember, or delete by hand "
            "what is left; nothing was changed"
        )
    if request.mode == "delete" and not request.infra_id:
        raise Refused(_name_it(known[0], request.command))
    return request.infra_id or known[0]


def _said_by(given: str, remembered: Sequence[str], plan: str) -> str:
    says = [f"the plan says {given}"] if given else []
    ids = ", ".join(map(printable, remembered))
    tags = [f"the tags on what plan {plan} made remember {ids}"] if ids else []
    return ", and ".join([*says, *tags])


def _name_it(infra_id: str, command: str) -> tuple[str, ...]:
    """The whole command that means this cluster, where its name is one that we could have written."""
    what = f"this deletes what cluster {printable(infra_id)} has made, wherever in the account; nothing was changed"
    if not re.fullmatch(str(INFRA_ID.pattern), infra_id):
        return (f"{what}; a tag says this name, which no installer gives: find out who wrote it",)
    return (f"{what}; if that is the cluster:", f"  {command} {command_line('--infra-id', infra_id)}")


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
