"""AWS's own sentences, and what is said of their cause. A code and its sentence decide together."""

from __future__ import annotations

import itertools
import re
import shlex
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.aws.error_causes import remedy_of, split_encoded
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.errors import AwsError, classify, describe, wrap
from ocpprov.reconcile.unknown_outcome import Conflict
from tests.aws.test_errors import answer

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/ecs-c-LoadB-2GALVJMRB92E/bb4b0a6ad4280345"
CALLER = "User: arn:aws:sts::123456789012:assumed-role/ops/me@example.com is not authorized to perform"
ROLE = "arn:aws:iam::123456789012:role/lab-MasterIamRole"
GIVE = "Give the user the permission"


@dataclass(frozen=True)
class Row:
    """`says` are words of the cause, beside those that no cause of the row's kind may have."""

    operation: str
    code: str
    sentence: str
    error_class: ErrorClass
    says: tuple[str, ...]
    status: int = 400
    gives: bool = False

    def __str__(self) -> str:
        return f"{self.operation}-{self.code}-{self.sentence[:24]}"


NO_PERMISSION_HELPS = [
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html (the code)
    Row(
        "CreateLoadBalancer",
        "OperationNotPermitted",
        "This AWS account currently does not support creating load balancers. For more information, please contact AWS "
        "Support.",
        ErrorClass.INVALID,
        ("AWS Support",),
    ),
    # https://github.com/aws-cloudformation/rain/issues/187
    Row(
        "DeleteLoadBalancer",
        "OperationNotPermitted",
        f"Load balancer '{ARN}' cannot be deleted because deletion protection is enabled",
        ErrorClass.INVALID,
        (
            "deletion_protection.enabled",
            f"`aws elbv2 modify-load-balancer-attributes --region us-east-1 --load-balancer-arn {ARN} "
            "--attributes Key=deletion_protection.enabled,Value=false`",
        ),
    ),
    # https://github.com/gruntwork-io/cloud-nuke/pull/1037
    Row(
        "DeleteVpcEndpoints",
        "OperationNotPermitted",
        "Operation is not allowed for requester-managed VPC endpoints for the service com.amazonaws.vpce.us-east-1.x",
        ErrorClass.INVALID,
        ("Another service",),
    ),
    Row(
        "DisassociateVpcCidrBlock",
        "OperationNotPermitted",
        "The vpc CIDR block with association ID vpc-cidr-assoc-1 may not be disassociated. It is the primary IPv4 CIDR "
        "block of the VPC",
        ErrorClass.INVALID,
        ("only with the VPC",),
    ),
    Row("DetachNetworkInterface", "OperationNotPermitted", "You are not allowed", ErrorClass.INVALID, ("AWS Support",)),
    # https://github.com/aws-samples/aws-workshop-for-kubernetes/issues/148
    Row(
        "DescribeAvailabilityZones",
        "OptInRequired",
        "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe",
        ErrorClass.INVALID,
        ("signed up",),
        401,
    ),
    # https://github.com/openshift/installer/issues/1709
    Row(
        "RunInstances",
        "PendingVerification",
        "Your request for accessing resources in this region is being validated, and you will not be able to launch "
        "additional resources in this region until the validation is complete.",
        ErrorClass.INVALID,
        ("Wait", "AWS Support"),
    ),
    # https://github.com/runs-on/runs-on/issues/485
    Row(
        "CreateVpc",
        "TagPolicyViolation",
        "The tag policy does not allow the specified value for the following tag key: 'Project'.",
        ErrorClass.INVALID,
        ("userTags", "capitals"),
    ),
    Row("CreateRole", "InvalidInput", "The tag policy does not allow the value", ErrorClass.INVALID, ("userTags",)),
    # https://github.com/aws/aws-rfdk/pull/621, https://github.com/cityofaustin/atd-data-tech/issues/10472
    Row(
        "CreateLoadBalancer",
        "InvalidSubnet",
        "Not enough IP space available in subnet-08885c5805228af7a. ELB requires at least 8 free IP addresses in each "
        "subnet.",
        ErrorClass.INVALID,
        ("subnet-08885c5805228af7a has too few free addresses",),
    ),
    # https://github.com/aws/amazon-vpc-cni-k8s/pull/1773, https://github.com/AviatrixSystems/Docs/pull/282
    Row(
        "CreateVpcEndpoint",
        "InsufficientFreeAddressesInSubnet",
        "The specified subnet does not have enough free addresses to satisfy the request.",
        ErrorClass.INVALID,
        ("too few free addresses",),
    ),
    Row(
        "CreateTransitGatewayVpcAttachment",
        "InsufficientFreeAddressesInSubnet",
        "Insufficient Free IP Addresses in subnet.",
        ErrorClass.INVALID,
        ("too few free addresses",),
    ),
    # https://github.com/hashicorp/terraform-provider-aws/issues/17535
    Row(
        "CreateVpcEndpoint",
        "InvalidParameter",
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
        "ec2.us-east-1.amazonaws.com in the VPC vpc-1",
        ErrorClass.EXISTS,
        ("private hosted zone", "another endpoint"),
    ),
    # https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2322
    Row(
        "CreateRole",
        "AccessDeniedException",
        f"{CALLER}: iam:CreateRole on resource: {ROLE} with an explicit deny in a service control policy",
        ErrorClass.DENIED,
        (
            "service control policy of the organisation denies iam:CreateRole",
            "organisation's administrators",
            "iam.permissionsBoundary",
            "iam.instanceProfiles",
            "--without iam",
        ),
    ),
    # https://github.com/nebari-dev/nebari/issues/2152
    Row(
        "CreateRole",
        "UnauthorizedOperation",
        f"You are not authorized to perform this operation. {CALLER}: ec2:CreateRole on resource: * because no "
        "permissions boundary allows the ec2:CreateRole action.",
        ErrorClass.DENIED,
        ("permissions boundary", "doesn't allow ec2:CreateRole"),
        403,
    ),
    # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1859
    Row(
        "TagRole",
        "AccessDenied",
        f"{CALLER}: iam:TagRole on resource: {ROLE} with an explicit deny in an identity-based policy",
        ErrorClass.DENIED,
        ("stronger than any permission", "denies iam:TagRole"),
        403,
    ),
    # https://github.com/aws/chalice/issues/1716
    Row(
        "CreateRole",
        "AccessDenied",
        f"{CALLER}: iam:CreateRole on resource: {ROLE} with an explicit deny",
        ErrorClass.DENIED,
        ("Some policy explicitly denies iam:CreateRole", "iam.permissionsBoundary"),
        403,
    ),
]
# The kinds of policies and both forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
GUARDS = {
    "service control policy": "organisation",
    "resource control policy": "organisation",
    "permissions boundary": "boundary",
    "session policy": "session",
    "VPC endpoint policy": "VPC endpoint",
    "resource-based policy": "resource itself",
}
NO_PERMISSION_HELPS += [
    Row(
        "CreateVpc",
        "UnauthorizedOperation",
        f"{CALLER}: ec2:CreateVpc on resource: * {form}",
        ErrorClass.DENIED,
        says,
        403,
    )
    for policy, word in GUARDS.items()
    for form, says in (
        (f"with an explicit deny in a {policy}", (word, "denies ec2:CreateVpc")),
        (f"with an explicit deny in a {policy}: arn:aws:x::1:policy/p", (word, "denies ec2:CreateVpc")),
        (f"because no {policy} allows the ec2:CreateVpc action", (word, "doesn't allow ec2:CreateVpc")),
    )
]
A_PERMISSION_HELPS = [
    # https://github.com/ministryofjustice/modernisation-platform/pull/12326
    Row(
        "CreateVpcEndpoint",
        "UnauthorizedOperation",
        f"You are not authorized to perform this operation. {CALLER}: ec2:CreateVpcEndpoint on resource: "
        "arn:aws:ec2:eu-west-2:1:vpc-endpoint/* because no identity-based policy allows the vpce:AllowMultiRegion "
        "action.",
        ErrorClass.DENIED,
        ("permission for vpce:AllowMultiRegion",),
        403,
    ),
    # https://github.com/openshift/openshift-docs/issues/31545
    Row(
        "CreateLoadBalancer",
        "AccessDenied",
        f"{CALLER}: iam:CreateServiceLinkedRole on resource: arn:aws:iam::1:role/aws-service-role/x",
        ErrorClass.DENIED,
        ("permission for iam:CreateServiceLinkedRole",),
        403,
    ),
    # https://github.com/hashicorp/terraform/issues/23756
    Row(
        "CreateSubnet",
        "UnauthorizedOperation",
        "You are not authorized to perform this operation.",
        ErrorClass.DENIED,
        ("permission for CreateSubnet",),
        403,
    ),
]


