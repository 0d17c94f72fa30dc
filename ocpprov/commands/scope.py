"""What of AWS a run has to do with: the services it asks, and the names that its resources may have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.kinds.contract import Kind
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, facts_needed, placeholder_facts
from ocpprov.plan.model import Plan
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.journal import made_ids

_ALWAYS: Final = frozenset({"ec2", "sts"})
_ANCHORS: Final = ("AWS::EC2::VPC", "AWS::EC2::EIP")
"""What is looked for by its tag alone; everything else lies in a VPC or is listed whole."""
_ALWAYS_SEEN: Final = frozenset(
    {
        "AWS::EC2::RouteTable",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
    }
)
"""What the rest is found by, whether the plan makes it or only names it, and the rules that AWS puts in each group."""
_RARE: Final = frozenset(
    {
        "AWS::EC2::DHCPOptions",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "Ocpprov::ElasticLoadBalancing::Instance",
    }
)
"""What few plans have, so that a run which doesn't know the plan goes on without having seen it."""
_ALL: Final = _ALWAYS | {kind.service for kind in KINDS.values()}


@dataclass(frozen=True)
class Scope:
    """`services` are boto3's names: the others are never called and needn't be reachable. `names` are those that plans
    gave to their resources, None where no plan is known. `made` are ids by which the rest is found where somebody has
    taken the plan's tag away: the journal's. `types` are those of the plan's resources, None where no plan is known.
    `left_out` are services that the plan has and the run does without,
    `shunned` all that it was told not to ask."""

    services: frozenset[str] = _ALL
    names: frozenset[str] | None = None
    made: frozenset[str] = frozenset()
    types: frozenset[str] | None = None
    left_out: frozenset[str] = frozenset()
    shunned: frozenset[str] = frozenset()

    def without(self, services: frozenset[str]) -> Scope:
        """The same, without these services."""
        return replace(self, services=self.services - services, left_out=self.services & services, shunned=services)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The types that live in these services."""
        return {name: kind for name, kind in KINDS.items() if kind.service in self.services}

    @property
    def needless(self) -> frozenset[str]:
        """The types that there is no use for, so that nobody needs to let a run look for them."""
        return _RARE if self.types is None else frozenset(KINDS) - self.types - _ALWAYS_SEEN

    def document(self) -> dict[str, list[str]]:
        """The scope as it is remembered in the run folder. What a run did without is in it: the next one mayn't."""
        known = {"services": sorted(self.services | self.left_out), "names": sorted(self.names or ())}
        return known if self.types is None else {**known, "types": sorted(self.types)}


def scope_of(plan: Plan, folder: RunFolder) -> Scope:
    """What a plan has to do with, and what it had when it was last applied, by the run folder's note: what the plan no
    longer has must still be found."""
    services, resources = services_of(plan), _resources(plan)
    before = scope_remembered(folder.read(folder.last_plan))
    names, made = frozenset(_names(resources)), made_ids(folder.journal, _ANCHORS)
    types = frozenset(_types(resources))
    if before is None:
        return Scope(services, names, made, types)
    return Scope(
        services | before.services,
        names | (before.names or frozenset()),
        made,
        types | (before.types or frozenset()),
    )


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


def scope_remembered(content: Any) -> Scope | None:
    """The scope in a run folder's note of the last plan; None where it has none."""
    if not isinstance(content, Mapping) or not isinstance(content.get("services"), list):
        return None
    names, types = content.get("names"), content.get("types")
    return Scope(
        _ALWAYS | (_ALL & set(map(str, content["services"]))),
        frozenset(map(str, names)) if isinstance(names, list) else None,
        types=frozenset(map(str, types)) if isinstance(types, list) else None,
    )


def _types(resources: Mapping[str, Resource]) -> Iterator[str]:
    """Those of the resources, and of what AWS keeps apart from them."""
    for resource in resources.values():
        yield resource.type
        yield from (part.type for part in KINDS[resource.type].expand(resource))


def _names(resources: Mapping[str, Resource]) -> Iterator[str]:
    for resource in resources.values():
        kind = KINDS[resource.type]
        name = kind.normalise(resource.properties).get(kind.name_property or kind.listed_by or "")
        if isinstance(name, str):
            yield name
