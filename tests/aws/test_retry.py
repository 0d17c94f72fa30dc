"""How often a request is sent again, after what, and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from ocpprov.aws import retry
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage, CredentialsError, said_by_aws
from ocpprov.engine.cancel import Interrupted
from tests.aws.test_errors import EARLY, URL, answer

THROTTLED = answer("CreateVpc", 503, "RequestLimitExceeded", "")
NOT_VISIBLE = answer("CreateSubnet", 400, "InvalidVpcID.NotFound", "")
BUSY = answer("DeleteVpc", 400, "DependencyViolation", "")
LOST = ReadTimeoutError(endpoint_url=URL)
EARLY_ALIAS = answer("ChangeResourceRecordSets", 400, "InvalidChangeBatch", f"[{EARLY}]")
UNSENT = EndpointConnectionError(endpoint_url=URL)
DENIED = answer("CreateVpc", 403, "UnauthorizedOperation", "")
EXISTS = answer("CreateSubnet", 400, "InvalidSubnet.Conflict", "")


@dataclass
class FakeClock:
    """Time that passes only by sleeping. `leave_at`: the second at which the run is asked to leave."""

    time: float = 0.0
    leave_at: float = float("inf")
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds
        if self.time >= self.leave_at:
            raise Interrupted


@dataclass
class Service:
    """Fails with the given errors, the last of them for ever if `stubborn`; then answers."""

    errors: Sequence[Exception]
    stubborn: bool = False
    sent: int = 0

    def __call__(self) -> str:
        self.sent += 1
        if self.stubborn:
            raise self.errors[min(self.sent, len(self.errors)) - 1]
        if self.sent <= len(self.errors):
            raise self.errors[self.sent - 1]
        return "done"


def send(
    service: Callable[[], str], retries: retry.RetryPolicy, clock: FakeClock | None = None, operation: str = "Operation"
) -> str:
    return retry.call(operation, service, clock=clock or FakeClock(), retryable=retries)


def test_who_is_throttled_waits_a_second_and_then_up_to_twice_as_long_each_time() -> None:
    clock = FakeClock()
    send(Service([THROTTLED] * 8), retry.READS, clock)
    assert clock.sleeps[0] == 1
    assert all(1 <= slept <= min(30, 2**number) for number, slept in enumerate(clock.sleeps))


@pytest.mark.parametrize("retries", [retry.CREATES, retry.UPDATES, retry.DELETES, retry.READS])
def test_throttled_requests_are_sent_again(retries: retry.RetryPolicy) -> None:
    service, clock = Service([THROTTLED] * 6), FakeClock()
    assert send(service, retries, clock) == "done"
    assert service.sent == 7
    assert all(1 <= seconds <= 30 for seconds in clock.sleeps)


def test_a_create_of_unknown_outcome_is_never_sent_again() -> None:
    for before in ([], [THROTTLED], [NOT_VISIBLE, THROTTLED]):
        service = Service([*before, LOST])
        with pytest.raises(AwsError) as caught:
            send(service, retry.CREATES)
        assert caught.value.error_class is ErrorClass.UNKNOWN_OUTCOME
        assert caught.value.__cause__ is LOST
        assert service.sent == len(before) + 1


def test_an_update_that_looked_too_early_looks_again() -> None:
    assert send(Service([EXISTS]), retry.UPDATES) == "done"


@pytest.mark.parametrize("retries", [retry.UPDATES, retry.DELETES, retry.READS])
def test_what_can_be_repeated_is_sent_again_after_an_unknown_outcome(retries: retry.RetryPolicy) -> None:
    assert send(Service([LOST, LOST]), retries) == "done"


@pytest.mark.parametrize(
    ("retries", "error"),
    [
        *((retries, DENIED) for retries in (retry.CREATES, retry.UPDATES, retry.DELETES, retry.READS)),
        *((retries, EXISTS) for retries in (retry.CREATES, retry.DELETES, retry.READS)),
    ],
)
def test_what_no_repetition_helps_is_sent_once(retries: retry.RetryPolicy, error: Exception) -> None:
    service = Service([error])
    with pytest.raises(AwsError):
        send(service, retries)
    assert service.sent == 1


@pytest.mark.parametrize(
    ("error", "retries", "shortest", "longest"),
    [
        (NOT_VISIBLE, retry.CREATES, 1, 10),
        (EARLY_ALIAS, retry.CREATES, 2.5, 15),
        (BUSY, retry.DELETES, 2.5, 15),
        (THROTTLED, retry.READS, 1, 30),
    ],
    ids=["not-visible", "not-ready", "busy", "throttled"],
)
def test_the_last_attempt_is_at_the_deadline(
    error: Exception, retries: retry.RetryPolicy, shortest: float, longest: float
) -> None:
    service, clock = Service([error], stubborn=True), FakeClock()
    with pytest.raises(AwsError) as caught:
        send(service, retries, clock)
    assert clock.time == pytest.approx(retries[caught.value.error_class])
    assert all(shortest <= seconds <= longest for seconds in clock.sleeps[:-1])
    assert service.sent == len(clock.sleeps) + 1


@pytest.mark.parametrize(
    ("error", "lasts", "sent"),
    [
        (NOT_VISIBLE, 1, 2),
        (NOT_VISIBLE, 2, 2),
        (NOT_VISIBLE, 3, 3),
        (NOT_VISIBLE, 5, 5),
        (EARLY_ALIAS, 5, 2),
        (BUSY, 5, 2),
    ],
)
def test_what_passes_in_seconds_is_sent_again_soon_after_and_seldom(error: Exception, lasts: float, sent: int) -> None:
    clock, sends = FakeClock(), 0

    def early() -> str:
        nonlocal sends
        sends += 1
        if clock.time < lasts:
            raise error
        return "done"

    assert send(early, {**retry.CREATES, **retry.DELETES}, clock) == "done"
    assert sends <= sent
    assert clock.time <= max(2.2, 1.1 * 1.5 * lasts)


def test_each_fault_has_its_own_deadline_from_when_it_first_appears() -> None:
    service, clock = Service([THROTTLED] * 40 + [NOT_VISIBLE], stubborn=True), FakeClock()
    with pytest.raises(AwsError) as caught:
        send(service, {ErrorClass.THROTTLED: 10_000, ErrorClass.NOT_VISIBLE: 50}, clock)
    assert caught.value.error_class is ErrorClass.NOT_VISIBLE
    assert clock.time == pytest.approx(sum(clock.sleeps[:40]) + 50)


def test_a_change_of_several_requests_has_the_time_for_each() -> None:
    """Each of a bucket's settings is lost once, late: the change gets further each time."""
    operations, clock = ["PutPublicAccessBlock", "PutBucketEncryption", "PutBucketPolicy"], FakeClock()
    lost = Service([answer(operation, 500, "InternalError", "") for operation in operations])

    def change() -> str:
        clock.time += retry.UPDATES[ErrorClass.UNKNOWN_OUTCOME] - 30
        return lost()

    assert send(change, retry.UPDATES, clock, operation="") == "done"
    assert clock.time > 2 * retry.UPDATES[ErrorClass.UNKNOWN_OUTCOME]