@pytest.mark.parametrize("row", [*NO_PERMISSION_HELPS, *A_PERMISSION_HELPS], ids=str)
def test_the_cause_is_that_of_the_sentence(row: Row) -> None:
    error = answer(row.operation, row.status, row.code, row.sentence)
    wrapped = wrap(error)
    assert classify(error) is row.error_class
    assert [words for words in row.says if words not in wrapped.next_step] == []
    assert (GIVE in wrapped.next_step) is (row in A_PERMISSION_HELPS)
    assert wrapped.next_step.endswith(".")
    assert str(wrapped) == f"{row.operation}: {row.code}: {row.sentence} (request req-1)"


def test_what_helps_with_roles_is_said_of_roles_only() -> None:
    words = "with an explicit deny in a service control policy"
    denied = {
        "CreateRole": True,
        "PutRolePolicy": True,
        "AddRoleToInstanceProfile": True,
        "CreatePolicy": True,
        "PutBucketPolicy": False,
        "CreateVpc": False,
    }
    said = {
        operation: "--without iam" in wrap(answer(operation, 403, "AccessDenied", words)).next_step
        for operation in denied
    }
    assert said == denied


def test_a_fresh_subnet_is_waited_for_and_a_full_one_is_not() -> None:
    fresh = answer("CreateLoadBalancer", 400, "InvalidSubnet", "The subnet ID 'subnet-1' is not valid")
    assert classify(fresh) is ErrorClass.NOT_VISIBLE
    assert "addresses" not in wrap(fresh).next_step


