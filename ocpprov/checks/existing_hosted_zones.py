"""Hosted zones that somebody else made, as openshift-install has them (pkg/asset/installconfig/aws/route53.go)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks.result import Check, failed
from ocpprov.engine.suggestion import command_line
from ocpprov.plan.model import OpenShift

_OWN_NAMES: Final = ("api", "api-int", "*.apps", "etcd-0", "etcd-1", "etcd-2", "_etcd-server-ssl._tcp")
"""Below the cluster's domain, records that may be the plan's own: who has them is found out when it is compared."""


@dataclass(frozen=True)
class ExistingZone:
    """A zone that the plan names: its name without the last dot, the VPCs it serves (none: it is public), its records'
    names."""

    id: str
    name: str
    vpcs: frozenset[str]
    records: Sequence[str] = ()


def private_zone(
    section: OpenShift, vpc: str, region: str, zone: ExistingZone | None, twins: Sequence[str]
) -> Iterator[Check]:
    """The private zone that the plan names for an existing VPC of a region, or those in the way of the one it makes."""
    match section.hosted_zone:
        case "none":
            return
        case "create":
            yield from _twins(section, vpc, twins)
        case _:
            yield from _given(section, vpc, region, zone)


def _twins(section: OpenShift, vpc: str, twins: Sequence[str]) -> Iterator[Check]:
    if twins and section.infra_id:
        detail = f"{vpc} has a private zone {section.cluster_domain} already ({', '.join(twins)}), and takes no second"
        yield failed("hosted-zone-twin", detail, "name it as openshift.hostedZone, take the VPC from it, or remove it")


def _given(section: OpenShift, vpc: str, region: str, zone: ExistingZone | None) -> Iterator[Check]:
    domain = section.cluster_domain
    if zone is None or not zone.vpcs:
        detail = f"there is no private hosted zone {section.hosted_zone}"
        role = "correct hostedZoneRole" if section.hosted_zone_role else "give hostedZoneRole for another account's"
        yield failed("hosted-zone-exists", detail, f"correct openshift.hostedZone, write create, or {role}")
        return
    if vpc not in zone.vpcs:
        where = ("--hosted-zone-id", zone.id, "--vpc", f"VPCRegion={region},VPCId={vpc}")
        remedy = command_line("aws", "route53", "associate-vpc-with-hosted-zone", *where)
        if section.hosted_zone_role:
            allowed = command_line("aws", "route53", "create-vpc-association-authorization", *where)
            remedy = f"the account of the zone: {allowed}; then that of the VPC: {remedy}"
        yield failed("hosted-zone-vpc", f"{zone.id} ({zone.name}) doesn't serve {vpc}", remedy)
    if domain != zone.name and not domain.endswith(f".{zone.name}"):
        detail = f"{zone.id} is {zone.name}, which doesn't hold {domain}"
        yield failed("hosted-zone-name", detail, f"use a zone {domain}, or one above it")
    own = {f"{name}.{domain}" for name in _OWN_NAMES}
    taken = sorted({name for name in zone.records if name.endswith(f".{domain}") and name not in own})
    if taken:
        detail = f"{zone.id} has records of the cluster's domain already: {', '.join(taken)}"
        yield failed("hosted-zone-records", detail, "remove them, or choose another clusterName")


def public_zone(section: OpenShift, zone: ExistingZone | None) -> Iterator[Check]:
    """The public zone that the plan names by id."""
    if zone is None or zone.vpcs:
        what = "is private" if zone else "isn't there"
        remedy = "correct openshift.publicZone, or write auto, create or none"
        yield failed("public-zone", f"the public zone {section.public_zone} {what}", remedy)
    elif section.base_domain != zone.name:
        detail = f"the public zone {zone.id} is {zone.name}, not {section.base_domain}"
        yield failed("public-zone", detail, "name the zone of the base domain, as openshift-install looks for it")
