"""`preflight`: what apply would fail on, found out before anything is changed. It only asks."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from ocpprov.aws.endpoint_guard import InsecureEndpoint
from ocpprov.aws.environment import wrong_settings
from ocpprov.aws.error_codes import CLOCK_CODES
from ocpprov.aws.errors import AwsError, CredentialsError, date_of, is_aws_error
from ocpprov.aws.identity import CallerIdentity, WrongAccount, check_account
from ocpprov.aws.reads import Reader, readable
from ocpprov.aws.recorded_reads import RecordingReader
from ocpprov.aws.service_quotas import ServiceQuotas
from ocpprov.aws.unreachable import sts_behind
from ocpprov.checks.availability_zones import ALL_ZONES, Zones, check_zones, chosen, zones_of
from ocpprov.checks.bucket_names import bucket_names, new_buckets
from ocpprov.checks.clock_skew import clock_skew
from ocpprov.checks.endpoint_reachability import endpoint_reachability, lost_service
from ocpprov.checks.endpoint_services import endpoint_services, own_addresses
from ocpprov.checks.existing_hosted_zones import public_zone
from ocpprov.checks.existing_network import existing_network
from ocpprov.checks.network_overlaps import ALL_VPCS, network_overlaps, peerings, vpcs_of
from ocpprov.checks.quotas import quotas
from ocpprov.checks.result import Check, Status, check_of, failed, good, passed, unknown, warned
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import (
    ClientBundle,
    Connection,
    RunTarget,
    connection_of,
    look_for_garbage,
    make_clients,
)
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.expiry_warnings import credentials_check
from ocpprov.commands.guards import guard_cluster, planning_problems
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.plan_completion import complete_plan
from ocpprov.commands.preflight_addresses import addresses_in_subnets
from ocpprov.commands.preflight_flows import flows_anyhow, flows_of_plan
from ocpprov.commands.preflight_names import names_of_endpoints
from ocpprov.commands.preflight_network import live_network, named_zone
from ocpprov.commands.preflight_offers import with_offers
from ocpprov.commands.preflight_permissions import caller_permissions
from ocpprov.commands.preflight_protection import protected_things
from ocpprov.commands.refresh import PlanResult, refresh_and_plan, taken_names
from ocpprov.commands.run_target import target_of
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.critical_path import expected_seconds
from ocpprov.engine.inventory import Unseen
from ocpprov.openshift.aws_facts import ExistingEndpoint, facts_needed
from ocpprov.openshift.expand import awaited, found_machines
from ocpprov.plan.model import OpenShift, Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.runs.folder import RunFolder, run_folder
from ocpprov.ui.check_lines import check_lines

T = TypeVar("T")

LOST_SECONDS: Final = 13.5
"""Longest time on the wall until it is known which services can't be reached, clients' making included, and half a
second later what AWS offers for them. Credentials that are long in coming are waited for, and count apart."""


def preflight(options: Options, terminal: Terminal) -> ExitCode:
    """The `preflight` command: exit 1 where a check failed."""
    plan = load_plan(options)
    terminal.keep_of_plan(plan.secrets)
    target = target_of(plan, options)
    began = time.monotonic()
    checks = list(_checks(plan, target, options, terminal, began + LOST_SECONDS))
    _keep(checks, run_folder(options.directory, plan.name), terminal)
    if options.as_json:
        seconds = round(time.monotonic() - began, 1)
        rows = [check.document() for check in checks]
        terminal.result_json({"ok": good(checks), "seconds": seconds, "checks": rows})
    else:
        terminal.result(check_lines([check.masked(terminal.secrets) for check in checks]))
    return ExitCode.DONE if good(checks) else ExitCode.FAILED


def _keep(checks: Sequence[Check], folder: RunFolder, terminal: Terminal) -> None:
    """For the reports of later runs, which show them."""
    rows = terminal.secrets.document([check.document() for check in checks])
    try:
        folder.create()
        folder.write(folder.preflight, {"time": round(time.time(), 3), "checks": rows})
    except OSError as error:
        terminal.say(f"{folder.preflight} can't be written ({error.strerror}); reports won't show these checks")


def _checks(plan: Plan, target: RunTarget, options: Options, terminal: Terminal, until: float) -> Iterator[Check]:
    if not options.sandbox:
        wrong = list(_environment(target))
        yield from wrong
        if not good(wrong):
            return
    bundle = make_clients(target, options, CallLog(terminal.say), terminal.say)
    look_for_garbage()
    _look_at_quotas_address(bundle)
    lost = list(_without_credentials(bundle))
    yield from lost
    if lost:
        return
    reached = [*endpoint_reachability(bundle.session.probes, target.scope.services, until)]
    reached = with_offers(reached, plan, bundle.session, until + 0.5 - time.monotonic())
    reached, target = _without_needless(reached, target)
    yield from reached
    sts = good([each for each in reached if each.id == "reach-sts"])
    identity, known = _identity(bundle, target) if sts else (None, [])
    yield from known
    if identity is None or not good([*reached, *known]):
        remedy = "run preflight again when the checks above pass"
        yield unknown("aws", "AWS wasn't asked anything else", remedy)
        return
    connection = connection_of(bundle, target, identity.account, terminal.on_retry, options.concurrency)
    try:
        plan, connection = complete_plan(plan, options, connection, target_of)
    except PlanErrors as error:
        yield from (check_of("plan", Status.FAIL, each.problem) for each in error.errors)
        return
    except Refused as error:
        yield from _refused(error)
        return
    yield from asked(plan, connection, identity.arn, options.concurrency)


def _without_needless(reached: Sequence[Check], target: RunTarget) -> tuple[list[Check], RunTarget]:
    """The results of the services, those that nothing needs as warnings, and the target without these."""
    ids = {f"reach-{service}": service for service in target.scope.needless_services}
    lost = {ids[each.id]: each.detail for each in reached if each.id in ids and each.status is Status.FAIL}
    checks = [replace(each, status=Status.WARN) if ids.get(each.id) in lost else each for each in reached]
    return checks, replace(target, scope=target.scope.beyond(lost))


def _look_at_quotas_address(bundle: ClientBundle) -> None:
    """Before anything is sent: it isn't among the plan's services. Raises Refused where it would be spoken to in
    clear; what else is wrong with it is told where it is asked."""
    try:
        _ = bundle.session.probes["service-quotas"]
    except InsecureEndpoint as error:
        raise Refused(error.problem) from error
    except (AwsError, ValueError):
        return


def _environment(target: RunTarget) -> Iterator[Check]:
    for setting in wrong_settings(os.environ, target.aws.ca_bundle, target.aws.proxy):
        yield check_of("environment", Status.FAIL if setting.fatal else Status.WARN, setting.problem)


def _without_credentials(bundle: ClientBundle) -> Iterator[Check]:
    try:
        bundle.session.credentials.get_frozen_credentials()
    except InsecureEndpoint as error:
        raise Refused(error.problem) from error
    except CredentialsError as error:
        if lost := sts_behind(error, bundle.session.probes.sts):
            yield lost_service(lost)
        else:
            yield failed("credentials", str(error), error.next_step)
        yield unknown("aws", "AWS wasn't asked anything", "run preflight again when the check above passes")


def _identity(bundle: ClientBundle, target: RunTarget) -> tuple[CallerIdentity | None, list[Check]]:
    """Who asks, None where nobody can tell; whether it is the right account, and what time it is at AWS."""
    try:
        identity = check_account(bundle.session.clients, target.account, bundle.clock)
        known = passed("identity", f"{identity.arn} in account {identity.account}")
    except WrongAccount as error:
        identity = error.identity
        known = check_of("identity", Status.FAIL, error.problem)
    except AwsError as error:
        refused = check_of("identity", Status.FAIL, problem_of(error))
        date = date_of(error)
        return None, [refused, *([clock_skew(date, time.time(), refused=error.code in CLOCK_CODES)] if date else [])]
    return identity, [known, clock_skew(_date(bundle), time.time())]


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
    network = list(_network(plan, connection, DiscoveryReader(connection.reader, connection.owner)))
    yield from network
    if not good(network):
        yield unknown("plan", "the plan wasn't compared with AWS", "run preflight again when the network's checks pass")
        yield from flows_anyhow(plan, connection, network)
        return
    yield from _compared(plan, connection, concurrency, network)


def _answer(id: str, ask: Callable[[], T]) -> tuple[T | None, list[Check]]:
    """What a question comes to; where AWS doesn't tell it none, and why not: the others go on without."""
    try:
        return ask(), []
    except AwsError as error:
        return None, [check_of(id, Status.UNKNOWN, problem_of(error))]
    except Refused as error:
        return None, [check_of(id, Status.UNKNOWN, problem) for problem in error.problems]