def test_an_endpoint_that_is_not_there_is_tried_three_times() -> None:
    service = Service([UNSENT], stubborn=True)
    with pytest.raises(AwsError) as caught:
        send(service, retry.CREATES)
    assert caught.value.error_class is ErrorClass.NOT_SENT
    assert service.sent == 3


def test_an_endpoint_that_comes_back_counts_from_new() -> None:
    assert send(Service([UNSENT, UNSENT, THROTTLED, UNSENT, UNSENT]), retry.CREATES) == "done"


@pytest.mark.parametrize("retries", [retry.CREATES, retry.UPDATES])
def test_an_alias_waits_for_its_balancer(retries: retry.RetryPolicy) -> None:
    """One that takes six minutes, and one that doesn't come within fifteen."""
    clock = FakeClock()

    def slow() -> str:
        if clock.time < 6 * 60:
            raise EARLY_ALIAS
        return "done"

    assert send(slow, retries, clock) == "done"
    assert 6 * 60 <= clock.time < 7 * 60
    late, clock = Service([EARLY_ALIAS], stubborn=True), FakeClock()
    with pytest.raises(AwsError) as caught:
        send(late, retries, clock)
    assert clock.time == pytest.approx(15 * 60)
    assert EARLY in str(caught.value)
    assert "load balancer" in caught.value.next_step


def test_a_delete_of_what_is_gone_is_left_to_the_caller() -> None:
    service = Service([NOT_VISIBLE])
    with pytest.raises(AwsError) as caught:
        send(service, retry.DELETES)
    assert caught.value.error_class is ErrorClass.NOT_VISIBLE
    assert service.sent == 1


def test_leaving_ends_the_wait() -> None:
    service = Service([BUSY], stubborn=True)
    with pytest.raises(Interrupted):
        send(service, retry.DELETES, FakeClock(leave_at=30))
    assert service.sent <= 7


def test_mistakes_of_our_own_pass_as_they_are() -> None:
    service = Service([KeyError("x")])
    with pytest.raises(KeyError):
        send(service, retry.READS)
    assert service.sent == 1


def test_every_retry_is_told() -> None:
    told: list[retry.Retry] = []
    clock = FakeClock()
    retry.call(
        "CreateSubnet", Service([NOT_VISIBLE, THROTTLED]), clock=clock, retryable=retry.CREATES, on_retry=told.append
    )
    assert [(each.operation, each.error_class, each.attempt) for each in told] == [
        ("CreateSubnet", ErrorClass.NOT_VISIBLE, 1),
        ("CreateSubnet", ErrorClass.THROTTLED, 2),
    ]
    assert [each.wait for each in told] == clock.sleeps
    assert told[0].aws.request_id == "req-1"


EXPIRED = answer("CreateVpc", 400, "RequestExpired", "Request has expired.")
ENDED = CredentialsError("the environment", AwsMessage("RequestExpired", "Request has expired.", "4711", "CreateVpc"))


@pytest.mark.parametrize("retries", [retry.CREATES, retry.UPDATES, retry.DELETES, retry.READS])
def test_what_was_refused_for_ended_credentials_is_sent_again_at_once(retries: retry.RetryPolicy) -> None:
    service, clock = Service([EXPIRED]), FakeClock()
    assert send(service, retries, clock) == "done"
    assert (service.sent, clock.time) == (2, 0)


def test_what_is_refused_again_and_again_is_given_up() -> None:
    service, clock = Service([EXPIRED], stubborn=True), FakeClock()
    with pytest.raises(AwsError) as caught:
        send(service, retry.CREATES, clock)
    assert caught.value.error_class is ErrorClass.CREDENTIALS
    assert (service.sent, clock.time) == (6, 0)


def test_without_new_credentials_nothing_is_sent_again() -> None:
    service = Service([EXPIRED, ENDED], stubborn=True)
    with pytest.raises(CredentialsError) as caught:
        send(service, retry.CREATES)
    assert said_by_aws(caught.value) == ENDED.aws
    assert "of the environment" in str(caught.value)
    assert service.sent == 2
