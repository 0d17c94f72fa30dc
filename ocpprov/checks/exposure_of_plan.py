"""Everything that is open on AWS beside a plan and that no requirement needs."""

from __future__ import annotations

from ocpprov.checks.exposure import Exposures, all_of, belongings
from ocpprov.checks.exposure_balancers import exposed_balancers
from ocpprov.checks.exposure_groups import exposed_groups
from ocpprov.engine.actions import Actions
from ocpprov.engine.inventory import Inventory
from ocpprov.openshift.port_matrix import Terrain


def exposures_of_plan(actions: Actions, inventory: Inventory, terrain: Terrain | None, apply: str) -> Exposures:
    """`terrain` is None where there is no network, or nobody could read it. `apply` is the command that brings AWS to
    what the plan says."""
    whose = belongings(actions, inventory, apply)
    network = [exposed_groups(terrain, whose)] if terrain else [Exposures(unread=(_NO_NETWORK,))]
    return all_of([*network, exposed_balancers(inventory, whose)])


_NO_NETWORK = "security groups: the network isn't known"
