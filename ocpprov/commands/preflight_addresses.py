"""What `preflight` asks about free addresses in the subnets that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ocpprov.checks.free_addresses import free_addresses
from ocpprov.checks.result import Check
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Ref
from ocpprov.openshift.aws_facts import machine_subnets
from ocpprov.openshift.naming import PRIVATE_SUBNET, PUBLIC_SUBNET
from ocpprov.openshift.subnet_addresses import Uses, uses_by_subnet
from ocpprov.plan.model import OpenShift, Plan

_MADE = (Verb.CREATE, Verb.REPLACE)


def addresses_in_subnets(plan: Plan, planned: PlanResult, reader: DiscoveryReader) -> Iterator[Check]:
    """A result for each subnet that is short of addresses for what this run makes. Raises Refused when AWS can't be
    read."""
    actions = planned.actions
    uses = _by_id(uses_by_subnet(_made(actions)), actions.current)
    section = plan.openshift
    machines, routers = ([], []) if section is None else _to_come(section, planned, uses)
    ids = sorted({*uses, *machines, *routers})
    rows = reader.described("describe_subnets", "Subnets", {"subnet-id": ids}) if ids else []
    free = {row["SubnetId"]: row["AvailableIpAddressCount"] for row in rows if "AvailableIpAddressCount" in row}
    yield from free_addresses(uses, free, machines, routers)


def _made(actions: Actions) -> Iterator[Resource]:
    """What the run puts into subnets: what it makes, and of what it changes the subnets that are new to it."""
    for each in actions.actions:
        wanted, live = actions.graph.resources.get(each.resource), actions.current.get(each.resource)
        if wanted is not None and each.verb in _MADE:
            yield wanted
        elif wanted is not None and live is not None and each.verb is Verb.UPDATE:
            before = uses_by_subnet([replace(wanted, properties=live.properties)])
            new = [id for id in _by_id(uses_by_subnet([wanted]), actions.current) if id not in before]
            named = "SubnetIds" if "SubnetIds" in wanted.properties else "Subnets"
            yield replace(wanted, properties={**wanted.properties, named: new})


def _by_id(uses: Mapping[Ref | str, Uses], current: Mapping[str, Live]) -> dict[str, Uses]:
    """Of the subnets that are there; what the run makes is judged by its block."""
    ids = {key: key if isinstance(key, str) else _id(key, current) for key in uses}
    return {ids[key]: each for key, each in uses.items() if ids[key]}


def _id(subnet: Ref, current: Mapping[str, Live]) -> str:
    live = current.get(subnet.logical_id)
    return live.id if live else ""


def _to_come(section: OpenShift, planned: PlanResult, uses: Mapping[str, Uses]) -> tuple[Sequence[str], Sequence[str]]:
    """The subnets of the machines, and of the router's load balancer: none once the cluster's own balancers are there,
    as its machines may be, too."""
    if not section.infra_id or not any(each.balancers for each in uses.values()):
        return [], []
    if section.subnets:
        machines = [each.id for each in machine_subnets(section, planned.facts.subnets)]
        public = [id for id, each in planned.facts.subnets.items() if each.public]
    else:
        current = planned.actions.current
        machines = [live.id for name, live in current.items() if name.startswith(PRIVATE_SUBNET) and _is_subnet(live)]
        public = [live.id for name, live in current.items() if name.startswith(PUBLIC_SUBNET) and _is_subnet(live)]
    return machines, public if section.publish == "External" else machines


def _is_subnet(live: Live) -> bool:
    return live.type == "AWS::EC2::Subnet"