# The beginning of one of https://github.com/aws/karpenter-provider-aws/issues/1536
BLOB = "0l-KPWQJ8q5z3YatP3Ybgb5lf0dibDhN6KaE3jQ5Bu4hNkP1BxfK_Ou0od0P3xrofimLgvlM48imjT5fahAkH"
ENCODED = "You are not authorized to perform this operation. Encoded authorization failure message: "


def shown(error: AwsError) -> str:
    """What a failed run says at its end."""
    return f"{error}\n{error.next_step}"


@pytest.mark.parametrize("after", ["", ".", " (Service: Ec2)"])
@pytest.mark.parametrize(
    "why", ["", f"{CALLER}: ec2:CreateVpc on resource: * with an explicit deny in a session policy. "]
)
def test_an_encoded_reason_is_said_once_with_the_command_that_decodes_it(why: str, after: str) -> None:
    error = wrap(answer("CreateVpc", 403, "UnauthorizedOperation", f"{why}{ENCODED}{BLOB}{after}"))
    assert shown(error).count(BLOB) == 1
    assert f"`aws sts decode-authorization-message --encoded-message {BLOB}`" in error.next_step
    assert ("permission for CreateVpc" in error.next_step) is not bool(why)
    assert ("policy of the session" in error.next_step) is bool(why)
    assert ENCODED.strip() in str(error)


