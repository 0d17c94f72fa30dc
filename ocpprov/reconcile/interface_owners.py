"""Whose a network interface is, as far as DescribeNetworkInterfaces says it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from ocpprov.reconcile.interface_services import SERVICES, ManagingService

_MADE_BY_PEOPLE: Final = frozenset({"", "interface", "efa", "efa-only", "trunk", "branch"})
"""Types of what people make, though a service may have asked for one, too. An answer that says another type, and not
who asked for it, is as good."""
_BALANCING: Final = "amazon-elb"


class OwnerSort(Enum):
    """What an interface belongs to. `SERVICE`: something of AWS that no plan has. `UNSAID`: something of AWS, and the
    answer doesn't say of which sort. `NOBODY`: whoever made the interface itself."""

    LOAD_BALANCER = "load balancer"
    ENDPOINT = "VPC endpoint"
    NAT_GATEWAY = "NAT gateway"
    ATTACHMENT = "transit gateway attachment"
    SERVICE = "service"
    INSTANCE = "instance"
    UNSAID = "unsaid"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Interface:
    """One interface. `owner` is the owner's name as its description has it (`net/api/0123`, `vpce-…`, `nat-…`,
    `tgw-attach-…`), or an instance's id; empty where nothing says it. `service` is the row of the service that made
    it, where one is known. `public`: it has a public address. `lingers`: the service has let go of it."""

    id: str
    sort: OwnerSort
    description: str = ""
    owner: str = ""
    requester: str = ""
    service: ManagingService | None = None
    public: bool = False
    lingers: bool = False


def interface_of(item: Mapping[str, Any]) -> Interface:
    """One item of DescribeNetworkInterfaces."""
    description, type = item.get("Description") or "", item.get("InterfaceType") or ""
    attachment = item.get("Attachment") or {}
    operator = item.get("Operator") or {}
    requester = item.get("RequesterId") or attachment.get("InstanceOwnerId") or operator.get("Principal") or ""
    sort, owner, service = OwnerSort.NOBODY, "", None
    if item.get("RequesterManaged") or operator.get("Managed") or type not in _MADE_BY_PEOPLE:
        sort, owner = _named(description)
        service = next((each for each in SERVICES if each.made(description, type, requester)), None)
        if not owner and not service:
            sort = _unnamed(description, type, requester)
    elif attachment.get("InstanceId"):
        sort, owner = OwnerSort.INSTANCE, attachment["InstanceId"]
    return Interface(
        item["NetworkInterfaceId"],
        sort,
        description,
        owner,
        requester,
        service,
        public=bool((item.get("Association") or {}).get("PublicIp")),
        lingers=bool(service and service.lingers and item.get("Status") == "available"),
    )


def _named(description: str) -> tuple[OwnerSort, str]:
    for pattern, sort in _DESCRIPTIONS:
        if found := pattern.match(description):
            return sort, found[1]
    return OwnerSort.SERVICE, ""


_DESCRIPTIONS: Final = (
    (re.compile(r"ELB (\S+)"), OwnerSort.LOAD_BALANCER),
    (re.compile(r"VPC Endpoint Interface (vpce-\w+)"), OwnerSort.ENDPOINT),
    (re.compile(r"Interface for NAT Gateway (nat-\w+)"), OwnerSort.NAT_GATEWAY),
    (re.compile(r"Network Interface for Transit Gateway Attachment (tgw-attach-\w+)"), OwnerSort.ATTACHMENT),
)


def _unnamed(description: str, type: str, requester: str) -> OwnerSort:
    """What is known where neither owner nor service is. NAT gateways name their interfaces themselves; what else plans
    have always has a description, so that without one an answer doesn't say all."""
    if type == "nat_gateway":
        return OwnerSort.NAT_GATEWAY
    told = description or (requester and requester != _BALANCING and type in _MADE_BY_PEOPLE)
    return OwnerSort.SERVICE if told else OwnerSort.UNSAID
