"""How fast a service is asked, on a clock that stands still until somebody waits."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.pace import Pace
from tests.support.in_process import StandingClock

GOOD = CallRecord("ec2", "DescribeVpcs", False, "eu-west-1", "1", 200, "", 0.1, 1)
REFUSED = replace(GOOD, status=503, error_code="RequestLimitExceeded")


def asked(pace: Pace, service: str, times: int) -> None:
    for _ in range(times):
        pace.wait(service)


def test_route_53_is_asked_four_times_a_second_at_most() -> None:
    clock = StandingClock()
    asked(Pace(clock), "route53", 4)
    assert clock.seconds == 0
    pace = Pace(clock)
    asked(pace, "route53", 44)
    assert clock.seconds >= 40 / 4
    assert clock.seconds < 44 / 4 + 1


def test_what_nobody_limits_is_asked_at_once() -> None:
    clock = StandingClock()
    asked(Pace(clock), "ec2", 1000)
    assert clock.seconds == 0


def test_a_refusal_slows_down_and_those_of_the_same_moment_count_once() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    for _ in range(20):
        pace.heard(REFUSED)
    assert pace.rate("ec2") == 10
    assert pace.rate("elbv2") == 0
    clock.sleep(3)
    pace.heard(REFUSED)
    assert pace.rate("ec2") == 5
    started = clock.seconds
    asked(pace, "ec2", 24)
    assert clock.seconds - started >= 20 / 5


def test_it_never_stops_asking() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    for _ in range(50):
        pace.heard(REFUSED)
        clock.sleep(3)
    assert pace.rate("ec2") == 0.5


def test_good_answers_make_it_faster_again_up_to_what_is_known() -> None:
    clock = StandingClock()
    pace = Pace(clock)
    pace.heard(REFUSED)
    for _ in range(400):
        pace.heard(GOOD)
    assert pace.rate("ec2") == 0
    route53 = replace(GOOD, service="route53", operation="ListHostedZones")
    pace.heard(replace(route53, status=400, error_code="Throttling"))
    assert pace.rate("route53") == 2
    for _ in range(400):
        pace.heard(route53)
    assert pace.rate("route53") == 4


def test_other_errors_say_nothing_of_speed() -> None:
    pace = Pace(StandingClock())
    pace.heard(replace(GOOD, status=400, error_code="InvalidVpcID.NotFound"))
    assert pace.rate("ec2") == 0
