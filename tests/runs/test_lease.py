"""The plan's lock in S3, on the sandbox: on a clock that stands still, and with processes that are killed."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError
from ocpprov.aws.lock_object import LockContent, LockObject
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.protocols import Clock
from ocpprov.runs import lease as lease_module
from ocpprov.runs.holder import Holder, parse, this_process
from ocpprov.runs.lease import Lease, LeaseEnd, LeaseLost, boot_time, lease
from ocpprov.runs.local_lock import Locked
from ocpprov.sandbox.clocks import VirtualClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.faults import parse_script
from ocpprov.sandbox.middleware import corrections
from ocpprov.sandbox.pipeline import Pipeline
from tests.sandbox.world import in_this_process
from tests.support.transport import answer_in_this_process

BUCKET, KEY = "team", "locks/prod.lock"
SECONDS = 60.0
SHORT = 1.0
"""A lease for real processes: S3's clock has whole seconds."""


@dataclass
class StandingClock:
    """Whoever sleeps lets the time pass at once; `meanwhile` is what others do then."""

    seconds: float = 1000.0
    meanwhile: Callable[[], None] = field(default=lambda: None)

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.meanwhile()


def client(url: str) -> Any:
    make: Any = boto3.client
    return make(
        "s3",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1),
    )


def with_a_bucket(s3: Any) -> None:
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


@dataclass
class Team:
    """Runs that want the same lock, one clock for all of them, and S3."""

    s3: Any
    pipeline: Pipeline
    clock: StandingClock = field(default_factory=StandingClock)

    def lock(self, bucket: str = BUCKET) -> LockObject:
        return LockObject(self.s3, bucket, KEY, self.clock)

    def holding(self, run: str, **options: Any) -> AbstractContextManager[Lease]:
        who = Holder(run, f"user of {run}", "bastion", 17, self.clock.now())
        return lease(self.lock(), who, self.clock.sleep, now=self.clock.now, seconds=SECONDS, **options)

    def written(self) -> Holder | None:
        there = self.lock().read()
        return parse(there.text) if there else None

    def strike(self, *faults: dict[str, Any]) -> None:
        """What goes wrong with the next writes."""
        self.pipeline.set_faults(parse_script({"faults": [{"operation": "PutObject", **fault} for fault in faults]}))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(MotoCloud(lambda: 0.0), corrections)


@pytest.fixture(scope="module")
def s3(pipeline: Pipeline) -> Any:
    made = client("http://127.0.0.1:1")
    answer_in_this_process(made, pipeline.answer)
    return made


@pytest.fixture
def team(pipeline: Pipeline, s3: Any) -> Team:
    pipeline.reset()
    with_a_bucket(s3)
    return Team(s3, pipeline)


def test_whoever_is_kept_out_learns_who_where_since_when_and_how_far(team: Team) -> None:
    with team.holding("first") as held:
        held.note("ready Nat")
        held.beat()
        team.clock.seconds += 150
        with pytest.raises(Locked) as caught, team.holding("second"):
            pass
    # S3's own times go on with the wall's clock: on a busy machine a second may pass.
    assert re.sub(r"confirmed [0-5] s ago", "confirmed just now", str(caught.value)) == (
        "another ocpprov is at work on this plan: user of first on bastion, process 17, since 00:16:40 UTC (2 min), "
        "run first, last: ready Nat; its lock s3://team/locks/prod.lock was confirmed just now, and may be taken over "
        "after 60 s of silence. Wait for it (--lock-timeout SECONDS), or end it, then try again"
    )


def test_a_lock_that_is_kept_alive_is_not_taken_over(team: Team) -> None:
    with team.holding("first") as held:
        team.clock.meanwhile = held.beat
        with pytest.raises(Locked), team.holding("second", timeout=2.5 * SECONDS):
            pass
        held.check()
        assert team.clock.seconds == 1000 + 2.5 * SECONDS


def test_a_silent_holder_is_followed_after_the_lease_and_no_sooner(team: Team) -> None:
    with team.holding("first", ending=lambda: LeaseEnd.ABANDON) as held:
        held.abandon()
    with pytest.raises(Locked), team.holding("second", timeout=SECONDS):
        pass
    with team.holding("second", timeout=SECONDS + 4) as held:
        held.check()
        assert team.written() == Holder("second", "user of second", "bastion", 17, 1060.0)
    assert team.clock.seconds == 1000 + SECONDS + SECONDS + 3


def test_the_holder_has_to_stop_at_half_the_lease(team: Team) -> None:
    with team.holding("first") as held:
        team.clock.seconds += SECONDS / 2
        held.check()
        team.clock.seconds += 0.5
        with pytest.raises(LeaseLost, match=r"couldn't be confirmed for 30 s, .*; nothing more was sent. Run the same"):
            held.check()
        held.beat()
        held.check()


