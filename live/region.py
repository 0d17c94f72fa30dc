"""What a region has for this account."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from live.clients import Clients


def zone_of(client: Clients, region: str) -> str:
    """An availability zone that this account may use. Raises LookupError where there is none, and botocore's
    errors."""
    ec2 = client("ec2")
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    offered = ec2.describe_vpc_endpoint_services(ServiceNames=[f"com.amazonaws.{region}.ec2"])["ServiceDetails"]
    return chosen(zones, [zone for service in offered for zone in service.get("AvailabilityZones", ())])


def chosen(zones: Sequence[Mapping[str, Any]], with_endpoints: Collection[str]) -> str:
    """The first by name of those that are neither local zones nor closed to this account, and have interface
    endpoints, which not all have. Raises LookupError."""
    usable = [
        str(zone["ZoneName"])
        for zone in zones
        if zone.get("ZoneType", "availability-zone") == "availability-zone"
        and zone.get("State", "available") == "available"
        and zone.get("OptInStatus", "opt-in-not-required") != "not-opted-in"
        and zone["ZoneName"] in with_endpoints
    ]
    if not usable:
        raise LookupError("this account has no availability zone in the region that has interface endpoints")
    return min(usable)
