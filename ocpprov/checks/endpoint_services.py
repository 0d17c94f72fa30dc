"""Whether the services of the plan's VPC endpoints exist, and in the plan's zones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ocpprov.aws.reads import Reader
from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.openshift.aws_facts import ExistingEndpoint
from ocpprov.openshift.cluster_access import without_endpoint
from ocpprov.openshift.services import EndpointService, listed_as, names_vary, service_of
from ocpprov.plan.model import EndpointSettings, OpenShift, ServiceEndpoint


def endpoint_services(
    section: OpenShift, region: str, zones: Sequence[str], reader: Reader, others: Collection[ExistingEndpoint] = ()
) -> Iterator[Check]:
    """A result for each service that the plan lists. `zones` are those that the plan names, none where AWS chooses;
    `others` other people's endpoints in the VPC: beside one that has the service's own name none is made. Raises
    AwsError where AWS can't be asked."""
    services = [service_of(word, region) for word in section.endpoints]
    if not services:
        return
    helps, settings = without_endpoint(section, region), section.endpoint_settings
    homes = sorted({service.service_region for service in services})
    reads = {home: listing(home) for home in homes}
    answers = reader.read(list(reads.values()))
    listed = {home: _details(Pages({made: answers[made]})) for home, made in reads.items()}
    for word, service in zip(section.endpoints, services, strict=True):
        there = listed[service.service_region]
        varies = names_vary(region) and not service.service_region
        names = {each["ServiceName"] for each in there}
        own = replace(service, name=listed_as(service, region, names)) if varies else service
        wanted = settings.get(word, EndpointSettings())
        used = [each.id for each in others if each.type == "Interface" and each.service == own.name]
        if used and wanted.private_dns_enabled:
            yield passed(f"endpoint-{own.logical_id}", f"{own.name} has an endpoint in the VPC: {', '.join(used)}")
            continue
        places, instead = zones if wanted.zones is None else wanted.zones, _instead(helps.get(service.logical_id))
        yield _check(word, own, there, places, instead)


def own_addresses(endpoints: Sequence[ServiceEndpoint]) -> Iterator[Check]:
    """URLs of the plan that openshift-install would refuse (pkg/types/aws/validation/platform.go): the cluster needs
    another way to the service then."""
    for endpoint in endpoints:
        url = urlsplit(endpoint.url)
        wrong = [
            *(["isn't https"] if url.scheme != "https" else []),
            *(["has a path or a query"] if url.path.strip("/") or url.query else []),
        ]
        if wrong:
            detail = f"{endpoint.url} ({endpoint.name}) {' and '.join(wrong)}, which install-config.yaml doesn't take"
            yield warned("service-endpoints", detail, "give the cluster an https URL of host and port alone")


def listing(home: str) -> Read:
    """What AWS offers to endpoints; the services of another region are listed only when it is named."""
    where = {"ServiceRegions": [home]} if home else {}
    return read("ec2", "describe_vpc_endpoint_services", **where)


def offers(service: EndpointService, details: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of the ServiceDetails in AWS's answer that are about the service; none where AWS doesn't offer it."""
    return [each for each in details if each["ServiceName"] == service.name and _type(each) == service.type]


def _details(pages: Pages) -> list[Mapping[str, Any]]:
    return list(pages.items("ec2", "describe_vpc_endpoint_services", "ServiceDetails"))


def _instead(help: str | None) -> str:
    """What helps where no endpoint can be had. `help` is None of a service that the cluster doesn't call, or reaches
    without an endpoint."""
    if help is None:
        return "leave it out of openshift.endpoints"
    ways = "openshift.transit with 0.0.0.0/0, a proxy, or an address under aws.serviceEndpoints"
    other = f"; {help}" if help.startswith("or ") else ""
    return f"the cluster calls it: make another way to it ({ways}) before it leaves openshift.endpoints{other}"


def _check(
    word: str, service: EndpointService, listed: Sequence[Mapping[str, Any]], zones: Sequence[str], instead: str
) -> Check:
    id, where = f"endpoint-{service.logical_id}", f" in {service.service_region}" if service.service_region else ""
    details = offers(service, listed)
    if not details:
        names = sorted(each["ServiceName"] for each in listed)
        near = [name for name in names if name.rpartition(".")[2] == service.name.rpartition(".")[2]]
        remedy = f"write {near[0]} in openshift.endpoints" if near else instead
        detail = f"AWS lists no {service.type.lower()} endpoint service {service.name}{where}"
        return failed(id, detail, remedy)
    offered = {zone for each in details for zone in each.get("AvailabilityZones", ())}
    # Of a service in another region AWS tells that region's zones.
    compared = service.type == "Interface" and offered and not service.service_region
    missing = [zone for zone in zones if zone not in offered] if compared else []
    if missing:
        having = [zone for zone in zones if zone in offered]
        form = f"{{service: {word}, zones: [{', '.join(having)}]}}"
        remedy = (
            f"write {form} in openshift.endpoints" if having else f"choose zones that have it; otherwise: {instead}"
        )
        return failed(id, f"{service.name} isn't offered in {', '.join(missing)}", remedy)
    return passed(id, f"{service.name} is offered{where}")


def _type(detail: Mapping[str, Any]) -> str:
    return "".join(each["ServiceType"] for each in detail["ServiceType"])
