"""Names of the cluster that are told to more than its own network."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Final

from ocpprov.checks.exposure import NOT_OF_THE_PLAN, Belongings, Exposure, Exposures
from ocpprov.checks.exposure_balancers import BALANCER, CLASSIC
from ocpprov.checks.exposure_group_words import listed
from ocpprov.checks.exposure_policies import texts
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live
from ocpprov.openshift.dns import PRIVATE_ZONE, PUBLIC_ZONE
from ocpprov.plan.model import OpenShift

ZONE: Final = "AWS::Route53::HostedZone"
RECORD: Final = "AWS::Route53::RecordSet"
_ANY_ADDRESS: Final = "dualstack."
"""Before a balancer's name, where an alias answers with addresses of both sorts."""


def exposed_zones(inventory: Inventory, section: OpenShift, vpc_id: str, whose: Belongings) -> Exposures:
    """Records of the cluster's public zone with addresses inside, and other VPCs that see its private one, which is
    what shared networks do. `vpc_id` is the cluster's, empty where it isn't known."""
    own = {logical_id: id for (type, id), logical_id in whose.logical_ids.items() if type == ZONE}
    public = {own.get(PUBLIC_ZONE, ""), section.public_zone} - {"", "none", "auto", "create"}
    private = own.get(PRIVATE_ZONE, "")
    return Exposures(
        list(inside_told_outside(inventory, section.cluster_domain, public, whose)),
        list(seen_elsewhere(inventory, private, vpc_id, whose)) if vpc_id and private else [],
    )


def seen_elsewhere(inventory: Inventory, zone: str, vpc_id: str, whose: Belongings) -> Iterator[str]:
    """Which VPCs beside the cluster's see its private zone."""
    for live in inventory.of(ZONE):
        if live.id == zone:
            members: Any = texts(live.properties.get("VPCs"))
            others = sorted({str(each.get("VPCId", "")) for each in members} - {"", vpc_id})
            if others:
                who, sees = listed(others), "sees" if len(others) == 1 else "see"
                beside = f": {NOT_OF_THE_PLAN}" if whose.plan_known else ""
                yield f"{who} {sees} the names of {live.properties.get('Name')} ({live.id}), too{beside}"


def inside_told_outside(
    inventory: Inventory, domain: str, public: Collection[str], whose: Belongings
) -> Iterator[Exposure]:
    """Records under the cluster's domain in these public zones that answer with what is inside."""
    inside = frozenset(_internal_names(inventory))
    for live in inventory.of(RECORD):
        name, zone = str(live.properties.get("Name", "")), str(live.properties.get("HostedZoneId", ""))
        if zone not in public or not f".{name}".endswith(f".{domain}"):
            continue
        if whose.is_required(RECORD, live.id) or not _answers_inside(live, inside):
            continue
        told = f"{name} {live.properties.get('Type')}"
        yield Exposure(
            zone,
            whose.logical_id(ZONE, zone),
            f"{told} answered to everybody",
            "addresses inside the VPC to whoever asks",
            "",
            whose.origin(RECORD, live.id),
            whose.remedy(RECORD, live.id) if whose.logical_id(RECORD, live.id) else f"delete {told} in {zone}",
        )


def _internal_names(inventory: Inventory) -> Iterator[str]:
    for live in (*inventory.of(BALANCER), *inventory.of(CLASSIC)):
        if live.properties.get("Scheme") == "internal" and (name := live.attributes.get("DNSName")):
            yield str(name).lower()


def _answers_inside(live: Live, internal: frozenset[str]) -> bool:
    alias: Any = live.properties.get("AliasTarget") or {}
    values = [str(each) for each in (alias.get("DNSName"), *texts(live.properties.get("ResourceRecords"))) if each]
    return any(_is_inside(each.lower().rstrip("."), internal) for each in values)


def _is_inside(value: str, internal: frozenset[str]) -> bool:
    try:
        return IPv4Address(value).is_private
    except AddressValueError:
        return value.removeprefix(_ANY_ADDRESS) in internal
