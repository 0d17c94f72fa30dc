"""What of a plan has to serve, from the plan and from what AWS has of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.serving import ApiBalancer, Part
from ocpprov.checks.serving_names import ClusterName, DnsView
from ocpprov.checks.target_health import TargetGroup, api_target_groups
from ocpprov.engine.resources import Live, Resource
from ocpprov.openshift import classic, load_balancers
from ocpprov.openshift.aws_facts import (
    Facts,
    RouterNeeded,
    bootstrap_machine,
    control_plane_machines,
    with_found_machines,
)
from ocpprov.openshift.dns import EXTERNAL_APPS, INTERNAL_APPS, PUBLIC_ZONE
from ocpprov.openshift.load_balancers import EXTERNAL_SERVICES, INTERNAL_SERVICES
from ocpprov.openshift.machines import Machine
from ocpprov.plan.model import OpenShift, Plan

_NOUNS: Final[Mapping[str, str]] = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "load balancer",
    "AWS::ElasticLoadBalancing::LoadBalancer": "load balancer",
    "AWS::EC2::NatGateway": "nat gateway",
    "AWS::EC2::VPCEndpoint": "vpc endpoint",
}
"""What takes its time until it is up, and may stop being so."""
_EXTERNAL: Final = (load_balancers.EXTERNAL, classic.EXTERNAL)
_INTERNAL: Final = (load_balancers.INTERNAL, classic.INTERNAL)
_CONSOLE: Final = "console-openshift-console.apps"
"""Every cluster has a route of this name below its apps domain."""
_APPLY: Final = "apply the plan, which makes the record"


@dataclass(frozen=True)
class PublicZone:
    """The public zone of the base domain: `name_servers` of None have to be asked for."""

    id: str
    name: str
    name_servers: Sequence[str] | None = None


@dataclass(frozen=True)
class ServingSubject:
    """What has to serve. `section` is the plan's with the machines that were found in it, None without one; `router` is
    None where the plan has no cluster yet."""

    parts: Sequence[Part]
    section: OpenShift | None = None
    groups: Sequence[TargetGroup] = ()
    balancers: Sequence[ApiBalancer] = ()
    control_plane: Sequence[Machine] = ()
    bootstrap: Machine | None = None
    router: RouterNeeded | None = None
    zone: PublicZone | None = None
    waits_for_apps_record: bool = False

    @property
    def has_cluster(self) -> bool:
        """Whether the plan knows its cluster, which comes with the infraID."""
        return self.section is not None and bool(self.section.infra_id)

    @property
    def bootstrap_is_known(self) -> bool:
        """Whether the plan names or has found the bootstrap machine, or has none any more."""
        return self.bootstrap is not None or not (self.section and self.section.bootstrap)

    def names(self, router_name: str) -> list[ClusterName]:
        """The cluster's names; `router_name` is that of the router's load balancer in DNS, empty while there is
        none: then *.apps is none of them."""
        return list(_names(self, router_name)) if self.has_cluster else []


def subject_of(plan: Plan, facts: Facts, wanted: Mapping[str, Resource], current: Mapping[str, Live]) -> ServingSubject:
    """What of a plan has to serve: `wanted` are its resources by logical id, `current` what AWS has of them."""
    # Not in the plan's order: what waits for what is nothing to a reader.
    parts = [
        Part(name, noun, current.get(name))
        for type, noun in _NOUNS.items()
        for name in sorted(id for id, resource in wanted.items() if resource.type == type)
    ]
    if plan.openshift is None:
        return ServingSubject(parts)
    section = with_found_machines(plan.openshift, facts.machines)
    if not section.infra_id:
        return ServingSubject(parts, section)
    named = "" if section.apps_record in ("auto", "none") else section.apps_record
    return ServingSubject(
        parts,
        section,
        list(api_target_groups(current)),
        list(_balancers(current)),
        control_plane_machines(section, facts),
        bootstrap_machine(section, facts),
        RouterNeeded(section.infra_id, named),
        _zone(section, facts, current),
        any(name in wanted and name not in current for name in (EXTERNAL_APPS, INTERNAL_APPS)),
    )


def _balancers(current: Mapping[str, Live]) -> Iterator[ApiBalancer]:
    external, internal = ([each.port for each in services] for services in (EXTERNAL_SERVICES, INTERNAL_SERVICES))
    for name in (*_EXTERNAL, *_INTERNAL):
        dns_name = str(current[name].attributes.get("DNSName") or "") if name in current else ""
        if dns_name:
            is_internal = name in _INTERNAL
            yield ApiBalancer(name, dns_name, internal if is_internal else external, internal=is_internal)


def _zone(section: OpenShift, facts: Facts, current: Mapping[str, Live]) -> PublicZone | None:
    if section.publish != "External" or section.public_zone == "none":
        return None
    if section.public_zone != "create":
        return PublicZone(facts.public_zone or section.public_zone, section.base_domain)
    made = current.get(PUBLIC_ZONE)
    if made is None:
        return None
    servers = made.attributes.get("NameServers")
    return PublicZone(
        made.id, section.base_domain, [str(each) for each in servers] if isinstance(servers, list) else None
    )


def _names(subject: ServingSubject, router_name: str) -> Iterator[ClusterName]:
    section = subject.section
    if section is None:
        return
    domain, external = section.cluster_domain, section.publish == "External"
    internal = [each.dns_name for each in subject.balancers if each.internal]
    everywhere = [each.dns_name for each in subject.balancers if external or each.internal]
    world = DnsView.PUBLIC if external else DnsView.PRIVATE
    inside = "make the records of output PrivateRecordsByHand" if section.hosted_zone == "none" else _APPLY
    outside = "make the records of output PublicRecordsByHand" if section.public_zone == "none" else _APPLY
    if everywhere:
        yield ClusterName("api", f"api.{domain}", everywhere, world, outside if external else inside)
    if internal:
        yield ClusterName("api-int", f"api-int.{domain}", internal, DnsView.PRIVATE, inside)
    if router_name:
        remedy = _apps_remedy(subject, outside if external else inside)
        yield ClusterName("apps", f"*.apps.{domain}", [router_name], world, remedy, f"{_CONSOLE}.{domain}")


def _apps_remedy(subject: ServingSubject, by_hand: str) -> str:
    section = subject.section
    if subject.waits_for_apps_record:
        return _APPLY
    if section is not None and section.apps_record == "none":
        return "wait for the cluster's ingress operator, which makes it; or write appsRecord: auto, and apply"
    return by_hand
