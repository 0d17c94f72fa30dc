"""What an account may have, as each service tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from ocpprov.sandbox.default_quotas import default_quotas
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws

_IN_NOBODYS_WAY: Final = 1000
_CODES: Final[Mapping[tuple[str, str], str]] = {
    ("vpc", "L-F678F1CE"): "CreateVpc",
    ("vpc", "L-A4707A72"): "CreateInternetGateway",
    ("vpc", "L-FE5A380F"): "CreateNatGateway",
    ("vpc", "L-E79EC296"): "CreateSecurityGroup",
    ("vpc", "L-1B52E74A"): "CreateVpcEndpoint",
    ("vpc", "L-29B6F2EB"): "CreateVpcEndpoint:Interface",
    ("vpc", "L-407747CB"): "CreateSubnet",
    ("vpc", "L-589F43AA"): "CreateRouteTable",
    ("vpc", "L-93826ACB"): "CreateRoute",
    ("vpc", "L-B4A6D682"): "CreateNetworkAcl",
    ("vpc", "L-2AEEBF1A"): "CreateNetworkAclEntry",
    ("vpc", "L-0EA8095F"): "AuthorizeSecurityGroupIngress",
    ("vpc", "L-2AFB9258"): "CreateVpcEndpoint:SecurityGroups",
    ("vpc", "L-83CA0A9D"): "AssociateVpcCidrBlock",
    ("ec2", "L-0263D0A3"): "AllocateAddress",
    ("s3", "L-DC2B2D3D"): "CreateBucket",
}
"""Service Quotas' codes, and the quota's name here. Rules of a group have one for both directions."""


class AccountLimits:
    """Tells the quotas of the conditions, else numbers that are in nobody's way: the sandbox refuses nothing then."""

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The answer to a question about a limit."""
        match request.service, request.operation:
            case "servicequotas", "GetServiceQuota":
                return _service_quota(request, aws)
            case "ec2", "DescribeAccountAttributes":
                return _addresses(aws)
            case "elasticloadbalancing", "DescribeAccountLimits":
                return _balancing_limits(aws)
            case "iam", "GetAccountSummary":
                return _iam_summary(request, aws)
            case "route53", "GetHostedZoneLimit":
                return _zone_limit(request, aws)
            case "route53", "GetAccountLimit":
                return _zones(request, aws)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _allowed(operation: str, aws: Aws) -> int:
    return aws.conditions.quotas.get(operation, max(default_quotas()[operation], _IN_NOBODYS_WAY))


def _service_quota(request: Request, aws: Aws) -> Answer | None:
    """None for a code that isn't known here: moto has its own answer."""
    service, code = request.get("ServiceCode"), request.get("QuotaCode")
    operation = _CODES.get((service, code))
    if not operation:
        return None
    document = {"Quota": {"ServiceCode": service, "QuotaCode": code, "Value": float(_allowed(operation, aws))}}
    return Answer(200, json.dumps(document).encode(), (("Content-Type", "application/x-amz-json-1.1"),))


def _addresses(aws: Aws) -> Answer:
    return _xml(
        "<DescribeAccountAttributesResponse><accountAttributeSet><item>"
        "<attributeName>vpc-max-elastic-ips</attributeName><attributeValueSet><item>"
        f"<attributeValue>{_allowed('AllocateAddress', aws)}</attributeValue></item></attributeValueSet>"
        "</item></accountAttributeSet></DescribeAccountAttributesResponse>"
    )


def _balancing_limits(aws: Aws) -> Answer:
    limits = {
        "network-load-balancers": "CreateLoadBalancer",
        "classic-load-balancers": "CreateLoadBalancer:Classic",
        "target-groups": "CreateTargetGroup",
        "listeners-per-network-load-balancer": "CreateListener",
        "targets-per-target-group": "RegisterTargets",
    }
    members = "".join(
        f"<member><Name>{name}</Name><Max>{_allowed(operation, aws)}</Max></member>"
        for name, operation in limits.items()
    )
    return _xml(
        f"<DescribeAccountLimitsResponse><DescribeAccountLimitsResult><Limits>{members}</Limits>"
        "</DescribeAccountLimitsResult></DescribeAccountLimitsResponse>"
    )


def _iam_summary(request: Request, aws: Aws) -> Answer:
    iam = aws.iam(request)
    figures = {
        "Roles": len(iam.roles),
        "RolesQuota": _allowed("CreateRole", aws),
        "InstanceProfiles": len(iam.instance_profiles),
        "InstanceProfilesQuota": _allowed("CreateInstanceProfile", aws),
        "AttachedPoliciesPerRoleQuota": _allowed("AttachRolePolicy", aws),
        "AssumeRolePolicySizeQuota": _allowed("CreateRole:TrustPolicy", aws),
        "PolicySizeQuota": _allowed("CreatePolicy", aws),
        "RolePolicySizeQuota": _allowed("PutRolePolicy", aws),
    }
    entries = "".join(f"<entry><key>{name}</key><value>{figure}</value></entry>" for name, figure in figures.items())
    return _xml(
        f"<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap>{entries}</SummaryMap>"
        "</GetAccountSummaryResult></GetAccountSummaryResponse>"
    )


def _zones(request: Request, aws: Aws) -> Answer:
    most, count = _allowed("CreateHostedZone", aws), len(aws.route53(request).zones)
    return _xml(
        '<GetAccountLimitResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">'
        f"<Limit><Type>{request.get('Type')}</Type><Value>{most}</Value></Limit><Count>{count}</Count>"
        "</GetAccountLimitResponse>"
    )


def _zone_limit(request: Request, aws: Aws) -> Answer | None:
    """None for a zone that isn't there: moto has its own answer."""
    zone = aws.route53(request).zones.get(request.get("HostedZoneId"))
    if zone is None:
        return None
    of_records = request.get("Type") == "MAX_RRSETS_BY_ZONE"
    most = _allowed("ChangeResourceRecordSets" if of_records else "AssociateVPCWithHostedZone", aws)
    count = len(zone.rrsets if of_records else zone.vpcs)
    return _xml(
        '<GetHostedZoneLimitResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/">'
        f"<Limit><Type>{request.get('Type')}</Type><Value>{most}</Value></Limit><Count>{count}</Count>"
        "</GetHostedZoneLimitResponse>"
    )


def _xml(text: str) -> Answer:
    return Answer(200, text.encode(), (("Content-Type", "text/xml"),))
