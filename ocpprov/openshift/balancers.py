"""The API's load balancers as others refer to them, of either kind: their names in DNS and the zones of those names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Value
from ocpprov.openshift import classic, load_balancers
from ocpprov.openshift.layout import Layout


@dataclass(frozen=True)
class AliasTarget:
    """Where a record points: a name, and the zone that an alias to it must name."""

    dns_name: Value
    hosted_zone_id: Value = ""


def api_load_balancers(layout: Layout) -> Iterator[Resource]:
    """The balancers in the kind that the plan asks for."""
    if layout.section.load_balancers == "classic":
        return classic.classic_load_balancers(layout)
    return load_balancers.load_balancers(layout)


def external_api(layout: Layout) -> AliasTarget | None:
    """The balancer that the world reaches; None with `publish: Internal`."""
    if layout.section.publish == "Internal":
        return None
    return _endpoint(layout, load_balancers.EXTERNAL, classic.EXTERNAL)


def internal_api(layout: Layout) -> AliasTarget:
    """The balancer that the machines reach."""
    return _endpoint(layout, load_balancers.INTERNAL, classic.INTERNAL)


def _endpoint(layout: Layout, network_id: str, classic_id: str) -> AliasTarget:
    if layout.section.load_balancers == "classic":
        return AliasTarget(GetAtt(classic_id, "DNSName"), GetAtt(classic_id, "CanonicalHostedZoneNameID"))
    return AliasTarget(GetAtt(network_id, "DNSName"), GetAtt(network_id, "CanonicalHostedZoneID"))
