"""What is hooked into botocore's clients: in which order, and what becomes of a request there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSPreparedRequest

from ocpprov.aws.pace import Pace
from ocpprov.aws.session import Session, connect
from tests.support.in_process import NOBODY, StandingClock


class Stopped(Exception):
    """Raised in place of sending."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock that requests are signed by, too."""
    standing = StandingClock()
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: datetime.fromtimestamp(standing.now(), UTC))
    return standing


def unsent(session: Session, **calls: int) -> list[AWSPreparedRequest]:
    """What would leave, of so many reads of each service."""
    requests: list[AWSPreparedRequest] = []

    def stop(request: AWSPreparedRequest, **_: object) -> None:
        requests.append(request)
        raise Stopped

    clients = session.clients
    reads: dict[str, Any] = {"route53": clients.route53.list_hosted_zones, "ec2": clients.ec2.describe_vpcs}
    for service, times in calls.items():
        session.clients[service].meta.events.register("before-send", stop)
        for _ in range(times):
            with pytest.raises(Stopped):
                reads[service]()
    return requests


def signed_at(request: AWSPreparedRequest) -> float:
    """Seconds since the epoch."""
    date: str | bytes = request.headers["X-Amz-Date"]
    text = date.decode() if isinstance(date, bytes) else date
    return datetime.strptime(f"{text}+0000", "%Y%m%dT%H%M%SZ%z").timestamp()


@pytest.mark.parametrize("service", ["ec2", "route53"])
def test_a_request_that_had_to_wait_is_signed_afterwards(clock: StandingClock, service: str) -> None:
    pace = Pace(clock, known={service: 0.5})
    session = connect("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY, pace=pace)
    started = clock.now()
    requests = unsent(session, **{service: 10})
    assert clock.seconds == 12
    assert [signed_at(request) - started for request in requests] == [0, 0, 0, 0, 2, 4, 6, 8, 10, 12]
