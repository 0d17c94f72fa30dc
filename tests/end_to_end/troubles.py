"""The fault catalogue as tables: what may go wrong, by row, and what a run has to make of it. `test_fault_catalogue`
does what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.faults import Fault, FaultKind


@dataclass(frozen=True)
class Trouble:
    """What goes wrong in an apply or a destroy. `rows` are the catalogue's. `sends` is how often `operation` is sent
    at most."""

    rows: tuple[int, ...]
    operation: str
    faults: tuple[Fault, ...]
    sends: int
    conditions: Conditions = field(default_factory=Conditions)

    def __str__(self) -> str:
        said = "+".join(
            fault.code if fault.kind in (FaultKind.ERROR, FaultKind.ERROR_AFTER) else fault.kind.value
            for fault in self.faults
        )
        return f"{'-'.join(map(str, self.rows))} {self.operation} {said or 'conditions'}"


def lost(row: int, operation: str, sends: int = 1, *, nth: int = 1, **conditions: Any) -> Trouble:
    """Done, but the answer never comes."""
    fault = Fault(FaultKind.LOSE_ANSWER, operation=operation, nth=nth)
    return Trouble((row,), operation, (fault,), sends, Conditions(**conditions))


def struck(row: int, kind: FaultKind, operation: str, sends: int, *, times: int = 1, seconds: float = 60.0) -> Trouble:
    return Trouble((row,), operation, (Fault(kind, operation=operation, times=times, seconds=seconds),), sends)


def refused(
    row: int, operation: str, code: str, message: str = "", *, status: int = 400, times: int = 2, sends: int = 0
) -> Trouble:
    """Not done, and answered like this so many times."""
    fault = Fault(FaultKind.ERROR, operation=operation, code=code, message=message, status=status, times=times)
    return Trouble((row,), operation, (fault,), sends or CALM[operation] + times)


def done_but(row: int, operation: str, code: str, message: str = "", *, status: int = 400, nth: int = 1) -> Trouble:
    """Done, but answered as the repetition of a call would be."""
    fault = Fault(FaultKind.ERROR_AFTER, operation=operation, code=code, message=message, status=status, nth=nth)
    return Trouble((row,), operation, (fault,), CALM[operation] + 1)


CALM: Final = {
    "AddRoleToInstanceProfile": 1,
    "AllocateAddress": 1,
    "AssociateRouteTable": 2,
    "AttachInternetGateway": 1,
    "AuthorizeSecurityGroupIngress": 2,
    "ChangeResourceRecordSets": 1,
    "CreateBucket": 1,
    "CreateHostedZone": 1,
    "CreateInstanceProfile": 1,
    "CreateListener": 1,
    "CreateLoadBalancer": 1,
    "CreateNatGateway": 1,
    "CreatePolicy": 1,
    "CreateRole": 1,
    "CreateRoute": 2,
    "CreateRouteTable": 2,
    "CreateSecurityGroup": 2,
    "CreateSubnet": 2,
    "CreateTargetGroup": 1,
    "CreateVpc": 1,
    "CreateVpcEndpoint": 2,
    "PutBucketPolicy": 1,
}
"""How often a calm apply sends each operation."""

LOSE, HANG = FaultKind.LOSE_REQUEST, FaultKind.HANG
DNS_TAKEN = "private-dns-enabled cannot be set because there is already a conflicting DNS domain in the VPC"
NO_PRINCIPAL = "Invalid principal in policy"
ONE_ROLE = "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"
EXPLAINED = "An internal error has occurred"

GOT_OVER: Final = (
    lost(1, "CreateVpc"),
    struck(2, HANG, "AllocateAddress", 1),
    lost(3, "CreateInternetGateway", unseen_by_tag=20.0),
    struck(4, LOSE, "CreateVpc", 2),
    done_but(5, "CreateSubnet", "InternalError", EXPLAINED, status=500),
    done_but(6, "CreateNatGateway", "Unavailable", status=503),
    refused(7, "CreateRouteTable", "IdempotentParameterMismatch", times=1),
    refused(15, "CreateSubnet", "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist", times=4),
    Trouble((16,), "CreateSubnet", (), 20, Conditions(unseen_by_id=20.0, unseen_by_tag=20.0, flapping=True)),
    refused(17, "CreateRoute", "InvalidNatGatewayID.NotFound"),
    refused(17, "CreateRoute", "InvalidGatewayID.NotFound"),
    refused(18, "CreateVpcEndpoint", "InvalidRouteTableId.NotFound"),
    refused(19, "AuthorizeSecurityGroupIngress", "InvalidGroup.NotFound"),
    refused(20, "AddRoleToInstanceProfile", "NoSuchEntity", "The role with name x cannot be found.", status=404),
    refused(21, "CreateRole", "MalformedPolicyDocument", NO_PRINCIPAL),
    refused(21, "PutBucketPolicy", "MalformedPolicy", NO_PRINCIPAL),
    refused(22, "CreateListener", "LoadBalancerNotFound"),
    refused(22, "CreateListener", "TargetGroupNotFound"),
    refused(23, "CreateHostedZone", "InvalidVPCId"),
    struck(28, FaultKind.THROTTLE, "CreateSubnet", 20, seconds=60),
    refused(28, "CreateSubnet", "RequestLimitExceeded", "Request limit exceeded.", status=400, times=5),
    refused(29, "CreateHostedZone", "Throttling", "Rate exceeded", times=5),
    refused(30, "ChangeResourceRecordSets", "PriorRequestNotComplete", times=5),
    refused(31, "CreateTargetGroup", "ThrottlingException", "Rate exceeded"),
    refused(31, "CreateLoadBalancer", "Throttling", "Rate exceeded"),
    refused(32, "CreateBucket", "SlowDown", status=503),
    refused(33, "CreateHostedZone", "HostedZoneAlreadyExists", status=409, times=1),
    lost(33, "CreateHostedZone"),
    lost(35, "ChangeResourceRecordSets", 2),
    done_but(36, "AttachInternetGateway", "Resource.AlreadyAssociated"),
    done_but(37, "CreateRoute", "RouteAlreadyExists"),
    done_but(38, "AssociateRouteTable", "Resource.AlreadyAssociated", "conflicts with an existing association"),
    done_but(39, "AuthorizeSecurityGroupIngress", "InvalidPermission.Duplicate"),
    done_but(40, "CreateSecurityGroup", "InvalidGroup.Duplicate"),
    done_but(41, "AddRoleToInstanceProfile", "LimitExceeded", ONE_ROLE, status=409),
    done_but(42, "CreateVpcEndpoint", "InvalidParameter", DNS_TAKEN, nth=1),
    done_but(42, "CreateVpcEndpoint", "InvalidParameter", DNS_TAKEN, nth=2),
    done_but(43, "CreateRole", "EntityAlreadyExists", status=409),
    done_but(43, "CreateInstanceProfile", "EntityAlreadyExists", status=409),
    done_but(43, "CreatePolicy", "EntityAlreadyExists", status=409),
    done_but(45, "CreateBucket", "BucketAlreadyOwnedByYou", status=409),
    refused(46, "CreateBucket", "OperationAborted", status=409, times=4),
    struck(67, HANG, "DescribeSubnets", 99),
    struck(67, HANG, "CreateListener", 2),
    struck(68, FaultKind.HTML, "CreateVpc", 2),
    struck(68, FaultKind.HTML_AFTER, "CreateVpc", 1),
    struck(68, FaultKind.HTML, "DescribeVpcs", 99),
    Trouble((73,), "CreateVpcEndpoint", (), 2, Conditions(capitalised_states=True)),
    Trouble((74,), "CreateVpc", (), 1, Conditions(page_size=1)),
    refused(75, "DescribeNatGateways", "RequestLimitExceeded", status=503, times=6, sends=99),
    refused(75, "DescribeLoadBalancers", "Throttling", times=6, sends=99),
)


@dataclass(frozen=True)
class Permanent:
    """An error that no repetition helps: what the run has to say of it, and how often the operation is sent. `shown`:
    the message as it is shown, where that isn't the whole of it."""

    rows: tuple[int, ...]
    operation: str
    code: str
    message: str = "You are not allowed to do this"
    status: int = 400
    kind: FaultKind = FaultKind.ERROR
    sends: int = 1
    said: str = ""
    shown: str = ""

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.rows))} {self.operation} {self.code}"


