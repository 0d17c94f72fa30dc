"""What AWS, the network and the machine may do to a run, row by row: the run gets over it, or stops in the right way.

AWS is the sandbox, in the same process; the account is judged by plain reads.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.sandbox.conditions import Conditions
from ocpprov.sandbox.faults import Fault, FaultKind, Script
from ocpprov.sandbox.manners.delays import Delays
from tests.end_to_end.one_of_each import PLAN
from tests.end_to_end.world import REGION
from tests.support.forking import forked
from tests.support.in_process import Bastion, Ended
from tests.support.likeness import likeness, unlike
from tests.support.snapshot import snapshot

Account = Counter[str]


@dataclass(frozen=True)
class World:
    """Somebody with the plan of one of each, before an account without it; `made` is what a calm run makes, in
    `seconds` of AWS's time."""

    bastion: Bastion
    plan: Path
    empty: Account
    made: Account
    seconds: float

    def held(self) -> Account:
        return likeness(snapshot(self.bastion.client))

    def sent(self, operation: str) -> list[dict[str, Any]]:
        """The parameters of each call of an operation since the last command began."""
        return [call["parameters"] for call in self.bastion.front.calls() if call["operation"] == operation]

    def is_whole(self, applied: Ended) -> None:
        """The apply ended well, there is what a calm one makes, and one more has nothing to do."""
        self.calm()
        assert applied.code == 0, applied.said
        assert unlike(self.held(), self.empty + self.made) == []
        again = self.bastion.apply(self.plan)
        assert (again.code, again.sent) == (0, []), again.said

    def is_gone(self, destroyed: Ended) -> None:
        """The destroy ended well, and left nothing."""
        self.calm()
        assert destroyed.code == 0, destroyed.said
        assert unlike(self.held(), self.empty) == []

    def calm(self) -> None:
        """AWS behaves from now on."""
        self.bastion.front.set_faults(Script())
        self.bastion.front.set_conditions(Conditions())


@pytest.fixture(scope="module")
def calm_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("bastion")
    plan = home / "plan.json"
    plan.write_text(json.dumps(PLAN))
    bastion = Bastion(home, REGION)

    def clean() -> tuple[Account, float]:
        start = bastion.clock.seconds
        applied = bastion.apply(plan)
        assert applied.code == 0, applied.said
        return likeness(snapshot(bastion.client)) - empty, bastion.clock.seconds - start

    empty = likeness(snapshot(bastion.client))
    made, seconds = forked(clean)
    yield World(bastion, plan, empty, made, seconds)
    bastion.front.reset()


@pytest.fixture
def world(calm_run: World) -> World:
    calm_run.bastion.front.reset()
    shutil.rmtree(calm_run.bastion.home / ".ocpprov", ignore_errors=True)
    return replace(calm_run, empty=calm_run.held())


@dataclass(frozen=True)
class Trouble:
    """What goes wrong in an apply or a destroy. `rows` are the catalogue's. `sends` is how often `operation` is sent
    at most."""

    rows: tuple[int, ...]
    operation: str
    faults: tuple[Fault, ...]
    sends: int
    conditions: Conditions = field(default_factory=Conditions)

    def begin(self, world: World) -> None:
        world.bastion.front.set_conditions(self.conditions)
        world.bastion.front.set_faults(Script(self.faults))

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


def _gatherings() -> list[list[Trouble]]:
    """As few groups as there can be with each operation struck once; conditions hold for a whole run."""
    groups: list[list[Trouble]] = []
    for trouble in GOT_OVER:
        if trouble.conditions != Conditions():
            groups.append([trouble])
            continue
        fitting = (
            group
            for group in groups
            if all(other.operation != trouble.operation and other.conditions == Conditions() for other in group)
        )
        group = next(fitting, None)
        if group is None:
            groups.append(group := [])
        group.append(trouble)
    return groups


