"""Whether what a plan has made serves: load balancers, gateways and endpoints up, targets healthy, ports answering.

All of it is judged on values: what AWS says, and what this host sees. `unknown` is what can't be found out from here,
and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.from_here import Contact, Handshake, Lookup, Port
from ocpprov.checks.result import Check, failed, passed, unknown, warned
from ocpprov.checks.target_health import GroupHealth, TargetHealth
from ocpprov.engine.resources import Live, State
from ocpprov.openshift.machines import Machine

_APPLY: Final = "apply the plan"
_REGISTER: Final = "start the machines, name them in controlPlane.addresses or write auto there, and apply"
_LOOK: Final = "look at the machine's console and logs, and at its security group"


@dataclass(frozen=True)
class Part:
    """Something that has to be up: its name in the plan, what one is called, and what AWS has of it, None where it
    isn't there."""

    logical_id: str
    noun: str
    live: Live | None


@dataclass(frozen=True)
class ApiBalancer:
    """A load balancer of the API by its name in DNS, with the ports that it answers on. What is `internal` has private
    addresses, which elsewhere are somebody else's."""

    logical_id: str
    dns_name: str
    ports: Sequence[int]
    internal: bool = True


def part_check(part: Part) -> Check:
    """Whether it is up."""
    id, live = f"{part.noun.replace(' ', '-')}-{part.logical_id}", part.live
    if live is None:
        return failed(id, f"{part.logical_id} isn't there", _APPLY)
    # An ARN is longer than what it is about, and a balancer's name is in it.
    name = part.logical_id if live.id.startswith("arn:") else f"{part.logical_id} ({live.id})"
    match live.state:
        case State.READY:
            return passed(id, f"{name} is up")
        case State.PENDING:
            return failed(id, f"{name} is being made", "wait: AWS takes some minutes")
        case _:
            why = f": {live.reason}" if live.reason else ""
            return failed(id, f"{name} is {live.state.value}{why}", f"{_APPLY}: it says what is to be done")


@dataclass(frozen=True)
class GroupChecks:
    """The checks of the targets of one group. `ports` are those that it answers for. `may_be_bootstrap`: what is taken
    for the control plane may be the bootstrap machine, which nothing tells from it."""

    name: str
    ports: Sequence[int]
    control_plane: Sequence[Check]
    bootstrap: Sequence[Check] = ()
    may_be_bootstrap: bool = False

    @property
    def all(self) -> Sequence[Check]:
        return [*self.control_plane, *self.bootstrap]


def group_checks(
    health: GroupHealth,
    control_plane: Sequence[Machine],
    bootstrap: Machine | None,
    *,
    bootstrap_is_known: bool = True,
) -> GroupChecks:
    """A check for each target of a group. Where the plan names no machine of the control plane, whatever is registered
    counts. The bootstrap machine gives way to the control plane, so that it is no failure when it isn't well; that it
    isn't known is something else than that there is none."""
    group = health.group.logical_id
    if health.trouble:
        remedy = f"allow {health.group.read.operation.replace('_', ' ')}, or ask again later"
        return GroupChecks(
            group, health.group.ports, [unknown(f"targets-{group}", f"{group}: {health.trouble}", remedy)]
        )
    machines = control_plane or registered(health, bootstrap)
    missing = failed(f"targets-{group}", f"{group}: no machine of the control plane is registered", _REGISTER)
    own = [_target(health, machine) for machine in machines] or [missing]
    mixed = not control_plane and bool(machines) and not bootstrap_is_known
    return GroupChecks(group, health.group.ports, own, [_bootstrap(health, bootstrap)] if bootstrap else [], mixed)


def registered(health: GroupHealth, bootstrap: Machine | None) -> list[Machine]:
    """The machines that a group has for targets, other than the bootstrap machine."""
    own = {bootstrap.address, bootstrap.instance} if bootstrap else set()
    names = {each.target for each in health.targets if not each.leaving and each.target not in own}
    return [Machine(name) for name in sorted(names)]


