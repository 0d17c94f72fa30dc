"""Whether a cluster's names, and those of the AWS services that it calls, lead where they should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import Value
from ocpprov.openshift import classic, load_balancers
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE
from ocpprov.openshift.dns import private_zone, public_zone, router
from ocpprov.openshift.endpoints import has_own_name, services
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.matrix_row import MatrixRow, endpoint_row
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.from_resources import id_of
from ocpprov.reachability.names import VpcNames, in_vpc, outside, service_in_vpc, unhidden_in_vpc
from ocpprov.reachability.names_from_resources import records_by_zone, target_of
from ocpprov.reachability.verdict import Verdict
from ocpprov.reachability.zones import Record, Zone

_INTERNAL: Final = (load_balancers.INTERNAL, classic.INTERNAL)
_EXTERNAL: Final = (load_balancers.EXTERNAL, classic.EXTERNAL)
_ROUTER: Final = "the router"
_DNS: Final = ("udp", "53")


@dataclass(frozen=True)
class DnsNames:
    """What is known beside a VPC's own: the records of each zone that was read, by the zone's id; the id of the public
    zone, empty where there is none; and each of the API's balancers by its name in DNS, with the id that a reader knows
    it by. A balancer that isn't there has no names to look for. `inside`: it is known which private zones serve the
    VPC."""

    records: Mapping[str, Sequence[Record]]
    public_zone: str
    internal: Mapping[str, str]
    external: Mapping[str, str]
    inside: bool = True


def planned_names_of(layout: Layout, resources: Mapping[str, Resource]) -> DnsNames:
    """Before anything exists, names in DNS are logical ids. What an existing private zone serves only AWS knows."""

    def there(*ids: str) -> Mapping[str, str]:
        return {id: id for id in ids if id in resources}

    made: dict[str, Sequence[Record]] = dict.fromkeys(resources, ())
    records = {**made, **records_by_zone(resources.values())}
    inside = not isinstance(private_zone(layout), str)
    return DnsNames(records, id_of(_public_zone(layout)), there(*_INTERNAL), there(*_EXTERNAL), inside)


def live_names_of(layout: Layout, lives: Iterable[Resource], current: Mapping[str, Live]) -> DnsNames:
    """What AWS has. `current` are the plan's own things by logical id, `lives` all that was read, by AWS's ids."""

    def there(*ids: str) -> Mapping[str, str]:
        named = {id: current[id].attributes.get("DNSName") for id in ids if id in current}
        return {target_of(name).name: id for id, name in named.items() if isinstance(name, str) and name}

    zone = id_of(_public_zone(layout))
    public = current[zone].id if zone in current else zone
    return DnsNames(records_by_zone(lives), public, there(*_INTERNAL), there(*_EXTERNAL))


def answered_by(layout: Layout, endpoints: Mapping[str, tuple[str, Endpoint]]) -> dict[str, str]:
    """The services' own names that endpoints answer in their VPC, each with the endpoint's id."""
    hosts = {service.name: service.host for service in services(layout) if service.host}
    return {
        hosts[service]: id
        for id, (service, endpoint) in endpoints.items()
        if endpoint.private_dns and endpoint.available and service in hosts
    }


def names_asked(layout: Layout) -> Sequence[str]:
    """The names that have to lead somewhere in the VPC."""
    domain = layout.section.cluster_domain
    own = [f"api.{domain}", f"api-int.{domain}", _one_of_apps(layout)]
    return [*own, *(service.host for service in services(layout) if service.host)]


def name_flows(
    layout: Layout, names: VpcNames, known: DnsNames, endpoints: Mapping[str, tuple[str, Endpoint]]
) -> Sequence[MatrixRow]:
    """Names that the plan leaves to another DNS aren't among them. `endpoints` are those of services that the plan
    lists, by id, each with its service."""
    return [
        *_inside(layout, names, known),
        *(_outside(layout, known) if known.public_zone else ()),
        *_of_services(layout, names, endpoints),
    ]


def _public_zone(layout: Layout) -> Value:
    """The one that answers the world; empty where the plan makes no record there (before there is an infraID it makes
    none), or nobody looked for it."""
    section = layout.section
    zone = public_zone(layout) if section.infra_id and section.publish == "External" else ""
    return "" if zone == UNKNOWN_ZONE else zone


def _inside(layout: Layout, names: VpcNames, known: DnsNames) -> Iterator[MatrixRow]:
    if not private_zone(layout) or not known.inside:
        return
    domain = layout.section.cluster_domain
    for wanted, id in known.internal.items():
        for host in (f"api-int.{domain}", f"api.{domain}"):
            yield _row(host, "DNS-API-INT", Party.MACHINE_NETWORK, id, in_vpc(names, host, {wanted}))
    for host, wanted in _apps(layout):
        yield _row(host, "DNS-APPS", Party.MACHINE_NETWORK, _ROUTER, in_vpc(names, host, {wanted}))


def _outside(layout: Layout, known: DnsNames) -> Iterator[MatrixRow]:
    zone = Zone(known.public_zone, layout.section.base_domain, known.records.get(known.public_zone))
    host = f"api.{layout.section.cluster_domain}"
    for wanted, id in known.external.items():
        yield _row(host, "DNS-API", Party.INTERNET, id, outside(zone, host, {wanted}))
    for host, wanted in _apps(layout):
        yield _row(host, "DNS-APPS", Party.INTERNET, _ROUTER, outside(zone, host, {wanted}))


def _one_of_apps(layout: Layout) -> str:
    """A name under `*.apps` that every cluster has."""
    return f"console-openshift-console.apps.{layout.section.cluster_domain}"


def _apps(layout: Layout) -> Iterator[tuple[str, str]]:
    balancer = router(layout)
    if balancer is not None:
        yield _one_of_apps(layout), target_of(balancer.dns_name).name


def _of_services(layout: Layout, names: VpcNames, endpoints: Mapping[str, tuple[str, Endpoint]]) -> Iterator[MatrixRow]:
    """Of those that the plan's endpoints answer: where it wants no private DNS, who answers is the user's affair."""
    by_gateway = {service.host for service in services(layout) if service.type == "Gateway"}
    for service in services(layout):
        there = [
            id for id, (name, endpoint) in endpoints.items() if (name, endpoint.type) == (service.name, service.type)
        ]
        if not there or not service.host or not has_own_name(layout, service):
            continue
        row = endpoint_row(service.name)
        found = (unhidden_in_vpc if service.host in by_gateway else service_in_vpc)(names, service.host)
        yield _row(service.host, row, Party.MACHINE_NETWORK, there[0], found)


def _row(host: str, requirement: str, source: Party, target: str, verdict: Verdict) -> MatrixRow:
    return MatrixRow(f"name {host}", requirement, str(source), target, *_DNS, verdict)
