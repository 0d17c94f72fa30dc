"""VPC endpoints, and the group in front of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from tests.end_to_end.breaking.cases import Breakage, Make, call
from tests.end_to_end.breaking.requirements import row_of
from tests.end_to_end.breaking.rules import new_group
from tests.end_to_end.breaking.site import Site, Thing

_NOTHING: Final = {"Version": "2012-10-17", "Statement": []}
_DENIAL: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def breakages(site: Site) -> Iterator[Breakage]:
    """Of each endpoint."""
    for thing in site.of("AWS::EC2::VPCEndpoint"):
        [endpoint] = site.ec2.describe_vpc_endpoints(VpcEndpointIds=[thing.id])["VpcEndpoints"]
        named, row = (thing.logical_id, thing.id), row_of(thing.logical_id)
        deleted = call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[thing.id])
        yield Breakage(f"delete {thing.logical_id}", row, named, deleted)
        for what, policy in (("a policy that allows nothing", _NOTHING), ("a policy that denies all", _DENIAL)):
            yield Breakage(
                f"{thing.logical_id} with {what}", row, named, _with(thing, PolicyDocument=json.dumps(policy))
            )
        for table in endpoint.get("RouteTableIds", ()):
            yield Breakage(f"{thing.logical_id} without {table}", row, named, _with(thing, RemoveRouteTableIds=[table]))
        if endpoint["VpcEndpointType"] == "Interface":
            yield from _of_interface(thing, row, named, endpoint["SubnetIds"])
        lost = call("ec2", "delete_tags", Resources=[thing.id], Tags=[{"Key": "ocpprov:resource"}])
        yield Breakage(f"{thing.logical_id} without its tags", row, named, lost)


def _with(thing: Thing, **members: object) -> Make:
    return call("ec2", "modify_vpc_endpoint", VpcEndpointId=thing.id, **members)


def _of_interface(thing: Thing, row: str, named: tuple[str, ...], subnets: list[str]) -> Iterator[Breakage]:
    no_names = _with(thing, PrivateDnsEnabled=False)
    yield Breakage(f"{thing.logical_id} without private DNS", row, named, no_names)
    for subnet in subnets:
        left = _with(thing, RemoveSubnetIds=[subnet])
        yield Breakage(f"{thing.logical_id} not in {subnet}", row, named, left)

    def behind_theirs(site: Site) -> None:
        own = site.id("EndpointSecurityGroup")
        theirs = new_group(site, own)
        _with(thing, AddSecurityGroupIds=[theirs], RemoveSecurityGroupIds=[own])(site)

    yield Breakage(f"{thing.logical_id} behind a group of theirs", row, named, behind_theirs)
