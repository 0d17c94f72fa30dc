"""How fast a service is asked, on a clock that stands still until somebody waits."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.rate_limit import RateLimiter
from tests.support.in_process import StandingClock

GOOD = CallRecord("ec2", "DescribeVpcs", False, "eu-west-1", "1", 200, "", 0.1, 1)
REFUSED = replace(GOOD, status=503, error_code="RequestLimitExceeded")


def asked(limiter: RateLimiter, service: str, times: int) -> None:
    for _ in range(times):
        limiter.wait(service)


def test_route_53_is_asked_four_times_a_second_at_most() -> None:
    clock = StandingClock()
    asked(RateLimiter(clock), "route53", 4)
    assert clock.seconds == 0
    limiter = RateLimiter(clock)
    asked(limiter, "route53", 44)
    assert clock.seconds >= 40 / 4
    assert clock.seconds < 44 / 4 + 1


def test_what_nobody_limits_is_asked_at_once() -> None:
    clock = StandingClock()
    asked(RateLimiter(clock), "ec2", 1000)
    assert clock.seconds == 0


def test_a_refusal_slows_down_and_those_of_the_same_moment_count_once() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    for _ in range(20):
        limiter.on_call(REFUSED)
    assert limiter.rate("ec2") == 10
    assert limiter.rate("elbv2") == 0
    clock.sleep(3)
    limiter.on_call(REFUSED)
    assert limiter.rate("ec2") == 5
    started = clock.seconds
    asked(limiter, "ec2", 24)
    assert clock.seconds - started >= 20 / 5


def test_it_never_stops_asking() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    for _ in range(50):
        limiter.on_call(REFUSED)
        clock.sleep(3)
    assert limiter.rate("ec2") == 0.5


def test_good_answers_make_it_faster_again_up_to_what_is_known() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    limiter.on_call(REFUSED)
    for _ in range(400):
        limiter.on_call(GOOD)
    assert limiter.rate("ec2") == 0
    route53 = replace(GOOD, service="route53", operation="ListHostedZones")
    limiter.on_call(replace(route53, status=400, error_code="Throttling"))
    assert limiter.rate("route53") == 2
    for _ in range(400):
        limiter.on_call(route53)
    assert limiter.rate("route53") == 4


def test_other_errors_say_nothing_of_speed() -> None:
    limiter = RateLimiter(StandingClock())
    limiter.on_call(replace(GOOD, status=400, error_code="InvalidVpcID.NotFound"))
    assert limiter.rate("ec2") == 0
