"""VPCs of another account, which shares their subnets with the caller's (VPC user guide, "Share your VPC subnets with
other accounts" and "Responsibilities and permissions for owners and participants")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.operations import parse_xml

OWNER: Final = "210987654321"
"""The account that they belong to."""

_SHOWN: Final = frozenset(("DescribeNetworkAcls", "DescribeRouteTables", "DescribeSubnets", "DescribeVpcs"))
_ALLOWED: Final = frozenset(("CreateNetworkInterface", "CreateSecurityGroup", "RunInstances"))
"""What those may do there with whom a subnet is shared. Balancers are another service's."""


class SharedNetworks:
    """Says whose they are and hides their tags, which are the owner's alone; refuses to change them, and to serve them
    with private zones, in which Route 53 wants the owner's authorisation."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one."""
        shared = aws.conditions.shared
        if not shared or not request.mutating:
            return None
        if request.service == "route53" and request.get("VPC/VPCId") in shared:
            message = "Associating the specified VPC with the specified hosted zone has not been authorized."
            return error(request, "NotAuthorizedException", message, 401)
        if request.service != "ec2" or request.operation in _ALLOWED:
            return None
        if set(request.parameters.values()) & set(_ids_in(shared, aws.ec2(request))):
            return error(request, "UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """The answer, with the owner in it."""
        if not aws.conditions.shared or not answer.ok or request.operation not in _SHOWN:
            return answer
        root = parse_xml(answer.body)
        space = root.tag.partition("}")[0].removeprefix("{")
        for item in root.iter(f"{{{space}}}item"):
            if item.findtext(f"{{{space}}}vpcId") in aws.conditions.shared:
                _give_away(item, space)
        return Answer(answer.status, ElementTree.tostring(root, default_namespace=space), answer.headers)


def _give_away(item: ElementTree.Element, space: str) -> None:
    for owner in item.findall(f"{{{space}}}ownerId"):
        owner.text = OWNER
    for tags in item.findall(f"{{{space}}}tagSet"):
        item.remove(tags)


def _ids_in(shared: frozenset[str], backend: Any) -> Iterator[str]:
    """The VPCs and what the owner has in them."""
    yield from shared
    subnets = (subnet for zone in backend.subnets.values() for subnet in zone.values())
    for each in (*subnets, *backend.route_tables.values(), *backend.network_acls.values()):
        if each.vpc_id in shared:
            yield each.id
