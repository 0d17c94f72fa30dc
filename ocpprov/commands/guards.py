"""What stands before any change: another cluster's resources, an impossible plan, and what a running cluster needs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.refresh import PlanResult
from ocpprov.engine.actions import Actions
from ocpprov.engine.ownership import CLUSTER, claimed_by
from ocpprov.engine.printable import offered, printable
from ocpprov.engine.problem import Problem


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


def guard_protected(
    planned: PlanResult, allowed: frozenset[str], command: str, causes: Mapping[str, str] | None = None
) -> None:
    """Raises Refused, with the whole command to use, when something protected would go without `--allow`. `causes` says
    of logical ids why they would."""
    needed = sorted({action.resource for action in planned.actions.actions if action.guarded} - allowed)
    if needed:
        why = "".join(f"\n{printable(causes[name])}" for name in needed if causes and name in causes)
        strange = sorted(
            f"{action.type} {action.id}"
            for action in planned.actions.actions
            if action.guarded and action.resource in needed and not offered(action.resource)
        )
        names = ", ".join(map(printable, needed))
        would = f"this would replace or delete {names}, which a running cluster may depend on{why}"
        if strange:
            raise Refused(
                f"{would}; a tag of {', '.join(map(printable, strange))} has a name that no plan gives: find out who "
                "wrote it, and take the tags ocpprov:… off what isn't this plan's"
            )
        options = shlex.join(word for name in sorted(allowed | set(needed)) for word in ("--allow", name))
        raise Refused(f"{would}; if that is meant:\n  {command} {options}")