LATER: Final = FaultKind.FAIL_LATER
ENCODED = "Encoded authorization failure message: "
DECODE = "aws sts decode-authorization-message --encoded-message "
DENIED = "User: arn:aws:iam::1:user/me is not authorized to perform: iam:CreateRole with an explicit deny in"
FULL = "Not enough IP space available in subnet-1. ELB requires at least 8 free IP addresses in each subnet."
NO_BALANCERS = "This AWS account currently does not support creating load balancers."
PERMANENT: Final = (
    Permanent((25,), "CreateNatGateway", "InsufficientFreeAddressesInSubnet", "no free address", kind=LATER, sends=2),
    Permanent((26,), "CreateLoadBalancer", "Internal", "no luck today", kind=LATER, sends=2, said="no luck today"),
    Permanent((34,), "CreateHostedZone", "ConflictingDomainExists", "conflicts with the hosted zone Z1"),
    Permanent((44,), "CreateBucket", "BucketAlreadyExists", status=409),
    Permanent(
        (63,),
        "CreateVpc",
        "UnauthorizedOperation",
        f"{ENCODED}xyz",
        403,
        said="permission for CreateVpc",
        shown=ENCODED,
    ),
    Permanent((63,), "CreateVpc", "UnauthorizedOperation", f"{ENCODED}xyz", 403, said=f"{DECODE}xyz", shown=ENCODED),
    Permanent((63,), "CreateRole", "AccessDenied", f"{DENIED} a service control policy", 403, said="--without iam"),
    Permanent((63,), "CreateVpc", "UnauthorizedOperation", f"{DENIED} a VPC endpoint policy", 403, said="the endpoint"),
    Permanent(
        (63,), "CreateVpc", "TagPolicyViolation", "The tag policy does not allow it: 'Project'.", said="userTags"
    ),
    Permanent((25,), "CreateLoadBalancer", "InvalidSubnet", FULL, said="subnet-1 has too few free addresses"),
    Permanent((64,), "CreateLoadBalancer", "AccessDenied", "not authorized: iam:CreateServiceLinkedRole", 403),
    Permanent((64,), "CreateLoadBalancer", "OperationNotPermitted", NO_BALANCERS, said="AWS Support"),
    Permanent((65,), "CreateVpc", "VpcLimitExceeded", said="VPCs per Region"),
    Permanent((65,), "AllocateAddress", "AddressLimitExceeded", said="EC2-VPC Elastic IPs"),
    Permanent((65,), "CreateNatGateway", "NatGatewayLimitExceeded", said="NAT gateways per Availability Zone"),
    Permanent((65,), "CreateInternetGateway", "InternetGatewayLimitExceeded", said="Internet gateways per Region"),
    Permanent((65,), "CreateLoadBalancer", "TooManyLoadBalancers", said="Network Load Balancers per Region"),
    Permanent((65,), "CreateHostedZone", "TooManyHostedZones", said="Hosted zones"),
    Permanent(
        (65,),
        "CreateRole",
        "LimitExceeded",
        "Cannot exceed quota for RolesPerAccount: 1000",
        409,
        said="Roles per account",
    ),
    Permanent((65,), "CreateBucket", "TooManyBuckets", said="buckets"),
)


