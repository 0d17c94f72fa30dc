"""What is open in a VPC that no plan is known of and no requirement of the cluster needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ocpprov.checks.exposure import Belongings, Exposure, Exposures, all_of, is_owned_by
from ocpprov.checks.exposure_balancers import listeners_beyond
from ocpprov.checks.exposure_of_plan import exposures_of_network
from ocpprov.checks.exposure_roles import trusted_beside_ec2
from ocpprov.checks.exposure_zones import inside_told_outside, seen_elsewhere
from ocpprov.checks.found_row import FoundCase
from ocpprov.engine.inventory import Inventory
from ocpprov.openshift.group_needs import members
from ocpprov.openshift.load_balancers import API_PORT, MACHINE_CONFIG_PORT
from ocpprov.openshift.vpc_survey import BALANCER, LISTENER, PROFILE, RECORD, ROLE, SECURITY_GROUP, ZONE

_JUDGED: Final = (SECURITY_GROUP, BALANCER, LISTENER, ZONE, RECORD, ROLE, PROFILE)
_BEYOND: Final = "what roles' policies and buckets open: without a plan nobody knows what they should"


def exposures_of_vpc(case: FoundCase) -> Exposures:
    """By what the rows are judged by. Which things are the cluster's is as sure as there."""
    survey, cluster = case.survey, case.cluster
    clusters = {
        each.id for each in survey.groups.values() if cluster.infra_id and is_owned_by(cluster.infra_id, each.tags)
    }
    made = frozenset((SECURITY_GROUP, id) for id in clusters - set(members(case.terrain)))
    whose = Belongings(survey.region, survey.account, "", plan_known=False, of_cluster=made)
    inventory = Inventory(survey.lives)
    needed = {
        **dict.fromkeys(cluster.external.ids, (API_PORT,)),
        **dict.fromkeys(cluster.internal.ids, (API_PORT, MACHINE_CONFIG_PORT)),
    }
    public = {cluster.public_zone.id} if cluster.public_zone else set()
    private = cluster.private_zone.id if cluster.private_zone else ""
    return all_of(
        [
            *exposures_of_network(case.terrain, whose),
            Exposures(list(listeners_beyond(inventory, needed, whose))),
            Exposures(list(_trusted(case, whose))),
            Exposures(
                list(inside_told_outside(inventory, cluster.domain, public, whose)),
                list(seen_elsewhere(inventory, private, case.vpc, whose)),
            ),
            Exposures(unread=[*(f"couldn't be read: {said}" for said in survey.unread_of(*_JUDGED)), _BEYOND]),
        ]
    )


def _trusted(case: FoundCase, whose: Belongings) -> Iterator[Exposure]:
    """Who takes the roles of the machines' profiles."""
    profiles = {found.one for found in case.cluster.profiles.values() if found.one}
    names: set[str] = set()
    for profile in case.survey.of(PROFILE):
        roles: Any = profile.properties.get("Roles", ())
        names |= set(roles) if profile.id in profiles else set()
    for role in case.survey.of(ROLE):
        if role.id in names:
            yield from trusted_beside_ec2(role, whose)
