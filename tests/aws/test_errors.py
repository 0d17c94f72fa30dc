"""One table of what AWS and botocore say, and what it means."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from typing import Any

import pytest
from botocore import exceptions as botocore_errors
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import (
    AwsError,
    AwsMessage,
    CredentialsError,
    InterceptedResponse,
    classify,
    describe,
    is_aws_error,
    is_closed,
    is_silent,
    lacks_operation,
    leaves_the_rest,
    remedy,
    set_status,
    wrap,
)

URL = "https://ec2.eu-west-1.amazonaws.com/"

ANSWERS: list[tuple[str, int, str, str, ErrorClass]] = [
    ("DeregisterTargets", 400, "InvalidTarget", "Target is not registered", ErrorClass.NOT_VISIBLE),
    ("RegisterTargets", 400, "InvalidTarget", "The following targets are not running", ErrorClass.INVALID),
    ("CreateTargetGroup", 400, "ValidationError", "The VPC ID 'vpc-1' is not found", ErrorClass.NOT_VISIBLE),
    ("CreateTargetGroup", 400, "ValidationError", "A port must be specified", ErrorClass.INVALID),
    ("CreateListener", 400, "TargetGroupAssociationLimit", "x", ErrorClass.QUOTA),
    # What isn't there has a code of AWS's everywhere but in answers without a body.
    ("HeadBucket", 404, "404", "Not Found", ErrorClass.NOT_VISIBLE),
    ("GetBucketTagging", 404, "404", "Not Found", ErrorClass.INVALID),
    ("ListHostedZones", 405, "405", "Method Not Allowed", ErrorClass.INVALID),
    ("HeadBucket", 501, "501", "Not Implemented", ErrorClass.INVALID),
    ("DescribeVpcs", 503, "RequestLimitExceeded", "Request limit exceeded.", ErrorClass.THROTTLED),
    ("DescribeVpcs", 400, "RequestLimitExceeded", "Request limit exceeded.", ErrorClass.THROTTLED),
    ("CreateLoadBalancer", 400, "Throttling", "Rate exceeded", ErrorClass.THROTTLED),
    ("ChangeResourceRecordSets", 400, "PriorRequestNotComplete", "", ErrorClass.THROTTLED),
    ("PutObject", 503, "SlowDown", "", ErrorClass.THROTTLED),
    ("ListRoles", 400, "TooManyRequestsException", "", ErrorClass.THROTTLED),
    ("GetObject", 429, "Whatever", "", ErrorClass.THROTTLED),
    ("CreateSubnet", 500, "InternalError", "An internal error has occurred", ErrorClass.UNKNOWN_OUTCOME),
    ("CreateNatGateway", 503, "Unavailable", "", ErrorClass.UNKNOWN_OUTCOME),
    ("CreateVpc", 502, "502", "Bad Gateway", ErrorClass.UNKNOWN_OUTCOME),
    ("CreateVpc", 504, "", "", ErrorClass.UNKNOWN_OUTCOME),
    ("CreateSubnet", 400, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", ErrorClass.NOT_VISIBLE),
    ("CreateRoute", 400, "InvalidNatGatewayID.NotFound", "", ErrorClass.NOT_VISIBLE),
    ("CreateVpcEndpoint", 400, "InvalidRouteTableId.NotFound", "", ErrorClass.NOT_VISIBLE),
    ("AuthorizeSecurityGroupIngress", 400, "InvalidGroup.NotFound", "", ErrorClass.NOT_VISIBLE),
    ("DeleteNatGateway", 400, "NatGatewayNotFound", "", ErrorClass.NOT_VISIBLE),
    ("DetachInternetGateway", 400, "Gateway.NotAttached", "", ErrorClass.NOT_VISIBLE),
    ("AddRoleToInstanceProfile", 404, "NoSuchEntity", "The role with name x cannot be found.", ErrorClass.NOT_VISIBLE),
    ("CreateRole", 400, "MalformedPolicyDocument", "Invalid principal in policy", ErrorClass.NOT_VISIBLE),
    ("CreateRole", 400, "MalformedPolicyDocument", "Syntax errors in policy.", ErrorClass.INVALID),
    ("CreateListener", 400, "TargetGroupNotFound", "", ErrorClass.NOT_VISIBLE),
    ("CreateHostedZone", 400, "InvalidVPCId", "", ErrorClass.NOT_VISIBLE),
    ("DeleteHostedZone", 404, "NoSuchHostedZone", "", ErrorClass.NOT_VISIBLE),
    ("DisassociateVPCFromHostedZone", 404, "VPCAssociationNotFound", "", ErrorClass.NOT_VISIBLE),
    ("CreateNatGateway", 400, "InvalidSubnet", "", ErrorClass.NOT_VISIBLE),
    ("ModifySubnetAttribute", 400, "InvalidSubnet", "", ErrorClass.INVALID),
    ("CreateSubnet", 400, "InvalidSubnet.Conflict", "The CIDR conflicts with another subnet", ErrorClass.EXISTS),
    ("CreateSubnet", 400, "InvalidSubnet.Range", "", ErrorClass.INVALID),
    ("CreateSecurityGroup", 400, "InvalidGroup.Duplicate", "", ErrorClass.EXISTS),
    ("AuthorizeSecurityGroupIngress", 400, "InvalidPermission.Duplicate", "", ErrorClass.EXISTS),
    ("CreateRoute", 400, "RouteAlreadyExists", "", ErrorClass.EXISTS),
    ("AttachInternetGateway", 400, "Resource.AlreadyAssociated", "", ErrorClass.EXISTS),
    ("CreateHostedZone", 409, "HostedZoneAlreadyExists", "", ErrorClass.TOKEN_MISMATCH),
    ("CreateHostedZone", 400, "ConflictingDomainExists", "", ErrorClass.EXISTS),
    ("CreateRole", 409, "EntityAlreadyExists", "", ErrorClass.EXISTS),
    (
        "CreateVpcEndpoint",
        400,
        "InvalidParameter",
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for x",
        ErrorClass.EXISTS,
    ),
    (
        "AddRoleToInstanceProfile",
        409,
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        ErrorClass.EXISTS,
    ),
    ("CreateBucket", 409, "BucketAlreadyOwnedByYou", "", ErrorClass.EXISTS),
    ("CreateBucket", 409, "BucketAlreadyExists", "", ErrorClass.INVALID),
    ("DeleteSubnet", 400, "DependencyViolation", "", ErrorClass.BUSY),
    ("DeleteSecurityGroup", 400, "InvalidGroup.InUse", "", ErrorClass.BUSY),
    ("DeleteTargetGroup", 400, "ResourceInUse", "", ErrorClass.BUSY),
    ("DeleteRole", 409, "DeleteConflict", "", ErrorClass.BUSY),
    ("ReleaseAddress", 400, "InvalidIPAddress.InUse", "", ErrorClass.BUSY),
    ("ReleaseAddress", 400, "AuthFailure", "You do not have permission to access the resource.", ErrorClass.BUSY),
    ("DeleteHostedZone", 400, "HostedZoneNotEmpty", "", ErrorClass.BUSY),
    ("CreateRoute", 400, "IncorrectState", "", ErrorClass.BUSY),
    ("CreateBucket", 409, "OperationAborted", "", ErrorClass.BUSY),
    ("CreateRouteTable", 400, "IdempotentParameterMismatch", "", ErrorClass.TOKEN_MISMATCH),
    ("CreateVpc", 403, "UnauthorizedOperation", "", ErrorClass.DENIED),
    ("CreateLoadBalancer", 403, "AccessDenied", "", ErrorClass.DENIED),
    ("CreateVpc", 400, "VpcLimitExceeded", "", ErrorClass.QUOTA),
    ("AllocateAddress", 400, "AddressLimitExceeded", "", ErrorClass.QUOTA),
    ("CreateHostedZone", 400, "TooManyHostedZones", "", ErrorClass.QUOTA),
    ("CreateLoadBalancer", 400, "TooManyLoadBalancers", "", ErrorClass.QUOTA),
    ("CreateRole", 409, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", ErrorClass.QUOTA),
    ("DescribeVpcs", 401, "AuthFailure", "AWS was not able to validate the credentials", ErrorClass.CREDENTIALS),
    ("AssociateAddress", 400, "AuthFailure", "You do not have permission to access this resource", ErrorClass.DENIED),
    ("CreateRoute", 400, "AuthFailure", "You are not authorized to perform this operation", ErrorClass.DENIED),
    ("GetCallerIdentity", 403, "ExpiredToken", "", ErrorClass.CREDENTIALS),
    ("DescribeVpcs", 400, "RequestExpired", "", ErrorClass.CREDENTIALS),
    ("ListHostedZones", 403, "SignatureDoesNotMatch", "", ErrorClass.CREDENTIALS),
    ("ListHostedZones", 403, "InvalidClientTokenId", "", ErrorClass.CREDENTIALS),
    ("CreateVpc", 400, "InvalidParameterValue", "", ErrorClass.INVALID),
    ("CreateVpc", 400, "InvalidVpc.Range", "", ErrorClass.INVALID),
]

ALIAS, MISSING = "Tried to create an alias that targets ", "but that target was not found"
BALANCER = f"{ALIAS}lab-ext-9f8e.elb.eu-west-1.amazonaws.com., type A in zone Z2IFOLAFXWLO4F"
EARLY = f"{BALANCER}, {MISSING}"
ELSEWHERE = "but the alias target name does not lie within the target zone"

BATCHES = [
    ("[Tried to create resource record set [name='a.', type='A'] but it already exists]", ErrorClass.EXISTS),
    ("[Tried to delete resource record set [name='a.', type='A'] but it was not found]", ErrorClass.NOT_VISIBLE),
    (
        "[Tried to delete resource record set [name='a.', type='A'] but it was not found, Tried to delete resource "
        "record set [name='b.', type='A'] but the values provided do not match the current values]",
        ErrorClass.INVALID,
    ),
    ("[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address']", ErrorClass.INVALID),
    # https://github.com/boto/boto/issues/2519, https://github.com/rust-lang/simpleinfra/pull/907
    (f"[{EARLY}]", ErrorClass.NOT_READY),
    (f"[{EARLY}, {EARLY}]", ErrorClass.NOT_READY),
    (EARLY, ErrorClass.NOT_READY),
    (f"[RRSet of type CNAME with DNS name api.x. is not permitted as it conflicts, {EARLY}]", ErrorClass.INVALID),
    (f"[{ALIAS}fastly-app.crates.io., type A in zone Z3HLPL7SRE1VK5, {MISSING}]", ErrorClass.NOT_VISIBLE),
    (f"[{EARLY}, {ALIAS}fastly-app.crates.io., type A in zone Z3HLPL7SRE1VK5, {MISSING}]", ErrorClass.NOT_VISIBLE),
    # https://github.com/barnybug/cli53/issues/213, https://github.com/harmony-one/harmony-ops/issues/491
    (f"[{BALANCER}, {ELSEWHERE}]", ErrorClass.INVALID),
    (f"[{BALANCER}, {ELSEWHERE}, {EARLY}]", ErrorClass.INVALID),
    (f"[{EARLY}, Tried to create resource record set [name='a.', type='A'] but it already exists]", ErrorClass.EXISTS),
    (f"[{EARLY}, Tried to delete resource record set [name='a.', type='A'] but it was not found]", ErrorClass.INVALID),
]


def untrusted() -> botocore_errors.SSLError:
    cause = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    return botocore_errors.SSLError(endpoint_url=URL, error=cause)


SILENCES: list[tuple[Exception, ErrorClass]] = [
    (
        botocore_errors.EndpointConnectionError(endpoint_url=URL, error=socket.gaierror(-2, "unknown")),
        ErrorClass.NOT_SENT,
    ),
    (botocore_errors.ConnectTimeoutError(endpoint_url=URL), ErrorClass.NOT_SENT),
    (botocore_errors.ProxyConnectionError(proxy_url="http://proxy:3128"), ErrorClass.NOT_SENT),
    (untrusted(), ErrorClass.NOT_SENT),
    (InterceptedResponse(403, URL), ErrorClass.NOT_SENT),
    (InterceptedResponse(200, URL), ErrorClass.UNKNOWN_OUTCOME),
    (botocore_errors.SSLError(endpoint_url=URL, error=ssl.SSLError(1, "bad record mac")), ErrorClass.UNKNOWN_OUTCOME),
    (botocore_errors.ReadTimeoutError(endpoint_url=URL), ErrorClass.UNKNOWN_OUTCOME),
    (botocore_errors.ConnectionClosedError(endpoint_url=URL), ErrorClass.UNKNOWN_OUTCOME),
    (botocore_errors.HTTPClientError(error="IncompleteRead"), ErrorClass.UNKNOWN_OUTCOME),
    (ResponseParserError("Unable to parse response"), ErrorClass.UNKNOWN_OUTCOME),
    (botocore_errors.NoCredentialsError(), ErrorClass.CREDENTIALS),
    (botocore_errors.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), ErrorClass.CREDENTIALS),
    (botocore_errors.CredentialRetrievalError(provider="process", error_msg="x"), ErrorClass.CREDENTIALS),
    (botocore_errors.UnauthorizedSSOTokenError(), ErrorClass.CREDENTIALS),
    (botocore_errors.ParamValidationError(report="x"), ErrorClass.INVALID),
]


def answer(operation: str, status: int, code: str, message: str) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "req-1"},
    }
    return ClientError(response, operation)


@pytest.mark.parametrize(("operation", "status", "code", "message", "error_class"), ANSWERS)
def test_what_aws_says(operation: str, status: int, code: str, message: str, error_class: ErrorClass) -> None:
    error = answer(operation, status, code, message)
    assert classify(error, operation) is error_class
    assert classify(error) is error_class


@pytest.mark.parametrize(("message", "error_class"), BATCHES)
def test_what_a_refused_change_batch_says(message: str, error_class: ErrorClass) -> None:
    assert classify(answer("ChangeResourceRecordSets", 400, "InvalidChangeBatch", message)) is error_class


@pytest.mark.parametrize(("error", "error_class"), SILENCES, ids=lambda value: type(value).__name__)
def test_what_botocore_says_when_aws_says_nothing(error: Exception, error_class: ErrorClass) -> None:
    assert is_aws_error(error)
    assert classify(error, "CreateVpc") is error_class


@pytest.mark.parametrize("error", [ValueError("x"), OSError("x"), KeyboardInterrupt(), TypeError("x")])
def test_errors_of_our_own_are_not_classified(error: BaseException) -> None:
    assert not is_aws_error(error)
    with pytest.raises(TypeError):
        classify(error)


def test_the_message_has_what_support_asks_for() -> None:
    message = describe(answer("CreateVpc", 400, "VpcLimitExceeded", "The maximum number of VPCs has been reached."))
    assert message == AwsMessage(
        "VpcLimitExceeded", "The maximum number of VPCs has been reached.", "req-1", "CreateVpc"
    )
    assert str(message) == ("CreateVpc: VpcLimitExceeded: The maximum number of VPCs has been reached. (request req-1)")


def test_the_host_is_known_when_nothing_answers() -> None:
    message = describe(botocore_errors.ReadTimeoutError(endpoint_url=URL), "CreateVpc")
    assert (message.code, message.host) == ("ReadTimeoutError", "ec2.eu-west-1.amazonaws.com")


def test_a_wrapped_error_keeps_its_reading() -> None:
    wrapped = wrap(answer("ReleaseAddress", 400, "AuthFailure", "no"))
    assert isinstance(wrapped, AwsError)
    assert (wrapped.error_class, wrapped.code, wrapped.request_id) == (ErrorClass.BUSY, "AuthFailure", "req-1")
    assert wrap(wrapped, "Other") is wrapped
    assert classify(wrapped) is ErrorClass.BUSY


@pytest.mark.parametrize("error_class", ErrorClass)
def test_every_fault_has_a_next_step(error_class: ErrorClass) -> None:
    assert remedy(error_class, AwsMessage("Code", "message")).endswith(".")


def test_a_wrong_clock_is_thought_of() -> None:
    assert "clock" in remedy(ErrorClass.CREDENTIALS, AwsMessage("SignatureDoesNotMatch", ""))
    assert "clock" not in remedy(ErrorClass.CREDENTIALS, AwsMessage("ExpiredToken", ""))


@pytest.mark.parametrize(
    "module", ["error_codes", "errors", "partitions", "services", "clock", "environment", "clients"]
)
def test_modules_for_kinds_do_without_boto3(module: str) -> None:
    program = f"import sys, ocpprov.aws.{module}; sys.exit(bool({{'boto3', 'botocore'}} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("operation", "code", "trusts"),
    [
        ("AssumeRole", "AccessDenied", True),
        ("AssumeRoleWithWebIdentity", "AccessDenied", True),
        ("AssumeRole", "ExpiredToken", False),
        ("GetCallerIdentity", "AccessDenied", False),
    ],
)
def test_whoever_may_not_take_a_role_needs_no_other_credentials(operation: str, code: str, *, trusts: bool) -> None:
    error = CredentialsError("a role", AwsMessage(code, "no", operation=operation))
    assert ("Have the role trust whoever runs this" in error.next_step) is trusts
    assert ("Set or renew the credentials" in error.next_step) is not trusts


def test_a_role_that_the_organisation_refuses_is_no_matter_of_trust() -> None:
    said = AwsMessage("AccessDenied", "with an explicit deny in a service control policy", operation="AssumeRole")
    assert CredentialsError("a role", said).next_step == (
        "A service control policy of the organisation denies AssumeRole, so no permission of the user helps. Ask the "
        "organisation's administrators to allow it here, and run the same command again."
    )


DENIED, INVALID, UNKNOWN = ErrorClass.DENIED, ErrorClass.INVALID, ErrorClass.UNKNOWN_OUTCOME


@pytest.mark.parametrize(
    ("error_class", "code", "closed", "lacks", "silent"),
    [
        (DENIED, "UnauthorizedOperation", True, False, False),
        (INVALID, "InvalidAction", True, True, False),
        (INVALID, "UnsupportedOperation", True, True, False),
        (INVALID, "OptInRequired", True, True, False),
        (INVALID, "UnknownOperationException", True, True, False),
        (INVALID, "NotImplemented", True, True, False),
        (INVALID, "404", True, False, False),
        (INVALID, "405", True, False, False),
        (INVALID, "501", True, False, False),
        (ErrorClass.NOT_SENT, "EndpointConnectionError", True, False, True),
        (UNKNOWN, "ReadTimeoutError", True, False, True),
        (UNKNOWN, "CallDeadlineError", True, False, True),
        (UNKNOWN, "InterceptedResponse", True, False, True),
        (UNKNOWN, "ConnectionClosedError", True, False, True),
        # What may be another thing in a moment, or is about the question.
        (UNKNOWN, "InternalError", False, False, False),
        (UNKNOWN, "UnreadableAnswer", False, False, False),
        (UNKNOWN, "503", False, False, False),
        (ErrorClass.THROTTLED, "RequestLimitExceeded", False, False, False),
        (ErrorClass.CREDENTIALS, "ExpiredToken", False, False, False),
        (INVALID, "InvalidParameterValue", False, False, False),
    ],
)
def test_where_nobody_can_look(error_class: ErrorClass, code: str, closed: bool, lacks: bool, silent: bool) -> None:
    error = AwsError(error_class, AwsMessage(code, "no"))
    assert (is_closed(error), lacks_operation(error), is_silent(error)) == (closed, lacks, silent)


def test_the_rest_can_be_read_as_long_as_the_credentials_are_good() -> None:
    said = AwsMessage("AccessDenied", "no", "r-1", "AssumeRole")
    over = AwsMessage("ExpiredToken", "over", "r-1", "DescribeVpcs")
    every = {each: leaves_the_rest(AwsError(each, over)) for each in ErrorClass}
    assert [each for each, leaves in every.items() if not leaves] == [ErrorClass.CREDENTIALS]
    # Of a role that is taken for a zone of another account.
    assert leaves_the_rest(CredentialsError("openshift.hostedZoneRole", said))
    assert not leaves_the_rest(CredentialsError("the profile", over))


@pytest.mark.parametrize(
    ("status", "code", "error_class"),
    [
        (404, "404", INVALID),
        (405, "405", INVALID),
        (501, "501", INVALID),
        (503, "ResponseParserError", UNKNOWN),
        (200, "ResponseParserError", UNKNOWN),
        (0, "ResponseParserError", UNKNOWN),
    ],
)
def test_an_answer_that_cannot_be_read_says_its_status(status: int, code: str, error_class: ErrorClass) -> None:
    error = ResponseParserError("Unable to parse response")
    if status:
        set_status(error, status)
    assert (describe(error, "DescribeVpcs").code, classify(error, "DescribeVpcs")) == (code, error_class)


@pytest.mark.parametrize(
    ("operation", "code", "begins"),
    [
        ("DescribeVpcs", "InvalidAction", "Whoever answers at the service's address doesn't have this operation"),
        ("ListRoles", "404", "Whoever answers at the service's address doesn't have this operation"),
        ("DescribeVpcs", "OptInRequired", "The account isn't signed up for this service or this region"),
        # Of a change it may be what is asked for, and not the operation.
        ("CreateRoute", "UnsupportedOperation", "AWS doesn't accept the request"),
    ],
)
def test_what_helps_where_there_is_no_such_operation(operation: str, code: str, begins: str) -> None:
    assert remedy(INVALID, AwsMessage(code, "no", operation=operation)).startswith(begins)
