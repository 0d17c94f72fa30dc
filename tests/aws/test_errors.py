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

from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import (
    AwsError,
    AwsMessage,
    InterceptedResponse,
    classify,
    describe,
    is_aws_error,
    remedy,
    wrap,
)

URL = "https://ec2.eu-west-1.amazonaws.com/"

ANSWERS: list[tuple[str, int, str, str, Fault]] = [
    ("DeregisterTargets", 400, "InvalidTarget", "Target is not registered", Fault.NOT_VISIBLE),
    ("RegisterTargets", 400, "InvalidTarget", "The following targets are not running", Fault.INVALID),
    ("CreateTargetGroup", 400, "ValidationError", "The VPC ID 'vpc-1' is not found", Fault.NOT_VISIBLE),
    ("CreateTargetGroup", 400, "ValidationError", "A port must be specified", Fault.INVALID),
    ("CreateListener", 400, "TargetGroupAssociationLimit", "x", Fault.QUOTA),
    ("DescribeVpcs", 503, "RequestLimitExceeded", "Request limit exceeded.", Fault.THROTTLED),
    ("DescribeVpcs", 400, "RequestLimitExceeded", "Request limit exceeded.", Fault.THROTTLED),
    ("CreateLoadBalancer", 400, "Throttling", "Rate exceeded", Fault.THROTTLED),
    ("ChangeResourceRecordSets", 400, "PriorRequestNotComplete", "", Fault.THROTTLED),
    ("PutObject", 503, "SlowDown", "", Fault.THROTTLED),
    ("ListRoles", 400, "TooManyRequestsException", "", Fault.THROTTLED),
    ("GetObject", 429, "Whatever", "", Fault.THROTTLED),
    ("CreateSubnet", 500, "InternalError", "An internal error has occurred", Fault.UNKNOWN_OUTCOME),
    ("CreateNatGateway", 503, "Unavailable", "", Fault.UNKNOWN_OUTCOME),
    ("CreateVpc", 502, "502", "Bad Gateway", Fault.UNKNOWN_OUTCOME),
    ("CreateVpc", 504, "", "", Fault.UNKNOWN_OUTCOME),
    ("CreateSubnet", 400, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", Fault.NOT_VISIBLE),
    ("CreateRoute", 400, "InvalidNatGatewayID.NotFound", "", Fault.NOT_VISIBLE),
    ("CreateVpcEndpoint", 400, "InvalidRouteTableId.NotFound", "", Fault.NOT_VISIBLE),
    ("AuthorizeSecurityGroupIngress", 400, "InvalidGroup.NotFound", "", Fault.NOT_VISIBLE),
    ("DeleteNatGateway", 400, "NatGatewayNotFound", "", Fault.NOT_VISIBLE),
    ("DetachInternetGateway", 400, "Gateway.NotAttached", "", Fault.NOT_VISIBLE),
    ("AddRoleToInstanceProfile", 404, "NoSuchEntity", "The role with name x cannot be found.", Fault.NOT_VISIBLE),
    ("CreateRole", 400, "MalformedPolicyDocument", "Invalid principal in policy", Fault.NOT_VISIBLE),
    ("CreateRole", 400, "MalformedPolicyDocument", "Syntax errors in policy.", Fault.INVALID),
    ("CreateListener", 400, "TargetGroupNotFound", "", Fault.NOT_VISIBLE),
    ("CreateHostedZone", 400, "InvalidVPCId", "", Fault.NOT_VISIBLE),
    ("DeleteHostedZone", 404, "NoSuchHostedZone", "", Fault.NOT_VISIBLE),
    ("DisassociateVPCFromHostedZone", 404, "VPCAssociationNotFound", "", Fault.NOT_VISIBLE),
    ("CreateNatGateway", 400, "InvalidSubnet", "", Fault.NOT_VISIBLE),
    ("ModifySubnetAttribute", 400, "InvalidSubnet", "", Fault.INVALID),
    ("CreateSubnet", 400, "InvalidSubnet.Conflict", "The CIDR conflicts with another subnet", Fault.EXISTS),
    ("CreateSubnet", 400, "InvalidSubnet.Range", "", Fault.INVALID),
    ("CreateSecurityGroup", 400, "InvalidGroup.Duplicate", "", Fault.EXISTS),
    ("AuthorizeSecurityGroupIngress", 400, "InvalidPermission.Duplicate", "", Fault.EXISTS),
    ("CreateRoute", 400, "RouteAlreadyExists", "", Fault.EXISTS),
    ("AttachInternetGateway", 400, "Resource.AlreadyAssociated", "", Fault.EXISTS),
    ("CreateHostedZone", 409, "HostedZoneAlreadyExists", "", Fault.TOKEN_MISMATCH),
    ("CreateHostedZone", 400, "ConflictingDomainExists", "", Fault.EXISTS),
    ("CreateRole", 409, "EntityAlreadyExists", "", Fault.EXISTS),
    (
        "CreateVpcEndpoint",
        400,
        "InvalidParameter",
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for x",
        Fault.EXISTS,
    ),
    (
        "AddRoleToInstanceProfile",
        409,
        "LimitExceeded",
        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1",
        Fault.EXISTS,
    ),
    ("CreateBucket", 409, "BucketAlreadyOwnedByYou", "", Fault.EXISTS),
    ("CreateBucket", 409, "BucketAlreadyExists", "", Fault.INVALID),
    ("DeleteSubnet", 400, "DependencyViolation", "", Fault.BUSY),
    ("DeleteSecurityGroup", 400, "InvalidGroup.InUse", "", Fault.BUSY),
    ("DeleteTargetGroup", 400, "ResourceInUse", "", Fault.BUSY),
    ("DeleteRole", 409, "DeleteConflict", "", Fault.BUSY),
    ("ReleaseAddress", 400, "InvalidIPAddress.InUse", "", Fault.BUSY),
    ("ReleaseAddress", 400, "AuthFailure", "You do not have permission to access the resource.", Fault.BUSY),
    ("DeleteHostedZone", 400, "HostedZoneNotEmpty", "", Fault.BUSY),
    ("CreateRoute", 400, "IncorrectState", "", Fault.BUSY),
    ("CreateBucket", 409, "OperationAborted", "", Fault.BUSY),
    ("CreateRouteTable", 400, "IdempotentParameterMismatch", "", Fault.TOKEN_MISMATCH),
    ("CreateVpc", 403, "UnauthorizedOperation", "", Fault.DENIED),
    ("CreateLoadBalancer", 403, "AccessDenied", "", Fault.DENIED),
    ("CreateVpc", 400, "VpcLimitExceeded", "", Fault.QUOTA),
    ("AllocateAddress", 400, "AddressLimitExceeded", "", Fault.QUOTA),
    ("CreateHostedZone", 400, "TooManyHostedZones", "", Fault.QUOTA),
    ("CreateLoadBalancer", 400, "TooManyLoadBalancers", "", Fault.QUOTA),
    ("CreateRole", 409, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", Fault.QUOTA),
    ("DescribeVpcs", 401, "AuthFailure", "AWS was not able to validate the credentials", Fault.CREDENTIALS),
    ("AssociateAddress", 400, "AuthFailure", "You do not have permission to access this resource", Fault.DENIED),
    ("CreateRoute", 400, "AuthFailure", "You are not authorized to perform this operation", Fault.DENIED),
    ("GetCallerIdentity", 403, "ExpiredToken", "", Fault.CREDENTIALS),
    ("DescribeVpcs", 400, "RequestExpired", "", Fault.CREDENTIALS),
    ("ListHostedZones", 403, "SignatureDoesNotMatch", "", Fault.CREDENTIALS),
    ("ListHostedZones", 403, "InvalidClientTokenId", "", Fault.CREDENTIALS),
    ("CreateVpc", 400, "InvalidParameterValue", "", Fault.INVALID),
    ("CreateVpc", 400, "InvalidVpc.Range", "", Fault.INVALID),
]

ALIAS, MISSING = "Tried to create an alias that targets ", "but that target was not found"
BALANCER = f"{ALIAS}lab-ext-9f8e.elb.eu-west-1.amazonaws.com., type A in zone Z2IFOLAFXWLO4F"
EARLY = f"{BALANCER}, {MISSING}"
ELSEWHERE = "but the alias target name does not lie within the target zone"

BATCHES = [
    ("[Tried to create resource record set [name='a.', type='A'] but it already exists]", Fault.EXISTS),
    ("[Tried to delete resource record set [name='a.', type='A'] but it was not found]", Fault.NOT_VISIBLE),
    (
        "[Tried to delete resource record set [name='a.', type='A'] but it was not found, Tried to delete resource "
        "record set [name='b.', type='A'] but the values provided do not match the current values]",
        Fault.INVALID,
    ),
    ("[Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address']", Fault.INVALID),
    # https://github.com/boto/boto/issues/2519, https://github.com/rust-lang/simpleinfra/pull/907
    (f"[{EARLY}]", Fault.NOT_READY),
    (f"[{EARLY}, {EARLY}]", Fault.NOT_READY),
    (EARLY, Fault.NOT_READY),
    (f"[RRSet of type CNAME with DNS name api.x. is not permitted as it conflicts, {EARLY}]", Fault.INVALID),
    (f"[{ALIAS}fastly-app.crates.io., type A in zone Z3HLPL7SRE1VK5, {MISSING}]", Fault.NOT_VISIBLE),
    (f"[{EARLY}, {ALIAS}fastly-app.crates.io., type A in zone Z3HLPL7SRE1VK5, {MISSING}]", Fault.NOT_VISIBLE),
    # https://github.com/barnybug/cli53/issues/213, https://github.com/harmony-one/harmony-ops/issues/491
    (f"[{BALANCER}, {ELSEWHERE}]", Fault.INVALID),
    (f"[{BALANCER}, {ELSEWHERE}, {EARLY}]", Fault.INVALID),
    (f"[{EARLY}, Tried to create resource record set [name='a.', type='A'] but it already exists]", Fault.EXISTS),
    (f"[{EARLY}, Tried to delete resource record set [name='a.', type='A'] but it was not found]", Fault.INVALID),
]


def untrusted() -> botocore_errors.SSLError:
    cause = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    return botocore_errors.SSLError(endpoint_url=URL, error=cause)


SILENCES: list[tuple[Exception, Fault]] = [
    (botocore_errors.EndpointConnectionError(endpoint_url=URL, error=socket.gaierror(-2, "unknown")), Fault.NOT_SENT),
    (botocore_errors.ConnectTimeoutError(endpoint_url=URL), Fault.NOT_SENT),
    (botocore_errors.ProxyConnectionError(proxy_url="http://proxy:3128"), Fault.NOT_SENT),
    (untrusted(), Fault.NOT_SENT),
    (InterceptedResponse(403, URL), Fault.NOT_SENT),
    (InterceptedResponse(200, URL), Fault.UNKNOWN_OUTCOME),
    (botocore_errors.SSLError(endpoint_url=URL, error=ssl.SSLError(1, "bad record mac")), Fault.UNKNOWN_OUTCOME),
    (botocore_errors.ReadTimeoutError(endpoint_url=URL), Fault.UNKNOWN_OUTCOME),
    (botocore_errors.ConnectionClosedError(endpoint_url=URL), Fault.UNKNOWN_OUTCOME),
    (botocore_errors.HTTPClientError(error="IncompleteRead"), Fault.UNKNOWN_OUTCOME),
    (ResponseParserError("Unable to parse response"), Fault.UNKNOWN_OUTCOME),
    (botocore_errors.NoCredentialsError(), Fault.CREDENTIALS),
    (botocore_errors.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), Fault.CREDENTIALS),
    (botocore_errors.CredentialRetrievalError(provider="process", error_msg="x"), Fault.CREDENTIALS),
    (botocore_errors.UnauthorizedSSOTokenError(), Fault.CREDENTIALS),
    (botocore_errors.ParamValidationError(report="x"), Fault.INVALID),
]


def answer(operation: str, status: int, code: str, message: str) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "req-1"},
    }
    return ClientError(response, operation)


