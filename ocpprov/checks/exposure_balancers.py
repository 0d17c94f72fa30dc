"""Listeners of the API's load balancers that no requirement needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Live, State
from ocpprov.openshift.load_balancers import MACHINE_CONFIG_PORT

BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_SECRETS: Final = "machine configurations, which have the cluster's secrets,"


def exposed_balancers(inventory: Inventory, whose: Belongings) -> Exposures:
    """Of the plan's balancers, network and classic."""
    return Exposures([*_listeners(inventory, whose), *_classic_listeners(inventory, whose)])


def _listeners(inventory: Inventory, whose: Belongings) -> Iterator[Exposure]:
    balancers = {live.id: live for live in inventory.of(BALANCER) if whose.logical_id(BALANCER, live.id)}
    for live in inventory.of(LISTENER):
        balancer = balancers.get(str(live.properties.get("LoadBalancerArn", "")))
        if balancer and live.state is not State.DELETING and not whose.is_required(LISTENER, live.id):
            yield _listener(live, balancer, whose)


def listeners_beyond(
    inventory: Inventory, needed: Mapping[str, Collection[int]], whose: Belongings
) -> Iterator[Exposure]:
    """Listeners of these balancers on other ports than each needs."""
    balancers = {live.id: live for live in inventory.of(BALANCER) if live.id in needed}
    for live in inventory.of(LISTENER):
        balancer = balancers.get(str(live.properties.get("LoadBalancerArn", "")))
        if balancer and live.state is not State.DELETING and _port(live) not in needed[balancer.id]:
            yield _listener(live, balancer, whose)


def _listener(live: Live, balancer: Live, whose: Belongings) -> Exposure:
    port = _port(live)
    return Exposure(
        balancer.id,
        whose.logical_id(BALANCER, balancer.id),
        f"a listener on {str(live.properties.get('Protocol', 'TCP')).lower()} {port}",
        _laid_open(balancer, port),
        "",
        whose.origin(LISTENER, live.id),
        whose.remedy(LISTENER, live.id, "elbv2", "delete-listener", "--listener-arn", live.id),
    )


def _port(listener: Live) -> int:
    return int(str(listener.properties.get("Port", 0)))


def _classic_listeners(inventory: Inventory, whose: Belongings) -> Iterator[Exposure]:
    """A classic balancer's are a list of its own, in which those that the plan doesn't have are somebody else's."""
    for live in inventory.of(CLASSIC):
        logical_id = whose.logical_id(CLASSIC, live.id)
        if not logical_id:
            continue
        wanted = _ports(whose.resources[logical_id].properties.get("Listeners"))
        for port in sorted(_ports(live.properties.get("Listeners")) - wanted):
            yield Exposure(
                live.id,
                logical_id,
                f"a listener on tcp {port}",
                _laid_open(live, port),
                "",
                f"not of this plan: {live.id}:{port}",
                whose.aws(
                    "elb",
                    "delete-load-balancer-listeners",
                    "--load-balancer-name",
                    live.id,
                    "--load-balancer-ports",
                    str(port),
                ),
            )


def _ports(listeners: Any) -> frozenset[int]:
    """As far as they are said."""
    items: Sequence[Mapping[str, Any]] = listeners if isinstance(listeners, Sequence) else ()
    texts = (str(each.get("LoadBalancerPort", "")) for each in items)
    return frozenset(int(text) for text in texts if text.isdigit())


def _laid_open(balancer: Live, port: int) -> str:
    what = _SECRETS if port == MACHINE_CONFIG_PORT else "what its targets serve there,"
    internal = balancer.properties.get("Scheme") == "internal"
    return f"{what} to {'everybody who gets to the internal balancer' if internal else 'the internet'}"