def test_a_holder_that_was_followed_may_change_nothing_and_names_who_has_it(team: Team) -> None:
    with team.holding("first") as held:
        with team.holding("second", timeout=2 * SECONDS):
            held.beat()
            with pytest.raises(LeaseLost) as caught:
                held.check()
            assert str(caught.value) == (
                "the plan's lock s3://team/locks/prod.lock was taken by user of second on bastion (run second); "
                "nothing more was sent. Look who is at work on the plan"
            )
        assert team.written() == Holder("second", "user of second", "bastion", 17, 1000.0, released=True)
    # Who has lost it has nothing to let go.
    assert team.written() == Holder("second", "user of second", "bastion", 17, 1000.0, released=True)


def test_a_lock_that_was_removed_is_lost(team: Team) -> None:
    with team.holding("first") as held:
        team.s3.delete_object(Bucket=BUCKET, Key=KEY)
        held.beat()
        with pytest.raises(LeaseLost, match=r"prod\.lock is gone; nothing more was sent"):
            held.check()


def test_a_holder_that_is_cut_off_stops_before_others_may_begin(team: Team) -> None:
    with team.holding("first") as held:
        team.strike({"fault": "lose-request", "times": 99})
        with pytest.raises(AwsError):
            held.beat()
        held.check()
        team.clock.seconds += SECONDS / 2 + 1
        with pytest.raises(LeaseLost):
            held.check()
        team.strike()
        with pytest.raises(Locked), team.holding("second"):
            pass


def test_a_lock_that_was_let_go_is_free_at_once(team: Team) -> None:
    with team.holding("first"):
        assert team.written() == Holder("first", "user of first", "bastion", 17, 1000.0)
    assert team.written() == Holder("first", "user of first", "bastion", 17, 1000.0, released=True)
    with team.holding("second") as held:
        held.check()
    assert team.clock.seconds == 1000


def test_while_changes_are_under_way_it_is_not_let_go(team: Team) -> None:
    with team.holding("first", ending=lambda: LeaseEnd.ABANDON):
        pass
    assert team.written() == Holder("first", "user of first", "bastion", 17, 1000.0)


def test_what_nobody_can_read_is_written_over(team: Team) -> None:
    team.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"hello")
    with team.holding("first") as held:
        held.check()
        assert team.written() == Holder("first", "user of first", "bastion", 17, 1000.0)


@pytest.mark.parametrize("fault", ["lose-answer", "error-after"])
def test_a_lost_answer_of_taking_the_lock_is_recognised(team: Team, fault: str) -> None:
    for _ in range(2):  # The first makes the object, the second takes over what was let go.
        team.strike({"fault": fault}, {"nth": 2, "fault": fault})
        with team.holding("first") as held:
            held.check()


def test_a_lost_answer_of_a_sign_of_life_is_recognised(team: Team) -> None:
    with team.holding("first") as held:
        team.strike({"fault": "lose-answer"})
        team.clock.seconds += SECONDS / 5
        with pytest.raises(AwsError):
            held.beat()
        team.clock.seconds += SECONDS / 5
        held.beat()
        team.clock.seconds += SECONDS / 2
        held.check()


def test_who_waits_long_for_the_answer_confirms_before_anything_is_sent(team: Team) -> None:
    """A minute of tries, after which the lock had been written at their beginning."""
    team.strike({"fault": "lose-request", "times": 3})
    with team.holding("first") as held:
        assert team.clock.seconds > 1000
        held.check()


def test_a_bucket_that_is_not_there_is_an_error(team: Team) -> None:
    missing = partial(lease, team.lock("nobody"), this_process("first", 0), team.clock.sleep)
    with pytest.raises(AwsError, match="NoSuchBucket"), missing():
        pass


def test_signs_of_life_are_sent_by_themselves(team: Team) -> None:
    """Five in a lease; as long as it takes."""
    enough = threading.Event()
    kept = _Counted(team.lock(), enough)
    with lease(kept, this_process("first", 0), time.sleep, seconds=0.5):
        assert enough.wait(30)


@dataclass
class _Counted:
    """A lock object that says when it was written twice after it was taken."""

    lock: LockObject
    enough: threading.Event
    texts: list[str] = field(default_factory=list)

    def read(self, *, patient: bool = True) -> Any:
        return self.lock.read(patient=patient)

    def create(self, text: str) -> str | None:
        return self.lock.create(text)

    def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None:
        self.texts.append(text)
        if len(self.texts) == 2:
            self.enough.set()
        return self.lock.replace(text, etag, patient=patient)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with in_this_process(VirtualClock()) as running:
        yield running.endpoint_url


@pytest.fixture
def url(server: str) -> str:
    s3 = client(server)
    if s3.list_buckets()["Buckets"]:
        s3.delete_object(Bucket=BUCKET, Key=KEY)
    else:
        with_a_bucket(s3)
    return server


def really_holding(url: str, run: str, **options: Any) -> AbstractContextManager[Lease]:
    clock: Clock = SystemClock()
    kept = LockObject(client(url), BUCKET, KEY, clock)
    return lease(kept, this_process(run, time.time()), time.sleep, **options)


