"""The load balancer of the cluster's router, which the cluster has made: by its tags, or by its name in DNS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.kinds.contract import read
from ocpprov.openshift.aws_facts import ROUTER_SERVICE, Balancer, RouterNeeded

_TAGS_AT_ONCE: Final = 20
"""Elastic Load Balancing tells the tags of at most so many load balancers in one call."""


@dataclass(frozen=True)
class RouterBalancer:
    """A load balancer in AWS: `state` in AWS's words, empty for a classic one, whose `name` is its id in calls."""

    balancer: Balancer
    state: str = ""
    name: str = ""


def find_router(needed: RouterNeeded, reader: DiscoveryReader) -> RouterBalancer | None:
    """The load balancer of the cluster's router, None while there is none. Asks for the tags of every load balancer
    where only tags tell it. Raises Refused when AWS can't be read."""
    pages = reader.pages(read("elbv2", "describe_load_balancers"), read("elb", "describe_load_balancers"))
    # Somebody's gateway balancer has no name.
    balancers = {
        each["LoadBalancerArn"]: _network(each)
        for each in pages.items("elbv2", "describe_load_balancers", "LoadBalancers")
        if each.get("DNSName")
    }
    classic = {
        each["LoadBalancerName"]: _classic(each)
        for each in pages.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")
    }
    if needed.dns_name:
        every = (*balancers.values(), *classic.values())
        return next((each for each in every if each.balancer.dns_name == needed.dns_name), None)
    wanted = {
        f"kubernetes.io/cluster/{needed.infra_id}": "owned",
        "kubernetes.io/service-name": ROUTER_SERVICE,
    }
    reads = [
        *(read("elbv2", "describe_tags", ResourceArns=part) for part in _parts(sorted(balancers))),
        *(read("elb", "describe_tags", LoadBalancerNames=part) for part in _parts(sorted(classic))),
    ]
    tagged = reader.pages(*reads)
    for item in (
        *tagged.items("elbv2", "describe_tags", "TagDescriptions"),
        *tagged.items("elb", "describe_tags", "TagDescriptions"),
    ):
        tags = {tag["Key"]: tag.get("Value", "") for tag in item["Tags"]}
        if wanted.items() <= tags.items():
            return balancers.get(item.get("ResourceArn", "")) or classic.get(item.get("LoadBalancerName", ""))
    return None


def _network(item: Mapping[str, Any]) -> RouterBalancer:
    return RouterBalancer(
        Balancer(item["DNSName"], item.get("CanonicalHostedZoneId", "")), item.get("State", {}).get("Code", "")
    )


def _classic(item: Mapping[str, Any]) -> RouterBalancer:
    balancer = Balancer(item["DNSName"], item.get("CanonicalHostedZoneNameID", ""))
    return RouterBalancer(balancer, name=item["LoadBalancerName"])


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _TAGS_AT_ONCE):
        yield names[start : start + _TAGS_AT_ONCE]
