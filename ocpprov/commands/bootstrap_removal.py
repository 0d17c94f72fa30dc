"""What of a plan is the bootstrap machine's alone, and what stands against taking it away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.aws.errors import AwsError
from ocpprov.checks.target_health import Asks, TargetGroup, api_target_groups, health_of, unhealthy
from ocpprov.commands.bootstrap_resources import bootstrap_only
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.narrowing import only_deletions
from ocpprov.engine.steps import DeleteStep
from ocpprov.kinds.elb.instance import INSTANCE
from ocpprov.kinds.reads import read
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift import classic
from ocpprov.openshift.aws_facts import control_plane_machines
from ocpprov.openshift.expand import of_bootstrap, with_bootstrap
from ocpprov.openshift.load_balancers import EXTERNAL_SERVICES, INTERNAL_SERVICES
from ocpprov.openshift.machines import Machine
from ocpprov.plan.model import Plan

_TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
_TARGETS: Final = (_TARGET, INSTANCE)
_GROUP: Final = "AWS::EC2::SecurityGroup"


def what_fails(planned: PlanResult, plan: Plan, reader: Asks) -> list[str]:
    """What keeps the control plane from doing without the bootstrap, asked now, in words: its own targets have to be
    healthy behind each port of the API. Raises Interrupted."""
    machines = control_plane_machines(plan.openshift, planned.facts) if plan.openshift else ()
    groups = list(api_target_groups(planned.actions.current))
    if not machines and plan.openshift and plan.openshift.control_plane_auto:
        return ["no machine of the control plane is found (controlPlane.addresses: auto)"]
    if not machines:
        return ["controlPlane.addresses names no machine, so nobody can tell whether the control plane serves"]
    if not groups:
        return ["no load balancer of the API is there"]
    return list(unhealthy(health_of(groups, reader), machines))


def machines_left(going: Actions, reader: Asks) -> list[str]:
    """Ids of the instances that hold on to a security group which is to go; none where AWS doesn't tell. Raises
    Interrupted."""
    groups = [step.live.id for step in going.steps if isinstance(step, DeleteStep) and step.type == _GROUP]
    if not groups:
        return []
    states = ["pending", "running", "stopping", "stopped"]
    filters = [
        {"Name": "instance.group-id", "Values": groups},
        {"Name": "instance-state-name", "Values": states},
    ]
    asked = read("ec2", "describe_instances", Filters=filters)
    pages = reader.attempt([asked])[asked]
    if isinstance(pages, AwsError):
        return []
    reservations = [each for page in pages for each in page["Reservations"]]
    return sorted(instance["InstanceId"] for each in reservations for instance in each["Instances"])


def bootstrap_alone(planned: PlanResult, plan: Plan, machine: Machine | None) -> Actions:
    """Of what was planned for a `plan` without a bootstrap, the deletion of what was for it alone: what the section
    made for it, what is in that, and its targets. Without its `machine` those are all targets of the API that the plan
    doesn't have."""
    actions, before = planned.actions, with_bootstrap(plan)
    parts = of_bootstrap(before, planned.facts)
    own = bootstrap_only(before, planned.facts, planned.inventory, actions.owner)
    deletes = [step for step in actions.steps if isinstance(step, DeleteStep)]
    whole = [step for step in deletes if (step.type, step.live.id) in own]
    names = {step.logical_id for step in whole} & set(parts)
    inside = [step for step in deletes if step.logical_id.partition("/")[0] in names and "/" in step.logical_id]
    groups = {group.logical_id: group for group in api_target_groups(actions.current)}
    rows = {name: _rows(group, machine) for name, group in groups.items() if machine}
    targets = [
        step
        for step in deletes
        if step.type in _TARGETS
        and (group := groups.get(step.logical_id.partition("/")[0]))
        and (machine is None or KINDS[step.type].ledger_entry(step.live.properties) in _rows(group, machine))
    ]
    places = {(step.type, step.live.id) for step in (*whole, *inside, *targets)}
    return only_deletions(actions, places, rows, every_row=frozenset() if machine else groups.keys())


def removal_warnings(planned: PlanResult, plan: Plan, reader: Asks) -> Iterator[str]:
    """What the reader of a plan should know that takes the bootstrap's things away while the control plane doesn't
    serve. Raises Interrupted."""
    if plan.openshift is None or plan.openshift.bootstrap:
        return
    own = bootstrap_only(plan, planned.facts, planned.inventory, planned.actions.owner)
    if any(isinstance(step, DeleteStep) and (step.type, step.live.id) in own for step in planned.actions.steps):
        for failing in what_fails(planned, plan, reader):
            yield f"the bootstrap goes, and the control plane doesn't serve without it yet: {failing}"


def bootstrap_rows(machine: Machine) -> frozenset[tuple[str, str]]:
    """The logical ids of what may have the machine's targets, with their entries."""
    services = (*EXTERNAL_SERVICES, *INTERNAL_SERVICES)
    groups = [TargetGroup(service.target_group, "", (service.port,)) for service in services]
    groups += [TargetGroup(name, "", (), classic=True) for name in (classic.EXTERNAL, classic.INTERNAL)]
    return frozenset((group.logical_id, entry) for group in groups for entry in _rows(group, machine))


def _rows(group: TargetGroup, machine: Machine) -> frozenset[str]:
    """The entries of a machine's targets in the ledger of what has them."""
    if group.classic:
        entry = KINDS[INSTANCE].ledger_entry({"InstanceId": machine.instance})
        return frozenset([entry] if entry and machine.instance else [])
    found = (KINDS[_TARGET].ledger_entry({"Id": machine.address, "Port": port}) for port in group.ports)
    return frozenset(filter(None, found))
