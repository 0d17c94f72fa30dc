"""Zones and the API's records of template 02_cluster_infra.yaml, and the router's records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Join, Ref, Value
from ocpprov.openshift.aws_facts import GivenBalancer
from ocpprov.openshift.balancers import AliasTarget, external_api, internal_api
from ocpprov.openshift.etcd import etcd_records
from ocpprov.openshift.layout import Layout

PRIVATE_ZONE: Final = "IntDns"
PUBLIC_ZONE: Final = "ExtDns"
EXTERNAL_APPS: Final = "ExternalAppsRecord"
INTERNAL_APPS: Final = "InternalAppsRecord"
CNAME_TTL: Final = "10"
"""As the documentation has it for the partitions without aliases to load balancers."""


@dataclass(frozen=True)
class Name:
    """A name that points to a load balancer."""

    name: str
    target: AliasTarget


def dns(layout: Layout) -> Iterator[Resource]:
    """The zones and records; none in a zone that is `none`."""
    yield from _public(layout)
    yield from _private(layout)


def early_public_zone(layout: Layout) -> Iterator[Resource]:
    """The public zone before there is an infraID: with `publish: External`, `openshift-install create manifests` looks
    for it, and only then is there one (installer, pkg/asset/manifests/dns.go)."""
    if layout.section.public_zone == "create" and layout.section.publish == "External":
        yield _created_public_zone(layout)


def public_zone(layout: Layout) -> Value:
    """The public zone's id, empty without one. Raises ValueError where it is to be found and there is none."""
    section = layout.section
    match section.public_zone:
        case "none":
            return ""
        case "create":
            return Ref(PUBLIC_ZONE)
        case "auto":
            if not layout.facts.public_zone:
                raise ValueError(
                    f"there is no public zone {section.base_domain}: give openshift.publicZone its id, create or none"
                )
            return layout.facts.public_zone
        case given:
            return given


def private_zone(layout: Layout) -> Value:
    """The private zone's id, empty without one."""
    match layout.section.hosted_zone:
        case "none":
            return ""
        case "create":
            return Ref(PRIVATE_ZONE)
        case given:
            return given


def public_names(layout: Layout) -> list[Name]:
    """The names that the world asks for; none with `publish: Internal`."""
    api = external_api(layout)
    if api is None:
        return []
    return [Name(f"api.{layout.section.cluster_domain}", api), *_apps(layout)]


def private_names(layout: Layout) -> list[Name]:
    """The names that the machines ask for."""
    return [*_private_api(layout), *_apps(layout)]


def _public(layout: Layout) -> Iterator[Resource]:
    section, zone = layout.section, public_zone(layout)
    if section.public_zone == "create":
        yield _created_public_zone(layout)
    api = external_api(layout)
    if zone and api:
        yield _records(layout, "ExternalApiServerRecord", zone, [Name(f"api.{section.cluster_domain}", api)])
        for name in _apps(layout):
            yield _record_resource(layout, EXTERNAL_APPS, zone, name)


def _created_public_zone(layout: Layout) -> Resource:
    """Without a tag of the cluster, which would have the installer delete it."""
    properties: dict[str, Value] = {
        "Name": layout.section.base_domain,
        "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
    }
    return Resource(PUBLIC_ZONE, "AWS::Route53::HostedZone", properties)


def _private(layout: Layout) -> Iterator[Resource]:
    section, zone = layout.section, private_zone(layout)
    if section.hosted_zone == "create":
        yield _created_private_zone(layout)
    if zone:
        yield _records(layout, "InternalApiServerRecord", zone, _private_api(layout))
        for name in _apps(layout):
            yield _record_resource(layout, INTERNAL_APPS, zone, name)
        yield from etcd_records(layout, zone)


def _created_private_zone(layout: Layout) -> Resource:
    """The cluster finds its zone by exactly these two tags (installer, pkg/asset/manifests/dns.go)."""
    section = layout.section
    return Resource(
        PRIVATE_ZONE,
        "AWS::Route53::HostedZone",
        {
            "Name": section.cluster_domain,
            "HostedZoneConfig": {"Comment": "Managed by ocpprov"},
            "HostedZoneTags": [
                {"Key": "Name", "Value": f"{section.infra_id}-int"},
                {"Key": f"kubernetes.io/cluster/{section.infra_id}", "Value": "owned"},
            ],
            "VPCs": [{"VPCId": layout.vpc, "VPCRegion": layout.region}],
        },
    )


def _private_api(layout: Layout) -> list[Name]:
    balancer = internal_api(layout)
    return [Name(f"{host}.{layout.section.cluster_domain}", balancer) for host in ("api", "api-int")]


def router(layout: Layout) -> GivenBalancer | None:
    """The router's load balancer, once it is known; for a CNAME the name that the plan gives is enough."""
    wanted = layout.section.apps_record
    if wanted == "none":
        return None
    named = wanted != "auto" and not _uses_alias(layout)
    return layout.facts.router or (GivenBalancer(wanted) if named else None)


def _apps(layout: Layout) -> list[Name]:
    balancer = router(layout)
    if balancer is None:
        return []
    return [Name(f"*.apps.{layout.section.cluster_domain}", AliasTarget(balancer.dns_name, balancer.hosted_zone_id))]


def _uses_alias(layout: Layout) -> bool:
    match layout.section.record_type:
        case "auto":
            return layout.partition.balancer_aliases
        case "alias":
            return True
        case "cname":
            return False


def _record(layout: Layout, name: Name) -> dict[str, Value]:
    if not _uses_alias(layout):
        return {"Name": name.name, "Type": "CNAME", "TTL": CNAME_TTL, "ResourceRecords": [name.target.dns_name]}
    if not name.target.hosted_zone_id:
        raise ValueError(f"{name.target.dns_name} is no load balancer that an alias can point to: use recordType cname")
    alias: Value = {"DNSName": name.target.dns_name, "HostedZoneId": name.target.hosted_zone_id}
    return {"Name": name.name, "Type": "A", "AliasTarget": alias}


def _records(layout: Layout, logical_id: str, zone: Value, names: list[Name]) -> Resource:
    properties: dict[str, Value] = {"HostedZoneId": zone, "RecordSets": [_record(layout, name) for name in names]}
    return Resource(logical_id, "AWS::Route53::RecordSetGroup", properties)


def _record_resource(layout: Layout, logical_id: str, zone: Value, name: Name) -> Resource:
    return Resource(logical_id, "AWS::Route53::RecordSet", {"HostedZoneId": zone, **_record(layout, name)})


def by_hand(name: Name) -> Value:
    """A record as a line for people who keep another DNS."""
    return Join(" ", (name.name, "CNAME", name.target.dns_name))
