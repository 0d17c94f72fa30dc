"""What a plan has to do with in AWS: the services, types and names of its resources, and the ids that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ocpprov.commands.plan_note import scope_remembered
from ocpprov.commands.scope import ALWAYS_ASKED, WRITTEN_ANEW, Scope, with_journal
from ocpprov.engine.memory import Memory
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, facts_needed, placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder

_ID: Final = re.compile(r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|tgw|pcx|acl|dopt)-[0-9a-f]+|Z[A-Z0-9]{9,31}")


def scope_of(plan: Plan, folder: RunFolder) -> Scope:
    """What a plan has to do with, and what it had when it was last applied, by the run folder's note: what the plan no
    longer has must still be found."""
    services, resources = services_of(plan), _resources(plan)
    before = scope_remembered(folder)
    names = frozenset(_names(resources))
    types = {name: resource.type for name, resource in resources.items()}
    memory = Memory(types, ids_given(plan), exclusive=plan.exclusive, is_known_here=before is not None)
    here = Scope(
        services,
        names,
        planned_objects=frozenset(_objects(resources)),
        types=frozenset(_types(resources)),
        memory=memory,
        zone_roles=zone_roles_of(plan),
        asked_services=services_for_facts(plan) - (ALWAYS_ASKED if plan.openshift is None else frozenset()),
        compared=_properties(resources),
    )
    if before is not None:
        here = replace(
            here,
            services=services | before.services,
            declared_names=None if before.declared_names is None else names | before.declared_names,
            hidden_given=before.hidden_given,
            zone_roles={**before.zone_roles, **here.zone_roles},
            types=(here.types or frozenset()) | (before.types or frozenset()),
            memory=replace(
                memory,
                given=memory.given | before.memory.given,
                rows=before.memory.rows,
                knows_rows=before.memory.knows_rows,
            ),
            unplaced=before.unplaced,
            noted=before.noted,
        )
    return with_journal(here, folder, resources)


def services_of(plan: Plan) -> frozenset[str]:
    """The services (boto3's names) that a plan needs."""
    return services_for_facts(plan) | {KINDS[resource.type].service for resource in _resources(plan).values()}


def services_for_facts(plan: Plan) -> frozenset[str]:
    """Those that must be asked before a plan can be expanded."""
    services, needed = set(ALWAYS_ASKED), facts_needed(plan)
    if needed.public_zone:
        services.add("route53")
    if needed.router:
        services |= {"elb", "elbv2"}
    return frozenset(services)


def zone_roles_of(plan: Plan) -> dict[str, str]:
    """The roles that a plan acts as on zones of other accounts, by the zones' ids."""
    section = plan.openshift
    return {section.hosted_zone: section.hosted_zone_role} if section and section.hosted_zone_role else {}


def ids_given(plan: Plan) -> frozenset[str]:
    """Ids of existing things that stand literally in a plan."""
    given = set(ids_in([resource.properties for resource in plan.resources.values()]))
    if plan.openshift:
        section = plan.openshift
        named = (section.vpc_id, section.public_zone, section.hosted_zone, *section.subnets, *section.route_tables)
        given |= {*section.elastic_ips, *ids_in(named)}
    return frozenset(given)


def ids_in(value: Value) -> Iterator[str]:
    """Ids of AWS resources that stand literally in a value."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from ids_in(item)


def _resources(plan: Plan) -> dict[str, Resource]:
    return {**expand(plan, placeholder_facts(plan)), **plan.resources}


def _objects(resources: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    for resource in resources.values():
        bucket, key = resource.properties.get("Bucket"), resource.properties.get("Key")
        if resource.type == WRITTEN_ANEW and isinstance(key, str):
            yield (bucket.logical_id if isinstance(bucket, Ref) else str(bucket), key)


def _types(resources: Mapping[str, Resource]) -> Iterator[str]:
    """Those of the resources, and of what AWS keeps apart from them."""
    for resource in resources.values():
        yield resource.type
        yield from (part.type for part in KINDS[resource.type].expand(resource))


def _properties(resources: Mapping[str, Resource]) -> Mapping[str, frozenset[str]]:
    """The names of what is given to resources, by type."""
    found: dict[str, frozenset[str]] = {}
    for resource in resources.values():
        found[resource.type] = found.get(resource.type, frozenset()) | resource.properties.keys()
    return found


def _names(resources: Mapping[str, Resource]) -> Iterator[str]:
    for resource in resources.values():
        kind = KINDS[resource.type]
        name = kind.normalise(resource.properties).get(kind.name_property or kind.listed_by or "")
        if isinstance(name, str):
            yield name
