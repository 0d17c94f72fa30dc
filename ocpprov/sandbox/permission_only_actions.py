"""Actions that AWS asks for beside the one that has an operation's name, as far as plans come across them.

`required_actions` and its neighbours ask for each of them; the table says where each is from, and how far to trust it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_AUTHORIZATION: Final = "Service Authorization Reference, dependent actions"
_S3: Final = "S3 API Reference"
_ROUTE53: Final = "Route 53 Developer Guide, API permissions"


@dataclass(frozen=True)
class Beside:
    """One of them: `operation` needs `action` as well, `when` says when. `trust` is documented, source, memory or
    seen."""

    operation: str
    action: str
    when: str
    source: str
    trust: str


_TAGGED: Final = "it is made with tags"
_EC2_MAKES: Final = (
    "AllocateAddress",
    "AuthorizeSecurityGroupEgress",
    "AuthorizeSecurityGroupIngress",
    "CreateDhcpOptions",
    "CreateInternetGateway",
    "CreateNatGateway",
    "CreateNetworkAcl",
    "CreateRouteTable",
    "CreateSecurityGroup",
    "CreateSubnet",
    "CreateTransitGatewayVpcAttachment",
    "CreateVpc",
    "CreateVpcEndpoint",
    "CreateVpcPeeringConnection",
)
TABLE: Final = (
    *(Beside(f"ec2:{each}", "ec2:CreateTags", _TAGGED, _AUTHORIZATION, "documented") for each in _EC2_MAKES),
    Beside(
        "ec2:CreateVpcEndpoint",
        "route53:AssociateVPCWithHostedZone",
        "the service's own names are to lead to it",
        _AUTHORIZATION,
        "documented",
    ),
    Beside(
        "ec2:ModifyVpcEndpoint",
        "route53:AssociateVPCWithHostedZone",
        "the service's own names are to lead to it from now on",
        "as of CreateVpcEndpoint, which EC2 does the same for",
        "memory",
    ),
    Beside(
        "ec2:CreateVpcEndpoint",
        "vpce:AllowMultiRegion",
        "the service is another region's",
        "AWS PrivateLink Guide, cross-region enabled services",
        "documented",
    ),
    Beside(
        "ec2:ModifyVpcEndpoint",
        "vpce:AllowMultiRegion",
        "the service is another region's",
        "AWS FIS User Guide, actions that change endpoints",
        "documented",
    ),
    Beside(
        "ec2:CreateTransitGatewayVpcAttachment",
        "iam:CreateServiceLinkedRole",
        "it is the account's first",
        "Transit Gateway Guide, service-linked roles (that one is made; whether the caller is asked nobody has told)",
        "memory",
    ),
    Beside(
        "elasticloadbalancing:CreateListener", "elasticloadbalancing:AddTags", _TAGGED, _AUTHORIZATION, "documented"
    ),
    Beside(
        "elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:AddTags", _TAGGED, _AUTHORIZATION, "documented"
    ),
    Beside(
        "elasticloadbalancing:CreateTargetGroup", "elasticloadbalancing:AddTags", _TAGGED, _AUTHORIZATION, "documented"
    ),
    Beside(
        "elasticloadbalancing:CreateLoadBalancer",
        "iam:CreateServiceLinkedRole",
        "it is the account's first",
        "Elastic Load Balancing User Guide, service-linked roles",
        "documented",
    ),
    Beside("iam:AddRoleToInstanceProfile", "iam:PassRole", "always", _AUTHORIZATION, "documented"),
    Beside("iam:CreateInstanceProfile", "iam:TagInstanceProfile", _TAGGED, "IAM User Guide, tagging", "documented"),
    Beside("iam:CreatePolicy", "iam:TagPolicy", _TAGGED, "IAM User Guide, tagging", "documented"),
    Beside("iam:CreateRole", "iam:TagRole", _TAGGED, "IAM User Guide, tagging", "documented"),
    Beside("route53:AssociateVPCWithHostedZone", "ec2:DescribeVpcs", "always", _AUTHORIZATION, "documented"),
    Beside("route53:CreateHostedZone", "ec2:DescribeVpcs", "it is private", _AUTHORIZATION, "documented"),
    Beside("route53:DisassociateVPCFromHostedZone", "ec2:DescribeVpcs", "always", _ROUTE53, "documented"),
    Beside("route53:ListHostedZonesByVPC", "ec2:DescribeVpcs", "always", _ROUTE53, "memory"),
    Beside("s3:CreateBucket", "s3:TagResource", _TAGGED, f"{_S3}, CreateBucket", "documented"),
    Beside("s3:PutObject", "s3:PutObjectTagging", _TAGGED, f"{_S3}, PutObject", "documented"),
    Beside(
        "s3:PutObject",
        "s3:GetObject",
        "only where it is still the same (If-Match)",
        "S3 User Guide, conditional writes",
        "documented",
    ),
    Beside(
        "s3:PutObject",
        "kms:GenerateDataKey",
        "the bucket encrypts with a key of the account's own",
        "S3 User Guide, server-side encryption with KMS",
        "documented",
    ),
)
