"""A rehearsal in lines of eighty columns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.problem import Problem
from ocpprov.kinds.registry import KINDS
from ocpprov.sandbox.assumptions import Assumption
from ocpprov.ui.forecast import Forecast
from ocpprov.ui.lines import Line, Tone
from ocpprov.ui.rehearsal_view import ActRow, QuotaRow, RehearsalView, clock

SLOW = [("NAT", "AWS::EC2::NatGateway", 93.4), ("Bucket", "AWS::S3::Bucket", 0.41)]
APPLY = ActRow("apply", True, 158.96, 130, 243, 125, 0, 21, {"ec2": 115, "iam": 37}, SLOW, [])
AGAIN = ActRow("apply again", True, 2.16, 0, 84, 0, 2, 2, {"ec2": 28}, [], [], should_be_idle=True)
DESTROY = ActRow("destroy", True, 3700.0, 102, 282, 84, 0, 23, {"ec2": 183}, [], [])
ADDRESSES = QuotaRow("quota-addresses", "Elastic IP addresses", "", 3, 5, "region", "AllocateAddress")
RULES = QuotaRow("quota-rules-inbound", "inbound rules", "sg-1", 11, 60, "group", "AuthorizeSecurityGroupIngress")
ASSUMED = [
    Assumption("a NAT gateway is available after", "90 s", "reports", "memory"),
    Assumption("each call takes", "80 ms", "--latency", "given"),
]
BILLED = {"NAT gateway": 3, "Elastic IP": 3, "load balancer": 2, "interface endpoint": 12}
VIEW = RehearsalView(
    "lab",
    "eu-west-1",
    [APPLY, AGAIN, DESTROY],
    [ADDRESSES, RULES],
    Forecast(build({}, KINDS), KINDS, BILLED),
    [],
    ASSUMED,
)


def test_a_plan_that_goes_through() -> None:
    assert list(map(str, VIEW.lines())) == [
        "rehearsal of plan lab, region eu-west-1: AWS wasn't asked",
        "would go through: apply in 2m39s, apply again in 2.2s, destroy in 1h01m",
        "                 time  changed  calls  changing  too fast  again",
        "apply           2m39s      130    243       125         0     21",
        "apply again      2.2s        0     84         0         2      2",
        "destroy         1h01m      102    282        84         0     23",
        "calls of apply: ec2 115, iam 37",
        "calls of apply again: ec2 28",
        "calls of destroy: ec2 183",
        "longest in apply: NAT 1m33s, Bucket 0.4s",
        "quotas, where the plan comes nearest to them in an empty account:",
        "       3 of 5      Elastic IP addresses",
        "  and 1 of which it needs less than a fifth (--verbose lists them)",
        "bills by the hour: 3 Elastic IPs, 3 NAT gateways, 12 interface endpoints, 2 load",
        "  balancers; --prices FILE adds up what that costs",
        "rests on 2 times, rates and quotas, 1 of them not documented (--verbose lists",
        "  them)",
    ]
    assert VIEW.goes_through


def test_verbose_leaves_nothing_out() -> None:
    said = list(map(str, replace(VIEW, verbose=True, stand_ins=["vpc-1 has 10.0.0.0/16"]).lines()))
    assert said[12] == "      11 of 60     inbound rules in sg-1"
    assert said[-6:] == [
        "assumed: vpc-1 has 10.0.0.0/16",
        "rests on 2 times, rates and quotas, 1 of them not documented:",
        "  a NAT gateway is available after: 90 s",
        "      memory: reports",
        "  each call takes: 80 ms",
        "      given: --latency",
    ]


def test_a_quota_with_long_names_goes_on_in_the_next_line() -> None:
    row = replace(RULES, name="outbound rules of a security group", place="EndpointSecurityGroup, IPv4", needed=60)
    assert [str(line) for line in replace(VIEW, quotas=[row]).lines()][11:13] == [
        "      60 of 60     outbound rules of a security group in EndpointSecurityGroup,",
        "        IPv4",
    ]


def test_what_it_rests_on_stays_within_eighty_columns() -> None:
    role = "a role that was just made"
    long = Assumption(" ".join([role] * 4), "8 s", "the user guide", "source")
    lines = [str(line) for line in replace(VIEW, verbose=True, assumptions=[long]).lines()]
    assert max(map(len, lines)) == 80
    assert lines[-3:] == [f"  {role} {role} {role}", f"    {role}: 8 s", "      source: the user guide"]


def test_what_fails_is_told_before_the_figures_with_aws_words_and_what_helps() -> None:
    problem = Problem("EIP3", "AllocateAddress: AddressLimitExceeded: no more", "ask AWS for more")
    failed = replace(APPLY, ok=False, problems=[problem])
    view = replace(VIEW, acts=[failed, DESTROY], faults=["no-addresses"])
    lines = list(view.lines())
    assert not view.goes_through
    assert lines[:4] == [
        Line("rehearsal of plan lab, region eu-west-1, with no-addresses: AWS wasn't asked", Tone.HEADING),
        Line("would fail: apply", Tone.DANGER),
        Line("apply: EIP3: AllocateAddress: AddressLimitExceeded: no more", Tone.DANGER),
        Line("  -> ask AWS for more"),
    ]
    assert lines[5].tone is Tone.DANGER


def test_a_second_apply_with_work_to_do_says_so() -> None:
    busy = replace(AGAIN, ok=False, changed=3)
    assert Line("apply again: still has 3 to change", Tone.DANGER) in list(replace(VIEW, acts=[APPLY, busy]).lines())


def test_a_quota_that_is_too_small_stands_out() -> None:
    tight = replace(ADDRESSES, limit=2)
    lines = list(replace(VIEW, quotas=[tight]).lines())
    assert Line("       3 of 2      Elastic IP addresses: TOO LITTLE", Tone.DANGER) in lines
    assert replace(ADDRESSES, limit=0).share == float("inf")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.04, "0.0s"), (9.94, "9.9s"), (10.4, "10s"), (59.4, "59s"), (60, "1m00s"), (3599, "59m59s"), (3660, "1h01m")],
)
def test_durations_are_short(seconds: float, said: str) -> None:
    assert clock(seconds) == said
