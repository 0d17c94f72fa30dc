"""What AWS has of private hosted zones that serve the cluster's VPC and hold names of AWS's services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.commands.discovery_reader import DiscoveryReader, made_vpcs
from ocpprov.kinds.reads import Read, read
from ocpprov.openshift.aws_facts import Facts
from ocpprov.openshift.cluster_access import services_called
from ocpprov.openshift.private_zones import PrivateZone
from ocpprov.plan.model import OpenShift, Plan

_ADDRESSES: Final = ("A", "AAAA", "CNAME")


def with_private_zones(plan: Plan, facts: Facts, reader: DiscoveryReader, services: Collection[str]) -> Facts:
    """The facts with the zones that serve the plan's VPC, where it is to be closed or has an interface endpoint;
    `services` are those that a run asks. Raises Refused when AWS can't be read."""
    section = plan.openshift
    if section is None or "route53" not in services or not names_matter(section):
        return facts
    known = section.vpc_id or next((subnet.vpc_id for subnet in facts.subnets.values()), "")
    found = [private_zones(section, vpc, reader) for vpc in ([known] if known else made_vpcs(reader))]
    closed = [str(zones) for zones in found if isinstance(zones, AwsError)]
    if closed:
        return replace(facts, private_zones=None, private_zones_closed=closed[0])
    return replace(facts, private_zones=[zone for zones in found if not isinstance(zones, AwsError) for zone in zones])


def private_zones(section: OpenShift, vpc_id: str, reader: DiscoveryReader) -> list[PrivateZone] | AwsError:
    """Those that serve a VPC and hold a name of a service that the cluster calls. One that a service of AWS owns is not
    among them: an endpoint's own names are in such a one. The error where nobody lets us look. Raises Refused when AWS
    can't be read."""
    region = reader.owner.region
    hosts = [service.host for service in services_called(section, region)]
    answer, closed = reader.where_open(zones_serving(vpc_id, region))
    if closed:
        return closed[0]
    pages = [page for _, page in answer.documents("route53", "list_hosted_zones_by_vpc")]
    # Only for looking around: what an answer doesn't say isn't known.
    rows = [row for page in pages for row in page.get("HostedZoneSummaries", ()) if {"HostedZoneId", "Name"} <= {*row}]
    zones = [_zone(row, reader.owner.account) for row in rows if not row.get("Owner", {}).get("OwningService")]
    return _with_records([zone for zone in zones if any(map(zone.holds, hosts))], reader)


def zones_serving(vpc_id: str, region: str) -> Read:
    """The call for the private zones that serve a VPC."""
    return read("route53", "list_hosted_zones_by_vpc", VPCId=vpc_id, VPCRegion=region)


def names_matter(section: OpenShift) -> bool:
    """Whether a plan's endpoints, or the lack of them, depend on who answers the names of services."""
    return section.egress == "none" or any(word != "s3" for word in section.endpoints)


def _zone(row: Mapping[str, Any], account: str) -> PrivateZone:
    owner = str(row.get("Owner", {}).get("OwningAccount", ""))
    return PrivateZone(row["HostedZoneId"], row["Name"].rstrip("."), owner if owner != account else "")


def _with_records(zones: Sequence[PrivateZone], reader: DiscoveryReader) -> list[PrivateZone]:
    """Zones of another account are its alone to read."""
    reads = {
        zone.id: read("route53", "list_resource_record_sets", HostedZoneId=zone.id) for zone in zones if not zone.owner
    }
    pages, _ = reader.where_open(*reads.values())
    found: dict[str, set[str]] = {}
    for made, page in pages.documents("route53", "list_resource_record_sets"):
        if "ResourceRecordSets" in page:
            rows = [row for row in page["ResourceRecordSets"] if row.get("Type", _ADDRESSES[0]) in _ADDRESSES]
            names = {row.get("Name", "").rstrip(".").replace("\\052", "*") for row in rows}
            found.setdefault(made.arguments()["HostedZoneId"], set()).update(names)
    return [replace(zone, records=frozenset(found[zone.id])) if zone.id in found else zone for zone in zones]
