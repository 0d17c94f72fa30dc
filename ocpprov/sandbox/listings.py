"""How AWS lists its things: which element holds an entry, and which one of it the entry's own id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.operations import parse_xml


@dataclass(frozen=True)
class Listing:
    """`entries` is the element around the entries, `id` the one of an entry's id. `token` and `next` are the parameter
    that asks for a page and the element that names the next one; empty for a call without pages."""

    entries: str
    id: str
    token: str = "NextToken"
    next: str = "nextToken"


def _balancing(entries: str, id: str) -> Listing:
    return Listing(entries, id, "Marker", "NextMarker")


LISTINGS: Mapping[tuple[str, str], Listing] = {
    ("ec2", "DescribeAddresses"): Listing("addressesSet", "allocationId", "", ""),
    ("ec2", "DescribeDhcpOptions"): Listing("dhcpOptionsSet", "dhcpOptionsId"),
    ("ec2", "DescribeInstances"): Listing("reservationSet", "reservationId"),
    ("ec2", "DescribeInternetGateways"): Listing("internetGatewaySet", "internetGatewayId"),
    ("ec2", "DescribeNatGateways"): Listing("natGatewaySet", "natGatewayId"),
    ("ec2", "DescribeNetworkAcls"): Listing("networkAclSet", "networkAclId"),
    ("ec2", "DescribeNetworkInterfaces"): Listing("networkInterfaceSet", "networkInterfaceId"),
    ("ec2", "DescribeRouteTables"): Listing("routeTableSet", "routeTableId"),
    ("ec2", "DescribeSecurityGroupRules"): Listing("securityGroupRuleSet", "securityGroupRuleId"),
    ("ec2", "DescribeSecurityGroups"): Listing("securityGroupInfo", "groupId"),
    ("ec2", "DescribeSubnets"): Listing("subnetSet", "subnetId"),
    ("ec2", "DescribeTags"): Listing("tagSet", "resourceId"),
    ("ec2", "DescribeVpcEndpoints"): Listing("vpcEndpointSet", "vpcEndpointId"),
    ("ec2", "DescribeVpcPeeringConnections"): Listing("vpcPeeringConnectionSet", "vpcPeeringConnectionId"),
    ("ec2", "DescribeVpcs"): Listing("vpcSet", "vpcId"),
    ("elasticloadbalancing", "DescribeListeners"): _balancing("Listeners", "ListenerArn"),
    ("elasticloadbalancing", "DescribeLoadBalancers"): _balancing("LoadBalancers", "LoadBalancerArn"),
    ("elasticloadbalancing", "DescribeTargetGroups"): _balancing("TargetGroups", "TargetGroupArn"),
}

_FILTER = re.compile(r"Filter\.\d+\.Name$")


def listing_of(request: Request) -> Listing | None:
    """How the answer to this call lists things, if it does."""
    return LISTINGS.get((request.service, request.operation))


def filters(request: Request) -> list[str]:
    """The names of an EC2 call's filters."""
    return [value for key, value in request.parameters.items() if _FILTER.match(key)]


class Listed:
    """An answer that lists things, to be cut down. An answer without a list has no entries."""

    def __init__(self, answer: Answer, listing: Listing) -> None:
        self._answer = answer
        self._listing = listing
        self._root = parse_xml(answer.body)
        self._around = self._root.find(f".//{{*}}{listing.entries}")

    def entries(self) -> list[tuple[str, ElementTree.Element]]:
        """The id of each entry, empty where there is none, and the entry."""
        around = self._around if self._around is not None else ()
        return [((entry.findtext(f"{{*}}{self._listing.id}") or ""), entry) for entry in around]

    def keep(self, entries: list[ElementTree.Element], next_page: str = "") -> Answer:
        """The answer with these entries only, and where to go on."""
        if self._around is None:
            return self._answer
        self._around[:] = entries
        if next_page:
            self._name_next(next_page)
        headers = tuple(header for header in self._answer.headers if header[0].lower() != "content-length")
        return Answer(self._answer.status, ElementTree.tostring(self._root), headers)

    def _name_next(self, token: str) -> None:
        result = next(parent for parent in self._root.iter() if self._around in list(parent))
        for old in result.findall(f"{{*}}{self._listing.next}"):
            result.remove(old)
        ElementTree.SubElement(result, self._listing.next).text = token
