"""`--without`: a run that does without a service, and what somebody who reaches it has to make."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ocpprov.checks.iam_policy import PolicySubject, stack_policy
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import graph_of
from ocpprov.commands.no_echo import IN_POLICY
from ocpprov.engine.events import Event, EventKind
from ocpprov.engine.excluded_services import NOTHING, Excluded, predicted, split
from ocpprov.engine.ownership import PLAN, RECORDS, RESOURCE, decode_ledger
from ocpprov.engine.printable import printable
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.secret_texts import LEFT_OUT
from ocpprov.engine.suggestion import command_line
from ocpprov.engine.values import GetAtt, Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE
from ocpprov.plan.handover_template import Handover, handover
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder

_ZONE: Final = re.compile(r"Z[A-Z0-9]{1,31}")


def without_excluded(
    plan: Plan, resources: Mapping[str, Resource], services: frozenset[str], owner: Owner
) -> tuple[Mapping[str, Resource], Excluded]:
    """What the run makes, and what it leaves out, which is what lives in these services. Raises Refused where the one
    can't be without the other."""
    if not services:
        return resources, NOTHING
    try:
        found = split(resources, KINDS, services, owner)
    except ValueError as error:
        raise Refused(f"{plan.file}: {error}") from error
    left = {name: _by_zone_name(resource, plan) for name, resource in found.left.items()}
    return found.kept, Excluded(left, frozenset(type for type, kind in KINDS.items() if kind.service in services))


def predicted_attributes(left_out: Excluded, owner: Owner) -> Mapping[Ref | GetAtt, Value]:
    """What references to what is left out are going to give, as far as its names tell."""
    every = (predicted(resource, KINDS[resource.type], owner) for resource in left_out.resources.values())
    return {reference: value for each in every for reference, value in each.items()}


@dataclass(frozen=True)
class HandedOver:
    """What somebody else has to make: the template (YAML) and the policy (JSON), empty where they couldn't be written
    down, what to do as a person reads it, and the same for programs."""

    lines: Sequence[str]
    template: str = ""
    policy: str = ""
    event: Event | None = None


def hand_over(
    plan: Plan,
    left_out: Excluded,
    services: frozenset[str],
    current: Mapping[str, Live],
    owner: Owner,
    folder: RunFolder,
    now: float,
) -> HandedOver:
    """Put into words and into the run folder what is left out, after a run that wasn't interrupted. What goes wrong
    here is said, and no failure. `services` are those that the run did without, `now` is the time of the event."""
    if not left_out.resources:
        return HandedOver(())
    stack = "-".join((plan.name, *sorted(services)))
    kinds = {type: KINDS[type] for type in left_out.types}
    # Some types stand for several, which the graph has.
    spread = {**left_out.resources, **graph_of(left_out.resources).resources}
    allowed = stack_policy(PolicySubject(plan.name, plan.region, owner.account, spread, kinds), stack)
    try:
        made = handover(left_out.resources, current, owner, KINDS, plan.secrets)
    except LookupError as error:
        return HandedOver(
            [f"what is left out needs {error.args[0]}, which isn't there: apply again to have it written"]
        )
    policy = json.dumps(plan.secrets.document(allowed, IN_POLICY), indent=2)
    lines = [*_what_to_do(plan, left_out, made, folder, stack)]
    if IN_POLICY in policy:
        lines.append(f"{IN_POLICY} in the policy stands for a name that isn't shown: write it there yourself")
    unwritten = [*_written(folder, {folder.handover: made.template, folder.handover_policy: f"{policy}\n"})]
    if unwritten:
        return HandedOver([*lines, *unwritten], made.template, policy)
    detail = {
        "template": str(folder.handover),
        "policy": str(folder.handover_policy),
        "resources": list(left_out.resources),
    }
    event = Event(EventKind.HANDED_OVER, now, detail=detail)
    return HandedOver(lines, made.template, policy, event)


def _written(folder: RunFolder, texts: Mapping[Path, str]) -> Iterator[str]:
    """Write the files, and say which of them couldn't be."""
    for path, text in texts.items():
        try:
            folder.write_text(path, text)
        except OSError as error:
            yield f"{path} can't be written ({error.strerror}): keep what is on stdout, or apply again with more room"


def excluded_from_destroy(ours: Iterable[Live], services: frozenset[str]) -> Iterator[str]:
    """What a destroy without some services leaves, as far as the rest tells; nothing where none is left out."""
    if not services:
        return
    yield (
        f"left out: what this plan has in {', '.join(sorted(services))} stays; run the same command without --without "
        "from where they are reached, or have the stack deleted that made it"
    )
    if "route53" not in services:
        return
    for entry in sorted({entry for live in ours for entry in decode_ledger(RECORDS, live.tags)}):
        zone, found, record = entry.partition(" rr ")
        if found:
            yield from _forgotten(zone, record)
    yield (
        "  not deleted: records that somebody made from a handover in a zone found by its name (publicZone: auto); "
        "they aren't listed here unless an apply has reached Route 53 since"
    )


def _forgotten(zone: str, record: str) -> Iterator[str]:
    """A record in a zone that isn't the plan's: only the load balancer has it in its tags. Where no zone has such an id
    somebody else wrote that tag, and no command is offered."""
    stays = (
        f"  not deleted: the record {printable(record)} in {printable(zone)}, and what remembers it goes with the load"
    )
    if not _ZONE.fullmatch(zone):
        yield f"{stays} balancer; that isn't the id of a zone, so ocpprov didn't write it: find out who did"
        return
    yield (
        f"{stays} balancer that it points "
        "at: delete it by hand, as `aws route53 list-resource-record-sets` shows it (RECORD):"
    )
    batch = '{"Changes": [{"Action": "DELETE", "ResourceRecordSet": RECORD}]}'
    where = ("--hosted-zone-id", zone, "--change-batch", batch)
    yield f"     {command_line('aws', 'route53', 'change-resource-record-sets', *where)}"


def _what_to_do(plan: Plan, left_out: Excluded, made: Handover, folder: RunFolder, stack: str) -> Iterator[str]:
    """The next steps, as a person reads them. Nobody has looked whether it is there already: a stack can't take over
    what has a name, and would make a second zone of what hasn't."""
    yield "left out, for somebody with access to make, only where no earlier apply or stack has made it:"
    yield from (f"  + {name}  [{resource.type}]" for name, resource in left_out.resources.items())
    given = [f" {name}={LEFT_OUT}" for name in made.parameters]
    yield f"the template for it is {folder.handover}, the policy {folder.handover_policy}:"
    options = ("--stack-name", stack, "--region", plan.region, "--template-file", str(folder.handover))
    options = (*options, "--capabilities", "CAPABILITY_NAMED_IAM", *(("--parameter-overrides",) if given else ()))
    yield f"  {command_line('aws', 'cloudformation', 'deploy', *options)}{''.join(given)}"
    for name in made.untagged:
        yield f"  CloudFormation can't tag {name}: put {PLAN}={plan.name} and {RESOURCE}={name} on it afterwards"
    yield "then apply again without --without, from where they are reached: it knows them by their tags and names, a"
    yield "public zone, whose name proves nothing, by --allow with its id"


def _by_zone_name(resource: Resource, plan: Plan) -> Resource:
    """A record in a zone whose id couldn't be asked for, in CloudFormation's other way: by the zone's name."""
    if resource.properties.get("HostedZoneId") != UNKNOWN_ZONE or plan.openshift is None:
        return resource
    rest = {name: value for name, value in resource.properties.items() if name != "HostedZoneId"}
    return replace(resource, properties={"HostedZoneName": f"{plan.openshift.base_domain}.", **rest})
