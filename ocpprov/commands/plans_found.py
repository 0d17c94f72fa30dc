"""The plans that an account has in a region, by the tags of what they made: what is asked, and what the answers say.

EC2 tells all tags of a region in one listing; load balancing tells those of twenty things a call. What a plan has in no
region (zones, roles) isn't looked at: a plan has something in EC2 beside it, but for the rarest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.aws.errors import AwsError
from ocpprov.aws.reads import Reader
from ocpprov.engine.ownership import CLUSTER, PLAN, PROTECT, PROTECTED, RUN
from ocpprov.kinds.elbv2.common import LIST_BALANCERS
from ocpprov.kinds.reads import Pages, Read, read
from ocpprov.runs.run_id import parse

SERVICES: Final = frozenset({"ec2", "elb", "elbv2", "sts"})
NAT_GATEWAY: Final = "NAT gateway"
BALANCER: Final = "load balancer"
ADDRESS: Final = "Elastic IP"
INTERFACE: Final = "interface endpoint"

_TAGGED_A_CALL: Final = 20
_KEYS: Final = (PLAN, CLUSTER, RUN, PROTECT)
_SORTS: Final = {
    "acl": "network ACL",
    "dopt": "DHCP options",
    "eipalloc": ADDRESS,
    "igw": "internet gateway",
    "nat": NAT_GATEWAY,
    "rtb": "route table",
    "sg": "security group",
    "sgr": "security group rule",
    "subnet": "subnet",
    "vpc": "VPC",
    "vpce": "VPC endpoint",
}
"""What is what in EC2, by the beginnings of ids."""


@dataclass(frozen=True)
class FoundPlan:
    """A plan, as the tags tell it. `clusters` are the values of `ocpprov:cluster`. `first` and `last` are when the
    first and the last run began that made something of what is there, in seconds since 1970, None where no tag says it.
    `sizes` counts what carries its tags by sort, `billed` what costs money by the hour while it is there."""

    name: str
    clusters: Sequence[str]
    first: float | None
    last: float | None
    protected: bool
    sizes: Mapping[str, int]
    billed: Mapping[str, int]


@dataclass(frozen=True)
class _Tagged:
    sort: str
    id: str
    tags: Mapping[str, str]


def find_plans(reader: Reader) -> tuple[Sequence[FoundPlan], Sequence[str]]:
    """The plans by name, and what couldn't be looked at. Raises AwsError where EC2 doesn't tell its tags."""
    listings = (
        read("ec2", "describe_tags", Filters=[{"Name": "key", "Values": list(_KEYS)}]),
        LIST_BALANCERS,
        read("elb", "describe_load_balancers"),
    )
    first = reader.attempt(listings)
    if isinstance(error := first[listings[0]], AwsError):
        raise error
    tagged = list(_in_ec2(_answered(first)))
    second = reader.attempt([*_about(tagged), *_tags_of_balancers(_answered(first))])
    unseen = [f"load balancers weren't looked at: {each}" for each in first.values() if isinstance(each, AwsError)]
    unseen += [f"not all was looked at: {each}" for each in second.values() if isinstance(each, AwsError)]
    alive = _alive(tagged, _answered(second))
    return plans_of([*alive, *_balancers(_answered(second))]), unseen


def _answered(answers: Mapping[Read, Sequence[Mapping[str, Any]] | AwsError]) -> Pages:
    return Pages({made: pages for made, pages in answers.items() if not isinstance(pages, AwsError)})


def _in_ec2(pages: Pages) -> Iterator[_Tagged]:
    tags: dict[str, dict[str, str]] = {}
    for row in pages.items("ec2", "describe_tags", "Tags"):
        tags.setdefault(row["ResourceId"], {})[row["Key"]] = row.get("Value", "")
    for id, its in tags.items():
        yield _Tagged(_SORTS.get(id.partition("-")[0], "other"), id, its)


def _about(tagged: Sequence[_Tagged]) -> Iterator[Read]:
    """What is deleted keeps its tags for an hour, and an endpoint's id doesn't say whether it is billed."""
    sorts = {each.sort for each in tagged if PLAN in each.tags}
    ours = {"Name": "tag-key", "Values": [PLAN]}
    if NAT_GATEWAY in sorts:
        yield read("ec2", "describe_nat_gateways", Filter=[ours])
    if _SORTS["vpce"] in sorts:
        yield read("ec2", "describe_vpc_endpoints", Filters=[ours])


def _tags_of_balancers(pages: Pages) -> Iterator[Read]:
    arns = [each["LoadBalancerArn"] for each in pages.items("elbv2", "describe_load_balancers", "LoadBalancers")]
    classic = pages.items("elb", "describe_load_balancers", "LoadBalancerDescriptions")
    names = [each["LoadBalancerName"] for each in classic]
    for some in _some(arns):
        yield read("elbv2", "describe_tags", ResourceArns=some)
    for some in _some(names):
        yield read("elb", "describe_tags", LoadBalancerNames=some)


def _some(all: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(all), _TAGGED_A_CALL):
        yield list(all[start : start + _TAGGED_A_CALL])


def _alive(tagged: Iterable[_Tagged], pages: Pages) -> Iterator[_Tagged]:
    """What is there, an endpoint under what it is."""
    gone = {
        each["NatGatewayId"]
        for each in pages.items("ec2", "describe_nat_gateways", "NatGateways")
        if each["State"] in ("deleting", "deleted", "failed")
    }
    endpoints = {each["VpcEndpointId"]: each for each in pages.items("ec2", "describe_vpc_endpoints", "VpcEndpoints")}
    for each in tagged:
        endpoint = endpoints.get(each.id, {})
        if each.id in gone or endpoint.get("State", "").lower() in ("deleting", "deleted"):
            continue
        is_interface = endpoint.get("VpcEndpointType") == "Interface"
        yield _Tagged(INTERFACE if is_interface else each.sort, each.id, each.tags)


def _balancers(pages: Pages) -> Iterator[_Tagged]:
    for service, name in (("elbv2", "ResourceArn"), ("elb", "LoadBalancerName")):
        for row in pages.items(service, "describe_tags", "TagDescriptions"):
            yield _Tagged(BALANCER, row[name], {tag["Key"]: tag.get("Value", "") for tag in row["Tags"]})


_BILLED: Final = (NAT_GATEWAY, BALANCER, ADDRESS, INTERFACE)


def plans_of(tagged: Iterable[_Tagged]) -> Sequence[FoundPlan]:
    """The plans that these things belong to by their tags, sorted by name."""
    by_plan: dict[str, list[_Tagged]] = {}
    for each in tagged:
        if PLAN in each.tags:
            by_plan.setdefault(each.tags[PLAN], []).append(each)
    return [_plan(name, by_plan[name]) for name in sorted(by_plan)]


def _plan(name: str, tagged: Sequence[_Tagged]) -> FoundPlan:
    runs = {parse(each.tags.get(RUN, "")) for each in tagged} - {None}
    starts = sorted(run.start for run in runs if run is not None)
    sizes = Counter(each.sort for each in tagged)
    return FoundPlan(
        name,
        sorted({each.tags[CLUSTER] for each in tagged if each.tags.get(CLUSTER)}),
        starts[0] if starts else None,
        starts[-1] if starts else None,
        any(each.tags.get(PROTECT) == PROTECTED for each in tagged),
        dict(sorted(sizes.items())),
        {sort: sizes[sort] for sort in _BILLED if sizes[sort]},
    )
