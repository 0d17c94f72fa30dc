"""Whether the account may have what the plan is going to make: used, needed and allowed, in numbers.

What a quota allows is asked of the service itself where it tells (Elastic Load Balancing, IAM, Route 53, EC2 for
addresses), and of Service Quotas for the rest; where neither answers, AWS's default is all there is to go by.
Defaults: the quota pages of the services' user guides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ocpprov.checks.result import Check, failed, passed, warned
from ocpprov.engine.actions import Actions
from ocpprov.engine.steps import CreateStep
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.contract import Pages, Read, read, read_if_allowed

AskQuota = Callable[[str, str], float | None]
"""What Service Quotas says of a quota, by service code and quota code; None where it can't be asked."""

Used = Callable[[Pages], Mapping[str, int]]
Needed = Callable[[CreateStep, "_Places"], str | None]

_IN_USE: Final = ("pending", "available", "deleting")
"""States in which a NAT gateway counts."""


@dataclass(frozen=True)
class _Places:
    """Where what isn't there yet is going to be: zones of subnets and ids of VPCs, as far as they are known."""

    actions: Actions
    zones: Mapping[str, str]

    def id(self, value: Value) -> str:
        """An id, or what stands for the id of something that is yet to be made."""
        if isinstance(value, Ref):
            live = self.actions.current.get(value.logical_id)
            return live.id if live else value.logical_id
        return str(value)

    def zone(self, subnet: Value) -> str:
        """The zone of a subnet."""
        if isinstance(subnet, Ref):
            resource = self.actions.graph.resources.get(subnet.logical_id)
            return str(resource.properties.get("AvailabilityZone", "")) if resource else ""
        return self.zones.get(str(subnet), "")


@dataclass(frozen=True)
class Quota:
    """One quota. `reads` tell what is used and, where `allowed` finds it in them, what is allowed; else `code` is what
    Service Quotas knows it by. What is used and needed is counted by place: a zone, a VPC, or nothing in particular."""

    id: str
    name: str
    default: int
    reads: Sequence[Read]
    used: Used
    needed: Needed
    allowed: Callable[[Pages], int | None] = lambda pages: None
    code: tuple[str, str] | None = None


def quotas(
    actions: Actions, zones: Mapping[str, str], read_pages: Callable[[Sequence[Read]], Pages], ask: AskQuota
) -> Iterator[Check]:
    """A result for each quota that the plan draws on. `zones` are those of existing subnets, by id. Raises what
    `read_pages` raises."""
    creates = [step for step in actions.steps if isinstance(step, CreateStep)]
    places = _Places(actions, zones)
    wanted: dict[str, Counter[str]] = {}
    for quota in QUOTAS:
        counted = Counter(place for step in creates if (place := quota.needed(step, places)) is not None)
        if counted:
            wanted[quota.id] = counted
    drawn_on = [quota for quota in QUOTAS if quota.id in wanted]
    pages = read_pages(list(dict.fromkeys(each for quota in drawn_on for each in quota.reads)))
    for quota in drawn_on:
        allowed = quota.allowed(pages)
        if allowed is None and quota.code:
            asked = ask(*quota.code)
            allowed = None if asked is None else int(asked)
        yield _check(quota, wanted[quota.id], quota.used(pages), allowed)


def _check(quota: Quota, wanted: Mapping[str, int], used: Mapping[str, int], allowed: int | None) -> Check:
    """The place that is nearest to its limit stands for all."""
    limit = quota.default if allowed is None else allowed
    place = max(wanted, key=lambda each: used.get(each, 0) + wanted[each])
    needed, present = wanted[place], used.get(place, 0)
    left = max(0, limit - present)
    where = f" in {place}" if place else ""
    source = "" if allowed is not None else " (AWS's default: what this account is allowed couldn't be asked)"
    detail = f"{quota.name}{where}: {present} used, {needed} needed, {left} left of {limit}{source}"
    if needed <= left:
        return passed(quota.id, detail)
    code = f"{quota.code[0]}/{quota.code[1]}" if quota.code else quota.name
    remedy = f"have the quota {code} raised to at least {present + needed}, or remove what isn't needed any more"
    return (warned if allowed is None else failed)(quota.id, detail, remedy)


