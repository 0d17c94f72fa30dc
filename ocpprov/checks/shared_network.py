"""A network that another account shares with this one: what a plan may ask for in it, and what its owner has to do."""

from __future__ import annotations

from collections.abc import Iterator

from ocpprov.checks.result import Check, failed, warned
from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.shared_network import owner_commands, shared_network_problems
from ocpprov.plan.model import OpenShift


def shared_network(section: OpenShift, region: str, facts: Facts) -> Iterator[Check]:
    """What stands against the plan in a network of another account, and the tags that aren't to be seen there."""
    for problem in shared_network_problems(section, region, facts):
        place = section.positions.get(f"openshift.{problem.where}")
        detail = f"openshift.{problem.where}: {problem.detail}"
        yield failed("shared-network", f"{place}: {detail}" if place else detail, problem.remedy)
    if commands := owner_commands(section, region, facts):
        detail = f"account {facts.network_owner} owns the subnets; tags by which the cluster finds them aren't seen"
        yield warned("shared-network-tags", detail, "; ".join(commands))
