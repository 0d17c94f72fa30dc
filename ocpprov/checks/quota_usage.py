"""What there is already of what quotas limit, by place, and what is allowed: from the answers of AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from ocpprov.checks.quota_needs import IPV4, IPV6, Counts
from ocpprov.kinds.reads import Pages

Used: TypeAlias = Callable[[Pages], Counts]
Allowed: TypeAlias = Callable[[Pages], int | None]

_GATEWAY_COUNTS: Final = ("pending", "available", "deleting")
"""States in which a NAT gateway counts."""
_GONE: Final = ("deleted", "deleting", "failed", "rejected", "expired")
_LAST_ENTRY: Final = 32767


def nobody(pages: Pages) -> Counts:
    """Nothing is in what is new."""
    return {}


def count(service: str, operation: str, member: str) -> Used:
    return lambda pages: {"": sum(1 for _ in pages.items(service, operation, member))}


def count_in_vpcs(operation: str, member: str) -> Used:
    """Those of each VPC."""
    return lambda pages: Counter(str(each["VpcId"]) for each in pages.items("ec2", operation, member))


def gateways(pages: Pages) -> Counts:
    zones = {
        subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in pages.items("ec2", "describe_subnets", "Subnets")
    }
    found = pages.items("ec2", "describe_nat_gateways", "NatGateways")
    return Counter(zones.get(each["SubnetId"], "") for each in found if each["State"] in _GATEWAY_COUNTS)


def gateway_endpoints(pages: Pages) -> Counts:
    return {"": sum(1 for _ in _endpoints(pages, "Gateway"))}


def interface_endpoints(pages: Pages) -> Counts:
    return Counter(str(each["VpcId"]) for each in _endpoints(pages, "Interface"))


def _endpoints(pages: Pages, type: str) -> Iterator[Mapping[str, Any]]:
    for each in pages.items("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        if each["VpcEndpointType"] == type and each["State"].casefold() != "deleted":
            yield each


def blocks(pages: Pages) -> Counts:
    """IPv4 blocks of VPCs, the first included."""
    found: Counter[str] = Counter()
    for vpc in pages.items("ec2", "describe_vpcs", "Vpcs"):
        states = [each.get("CidrBlockState", {}).get("State") for each in vpc.get("CidrBlockAssociationSet", ())]
        found[str(vpc.get("VpcId"))] = sum(state in ("associated", "associating") for state in states)
    return found


def routes(pages: Pages) -> Counts:
    """Routes that somebody has made."""
    return {
        str(table["RouteTableId"]): sum(each.get("Origin") == "CreateRoute" for each in table.get("Routes", ()))
        for table in pages.items("ec2", "describe_route_tables", "RouteTables")
    }


def entries(*, egress: bool) -> Used:
    """Entries of ACLs in one direction, AWS's own last one of IPv4 included whether or not it is listed."""

    def used(pages: Pages) -> Counts:
        return {
            str(acl["NetworkAclId"]): len(
                {
                    *((each["RuleNumber"]) for each in acl.get("Entries", ()) if each.get("Egress") is egress),
                    _LAST_ENTRY,
                }
            )
            for acl in pages.items("ec2", "describe_network_acls", "NetworkAcls")
        }

    return used


def rules(member: str) -> Used:
    """Rules of groups in one direction (`IpPermissions` or `IpPermissionsEgress`), by family of addresses."""

    def used(pages: Pages) -> Counts:
        found: Counter[str] = Counter()
        for group in pages.items("ec2", "describe_security_groups", "SecurityGroups"):
            for permission in group.get(member, ()):
                both = len(permission.get("UserIdGroupPairs", ())) + len(permission.get("PrefixListIds", ()))
                found[f"{group['GroupId']}{IPV4}"] += both + len(permission.get("IpRanges", ()))
                found[f"{group['GroupId']}{IPV6}"] += both + len(permission.get("Ipv6Ranges", ()))
        return found

    return used


def attachments(pages: Pages) -> Counts:
    found = pages.items("ec2", "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments")
    return Counter(str(each["VpcId"]) for each in found if each["State"] not in _GONE)


def peerings(pages: Pages) -> Counts:
    """Those of each VPC, whichever side it is."""
    found: Counter[str] = Counter()
    for each in pages.items("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"):
        if each.get("Status", {}).get("Code") not in _GONE:
            sides = {each.get(side, {}).get("VpcId") for side in ("RequesterVpcInfo", "AccepterVpcInfo")}
            found.update(str(vpc) for vpc in sides if vpc)
    return found


def network_balancers(pages: Pages) -> Counts:
    found = pages.items("elbv2", "describe_load_balancers", "LoadBalancers")
    return {"": sum(each["Type"] == "network" for each in found)}


def zones(pages: Pages) -> Counts:
    documents = pages.documents("route53", "get_account_limit")
    return {"": next((int(page["Count"]) for _, page in documents), 0)}


def unsaid(pages: Pages) -> int | None:
    """Only Service Quotas tells it, if anybody."""
    return None


def balancing(service: str, name: str) -> Allowed:
    """A limit as DescribeAccountLimits lists it."""

    def allowed(pages: Pages) -> int | None:
        limits = pages.items(service, "describe_account_limits", "Limits")
        return next((int(each["Max"]) for each in limits if each["Name"] == name), None)

    return allowed


def summary(name: str) -> Allowed:
    """A figure of IAM's GetAccountSummary."""

    def figure(pages: Pages) -> int | None:
        documents = pages.documents("iam", "get_account_summary")
        return next((page["SummaryMap"].get(name) for _, page in documents), None)

    return figure


def summed(name: str) -> Used:
    return lambda pages: {"": summary(name)(pages) or 0}


def addresses_allowed(pages: Pages) -> int | None:
    for attribute in pages.items("ec2", "describe_account_attributes", "AccountAttributes"):
        if attribute["AttributeName"] == "vpc-max-elastic-ips":
            return int(attribute["AttributeValues"][0]["AttributeValue"])
    return None


def zones_allowed(pages: Pages) -> int | None:
    documents = pages.documents("route53", "get_account_limit")
    return next((int(page["Limit"]["Value"]) for _, page in documents), None)
