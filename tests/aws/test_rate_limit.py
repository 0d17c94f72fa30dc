"""How fast AWS is asked, on a clock that stands still until somebody waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from ocpprov.aws.call_rates import ENDPOINTS, OF_THE_ACCOUNT, KnownRate, Rate, bucket_of
from ocpprov.aws.calls import CallRecord, CallSubject
from ocpprov.aws.rate_limit import RateLimiter, RateLimiters, RunLimiter
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.simulated_time import SimulatedTime
from ocpprov.sandbox.middleware.rates import BUCKETS
from tests.support.in_process import StandingClock

GOOD = CallRecord("s3", "ListBuckets", False, "eu-west-1", "1", 200, "", 0.1, 1)
ONE_A_SECOND = Rate(1, 1)
REFUSED = replace(GOOD, status=503, error_code="RequestLimitExceeded")


def asked(limiter: RateLimiter | RunLimiter, service: str, operation: str, times: int) -> None:
    for _ in range(times):
        limiter.wait(service, operation)


def seconds_for(service: str, operation: str, times: int) -> float:
    clock = StandingClock()
    asked(RateLimiter(clock), service, operation, times)
    return clock.seconds


@pytest.mark.parametrize(
    ("service", "operation", "at_once", "a_second"),
    [
        ("ec2", "DescribeVpcs", 90, 18),
        ("ec2", "CreateSubnet", 45, 4.5),
        ("ec2", "CreateTags", 90, 9),
        ("ec2", "CreateVpcEndpoint", 3, 0.27),
        ("elbv2", "DescribeLoadBalancers", 36, 9),
        ("elb", "CreateLoadBalancer", 18, 2.7),
        ("iam", "GetRole", 90, 18),
        ("iam", "CreateRole", 45, 4.5),
        ("route53", "ListHostedZones", 4, 4.5),
        ("route53", "ChangeResourceRecordSets", 4, 4.5),
    ],
)
def test_what_is_known_is_kept_to_from_the_first_call(
    service: str, operation: str, at_once: int, a_second: float
) -> None:
    assert seconds_for(service, operation, at_once) == 0
    late = seconds_for(service, operation, at_once + 20)
    # What the bucket holds at once may be half a call more.
    assert 19 / a_second < late < 20.01 / a_second


def test_operations_of_ec2_have_a_bucket_each_and_those_of_load_balancing_two() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    for operation in ("CreateSubnet", "CreateRoute", "DescribeVpcs", "DescribeSubnets"):
        asked(limiter, "ec2", operation, 45)
    asked(limiter, "elbv2", "CreateListener", 18)
    asked(limiter, "elbv2", "DescribeListeners", 36)
    assert clock.seconds == 0
    asked(limiter, "elb", "DeleteLoadBalancer", 1)
    assert clock.seconds > 0


def test_no_more_is_taken_than_the_sandbox_allows() -> None:
    """Its table is another one, for the same facts."""
    sandbox = sorted((each.size, each.refill) for _, each, _, _ in BUCKETS)
    ours = [
        row.allowed
        for name in (
            "ec2 DescribeVpcs",
            "ec2 CreateVpc",
            "ec2 CreateVpcEndpoint",
            "route53 GetChange",
            "elb DescribeTags",
            "elb AddTags",
        )
        if (row := bucket_of(*name.split())[1])
    ]
    assert sorted((each.burst, each.per_second) for each in ours) == sandbox


def test_something_is_left_for_others() -> None:
    assert 0.8 * ENDPOINTS.allowed.per_second <= ENDPOINTS.taken.per_second < ENDPOINTS.allowed.per_second


def turns(*asked: tuple[float, float], rate: Rate = ONE_A_SECOND) -> list[tuple[float, int]]:
    """When each may ask of those that come then, with that urgency: by when, each with the how manieth it is."""
    clock = SimulatedTime(0.0)
    known = KnownRate("all", rate, "made up", "memory", share=1)
    limiter = RateLimiter(clock, lambda service, operation: (service, known))
    found: list[tuple[float, int]] = []

    def ask(number: int, comes: float, urgency: float) -> None:
        clock.sleep(comes)
        limiter.wait("s3", "ListBuckets", urgency)
        found.append((round(clock.monotonic(), 3), number))

    with clock.taking_part():
        for number, (comes, urgency) in enumerate(asked):
            clock.start(partial(ask, number, comes, urgency), "ask")
        clock.sleep(1000)
    return found


def test_of_those_as_urgent_who_came_first_goes_first() -> None:
    assert turns((0, 0), (0.1, 5), (0.2, 5), (0.3, 5)) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_of_those_that_wait_the_most_urgent_goes_first() -> None:
    assert turns((0, 0), (0.1, 5), (0.2, 20), (1.5, 80)) == [(0, 0), (1, 2), (2, 3), (3, 1)]


def test_who_is_passed_comes_as_soon_as_nobody_passes_any_more() -> None:
    assert turns((0, 0), (0.5, 0), (0.9, 9), (0.9, 9), (4.5, 0)) == [(0, 0), (1, 2), (2, 3), (3, 1), (4.5, 4)]


def test_who_has_waited_as_long_as_another_is_more_urgent_goes_before_it() -> None:
    """Every second one comes that is more urgent by three seconds: only the three next ones go first."""
    later = [(number + 0.5, 3.0) for number in range(10)]
    found = turns((0, 0), (0.4, 0), *later)
    assert [number for _, number in found].index(1) == 1 + 3
    assert [when for when, _ in found] == list(range(12))


def test_several_that_are_there_at_once_are_all_taken() -> None:
    rate = Rate(2, 1)
    assert turns((0, 0), (0, 0), (0.1, 1), (0.1, 2), (9, 1), (9, 2), rate=rate) == [
        *[(0, 0), (0, 1), (1, 3), (2, 2), (9, 4), (9, 5)]
    ]


def test_who_leaves_has_taken_nothing() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    asked(limiter, "route53", "GetChange", 4)
    clock.leave.set()
    for _ in range(5):
        with pytest.raises(Interrupted):
            limiter.wait("route53", "GetChange")
    clock.leave.clear()
    limiter.wait("route53", "GetChange")
    assert clock.seconds == pytest.approx(0.5 / 4.5, abs=1e-5)


def test_the_first_question_goes_before_others_but_does_not_wait_for_long() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    limiter.on_call(replace(REFUSED, service="ec2", operation="CreateVpcEndpoint"))
    RunLimiter(lambda _: limiter, CallSubject()).begin("ec2", "CreateVpcEndpoint")
    assert clock.seconds == 4
    # It took its token before it was there, and owes the rest.
    limiter.wait("ec2", "CreateVpcEndpoint")
    assert clock.seconds == pytest.approx(2 / 0.135, abs=1e-4)
    # And it waits no longer: later all that the bucket holds can be had.
    clock.sleep(1000)
    began = clock.seconds
    asked(limiter, "ec2", "CreateVpcEndpoint", 3)
    assert clock.seconds == began


def test_a_runs_first_question_is_more_urgent_than_whatever_it_does_later() -> None:
    clock = SimulatedTime(0.0)
    limiter = RateLimiter(clock)
    subject = CallSubject()
    run = RunLimiter(lambda _: limiter, subject)
    found: list[str] = []

    def ask(name: str, urgency: float, wait: Callable[[str, str], None]) -> None:
        with subject.about([], urgency):
            wait("route53", "GetChange")
        found.append(name)

    with clock.taking_part():
        asked(run, "route53", "GetChange", 4)
        clock.start(partial(ask, "idle", 0.0, run.wait), "ask")
        clock.start(partial(ask, "urgent", 300.0, run.wait), "ask")
        clock.start(partial(ask, "first", 0.0, run.begin), "ask")
        clock.sleep(10)
    assert found == ["first", "urgent", "idle"]


def test_what_nobody_limits_is_asked_at_once() -> None:
    assert seconds_for("s3", "ListBuckets", 1000) == 0


def test_a_refusal_slows_down_and_those_of_the_same_moment_count_once() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    for _ in range(20):
        limiter.on_call(REFUSED)
    assert limiter.rate("s3", "ListBuckets") == 10
    assert limiter.rate("service-quotas", "ListServiceQuotas") == 0
    clock.sleep(3)
    limiter.on_call(REFUSED)
    assert limiter.rate("s3", "ListBuckets") == 5
    started = clock.seconds
    asked(limiter, "s3", "ListBuckets", 24)
    assert clock.seconds - started >= 20 / 5


def test_a_refusal_of_one_operation_of_ec2_slows_down_no_other() -> None:
    limiter = RateLimiter(StandingClock())
    limiter.on_call(replace(REFUSED, service="ec2", operation="CreateSubnet"))
    assert limiter.rate("ec2", "CreateSubnet") == 2.25
    assert limiter.rate("ec2", "CreateRoute") == 4.5


def test_after_a_refusal_nothing_is_left_of_what_could_be_asked_at_once() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    limiter.on_call(replace(REFUSED, service="ec2", operation="CreateSubnet"))
    limiter.wait("ec2", "CreateSubnet")
    assert clock.seconds == pytest.approx(1 / 2.25)


@pytest.mark.parametrize(
    ("service", "operation", "slowest"),
    [("s3", "ListBuckets", 0.5), ("route53", "GetChange", 0.5), ("ec2", "CreateVpcEndpoint", 0.0675)],
)
def test_it_never_stops_asking(service: str, operation: str, slowest: float) -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    for _ in range(50):
        limiter.on_call(replace(REFUSED, service=service, operation=operation))
        clock.sleep(3)
    assert limiter.rate(service, operation) == slowest


def test_good_answers_make_it_faster_again_up_to_what_is_known() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    limiter.on_call(REFUSED)
    for _ in range(299):
        limiter.on_call(GOOD)
    assert limiter.rate("s3", "ListBuckets") == pytest.approx(39.9)
    limiter.on_call(GOOD)
    limiter.on_call(GOOD)
    assert limiter.rate("s3", "ListBuckets") == 0
    route53 = replace(GOOD, service="route53", operation="ListHostedZones")
    limiter.on_call(replace(route53, status=400, error_code="Throttling"))
    assert limiter.rate("route53", "ListHostedZones") == 2.25
    limiter.on_call(route53)
    assert limiter.rate("route53", "ListHostedZones") == 2.25 + 5 * 0.9 / 40
    for _ in range(400):
        limiter.on_call(route53)
    assert limiter.rate("route53", "ListHostedZones") == 4.5


def test_other_errors_say_nothing_of_speed() -> None:
    limiter = RateLimiter(StandingClock())
    limiter.on_call(replace(GOOD, status=404, error_code="NoSuchBucket"))
    assert limiter.rate("s3", "ListBuckets") == 0


def test_a_new_process_has_all_tokens_again() -> None:
    clock = StandingClock()
    limiter = RateLimiter(clock)
    asked(limiter, "route53", "GetChange", 4)
    limiter.forget()
    asked(limiter, "route53", "GetChange", 4)
    assert clock.seconds == 0


def shared(limiters: RateLimiters, account: str, region: str) -> RunLimiter:
    return RunLimiter(lambda service: limiters.at(account, region, service), CallSubject())


def test_runs_in_one_account_and_region_share_its_buckets_and_those_elsewhere_have_their_own() -> None:
    clock = StandingClock()
    limiters = RateLimiters(clock)
    one, other = shared(limiters, "1", "eu-west-1"), shared(limiters, "1", "eu-west-1")
    asked(one, "ec2", "CreateSubnet", 25)
    asked(other, "ec2", "CreateSubnet", 20)
    asked(shared(limiters, "1", "us-east-1"), "ec2", "CreateSubnet", 45)
    asked(shared(limiters, "2", "eu-west-1"), "ec2", "CreateSubnet", 45)
    assert clock.seconds == 0
    asked(other, "ec2", "CreateSubnet", 1)
    assert clock.seconds > 0


def test_what_counts_by_account_is_shared_by_all_regions() -> None:
    assert {"route53", "iam"} == OF_THE_ACCOUNT
    clock = StandingClock()
    limiters = RateLimiters(clock)
    asked(shared(limiters, "1", "eu-west-1"), "route53", "GetChange", 4)
    asked(shared(limiters, "2", "us-east-1"), "route53", "GetChange", 4)
    assert clock.seconds == 0
    asked(shared(limiters, "1", "us-east-1"), "route53", "GetChange", 1)
    assert clock.seconds > 0


def test_what_one_run_is_refused_slows_down_the_others() -> None:
    limiters = RateLimiters(StandingClock())
    shared(limiters, "1", "eu-west-1").on_call(REFUSED)
    assert limiters.at("1", "eu-west-1", "s3").rate("s3", "ListBuckets") == 10
    assert limiters.at("1", "us-east-1", "s3").rate("s3", "ListBuckets") == 0


def test_as_soon_as_the_account_is_known_it_is_that_accounts_limiter() -> None:
    accounts = [""]
    clock = StandingClock()
    limiters = RateLimiters(clock)
    limiter = RunLimiter(lambda service: limiters.at(accounts[-1], "eu-west-1", service), CallSubject())
    asked(limiter, "route53", "GetChange", 4)
    accounts.append("1")
    asked(limiter, "route53", "GetChange", 4)
    assert clock.seconds == 0
