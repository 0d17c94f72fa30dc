"""What stands before any change: another cluster's resources, an impossible plan, and what a running cluster needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ocpprov.aws.balancer_attributes import PROTECTION
from ocpprov.checks.deletion_protection import protected_balancers
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.ownership import CLUSTER, claimed_by
from ocpprov.engine.printable import offered, printable
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.steps import DeleteStep
from ocpprov.engine.suggestion import command_line


def clusters(planned: PlanResult) -> set[str]:
    """The cluster values that live resources of this plan carry."""
    ours = (live for live in planned.inventory if claimed_by(live, planned.actions.owner))
    return {live.tags[CLUSTER] for live in ours if live.tags.get(CLUSTER)}


def guard_cluster(planned: PlanResult, cluster: str) -> None:
    """Raises Refused when resources of this plan belong to another cluster."""
    owner, others = planned.actions.owner, clusters(planned) - {cluster}
    if cluster and others:
        raise Refused(
            f"plan {owner.plan} in {owner.region} has resources of cluster "
            f"{', '.join(map(printable, sorted(others)))}, not of {cluster}; clusterName and baseDomain can't change: "
            "give the new cluster a plan name of its own"
        )


def planning_problems(actions: Actions) -> list[Problem]:
    """What makes the plan impossible. The planner's sentences have what to do inside."""
    return [Problem("", printable(sentence)) for sentence in actions.problems]


def guard_problems(planned: PlanResult) -> None:
    """Raises Refused for what makes the plan impossible."""
    if found := planning_problems(planned.actions):
        raise Refused(*found)


def deleted_by(actions: Actions) -> list[Live]:
    """The live resources that a run deletes, in whichever action."""
    return [step.live for step in actions.steps if isinstance(step, DeleteStep)]


def guard_undeletable(planned: PlanResult) -> None:
    """Raises Refused when a load balancer would go that is protected in AWS, as far as what was read tells."""
    if found := [each.problem for each in protected_balancers(deleted_by(planned.actions))]:
        raise Refused(*found)


def protection_notes(planned: PlanResult) -> list[str]:
    """The balancers of the plan's own that are protected in AWS: those that this plan would have to delete, and those
    that it doesn't say that of."""
    going = {live.id for live in deleted_by(planned.actions)}
    said = protected_by_plan(planned)
    kept = [live for live in planned.actions.current.values() if live.id not in said]
    return [
        f"{each.name} is protected by {each.by}; "
        f"{'apply refuses to delete it' if each.id in going else 'destroy refuses'} until that is off: {each.lift}"
        for each in protected_balancers([*deleted_by(planned.actions), *kept])
    ]


def protected_by_plan(planned: PlanResult) -> frozenset[str]:
    """Ids of the load balancers that the plan itself protects, or not: it says so."""
    wanted = planned.actions.graph.resources
    return frozenset(live.id for name, live in planned.actions.current.items() if _says_it(wanted[name]))


def _says_it(resource: Resource) -> bool:
    rows = resource.properties.get("LoadBalancerAttributes")
    attributes = rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ()
    return any(isinstance(row, Mapping) and row.get("Key") == PROTECTION for row in attributes)


def guard_protected(
    planned: PlanResult, allowed: frozenset[str], command: str, causes: Mapping[str, str] | None = None
) -> None:
    """Raises Refused, with the whole command to use, when something protected would go without `--allow`. `causes` says
    of logical ids why they would."""
    guarded = [action for action in planned.actions.actions if action.guarded and action.id not in allowed]
    # A logical id stands for what the plan has under it; something else with the same one needs its own id.
    types = {name: resource.type for name, resource in planned.actions.graph.resources.items()}
    by_id = {action.id for action in guarded if types.get(action.resource, action.type) != action.type}
    maybe_others = {id for each in planned.actions.actions for id in each.guarded_ids} - allowed
    by_id |= maybe_others
    needed = sorted({*by_id, *({each.resource for each in guarded if each.id not in by_id} - allowed)})
    if needed:
        why = "".join(f"\n{printable(causes[name])}" for name in needed if causes and name in causes)
        strange = sorted(
            f"{action.type} {action.id}"
            for action in planned.actions.actions
            if action.guarded and action.resource in needed and not offered(action.resource)
        )
        names = ", ".join(map(printable, needed))
        would = f"this would replace or delete {names}, which a running cluster may depend on{why}"
        if maybe_others:
            would += (
                "; nobody has applied this plan from this folder, and it has no id, so that another plan of its name "
                "may have made what is named by AWS's id"
            )
        if strange:
            raise Refused(
                f"{would}; a tag of {', '.join(map(printable, strange))} has a name that no plan gives: find out who "
                "wrote it, and take the tags ocpprov:… off what isn't this plan's"
            )
        options = command_line(*(word for name in sorted(allowed | set(needed)) for word in ("--allow", name)))
        # Each cause stands on a line of its own.
        raise Refused((*f"{would}; if that is meant:".split("\n"), f"  {command} {options}"))