@pytest.mark.parametrize(("operation", "status", "code", "message", "fault"), ANSWERS)
def test_what_aws_says(operation: str, status: int, code: str, message: str, fault: Fault) -> None:
    error = answer(operation, status, code, message)
    assert classify(error, operation) is fault
    assert classify(error) is fault


@pytest.mark.parametrize(("message", "fault"), BATCHES)
def test_what_a_refused_change_batch_says(message: str, fault: Fault) -> None:
    assert classify(answer("ChangeResourceRecordSets", 400, "InvalidChangeBatch", message)) is fault


@pytest.mark.parametrize(("error", "fault"), SILENCES, ids=lambda value: type(value).__name__)
def test_what_botocore_says_when_aws_says_nothing(error: Exception, fault: Fault) -> None:
    assert is_aws_error(error)
    assert classify(error, "CreateVpc") is fault


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
    assert (wrapped.fault, wrapped.code, wrapped.request_id) == (Fault.BUSY, "AuthFailure", "req-1")
    assert wrap(wrapped, "Other") is wrapped
    assert classify(wrapped) is Fault.BUSY


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_next_step(fault: Fault) -> None:
    assert remedy(fault, AwsMessage("Code", "message")).endswith(".")


def test_a_wrong_clock_is_thought_of() -> None:
    assert "clock" in remedy(Fault.CREDENTIALS, AwsMessage("SignatureDoesNotMatch", ""))
    assert "clock" not in remedy(Fault.CREDENTIALS, AwsMessage("ExpiredToken", ""))


@pytest.mark.parametrize("module", ["codes", "errors", "partitions", "services", "clock", "environment", "clients"])
def test_modules_for_kinds_do_without_boto3(module: str) -> None:
    program = f"import sys, ocpprov.aws.{module}; sys.exit(bool({{'boto3', 'botocore'}} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", program], check=True)
