"""Which instances are the cluster's own machines, where the plan has them found (`auto`).

What somebody else can write on an instance of theirs (tags, a name) doesn't make it one of the cluster's: the balancers
would send it the API's traffic, and 22623 hands out secrets. The plan's groups and profiles can't be had without its
owner's leave, though for a while another machine may be in a group. So it takes two marks, one of which is such a one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Final, Literal

CLUSTER_TAG: Final = "kubernetes.io/cluster/"

Role = Literal["master", "bootstrap"]


@dataclass(frozen=True)
class Machine:
    """A machine that is to get traffic: its private address and, where it is known, its instance's id, name and zone.
    `marks` are those by which it was found, in words."""

    address: str
    instance: str = ""
    name: str = ""
    zone: str = ""
    marks: Sequence[str] = ()

    def __str__(self) -> str:
        named = f" {self.name}" if self.name else ""
        return f"{self.instance}{named} ({self.address})" if self.instance else self.address


@dataclass(frozen=True)
class Instance:
    """An instance as AWS has it; `profile` is the name of its instance profile, `groups` are ids."""

    id: str
    address: str
    zone: str = ""
    profile: str = ""
    groups: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.tags.get("Name", "")


@dataclass(frozen=True)
class OwnMarks:
    """What the plan has for each role: the id of its security group and the name of its instance profile; a role that
    lacks one can't be told by it."""

    infra_id: str
    groups: Mapping[Role, str] = field(default_factory=dict)
    profiles: Mapping[Role, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Machines:
    """The cluster's machines. `control_plane` has them by number, which is that of their name, else the first free one.
    `others` look like one and aren't shown to be: each with why."""

    control_plane: Mapping[int, Machine] = field(default_factory=dict)
    bootstrap: Machine | None = None
    others: Sequence[tuple[Machine, str]] = ()

    @property
    def all(self) -> Sequence[Machine]:
        """Those that are the cluster's, the control plane first."""
        return [*self.control_plane.values(), *([self.bootstrap] if self.bootstrap else [])]

    @property
    def instances(self) -> Mapping[str, str]:
        """Ids of their instances by address."""
        return {machine.address: machine.instance for machine in self.all}


def recognised(instances: Iterable[Instance], marks: OwnMarks) -> Machines:
    """The cluster's machines among the instances of its VPC that aren't terminated."""
    found: dict[Role, list[Machine]] = {"master": [], "bootstrap": []}
    others: list[tuple[Machine, str]] = []
    for instance in sorted(instances, key=lambda each: each.id):
        role = _role_of(instance, marks)
        if role is None:
            continue
        strong, weak = _strong(instance, role, marks), _weak(instance, role, marks)
        machine = Machine(instance.address, instance.id, instance.name, instance.zone, (*strong, *weak))
        if why := _why_not(instance, role, marks, strong, weak):
            others.append((machine, why))
        else:
            found[role].append(machine)
    if len(found["bootstrap"]) > 1:
        others += [(machine, "several look like the bootstrap machine") for machine in found["bootstrap"]]
        found["bootstrap"] = []
    bootstrap = next(iter(found["bootstrap"]), None)
    return Machines(_by_number(found["master"], marks.infra_id), bootstrap, tuple(others))


def _role_of(instance: Instance, marks: OwnMarks) -> Role | None:
    """The bootstrap machine is in the control plane's group, too, so its own marks are looked at first."""
    roles: tuple[Role, ...] = ("bootstrap", "master")
    for role in roles:
        if _strong(instance, role, marks):
            return role
    return next((role for role in roles if _named(role, instance.name, marks.infra_id)), None)


def _strong(instance: Instance, role: Role, marks: OwnMarks) -> list[str]:
    group, profile = marks.groups.get(role, ""), marks.profiles.get(role, "")
    found = [f"security group {group}"] if group and group in instance.groups else []
    return [*found, f"instance profile {profile}"] if profile and profile == instance.profile else found


def _weak(instance: Instance, role: Role, marks: OwnMarks) -> list[str]:
    tag = f"{CLUSTER_TAG}{marks.infra_id}"
    found = [f"tag {tag}"] if tag in instance.tags else []
    return [*found, "its name"] if _named(role, instance.name, marks.infra_id) else found


def _named(role: Role, name: str, infra_id: str) -> bool:
    if role == "bootstrap":
        return name == f"{infra_id}-bootstrap"
    return name.startswith(f"{infra_id}-master-")


def _why_not(instance: Instance, role: Role, marks: OwnMarks, strong: Sequence[str], weak: Sequence[str]) -> str:
    """Why an instance that looks like one of the cluster's isn't taken for it; empty where it is."""
    tags = {key.removeprefix(CLUSTER_TAG) for key in instance.tags if key.startswith(CLUSTER_TAG)}
    if tags and marks.infra_id not in tags:
        return f"it is tagged for another cluster, {', '.join(sorted(tags))}"
    if instance.name.startswith(f"{marks.infra_id}-") and not _named(role, instance.name, marks.infra_id):
        return f"{_by(strong)} is that of {_PEOPLE[role]}, and its name isn't"
    if not strong:
        return f"only {' and '.join(weak)} says so, and neither the plan's group nor its instance profile"
    if (profile := _strange_profile(instance, role, marks)) and not _named(role, instance.name, marks.infra_id):
        people = _PEOPLE[role]
        return f"its instance profile {profile} isn't that of {people}, and its name doesn't say that it is of it"
    if len(strong) + len(weak) < _MARKS:
        return f"only {_by(strong)} says so, and neither {_other_than(strong)} nor tag nor name"
    if not instance.address:
        return "it has no private address yet"
    return ""


def _strange_profile(instance: Instance, role: Role, marks: OwnMarks) -> str:
    """The profile of what is in the control plane's group and has another one than that: the bootstrap machine is in
    the group, too, and template 04_cluster_bootstrap gives it a profile of its own."""
    profile = marks.profiles.get(role, "")
    return instance.profile if role == "master" and profile and instance.profile != profile else ""


_MARKS: Final = 2
_PEOPLE: Final[Mapping[Role, str]] = {"master": "the control plane", "bootstrap": "the bootstrap machine"}


def _by(marks: Sequence[str]) -> str:
    return " and ".join(marks)


def _other_than(strong: Sequence[str]) -> str:
    return "instance profile" if strong[0].startswith("security") else "security group"


def _by_number(machines: Sequence[Machine], infra_id: str) -> Mapping[int, Machine]:
    """By the number in the name, so that what is called after it (etcd's records) stays where it is when another one
    comes or goes."""
    numbered: dict[int, Machine] = {}
    rest: list[Machine] = []
    for machine in machines:
        match = re.fullmatch(rf"{re.escape(infra_id)}-master-(\d{{1,4}})", machine.name)
        if match and int(match[1]) not in numbered:
            numbered[int(match[1])] = machine
        else:
            rest.append(machine)
    free = _free_numbers(numbered)
    for machine in sorted(rest, key=lambda each: (each.zone, IPv4Address(each.address))):
        numbered[next(free)] = machine
    return dict(sorted(numbered.items()))


def _free_numbers(taken: Iterable[int]) -> Iterator[int]:
    used = set(taken)
    number = 0
    while True:
        if number not in used:
            yield number
        number += 1
