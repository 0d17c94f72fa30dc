"""A cluster that no plan is known of, found in what AWS has of its VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_balancers import external_balancer, internal_balancer, subnets_of
from ocpprov.openshift.found_machines import buckets, groups, profiles
from ocpprov.openshift.found_marks import Candidates, Machine, infra_ids
from ocpprov.openshift.found_names import private_zone, public_zone, target_in
from ocpprov.openshift.found_subnets import FoundSubnets, found_subnets
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.openshift.vpc_survey import BALANCER, PROFILE, VpcSurvey


@dataclass(frozen=True)
class FoundCluster:
    """`infra_ids` are those that it may have, none where nothing says. `private_zone` is the one that its machines'
    names are looked up in, `public_zone` the one that the world's are; None where there is none to be seen."""

    name: str
    base_domain: str
    infra_ids: Sequence[str] = ()
    subnets: FoundSubnets = field(default_factory=FoundSubnets)
    internal: Candidates = field(default_factory=Candidates)
    external: Candidates = field(default_factory=Candidates)
    private_zone: PrivateZone | None = None
    public_zone: Live | None = None
    groups: Mapping[Machine, Candidates] = field(default_factory=dict)
    profiles: Mapping[Machine, Candidates] = field(default_factory=dict)
    buckets: Candidates = field(default_factory=Candidates)

    @property
    def domain(self) -> str:
        """What its names end in."""
        return f"{self.name}.{self.base_domain}"

    @property
    def infra_id(self) -> str:
        """The only one that it may have, else empty."""
        return self.infra_ids[0] if len(self.infra_ids) == 1 else ""

    def roles_in(self, survey: VpcSurvey) -> list[str]:
        """The names of the roles of the machines' profiles."""
        ids = {found.one for found in self.profiles.values()}
        named = [each.properties.get("Roles", ()) for each in survey.of(PROFILE) if each.id in ids]
        return sorted({role for names in named if isinstance(names, list | tuple) for role in map(str, names)})


def found_cluster(survey: VpcSurvey, name: str, base_domain: str) -> FoundCluster:
    """The cluster of this name and base domain in a VPC."""
    domain = f"{name}.{base_domain}"
    ids = infra_ids(survey, name, _installers_names(survey))
    inside, outside = private_zone(survey, domain), public_zone(survey, domain)
    internal = internal_balancer(survey, ids, target_in(survey, inside.id if inside else "", f"api-int.{domain}"))
    external = external_balancer(survey, ids, target_in(survey, outside.id if outside else "", f"api.{domain}"))
    worn = groups(survey, ids, name)
    subnets = found_subnets(survey, ids, subnets_of(survey, internal.ids), subnets_of(survey, external.ids))
    return FoundCluster(
        name,
        base_domain,
        ids,
        subnets,
        internal,
        external,
        inside,
        outside,
        worn,
        profiles(survey, ids, name, worn),
        buckets(survey, ids, worn),
    )


def _installers_names(survey: VpcSurvey) -> list[str]:
    balancers = (str(each.properties.get("Name", "")) for each in survey.of(BALANCER))
    named = [*(each.name for each in survey.groups.values()), *(each.name for each in survey.instances)]
    return [*balancers, *named]
