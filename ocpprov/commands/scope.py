"""What of AWS a run has to do with: the services it asks, and the names that its resources may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.engine.claims import NOTHING_KNOWN, Memory
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, facts_needed, placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import made_ids

_ALWAYS: Final = frozenset({"ec2", "sts"})
_ANCHORS: Final = ("AWS::EC2::VPC", "AWS::EC2::EIP")
"""What is looked for by its tag alone; everything else lies in a VPC or is listed whole."""
_ID: Final = re.compile(r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|tgw|pcx|acl|dopt)-[0-9a-f]+|Z[A-Z0-9]{9,31}")
_ALL: Final = _ALWAYS | {kind.service for kind in KINDS.values()}


@dataclass(frozen=True)
class Scope:
    """`services` are boto3's names: the others are never called and needn't be reachable. `names` are those that plans
    gave to their resources, None where no plan is known. `made` are ids by which the rest is found where somebody has
    taken the plan's tag away: the journal's. `left_out` are services that the plan has and the run does without,
    `shunned` all that it was told not to ask. `memory` is what is known of whose things are."""

    services: frozenset[str] = _ALL
    names: frozenset[str] | None = None
    made: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    shunned: frozenset[str] = frozenset()
    memory: Memory = NOTHING_KNOWN

    def without(self, services: frozenset[str]) -> Scope:
        """The same, without these services."""
        return replace(self, services=self.services - services, left_out=self.services & services, shunned=services)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The types that live in these services."""
        return {name: kind for name, kind in KINDS.items() if kind.service in self.services}

    def document(self) -> dict[str, object]:
        """The scope as it is remembered in the run folder. What a run did without is in it: the next one mayn't."""
        return {
            "services": sorted(self.services | self.left_out),
            "names": sorted(self.names or ()),
            "types": dict(self.memory.types),
            "given": sorted(self.memory.given),
        }


def scope_of(plan: Plan, folder: RunFolder) -> Scope:
    """What a plan has to do with, and what it had when it was last applied, by the run folder's note: what the plan no
    longer has must still be found."""
    services, resources = services_of(plan), _resources(plan)
    before = scope_remembered(folder)
    names, made = frozenset(_names(resources)), made_ids(folder.journal, _ANCHORS)
    types = {name: resource.type for name, resource in resources.items()}
    memory = Memory(types, ids_given(plan), made_ids(folder.journal, KINDS))
    if before is None:
        return Scope(services, names, made, memory=memory)
    memory = replace(memory, given=memory.given | before.memory.given)
    return Scope(services | before.services, names | (before.names or frozenset()), made, memory=memory)


def services_of(plan: Plan) -> frozenset[str]:
    """The services (boto3's names) that a plan needs."""
    return services_for_facts(plan) | {KINDS[resource.type].service for resource in _resources(plan).values()}


def services_for_facts(plan: Plan) -> frozenset[str]:
    """Those that must be asked before a plan can be expanded."""
    services, needed = set(_ALWAYS), facts_needed(plan)
    if needed.public_zone:
        services.add("route53")
    if needed.router:
        services |= {"elb", "elbv2"}
    return frozenset(services)


def _resources(plan: Plan) -> dict[str, Resource]:
    return {**expand(plan, placeholder_facts(plan)), **plan.resources}


def scope_remembered(folder: RunFolder) -> Scope | None:
    """The scope in a run folder's note of the last plan; None where it has none."""
    content = folder.read(folder.last_plan)
    if not isinstance(content, Mapping) or not isinstance(content.get("services"), list):
        return None
    names, types, given = content.get("names"), content.get("types"), content.get("given")
    return Scope(
        _ALWAYS | (_ALL & set(map(str, content["services"]))),
        frozenset(map(str, names)) if isinstance(names, list) else None,
        memory=Memory(
            {str(name): str(type) for name, type in types.items()} if isinstance(types, Mapping) else {},
            frozenset(map(str, given)) if isinstance(given, list) else frozenset(),
            made_ids(folder.journal, KINDS),
        ),
    )


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


def _names(resources: Mapping[str, Resource]) -> Iterator[str]:
    for resource in resources.values():
        kind = KINDS[resource.type]
        name = kind.normalise(resource.properties).get(kind.name_property or kind.listed_by or "")
        if isinstance(name, str):
            yield name
