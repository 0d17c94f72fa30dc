"""Each service blocked in turn, in each of the usual ways: named with host, cause and what to set, in time."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.endpoint import EndpointCreator
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.errors import AwsError
from ocpprov.aws.identity import check_account
from ocpprov.aws.service_probes import probe
from ocpprov.aws.services import SERVICES
from ocpprov.aws.session import open_session
from ocpprov.aws.unreachable import Unreachable
from tests.aws.conftest import set_all
from tests.support.fronts import (
    forbidding_proxy,
    hanging_server,
    refused_port,
    service_fronts,
    wrong_ca_server,
)
from tests.support.in_process import StandingClock

ALL = ("ec2", "route53", "sts")


@dataclass(frozen=True)
class Blocker:
    """A way in which a service doesn't answer: what stands at its address, and the cause to be named."""

    stand_in: Callable[[], AbstractContextManager[str]]
    tls: bool
    cause: str
    variable: str = ""


BLOCKERS = {
    "refused": Blocker(refused_port, False, "refuses the connection"),
    "refused-tls": Blocker(refused_port, True, "refuses the connection"),
    "wrong-ca": Blocker(wrong_ca_server, True, "certificate isn't trusted", "AWS_CA_BUNDLE"),
    "forbidden-page": Blocker(forbidding_proxy, False, "answered 403", "HTTPS_PROXY"),
}


def find(environ: pytest.MonkeyPatch, values: dict[str, str]) -> list[Unreachable]:
    """What a probe in this environment finds; fails when it changes anything."""
    records: list[CallRecord] = []
    set_all(environ, values)
    found = probe(open_session("eu-west-1", on_call=records.append).probes, ALL).lost
    assert not [record for record in records if record.mutating]
    return list(found)


@pytest.mark.parametrize(
    ("blocker", "service"),
    [
        pytest.param(
            blocker, service, id=f"{name}-{service}", marks=[] if number % 3 == turn else [pytest.mark.torture]
        )
        for number, (name, blocker) in enumerate(BLOCKERS.items())
        for turn, service in enumerate(ALL)
    ],
)
def test_a_blocked_service_is_named(moto_url: str, environ: pytest.MonkeyPatch, blocker: Blocker, service: str) -> None:
    with service_fronts(moto_url, tls=blocker.tls) as fronts, blocker.stand_in() as url:
        (found,) = find(environ, fronts.environ_with(service, url))
    assert (found.service, found.host) == (service, urlsplit(url).netloc)
    assert blocker.cause in found.cause
    assert (blocker.variable or SERVICES[service].endpoint_variable) in found.remedy
    assert "\n" not in str(found)


