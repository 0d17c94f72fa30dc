"""`preflight`: what apply would fail on, found out before anything is changed. It only asks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.aws.codes import CLOCK_CODES
from ocpprov.aws.environment import problems
from ocpprov.aws.errors import AwsError, CredentialsError, date_of, is_aws_error
from ocpprov.aws.identity import Identity, WrongAccount, check_account
from ocpprov.aws.reads import Reader
from ocpprov.aws.service_quotas import ServiceQuotas
from ocpprov.aws.unreachable import sts_behind
from ocpprov.checks.bucket_names import bucket_names, new_buckets
from ocpprov.checks.endpoint_services import endpoint_services, own_addresses
from ocpprov.checks.existing_network import existing_network
from ocpprov.checks.existing_zones import public_zone
from ocpprov.checks.other_networks import ALL_VPCS, other_networks, peerings, vpcs_of
from ocpprov.checks.quotas import quotas
from ocpprov.checks.reach import clock, lost_service, reach
from ocpprov.checks.result import Check, Status, failed, good, passed, unknown, warned
from ocpprov.checks.zones import ALL_ZONES, check_zones, chosen, zones_of
from ocpprov.commands.apply import target_of
from ocpprov.commands.connection import (
    CallLog,
    ClientBundle,
    Connection,
    RunTarget,
    connection_of,
    explain,
    make_clients,
)
from ocpprov.commands.credential_expiry import credentials_check
from ocpprov.commands.facts import Asker
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode, Refused
from ocpprov.commands.preflight_network import live_network, named_zone
from ocpprov.commands.preflight_offers import with_offers
from ocpprov.commands.preflight_permissions import caller_permissions
from ocpprov.commands.reading import read_plan
from ocpprov.commands.settling import settled
from ocpprov.commands.survey import Survey, guard_cluster, survey_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.critical_path import expected_seconds
from ocpprov.kinds.contract import Pages, Read
from ocpprov.openshift.aws_facts import facts_needed
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.ui.text import check_lines

LOST_SECONDS: Final = 13.5
"""Longest time on the wall until it is known which services can't be reached, clients' making included, and half a
second later what AWS offers for them. Credentials that are long in coming are waited for, and count apart."""


def preflight(options: Options, terminal: Terminal) -> ExitCode:
    """The `preflight` command: exit 1 where a check failed."""
    plan = read_plan(options)
    target = target_of(plan, options)
    began = time.monotonic()
    checks = list(_checks(plan, target, options, terminal, began + LOST_SECONDS))
    if options.as_json:
        seconds = round(time.monotonic() - began, 1)
        rows = [check.document() for check in checks]
        terminal.result_json({"ok": good(checks), "seconds": seconds, "checks": rows})
    else:
        terminal.result(check_lines(checks))
    return ExitCode.DONE if good(checks) else ExitCode.FAILED


def _checks(plan: Plan, target: RunTarget, options: Options, terminal: Terminal, until: float) -> Iterator[Check]:
    if not options.sandbox:
        wrong = list(_environment(target))
        yield from wrong
        if not good(wrong):
            return
    bundle = make_clients(target, options, CallLog(terminal.say), terminal.say)
    lost = list(_without_credentials(bundle))
    yield from lost
    if lost:
        return
    reached = [*reach(bundle.session.probes, target.scope.services, until)]
    reached = with_offers(reached, plan, bundle.session, until + 0.5 - time.monotonic())
    yield from reached
    sts = good([each for each in reached if each.id == "reach-sts"])
    identity, known = _identity(bundle, target) if sts else (None, [])
    yield from known
    if identity is None or not good([*reached, *known]):
        remedy = "run preflight again when the lines above are good"
        yield unknown("aws", "AWS wasn't asked anything else", remedy)
        return
    connection = connection_of(bundle, target, identity.account, terminal.on_retry, options.concurrency)
    try:
        plan, connection = settled(plan, options, connection, target_of)
    except PlanErrors as error:
        yield from (failed("plan", str(each), "see the line itself") for each in error.errors)
        return
    except Refused as error:
        yield failed("plan", str(error), "see the line itself")
        return
    yield from asked(plan, connection, identity.arn, options.concurrency)


def _environment(target: RunTarget) -> Iterator[Check]:
    for problem in problems(os.environ, target.aws.ca_bundle, target.aws.proxy):
        detail, _, remedy = problem.message.partition("; ")
        yield (failed if problem.fatal else warned)("environment", detail, remedy)


def _without_credentials(bundle: ClientBundle) -> Iterator[Check]:
    try:
        bundle.session.credentials.get_frozen_credentials()
    except CredentialsError as error:
        if lost := sts_behind(error, bundle.session.probes.sts):
            yield lost_service(lost)
        else:
            yield failed("credentials", str(error), error.next_step)
        yield unknown("aws", "AWS wasn't asked anything", "run preflight again when the line above is good")


def _identity(bundle: ClientBundle, target: RunTarget) -> tuple[Identity | None, list[Check]]:
    """Who asks, None where nobody can tell; whether it is the right account, and what time it is at AWS."""
    try:
        identity = check_account(bundle.session.clients, target.account, bundle.clock)
        known = passed("identity", f"{identity.arn} in account {identity.account}")
    except WrongAccount as error:
        identity = error.identity
        detail, _, remedy = str(error).partition("; ")
        known = failed("identity", detail, remedy)
    except AwsError as error:
        refused = failed("identity", str(error), explain(error).rpartition("; ")[2])
        date = date_of(error)
        return None, [refused, *([clock(date, time.time(), refused=error.code in CLOCK_CODES)] if date else [])]
    return identity, [known, clock(_date(bundle), time.time())]


def _date(bundle: ClientBundle) -> str:
    """AWS's time: empty where the answer doesn't come this time."""
    try:
        answer: Any = bundle.session.probes.sts.get_caller_identity()
    except Exception as error:
        if not is_aws_error(error):
            raise
        return date_of(error)
    return str(answer["ResponseMetadata"]["HTTPHeaders"].get("date", ""))


def asked(plan: Plan, connection: Connection, caller: str, concurrency: int = 16) -> Iterator[Check]:
    """What only AWS knows; `caller` is the ARN of whoever asks. A question that it refuses to answer is `unknown`."""
    yield from _left_out(connection)
    yield from caller_permissions(plan, connection, caller)
    network: list[Check] = []
    try:
        network += _network(plan, connection, Asker(connection))
    except (Refused, AwsError) as error:
        network.append(unknown("network", str(error), "give the user the permission, then run preflight again"))
    yield from network
    if any(check.status in (Status.FAIL, Status.UNKNOWN) for check in network):
        yield unknown("plan", "the plan wasn't compared with AWS", "run preflight again when the network is good")
        return
    yield from _compared(plan, connection, concurrency)


def _left_out(connection: Connection) -> Iterator[Check]:
    if services := ", ".join(sorted(connection.scope.left_out)):
        detail = f"{services}: not asked, so names, zones and permissions there are unknown"
        yield warned("left-out", detail, "have whoever makes what apply hands over look at them")


def _network(plan: Plan, connection: Connection, ask: Asker) -> Iterator[Check]:
    """Zones, the network that is there already, and endpoint services. Raises AwsError, and Refused."""
    zones = zones_of(connection.reader.read([ALL_ZONES])[ALL_ZONES])
    yield from check_zones(plan, zones)
    section = plan.openshift
    if section is None:
        return
    if "route53" in connection.scope.shunned:
        section = replace(section, hosted_zone="none", public_zone="none")
    yield from own_addresses(plan.aws.service_endpoints)
    places = chosen(section, zones)
    if facts_needed(plan).existing_vpc:
        network = live_network(section, ask)
        yield from existing_network(section, network)
        places = places or sorted({subnet.zone for subnet in network.subnets.values() if not subnet.public})
    if section.infra_id and section.public_zone.startswith("Z"):
        yield from public_zone(section, named_zone(section.public_zone, ask))
    yield from _overlaps(plan, section, connection.reader)
    yield from endpoint_services(section, plan.region, places, connection.reader)


def _overlaps(plan: Plan, section: OpenShift, reader: Reader) -> Iterator[Check]:
    asked = peerings(section)
    answers = reader.read([ALL_VPCS, asked] if asked else [ALL_VPCS])
    yield from other_networks(plan, vpcs_of(answers[ALL_VPCS]), answers[asked] if asked else ())


def _about(note: str, plan: Plan, survey: Survey) -> str:
    """What to do about a note."""
    if note in survey.inventory.unseen:
        return "let the user look, or see to it yourself"
    return "see the line itself" if note in plan.notes else "a later apply makes it"


def _compared(plan: Plan, connection: Connection, concurrency: int) -> Iterator[Check]:
    """What stands against the plan in what AWS has: names taken, blocks in use, another cluster's resources."""
    try:
        survey = survey_plan(plan, connection)
        guard_cluster(survey, connection, plan.cluster)
    except Refused as error:
        yield failed("plan", str(error), "see the line itself")
        return
    for problem in survey.actions.problems:
        detail, _, remedy = problem.partition("; ")
        yield failed("plan", detail, remedy)
    for note in survey.actions.notes:
        yield warned("plan", note, _about(note, plan, survey))
    yield from _credentials(survey, connection, concurrency)
    if not survey.actions.problems:
        counts = ", ".join(f"{count} to {verb}" for verb, count in survey.actions.summary().items() if count)
        yield passed("plan", f"nothing of AWS stands against it: {counts or 'nothing to do'}")
    yield from bucket_names(new_buckets(survey.actions), connection.session.probes.s3)
    yield from _quotas(survey, connection)


def _credentials(survey: Survey, connection: Connection, concurrency: int) -> Iterator[Check]:
    try:
        expiry = connection.session.credentials.expiry()
    except AwsError as error:
        yield failed("credentials", str(error), error.next_step)
        return
    yield credentials_check(expiry, connection.clock.now(), expected_seconds(survey.actions.steps, concurrency))


def _quotas(survey: Survey, connection: Connection) -> Iterator[Check]:
    def pages(reads: Sequence[Read]) -> Pages:
        return Pages(connection.reader.read(reads))

    service = ServiceQuotas(connection.session.probes)
    zones = {id: subnet.zone for id, subnet in survey.facts.subnets.items()}
    try:
        yield from quotas(survey.actions, zones, pages, service.value)
    except AwsError as error:
        yield unknown("quotas", str(error), explain(error).rpartition("; ")[2])
    if service.trouble:
        endpoint = f"com.amazonaws.{connection.owner.region}.servicequotas"
        remedy = f"where the defaults don't do: an endpoint for {endpoint}, and servicequotas:GetServiceQuota"
        yield unknown("service-quotas", f"Service Quotas gave no answer: {service.trouble}", remedy)
