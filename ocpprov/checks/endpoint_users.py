"""Who else reaches a service through an endpoint that goes: other plans' subnets, and such as are in no plan.

A gateway serves the subnets of its route tables, an interface that answers under the service's own name its whole VPC.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from ocpprov.engine.ownership import PLAN, RESOURCE, SHARED, identity_tags
from ocpprov.engine.printable import printable
from ocpprov.engine.resources import Live
from ocpprov.kinds.reads import Pages, Read, read_if_allowed

ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_SHOWN: Final = 5


class Reads(Protocol):
    """Whoever asks AWS. Raises AwsError."""

    def read(self, wanted: Sequence[Read], /) -> Mapping[Read, Sequence[Mapping[str, Any]]]: ...


def endpoint_users(going: Sequence[Live], plan: str, given: Container[str], reader: Reads) -> Iterator[str]:
    """A line for each of the endpoints among `going` that others than `plan` use; `given` are the ids of what it names
    as existing, and so uses itself. Two calls where there are endpoints, none otherwise. Raises AwsError."""
    endpoints = [live for live in going if live.type == ENDPOINT and _serves(live)]
    wanted = user_reads(going)
    if not wanted:
        return
    pages = Pages(reader.read(wanted))
    subnets = list(pages.items("ec2", "describe_subnets", "Subnets"))
    tables = list(pages.items("ec2", "describe_route_tables", "RouteTables"))
    for live in endpoints:
        if users := _users(live, plan, given, subnets, tables):
            named = printable(
                f"{identity_tags(live).get(RESOURCE, live.type)} {live.id} "
                f"({live.properties.get('ServiceName', 'of a service that AWS does not name')})"
            )
            more = f" and {len(users) - _SHOWN} more" if len(users) > _SHOWN else ""
            yield f"{named} goes, and others reach the service through it: {', '.join(users[:_SHOWN])}{more}"


def user_reads(going: Sequence[Live]) -> list[Read]:
    """What tells who uses the endpoints among these."""
    endpoints = [live for live in going if live.type == ENDPOINT and _serves(live)]
    vpcs = sorted({vpc for live in endpoints if isinstance(vpc := live.properties.get("VpcId"), str)})
    filters = [{"Name": "vpc-id", "Values": vpcs}]
    operations = ("describe_subnets", "describe_route_tables") if vpcs else ()
    return [read_if_allowed("ec2", each, Filters=filters) for each in operations]


def _serves(live: Live) -> bool:
    return live.properties.get("VpcEndpointType") != "Interface" or bool(live.properties.get("PrivateDnsEnabled"))


def _users(
    live: Live,
    plan: str,
    given: Container[str],
    subnets: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Other plans, each with one of its things, then the subnets that are in no plan."""
    inside = [subnet for subnet in subnets if subnet.get("VpcId") == live.properties.get("VpcId")]
    on: list[Mapping[str, Any]] = []
    if live.properties.get("VpcEndpointType") != "Interface":
        routed = live.properties.get("RouteTableIds")
        on = [table for table in tables if isinstance(routed, Sequence) and table["RouteTableId"] in routed]
        inside = _routed_by(on, inside, tables)
    plans: dict[str, str] = {}
    for thing, id in (
        *((subnet, subnet["SubnetId"]) for subnet in inside),
        *((each, each["RouteTableId"]) for each in on),
    ):
        for name in _plans_of(thing):
            plans.setdefault(name, id)
    plans.pop(plan, None)
    free = {str(subnet["SubnetId"]) for subnet in inside if not _plans_of(subnet)}
    nobodys = sorted(id for id in free if id not in given)
    return [*(printable(f"plan {name} ({plans[name]})") for name in sorted(plans)), *map(printable, nobodys)]


def _routed_by(
    on: Sequence[Mapping[str, Any]], subnets: Sequence[Mapping[str, Any]], tables: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The subnets that one of the tables `on` is for: named in it, or in none where it is the VPC's main one."""
    named = {each.get("SubnetId") for table in tables for each in table.get("Associations", ())}
    here = {each.get("SubnetId") for table in on for each in table.get("Associations", ())}
    main = any(each.get("Main") for table in on for each in table.get("Associations", ()))
    return [each for each in subnets if each["SubnetId"] in here or (main and each["SubnetId"] not in named)]


def _plans_of(thing: Mapping[str, Any]) -> set[str]:
    """The plans that have made it, or marked it as what they use."""
    tags = {tag["Key"]: tag["Value"] for tag in thing.get("Tags", ())}
    shared = {key.removeprefix(SHARED) for key in tags if key.startswith(SHARED)}
    return {*shared, *([tags[PLAN]] if tags.get(PLAN) else [])}
