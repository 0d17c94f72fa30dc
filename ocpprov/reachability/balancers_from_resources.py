"""The network load balancers that a plan would have made, from resources in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Value
from ocpprov.reachability.balancers import Balancer, Listener, TargetGroup
from ocpprov.reachability.from_resources import id_of, ids_of
from ocpprov.reachability.network import Place

_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
_TRAFFIC_PORT = "traffic-port"


def balancers_from(
    resources: Iterable[Resource], targets: Sequence[Place], others: Collection[str] = ()
) -> dict[str, Balancer]:
    """By logical id. All target groups have these targets: a plan's machines don't exist yet; but for those in
    `others`, which are somebody else's, so that nobody knows who is behind them. What has no port is a function's, or a
    Gateway Load Balancer's, and none of theirs."""
    known = [each for each in resources if each.type == _BALANCER or each.properties.get("Port")]
    groups = {
        each.logical_id: _target_group(each, None if each.logical_id in others else targets)
        for each in known
        if each.type == _TARGET_GROUP
    }
    listeners: dict[str, list[Listener]] = {}
    for each in known:
        if each.type == _LISTENER:
            balancer = id_of(each.properties["LoadBalancerArn"])
            listeners.setdefault(balancer, []).append(_listener(each, groups))
    return {
        each.logical_id: replace(_balancer(each), listeners=tuple(listeners.get(each.logical_id, ())))
        for each in known
        if each.type == _BALANCER
    }


def _balancer(balancer: Resource) -> Balancer:
    known: Mapping[str, Any] = balancer.properties
    mapped = [mapping.get("SubnetId") for mapping in known.get("SubnetMappings", ())]
    # AWS's default for a network load balancer is off (Network Load Balancers, "Cross-zone load balancing").
    across = _attribute(known.get("LoadBalancerAttributes"), "load_balancing.cross_zone.enabled", "false") == "true"
    return Balancer(
        balancer.logical_id,
        internal=known.get("Scheme") == "internal",
        subnets=(*ids_of(known.get("Subnets")), *map(id_of, mapped)),
        groups=ids_of(known["SecurityGroups"]) if known.get("SecurityGroups") else None,
        cross_zone=across,
    )


def _listener(listener: Resource, groups: Mapping[str, TargetGroup]) -> Listener:
    known: Mapping[str, Any] = listener.properties
    port = int(known["Port"])
    named = (id for action in known.get("DefaultActions", ()) for id in forwarded_to(action))
    forwarded = tuple(groups.get(id) or TargetGroup(id, port, port, targets=None) for id in named)
    return Listener(port, forwarded, listener.logical_id)


def forwarded_to(action: Mapping[str, Any]) -> Iterator[str]:
    if action.get("TargetGroupArn"):
        yield id_of(action["TargetGroupArn"])
    for each in (action.get("ForwardConfig") or {}).get("TargetGroups", ()):
        yield id_of(each.get("TargetGroupArn", ""))


def _target_group(group: Resource, targets: Sequence[Place] | None) -> TargetGroup:
    known: Mapping[str, Any] = group.properties
    port = int(known["Port"])
    asked = known.get("HealthCheckPort", _TRAFFIC_PORT)
    # Targets by address don't see the client of a TCP or TLS listener unless that is asked for (same guide, "Client IP
    # preservation"); by instance, or with UDP, they do.
    by_connection = known.get("Protocol", "TCP") in ("TCP", "TLS")
    default = "false" if known.get("TargetType") == "ip" and by_connection else "true"
    preserves = _attribute(known.get("TargetGroupAttributes"), "preserve_client_ip.enabled", default) == "true"
    return TargetGroup(group.logical_id, port, port if asked == _TRAFFIC_PORT else int(asked), preserves, targets)


def _attribute(attributes: Value, key: str, default: str) -> str:
    """Of a list of `{Key, Value}`, as a plan has it, or by key, as what AWS has is read."""
    if isinstance(attributes, Mapping):
        return str(attributes.get(key, default))
    for each in attributes if isinstance(attributes, Sequence) else ():
        if isinstance(each, Mapping) and each.get("Key") == key:
            return str(each.get("Value", default))
    return default
