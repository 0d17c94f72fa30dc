"""The `openshift` section as AWS resources. Pure: what only AWS knows comes in as `Facts`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from ocpprov.engine.resources import Resource
from ocpprov.openshift.aws_facts import (
    ExistingEndpoint,
    ExistingSubnet,
    Facts,
    FactsNeeded,
    GivenBalancer,
    RouterNeeded,
    facts_needed,
    placeholder_facts,
    placeholders,
    zones_needed,
)
from ocpprov.openshift.balancers import api_load_balancers
from ocpprov.openshift.dns import dns, early_public_zone, router
from ocpprov.openshift.endpoints import across_zones, endpoints, has_others, unreached, why_unreached
from ocpprov.openshift.iam import iam
from ocpprov.openshift.layout import Layout, layout_of
from ocpprov.openshift.network import dhcp_options, network, secondary_networks, shared_tags, vpc
from ocpprov.openshift.network_acl import network_acl
from ocpprov.openshift.security import security
from ocpprov.openshift.services import service_of
from ocpprov.openshift.shared_network import owner_notes
from ocpprov.openshift.storage import IGNITION_KEY, bucket, ignition
from ocpprov.openshift.transit import transit
from ocpprov.plan.model import OpenShift, Plan

__all__ = [
    "ExistingEndpoint",
    "ExistingSubnet",
    "Facts",
    "FactsNeeded",
    "GivenBalancer",
    "RouterNeeded",
    "awaited",
    "expand",
    "facts_needed",
    "found_machines",
    "logical_ids",
    "notes",
    "of_bootstrap",
    "placeholder_facts",
    "with_bootstrap",
    "zones_needed",
]


def expand(plan: Plan, facts: Facts) -> Mapping[str, Resource]:
    """The resources of the openshift section by logical id, in the order in which people read a network; none without
    such a section.

    Without an infraID it is the network part only. Raises ValueError where `facts` lack something that the plan needs,
    the machine network has no room for the subnets, or an existing network doesn't fit the plan.
    """
    if plan.openshift is None:
        return {}
    position = plan.positions.get("openshift")
    layout = layout_of(plan.openshift, plan.region, facts)
    resources = _resources(layout, PurePath(plan.file).parent)
    return {resource.logical_id: replace(resource, position=position) for resource in resources}


def logical_ids(section: OpenShift) -> Mapping[str, str]:
    """The logical ids that the section may make, each with its type. Raises ValueError as `expand` does."""
    layout = layout_of(section, "", placeholders(section, ""))
    return {resource.logical_id: resource.type for resource in _resources(layout, PurePath())}


def with_bootstrap(plan: Plan) -> Plan:
    """The plan as it was while the cluster was being installed. What it doesn't say any more stands for anything: an
    address of its network, and a file."""
    section = plan.openshift
    if section is None:
        return plan
    before = replace(
        section,
        bootstrap=True,
        bootstrap_address=section.bootstrap_address or str(section.machine_network[0]),
        bootstrap_ignition=section.bootstrap_ignition or IGNITION_KEY,
        absent=frozenset(),
    )
    return replace(plan, openshift=before)


def of_bootstrap(plan: Plan, facts: Facts) -> Mapping[str, Resource]:
    """What the section makes for the bootstrap machine alone, by logical id, whether or not the plan still has one: no
    cluster depends on it once it is up. Its targets have no logical ids and aren't among them, nor is what the plan has
    under such an id in `Resources`.

    Raises ValueError as `expand` does.
    """
    section = plan.openshift
    if section is None or not section.infra_id:
        return {}
    profiles = replace(section.iam.instance_profiles, bootstrap="")
    during = replace(section, bootstrap=True, iam=replace(section.iam, instance_profiles=profiles))
    kept = expand(replace(plan, openshift=replace(section, bootstrap=False)), facts)
    made = expand(replace(plan, openshift=during), facts)
    return {name: one for name, one in made.items() if name not in kept and name not in plan.resources}


def notes(plan: Plan, facts: Facts) -> Sequence[str]:
    """What a reader of the plan should know. Raises ValueError as `expand` does."""
    if plan.openshift is None:
        return plan.notes
    layout = layout_of(plan.openshift, plan.region, facts)
    named = {service_of(each.name, plan.region).name for each in plan.aws.service_endpoints}
    # What an interface of others shuts out is said of its group, by whoever judges the traffic.
    shut = {each.name for each in unreached(layout) if each.type == "Interface" and has_others(layout, each)}
    lost = [each for each in unreached(layout) if each.name not in named | shut]
    unserved = [why_unreached(layout, each) for each in lost]
    of_endpoints = [*unserved, *across_zones(layout)]
    return [*plan.notes, *awaited(plan, facts), *of_endpoints, *owner_notes(plan.openshift, plan.region, facts)]


def awaited(plan: Plan, facts: Facts) -> Sequence[str]:
    """What the plan asks for and can't be made yet, in words: a later apply makes it. Raises ValueError as `expand`
    does."""
    if plan.openshift is None:
        return ()
    layout, needed = layout_of(plan.openshift, plan.region, facts), facts_needed(plan)
    found = [f"no instance has the address {each} yet" for each in needed.instances if each not in facts.instances]
    if needed.router and router(layout) is None:
        wanted = needed.router.dns_name or "of the cluster's router"
        found.append(f"there is no load balancer {wanted} yet, so *.apps has no record")
    return [*found, *(_of_machines(plan.openshift, facts) if needed.machines else ())]


def found_machines(plan: Plan, facts: Facts) -> Sequence[str]:
    """The machines that were found for the plan, each with the marks by which it was."""
    section, machines = plan.openshift, facts.machines
    if section is None or not facts_needed(plan).machines:
        return ()
    found = list(machines.control_plane.values()) if section.control_plane_auto else []
    lines = [f"control plane: {machine}, by {', '.join(machine.marks)}" for machine in found]
    if section.bootstrap_auto and machines.bootstrap:
        lines.append(f"bootstrap: {machines.bootstrap}, by {', '.join(machines.bootstrap.marks)}")
    return lines


def _of_machines(section: OpenShift, facts: Facts) -> Iterator[str]:
    """What isn't there yet, and what isn't taken for it."""
    machines = facts.machines
    if section.control_plane_auto and not machines.control_plane:
        yield "no machine of the control plane is there yet: a later apply registers them"
    if section.bootstrap and section.bootstrap_auto and machines.bootstrap is None:
        yield "no bootstrap machine is there yet: a later apply registers it"
    for machine, why in machines.others:
        yield f"{machine} isn't registered: {why}"


def _resources(layout: Layout, folder: PurePath) -> Iterator[Resource]:
    yield from _first_phase(layout)
    if layout.section.infra_id:
        yield from _second_phase(layout, folder)
    else:
        yield from early_public_zone(layout)


def _first_phase(layout: Layout) -> Iterator[Resource]:
    """What exists before the installer has named the cluster."""
    yield from vpc(layout)
    yield from secondary_networks(layout)
    yield from dhcp_options(layout)
    yield from network(layout)
    yield from network_acl(layout)
    yield from endpoints(layout)
    yield from transit(layout)
    yield from bucket(layout)


def _second_phase(layout: Layout, folder: PurePath) -> Iterator[Resource]:
    """What carries the cluster's infraID."""
    yield from shared_tags(layout)
    yield from security(layout)
    yield from api_load_balancers(layout)
    yield from dns(layout)
    yield from iam(layout)
    yield from ignition(layout, folder)
