"""How much of each an account may have, and a thing may hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware import quota_counts as counts
from ocpprov.sandbox.middleware.contract import Aws


def _always(request: Request) -> bool:
    return True


@dataclass(frozen=True)
class _Quota:
    """The refusal, how much there is, and how much a request adds. `holds`: for which requests of the operation.
    `{most}` in the message is what is allowed, `{role}` the role that is named."""

    code: str
    message: str
    count: counts.Count
    adds: counts.Count = counts.one
    status: int = 400
    holds: Callable[[Request], bool] = _always


def _reached(what: str) -> str:
    return f"The maximum number of {what} has been reached."


def _iam(quota: str, count: counts.Count, adds: counts.Count = counts.one) -> _Quota:
    return _Quota("LimitExceeded", f"Cannot exceed quota for {quota}: {{most}}", count, adds, 409)


def _is_classic(request: Request) -> bool:
    """Load balancing's first API has another name for it."""
    return bool(request.get("LoadBalancerName"))


# Codes: EC2's list of error codes; the pages of the operations of the other APIs. Sentences: as public reports of such
# refusals have them (rules of a group, ACL entries, IAM); the others are from memory.
_QUOTAS: Final[Mapping[str, _Quota]] = {
    "CreateVpc": _Quota(
        "VpcLimitExceeded", _reached("VPCs"), counts.in_region(lambda request, aws: aws.ec2(request).vpcs)
    ),
    "AssociateVpcCidrBlock": _Quota(
        "CidrLimitExceeded", "This network has met its maximum number of allowed CIDRs: {most}", counts.blocks
    ),
    "CreateSubnet": _Quota("SubnetLimitExceeded", _reached("subnets"), counts.in_network(counts.subnets)),
    "CreateRouteTable": _Quota(
        "RouteTableLimitExceeded",
        _reached("route tables"),
        counts.in_network(lambda request, aws: aws.ec2(request).route_tables.values()),
    ),
    "CreateRoute": _Quota("RouteLimitExceeded", _reached("routes"), counts.routes),
    "CreateNetworkAcl": _Quota(
        "NetworkAclLimitExceeded",
        _reached("network ACLs"),
        counts.in_network(lambda request, aws: aws.ec2(request).network_acls.values()),
    ),
    "CreateNetworkAclEntry": _Quota("NetworkAclEntryLimitExceeded", _reached("network acl entries"), counts.entries),
    "AllocateAddress": _Quota(
        "AddressLimitExceeded",
        _reached("addresses"),
        counts.in_region(lambda request, aws: aws.ec2(request).addresses),
    ),
    "CreateInternetGateway": _Quota(
        "InternetGatewayLimitExceeded",
        _reached("internet gateways"),
        counts.in_region(lambda request, aws: aws.ec2(request).internet_gateways),
    ),
    "CreateNatGateway": _Quota("NatGatewayLimitExceeded", _reached("NAT gateways"), counts.gateways),
    "CreateSecurityGroup": _Quota(
        "SecurityGroupLimitExceeded", _reached("security groups"), counts.in_region(counts.groups)
    ),
    "AuthorizeSecurityGroupIngress": _Quota(
        "RulesPerSecurityGroupLimitExceeded",
        _reached("rules per security group"),
        partial(counts.rules, direction="in"),
        counts.new_rules,
    ),
    "AuthorizeSecurityGroupEgress": _Quota(
        "RulesPerSecurityGroupLimitExceeded",
        _reached("rules per security group"),
        partial(counts.rules, direction="out"),
        counts.new_rules,
    ),
    "CreateVpcEndpoint": _Quota(
        "VpcEndpointLimitExceeded",
        _reached("VPC endpoints"),
        counts.in_region(partial(counts.endpoints, type="Gateway")),
        holds=lambda request: not counts.is_interface(request),
    ),
    "CreateVpcEndpoint:Interface": _Quota(
        "VpcEndpointLimitExceeded",
        _reached("VPC endpoints"),
        counts.in_network(partial(counts.endpoints, type="Interface")),
        holds=counts.is_interface,
    ),
    "CreateVpcEndpoint:SecurityGroups": _Quota(
        "SecurityGroupsPerInterfaceLimitExceeded",
        _reached("security groups per interface"),
        counts.nothing,
        counts.interface_groups,
        holds=counts.is_interface,
    ),
    "CreateTransitGatewayVpcAttachment": _Quota(
        "TransitGatewayAttachmentLimitExceeded", _reached("transit gateway attachments"), counts.attachments
    ),
    "CreateVpcPeeringConnection": _Quota(
        "ActiveVpcPeeringConnectionPerVpcLimitExceeded", _reached("active VPC peering connections"), counts.peerings
    ),
    "CreateLoadBalancer": _Quota(
        "TooManyLoadBalancers",
        "The maximum number of load balancers has been reached",
        counts.in_region(lambda request, aws: aws.elbv2(request).load_balancers),
        holds=lambda request: not _is_classic(request),
    ),
    "CreateLoadBalancer:Classic": _Quota(
        "TooManyLoadBalancers",
        "The maximum number of load balancers has been reached",
        counts.in_region(lambda request, aws: aws.elb(request).load_balancers),
        holds=_is_classic,
    ),
    "CreateListener": _Quota("TooManyListeners", "The maximum number of listeners has been reached", counts.listeners),
    "CreateTargetGroup": _Quota(
        "TooManyTargetGroups",
        "The maximum number of target groups has been reached",
        counts.in_region(lambda request, aws: aws.elbv2(request).target_groups),
    ),
    "RegisterTargets": _Quota(
        "TooManyTargets", "The maximum number of targets has been reached", counts.targets, counts.new_targets
    ),
    "CreateHostedZone": _Quota(
        "TooManyHostedZones",
        "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER",
        counts.in_region(lambda request, aws: aws.route53(request).zones),
    ),
    "ChangeResourceRecordSets": _Quota(
        "InvalidChangeBatch", "Limits Exceeded: MAX_RRSETS_BY_ZONE", counts.records, counts.new_records
    ),
    "AssociateVPCWithHostedZone": _Quota(
        "LimitsExceeded", "Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE", counts.zone_networks
    ),
    "CreateRole": _iam("RolesPerAccount", counts.in_region(lambda request, aws: aws.iam(request).roles)),
    "CreateRole:TrustPolicy": _iam("ACLSizePerRole", counts.nothing, counts.trust_characters),
    "AttachRolePolicy": _iam("PoliciesPerRole", counts.attached_policies),
    "PutRolePolicy": _Quota(
        "LimitExceeded",
        "Maximum policy size of {most} bytes exceeded for role {role}",
        counts.inline_characters,
        counts.document_characters,
        409,
    ),
    "CreatePolicy": _iam("PolicySize", counts.nothing, counts.document_characters),
    "CreateInstanceProfile": _iam(
        "InstanceProfilesPerAccount", counts.in_region(lambda request, aws: aws.iam(request).instance_profiles)
    ),
    "CreateBucket": _Quota(
        "TooManyBuckets",
        "You have attempted to create more buckets than allowed",
        counts.in_region(lambda request, aws: aws.s3(request).buckets),
    ),
}


class Quotas:
    """Refuses what would be too much, as far as a quota is set. What moto has from the start counts, as in AWS."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal."""
        for name, allowed in aws.conditions.quotas.items():
            quota = _QUOTAS.get(name)
            if quota is None or name.partition(":")[0] != request.operation or not quota.holds(request):
                continue
            added = quota.adds(request, aws)
            if added > 0 and quota.count(request, aws) + added > allowed:
                message = quota.message.format(most=allowed, role=request.get("RoleName"))
                return error(request, quota.code, message, quota.status)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer
