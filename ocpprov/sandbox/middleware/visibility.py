"""What is new isn't seen everywhere at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.listings import Listed, filters, listing_of
from ocpprov.sandbox.middleware.contract import Aws

_MAKING = re.compile(r"(Create|Allocate|Authorize)")
_ID = re.compile(rb"\b(?:acl|dopt|eipalloc|igw|nat|pcx|rtb|sg|sgr|subnet|vpc|vpce)-[0-9a-f]{8,17}\b")
_ARN = re.compile(rb"arn:[\w-]+:elasticloadbalancing:[^<\s]+")
_IAM_NAMES = ("RoleName", "InstanceProfileName")

# The codes are those of the EC2 API's error code list, spelled as there; of two spellings the operation decides.
_MISSING: Mapping[str, str] = {
    "acl": "InvalidNetworkAclID.NotFound",
    "dopt": "InvalidDhcpOptionID.NotFound",
    "eipalloc": "InvalidAllocationID.NotFound",
    "igw": "InvalidInternetGatewayID.NotFound",
    "nat": "InvalidNatGatewayID.NotFound",
    "pcx": "InvalidVpcPeeringConnectionID.NotFound",
    "rtb": "InvalidRouteTableID.NotFound",
    "sg": "InvalidGroup.NotFound",
    "sgr": "InvalidSecurityGroupRuleId.NotFound",
    "subnet": "InvalidSubnetID.NotFound",
    "vpc": "InvalidVpcID.NotFound",
    "vpce": "InvalidVpcEndpointId.NotFound",
}
_MISSING_IN: Mapping[tuple[str, str], str] = {
    ("CreateRoute", "igw"): "InvalidGatewayID.NotFound",
    ("CreateVpcEndpoint", "rtb"): "InvalidRouteTableId.NotFound",
    ("DeleteNatGateway", "nat"): "NatGatewayNotFound",
    ("DescribeNatGateways", "nat"): "NatGatewayNotFound",
}
_MISSING_BALANCING: Mapping[str, str] = {
    ":loadbalancer/": "LoadBalancerNotFound",
    ":targetgroup/": "TargetGroupNotFound",
    ":listener/": "ListenerNotFound",
    "subnet-": "SubnetNotFound",
    "sg-": "InvalidSecurityGroup",
    "vpc-": "ValidationError",
    "eipalloc-": "AllocationIdNotFound",
}


class Visibility:
    """New things of EC2, load balancing and IAM stay unseen for a while, by id and by tag, perhaps now and then seen.

    Route 53 and S3 show what they have made at once.
    """

    def __init__(self) -> None:
        self._born: dict[str, float] = {}
        self._looks: Counter[str] = Counter()

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Refuses to know what the caller names too early."""
        if not aws.conditions.unseen_by_id:
            return None
        for value in _named(request):
            if self._unseen(value, aws.conditions.unseen_by_id, aws):
                return _missing(request, value)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Leaves what is too new out of lists, and notes when things are made."""
        if not answer.ok:
            return answer
        if _MAKING.match(request.operation):
            for made in _made(request, answer):
                self._born.setdefault(made, aws.now())
            return answer
        listing = listing_of(request)
        seconds = _lag(request, aws)
        if listing is None or not seconds:
            return answer
        listed, named = Listed(answer, listing), set(_named(request))
        seen = [entry for id_, entry in listed.entries() if id_ in named or not self._unseen(id_, seconds, aws)]
        return answer if len(seen) == len(listed.entries()) else listed.keep(seen)

    def _unseen(self, id_: str, seconds: float, aws: Aws) -> bool:
        if aws.now() >= self._born.get(id_, -seconds) + seconds:
            return False
        self._looks[id_] += 1
        return not aws.conditions.flapping or self._looks[id_] % 2 == 0


def _lag(request: Request, aws: Aws) -> float:
    by_tag = request.operation == "DescribeTags" or any(name.startswith("tag") for name in filters(request))
    return aws.conditions.unseen_by_tag if by_tag else aws.conditions.unseen_by_id


def _named(request: Request) -> Iterator[str]:
    """What the call speaks of: whatever stands in its parameters, except for conditions of a search."""
    if request.service == "iam":
        yield from (f"{name}/{request.get(name)}" for name in _IAM_NAMES if request.operation != f"Create{name[:-4]}")
        return
    searching = bool(filters(request))
    for key, value in request.parameters.items():
        if not (searching and key.startswith("Filter.")):
            yield value


def _made(request: Request, answer: Answer) -> Iterator[str]:
    if request.service == "ec2":
        given = set(request.parameters.values())
        yield from (found for found in map(bytes.decode, _ID.findall(answer.body)) if found not in given)
    elif request.service == "elasticloadbalancing":
        given = set(request.parameters.values())
        yield from (found for found in map(bytes.decode, _ARN.findall(answer.body)) if found not in given)
    elif request.service == "iam":
        yield from (f"{name}/{request.get(name)}" for name in _IAM_NAMES if request.operation == f"Create{name[:-4]}")


def _missing(request: Request, value: str) -> Answer:
    if request.service == "iam":
        kind, _, name = value.partition("/")
        noun = {"RoleName": "role", "InstanceProfileName": "instance profile"}[kind]
        return error(request, "NoSuchEntity", f"The {noun} with name {name} cannot be found.", 404)
    if request.service == "elasticloadbalancing":
        code = next(code for part, code in _MISSING_BALANCING.items() if part in value)
        return error(request, code, f"'{value}' is not found")
    prefix = value.partition("-")[0]
    code = _MISSING_IN.get((request.operation, prefix), _MISSING[prefix])
    return error(request, code, f"The {prefix} ID '{value}' does not exist")
