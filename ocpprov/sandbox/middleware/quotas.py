"""How much of each an account may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws


@dataclass(frozen=True)
class _Quota:
    """The refusal, and how many there are."""

    code: str
    message: str
    count: Callable[[Request, Aws], int]
    status: int = 400


def _groups(request: Request, aws: Aws) -> int:
    return sum(len(groups) for groups in aws.ec2(request).groups.values())


def _subnets(request: Request, aws: Aws) -> Iterable[Any]:
    return [subnet for zone in aws.ec2(request).subnets.values() for subnet in zone.values()]


def _gateways(request: Request, aws: Aws) -> int:
    """Those in the zone of the new one."""
    zones = {subnet.id: subnet.availability_zone for subnet in _subnets(request, aws)}
    wanted = zones.get(request.get("SubnetId"))
    return sum(
        each.state not in ("deleted", "failed") and (wanted is None or zones.get(each.subnet_id) == wanted)
        for each in aws.ec2(request).nat_gateways.values()
    )


def _endpoints(request: Request, aws: Aws) -> int:
    """Gateways count in the region, interfaces in their VPC."""
    wanted, vpc_id = request.get("VpcEndpointType") or "Gateway", request.get("VpcId")
    return sum(
        (each.vpc_endpoint_type or "Gateway") == wanted and (wanted == "Gateway" or each.vpc_id == vpc_id)
        for each in aws.ec2(request).vpc_end_points.values()
        if each.state.lower() not in ("deleting", "deleted")
    )


def _of_network(things: Callable[[Request, Aws], Iterable[Any]]) -> Callable[[Request, Aws], int]:
    """Those in the VPC of the new one."""
    return lambda request, aws: sum(each.vpc_id == request.get("VpcId") for each in things(request, aws))


# Codes: EC2's list of error codes; the CreateX pages of the other APIs.
_QUOTAS: Mapping[str, _Quota] = {
    "CreateVpc": _Quota(
        "VpcLimitExceeded", "The maximum number of VPCs has been reached.", lambda req, aws: len(aws.ec2(req).vpcs)
    ),
    "CreateSubnet": _Quota(
        "SubnetLimitExceeded", "The maximum number of subnets has been reached.", _of_network(_subnets)
    ),
    "CreateRouteTable": _Quota(
        "RouteTableLimitExceeded",
        "The maximum number of route tables has been reached.",
        _of_network(lambda request, aws: aws.ec2(request).route_tables.values()),
    ),
    "CreateNetworkAcl": _Quota(
        "NetworkAclLimitExceeded",
        "The maximum number of network ACLs has been reached.",
        _of_network(lambda request, aws: aws.ec2(request).network_acls.values()),
    ),
    "AllocateAddress": _Quota(
        "AddressLimitExceeded",
        "The maximum number of addresses has been reached.",
        lambda request, aws: len(aws.ec2(request).addresses),
    ),
    "CreateInternetGateway": _Quota(
        "InternetGatewayLimitExceeded",
        "The maximum number of internet gateways has been reached.",
        lambda request, aws: len(aws.ec2(request).internet_gateways),
    ),
    "CreateNatGateway": _Quota(
        "NatGatewayLimitExceeded", "The maximum number of NAT gateways has been reached.", _gateways
    ),
    "CreateSecurityGroup": _Quota(
        "SecurityGroupLimitExceeded", "The maximum number of security groups has been reached.", _groups
    ),
    "CreateVpcEndpoint": _Quota(
        "VpcEndpointLimitExceeded",
        "The maximum number of VPC endpoints has been reached.",
        _endpoints,
    ),
    "CreateLoadBalancer": _Quota(
        "TooManyLoadBalancers",
        "The maximum number of load balancers has been reached",
        lambda request, aws: len(aws.elbv2(request).load_balancers),
    ),
    "CreateTargetGroup": _Quota(
        "TooManyTargetGroups",
        "The maximum number of target groups has been reached",
        lambda request, aws: len(aws.elbv2(request).target_groups),
    ),
    "CreateHostedZone": _Quota(
        "TooManyHostedZones",
        "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER",
        lambda request, aws: len(aws.route53(request).zones),
    ),
    "CreateRole": _Quota(
        "LimitExceeded",
        "Cannot exceed quota for RolesPerAccount",
        lambda request, aws: len(aws.iam(request).roles),
        409,
    ),
    "CreateInstanceProfile": _Quota(
        "LimitExceeded",
        "Cannot exceed quota for InstanceProfilesPerAccount",
        lambda request, aws: len(aws.iam(request).instance_profiles),
        409,
    ),
    "CreateBucket": _Quota(
        "TooManyBuckets",
        "You have attempted to create more buckets than allowed",
        lambda request, aws: len(aws.s3(request).buckets),
    ),
}


class Quotas:
    """Refuses what would be one too many, as far as a quota is set. What moto has from the start counts, as in AWS."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal."""
        allowed, quota = aws.conditions.quotas.get(request.operation), _QUOTAS.get(request.operation)
        if allowed is None or quota is None or quota.count(request, aws) < allowed:
            return None
        return error(request, quota.code, quota.message, quota.status)

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