def _each(type: str) -> Needed:
    return lambda step, places: "" if step.type == type else None


def _count(service: str, operation: str, member: str) -> Used:
    return lambda pages: {"": sum(1 for _ in pages.items(service, operation, member))}


def _groups_needed(step: CreateStep, places: _Places) -> str | None:
    """A VPC comes with a group of its own."""
    return "" if step.type in ("AWS::EC2::SecurityGroup", "AWS::EC2::VPC") else None


def _gateway_needed(step: CreateStep, places: _Places) -> str | None:
    return places.zone(_property(step, "SubnetId")) if step.type == "AWS::EC2::NatGateway" else None


def _gateways_used(pages: Pages) -> Mapping[str, int]:
    zones = {
        subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in pages.items("ec2", "describe_subnets", "Subnets")
    }
    gateways = pages.items("ec2", "describe_nat_gateways", "NatGateways")
    return Counter(zones.get(each["SubnetId"], "") for each in gateways if each["State"] in _IN_USE)


def _interface_needed(step: CreateStep, places: _Places) -> str | None:
    if step.type != "AWS::EC2::VPCEndpoint" or _property(step, "VpcEndpointType") != "Interface":
        return None
    return places.id(_property(step, "VpcId"))


def _gateway_endpoint_needed(step: CreateStep, places: _Places) -> str | None:
    gateway = step.type == "AWS::EC2::VPCEndpoint" and _property(step, "VpcEndpointType") != "Interface"
    return "" if gateway else None


def _endpoints(pages: Pages, type: str) -> list[Mapping[str, Any]]:
    return [
        each
        for each in pages.items("ec2", "describe_vpc_endpoints", "VpcEndpoints")
        if each["VpcEndpointType"] == type and each["State"].casefold() != "deleted"
    ]


def _network_balancer_needed(step: CreateStep, places: _Places) -> str | None:
    network = _property(step, "Type") == "network"
    return "" if network and step.type == "AWS::ElasticLoadBalancingV2::LoadBalancer" else None


def _network_balancers(pages: Pages) -> Mapping[str, int]:
    found = pages.items("elbv2", "describe_load_balancers", "LoadBalancers")
    return {"": sum(each["Type"] == "network" for each in found)}


def _property(step: CreateStep, name: str) -> Value:
    return step.resource.properties.get(name)


def _balancing(service: str, name: str) -> Callable[[Pages], int | None]:
    """A limit as DescribeAccountLimits lists it."""

    def allowed(pages: Pages) -> int | None:
        limits = pages.items(service, "describe_account_limits", "Limits")
        return next((int(each["Max"]) for each in limits if each["Name"] == name), None)

    return allowed


def _summary(name: str) -> Callable[[Pages], int | None]:
    """A figure of IAM's GetAccountSummary."""

    def figure(pages: Pages) -> int | None:
        documents = pages.documents("iam", "get_account_summary")
        return next((page["SummaryMap"].get(name) for _, page in documents), None)

    return figure


def _summed(name: str) -> Used:
    return lambda pages: {"": _summary(name)(pages) or 0}


def _addresses_allowed(pages: Pages) -> int | None:
    for attribute in pages.items("ec2", "describe_account_attributes", "AccountAttributes"):
        if attribute["AttributeName"] == "vpc-max-elastic-ips":
            return int(attribute["AttributeValues"][0]["AttributeValue"])
    return None


def _zones_allowed(pages: Pages) -> int | None:
    documents = pages.documents("route53", "get_account_limit")
    return next((int(page["Limit"]["Value"]) for _, page in documents), None)


def _zones_used(pages: Pages) -> Mapping[str, int]:
    documents = pages.documents("route53", "get_account_limit")
    return {"": next((int(page["Count"]) for _, page in documents), 0)}


_LIMITS: Final = {service: read_if_allowed(service, "describe_account_limits") for service in ("elb", "elbv2")}
_SUMMARY: Final = read_if_allowed("iam", "get_account_summary")
_ADDRESSES: Final = read_if_allowed("ec2", "describe_account_attributes", AttributeNames=["vpc-max-elastic-ips"])
_ZONES: Final = read_if_allowed("route53", "get_account_limit", Type="MAX_HOSTED_ZONES_BY_OWNER")
_ENDPOINTS: Final = read("ec2", "describe_vpc_endpoints")

