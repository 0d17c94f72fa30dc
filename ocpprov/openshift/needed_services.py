"""The AWS services without which no cluster comes up, and what leads its machines to them where the plan promises no
way out: an endpoint of the VPC, a private zone with an address for the name, or a way out that is the network's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.suggestion import command_line
from ocpprov.openshift.endpoints import service_meant
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.private_zones import zone_for
from ocpprov.openshift.services import EndpointService
from ocpprov.plan.model import OpenShift, ServiceEndpoint
from ocpprov.reachability.endpoints import Endpoint

WORDS: Final = ("s3", "ec2", "elasticloadbalancing")
"""Those for which nothing else helps: see the words of EndpointsToAdd."""


@dataclass(frozen=True)
class NeededService:
    """`name` is AWS's for its endpoints. `zone` is a private zone with an address for its name, empty where there is
    none; `unread` what would have to be read to know. `lacking` says what there is instead of an endpoint, `remedy`
    what makes one."""

    word: str
    name: str
    zone: str = ""
    unread: str = ""
    lacking: str = ""
    remedy: str = ""


def is_closed(section: OpenShift) -> bool:
    """Whether machines have to reach AWS's services inside AWS, as far as the plan says."""
    return section.egress == "none"


def needed_services(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]], vpc: str) -> list[NeededService]:
    """Those of a cluster without a way out to which no endpoint has the service's own name. `endpoints` are all of the
    VPC by id, `vpc` is its id."""
    if not is_closed(layout.section):
        return []
    return list(_lacking(layout, endpoints, vpc))


def answers(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]]) -> dict[str, tuple[str, Endpoint]]:
    """The endpoints by which a closed cluster's machines reach the services that it needs, whoever made them."""
    if not is_closed(layout.section):
        return {}
    names = {service_meant(layout, word).name for word in WORDS}
    return {id: found for id, found in endpoints.items() if found[0] in names and _answers(found[1])}


def not_given(needed: Iterable[NeededService], given: Iterable[ServiceEndpoint]) -> list[NeededService]:
    """Those that the plan gives the cluster no address of its own for."""
    words = {each.name for each in given}
    return [each for each in needed if each.word not in words]


def _answers(endpoint: Endpoint) -> bool:
    return endpoint.type == "Gateway" or endpoint.private_dns


def _lacking(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]], vpc: str) -> Iterator[NeededService]:
    for word in WORDS:
        service = service_meant(layout, word)
        there = {id: endpoint for id, (name, endpoint) in endpoints.items() if name == service.name}
        if any(map(_answers, there.values())):
            continue
        zone = zone_for(service.host, layout.facts.private_zones or ())
        has_address = zone.answers(service.host) if zone else False
        unseen = "the VPC's private zones" if layout.facts.private_zones is None else str(zone)
        yield NeededService(
            word,
            service.name,
            zone.id if zone and has_address else "",
            unseen if has_address is None or layout.facts.private_zones is None else "",
            f"{', '.join(there)} has no private DNS" if there else f"{vpc} has no endpoint of it",
            _remedy(layout, word, service, there),
        )


def _remedy(layout: Layout, word: str, service: EndpointService, there: Mapping[str, Endpoint]) -> str:
    if owner := layout.facts.network_owner:
        return f"account {owner} has to make an endpoint of {service.name} with private DNS"
    if there:
        where = ("--region", layout.region, "--vpc-endpoint-id", next(iter(there)), "--private-dns-enabled")
        return command_line("aws", "ec2", "modify-vpc-endpoint", *where)
    tables = ", and the machines' tables in openshift.routeTables" if layout.section.subnets and word == "s3" else ""
    return f"list {word} in openshift.endpoints{tables}"
