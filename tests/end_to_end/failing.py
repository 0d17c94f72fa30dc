"""Causes for which an apply of the single-zone plan fails, and what its last lines say of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


def errors(operation: str, code: str, message: str, status: int = 400, *, first: int = 1) -> list[dict[str, Any]]:
    """Every call of an operation from the `first` on is answered with an error."""
    fault = {"fault": "error", "code": code, "message": message, "status": status}
    return [{"operation": operation, "nth": nth, **fault} for nth in range(first, first + 150)]


@dataclass(frozen=True)
class Failing:
    """What goes wrong, and what the last lines have to say of it."""

    faults: list[dict[str, Any]]
    missing: str
    said: str
    cause: str


EXPIRED = "The security token included in the request is expired"
ROLES = "User: arn:aws:sts::1:assumed-role/ops/x is not authorized to perform: iam:CreateRole on resource: y"
ENCODED = "Encoded authorization failure message: "
TAGS = "The tag policy does not allow the specified value for the following tag key: CostCenter."
FULL = "Not enough IP space available in subnet-08885c5805228af7a."
NEW_ACCOUNT = "This AWS account currently does not support creating load balancers."
CASES = {
    "denied": Failing(
        errors("CreateRole", "AccessDenied", "not authorized to perform: iam:CreateRole", 403),
        "BootstrapIamRole",
        r"CreateRole: AccessDenied: not authorized to perform: iam:CreateRole \(request \S+\)",
        "Give the user the permission for iam:CreateRole",
    ),
    "quota": Failing(
        errors("AllocateAddress", "AddressLimitExceeded", "The maximum number of addresses has been reached."),
        "EIP",
        r"AllocateAddress: AddressLimitExceeded: The maximum number of addresses has been reached. \(request \S+\)",
        'The quota "EC2-VPC Elastic IPs" is reached',
    ),
    "invalid parameter": Failing(
        errors("CreateLoadBalancer", "InvalidConfigurationRequest", "This zone has no such balancers"),
        "IntApiElb",
        r"CreateLoadBalancer: InvalidConfigurationRequest: This zone has no such balancers \(request \S+\)",
        "AWS doesn't accept the request",
    ),
    "throttled to the end": Failing(
        errors("AllocateAddress", "RequestLimitExceeded", "Request limit exceeded.", 503),
        "EIP",
        r"AllocateAddress: RequestLimitExceeded: Request limit exceeded. \(request \S+\)",
        "AWS limits how often this account may ask",
    ),
    "connection lost": Failing(
        [{"operation": "CreateVpcEndpoint", "nth": nth, "fault": "lose-request"} for nth in range(1, 50)],
        "S3Endpoint",
        "nothing",
        "AWS may have done it",
    ),
    "gateway failing at AWS": Failing(
        [
            {"operation": "CreateNatGateway", "nth": nth, "fault": "fail-later", "message": "no free address in subnet"}
            for nth in range(1, 9)
        ],
        "NAT",
        ".*no free address in subnet",
        "no free address in subnet",
    ),
    "credentials expired": Failing(
        [
            {"call": call, "fault": "error", "code": "ExpiredToken", "message": EXPIRED, "status": 400}
            for call in range(25, 200)
        ],
        "",
        rf"\w+: ExpiredToken: {EXPIRED} \(request \S+\)",
        "Set or renew the credentials",
    ),
    "denied while it is awaited": Failing(
        errors("DescribeNatGateways", "UnauthorizedOperation", "You are not authorized.", 403),
        "NAT",
        r"\w+: UnauthorizedOperation: You are not authorized. \(request \S+\)|nothing",
        "Give the user the permission for DescribeNatGateways",
    ),
    # What no permission mends, and time neither.
    "organisation's policy": Failing(
        errors("CreateRole", "AccessDenied", f"{ROLES} with an explicit deny in a service control policy", 403),
        "BootstrapIamRole",
        rf"CreateRole: AccessDenied: {re.escape(ROLES)} with an explicit deny in a .* policy \(request \S+\)",
        "Ask the organisation's administrators to allow it here, and run the same command again. Where roles may be "
        "made only in some way, or by somebody else: iam.permissionsBoundary in the plan",
    ),
    "encoded reason": Failing(
        errors("CreateSecurityGroup", "UnauthorizedOperation", f"You are not authorized. {ENCODED}5kKNwqOHy-AAAA", 403),
        "MasterSecurityGroup",
        rf"CreateSecurityGroup: UnauthorizedOperation: You are not authorized. {ENCODED}\(below\) \(request \S+\)",
        "`aws sts decode-authorization-message --encoded-message 5kKNwqOHy-AAAA` shows it",
    ),
    "tag policy": Failing(
        errors("CreateVpc", "TagPolicyViolation", TAGS),
        "VPC",
        rf"CreateVpc: TagPolicyViolation: {TAGS} \(request \S+\)",
        "Write userTags with the keys, in the same capitals, and the values that it asks for",
    ),
    "new account": Failing(
        errors("CreateLoadBalancer", "OperationNotPermitted", NEW_ACCOUNT),
        "IntApiElb",
        rf"CreateLoadBalancer: OperationNotPermitted: {NEW_ACCOUNT} \(request \S+\)",
        "Open a case with AWS Support",
    ),
    "full subnet": Failing(
        errors("CreateLoadBalancer", "InvalidSubnet", FULL),
        "IntApiElb",
        rf"CreateLoadBalancer: InvalidSubnet: {FULL} \(request \S+\)",
        "subnet-08885c5805228af7a has too few free addresses",
    ),
}

SAMPLE = ("credentials expired", "denied while it is awaited", "organisation's policy")
"""Those of every run of the tests; `make torture` takes them all."""