@pytest.mark.parametrize(
    "troubles",
    [
        *(pytest.param(group, id=f"together {number}") for number, group in enumerate(_gatherings())),
        *(pytest.param([trouble], id=str(trouble), marks=pytest.mark.torture) for trouble in GOT_OVER),
    ],
)
def test_an_apply_gets_over_it(world: World, troubles: list[Trouble]) -> None:
    """One at a time in `make torture`; here as many as don't meet in one operation."""
    world.bastion.front.set_conditions(troubles[0].conditions)
    world.bastion.front.set_faults(Script(tuple(fault for trouble in troubles for fault in trouble.faults)))
    applied = world.bastion.apply(world.plan)
    calls = world.bastion.front.calls()
    world.is_whole(applied)
    for trouble in troubles:
        of_this = [call for call in calls if call["operation"] == trouble.operation]
        assert len(of_this) <= trouble.sends, trouble
        assert len([call for call in of_this if call["fault"]]) >= len(trouble.faults), trouble


def test_what_is_repeated_keeps_its_token(world: World) -> None:
    """Rows 6, 18 and 23: AWS takes the second for the first, whatever became of that."""
    for operation, code, token in (
        ("CreateNatGateway", "InvalidSubnetID.NotFound", "ClientToken"),
        ("CreateVpcEndpoint", "InvalidRouteTableId.NotFound", "ClientToken"),
        ("CreateHostedZone", "InvalidVPCId", "CallerReference"),
    ):
        refused(0, operation, code, times=1).begin(world)
        assert world.bastion.apply(world.plan).code == 0
        tokens = [parameters[token] for parameters in world.sent(operation)]
        assert tokens[0] in tokens[1:]
        world.is_gone(world.bastion.destroy(world.plan))


@dataclass(frozen=True)
class Permanent:
    """An error that no repetition helps: what the run has to say of it, and how often the operation is sent."""

    rows: tuple[int, ...]
    operation: str
    code: str
    message: str = "You are not allowed to do this"
    status: int = 400
    kind: FaultKind = FaultKind.ERROR
    sends: int = 1
    said: str = ""

    def __str__(self) -> str:
        return f"{'-'.join(map(str, self.rows))} {self.operation} {self.code}"


LATER: Final = FaultKind.FAIL_LATER
PERMANENT: Final = (
    Permanent((25,), "CreateNatGateway", "InsufficientFreeAddressesInSubnet", "no free address", kind=LATER, sends=2),
    Permanent((26,), "CreateLoadBalancer", "Internal", "no luck today", kind=LATER, sends=2, said="no luck today"),
    Permanent((34,), "CreateHostedZone", "ConflictingDomainExists", "conflicts with the hosted zone Z1"),
    Permanent((44,), "CreateBucket", "BucketAlreadyExists", status=409),
    Permanent(
        (63,),
        "CreateVpc",
        "UnauthorizedOperation",
        "Encoded authorization failure message: xyz",
        403,
        said="permission for CreateVpc",
    ),
    Permanent((64,), "CreateLoadBalancer", "AccessDenied", "not authorized: iam:CreateServiceLinkedRole", 403),
    Permanent((64,), "CreateLoadBalancer", "OperationNotPermitted"),
    Permanent((65,), "CreateVpc", "VpcLimitExceeded", said="VPCs per Region"),
    Permanent((65,), "AllocateAddress", "AddressLimitExceeded", said="EC2-VPC Elastic IPs"),
    Permanent((65,), "CreateNatGateway", "NatGatewayLimitExceeded", said="NAT gateways per Availability Zone"),
    Permanent((65,), "CreateInternetGateway", "InternetGatewayLimitExceeded", said="Internet gateways per Region"),
    Permanent((65,), "CreateLoadBalancer", "TooManyLoadBalancers", said="Load balancers per Region"),
    Permanent((65,), "CreateHostedZone", "TooManyHostedZones", said="hosted zones"),
    Permanent(
        (65,),
        "CreateRole",
        "LimitExceeded",
        "Cannot exceed quota for RolesPerAccount: 1000",
        409,
        said="Service Quotas",
    ),
    Permanent((65,), "CreateBucket", "TooManyBuckets", said="buckets"),
)


