"""Load balancers: listeners, target groups with their health checks, and the targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.site import Site, Thing

_ATTRIBUTES: Final = {
    "preserve_client_ip.enabled": "true",
    "deregistration_delay.timeout_seconds": "5",
    "proxy_protocol_v2.enabled": "true",
}
_HEALTH: Final[Mapping[str, Mapping[str, Any]]] = {
    "another path": {"HealthCheckPath": "/"},
    "another port": {"HealthCheckPort": "22"},
    "no TLS": {"HealthCheckProtocol": "HTTP"},
    "another interval": {"HealthCheckIntervalSeconds": 30},
    "more good answers": {"HealthyThresholdCount": 5},
    "more bad answers": {"UnhealthyThresholdCount": 5},
}


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each balancer, listener, target group and target."""
    for thing in site.of("AWS::ElasticLoadBalancingV2::LoadBalancer"):
        yield from _of_balancer(site, thing)
    for thing in site.of("AWS::ElasticLoadBalancingV2::Listener"):
        yield from _of_listener(site, thing)
    for thing in site.of("AWS::ElasticLoadBalancingV2::TargetGroup"):
        yield from _of_target_group(thing)
    for thing in site.of("Ocpprov::ElasticLoadBalancingV2::Target"):
        yield from _of_target(thing)
    if site.has("ExtApiElb"):
        yield _machine_configurations_for_all(site)


def _of_balancer(site: Site, thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    within = [{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}]
    yield Breakage(
        f"{thing.logical_id} within zones",
        row,
        named,
        call("elbv2", "modify_load_balancer_attributes", LoadBalancerArn=thing.id, Attributes=within),
    )
    yield Breakage(
        f"delete {thing.logical_id}", row, named, call("elbv2", "delete_load_balancer", LoadBalancerArn=thing.id)
    )
    [balancer] = site.elbv2.describe_load_balancers(LoadBalancerArns=[thing.id])["LoadBalancers"]
    subnets = [each["SubnetId"] for each in balancer["AvailabilityZones"]]
    if len(subnets) > 1:
        fewer = call("elbv2", "set_subnets", LoadBalancerArn=thing.id, Subnets=subnets[1:])
        yield Breakage(f"{thing.logical_id} in fewer subnets", row, named, fewer)
    tags = ["ocpprov:resource"]
    lost = call("elbv2", "remove_tags", ResourceArns=[thing.id], TagKeys=tags)
    yield Breakage(f"{thing.logical_id} without its tags", row, named, lost)


def _of_listener(site: Site, thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    yield Breakage(f"delete {thing.logical_id}", row, named, call("elbv2", "delete_listener", ListenerArn=thing.id))
    moved = call("elbv2", "modify_listener", ListenerArn=thing.id, Port=8443)
    yield Breakage(f"{thing.logical_id} on another port", row, named, moved)
    yield Breakage(f"{thing.logical_id} to targets of theirs", row, named, _to_their_targets(thing))
    other = "InternalServiceTargetGroup" if "Service" not in thing.logical_id else "InternalApiTargetGroup"
    forward = [{"Type": "forward", "TargetGroupArn": site.id(other)}]
    if site.has(other):
        turned = call("elbv2", "modify_listener", ListenerArn=thing.id, DefaultActions=forward)
        yield Breakage(f"{thing.logical_id} to {other}", row, named, turned)


def _to_their_targets(thing: Thing) -> Make:
    def turned(site: Site) -> None:
        made = site.elbv2.create_target_group(
            Name="theirs", Protocol="TCP", Port=6443, VpcId=site.vpc, TargetType="ip", HealthCheckProtocol="TCP"
        )
        forward = [{"Type": "forward", "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"]}]
        site.elbv2.modify_listener(ListenerArn=thing.id, DefaultActions=forward)

    return turned


def _of_target_group(thing: Thing) -> Iterator[Breakage]:
    named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
    for key, value in _ATTRIBUTES.items():
        attributes = [{"Key": key, "Value": value}]
        changed = call("elbv2", "modify_target_group_attributes", TargetGroupArn=thing.id, Attributes=attributes)
        yield Breakage(f"{key} of {thing.logical_id}", row, named, changed)
    for what, members in _HEALTH.items():
        changed = call("elbv2", "modify_target_group", TargetGroupArn=thing.id, **members)
        yield Breakage(f"health checks of {thing.logical_id}: {what}", row, named, changed)


def _of_target(thing: Thing) -> Iterator[Breakage]:
    group, _, address = thing.id.rpartition("|")
    ip, _, port = address.partition(":")
    target = [{"Id": ip, "Port": int(port)}]
    named = (thing.logical_id, thing.id)
    gone = call("elbv2", "deregister_targets", TargetGroupArn=group, Targets=target)
    yield Breakage(f"deregister {thing.logical_id}", "LB-TARGETS", named, gone)


def _machine_configurations_for_all(site: Site) -> Breakage:
    """The ignition files with their secrets, for everybody on the internet."""
    balancer = site.id("ExtApiElb")
    forward = [{"Type": "forward", "TargetGroupArn": site.id("InternalServiceTargetGroup")}]
    opened = call(
        "elbv2",
        "create_listener",
        LoadBalancerArn=balancer,
        Protocol="TCP",
        Port=22623,
        DefaultActions=forward,
    )
    return Breakage("a listener of theirs on 22623", "LB-REACH", ("ExtApiElb", "22623"), opened)
