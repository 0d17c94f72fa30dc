"""Whether things are up, targets healthy and ports answering, judged on values."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.aws.from_here import Contact, Handshake, Lookup, Port
from ocpprov.checks.result import Check, Status
from ocpprov.checks.serving import ApiBalancer, Part, group_checks, part_check, port_checks, ports_of, registered
from ocpprov.checks.target_health import GroupHealth, TargetGroup, TargetHealth
from ocpprov.engine.resources import Live, State
from ocpprov.openshift.machines import Machine

AINT = TargetGroup("InternalApiTargetGroup", "arn:aint", (6443,))
DENIED = AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no", "r-1", "DescribeTargetHealth"))
MASTERS = [Machine("10.0.48.10", "i-1"), Machine("10.0.64.10", "i-2")]
BOOTSTRAP = Machine("10.0.48.20", "i-9")
APPLY = "apply the plan"


def rows(checks: Sequence[Check]) -> list[tuple[str, str, str]]:
    return [(check.id, check.status.value, check.detail) for check in checks]


@pytest.mark.parametrize(
    ("state", "status", "detail"),
    [
        (State.READY, Status.PASS, "NAT (nat-1) is up"),
        (State.PENDING, Status.FAIL, "NAT (nat-1) is being made"),
        (State.BROKEN, Status.FAIL, "NAT (nat-1) is broken: Gateway.NotAttached: no way out"),
        (State.DELETING, Status.FAIL, "NAT (nat-1) is deleting: Gateway.NotAttached: no way out"),
    ],
)
def test_a_part_is_up_or_isnt(state: State, status: Status, detail: str) -> None:
    reason = "Gateway.NotAttached: no way out"
    live = Live("AWS::EC2::NatGateway", "nat-1", {}, state=state, reason=reason)
    check = part_check(Part("NAT", "nat gateway", live))
    assert (check.id, check.status, check.detail) == ("nat-gateway-NAT", status, detail)
    assert bool(check.remedy) == (status is Status.FAIL)


def test_a_part_that_isnt_there_wants_an_apply_and_an_arn_isnt_shown() -> None:
    check = part_check(Part("IntApiElb", "load balancer", None))
    assert check == Check("load-balancer-IntApiElb", Status.FAIL, "IntApiElb isn't there", APPLY)
    up = part_check(Part("IntApiElb", "load balancer", Live("any", "arn:aws:x/y", {})))
    assert up.detail == "IntApiElb is up"
    broken = part_check(Part("IntApiElb", "load balancer", Live("any", "arn:aws:x/y", {}, state=State.BROKEN)))
    assert broken.detail == "IntApiElb is broken"


def test_each_target_has_a_check_with_awss_reason() -> None:
    health = GroupHealth(
        AINT,
        [
            TargetHealth("10.0.48.10", "healthy"),
            TargetHealth("10.0.64.10", "unhealthy", "Target.FailedHealthChecks"),
            TargetHealth("10.0.48.20", "unhealthy", "Target.Timeout"),
            TargetHealth("10.0.0.99", "healthy"),
        ],
    )
    found = group_checks(health, MASTERS, BOOTSTRAP)
    assert (found.name, found.ports) == ("InternalApiTargetGroup", (6443,))
    name = "InternalApiTargetGroup"
    assert rows(found.control_plane) == [
        (f"target-{name}-10.0.48.10", "pass", f"{name} 10.0.48.10: healthy"),
        (f"target-{name}-10.0.64.10", "fail", f"{name} 10.0.64.10: unhealthy (Target.FailedHealthChecks)"),
    ]
    assert rows(found.bootstrap) == [
        (f"target-{name}-10.0.48.20", "warn", f"{name} 10.0.48.20 (bootstrap): unhealthy (Target.Timeout)")
    ]
    assert found.all == [*found.control_plane, *found.bootstrap]
    assert found.control_plane[1].remedy.startswith("look at the machine's console")


def test_a_target_that_is_checked_for_the_first_time_is_waited_for() -> None:
    health = GroupHealth(AINT, [TargetHealth("10.0.48.10", "initial", "Elb.InitialHealthChecking")])
    own, missing = group_checks(health, MASTERS, None).control_plane
    assert (own.status, own.remedy) == (Status.FAIL, "wait: its first checks are under way")
    assert rows([missing])[0][1:] == ("fail", "InternalApiTargetGroup 10.0.64.10: not registered")
    assert missing.remedy == APPLY
    leaving = GroupHealth(AINT, [TargetHealth("10.0.48.10", "draining")])
    assert "not registered" in group_checks(leaving, MASTERS[:1], None).control_plane[0].detail


def test_the_bootstrap_machine_is_well_or_no_failure() -> None:
    healthy = GroupHealth(AINT, [TargetHealth("i-9", "InService")])
    (check,) = group_checks(healthy, MASTERS, BOOTSTRAP).bootstrap
    assert (check.status, check.detail) == (Status.PASS, "InternalApiTargetGroup 10.0.48.20 (bootstrap): InService")
    (gone,) = group_checks(GroupHealth(AINT), MASTERS, BOOTSTRAP).bootstrap
    assert (gone.status, gone.detail) == (
        Status.WARN,
        "InternalApiTargetGroup 10.0.48.20 (bootstrap): not registered",
    )


def test_where_the_plan_names_no_machine_whatever_is_registered_counts() -> None:
    health = GroupHealth(
        AINT,
        [
            TargetHealth("10.0.80.10", "healthy"),
            TargetHealth("10.0.48.20", "healthy"),
            TargetHealth("10.0.48.10", "initial"),
            TargetHealth("10.0.64.10", "draining"),
        ],
    )
    assert registered(health, BOOTSTRAP) == [Machine("10.0.48.10"), Machine("10.0.80.10")]
    found = group_checks(health, (), BOOTSTRAP)
    assert [(check.id[-10:], check.status.value) for check in found.all] == [
        ("10.0.48.10", "fail"),
        ("10.0.80.10", "pass"),
        ("10.0.48.20", "pass"),
    ]


def test_a_target_that_may_be_the_bootstrap_machine_is_nobodys_own() -> None:
    health = GroupHealth(AINT, [TargetHealth("10.0.48.20", "healthy")])
    unsure = group_checks(health, (), None, bootstrap_is_known=False)
    assert (rows(unsure.all)[0][1], unsure.may_be_bootstrap) == ("pass", True)
    known = [
        group_checks(health, (), None),
        group_checks(health, MASTERS, None, bootstrap_is_known=False),
        group_checks(GroupHealth(AINT), (), None, bootstrap_is_known=False),
    ]
    assert [each.may_be_bootstrap for each in known] == [False, False, False]


def test_a_group_without_machines_and_one_that_aws_doesnt_tell_of() -> None:
    (empty,) = group_checks(GroupHealth(AINT), (), None).all
    assert rows([empty]) == [
        (
            "targets-InternalApiTargetGroup",
            "fail",
            "InternalApiTargetGroup: no machine of the control plane is registered",
        )
    ]
    (untold,) = group_checks(GroupHealth(AINT, trouble=DENIED), MASTERS, BOOTSTRAP).all
    assert rows([untold]) == [("targets-InternalApiTargetGroup", "unknown", f"InternalApiTargetGroup: {DENIED}")]
    assert untold.remedy == "allow describe target health, or ask again later"


EXT = ApiBalancer("ExtApiElb", "ext.elb.test", (6443,), internal=False)
INT = ApiBalancer("IntApiElb", "int.elb.test", (6443, 22623))
NAMES = {"ext.elb.test": Lookup(("192.0.2.1", "192.0.2.2")), "int.elb.test": Lookup(("10.0.48.5",))}


def test_every_port_of_every_address_is_gone_to() -> None:
    assert ports_of([EXT, INT], NAMES, "api.prod.example.com") == [
        Port("192.0.2.1", 6443, "api.prod.example.com"),
        Port("192.0.2.2", 6443, "api.prod.example.com"),
        Port("10.0.48.5", 6443, "api.prod.example.com"),
        Port("10.0.48.5", 22623, "api.prod.example.com"),
    ]
    assert ports_of([EXT], {}, "api") == []


def external(*contacts: Contact, inside: bool = False) -> Check:
    tried = zip(ports_of([EXT], NAMES, "api"), contacts, strict=True)
    shaken = {port: Handshake(contact, "" if contact is Contact.ANSWERS else "in words") for port, contact in tried}
    (check,) = port_checks([EXT], NAMES, shaken, inside=inside)
    assert check.id == "answers-ExtApiElb-6443"
    assert bool(check.remedy) == (check.status is not Status.PASS)
    return check


@pytest.mark.parametrize(
    ("contacts", "status", "detail"),
    [
        (
            (Contact.ANSWERS, Contact.ANSWERS),
            Status.PASS,
            "ExtApiElb 6443: answers at 192.0.2.1, 192.0.2.2",
        ),
        (
            (Contact.REFUSED, Contact.ANSWERS),
            Status.WARN,
            "ExtApiElb 6443: answers at 192.0.2.2, and not at 192.0.2.1",
        ),
        (
            (Contact.REFUSED, Contact.OUT_OF_REACH),
            Status.FAIL,
            "ExtApiElb 6443: 192.0.2.1 refuses connections (in words)",
        ),
        (
            (Contact.OUT_OF_REACH, Contact.NO_TLS),
            Status.FAIL,
            "ExtApiElb 6443: 192.0.2.2 takes the connection, and no TLS handshake follows (in words)",
        ),
        (
            (Contact.OUT_OF_REACH, Contact.OUT_OF_REACH),
            Status.UNKNOWN,
            "ExtApiElb 6443: 192.0.2.1, 192.0.2.2 can't be reached from here (in words)",
        ),
    ],
)
def test_a_port_answers_or_doesnt_or_is_out_of_reach(
    contacts: tuple[Contact, ...], status: Status, detail: str
) -> None:
    check = external(*contacts)
    assert (check.status, check.detail) == (status, detail)


def test_one_that_is_silent_gives_no_answer() -> None:
    silent = {port: Handshake(Contact.OUT_OF_REACH) for port in ports_of([EXT], NAMES, "api")}
    (check,) = port_checks([EXT], NAMES, silent, inside=True)
    assert check.detail == "ExtApiElb 6443: 192.0.2.1, 192.0.2.2 can't be reached from here (no answer)"


def test_a_private_address_that_refuses_may_be_anothers() -> None:
    shaken = {Port("10.0.48.5", port, "api"): Handshake(Contact.REFUSED) for port in (6443, 22623)}
    outside = list(port_checks([INT], NAMES, shaken, inside=False))
    assert [(check.id, check.status) for check in outside] == [
        ("answers-IntApiElb-6443", Status.UNKNOWN),
        ("answers-IntApiElb-22623", Status.UNKNOWN),
    ]
    assert outside[0].detail.endswith("10.0.48.5 refuses connections; from here that may be another host's address")
    assert [check.status for check in port_checks([INT], NAMES, shaken, inside=True)] == [Status.FAIL, Status.FAIL]


@pytest.mark.parametrize(
    ("lookup", "why"),
    [(Lookup(), "its name doesn't resolve"), (Lookup(trouble="no answer within 5 seconds"), "no answer within")],
)
def test_a_balancer_whose_name_doesnt_resolve_cant_be_asked(lookup: Lookup, why: str) -> None:
    (check,) = port_checks([EXT], {"ext.elb.test": lookup}, {}, inside=True)
    assert check.status is Status.UNKNOWN
    assert check.detail.startswith(f"ExtApiElb 6443: ext.elb.test can't be asked from here: {why}")
