"""The load balancer of the cluster's router, which the cluster has made: by its tags, or by its name in DNS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.aws.errors import AwsError, lacks_operation
from ocpprov.commands.aws_problems import problem_of
from ocpprov.commands.discovery_reader import DiscoveryReader
from ocpprov.commands.exit_codes import Refused
from ocpprov.kinds.elbv2.common import LIST_BALANCERS
from ocpprov.kinds.reads import read
from ocpprov.openshift.aws_facts import ROUTER_SERVICE, GivenBalancer, RouterNeeded

_TAGS_AT_ONCE: Final = 20
"""Elastic Load Balancing tells the tags of at most so many load balancers in one call."""


@dataclass(frozen=True)
class RouterBalancer:
    """A load balancer in AWS: `state` in AWS's words, empty for a classic one, whose `name` is its id in calls."""

    balancer: GivenBalancer
    state: str = ""
    name: str = ""


def find_router(needed: RouterNeeded, reader: DiscoveryReader) -> RouterBalancer | None:
    """The load balancer of the cluster's router, None while there is none. Asks for the tags of every load balancer
    where only tags tell it. One of the two services may be closed, as long as the other has the balancer. Raises
    Refused when AWS can't be read."""
    found, closed = _router_among(needed, reader)
    hidden = [error for error in closed if not lacks_operation(error)]
    if found is None and hidden:
        raise Refused(problem_of(hidden[0])) from hidden[0]
    return found


def _router_among(needed: RouterNeeded, reader: DiscoveryReader) -> tuple[RouterBalancer | None, list[AwsError]]:
    """The router's among the balancers that can be looked at, and why others can't."""
    pages, closed = reader.where_open(LIST_BALANCERS, read("elb", "describe_load_balancers"))
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
        return next((each for each in every if each.balancer.dns_name == needed.dns_name), None), closed
    wanted = {
        f"kubernetes.io/cluster/{needed.infra_id}": "owned",
        "kubernetes.io/service-name": ROUTER_SERVICE,
    }
    reads = [
        *(read("elbv2", "describe_tags", ResourceArns=part) for part in _parts(sorted(balancers))),
        *(read("elb", "describe_tags", LoadBalancerNames=part) for part in _parts(sorted(classic))),
    ]
    tagged, closed_tags = reader.where_open(*reads)
    for item in (
        *tagged.items("elbv2", "describe_tags", "TagDescriptions"),
        *tagged.items("elb", "describe_tags", "TagDescriptions"),
    ):
        tags = {tag["Key"]: tag.get("Value", "") for tag in item["Tags"]}
        if wanted.items() <= tags.items():
            found = balancers.get(item.get("ResourceArn", "")) or classic.get(item.get("LoadBalancerName", ""))
            return found, []
    return None, [*closed, *closed_tags]


def _network(item: Mapping[str, Any]) -> RouterBalancer:
    return RouterBalancer(
        GivenBalancer(item["DNSName"], item.get("CanonicalHostedZoneId", "")), item.get("State", {}).get("Code", "")
    )


def _classic(item: Mapping[str, Any]) -> RouterBalancer:
    balancer = GivenBalancer(item["DNSName"], item.get("CanonicalHostedZoneNameID", ""))
    return RouterBalancer(balancer, name=item["LoadBalancerName"])


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _TAGS_AT_ONCE):
        yield names[start : start + _TAGS_AT_ONCE]
