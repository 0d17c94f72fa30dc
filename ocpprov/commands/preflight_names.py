"""What `preflight` says of the names under which the cluster finds AWS's services."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.aws.service_probes import probe
from ocpprov.checks.endpoint_names import CHECK, answered_names, hosts_of
from ocpprov.checks.result import Check, Status, check_of, unknown
from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery_private_zones import names_matter, with_private_zones
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.refresh import PlanResult, taken_names
from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.cluster_access import services_called
from ocpprov.plan.model import Plan

_ROUTE53 = "route53"


def names_of_endpoints(plan: Plan, planned: PlanResult, connection: Connection) -> Iterator[Check]:
    """A result for each name that a private zone answers or hides in the VPC, and for each endpoint that can't be made
    for it. Raises Refused when AWS can't be read."""
    section = plan.openshift
    if section is None or not names_matter(section):
        return
    facts = _facts(plan, planned.facts, connection)
    if facts is None or facts.private_zones is None:
        why = facts.private_zones_closed if facts else "Route 53 isn't reached"
        detail = f"{why}, so whether a private zone answers an endpoint's name in the VPC isn't known"
        yield unknown(CHECK, detail, "look at the private zones of the VPC, or run preflight where that is possible")
        return
    for problem in taken_names(plan, facts, planned.actions):
        yield check_of(CHECK, Status.FAIL, problem)
    answered = hosts_of(planned.actions.graph.resources.values(), facts.endpoints, plan.region)
    yield from answered_names(services_called(section, plan.region), facts.private_zones, answered)


def _facts(plan: Plan, facts: Facts, connection: Connection) -> Facts | None:
    """With the private zones; None where a plan that has nothing else to do with Route 53 can't reach it from here."""
    scope = connection.scope
    if _ROUTE53 in scope.services:
        return facts
    if _ROUTE53 in scope.excluded_services or probe(connection.session.probes, {_ROUTE53}).lost:
        return None
    return with_private_zones(plan, facts, DiscoveryReader(connection.reader, connection.owner), {_ROUTE53})
