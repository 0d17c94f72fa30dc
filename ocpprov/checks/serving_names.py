"""Whether the cluster's names lead where they should: what DNS says here, against the plan's load balancers, and
whether the world is led to the public zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ocpprov.aws.from_here import Delegation, Lookup
from ocpprov.checks.result import Check, failed, passed, unknown, warned

INSIDE: Final = "only the VPC's resolver knows it, and what forwards to that"


class DnsView(Enum):
    """Who resolves a name: the world, or whoever asks in the VPC (or another DNS that nobody sees from here)."""

    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True)
class ClusterName:
    """A name of the cluster: `id` is its check's (`api`), `targets` the names of the load balancers that it may lead
    to. `asked` is what is looked up, where the name itself is a wildcard. `remedy` is what makes it right where it is
    missing."""

    id: str
    name: str
    targets: Sequence[str]
    scope: DnsView
    remedy: str
    asked: str = ""

    @property
    def looked_up(self) -> str:
        return self.asked or self.name


def names_to_ask(names: Sequence[ClusterName]) -> set[str]:
    """Everything that DNS is asked for: the names, and those of the balancers that they may lead to."""
    return {each for name in names for each in (name.looked_up, *name.targets)}


def is_inside(names: Sequence[ClusterName], answers: Mapping[str, Lookup]) -> bool:
    """Whether this host sees the cluster's own DNS: a private name resolves. Then another one that doesn't is
    missing."""
    return any(each.scope is DnsView.PRIVATE and answers[each.looked_up].addresses for each in names)


def name_checks(names: Sequence[ClusterName], answers: Mapping[str, Lookup]) -> Iterator[Check]:
    """Whether each name leads to one of its balancers."""
    inside = is_inside(names, answers)
    for name in names:
        yield _name(name, answers, inside=inside)


def _name(name: ClusterName, answers: Mapping[str, Lookup], *, inside: bool) -> Check:
    id, answer = f"name-{name.id}", answers[name.looked_up]
    if answer.trouble:
        return unknown(id, f"{name.name}: DNS can't be asked: {answer.trouble}", "ask where there is a resolver")
    if not answer.addresses:
        if name.scope is DnsView.PRIVATE and not inside:
            return unknown(id, f"{name.name} doesn't resolve from here: {INSIDE}", "ask from a host in the VPC")
        if name.scope is DnsView.PUBLIC and not any(answers[target].addresses for target in name.targets):
            detail = f"{name.name} doesn't resolve from here, and neither does {' or '.join(name.targets)}"
            return unknown(id, detail, "ask where the world's names resolve")
        return failed(id, f"{name.name} doesn't resolve", name.remedy)
    found = ", ".join(answer.addresses)
    wanted = {target: answers[target].addresses for target in name.targets if answers[target].addresses}
    if not wanted:
        targets = " and ".join(name.targets)
        detail = f"{name.name} leads to {found}; {targets} doesn't resolve from here, so whether that is it is open"
        return unknown(id, detail, "ask where load balancers' names resolve")
    for target, addresses in wanted.items():
        # A balancer of many addresses tells some of them, others the next time.
        if set(answer.addresses) & set(addresses):
            return passed(id, f"{name.name} leads to {target} ({found})")
    there = "; ".join(f"{target} has {', '.join(addresses)}" for target, addresses in wanted.items())
    return failed(id, f"{name.name} leads to {found}, and {there}", f"correct what it leads to: {name.remedy}")


def delegation_check(zone: str, zone_id: str, own: Sequence[str], delegation: Delegation) -> Check:
    """Whether the world is led to the zone: `own` are its name servers, by Route 53."""
    id, wanted = "delegation", {_canonical(each) for each in own}
    found = {_canonical(each) for each in delegation.servers}
    remedy = f"have the domain above {zone} name these for it (NS): {', '.join(sorted(wanted))}"
    if delegation.trouble:
        return unknown(id, f"{zone}: who leads to it can't be asked from here: {delegation.trouble}", remedy)
    if not found:
        return failed(id, f"no name server leads to {zone} ({zone_id})", remedy)
    if found == wanted:
        return passed(id, f"the domain above {zone} leads to its zone {zone_id}")
    there = f"the domain above {zone} names {', '.join(sorted(found))}"
    if found & wanted:
        return warned(id, f"{there}, and {zone_id} has {', '.join(sorted(wanted))}", remedy)
    return failed(id, f"{there}, of which none is of {zone_id}", remedy)


def _canonical(server: str) -> str:
    return server.rstrip(".").lower()


@dataclass(frozen=True)
class Router:
    """The load balancer of the cluster's router: its name in DNS and its state in AWS's words. A classic one has none:
    then `instances` has those of its instances."""

    dns_name: str
    state: str = ""
    instances: Sequence[str] = ()


def router_check(router: Router | None, wanted: str) -> Check:
    """Whether the router's load balancer is up; `wanted` says which one that is."""
    id = "router"
    if router is None:
        remedy = "wait: the ingress operator makes it once the cluster has compute machines"
        return failed(id, f"there is no load balancer {wanted} yet", remedy)
    if router.state:
        up, said = router.state in ("active", "active_impaired"), router.state
    else:
        up = "InService" in router.instances
        said = f"classic, {router.instances.count('InService')} of {len(router.instances)} instances in service"
    detail = f"the router's load balancer {router.dns_name} is {said}"
    return passed(id, detail) if up else failed(id, detail, "wait, and look at the router's pods")