def _checks_of(id: str, ask: Callable[[], Iterable[Check]]) -> list[Check]:
    """The results of a question, or the word that it can't be answered."""
    found, unanswered = _answer(id, lambda: list(ask()))
    return [*unanswered, *(found or ())]


def _left_out(connection: Connection) -> Iterator[Check]:
    if services := ", ".join(sorted(connection.scope.excluded)):
        detail = f"{services}: not asked, so names, zones and permissions there are unknown"
        yield warned("left-out", detail, "have whoever makes what apply hands over look at them")


def _network(plan: Plan, connection: Connection, reader: DiscoveryReader) -> Iterator[Check]:
    """Zones, the network that is there already, and endpoint services."""
    found, unanswered = _answer("zones", lambda: zones_of(connection.reader.read([ALL_ZONES])[ALL_ZONES]))
    yield from unanswered
    if found:
        yield from check_zones(plan, found)
    section = plan.openshift
    if section is None:
        return
    if "route53" in connection.scope.excluded_services:
        section = replace(section, hosted_zone="none", public_zone="none")
    yield from own_addresses(plan.aws.service_endpoints)
    yield from _of_section(plan, section, found or Zones({}, ()), connection.reader, reader)


def _of_section(
    plan: Plan, section: OpenShift, zones: Zones, reads: Reader, reader: DiscoveryReader
) -> Iterator[Check]:
    places, others = chosen(section, zones), list[ExistingEndpoint]()
    if facts_needed(plan).existing_vpc:
        network, unanswered = _answer("network", lambda: live_network(section, zones.others, reader))
        yield from unanswered
        if network:
            yield from existing_network(section, network)
            others += network.endpoints
            places = places or sorted({subnet.zone for subnet in network.subnets.values() if not subnet.public})
    if section.infra_id and section.public_zone.startswith("Z"):
        yield from _checks_of("network", lambda: public_zone(section, named_zone(section.public_zone, reader)))
    yield from _checks_of("network", lambda: _overlaps(plan, section, reads))
    yield from _checks_of("network", lambda: endpoint_services(section, plan.region, places, reads, others))


