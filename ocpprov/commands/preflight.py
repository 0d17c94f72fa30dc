"""`preflight`: what apply would fail on, found out before anything is changed. It only asks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from ocpprov.aws.environment import problems
from ocpprov.aws.errors import AwsError, describe, is_aws_error
from ocpprov.aws.identity import WrongAccount, check_account
from ocpprov.aws.service_quotas import ServiceQuotas
from ocpprov.checks.endpoint_services import endpoint_services
from ocpprov.checks.existing_network import cluster_networks, existing_network
from ocpprov.checks.quotas import quotas
from ocpprov.checks.reach import clock, reach
from ocpprov.checks.result import Check, Status, failed, good, passed, unknown, warned
from ocpprov.commands.apply import target_of
from ocpprov.commands.connection import CallLog, Connection, Target, Way, connection_of, explain, open_way
from ocpprov.commands.expiry import credentials_check
from ocpprov.commands.facts import Asker
from ocpprov.commands.options import Options
from ocpprov.commands.outcome import ExitCode, Refused
from ocpprov.commands.preflight_network import live_network
from ocpprov.commands.preflight_permissions import caller_permissions
from ocpprov.commands.reading import read_plan
from ocpprov.commands.survey import Survey, guard_cluster, survey_plan
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.ranks import expected_seconds
from ocpprov.kinds.contract import Pages, Read
from ocpprov.openshift.facts import facts_needed
from ocpprov.plan.model import Plan
from ocpprov.ui.text import check_lines


def preflight(options: Options, terminal: Terminal) -> ExitCode:
    """The `preflight` command: exit 1 where a check failed."""
    plan = read_plan(options)
    target = target_of(plan, options)
    checks = list(_checks(plan, target, options, terminal))
    if options.as_json:
        terminal.result_json({"ok": good(checks), "checks": [check.document() for check in checks]})
    else:
        terminal.result(check_lines(checks))
    return ExitCode.DONE if good(checks) else ExitCode.FAILED


def _checks(plan: Plan, target: Target, options: Options, terminal: Terminal) -> Iterator[Check]:
    if not options.sandbox:
        wrong = list(_environment(target))
        yield from wrong
        if not good(wrong):
            return
    way = open_way(target, options, CallLog(terminal.say), terminal.say)
    lost = list(_without_credentials(way))
    yield from lost
    if lost:
        return
    reached = [*reach(way.session.probes, target.scope.services)]
    yield from reached
    known = [*_identity(way, target)] if good([each for each in reached if each.id == "reach-sts"]) else []
    yield from known
    if not known or not good([*reached, *known]):
        remedy = "run preflight again when the lines above are good"
        yield unknown("aws", "AWS wasn't asked anything else", remedy)
        return
    identity = check_account(way.session.clients, "", way.clock)
    connection = connection_of(way, target, identity.account, terminal.on_retry)
    yield from asked(plan, connection, identity.arn, options.concurrency)


def _environment(target: Target) -> Iterator[Check]:
    for problem in problems(os.environ, target.aws.ca_bundle, target.aws.proxy):
        detail, _, remedy = problem.message.partition("; ")
        yield (failed if problem.fatal else warned)("environment", detail, remedy)


def _without_credentials(way: Way) -> Iterator[Check]:
    try:
        way.session.credentials.get_frozen_credentials()
    except AwsError as error:
        yield failed("credentials", str(error), error.next_step)
        yield unknown("aws", "AWS wasn't asked anything", "run preflight again when the line above is good")


def _identity(way: Way, target: Target) -> Iterator[Check]:
    """Who asks, whether it is the right account, and what time it is at AWS."""
    try:
        identity = check_account(way.session.clients, target.account, way.clock)
        yield passed("identity", f"{identity.arn} in account {identity.account}")
    except WrongAccount as error:
        detail, _, remedy = str(error).partition("; ")
        yield failed("identity", detail, remedy)
    except AwsError as error:
        yield failed("identity", str(error), explain(error).rpartition("; ")[2])
        return
    with suppress(KeyError):
        yield clock(_date(way), time.time())


def _date(way: Way) -> str:
    try:
        answer: Any = way.session.probes.sts.get_caller_identity()
    except Exception as error:
        if not is_aws_error(error):
            raise
        raise KeyError(describe(error).code) from error
    return str(answer["ResponseMetadata"]["HTTPHeaders"]["date"])


def asked(plan: Plan, connection: Connection, caller: str, concurrency: int = 16) -> Iterator[Check]:
    """What only AWS knows; `caller` is the ARN of whoever asks. A question that it refuses to answer is `unknown`."""
    yield from caller_permissions(plan, connection, caller)
    ask = Asker(connection)
    network: list[Check] = []
    if plan.openshift:
        section = plan.openshift
        network += cluster_networks(section)
        try:
            if facts_needed(plan).existing_vpc:
                network += existing_network(section, live_network(section, ask))
            zones = section.zones if not isinstance(section.zones, int) else ()
            network += endpoint_services(section, plan.region, zones, connection.reader)
        except (Refused, AwsError) as error:
            network.append(unknown("network", str(error), "give the user the permission, then run preflight again"))
    yield from network
    if any(check.status in (Status.FAIL, Status.UNKNOWN) for check in network):
        yield unknown("plan", "the plan wasn't compared with AWS", "run preflight again when the network is good")
        return
    yield from _compared(plan, connection, concurrency)


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
        yield warned("plan", note, "a later apply makes it")
    yield from _credentials(survey, connection, concurrency)
    if not survey.actions.problems:
        counts = ", ".join(f"{count} to {verb}" for verb, count in survey.actions.summary().items() if count)
        yield passed("plan", f"nothing of AWS stands against it: {counts or 'nothing to do'}")
    yield from _quotas(survey, connection)


def _credentials(survey: Survey, connection: Connection, concurrency: int) -> Iterator[Check]:
    try:
        lifetime = connection.session.credentials.lifetime()
    except AwsError as error:
        yield failed("credentials", str(error), error.next_step)
        return
    yield credentials_check(lifetime, connection.clock.now(), expected_seconds(survey.actions.steps, concurrency))


def _quotas(survey: Survey, connection: Connection) -> Iterator[Check]:
    def pages(reads: Sequence[Read]) -> Pages:
        return Pages(connection.reader.read(reads))

    service = ServiceQuotas(connection.session.service_quotas)
    zones = {id: subnet.zone for id, subnet in survey.facts.subnets.items()}
    try:
        yield from quotas(survey.actions, zones, pages, service.value)
    except AwsError as error:
        yield unknown("quotas", str(error), explain(error).rpartition("; ")[2])
    if service.trouble:
        endpoint = f"com.amazonaws.{connection.owner.region}.servicequotas"
        remedy = f"where the defaults don't do: an endpoint for {endpoint}, and servicequotas:GetServiceQuota"
        yield unknown("service-quotas", f"Service Quotas gave no answer: {service.trouble}", remedy)