def wait_briefly_for(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that are made from now on wait for this address half a second, and for others as long as ever."""
    create: Any = EndpointCreator.create_endpoint

    def create_impatient(self: EndpointCreator, *arguments: Any, endpoint_url: str, **options: Any) -> Any:
        if endpoint_url.startswith(url):
            options["timeout"] = (0.5, 0.5)
        return create(self, *arguments, endpoint_url=endpoint_url, **options)

    monkeypatch.setattr(EndpointCreator, "create_endpoint", create_impatient)


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_hanging_service_is_named(
    moto_url: str, environ: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    """All at the same time, because each takes as long as the timeout."""
    with service_fronts(moto_url, tls=tls) as fronts, hanging_server(tls=tls) as url, ThreadPoolExecutor() as pool:
        wait_briefly_for(url, monkeypatch)
        running = []
        for service in ALL:
            set_all(environ, fronts.environ_with(service, url))
            probes = open_session("eu-west-1", on_call=lambda _: None).probes
            for each in ALL:
                # While the environment is this one's.
                _ = probes[each]
            configured: Any = probes[service].meta.config
            assert (configured.connect_timeout, configured.read_timeout) == (4, 6)
            running.append(pool.submit(probe, probes, ALL))
        results = [each.result().lost for each in running]
    assert [[result.service for result in found] for found in results] == [[service] for service in ALL]
    assert all("timed out" in found[0].cause for found in results)
    assert all(SERVICES[found[0].service].endpoint_variable in found[0].remedy for found in results)


def test_the_bound_for_all_ends_what_a_client_would_wait_for(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    """By what is said, and not by the wall's clock: the client's own words would be others."""
    with service_fronts(moto_url) as fronts, hanging_server() as url:
        set_all(environ, fronts.environ_with("sts", url))
        (found,) = probe(open_session("eu-west-1", on_call=lambda _: None).probes, ["sts"], seconds=1).lost
    assert "within 1 seconds" in found.cause


@pytest.mark.parametrize(
    ("tls", "status", "service"),
    [
        pytest.param(tls, status, service, marks=[] if service == chosen else [pytest.mark.torture])
        for tls, status, chosen in (
            (False, 403, "ec2"),
            (False, 407, "route53"),
            (True, 403, "sts"),
            (True, 407, "ec2"),
        )
        for service in ALL
    ],
)
def test_a_proxy_that_refuses_a_service_is_named(
    moto_url: str, environ: pytest.MonkeyPatch, tls: bool, status: int, service: str
) -> None:
    with service_fronts(moto_url, tls=tls) as fronts, forbidding_proxy(status) as proxy:
        variables = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": fronts.no_proxy_but(service)}
        (found,) = find(environ, {**fronts.environ, **variables})
    assert (found.service, found.host) == (service, urlsplit(fronts.urls[service]).netloc)
    assert "proxy" in found.cause
    assert str(status) in found.cause
    assert "NO_PROXY" in found.remedy


def test_a_proxy_that_is_not_there_is_named(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    with service_fronts(moto_url, tls=True) as fronts, refused_port() as proxy:
        found = find(environ, {**fronts.environ, "HTTPS_PROXY": proxy})
    assert [result.service for result in found] == list(ALL)
    assert {result.cause for result in found} == {"the proxy refuses the connection"}


def test_a_name_that_dns_does_not_know_is_named(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    with service_fronts(moto_url) as fronts:
        (found,) = find(environ, fronts.environ_with("ec2", "https://ec2.nowhere.invalid"))
    assert found.host == "ec2.nowhere.invalid"
    assert "DNS doesn't know" in found.cause or "timed out" in found.cause


def test_a_ca_bundle_without_the_ca_is_named(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    with service_fronts(moto_url, tls=True) as fronts, service_fronts(moto_url, tls=True) as others:
        found = find(environ, {**fronts.environ, "AWS_CA_BUNDLE": others.environ["AWS_CA_BUNDLE"]})
    assert [result.service for result in found] == list(ALL)
    assert all("AWS_CA_BUNDLE" in result.remedy for result in found)


def test_whoever_answers_is_reached_even_when_refusing(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    environ.delenv("AWS_ACCESS_KEY_ID")
    environ.delenv("AWS_SECRET_ACCESS_KEY")
    with service_fronts(moto_url) as fronts:
        assert find(environ, dict(fronts.environ)) == []


class Replies:
    """What the requests of one service get, one after another: a status, or an error on the way. The last goes on."""

    def __init__(self, *each: int | Exception) -> None:
        self.each = list(each)
        self.sent = 0

    def __call__(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        reply = self.each[min(self.sent, len(self.each) - 1)]
        self.sent += 1
        if isinstance(reply, Exception):
            raise reply
        return AWSResponse(request.url, reply, HTTPHeaders(), _Body(reply))


class _Body:
    def __init__(self, status: int) -> None:
        said = "" if status == 200 else "<Error><Code>Whatever</Code><Message>x</Message></Error>"
        self._content = f"<GetCallerIdentityResponse><GetCallerIdentityResult/>{said}</GetCallerIdentityResponse>"

    def stream(self, **_: object) -> list[bytes]:
        return [self._content.encode()]


def answered(client: Any, replies: Replies) -> None:
    client.meta.events.register("before-send", replies)


def first_calls(replies: Replies) -> tuple[list[Unreachable], StandingClock]:
    """What a probe of STS finds, and the clock that it waited on."""
    session, clock = (
        open_session("eu-west-1", on_call=lambda _: None, sandbox_url="http://127.0.0.1:1"),
        StandingClock(),
    )
    answered(session.probes.sts, replies)
    return list(probe(session.probes, ["sts"], clock=clock).lost), clock


CUT = ConnectionClosedError(endpoint_url="http://sts")
REFUSED = EndpointConnectionError(endpoint_url="http://sts", error=ConnectionRefusedError())
NO_NAME = EndpointConnectionError(endpoint_url="http://sts", error=socket.gaierror(socket.EAI_NONAME, "unknown"))


@pytest.mark.parametrize("passing", [CUT, 500, 502, 503, 429], ids=["cut", "500", "502", "503", "429"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_passes_is_borne(passing: int | Exception, times: int) -> None:
    replies = Replies(*[passing] * times, 200)
    found, clock = first_calls(replies)
    assert found == []
    assert replies.sent == times + 1
    assert 0 < clock.seconds <= 4


@pytest.mark.parametrize("lasting", [CUT, 503], ids=["cut", "503"])
def test_what_does_not_pass_is_borne_for_seconds_only(lasting: int | Exception) -> None:
    replies = Replies(lasting)
    (found,), clock = first_calls(replies)
    assert found.service == "sts"
    assert replies.sent > 2
    assert clock.seconds == pytest.approx(4)


@pytest.mark.parametrize(
    "lost",
    [REFUSED, NO_NAME, ConnectTimeoutError(endpoint_url="http://sts"), ReadTimeoutError(endpoint_url="http://sts")],
    ids=["refused", "name", "connect", "silence"],
)
def test_what_another_try_would_not_change_is_said_at_once(lost: Exception) -> None:
    replies = Replies(lost)
    (found,), clock = first_calls(replies)
    assert found.service == "sts"
    assert (replies.sent, clock.seconds) == (1, 0)


def test_a_refusal_is_an_answer() -> None:
    replies = Replies(403)
    assert first_calls(replies)[0] == []
    assert replies.sent == 1


def test_an_answer_that_cannot_be_read_names_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url="http://127.0.0.1:1")
    body = "<ListHostedZonesResponse><MaxItems>1</MaxItems><IsTruncated>false</IsTruncated>"
    body += "<HostedZones><HostedZone><ResourceRecordSetCount>many</ResourceRecordSetCount></HostedZone></HostedZones>"
    monkeypatch.setattr(_Body, "stream", lambda *_, **__: [f"{body}</ListHostedZonesResponse>".encode()])
    answered(session.probes.route53, Replies(200))
    (found,) = probe(session.probes, ["route53"]).lost
    assert found.cause.startswith("ListHostedZones: UnreadableAnswer: the answer can't be read (ValueError: ")


@pytest.mark.parametrize("member", ["Account", "Arn"])
def test_an_identity_that_lacks_something_is_an_error_of_aws(member: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both = "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/x</Arn>"
    content = re.sub(f"<{member}>.*</{member}>", "", both)
    body = f"<GetCallerIdentityResponse><GetCallerIdentityResult>{content}</GetCallerIdentityResult>"
    monkeypatch.setattr(_Body, "stream", lambda *_, **__: [f"{body}</GetCallerIdentityResponse>".encode()])
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url="http://127.0.0.1:1")
    answered(session.clients.sts, Replies(200))
    with pytest.raises(AwsError, match=f"GetCallerIdentity: UnreadableAnswer: the answer lacks {member}"):
        check_account(session.clients, "", StandingClock())
