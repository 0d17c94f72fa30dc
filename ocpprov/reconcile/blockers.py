"""Who holds on to something that AWS refuses to delete: ours, AWS's own and about to go, or a stranger's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ocpprov.engine.resources import Live
from ocpprov.engine.suggestion import allow_option
from ocpprov.kinds.contract import Kind
from ocpprov.reconcile.balancer_blockers import balancer_blockers
from ocpprov.reconcile.blocker import Blocker
from ocpprov.reconcile.context import Context
from ocpprov.reconcile.in_use_by import in_use_by
from ocpprov.reconcile.interface_blockers import interface_blockers, step_about
from ocpprov.reconcile.network_blockers import network_blockers
from ocpprov.reconcile.observe import observe_kind

_IN_A_VPC: Final = (
    "AWS::EC2::Subnet",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::RouteTable",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::VPCEndpoint",
)


def blockers_of(live: Live, context: Context) -> list[Blocker]:
    """What of other people's holds the resource, and what of AWS's own holds it and goes by itself; empty when only
    ours is left. Raises AwsError."""
    found = [
        *interface_blockers(live, context),
        *in_use_by(live, context),
        *network_blockers(live, context),
        *balancer_blockers(live, context),
    ]
    if live.type == "AWS::EC2::VPC":
        found += [what for type in _IN_A_VPC for what in _foreign_in_vpc(context.kinds[type], live, context)]
    if live.type == "AWS::Route53::HostedZone":
        found += _foreign_records(live, context)
    return found


def _foreign_in_vpc(kind: Kind, vpc: Live, context: Context) -> Iterator[Blocker]:
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if live.properties.get("VpcId") == vpc.id and not live.service_owned and not context.live_state.is_ours(live):
            yield Blocker(f"{live.type} {live.id}{_claim_of(live, context)}", step_about(live))


def _claim_of(live: Live, context: Context) -> str:
    """What else may be done about what carries this plan's tags and isn't proven to be its own."""
    return f" (or, if it is this plan's, add {allow_option(live.id)})" if context.live_state.is_claimed(live) else ""


def _foreign_records(zone: Live, context: Context) -> Iterator[Blocker]:
    kind = context.kinds["AWS::Route53::RecordSet"]
    for live in observe_kind(kind, context.live_state.found(), context.reader):
        if live.properties.get("HostedZoneId") == zone.id and not live.service_owned:
            yield Blocker(f"record {live.properties.get('Name')} {live.properties.get('Type')}")
