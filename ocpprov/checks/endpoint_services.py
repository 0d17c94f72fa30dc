"""Whether the services of the plan's VPC endpoints exist, and in the plan's zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ocpprov.aws.reads import Reader
from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.kinds.contract import Pages, Read, read
from ocpprov.openshift.cluster_access import without_endpoint
from ocpprov.openshift.services import EndpointService, listed_as, names_vary, service_of
from ocpprov.plan.model import OpenShift, ServiceEndpoint


def endpoint_services(section: OpenShift, region: str, zones: Sequence[str], reader: Reader) -> Iterator[Check]:
    """A result for each service that the plan lists. `zones` are those that the plan names, none where AWS chooses.
    Raises AwsError where AWS can't be asked."""
    services = [service_of(word, region) for word in section.endpoints]
    if not services:
        return
    helps, settings = without_endpoint(section, region), section.endpoint_settings
    homes = sorted({service.service_region for service in services})
    reads = {home: listing(home) for home in homes}
    answers = reader.read(list(reads.values()))
    listed = {home: _details(Pages({made: answers[made]})) for home, made in reads.items()}
    for service in services:
        there = listed[service.service_region]
        varies = names_vary(region) and not service.service_region
        names = {each["ServiceName"] for each in there}
        own = replace(service, name=listed_as(service, region, names)) if varies else service
        wanted = next((each.zones for word, each in settings.items() if service_of(word, region) == service), None)
        yield _check(own, there, zones if wanted is None else wanted, _instead(helps.get(service.logical_id)))


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


def _check(service: EndpointService, listed: Sequence[Mapping[str, Any]], zones: Sequence[str], instead: str) -> Check:
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
        remedy = f"write zones: [{', '.join(having)}] for it in openshift.endpoints" if having else instead
        return failed(id, f"{service.name} isn't offered in {', '.join(missing)}", remedy)
    return passed(id, f"{service.name} is offered{where}")


def _type(detail: Mapping[str, Any]) -> str:
    return "".join(each["ServiceType"] for each in detail["ServiceType"])