def _target(health: GroupHealth, machine: Machine) -> Check:
    group, target = health.group.logical_id, health.of(machine)
    id = f"target-{group}-{machine.address}"
    if target is None or target.leaving:
        return failed(id, f"{group} {machine.address}: not registered", _APPLY)
    detail = f"{group} {machine.address}: {target}"
    return passed(id, detail) if target.healthy else failed(id, detail, _remedy(target))


def _bootstrap(health: GroupHealth, machine: Machine) -> Check:
    group, target = health.group.logical_id, health.of(machine)
    id = f"target-{group}-{machine.address}"
    if target is not None and target.healthy:
        return passed(id, f"{group} {machine.address} (bootstrap): {target}")
    said = str(target) if target and not target.leaving else "not registered"
    remedy = "nothing once the control plane is up: write bootstrap: false then, and apply"
    return warned(id, f"{group} {machine.address} (bootstrap): {said}", remedy)


def _remedy(target: TargetHealth) -> str:
    return "wait: its first checks are under way" if target.state == "initial" else _LOOK


def ports_of(balancers: Sequence[ApiBalancer], names: Mapping[str, Lookup], server_name: str) -> list[Port]:
    """The ports to go to: of each balancer at each of the addresses that its name has."""
    return [
        Port(address, port, server_name)
        for balancer in balancers
        for address in names.get(balancer.dns_name, Lookup()).addresses
        for port in balancer.ports
    ]


def port_checks(
    balancers: Sequence[ApiBalancer],
    names: Mapping[str, Lookup],
    handshakes: Mapping[Port, Handshake],
    *,
    inside: bool,
) -> Iterator[Check]:
    """Whether each balancer answers on its ports: a connection and a TLS handshake, as far as it is in reach. Unless
    this host is `inside`, it may be another's private address that doesn't."""
    for balancer in balancers:
        lookup = names.get(balancer.dns_name, Lookup())
        for port in balancer.ports:
            tried = {
                place.address: handshake
                for place, handshake in handshakes.items()
                if place.port == port and place.address in lookup.addresses
            }
            yield _answers(balancer, port, lookup, tried, sure=inside or not balancer.internal)


def _answers(balancer: ApiBalancer, port: int, lookup: Lookup, tried: Mapping[str, Handshake], *, sure: bool) -> Check:
    id, place = f"answers-{balancer.logical_id}-{port}", f"{balancer.logical_id} {port}"
    elsewhere = "ask from a host in the VPC, or in a network that is joined to it"
    if not lookup.addresses:
        why = lookup.trouble or "its name doesn't resolve"
        return unknown(id, f"{place}: {balancer.dns_name} can't be asked from here: {why}", elsewhere)
    by_contact = {contact: sorted(a for a, each in tried.items() if each.contact is contact) for contact in Contact}
    if answering := by_contact[Contact.ANSWERS]:
        silent = sorted(set(lookup.addresses) - set(answering))
        if not silent:
            return passed(id, f"{place}: answers at {', '.join(answering)}")
        detail = f"{place}: answers at {', '.join(answering)}, and not at {', '.join(silent)}"
        return warned(id, detail, "a zone's targets, or what lies between here and it: ask again, and from elsewhere")
    for contact in (Contact.REFUSED, Contact.NO_TLS):
        if found := by_contact[contact]:
            detail = f"{place}: {', '.join(found)} {contact.value}{_said(tried[found[0]])}"
            if not sure:
                return unknown(id, f"{detail}; from here that may be another host's address", elsewhere)
            return failed(id, detail, "see the targets: a balancer without a healthy one doesn't answer")
    said = next((each.said for each in tried.values() if each.said), "no answer")
    return unknown(id, f"{place}: {', '.join(lookup.addresses)} can't be reached from here ({said})", elsewhere)


def _said(handshake: Handshake) -> str:
    return f" ({handshake.said})" if handshake.said else ""