@pytest.mark.parametrize("blob", ["abc;touch x", "abc$(touch x)", "abc`x`", "'abc'", "abc|x", "a&b"])
def test_what_is_no_encoded_reason_gets_no_command(blob: str) -> None:
    error = wrap(answer("CreateVpc", 403, "UnauthorizedOperation", f"{ENCODED}{blob}"))
    assert "decode-authorization-message" not in error.next_step
    assert blob in str(error)


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_the_command_takes_the_reason_as_one_word(blob: str) -> None:
    error = wrap(answer("CreateVpc", 403, "UnauthorizedOperation", f"{ENCODED}{blob}"))
    [command] = re.findall(r"`(aws sts .*?)`", error.next_step)
    *_, option, value = itertools.chain.from_iterable(each.split("=", 1) for each in shlex.split(command))
    assert (option, value) == ("--encoded-message", blob)
    assert split_encoded(f"{ENCODED}{blob}") == (f"{ENCODED}(below)", blob)


@pytest.mark.parametrize("name", ["lab-ext", "arn:aws:elasticloadbalancing:x:1:loadbalancer/net/a;touch x/1"])
def test_a_protected_balancer_without_an_arn_gets_no_command(name: str) -> None:
    message = f"Load balancer '{name}' cannot be deleted because deletion protection is enabled"
    step = wrap(answer("DeleteLoadBalancer", 400, "OperationNotPermitted", message)).next_step
    assert "deletion_protection.enabled" in step
    assert "aws elbv2" not in step


def test_where_nothing_of_the_type_is_in_the_way_nothing_is_said_to_be() -> None:
    why = "The name is answered."
    assert str(Conflict("Ec2Endpoint", "AWS::EC2::VPCEndpoint", None, why)) == f"Ec2Endpoint: {why}"
    assert "another AWS::EC2::VPCEndpoint is in the way" in str(Conflict("X", "AWS::EC2::VPCEndpoint", None))


def test_a_blob_is_no_part_of_what_is_described() -> None:
    assert BLOB not in describe(answer("CreateVpc", 403, "UnauthorizedOperation", f"{ENCODED}{BLOB}")).message


@pytest.mark.parametrize(
    ("operation", "action", "told"),
    [
        ("CreateTags", "ec2:CreateTags", True),
        ("AddTags", "elasticloadbalancing:AddTags", True),
        ("DeleteVpc", "ec2:DeleteVpc", True),
        ("CreateVpc", "ec2:CreateVpc", False),
        ("DescribeVpcs", "ec2:DescribeVpcs", False),
        ("TagRole", "iam:TagRole", False),
    ],
)
def test_what_needs_the_plans_tag_may_have_lost_it(operation: str, action: str, told: bool) -> None:
    message = f"You are not authorized to perform: {action} on resource: arn:aws:ec2:eu-west-1:1:vpc/vpc-1"
    remedy = remedy_of(ErrorClass.DENIED, Said(operation, "UnauthorizedOperation", message))
    assert remedy.startswith(f"Give the user the permission for {action} ")
    assert ("an administrator has to put it back first" in remedy) is told
    denied = f"{message} with an explicit deny in a service control policy"
    assert "put it back" not in remedy_of(ErrorClass.DENIED, Said(operation, "UnauthorizedOperation", denied))


@pytest.mark.parametrize(
    ("error_class", "operation", "message", "says"),
    [
        (ErrorClass.DENIED, "PutObject", "Access Denied", True),
        (ErrorClass.DENIED, "GetBucketPolicy", "Access Denied.", True),
        (ErrorClass.DENIED, "PutObject", "Access Denied by a policy", False),
        (ErrorClass.DENIED, "CreateBucket", "Access Denied", False),
        (ErrorClass.DENIED, "ListBuckets", "Access Denied", False),
        (ErrorClass.INVALID, "PutObject", "Access Denied", False),
    ],
)
def test_s3_may_mean_that_the_bucket_changed_hands(
    error_class: ErrorClass, operation: str, message: str, says: bool
) -> None:
    remedy = remedy_of(error_class, Said(operation, "AccessDenied", message))
    assert ("a bucket that changed hands" in remedy) is says
    assert remedy.startswith(f"{GIVE} for {operation} " if says else "")
