"""Names of AWS's services that private hosted zones answer in the cluster's VPC, as where endpoints are kept in a VPC
of their own: AWS makes no endpoint with private DNS beside such a zone, and a zone without the record hides the
service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ocpprov.checks.endpoint_users import ENDPOINT
from ocpprov.checks.result import Check, passed, warned
from ocpprov.engine.problem import Problem
from ocpprov.engine.resources import Live, Resource
from ocpprov.openshift.aws_facts import ExistingEndpoint
from ocpprov.openshift.private_zones import PrivateZone, zone_for
from ocpprov.openshift.services import EndpointService, service_of
from ocpprov.plan.model import Plan

CHECK: Final = "endpoint-names"


def names_taken(
    plan: Plan, zones: Sequence[PrivateZone], wanted: Mapping[str, Resource], current: Mapping[str, Live]
) -> Iterator[Problem]:
    """A problem for each endpoint with private DNS that the plan wants and AWS would refuse, as a zone has its name.
    `current` is what is there of ours, by logical id: an endpoint with private DNS keeps it."""
    listed, places = (plan.openshift.endpoints, plan.openshift.positions) if plan.openshift else ((), plan.positions)
    words = {service_of(word, plan.region).logical_id: word for word in listed}
    for id, each in wanted.items():
        live, name = current.get(id), each.properties.get("ServiceName")
        if not _has_names(each.type, each.properties) or (live and _has_names(live.type, live.properties)):
            continue
        host = service_of(name, plan.region).host if isinstance(name, str) else ""
        zone = next((zone for zone in zones if host and zone.name == host), None)
        if zone is None:
            continue
        bare = " (without an address)" if zone.answers(host) is False else ""
        detail = f"{zone} answers {host} in the VPC already{bare}, so AWS refuses an endpoint with private DNS"
        if word := words.get(id) if id not in plan.resources else None:
            place = places.get("openshift.endpoints") or each.position
            other = f"or write {{service: {word}, privateDnsEnabled: false}} there"
            yield Problem(str(place or id), detail, f"leave {word} out of openshift.endpoints, {other}")
        else:
            yield Problem(str(each.position or id), detail, "set PrivateDnsEnabled: false, or leave it out")


def hosts_of(resources: Iterable[Resource], others: Iterable[ExistingEndpoint], region: str) -> set[str]:
    """The names that interface endpoints answer: those that the plan wants, and other people's in its VPC."""
    wanted = (each.properties.get("ServiceName") for each in resources if _has_names(each.type, each.properties))
    names = [*wanted, *(each.service for each in others if each.type == "Interface")]
    return {service_of(name, region).host for name in names if isinstance(name, str)}


def answered_names(
    services: Sequence[EndpointService], zones: Sequence[PrivateZone], answered: Collection[str]
) -> Iterator[Check]:
    """What each zone is to the services that the cluster calls. `answered` are the names that endpoints have: those are
    nearer than a zone above them."""
    names: dict[tuple[PrivateZone, bool | None], list[str]] = {}
    for host in dict.fromkeys(service.host for service in services):
        zone = zone_for(host, zones)
        if zone is not None and host not in answered:
            names.setdefault((zone, zone.answers(host)), []).append(host)
    for (zone, answers), those in names.items():
        hosts = ", ".join(those)
        match answers:
            case True:
                yield passed(CHECK, f"{zone} answers {hosts} in the VPC")
            case False:
                detail = f"{zone} serves the VPC and has no address for {hosts}: machines don't find these services"
                remedy = "add the records there (aliases to endpoints that serve them), or take the VPC from the zone"
                yield warned(CHECK, detail, remedy)
            case None:
                detail = f"{zone} serves the VPC: whether it has addresses for {hosts} can't be seen from here"
                remedy = f"ask account {zone.owner}: without the records machines don't find these services"
                yield warned(CHECK, detail, remedy)


def _has_names(type: str, properties: Mapping[str, object]) -> bool:
    interface = type == ENDPOINT and properties.get("VpcEndpointType") == "Interface"
    return interface and properties.get("PrivateDnsEnabled") in (True, "true")
