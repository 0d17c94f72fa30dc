"""One thing that isn't there fails a whole question about several, as AWS has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.sandbox.test_balancers import Balancers
from tests.sandbox.world import World, refused

GONE: Final = {
    "loadbalancer": "LoadBalancerNotFound",
    "targetgroup": "TargetGroupNotFound",
    "listener": "ListenerNotFound",
}


@pytest.fixture
def balancers(world: World) -> Balancers:
    return Balancers(world)


@pytest.fixture
def arns(balancers: Balancers) -> dict[str, str]:
    """One of each sort."""
    balancer, group = balancers.balancer(), balancers.group()
    return {"loadbalancer": balancer, "targetgroup": group, "listener": balancers.listener(balancer, group)}


@pytest.mark.parametrize("sort", GONE)
def test_tags_of_balancers_and_what_belongs_to_them(balancers: Balancers, arns: dict[str, str], sort: str) -> None:
    tags: Callable[..., Any] = balancers.api.describe_tags
    assert len(tags(ResourceArns=list(arns.values()))["TagDescriptions"]) == 3
    gone = arns[sort].replace("/int/" if sort != "targetgroup" else "/api/", "/gone/")
    for asked in ([*arns.values(), gone], [gone, *arns.values()], [gone]):
        with refused(GONE[sort]):
            tags(ResourceArns=asked)


def test_lists_that_name_things(balancers: Balancers, arns: dict[str, str]) -> None:
    api = balancers.api
    assert len(api.describe_load_balancers(LoadBalancerArns=[arns["loadbalancer"]])["LoadBalancers"]) == 1
    assert len(api.describe_listeners(ListenerArns=[arns["listener"]])["Listeners"]) == 1
    with refused("LoadBalancerNotFound"):
        api.describe_load_balancers(LoadBalancerArns=[arns["loadbalancer"], arns["loadbalancer"] + "0"])
    with refused("ListenerNotFound"):
        api.describe_listeners(ListenerArns=[arns["listener"], arns["listener"] + "0"])
    with refused("TargetGroupNotFound"):
        api.describe_target_groups(TargetGroupArns=[arns["targetgroup"], arns["targetgroup"] + "0"])


def test_tags_of_classic_balancers(balancers: Balancers) -> None:
    balancers.classic_balancer()
    assert len(balancers.classic.describe_tags(LoadBalancerNames=["classic"])["TagDescriptions"]) == 1
    with refused("LoadBalancerNotFound"):
        balancers.classic.describe_tags(LoadBalancerNames=["classic", "gone"])


def test_tags_of_zones(world: World) -> None:
    made = world.route53.create_hosted_zone(Name="a.example-corp.org", CallerReference="1")["HostedZone"]["Id"]
    zone = made.rpartition("/")[2]
    tags: Callable[..., Any] = world.route53.list_tags_for_resources
    assert len(tags(ResourceType="hostedzone", ResourceIds=[zone])["ResourceTagSets"]) == 1
    with refused("NoSuchHostedZone", 404):
        tags(ResourceType="hostedzone", ResourceIds=[zone, "Z0GONE0GONE0"])
