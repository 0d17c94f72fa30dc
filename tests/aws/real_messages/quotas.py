"""Of quotas. `cause` is the quota's name at Service Quotas."""

from __future__ import annotations

from typing import Final

from ocpprov.aws.error_codes import ErrorClass
from tests.aws.real_messages.row import DOCS, ISSUES, Row


def _asked_for(service: str, quota: str) -> tuple[str, ...]:
    return (
        f"`aws service-quotas request-service-quota-increase --service-code {service} --quota-code {quota} "
        "--desired-value NUMBER`",
    )


QUOTAS: Final = (
    Row(
        *("ec2", "AllocateAddress", 400, "AddressLimitExceeded"),
        "The maximum number of addresses has been reached.",
        f"{ISSUES}opstrace/opstrace/issues/273",
        *(ErrorClass.QUOTA, "EC2-VPC Elastic IPs", _asked_for("ec2", "L-0263D0A3")),
    ),
    Row(
        *("ec2", "CreateVpc", 400, "VpcLimitExceeded"),
        "The maximum number of VPCs has been reached.",
        f"{ISSUES}virt-s1/rhel-edge/issues/3947",
        *(ErrorClass.QUOTA, "VPCs per Region", _asked_for("vpc", "L-F678F1CE")),
    ),
    Row(
        *("ec2", "CreateNatGateway", 400, "NatGatewayLimitExceeded"),
        "Performing this operation would exceed the limit of 5 NAT gateways",
        f"{ISSUES}openshift/hive/pull/792",
        *(ErrorClass.QUOTA, "NAT gateways per Availability Zone", _asked_for("vpc", "L-FE5A380F")),
    ),
    Row(
        *("ec2", "CreateSecurityGroup", 400, "SecurityGroupLimitExceeded"),
        "The maximum number of security groups for VPC 'vpc-3311ce57' has been reached.",
        f"{ISSUES}otiai10/hotsub/issues/36",
        *(ErrorClass.QUOTA, "VPC security groups per Region", _asked_for("vpc", "L-E79EC296")),
    ),
    Row(
        *("ec2", "AuthorizeSecurityGroupIngress", 400, "RulesPerSecurityGroupLimitExceeded"),
        "The maximum number of rules per security group has been reached.",
        f"{ISSUES}hashicorp/terraform-provider-aws/issues/30289",
        ErrorClass.QUOTA,
        "Inbound or outbound rules per security group",
        _asked_for("vpc", "L-0EA8095F"),
    ),
    Row(
        *("ec2", "CreateVpcEndpoint", 400, "VpcEndpointLimitExceeded"),
        "The maximum number of VPC endpoints has been reached",
        f"{DOCS}AWSEC2/latest/APIReference/errors-overview.html",
        ErrorClass.QUOTA,
        "Interface VPC endpoints per VPC",
        (*_asked_for("vpc", "L-29B6F2EB"), *_asked_for("vpc", "L-1B52E74A"), '"Gateway VPC endpoints per Region"'),
    ),
    Row(
        *("elbv2", "CreateLoadBalancer", 400, "TooManyLoadBalancers"),
        "The maximum number of load balancers has been reached",
        f"{ISSUES}eficode-academy/kubernetes-katas/issues/115",
        *(ErrorClass.QUOTA, "Network Load Balancers per Region", _asked_for("elasticloadbalancing", "L-69A177A2")),
    ),
    Row(
        *("elbv2", "RegisterTargets", 400, "TooManyTargets"),
        "The maximum number of targets per load balancer '1000' has been reached on load balancer 'arn:aws:x'",
        f"{ISSUES}kubernetes/ingress-nginx/issues/4847",
        *(ErrorClass.QUOTA, "Targets per load balancer", ("Ask AWS for more, or delete",)),
    ),
    Row(
        *("s3", "CreateBucket", 400, "TooManyBuckets"),
        "You have attempted to create more buckets than allowed",
        f"{ISSUES}milliHQ/terraform-aws-next-js/issues/15",
        *(ErrorClass.QUOTA, "General purpose buckets", _asked_for("s3", "L-DC2B2D3D")),
    ),
    Row(
        *("iam", "CreateInstanceProfile", 409, "LimitExceeded"),
        "Cannot exceed quota for InstanceProfilesPerAccount: 1000",
        f"{ISSUES}ansible/workshops/issues/1801",
        *(ErrorClass.QUOTA, "Instance profiles per account", _asked_for("iam", "L-6E65F664")),
    ),
    Row(
        *("iam", "CreateRole", 409, "LimitExceeded"),
        "Cannot exceed quota for RolesPerAccount: 1000",
        f"{ISSUES}openshift/release/pull/69365",
        *(ErrorClass.QUOTA, "Roles per account", _asked_for("iam", "L-FE177D64")),
    ),
    Row(
        *("iam", "AttachRolePolicy", 409, "LimitExceeded"),
        "Cannot exceed quota for PoliciesPerRole: 10",
        f"{ISSUES}aws/eks-hybrid/pull/741",
        *(ErrorClass.QUOTA, "Managed policies per role", _asked_for("iam", "L-0DA4ABF3")),
    ),
    Row(
        *("iam", "CreateRole", 409, "LimitExceeded"),
        "Cannot exceed quota for ACLSizePerRole: 2048",
        f"{ISSUES}kubeflow/dashboard/issues/29",
        *(ErrorClass.QUOTA, "Role trust policy length", _asked_for("iam", "L-C07B4B0D")),
    ),
)