def _overlaps(plan: Plan, section: OpenShift, reader: Reader) -> Iterator[Check]:
    asked = peerings(section)
    answers = reader.read([ALL_VPCS, asked] if asked else [ALL_VPCS])
    with readable("DescribeVpcs"):
        vpcs = vpcs_of(answers[ALL_VPCS])
    with readable("DescribeVpcPeeringConnections"):
        found = list(network_overlaps(plan, vpcs, answers[asked] if asked else ()))
    yield from found


def _about(note: str, plan: Plan, planned: PlanResult) -> str:
    """What to do about a note."""
    for each in planned.inventory.unseen:
        if each.said == note:
            return _open_up(each)
    return "a later apply makes it" if note in awaited(plan, planned.facts) else "see the line itself"


def _open_up(unseen: Unseen) -> str:
    """What to do about what couldn't be looked at and isn't needed."""
    if not unseen.may_be_there or not isinstance(unseen.why, AwsError):
        return "nothing has to be done"
    return f"nothing, where the plan never had any; else: {problem_of(unseen.why).remedy}"


def _compared(plan: Plan, connection: Connection, concurrency: int, network: Sequence[Check]) -> Iterator[Check]:
    """What stands against the plan in what AWS has: names taken, blocks in use, another cluster's resources, and what
    stops the cluster's traffic. `network` is what was said of the network already."""
    reader = RecordingReader(connection.reader)
    try:
        planned = refresh_and_plan(plan, replace(connection, reader=reader))
        guard_cluster(planned, plan.cluster)
    except Refused as error:
        yield from _refused(error)
        return
    wrong = planning_problems(planned.actions)
    yield from (check_of("plan", Status.FAIL, problem) for problem in wrong)
    machines = found_machines(plan, planned.facts)
    yield from (passed("machines", machine) for machine in machines)
    names = _checks_of("endpoint-names", lambda: names_of_endpoints(plan, planned, connection))
    yield from names
    said = {*machines, *map(str, taken_names(plan, planned.facts, planned.actions))}
    for note in (each for each in planned.actions.notes if each not in said):
        yield warned("plan", note, _about(note, plan, planned))
    yield from _credentials(planned, connection, concurrency)
    if not wrong and good(names):
        counts = ", ".join(f"{count} to {verb}" for verb, count in planned.actions.summary().items() if count)
        yield passed("plan", f"no conflicts found; plan: {counts or 'nothing to do'}")
    yield from bucket_names(new_buckets(planned.actions), connection.session.probes.s3)
    yield from protected_things(planned, connection.reader, connection.clock.now())
    yield from flows_of_plan(plan, planned, reader.remembering(), network)
    asking = DiscoveryReader(connection.reader, connection.owner)
    yield from _checks_of("subnet-addresses", lambda: addresses_in_subnets(plan, planned, asking))
    yield from _quotas(planned, connection)


def _refused(error: Refused) -> Iterator[Check]:
    yield from (check_of("plan", Status.FAIL, problem) for problem in error.problems)


def _credentials(planned: PlanResult, connection: Connection, concurrency: int) -> Iterator[Check]:
    try:
        expiry = connection.session.credentials.expiry()
    except AwsError as error:
        yield failed("credentials", str(error), error.next_step)
        return
    yield credentials_check(expiry, connection.clock.now(), expected_seconds(planned.actions.steps, concurrency))


def _quotas(planned: PlanResult, connection: Connection) -> Iterator[Check]:
    service = ServiceQuotas(connection.session.probes)
    zones = {id: subnet.zone for id, subnet in planned.facts.subnets.items()}
    yield from quotas(planned.actions, zones, connection.reader.attempt, service.value)
    if service.trouble:
        endpoint = f"com.amazonaws.{connection.owner.region}.servicequotas"
        remedy = f"where the defaults don't do: an endpoint for {endpoint}, and servicequotas:GetServiceQuota"
        yield unknown("service-quotas", f"Service Quotas gave no answer: {service.trouble}", remedy)
