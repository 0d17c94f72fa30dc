"""The plan's lock in S3, with short leases and real processes, on the sandbox."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ocpprov.aws.clock import SystemClock
from ocpprov.aws.errors import AwsError
from ocpprov.aws.lock_object import LockObject
from ocpprov.runs.holder import this_process
from ocpprov.runs.lease import LeaseLost, lease
from ocpprov.runs.lock import Locked
from ocpprov.sandbox import testing
from ocpprov.sandbox.client import SandboxControl

BUCKET, KEY = "team", "locks/prod.lock"
SECONDS = 2.0


def kept(url: str, bucket: str = BUCKET) -> LockObject:
    make: Any = boto3.client
    s3 = make(
        "s3",
        region_name="eu-west-1",
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1, read_timeout=1),
    )
    return LockObject(s3, bucket, KEY, SystemClock())


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with testing.sandbox() as running:
        yield running.endpoint_url


@pytest.fixture
def url(server: str) -> str:
    SandboxControl(server).reset()
    make: Any = boto3.client
    s3 = make("s3", "eu-west-1", endpoint_url=server, aws_access_key_id="test", aws_secret_access_key="test")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return server


def holding(url: str, run: str, *, timeout: float = 0.0) -> Any:
    return lease(kept(url), this_process(run, time.time()), time.sleep, seconds=SECONDS, timeout=timeout)


def _hold(url: str, pipe: Connection) -> None:
    """A process that holds the lock until it is told to try something, and says what came of it."""
    with holding(url, "first") as held:
        held.note("ready Nat")
        time.sleep(SECONDS / 4)
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
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_hold, args=(url, theirs))
    process.start()
    try:
        assert ours.poll(20)
        assert ours.recv() == "held"
        yield process.pid or 0, ours
    finally:
        process.kill()
        process.join(10)


def test_whoever_is_kept_out_learns_who_where_since_when_and_how_far(url: str) -> None:
    with other_process(url) as (pid, _), pytest.raises(Locked) as caught, holding(url, "second"):
        pass
    said = str(caught.value)
    assert f"process {pid}" in said
    assert os.uname().nodename in said
    assert "last: ready Nat" in said
    assert re.search(r"confirmed [0-2] s ago", said)
    assert "after 2 s of silence" in said
    assert "s3://team/locks/prod.lock" in said


def test_a_lock_that_is_kept_alive_is_not_taken_over(url: str) -> None:
    with other_process(url) as (_, pipe):
        with pytest.raises(Locked), holding(url, "second", timeout=2.5 * SECONDS):
            pass
        pipe.send("try")
        assert pipe.recv() == "allowed"


def test_a_killed_holder_is_followed_after_the_lease(url: str) -> None:
    with other_process(url) as (pid, _):
        os.kill(pid, signal.SIGKILL)
        started = time.monotonic()
        with holding(url, "second", timeout=30) as held:
            waited = time.monotonic() - started
            held.check()
    assert waited > SECONDS * 0.7


def test_a_stopped_holder_may_change_nothing_when_it_wakes(url: str) -> None:
    with other_process(url) as (pid, pipe):
        os.kill(pid, signal.SIGSTOP)
        with holding(url, "second", timeout=30):
            os.kill(pid, signal.SIGCONT)
            pipe.send("try")
            assert "nothing more was sent" in pipe.recv()


def test_a_holder_that_is_cut_off_stops_before_others_may_begin(url: str) -> None:
    with holding(url, "first") as held:
        SandboxControl(url).faults([{"operation": "PutObject", "fault": "lose-request", "times": 99}])
        started = time.monotonic()
        while True:
            try:
                held.check()
            except LeaseLost:
                break
            time.sleep(0.02)
        assert time.monotonic() - started < SECONDS
        SandboxControl(url).faults([{"operation": "None", "fault": "lose-request"}])


def test_a_lock_that_was_let_go_is_free_at_once(url: str) -> None:
    with holding(url, "first"):
        pass
    with holding(url, "second") as held:
        held.check()


@pytest.mark.parametrize("fault", ["lose-answer", "error-after"])
def test_a_lost_answer_of_taking_the_lock_is_recognised(url: str, fault: str) -> None:
    for _ in range(2):  # The first makes the object, the second takes over what was let go.
        SandboxControl(url).faults(
            [{"operation": "PutObject", "fault": fault}, {"operation": "PutObject", "nth": 2, "fault": fault}]
        )
        with holding(url, "first") as held:
            held.check()


def test_a_lost_answer_of_a_sign_of_life_is_recognised(url: str) -> None:
    with holding(url, "first") as held:
        SandboxControl(url).faults([{"operation": "PutObject", "fault": "lose-answer"}])
        time.sleep(SECONDS * 1.2)
        held.check()


def test_of_many_that_want_it_one_has_it_at_a_time(url: str) -> None:
    with ProcessPoolExecutor(4, get_context("fork")) as pool:
        had = sorted(filter(None, pool.map(_had, [url] * 4, [f"run-{number}" for number in range(4)])))
    assert had
    # On a busy machine one may begin to want it when another has let it go.
    assert all(let_go < taken for (_, let_go), (taken, _) in pairwise(had))


def _had(url: str, run: str) -> tuple[float, float] | None:
    """From when to when, by a clock that the processes share."""
    try:
        with holding(url, run):
            taken = time.monotonic()
            time.sleep(SECONDS / 2)
            return taken, time.monotonic()
    except Locked:
        return None


def test_a_bucket_that_is_not_there_is_an_error(url: str) -> None:
    missing: Callable[[], Any] = lambda: lease(  # noqa: E731 - a context to enter
        kept(url, "nobody"), this_process("first", 0), time.sleep, seconds=SECONDS
    )
    with pytest.raises(AwsError), missing():
        pass
