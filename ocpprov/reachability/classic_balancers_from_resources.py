"""The classic load balancers that a plan would have made, from resources in CloudFormation's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import text
from ocpprov.reachability.balancers import Balancer, Listener, TargetGroup
from ocpprov.reachability.from_resources import DEFAULT_GROUP, ids_of
from ocpprov.reachability.network import Place

CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_CHECKED: Final = re.compile(r"[A-Za-z]+:(\d+)")


def classic_balancers_from(resources: Iterable[Resource], targets: Sequence[Place]) -> dict[str, Balancer]:
    """By logical id, each with these targets. Instances never see the client's address (Classic Load Balancers guide,
    "Security groups for the instances"), and are asked on one port for all listeners."""
    return {each.logical_id: _balancer(each, targets) for each in resources if each.type == CLASSIC}


def _balancer(balancer: Resource, targets: Sequence[Place]) -> Balancer:
    known: Mapping[str, Any] = balancer.properties
    id, listeners = balancer.logical_id, known.get("Listeners", ())
    checked = _CHECKED.match(str((known.get("HealthCheck") or {}).get("Target", "")))
    return Balancer(
        id,
        internal=known.get("Scheme") == "internal",
        subnets=ids_of(known.get("Subnets")),
        groups=ids_of(known.get("SecurityGroups")) or (DEFAULT_GROUP,),
        # AWS's default where it isn't asked for through the console ("Configure cross-zone load balancing").
        cross_zone=text(known.get("CrossZone", False)) == "true",
        listeners=tuple(_listener(id, each, checked, targets) for each in listeners),
        classic=True,
    )


def _listener(
    balancer: str, known: Mapping[str, Any], checked: re.Match[str] | None, targets: Sequence[Place]
) -> Listener:
    """Without a health check AWS asks the first listener's port; none is planned without."""
    port, asked = int(known["LoadBalancerPort"]), int(known["InstancePort"])
    health = int(checked[1]) if checked else asked
    return Listener(port, (TargetGroup(balancer, asked, health, targets=targets),), f"{balancer}'s listener {port}")