GONE: Final = {
    "DeleteVpc": "InvalidVpcID.NotFound",
    "DeleteSubnet": "InvalidSubnetID.NotFound",
    "DeleteInternetGateway": "InvalidInternetGatewayID.NotFound",
    "DetachInternetGateway": "Gateway.NotAttached",
    "DeleteRouteTable": "InvalidRouteTableID.NotFound",
    "ReleaseAddress": "InvalidAllocationID.NotFound",
    "DeleteNatGateway": "NatGatewayNotFound",
    "DeleteSecurityGroup": "InvalidGroup.NotFound",
    "RevokeSecurityGroupIngress": "InvalidPermission.NotFound",
    "DeleteVpcEndpoints": "InvalidVpcEndpoint.NotFound",
    "DeleteNetworkAcl": "InvalidNetworkAclID.NotFound",
    "DeleteLoadBalancer": "LoadBalancerNotFound",
    "DeleteTargetGroup": "TargetGroupNotFound",
    "DeleteHostedZone": "NoSuchHostedZone",
    "DeleteRole": "NoSuchEntity",
    "DeleteInstanceProfile": "NoSuchEntity",
    "DeletePolicy": "NoSuchEntity",
    "DeleteBucket": "NoSuchBucket",
}
HELD: Final = (
    refused(51, "DeleteSubnet", "DependencyViolation", times=8, sends=99),
    refused(53, "DeleteSecurityGroup", "DependencyViolation", times=4, sends=99),
    refused(55, "DetachInternetGateway", "DependencyViolation", "has some mapped public address(es)", sends=99),
    refused(56, "ReleaseAddress", "AuthFailure", "You do not have permission to access", times=4, sends=99),
    refused(57, "DeleteTargetGroup", "ResourceInUse", times=4, sends=99),
    refused(60, "DeleteRole", "DeleteConflict", "must remove roles from instance profile first.", times=4, sends=99),
    refused(51, "DeleteVpc", "DependencyViolation", times=8, sends=99),
    refused(58, "DeleteHostedZone", "HostedZoneNotEmpty", times=2, sends=99),
    refused(59, "DeleteBucket", "BucketNotEmpty", status=409, times=2, sends=99),
)


