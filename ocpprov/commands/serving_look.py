"""One look at whether a plan's things serve: AWS and this host are asked, and what they say is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.from_here import FromHere, Lookup
from ocpprov.checks.result import Check, failed, unknown
from ocpprov.checks.serving import GroupChecks, group_checks, part_check, port_checks, ports_of
from ocpprov.checks.serving_names import Router, delegation_check, is_inside, name_checks, names_to_ask, router_check
from ocpprov.checks.serving_subject import PublicZone, ServingSubject, subject_of
from ocpprov.checks.target_health import health_of
from ocpprov.commands.connection import Connection
from ocpprov.commands.discovery_machines import with_machines
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.discovery_router import RouterBalancer, find_router
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult, own_inventory
from ocpprov.kinds.reads import read
from ocpprov.plan.model import Plan

_LATER: Final = "give the permission (`ocpprov policy` has it), or ask again later"


class Topic(Enum):
    """What may be looked at, in the order in which it is shown."""

    NETWORK = "Network and load balancers"
    TARGETS = "Targets"
    PORTS = "Ports"
    NAMES = "Names"
    DELEGATION = "Public zone"
    ROUTER = "Router"


@dataclass(frozen=True)
class Look:
    """What one look has found, by topic, and of targets also by group."""

    checks: Mapping[Topic, Sequence[Check]]
    groups: Sequence[GroupChecks] = ()

    @property
    def all_checks(self) -> list[Check]:
        return [check for checks in self.checks.values() for check in checks]


@dataclass(frozen=True)
class PlanWatch:
    """A plan that was compared with AWS once, and may be looked at again and again."""

    plan: Plan
    planned: PlanResult
    connection: Connection
    here: FromHere

    def look(self, topics: Sequence[Topic]) -> Look:
        """What is so now. What can't be found out is `unknown`. Raises Refused where AWS can't be read at all, and
        Interrupted."""
        subject = self._subject()
        found: dict[Topic, Sequence[Check]] = {}
        groups: list[GroupChecks] = []
        if Topic.NETWORK in topics:
            found[Topic.NETWORK] = [*self._cluster(subject), *map(part_check, subject.parts)]
        if Topic.TARGETS in topics:
            health = health_of(subject.groups, self.connection.reader)
            groups = [
                group_checks(
                    each, subject.control_plane, subject.bootstrap, bootstrap_is_known=subject.bootstrap_is_known
                )
                for each in health
            ]
            found[Topic.TARGETS] = [check for group in groups for check in group.all]
        router = self._router(subject) if {Topic.NAMES, Topic.ROUTER} & {*topics} else None
        if {Topic.PORTS, Topic.NAMES} & {*topics}:
            found |= self._seen_from_here(subject, router, topics)
        if Topic.DELEGATION in topics:
            found[Topic.DELEGATION] = list(self._delegation(subject.zone))
        if Topic.ROUTER in topics and subject.router:
            found[Topic.ROUTER] = [self._of_router(subject, router)]
        return Look({topic: found[topic] for topic in Topic if found.get(topic)}, groups)

    def _subject(self) -> ServingSubject:
        actions = self.planned.actions
        facts = with_machines(self.plan, self.planned.facts, own_inventory(self.planned), self._reader)
        return subject_of(self.plan, facts, actions.graph.resources, actions.current)

    @property
    def _reader(self) -> DiscoveryReader:
        return DiscoveryReader(self.connection.reader, self.connection.owner)

    def _cluster(self, subject: ServingSubject) -> Iterator[Check]:
        """A plan that will have a cluster, and doesn't know it yet, serves nobody."""
        if subject.section is not None and not subject.has_cluster:
            remedy = "create the manifests (openshift-install), so that the infraID is known, and apply"
            yield failed("cluster", "the plan has no infraID yet: it is the network alone", remedy)

    def _router(self, subject: ServingSubject) -> RouterBalancer | Refused | None:
        """The router's balancer, or why AWS doesn't tell."""
        try:
            return find_router(subject.router, self._reader) if subject.router else None
        except Refused as error:
            return error

    def _of_router(self, subject: ServingSubject, found: RouterBalancer | Refused | None) -> Check:
        if isinstance(found, Refused):
            return unknown("router", f"the router's load balancer: {found}", _LATER)
        wanted = subject.router.dns_name if subject.router else ""
        if found is None:
            return router_check(None, wanted or "of the cluster's router")
        if found.state:
            return router_check(Router(found.balancer.dns_name, found.state), wanted)
        asked = read("elb", "describe_instance_health", LoadBalancerName=found.name)
        answer = self.connection.reader.attempt([asked])[asked]
        if isinstance(answer, AwsError):
            return unknown("router", f"the router's load balancer {found.balancer.dns_name}: {answer}", _LATER)
        states = [str(each["State"]) for page in answer for each in page["InstanceStates"]]
        return router_check(Router(found.balancer.dns_name, instances=states), wanted)

    def _seen_from_here(
        self, subject: ServingSubject, router: RouterBalancer | Refused | None, topics: Sequence[Topic]
    ) -> dict[Topic, Sequence[Check]]:
        names = subject.names(router.balancer.dns_name if isinstance(router, RouterBalancer) else "")
        wanted = names_to_ask(names) | {each.dns_name for each in subject.balancers}
        answers = self.here.lookups(sorted(wanted))
        found: dict[Topic, Sequence[Check]] = {}
        if Topic.PORTS in topics and subject.section:
            found[Topic.PORTS] = self._ports(subject, answers, inside=is_inside(names, answers))
        if Topic.NAMES in topics:
            found[Topic.NAMES] = list(name_checks(names, answers))
        return found

    def _ports(self, subject: ServingSubject, answers: Mapping[str, Lookup], *, inside: bool) -> list[Check]:
        domain = subject.section.cluster_domain if subject.section else ""
        handshakes = self.here.handshakes(ports_of(subject.balancers, answers, f"api.{domain}"))
        return list(port_checks(subject.balancers, answers, handshakes, inside=inside))

    def _delegation(self, zone: PublicZone | None) -> Iterator[Check]:
        if zone is None:
            return
        if "route53" in self.connection.scope.excluded_services:
            yield unknown("delegation", f"{zone.name}: Route 53 isn't asked", "ask without --without route53")
            return
        if zone.name_servers is not None:
            yield delegation_check(zone.name, zone.id, zone.name_servers, self.here.delegation(zone.name))
            return
        asked = read("route53", "get_hosted_zone", Id=zone.id)
        answer = self.connection.reader.attempt([asked])[asked]
        if isinstance(answer, AwsError):
            yield unknown("delegation", f"{zone.name}: {answer}", _LATER)
            return
        servers = [str(each) for page in answer for each in page.get("DelegationSet", {}).get("NameServers", ())]
        if not servers:
            yield failed("delegation", f"there is no public zone {zone.id}", "correct publicZone, or write auto")
            return
        yield delegation_check(zone.name, zone.id, servers, self.here.delegation(zone.name))