QUOTAS: Final = (
    Quota(
        "quota-vpcs",
        "VPCs",
        5,
        [read("ec2", "describe_vpcs")],
        _count("ec2", "describe_vpcs", "Vpcs"),
        _each("AWS::EC2::VPC"),
        code=("vpc", "L-F678F1CE"),
    ),
    Quota(
        "quota-internet-gateways",
        "internet gateways",
        5,
        [read("ec2", "describe_internet_gateways")],
        _count("ec2", "describe_internet_gateways", "InternetGateways"),
        _each("AWS::EC2::InternetGateway"),
        code=("vpc", "L-A4707A72"),
    ),
    Quota(
        "quota-addresses",
        "Elastic IP addresses",
        5,
        [read("ec2", "describe_addresses"), _ADDRESSES],
        _count("ec2", "describe_addresses", "Addresses"),
        _each("AWS::EC2::EIP"),
        _addresses_allowed,
        ("ec2", "L-0263D0A3"),
    ),
    Quota(
        "quota-nat-gateways",
        "NAT gateways of a zone",
        5,
        [read("ec2", "describe_nat_gateways"), read("ec2", "describe_subnets")],
        _gateways_used,
        _gateway_needed,
        code=("vpc", "L-FE5A380F"),
    ),
    Quota(
        "quota-security-groups",
        "security groups",
        2500,
        [read("ec2", "describe_security_groups")],
        _count("ec2", "describe_security_groups", "SecurityGroups"),
        _groups_needed,
        code=("vpc", "L-E79EC296"),
    ),
    Quota(
        "quota-gateway-endpoints",
        "gateway endpoints",
        20,
        [_ENDPOINTS],
        lambda pages: {"": len(_endpoints(pages, "Gateway"))},
        _gateway_endpoint_needed,
        code=("vpc", "L-1B52E74A"),
    ),
    Quota(
        "quota-interface-endpoints",
        "interface endpoints of a VPC",
        50,
        [_ENDPOINTS],
        lambda pages: Counter(each["VpcId"] for each in _endpoints(pages, "Interface")),
        _interface_needed,
        code=("vpc", "L-29B6F2EB"),
    ),
    Quota(
        "quota-network-load-balancers",
        "network load balancers",
        50,
        [read("elbv2", "describe_load_balancers"), _LIMITS["elbv2"]],
        _network_balancers,
        _network_balancer_needed,
        _balancing("elbv2", "network-load-balancers"),
        ("elasticloadbalancing", "L-69A177A2"),
    ),
    Quota(
        "quota-target-groups",
        "target groups",
        3000,
        [read("elbv2", "describe_target_groups"), _LIMITS["elbv2"]],
        _count("elbv2", "describe_target_groups", "TargetGroups"),
        _each("AWS::ElasticLoadBalancingV2::TargetGroup"),
        _balancing("elbv2", "target-groups"),
        ("elasticloadbalancing", "L-B22855CB"),
    ),
    Quota(
        "quota-classic-load-balancers",
        "classic load balancers",
        20,
        [read("elb", "describe_load_balancers"), _LIMITS["elb"]],
        _count("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
        _each("AWS::ElasticLoadBalancing::LoadBalancer"),
        _balancing("elb", "classic-load-balancers"),
    ),
    Quota(
        "quota-hosted-zones",
        "hosted zones",
        500,
        [_ZONES],
        _zones_used,
        _each("AWS::Route53::HostedZone"),
        _zones_allowed,
    ),
    Quota("quota-roles", "roles", 1000, [_SUMMARY], _summed("Roles"), _each("AWS::IAM::Role"), _summary("RolesQuota")),
    Quota(
        "quota-instance-profiles",
        "instance profiles",
        1000,
        [_SUMMARY],
        _summed("InstanceProfiles"),
        _each("AWS::IAM::InstanceProfile"),
        _summary("InstanceProfilesQuota"),
    ),
    Quota(
        "quota-buckets",
        "buckets",
        10000,
        [read("s3", "list_buckets")],
        _count("s3", "list_buckets", "Buckets"),
        _each("AWS::S3::Bucket"),
        code=("s3", "L-DC2B2D3D"),
    ),
)
