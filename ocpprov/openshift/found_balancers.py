"""Which network load balancers are a cluster's API, where no plan says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from ocpprov.engine.resources import Live
from ocpprov.openshift.found_marks import SURE, TELLING, WEAK, Candidates, Marked, heaviest
from ocpprov.openshift.load_balancers import API_PORT, MACHINE_CONFIG_PORT
from ocpprov.openshift.vpc_survey import BALANCER, CLASSIC, LISTENER, VpcSurvey, clusters_in

_SERVICE: Final = "kubernetes.io/service-name"
"""On what the cluster makes for its services."""


def internal_balancer(survey: VpcSurvey, infra_ids: Collection[str], led_to: str) -> Candidates:
    """`led_to` is the DNS name of the balancer that api-int leads to, empty where that isn't known."""
    by = f"listeners {API_PORT} and {MACHINE_CONFIG_PORT}, the record of api-int, the name <infraID>-int"
    return _heaviest(survey, infra_ids, "internal", "int", led_to, by)


def external_balancer(survey: VpcSurvey, infra_ids: Collection[str], led_to: str) -> Candidates:
    """`led_to` is the DNS name of the balancer that the public record of api leads to."""
    by = f"listener {API_PORT}, the public record of api, the name <infraID>-ext"
    return _heaviest(survey, infra_ids, "internet-facing", "ext", led_to, by)


def _heaviest(survey: VpcSurvey, infra_ids: Collection[str], scheme: str, end: str, led_to: str, by: str) -> Candidates:
    names = {f"{infra_id}-{end}" for infra_id in infra_ids}
    found = (
        Marked(each.id, _weight(survey, each, infra_ids, names, led_to))
        for each in network_balancers(survey)
        if each.properties.get("Scheme") == scheme
    )
    return heaviest(found, by)


def network_balancers(survey: VpcSurvey) -> Iterator[Live]:
    """Those in the VPC, without what a cluster has made for its services."""
    for each in survey.of(BALANCER):
        if each.properties.get("Type") == "network" and _SERVICE not in each.tags:
            yield each


def _weight(survey: VpcSurvey, balancer: Live, infra_ids: Collection[str], names: Collection[str], led_to: str) -> int:
    clusters = clusters_in(balancer.tags)
    if clusters and not clusters & set(infra_ids):
        return 0
    ports = listener_ports(survey, balancer.id)
    marks = (
        SURE if led_to and same_host(led_to, balancer.attributes.get("DNSName")) else 0,
        SURE if balancer.properties.get("Name") in names else 0,
        TELLING if API_PORT in ports else 0,
        TELLING if MACHINE_CONFIG_PORT in ports else 0,
    )
    return sum(marks) + (WEAK if clusters and any(marks) else 0)


def listener_ports(survey: VpcSurvey, balancer: str) -> set[int]:
    """The ports on which a balancer listens."""
    return {_port(each) for each in survey.of(LISTENER) if each.properties.get("LoadBalancerArn") == balancer}


def _port(listener: Live) -> int:
    port: Any = listener.properties.get("Port")
    return int(port or 0)


def same_host(one: str, other: object) -> bool:
    """Whether two names of a balancer are the same; an alias may have the one with both kinds of addresses."""
    return isinstance(other, str) and host(one) == host(other)


def classic_balancers(survey: VpcSurvey) -> list[Live]:
    """The classic ones in the VPC that listen where the API or the machine configurations are."""
    ports = {API_PORT, MACHINE_CONFIG_PORT}
    return [each for each in survey.of(CLASSIC) if ports & set(classic_ports(each))]


def classic_ports(balancer: Live) -> Iterator[int]:
    """The ports on which a classic balancer listens."""
    listeners: Any = balancer.properties.get("Listeners", ())
    for each in listeners:
        yield int(each.get("LoadBalancerPort", 0))


def is_of(survey: VpcSurvey, name: str) -> bool:
    """Whether a name is that of a balancer of the account."""
    return any(same_host(name, each) for each in survey.all_balancers)


def host(name: str) -> str:
    """A balancer's name as it is compared."""
    return name.lower().rstrip(".").removeprefix("dualstack.")


def subnets_of(survey: VpcSurvey, ids: Collection[str]) -> list[str]:
    """The subnets that these balancers stand in."""
    found: list[str] = []
    for each in survey.of(BALANCER):
        subnets: Any = each.properties.get("Subnets", ())
        if each.id in ids:
            found += [id for id in subnets if isinstance(id, str)]
    return list(dict.fromkeys(found))
