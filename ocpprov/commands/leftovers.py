"""What `destroy` does about the things that the cluster made: say what there is, or take it away first."""

from __future__ import annotations

from collections.abc import Callable

from ocpprov.aws.errors import AwsError
from ocpprov.aws.retry import Retry
from ocpprov.checks.leftovers import Cluster, Leftover, find, infra_ids
from ocpprov.checks.leftovers_removal import Kept, remove
from ocpprov.commands.connection import Connection, explain
from ocpprov.commands.outcome import Refused
from ocpprov.commands.survey import Survey
from ocpprov.engine.ownership import CLUSTER, claimed_by

_ALL = frozenset({"ec2", "elb", "elbv2", "route53", "s3"})


def leftovers(survey: Survey, connection: Connection, *, thorough: bool) -> list[Leftover]:
    """What the clusters of this plan have left. `thorough`: wherever a cluster leaves things, and an infraID there must
    be; otherwise only in the services that the plan has to do with. Raises Refused."""
    ours = [live for live in survey.inventory if claimed_by(live, connection.owner)]
    ids = infra_ids(ours)
    if thorough and not ids:
        raise Refused(
            f"nothing of plan {connection.owner.plan} says which cluster it was for (the tag "
            "kubernetes.io/cluster/<infraID>), so nobody can tell what that cluster made; nothing was changed"
        )
    domains = {live.tags[CLUSTER] for live in ours if live.tags.get(CLUSTER)}
    found: list[Leftover] = []
    for infra_id in ids:
        cluster = Cluster(
            infra_id,
            next(iter(domains)) if len(domains) == 1 else "",
            frozenset(live.id for live in ours if live.type == "AWS::EC2::VPC"),
            frozenset(live.id for live in ours if live.type == "AWS::Route53::HostedZone"),
            frozenset(live.id for live in ours if live.type == "AWS::EC2::SecurityGroup"),
        )
        own = {live.id for live in ours}
        try:
            there = find(cluster, connection.reader, _ALL if thorough else _ALL & connection.scope.services)
        except AwsError as error:
            raise Refused(explain(error)) from error
        found += [each for each in there if each.id not in own]
    return found


def take_away(
    found: list[Leftover], connection: Connection, say: Callable[[str], None], on_retry: Callable[[Retry], None]
) -> list[Kept]:
    """Delete them, saying what goes. What couldn't be deleted comes back."""
    kept = []
    removed = remove(found, connection.session.clients, connection.clock, on_retry, connection.cancellation.stopping)
    for outcome in removed:
        if isinstance(outcome, Kept):
            kept.append(outcome)
            say(f"failed    {outcome.leftover}  {explain(outcome.error)}")
        else:
            say(f"deleted   {outcome}")
    return kept