CRASHES = "test_crash_points.py::test_killed_around_every_call"
ELSEWHERE: Final = {
    8: CRASHES,
    9: CRASHES,
    10: CRASHES,
    11: CRASHES,
    12: "test_fault_catalogue_standing.py::a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes",
    13: CRASHES,
    14: "test_locks.py::test_on_one_host_the_second_leaves_and_is_told_of_the_first",
    24: "test_second_tries.py::test_a_gateway_that_failed_is_made_once_more",
    27: "test_fault_catalogue.py::test_what_never_becomes_ready_is_named_in_time_and_waited_for_again",
    47: "test_fault_catalogue_standing.py::a_destroy_waits_until_it_is_let_go",
    48: "test_leftovers.py::test_an_object_that_is_said_not_to_be_deleted_is_deleted_again",
    49: "test_fault_catalogue_standing.py::what_a_destroy_is_told_to_be_gone_is_gone",
    50: "test_fault_catalogue_standing.py::what_a_destroy_is_told_to_be_gone_is_gone",
    52: "test_strangers.py::test_all_that_is_in_the_way_is_named_and_the_rest_goes",
    54: "test_strangers.py::test_all_that_is_in_the_way_is_named_and_the_rest_goes",
    58: "test_leftovers.py::test_they_are_taken_away_with_the_plans_and_others_stay",
    59: "test_leftovers.py::test_they_are_taken_away_with_the_plans_and_others_stay",
    61: "test_fault_catalogue.py::test_a_run_whose_credentials_end_stops_cleanly_and_goes_on_with_new_ones",
    62: "test_fault_catalogue.py::test_a_wrong_clock_is_named_before_anything_is_changed",
    66: "test_blocked_services.py::test_a_blocked_service_is_named_before_anything_is_changed",
    69: "test_disk.py::test_what_cannot_be_written_is_named_and_nothing_is_sent",
    70: "test_fault_catalogue_standing.py::what_was_deleted_by_hand_is_made_again_without_waiting_for_it",
    71: "test_second_tries.py::test_what_a_dead_run_made_twice_is_ended_and_the_one_in_use_stays",
    72: "test_fault_catalogue_standing.py::a_gateway_that_is_listed_but_deleted_is_made_again",
    76: "test_signals.py::test_a_run_that_is_told_to_end",
    77: "test_fault_catalogue.py::test_nobody_waits_for_a_change_of_records",
}
"""The rows that are no row of a table here, and the test of each."""