def _first_of_its_row(error: Permanent) -> bool:
    return error is next(other for other in PERMANENT if other.rows == error.rows)


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(error, id=str(error), marks=[] if _first_of_its_row(error) else [pytest.mark.torture])
        for error in PERMANENT
    ],
)
def test_what_no_repetition_helps_fails_at_once_and_the_next_apply_goes_on(world: World, error: Permanent) -> None:
    fault = Fault(
        error.kind, operation=error.operation, code=error.code, message=error.message, status=error.status, times=99
    )
    world.bastion.front.set_faults(Script((fault,)))
    applied = world.bastion.apply(world.plan)
    assert applied.code == 1, applied.said
    assert len(world.sent(error.operation)) == error.sends
    assert error.code in applied.said or error.kind is LATER
    assert error.said in applied.said
    assert error.message in applied.said
    world.calm()
    others = [line for line in unlike(world.held(), world.empty) if line.startswith("+ ")]
    # What needs the network fails with it; all others are there.
    assert len(others) >= (5 if error.operation == "CreateVpc" else 15)
    world.is_whole(world.bastion.apply(world.plan))


GONE: Final = {
    "DeleteVpc": "InvalidVpcID.NotFound",
    "DeleteSubnet": "InvalidSubnetID.NotFound",
    "DeleteInternetGateway": "InvalidInternetGatewayID.NotFound",
    "DetachInternetGateway": "Gateway.NotAttached",
    "DeleteRouteTable": "InvalidRouteTableID.NotFound",
    "DisassociateRouteTable": "InvalidAssociationID.NotFound",
    "ReleaseAddress": "InvalidAllocationID.NotFound",
    "DeleteNatGateway": "NatGatewayNotFound",
    "DeleteSecurityGroup": "InvalidGroup.NotFound",
    "RevokeSecurityGroupIngress": "InvalidPermission.NotFound",
    "DeleteVpcEndpoints": "InvalidVpcEndpoint.NotFound",
    "DeleteNetworkAcl": "InvalidNetworkAclID.NotFound",
    "DeleteLoadBalancer": "LoadBalancerNotFound",
    "DeleteTargetGroup": "TargetGroupNotFound",
    "DeleteListener": "ListenerNotFound",
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


def test_a_destroy_waits_until_it_is_let_go(world: World) -> None:
    """All of them in one run: rows 51 to 60."""
    assert world.bastion.apply(world.plan).code == 0
    world.bastion.front.set_faults(Script(tuple(fault for trouble in HELD for fault in trouble.faults)))
    destroyed = world.bastion.destroy(world.plan)
    struck = Counter(call["operation"] for call in world.bastion.front.calls() if call["fault"])
    assert struck == Counter({trouble.operation: trouble.faults[0].times for trouble in HELD})
    world.is_gone(destroyed)


@pytest.mark.parametrize("done", [True, False], ids=["49", "50"])
def test_what_a_destroy_is_told_to_be_gone_is_gone(world: World, done: bool) -> None:
    """Row 49: gone already is as good as deleted. Row 50: but AWS may say so of what it only doesn't see yet."""
    assert world.bastion.apply(world.plan).code == 0
    kind = FaultKind.ERROR_AFTER if done else FaultKind.ERROR
    faults = (
        Fault(kind, operation=operation, code=code, status=404 if code.startswith("NoSuch") else 400)
        for operation, code in GONE.items()
    )
    world.bastion.front.set_faults(Script(tuple(faults)))
    destroyed = world.bastion.destroy(world.plan)
    assert {call["operation"] for call in world.bastion.front.calls() if call["fault"]} == set(GONE)
    world.is_gone(destroyed)


def test_an_endpoint_that_is_said_not_to_be_deleted_is_deleted_again(world: World) -> None:
    """Row 47: a success with errors inside."""
    assert world.bastion.apply(world.plan).code == 0
    body = (
        "<DeleteVpcEndpointsResponse><requestId>1</requestId><unsuccessful><item><error>"
        "<code>DependencyViolation</code><message>in use</message></error><resourceId>vpce-1</resourceId></item>"
        "</unsuccessful></DeleteVpcEndpointsResponse>"
    )
    fault = Fault(FaultKind.ANSWER, operation="DeleteVpcEndpoints", body=body, times=2)
    world.bastion.front.set_faults(Script((fault,)))
    destroyed = world.bastion.destroy(world.plan)
    assert len(world.sent("DeleteVpcEndpoints")) == 4
    world.is_gone(destroyed)


def test_a_run_whose_credentials_end_stops_cleanly_and_goes_on_with_new_ones(world: World) -> None:
    """Row 61."""
    world.bastion.front.set_conditions(Conditions(credentials_last=world.seconds / 2))
    applied = world.bastion.apply(world.plan)
    assert applied.code == 1, applied.said
    assert "Expired" in applied.said
    world.calm()
    assert unlike(world.held(), world.empty) != []
    world.bastion.log_in_again()
    world.is_whole(world.bastion.apply(world.plan))
    world.is_gone(world.bastion.destroy(world.plan))


def test_a_wrong_clock_is_named_before_anything_is_changed(world: World) -> None:
    """Row 62."""
    message = "AWS was not able to validate the provided access credentials"
    fault = Fault(FaultKind.ERROR, operation="DescribeVpcs", code="AuthFailure", message=message, status=401, times=99)
    world.bastion.front.set_faults(Script((fault,)))
    applied = world.bastion.apply(world.plan)
    assert (applied.code, applied.sent) == (2, [])
    assert "clock" in applied.said


def test_what_was_deleted_by_hand_is_made_again_without_waiting_for_it(world: World) -> None:
    """Row 70: the journal knows ids that AWS doesn't any more."""
    assert world.bastion.apply(world.plan).code == 0
    home = world.bastion.home / ".ocpprov"
    kept = world.bastion.home / "kept"
    shutil.copytree(home, kept)
    world.is_gone(world.bastion.destroy(world.plan))
    shutil.rmtree(home)
    kept.rename(home)
    start = world.bastion.clock.seconds
    applied = world.bastion.apply(world.plan)
    assert world.bastion.clock.seconds - start < world.seconds + 60
    world.is_whole(applied)
    world.is_gone(world.bastion.destroy(world.plan))


def test_a_gateway_that_is_listed_but_deleted_is_made_again(world: World) -> None:
    """Row 72."""
    assert world.bastion.apply(world.plan).code == 0
    ec2 = world.bastion.client("ec2")
    [gateway] = ec2.describe_nat_gateways()["NatGateways"]
    ec2.delete_nat_gateway(NatGatewayId=gateway["NatGatewayId"])
    world.bastion.clock.sleep(300)
    assert world.bastion.apply(world.plan).code == 0
    states = sorted(each["State"] for each in ec2.describe_nat_gateways()["NatGateways"])
    assert states == ["available", "deleted"]
    world.is_gone(world.bastion.destroy(world.plan))


def test_what_never_becomes_ready_is_named_in_time_and_waited_for_again(world: World) -> None:
    """Row 27."""
    home = world.bastion.home / "slow"
    slow = Bastion(home, REGION, delays=Delays(nat_gateway=1e6))
    stuck = slow.apply(world.plan)
    assert stuck.code == 1
    [gateway] = slow.client("ec2").describe_nat_gateways()["NatGateways"]
    assert f"Nat ({gateway['NatGatewayId']}) isn't ready in time" in stuck.said
    assert "there:    33 of the plan's 34 resources" in stuck.said
    assert slow.clock.seconds < 1200
    slow.clock.sleep(1e6)
    applied = slow.apply(world.plan)
    assert (applied.code, applied.sent) == (0, []), applied.said
    assert unlike(world.held(), world.empty + world.made) == []
    world.is_gone(slow.destroy(world.plan))
    shutil.rmtree(home)


CRASHES = "test_crash_points.py::test_killed_around_every_call"
ELSEWHERE: Final = {
    8: CRASHES,
    9: CRASHES,
    10: CRASHES,
    11: CRASHES,
    12: "test_fault_catalogue.py::test_a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes",
    13: CRASHES,
    14: "test_locks.py::test_on_one_host_the_second_leaves_and_is_told_of_the_first",
    24: "test_second_tries.py::test_a_gateway_that_failed_is_made_once_more",
    27: "test_fault_catalogue.py::test_what_never_becomes_ready_is_named_in_time_and_waited_for_again",
    47: "test_fault_catalogue.py::test_an_endpoint_that_is_said_not_to_be_deleted_is_deleted_again",
    48: "test_leftovers.py::test_an_object_that_is_said_not_to_be_deleted_is_deleted_again",
    49: "test_fault_catalogue.py::test_what_a_destroy_is_told_to_be_gone_is_gone",
    50: "test_fault_catalogue.py::test_what_a_destroy_is_told_to_be_gone_is_gone",
    52: "test_strangers.py::test_all_that_is_in_the_way_is_named_and_the_rest_goes",
    54: "test_strangers.py::test_all_that_is_in_the_way_is_named_and_the_rest_goes",
    58: "test_leftovers.py::test_they_are_taken_away_with_the_plans_and_others_stay",
    59: "test_leftovers.py::test_they_are_taken_away_with_the_plans_and_others_stay",
    61: "test_fault_catalogue.py::test_a_run_whose_credentials_end_stops_cleanly_and_goes_on_with_new_ones",
    62: "test_fault_catalogue.py::test_a_wrong_clock_is_named_before_anything_is_changed",
    66: "test_blocked_services.py::test_a_blocked_service_is_named_before_anything_is_changed",
    69: "test_disk.py::test_what_cannot_be_written_is_named_and_nothing_is_sent",
    70: "test_fault_catalogue.py::test_what_was_deleted_by_hand_is_made_again_without_waiting_for_it",
    71: "test_second_tries.py::test_what_a_dead_run_made_twice_is_ended_and_the_one_in_use_stays",
    72: "test_fault_catalogue.py::test_a_gateway_that_is_listed_but_deleted_is_made_again",
    76: "test_signals.py::test_a_run_that_is_told_to_end",
    77: "test_fault_catalogue.py::test_nobody_waits_for_a_change_of_records",
}
"""The rows that are no row of a table here, and the test of each."""


def test_a_journal_that_ends_in_the_middle_of_a_line_is_read_as_far_as_it_goes(world: World) -> None:
    """Row 12."""
    assert world.bastion.apply(world.plan).code == 0
    journal = world.bastion.home / ".ocpprov" / "prod" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-25])
    world.is_whole(world.bastion.apply(world.plan))
    world.is_gone(world.bastion.destroy(world.plan))
    assert all(json.loads(line) for line in journal.read_text().splitlines()[-20:])


def test_nobody_waits_for_a_change_of_records(world: World) -> None:
    """Row 77: a change that stays pending, or whose id is lost, keeps nobody waiting, because nobody asks for it: a
    record counts as there when it is listed."""
    applied = world.bastion.apply(world.plan)
    assert applied.code == 0
    assert world.sent("GetChange") == []
    assert world.bastion.destroy(world.plan).code == 0
    assert world.sent("GetChange") == []


def test_every_row_of_the_catalogue_has_a_test() -> None:
    tables = {row for table in (GOT_OVER, PERMANENT, HELD) for entry in table for row in entry.rows}
    assert tables | set(ELSEWHERE) == set(range(1, 78))
    for test in ELSEWHERE.values():
        file, _, name = test.partition("::")
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(), test
