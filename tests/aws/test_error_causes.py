"""What is said of the cause of an error, beside the table of real messages (`test_real_messages.py`)."""

from __future__ import annotations

import itertools
import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.aws.error_causes import remedy_of, split_encoded
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.errors import AwsError, classify, describe, wrap
from ocpprov.reconcile.unknown_outcome import Conflict
from tests.aws.real_messages.row import CALLER, GIVE
from tests.aws.test_errors import answer

# The kinds of policies and both forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
GUARDS = {
    "service control policy": "organisation",
    "resource control policy": "organisation",
    "permissions boundary": "boundary",
    "session policy": "session",
    "VPC endpoint policy": "VPC endpoint",
    "resource-based policy": "resource itself",
}


@pytest.mark.parametrize(("policy", "word"), GUARDS.items())
@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("with an explicit deny in a {}", "denies ec2:CreateVpc"),
        ("with an explicit deny in a {}: arn:aws:x::1:policy/p", "denies ec2:CreateVpc"),
        ("because no {} allows the ec2:CreateVpc action", "doesn't allow ec2:CreateVpc"),
    ],
)
def test_each_kind_of_policy_is_told_in_each_form(policy: str, word: str, form: str, says: str) -> None:
    sentence = f"{CALLER}: ec2:CreateVpc on resource: * {form.format(policy)}"
    error = wrap(answer("CreateVpc", 403, "UnauthorizedOperation", sentence))
    assert error.error_class is ErrorClass.DENIED
    assert word in error.next_step
    assert says in error.next_step
    assert GIVE not in error.next_step


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


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("us-east-1", ""),
        ("", "this one isn't enabled for the account"),
        (
            "eu-south-1",
            "eu-south-1 isn't enabled for the account: `aws account get-region-opt-status --region-name eu-south-1` "
            "tells, and an administrator enables it with `aws account enable-region --region-name eu-south-1`.",
        ),
        ("cn-north-1", "for cn-north-1 they have to be of an account in aws-cn."),
        ("us-gov-west-1", "for us-gov-west-1 they have to be of an account in aws-us-gov."),
    ],
)
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AuthFailure", "AWS was not able to validate the provided access credentials"),
        ("InvalidClientTokenId", "The security token included in the request is invalid."),
        ("UnrecognizedClientException", "The security token included in the request is invalid."),
        ("InvalidToken", "The provided token is malformed or otherwise invalid."),
    ],
)
def test_a_key_that_is_not_known_may_be_of_an_account_without_the_region(
    code: str, message: str, region: str, says: str
) -> None:
    step = remedy_of(ErrorClass.CREDENTIALS, Said("DescribeVpcs", code, message, region=region))
    assert step.startswith("Set or renew the credentials (AWS_PROFILE")
    assert says in step
    assert ("Where they work" in step or "partition" in step) is bool(says)
    assert ("clock" in step) is (code == "AuthFailure")


def test_a_key_that_is_not_known_is_not_waited_for_with_an_address() -> None:
    unknown = answer(
        "ReleaseAddress", 401, "AuthFailure", "AWS was not able to validate the provided access credentials"
    )
    assert classify(unknown) is ErrorClass.CREDENTIALS


@pytest.mark.parametrize("code", ["MalformedPolicyDocument", "MalformedPolicy"])
def test_a_policy_without_principals_is_not_waited_for(code: str) -> None:
    fresh = answer("CreateRole", 400, code, 'Invalid principal in policy: "AWS":"arn:aws:iam::1:role/new"')
    none = answer(
        "CreateRole", 400, code, "Invalid principal in policy: The passed in policy has a statement with no principals!"
    )
    assert (classify(fresh), classify(none)) == (ErrorClass.NOT_VISIBLE, ErrorClass.INVALID)


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "403"])
def test_a_known_refusal_is_for_want_of_a_permission(code: str) -> None:
    assert remedy_of(ErrorClass.DENIED, Said("CreateVpc", code, "")).startswith(GIVE)