def _hold(url: str, pipe: Connection) -> None:
    """A process that holds the lock until it is told to try something, and says what came of it."""
    with really_holding(url, "first", seconds=SHORT) as held:
        pipe.send("held")
        pipe.recv()
        try:
            held.check()
            pipe.send("allowed")
        except LeaseLost as lost:
            pipe.send(str(lost))


@contextmanager
def other_process(url: str) -> Iterator[tuple[int, Connection]]:
    """Another process that holds the lock, and a pipe to it."""
    ours, theirs = get_context("fork").Pipe()
    process = get_context("fork").Process(target=_hold, args=(url, theirs))
    process.start()
    try:
        assert ours.poll(20)
        assert ours.recv() == "held"
        yield process.pid or 0, ours
    finally:
        process.kill()
        process.join(10)


def test_a_killed_holder_is_followed_after_the_lease(url: str) -> None:
    with other_process(url) as (pid, _):
        os.kill(pid, signal.SIGKILL)
        started = time.monotonic()
        with really_holding(url, "second", seconds=SHORT, timeout=30):
            waited = time.monotonic() - started
    assert waited > SHORT * 0.7


def test_a_stopped_holder_may_change_nothing_when_it_wakes(url: str) -> None:
    with other_process(url) as (pid, pipe):
        os.kill(pid, signal.SIGSTOP)
        with really_holding(url, "second", seconds=SHORT, timeout=30):
            os.kill(pid, signal.SIGCONT)
            pipe.send("try")
            assert "nothing more was sent" in pipe.recv()


def test_of_many_that_want_it_one_has_it_at_a_time(url: str) -> None:
    with ProcessPoolExecutor(4, get_context("fork")) as pool:
        had = sorted(filter(None, pool.map(_had, [url] * 4, [f"run-{number}" for number in range(4)])))
    assert had
    # On a busy machine one may begin to want it when another has let it go.
    assert all(let_go < taken for (_, let_go), (taken, _) in pairwise(had))


def _had(url: str, run: str) -> tuple[float, float] | None:
    """From when to when, by a clock that the processes share."""
    try:
        with really_holding(url, run):
            taken = time.monotonic()
            time.sleep(0.3)
            return taken, time.monotonic()
    except Locked:
        return None


@dataclass
class Contradicting:
    """An S3 that says of a lock both that it is there and that it isn't, or that nobody else has written it and that
    somebody has."""

    there: LockContent | None

    def read(self, *, patient: bool = True) -> LockContent | None:
        return self.there

    def create(self, text: str) -> str | None:
        return None

    def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None:
        return None


@pytest.mark.parametrize("there", [None, LockContent("nobody's", "e-1", 0.0)])
def test_a_lock_that_contradicts_itself_is_not_asked_for_ever(there: LockContent | None) -> None:
    clock = StandingClock()
    with (
        pytest.raises(Locked, match="can be neither made nor taken over"),
        lease(Contradicting(there), this_process("run-1", 0.0), clock.sleep, seconds=60, timeout=30, now=clock.now),
    ):
        pass
    assert 1090 <= clock.seconds <= 1094


@dataclass
class Failing(Contradicting):
    """One whose writes fail."""

    error: BaseException = field(default_factory=lambda: KeyError("ETag"))
    tried: int = 0

    def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None:
        self.tried += 1
        raise self.error


@pytest.mark.parametrize(("error", "goes_on"), [(KeyError("ETag"), True), (Interrupted(), False)])
def test_whatever_a_sign_of_life_fails_of_nothing_is_said_and_the_gate_shuts(
    error: BaseException, *, goes_on: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    kept = Failing(None, error)
    held = Lease(kept, this_process("run-1", 0.0), "e-1", boot_time(), 0.1, boot_time)
    deadline = time.monotonic() + 5
    while kept.tried < (3 if goes_on else 1) or held._thread.is_alive() is not goes_on:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(0.06)
    with pytest.raises(LeaseLost, match="couldn't be confirmed"):
        held.check()
    held.abandon()
    assert capfd.readouterr().err == ""


def test_a_run_that_is_left_with_nothing_under_way_lets_others_in_at_once(team: Team) -> None:
    with team.holding("first", ending=lambda: LeaseEnd.RELEASE_AT_ONCE):
        pass
    with team.holding("second"):
        pass


def test_a_run_that_is_left_does_not_wait_for_an_s3_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease_module, "_MOMENTS", 0.05)
    over = threading.Event()

    @dataclass
    class Hanging(Contradicting):
        def create(self, text: str) -> str | None:
            return "e-1"

        def replace(self, text: str, etag: str, *, patient: bool = True) -> str | None:
            over.wait(10)
            return "e-2"

    began = time.monotonic()
    with lease(Hanging(None), this_process("run-1", 0.0), lambda _: None, ending=lambda: LeaseEnd.RELEASE_AT_ONCE):
        pass
    assert time.monotonic() - began < 5
    over.set()


def test_a_wait_for_a_turn_that_is_cut_short_is_no_error() -> None:
    kept = Failing(None, Interrupted())
    Lease(kept, this_process("run-1", 0.0), "e-1", boot_time(), 60, boot_time).release()
    assert kept.tried == 1
