"""Refusals: by whose policy, or for want of a permission."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import CALLER, DOCS, ISSUES, Row

NOT_AUTHORIZED: Final = "You are not authorized to perform this operation."
ROLE: Final = "arn:aws:iam::123456789012:role/lab-MasterIamRole"
_ROLES: Final = ("iam.permissionsBoundary", "iam.instanceProfiles", "--without iam")
_ADMINISTRATORS: Final = "Ask the organisation's administrators to allow it here"
_GUIDE: Final = f"{DOCS}IAM/latest/UserGuide/troubleshoot_access-denied.html"

REFUSED_BY_A_POLICY: Final = (
    Row(
        *("iam", "CreateRole", 403, "AccessDenied"),
        f"{CALLER}: iam:CreateRole on resource: {ROLE} with an explicit deny in a service control policy",
        f"{ISSUES}kubernetes-sigs/aws-load-balancer-controller/issues/2322",
        *(ErrorClass.DENIED, "service-control-policy", ("denies iam:CreateRole", _ADMINISTRATORS, *_ROLES)),
    ),
    Row(
        *("ec2", "CreateVpc", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} {CALLER}: ec2:CreateVpc on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/* with an "
        "explicit deny in a service control policy: arn:aws:organizations::210987654321:policy/o-1/"
        "service_control_policy/p-1",
        "https://devopsaitoolkit.com/blog/aws-error-scp-explicit-deny",
        *(ErrorClass.DENIED, "service-control-policy", ("denies ec2:CreateVpc", _ADMINISTRATORS)),
    ),
    Row(
        *("s3", "CreateBucket", 403, "AccessDenied"),
        f"{CALLER}: s3:CreateBucket because no service control policy allows the s3:CreateBucket action",
        _GUIDE,
        *(ErrorClass.DENIED, "service-control-policy", ("doesn't allow s3:CreateBucket", _ADMINISTRATORS)),
    ),
    Row(
        *("s3", "PutObject", 403, "AccessDenied"),
        f"{CALLER}: s3:PutObject on resource: arn:aws:s3:::lab with an explicit deny in a resource control policy",
        _GUIDE,
        *(ErrorClass.DENIED, "resource-control-policy", ("denies s3:PutObject", _ADMINISTRATORS)),
    ),
    Row(
        *("iam", "PutRolePolicy", 403, "AccessDenied"),
        f"{CALLER}: iam:PutRolePolicy on resource: {ROLE} because no permissions boundary allows the iam:PutRolePolicy "
        "action",
        f"{ISSUES}nebari-dev/nebari/issues/2152",
        *(ErrorClass.DENIED, "permissions-boundary", ("doesn't allow iam:PutRolePolicy", "set the boundary", *_ROLES)),
    ),
    Row(
        *("ec2", "CreateNatGateway", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} {CALLER}: ec2:CreateNatGateway on resource: arn:aws:ec2:eu-west-1:1:subnet/subnet-1 with an "
        "explicit deny in a permissions boundary",
        _GUIDE,
        *(ErrorClass.DENIED, "permissions-boundary", ("denies ec2:CreateNatGateway", "set the boundary")),
    ),
    Row(
        *("ec2", "CreateVpc", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} {CALLER}: ec2:CreateVpc on resource: * because no session policy allows the ec2:CreateVpc "
        "action",
        f"{ISSUES}aws/aws-sdk-js/issues/4303",
        *(ErrorClass.DENIED, "session-policy", ("doesn't allow ec2:CreateVpc", "credentials without such a policy")),
    ),
    Row(
        *("s3", "PutObject", 403, "AccessDenied"),
        f"{CALLER}: s3:PutObject on resource: arn:aws:s3:::lab/b with an explicit deny in a VPC endpoint policy",
        _GUIDE,
        *(ErrorClass.DENIED, "vpc-endpoint-policy", ("denies s3:PutObject", "the endpoint's owner")),
    ),
    Row(
        *("ec2", "DescribeVpcs", 403, "UnauthorizedOperation"),
        f"{CALLER}: ec2:DescribeVpcs because no VPC endpoint policy allows the ec2:DescribeVpcs action",
        _GUIDE,
        *(ErrorClass.DENIED, "vpc-endpoint-policy", ("doesn't allow ec2:DescribeVpcs", "reach the service another")),
    ),
    Row(
        *("s3", "ListObjectsV2", 403, "AccessDenied"),
        f"{CALLER}: s3:ListBucket on resource: arn:aws:s3:::lab with an explicit deny in a resource-based policy",
        f"{ISSUES}noobaa/noobaa-core/issues/10060",
        *(ErrorClass.DENIED, "resource-based-policy", ("policy of the resource itself", "denies s3:ListBucket")),
    ),
    Row(
        *("sts", "AssumeRole", 403, "AccessDenied"),
        f"{CALLER}: sts:AssumeRole on resource: {ROLE} because no role trust policy allows the sts:AssumeRole action",
        _GUIDE,
        *(ErrorClass.DENIED, "role-trust-policy", ("doesn't allow sts:AssumeRole", "whom a role trusts")),
    ),
    Row(
        *("iam", "TagRole", 403, "AccessDenied"),
        f"{CALLER}: iam:TagRole on resource: {ROLE} with an explicit deny in an identity-based policy",
        f"{ISSUES}aws-cloudformation/cloudformation-coverage-roadmap/issues/1859",
        *(ErrorClass.DENIED, "identity-based-policy", ("stronger than any permission", "denies iam:TagRole")),
    ),
    Row(
        *("iam", "CreateRole", 403, "AccessDenied"),
        f"{CALLER}: iam:CreateRole on resource: {ROLE} with an explicit deny",
        f"{ISSUES}aws/chalice/issues/1716",
        *(ErrorClass.DENIED, "some-policy", ("Some policy explicitly denies iam:CreateRole", *_ROLES)),
    ),
    Row(
        *("sts", "AssumeRole", 403, "AccessDenied"),
        "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/y",
        f"{ISSUES}amzn/selling-partner-api-docs/issues/564",
        *(ErrorClass.DENIED, "trust", ("Have the role trust", "allow them sts:AssumeRole")),
    ),
    Row(
        *("sts", "AssumeRole", 403, "AccessDenied"),
        "Not authorized to perform sts:AssumeRole",
        f"{ISSUES}Netflix/security_monkey/issues/732",
        *(ErrorClass.DENIED, "trust", ("Have the role trust", "allow them sts:AssumeRole")),
    ),
)
MISSING_PERMISSION: Final = (
    Row(
        *("iam", "CreateRole", 403, "AccessDenied"),
        f"{CALLER}: iam:CreateRole on resource: {ROLE}",
        f"{ISSUES}openshift/installer/issues/2319",
        *(ErrorClass.DENIED, "permission", ("permission for iam:CreateRole", *_ROLES)),
    ),
    Row(
        *("ec2", "CreateInternetGateway", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} {CALLER}: ec2:CreateInternetGateway on resource: arn:aws:ec2:eu-west-2:1:internet-gateway/* "
        "because no identity-based policy allows the ec2:CreateInternetGateway action",
        f"{ISSUES}ministryofjustice/modernisation-platform/pull/6506",
        *(ErrorClass.DENIED, "permission", ("permission for ec2:CreateInternetGateway",)),
    ),
    Row(
        *("ec2", "CreateVpcEndpoint", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} {CALLER}: ec2:CreateVpcEndpoint on resource: arn:aws:ec2:eu-west-2:1:vpc-endpoint/* because "
        "no identity-based policy allows the vpce:AllowMultiRegion action.",
        f"{ISSUES}ministryofjustice/modernisation-platform/pull/12326",
        *(ErrorClass.DENIED, "permission", ("permission for vpce:AllowMultiRegion",)),
    ),
    Row(
        *("elbv2", "CreateLoadBalancer", 403, "AccessDenied"),
        f"{CALLER}: iam:CreateServiceLinkedRole on resource: arn:aws:iam::1:role/aws-service-role/"
        "elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing",
        f"{ISSUES}openshift/openshift-docs/issues/31545",
        *(ErrorClass.DENIED, "permission", ("permission for iam:CreateServiceLinkedRole",)),
    ),
    Row(
        *("route53", "CreateHostedZone", 403, "AccessDenied"),
        f"{CALLER}: route53:AssociateVPCWithHostedZone on resource: arn:aws:ec2:us-east-1:1:vpc/vpc-1 because no "
        "identity-based policy allows the route53:AssociateVPCWithHostedZone action",
        f"{ISSUES}mattclay/aws-terminator/pull/261",
        *(ErrorClass.DENIED, "permission", ("permission for route53:AssociateVPCWithHostedZone",)),
    ),
    Row(
        *("ec2", "CreateSubnet", 403, "UnauthorizedOperation"),
        NOT_AUTHORIZED,
        f"{ISSUES}hashicorp/terraform/issues/23756",
        *(ErrorClass.DENIED, "permission", ("permission for CreateSubnet", "permissions boundary refuses: ask who")),
    ),
    Row(
        *("ec2", "CreateSecurityGroup", 403, "UnauthorizedOperation"),
        f"{NOT_AUTHORIZED} Encoded authorization failure message: 0l-KPWQJ8q5z3YatP3Ybgb5lf0dibDhN6KaE3jQ5Bu4hNkP1B",
        f"{ISSUES}aws/karpenter-provider-aws/issues/1536",
        *(ErrorClass.DENIED, "permission", ("permission for CreateSecurityGroup", "sts decode-authorization-message")),
    ),
    Row(
        *("s3", "PutBucketPolicy", 403, "AccessDenied"),
        "Access Denied",
        f"{ISSUES}torchbox/buckup/pull/18",
        *(ErrorClass.DENIED, "other-owner", ("permission for PutBucketPolicy", "changed hands")),
    ),
)
