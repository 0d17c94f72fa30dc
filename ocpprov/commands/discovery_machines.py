"""The cluster's own machines, found where a plan says `auto`: `openshift/machines.py` has the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import RESOURCE, claimed_by, identity_tags
from ocpprov.engine.resources import Live, Owner
from ocpprov.openshift.expand import Facts, facts_needed
from ocpprov.openshift.iam import ROLES, given_profile
from ocpprov.openshift.machines import Instance, Machines, OwnMarks, Role, recognised
from ocpprov.openshift.security import BOOTSTRAP, MASTER
from ocpprov.plan.model import OpenShift, Plan

_GROUPS: Final[Mapping[Role, str]] = {"master": MASTER, "bootstrap": BOOTSTRAP}
_THERE: Final = ("pending", "running", "stopping", "stopped")
"""States of an instance that isn't terminated."""


def with_machines(plan: Plan, facts: Facts, inventory: Inventory, reader: DiscoveryReader) -> Facts:
    """The facts with the cluster's machines, where the plan has them found. `inventory` has what is this plan's own and
    nothing that only claims it. Raises Refused when AWS can't be read."""
    section = plan.openshift
    if section is None or not facts_needed(plan).machines:
        return facts
    return replace(facts, machines=machines_of(section, facts, inventory, reader))


def machines_of(section: OpenShift, facts: Facts, inventory: Inventory, reader: DiscoveryReader) -> Machines:
    """The cluster's machines, whether or not the plan has them found. The rest as above."""
    vpc = vpc_of(section, facts, inventory, reader.owner)
    if not vpc or not section.infra_id:
        return Machines()
    found = reader.described("describe_instances", "Reservations", {"vpc-id": [vpc], "instance-state-name": _THERE})
    return recognised(instances_in(found), own_marks(section, inventory, reader.owner))


def own_marks(section: OpenShift, inventory: Inventory, owner: Owner) -> OwnMarks:
    """What of the plan the machines of each role have."""
    groups = {role: live.id for role, name in _GROUPS.items() if (live := _made(name, inventory, owner))}
    profiles = {role: name for role in _GROUPS if (name := _profile(role, section, inventory, owner))}
    return OwnMarks(section.infra_id, groups, profiles)


def _profile(role: Role, section: OpenShift, inventory: Inventory, owner: Owner) -> str:
    """The name of a role's instance profile, empty while it isn't there."""
    (profile_id,) = (each.profile_id for each in ROLES if each.machine == role)
    made = _made(profile_id, inventory, owner)
    return given_profile(section, role) or (_last(made.id) if made else "")


def vpc_of(section: OpenShift, facts: Facts, inventory: Inventory, owner: Owner) -> str:
    """The id of the VPC in which the plan's machines are, empty while it isn't there."""
    named = section.vpc_id or next((subnet.vpc_id for subnet in facts.subnets.values()), "")
    if named:
        return named
    made = _made("VPC", inventory, owner)
    return made.id if made else ""


def _made(logical_id: str, inventory: Inventory, owner: Owner) -> Live | None:
    """What the plan has made under this logical id."""
    ours = (live for live in inventory if claimed_by(live, owner))
    return next((live for live in ours if identity_tags(live).get(RESOURCE) == logical_id), None)


def instances_in(reservations: list[Mapping[str, Any]]) -> Iterator[Instance]:
    for reservation in reservations:
        for instance in reservation["Instances"]:
            if instance["State"]["Name"] in _THERE:
                yield Instance(
                    instance["InstanceId"],
                    instance.get("PrivateIpAddress", ""),
                    instance.get("Placement", {}).get("AvailabilityZone", ""),
                    _last(instance.get("IamInstanceProfile", {}).get("Arn", "")),
                    frozenset(group["GroupId"] for group in instance.get("SecurityGroups", ())),
                    {tag["Key"]: tag.get("Value", "") for tag in instance.get("Tags", ())},
                )


def _last(arn: str) -> str:
    """The name at the end of an ARN, whatever path it has."""
    return arn.rpartition("/")[2]
