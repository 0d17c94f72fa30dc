"""What the cluster's operators ask AWS for: their CredentialsRequests, as data.

Source: the CredentialsRequest with `kind: AWSProviderSpec` in the manifests of each operator's repository under
github.com/openshift, as named at each; `oc adm release extract --credentials-requests --cloud=aws` prints those of one
release. A release's own list wins. The cluster-capi-operator's is for technology previews only and left out. The cloud
controller manager has none: it works with the control plane's instance profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.plan.releases import Release, release_of


@dataclass(frozen=True)
class CredentialsRequest:
    """What one operator asks for, on every resource: `name` is its own, `sid` the one in a policy. `for_keys` are
    actions on KMS keys, `for_grants` those that are allowed for AWS's own services alone."""

    sid: str
    name: str
    actions: Sequence[str]
    for_keys: Sequence[str] = ()
    for_grants: Sequence[str] = ()
    since: Release = (4, 1)


INGRESS: Final = "openshift-ingress"

# fmt: off
REQUESTS: Final = (
    # machine-api-operator, install/0000_30_machine-api-operator_00_credentials-request.yaml
    CredentialsRequest("MachineApi", "openshift-machine-api-aws", (
        "ec2:CreateTags", "ec2:DescribeAvailabilityZones", "ec2:DescribeDhcpOptions", "ec2:DescribeImages",
        "ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeInternetGateways", "ec2:DescribeRegions",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs", "ec2:RunInstances",
        "ec2:TerminateInstances", "elasticloadbalancing:DeregisterTargets",
        "elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:RegisterInstancesWithLoadBalancer",
        "elasticloadbalancing:RegisterTargets", "iam:CreateServiceLinkedRole", "iam:PassRole",
    ), for_keys=(
        "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
    ), for_grants=("kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant")),
    # cluster-ingress-operator, manifests/00-ingress-credentials-request.yaml
    CredentialsRequest("Ingress", INGRESS, (
        "elasticloadbalancing:DescribeLoadBalancers", "route53:ChangeResourceRecordSets", "route53:ListHostedZones",
        "tag:GetResources",
    )),
    # cluster-image-registry-operator, manifests/01-registry-credentials-request.yaml
    CredentialsRequest("ImageRegistry", "openshift-image-registry", (
        "s3:AbortMultipartUpload", "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteObject", "s3:GetBucketLocation",
        "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration", "s3:GetObject", "s3:ListBucket", "s3:ListBucketMultipartUploads",
        "s3:ListMultipartUploadParts", "s3:PutBucketPublicAccessBlock", "s3:PutBucketTagging",
        "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:PutObject",
    )),
    # cluster-storage-operator, manifests/03_credentials_request_aws.yaml
    CredentialsRequest("EbsCsiDriver", "aws-ebs-csi-driver-operator", (
        "ec2:AttachVolume", "ec2:CreateSnapshot", "ec2:CreateTags", "ec2:CreateVolume", "ec2:DeleteSnapshot",
        "ec2:DeleteTags", "ec2:DeleteVolume", "ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeTags",
        "ec2:DescribeVolumes", "ec2:DescribeVolumesModifications", "ec2:DetachVolume", "ec2:ModifyVolume",
    )),
    # cluster-network-operator, manifests/02-cncc-credentials.yaml
    CredentialsRequest("CloudNetworkConfig", "openshift-cloud-network-config-controller-aws", (
        "ec2:AssignIpv6Addresses", "ec2:AssignPrivateIpAddresses", "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypes", "ec2:DescribeInstances", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
        "ec2:UnassignIpv6Addresses", "ec2:UnassignPrivateIpAddresses",
    ), since=(4, 10)),
    # cloud-credential-operator, manifests/05-iam-ro-credentialsrequest.yaml
    CredentialsRequest("CloudCredential", "cloud-credential-operator-iam-ro", (
        "iam:GetUser", "iam:GetUserPolicy", "iam:ListAccessKeys",
    )),
)
# fmt: on


def requests_of(version: str) -> list[CredentialsRequest]:
    """The requests of a version's release."""
    release = release_of(version)
    return [request for request in REQUESTS if request.since <= release]
