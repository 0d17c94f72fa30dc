"""Which of a VPC's subnets a cluster is in, and which of them are public, where no plan says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.openshift.vpc_survey import SurveyedSubnet, VpcSurvey, clusters_in
from ocpprov.reachability.network import Via

_PUBLIC_ROLE: Final = "kubernetes.io/role/elb"
_PRIVATE_ROLE: Final = "kubernetes.io/role/internal-elb"
_UNMANAGED: Final = "kubernetes.io/cluster/unmanaged"
_EDGES: Final = ("local-zone", "wavelength-zone")


@dataclass(frozen=True)
class FoundSubnets:
    """Ids, in the order of their zones. `edges` are the cluster's in local and wavelength zones, where neither the
    control plane nor its balancers may be."""

    public: Sequence[str] = ()
    private: Sequence[str] = ()
    edges: Sequence[str] = ()

    @property
    def machines(self) -> Sequence[str]:
        """Where the machines are: in the private ones, without such in the public ones."""
        return self.private or self.public

    @property
    def all(self) -> Sequence[str]:
        """Every one that the cluster may use."""
        return [*self.public, *self.private]


def found_subnets(
    survey: VpcSurvey, infra_ids: Collection[str], internal: Collection[str], external: Collection[str]
) -> FoundSubnets:
    """Those with the cluster's tag, and those that its balancers and machines are in; without any tag all, but for what
    is another cluster's or tagged to be left alone. `internal` and `external` are the subnets of its balancers."""
    ours = [each for each in survey.subnets.values() if clusters_in(each.tags) & set(infra_ids)]
    used = {*internal, *external} & survey.subnets.keys()
    others = [each for each in survey.subnets.values() if not clusters_in(each.tags) and _UNMANAGED not in each.tags]
    chosen = {each.id for each in ours} | used if ours else {each.id for each in others} | used
    known = [
        each for each in _by_zone(survey.subnets.values()) if each.id in chosen and each.id in survey.network.subnets
    ]
    inside = [each for each in known if each.zone_type not in _EDGES]
    public = [each.id for each in inside if _is_public(survey, each, internal, external)]
    return FoundSubnets(
        public,
        [each.id for each in inside if each.id not in public],
        [each.id for each in known if each.zone_type in _EDGES],
    )


def _by_zone(subnets: Iterable[SurveyedSubnet]) -> list[SurveyedSubnet]:
    return sorted(subnets, key=lambda each: (each.zone, each.id))


def _is_public(survey: VpcSurvey, subnet: SurveyedSubnet, internal: Collection[str], external: Collection[str]) -> bool:
    """What people meant it for comes before where its routes lead, which may be what is wrong."""
    meant = (
        (_PUBLIC_ROLE in subnet.tags, _PRIVATE_ROLE in subnet.tags),
        (subnet.id in external, subnet.id in internal),
        (_has_nat(survey, subnet.id), _leads_by(survey, subnet.id, Via.NAT_GATEWAY)),
    )
    for public, private in meant:
        if public != private:
            return public
    return _leads_by(survey, subnet.id, Via.INTERNET_GATEWAY) or subnet.public_addresses


def _has_nat(survey: VpcSurvey, subnet_id: str) -> bool:
    return any(each.public and each.subnet == subnet_id for each in survey.network.nat_gateways.values())


def _leads_by(survey: VpcSurvey, subnet_id: str, via: Via) -> bool:
    """Whether the subnet's table has such a route."""
    table = survey.network.route_tables.get(survey.network.subnets[subnet_id].route_table)
    return table is not None and any(route.via is via for route in table.routes)
