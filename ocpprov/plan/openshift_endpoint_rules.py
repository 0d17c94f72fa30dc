"""What no table can say about the endpoints of an `openshift` section, and about the names of zones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocpprov.engine.problem import Problem
from ocpprov.plan.model import EndpointSettings, OpenShift
from ocpprov.plan.openshift_table import ENDPOINT_WORDS, SERVICE_NAME
from ocpprov.plan.problems import likely


def endpoint_problems(section: OpenShift, region: str) -> Iterator[Problem]:
    """Paths below the section, each with what is wrong there."""
    seen: dict[str, str] = {}
    for number, endpoint in enumerate(section.endpoints):
        path = f"endpoints[{number}]"
        if endpoint not in ENDPOINT_WORDS and not re.fullmatch(SERVICE_NAME, endpoint):
            hint = likely(endpoint, ENDPOINT_WORDS) or f"one of {', '.join(ENDPOINT_WORDS)}, or com.amazonaws.…"
            yield Problem(path, f"{endpoint} is not a known service", hint)
            continue
        service = f"com.amazonaws.{region}.{endpoint}" if endpoint in ENDPOINT_WORDS else endpoint
        if service in seen:
            yield Problem(path, f"{endpoint} is given twice, first as {seen[service]}", "remove one of them")
        seen.setdefault(service, endpoint)
        if settings := section.endpoint_settings.get(endpoint):
            yield from _settings(section, region, path, endpoint, settings)
    yield from _number_of_zones(section)


def zone_problems(path: str, zones: Sequence[str], region: str) -> Iterator[Problem]:
    """Local and Wavelength Zones have the region's name too, and more behind it: most have no NAT gateways, and the
    control plane can't be there."""
    for number, zone in enumerate(zones):
        where, hint = f"{path}[{number}]", f"such as {region}a"
        if zone.startswith(f"{region}-"):
            yield Problem(where, f"{zone} is a Local or Wavelength Zone, no availability zone", hint)
        elif not re.fullmatch(rf"{re.escape(region)}[a-z]", zone):
            yield Problem(where, f"{zone} is no zone of {region}", hint)


def twice(path: str, values: Sequence[str]) -> Iterator[Problem]:
    """A problem for each value that stands before it already."""
    for number, value in enumerate(values):
        if value in values[:number]:
            yield Problem(f"{path}[{number}]", f"{value} is given twice", "remove one of them")


def _settings(
    section: OpenShift, region: str, path: str, endpoint: str, settings: EndpointSettings
) -> Iterator[Problem]:
    if re.fullmatch(r"((cn\.)?com\.amazonaws\.[a-z0-9-]+\.)?s3", endpoint):
        detail = f"{endpoint} is a gateway endpoint, which has neither private DNS nor zones"
        yield Problem(path, detail, "write the service alone, or s3-interface")
        return
    if settings.zones is None:
        return
    where = f"{path}.zones"
    if not settings.zones:
        yield Problem(where, "names no zone", "leave it out for all of them")
    yield from twice(where, settings.zones)
    if region:
        yield from zone_problems(where, settings.zones, region)
    if isinstance(section.zones, int) or section.subnets:
        return
    for number, zone in enumerate(settings.zones):
        if zone not in section.zones:
            yield Problem(
                f"{where}[{number}]", f"{zone} is none of openshift.zones", f"one of {', '.join(section.zones)}"
            )


def _number_of_zones(section: OpenShift) -> Iterator[Problem]:
    """Where only AWS knows the zones' names."""
    most, what = (len(section.subnets), "subnets") if section.subnets else (section.zones, "zones")
    named = section.endpoint_zones
    if isinstance(most, int) and len(named) > most:
        yield Problem("endpoints", f"their zones are {', '.join(named)}, and there are {most} {what}", "name fewer")
