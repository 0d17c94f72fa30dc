"""What only AWS knows of the installer's files: whether ids in an install-config.yaml are the plan's own, and the
infraID once metadata.json is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.connection import Connection, RunTarget
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import KnownIds, load_plan
from ocpprov.commands.options import Options
from ocpprov.engine.ownership import RESOURCE, SHARED, TAG_KEYS, claimed_by, decode_ledger, identity_tags
from ocpprov.engine.resources import Live, Owner
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.naming import PRIVATE_SUBNET, PUBLIC_SUBNET
from ocpprov.openshift.security import MASTER
from ocpprov.plan.installer_files import METADATA
from ocpprov.plan.model import Plan
from ocpprov.plan.openshift_subnet_roles import own_role_notes
from ocpprov.reconcile.observe import observe_kind

_SUBNET: Final = "AWS::EC2::Subnet"
_GROUP: Final = "AWS::EC2::SecurityGroup"
_ZONE: Final = "AWS::Route53::HostedZone"
_SIDES: Final = (PUBLIC_SUBNET, PRIVATE_SUBNET)
_CLUSTER: Final = "kubernetes.io/cluster/"


def awaits_infra_id(plan: Plan) -> bool:
    """Whether the plan has its infraID from a metadata.json that isn't there: only what was made tells it."""
    section = plan.openshift
    return section is not None and METADATA in section.absent and "openshift.infraID" not in section.positions


def is_incomplete(plan: Plan) -> bool:
    """Whether AWS has to be asked before the plan says what it means."""
    return bool(plan.named_ids) or awaits_infra_id(plan)


def complete_plan(
    plan: Plan,
    options: Options,
    connection: Connection,
    target_of: Callable[[Plan, Options], RunTarget],
    text: str | None = None,
) -> tuple[Plan, Connection]:
    """The plan as it is meant, and the connection with what of AWS that has to do with: with the infraID that what it
    has made is tagged with, and without ids in the install-config.yaml that are its own. `text` as for `load_plan`.

    Raises PlanErrors where the plan is wrong by what AWS says, and Refused when AWS can't be read.
    """
    if not is_incomplete(plan):
        return plan, connection
    given = frozenset(each for each in plan.named_ids if each.startswith("subnet-"))
    subnets = _look(_SUBNET, given, connection.owner, connection.reader)
    zones = plan.named_ids - given
    asked = zones and "route53" in connection.scope.services
    found = [*subnets, *(_look(_ZONE, zones, connection.owner, connection.reader) if asked else ())]
    ours = {live.id for live in found if claimed_by(live, connection.owner)}
    if ours & plan.named_ids:
        # Beside what is the plan's own: what was deleted since, or replaced, and what this run can't ask about.
        ours |= plan.named_ids - {live.id for live in found}
    infra_id = plan.openshift.infra_id if plan.openshift else ""
    if awaits_infra_id(plan):
        infra_id = _infra_id(plan, subnets, infra_id, connection.owner, connection.reader)
    own = plan.named_ids & ours
    if not plan.undecided and not own and (plan.openshift is None or plan.openshift.infra_id == infra_id):
        return plan, connection
    plan = _with_role_notes(load_plan(options, KnownIds(own, infra_id), text=text), subnets)
    return plan, replace(connection, scope=target_of(plan, options).scope.beyond(connection.scope.out_of_reach))


def _with_role_notes(plan: Plan, subnets: Sequence[Live]) -> Plan:
    """The plan, with what its install-config says of subnets of its own that they aren't."""
    if plan.openshift is None:
        return plan
    ids = {live.id: identity_tags(live).get(RESOURCE, "") for live in subnets}
    public = {id: name.startswith(PUBLIC_SUBNET) for id, name in ids.items() if name.startswith(_SIDES)}
    return replace(plan, notes=[*plan.notes, *own_role_notes(plan.openshift, plan.own_roles, public)])


def _look(type: str, given: frozenset[str], owner: Owner, reader: Reader) -> list[Live]:
    start = Found(owner, given=given, names=frozenset())
    try:
        return list(observe_kind(KINDS[type], start, reader))
    except AwsError as error:
        raise Refused(problem_of(error)) from error


def _infra_id(plan: Plan, subnets: list[Live], remembered: str, owner: Owner, reader: Reader) -> str:
    """By the cluster's tag that we have put on our subnets, or on those of others; as long as anything of the plan is
    there, the one that the last apply has kept. Without any, nothing of the cluster may be there yet: it would go."""
    found = {infra_id for live in subnets for infra_id in infra_ids_of(live, owner)}
    if len(found) > 1:
        raise Refused(
            f"{plan.file}: what plan {owner.plan} has made is tagged for several clusters: {', '.join(sorted(found))}; "
            "write the infraID of the right one into the plan"
        )
    if found:
        return found.pop()
    groups = [live for live in _look(_GROUP, frozenset(), owner, reader) if claimed_by(live, owner)]
    if remembered:
        return remembered if any(claimed_by(live, owner) for live in [*groups, *subnets]) else ""
    if any(identity_tags(live).get(RESOURCE) == MASTER for live in groups):
        raise Refused(
            f"{plan.file}: metadata.json isn't there, and {MASTER} of a cluster is: no tag and no run folder tells its "
            "infraID; write infraID into the plan"
        )
    return ""


def infra_ids_of(live: Live, owner: Owner) -> Iterator[str]:
    """The infraIDs in those tags of a subnet that a ledger of ours names: the subnet is ours, or we have marked it."""
    own = decode_ledger(TAG_KEYS, live.tags) if claimed_by(live, owner) else ()
    shared = decode_ledger("", {"": live.tags.get(SHARED + owner.plan, "")})
    for key in {*own, *(entry.removeprefix("tag ") for entry in shared)}:
        if key.startswith(_CLUSTER) and key in live.tags:
            yield key.removeprefix(_CLUSTER)
