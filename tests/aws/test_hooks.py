"""What is hooked into botocore's clients: in which order, and what becomes of a request there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import botocore.auth
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, EndpointConnectionError

from ocpprov.aws.call_rates import KnownRate, Rate
from ocpprov.aws.calls import CallSubject
from ocpprov.aws.errors import describe
from ocpprov.aws.rate_limit import RateLimiter, RunLimiter
from ocpprov.aws.session import Session, open_session
from ocpprov.engine.cancel import Interrupted
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
    slow = KnownRate("all", Rate(4, 0.5), "made up", "memory", share=1)
    limiter = RateLimiter(clock, lambda service, operation: (service, slow))
    ours = RunLimiter(lambda _: limiter, CallSubject())
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY, rate_limiter=ours)
    started = clock.now()
    requests = unsent(session, **{service: 10})
    assert clock.seconds == 12
    assert [signed_at(request) - started for request in requests] == [0, 0, 0, 0, 2, 4, 6, 8, 10, 12]


class Lost(Exception):
    """The lock isn't ours any more."""


def test_a_change_behind_a_closed_fence_is_never_sent() -> None:
    sent: list[str] = []
    session = open_session("eu-west-1", on_call=lambda record: sent.append(record.operation), sandbox_url=NOBODY)
    ec2 = session.clients.ec2
    arrived = answering(ec2)
    probed = answering(session.probes.s3)

    def check() -> None:
        raise Lost

    with session.fence.closed_by(check):
        ec2.describe_vpcs()
        with pytest.raises(Lost):
            ec2.create_vpc(CidrBlock="10.0.0.0/16")
        # A client that is made afterwards has to pass it too, the signs of life of the lock haven't.
        deleted = answering(session.clients.iam)
        with pytest.raises(Lost):
            session.clients.iam.delete_role(RoleName="one")
        session.probes.s3.put_object(Bucket="locks", Key="ours", Body=b"")
    ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert (arrived, probed, deleted) == (["DescribeVpcs", "CreateVpc"], ["PutObject"], [])
    assert sent == ["DescribeVpcs", "PutObject", "CreateVpc"]


def test_the_fence_asks_its_check_before_each_change() -> None:
    asked: list[int] = []
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    answering(session.clients.ec2)
    with session.fence.closed_by(lambda: asked.append(1)):
        for _ in range(2):
            session.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")
        session.clients.ec2.describe_vpcs()
    session.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert asked == [1, 1]


def test_changes_that_were_not_answered_are_under_way_and_none_leaves_after_it_is_shut() -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    arrived = answering(session.clients.ec2)
    session.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    session.clients.ec2.describe_vpcs()
    assert session.fence.shut()
    for held in (session.fence.closed_by(lambda: None), nullcontext()):
        with held, pytest.raises(Interrupted):
            session.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    session.clients.ec2.describe_vpcs()
    assert arrived == ["CreateVpc", "DescribeVpcs", "DescribeVpcs"]
    assert session.fence.shut()


def test_a_change_whose_answer_was_lost_is_under_way() -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    with pytest.raises(EndpointConnectionError):
        session.clients.ec2.describe_vpcs()
    assert session.fence.shut()
    other = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    with pytest.raises(EndpointConnectionError):
        other.clients.ec2.create_vpc(CidrBlock="10.0.0.0/16")
    assert not other.fence.shut()


def owners_said(client: Any) -> list[str]:
    """Have every request answered; whose account each says that the bucket is of."""
    said: list[str] = []

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        said.append(_text(request.headers.get("x-amz-expected-bucket-owner", "")))
        return AWSResponse(request.url, 200, HTTPHeaders(), Empty())

    client.meta.events.register("before-send", answer)
    return said


def test_whatever_is_asked_of_a_bucket_says_whose_it_has_to_be() -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    changes, probes = owners_said(session.clients.s3), owners_said(session.probes.s3)
    session.clients.s3.put_object(Bucket="ours", Key="early.ign", Body=b"")
    session.credentials.pin("123456789012")
    session.clients.s3.put_object(Bucket="ours", Key="bootstrap.ign", Body=b"")
    session.clients.s3.get_bucket_tagging(Bucket="ours")
    session.clients.s3.delete_bucket(Bucket="ours")
    session.probes.s3.head_bucket(Bucket="ours")
    # What names no bucket, or one that isn't there yet, can't say it.
    session.clients.s3.list_buckets()
    session.clients.s3.create_bucket(Bucket="ours")
    assert changes == ["", "123456789012", "123456789012", "123456789012", "", ""]
    assert probes == ["123456789012"]


def test_whoever_names_another_owner_is_believed() -> None:
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY)
    session.credentials.pin("123456789012")
    said = owners_said(session.clients.s3)
    session.clients.s3.get_bucket_tagging(Bucket="ours", ExpectedBucketOwner="210987654321")
    assert said == ["210987654321"]


def answering(client: Any) -> list[str]:
    """Have every request of a client answered in place of the network; the operations that arrive."""
    arrived: list[str] = []

    def answer(request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse:
        arrived.append(event_name.rsplit(".", 1)[-1])
        return AWSResponse(request.url, 200, HTTPHeaders(), Empty())

    client.meta.events.register("before-send", answer)
    return arrived


class Empty:
    """What botocore takes for urllib3's response."""

    def stream(self, **_: object) -> list[bytes]:
        return [b"<Answer/>"]


def _text(header: str | bytes) -> str:
    return header.decode() if isinstance(header, bytes) else header


CHANGE = {"Action": "CREATE", "ResourceRecordSet": {"Name": "a", "Type": "A"}}
ROLE = "arn:aws:iam::210987654321:role/zones"


class Sts:
    """Gives keys for a role, once for each session."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def assume_role(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        self.asked.append(request.body)
        keys = "<AccessKeyId>ROLES</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        body = f"<R><AssumeRoleResult><Credentials>{keys}<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials>"
        return answer(f"{body}</AssumeRoleResult></R>".encode())


def answer(body: bytes) -> AWSResponse:
    class Raw:
        def stream(self, **_: object) -> list[bytes]:
            return [body]

    return AWSResponse("https://sts", 200, HTTPHeaders.from_pairs([("Content-Type", "text/xml")]), Raw())


def test_what_is_about_another_accounts_zone_is_signed_as_its_role() -> None:
    roles = {"Z1": ROLE, "Z2": ROLE}
    session = open_session("eu-west-1", on_call=lambda _: None, sandbox_url=NOBODY, zone_roles=roles)
    sts, signed = Sts(), []

    def stop(request: AWSPreparedRequest, **_: object) -> None:
        header: Any = request.headers["Authorization"]
        signed.append(header.decode().partition("Credential=")[2].partition("/")[0])
        raise Stopped

    role_taken: Any = sts.assume_role
    session.probes.sts.meta.events.register("before-send", role_taken)
    client: Any = session.clients.route53
    client.meta.events.register("before-send", stop)
    asked: list[Callable[[], object]] = [
        lambda: client.get_hosted_zone(Id="Z1"),
        lambda: client.list_resource_record_sets(HostedZoneId="Z2"),
        lambda: client.change_resource_record_sets(HostedZoneId="Z1", ChangeBatch={"Changes": [CHANGE]}),
        lambda: client.get_hosted_zone(Id="Z3"),
        client.list_hosted_zones,
        lambda: client.get_account_limit(Type="MAX_HOSTED_ZONES_BY_OWNER"),
        lambda: client.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=["Z1"]),
    ]
    for each in asked:
        with pytest.raises(Stopped):
            each()
    assert signed == ["ROLES"] * 3 + ["sandbox"] * 4
    assert (len(sts.asked), "RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fzones" in sts.asked[0]) == (1, True)


@pytest.mark.parametrize(
    ("region", "service", "wanted"),
    [
        ("eu-south-1", "ec2", "eu-south-1"),
        ("eu-south-1", "iam", "us-east-1"),
        ("cn-north-1", "route53", "cn-northwest-1"),
    ],
)
def test_an_error_says_the_region_that_was_asked(region: str, service: str, wanted: str) -> None:
    session = open_session(region, on_call=lambda _: None, sandbox_url=NOBODY)
    client: Any = session.clients[service]
    body = b"<R><Errors><Error><Code>VpcLimitExceeded</Code></Error></Errors><Error><Code>TooMany</Code></Error></R>"

    def refuse(**_: object) -> AWSResponse:
        refused = answer(body)
        refused.status_code = 400
        return refused

    client.meta.events.register("before-send", refuse)
    asked = {"ec2": "describe_vpcs", "iam": "list_roles", "route53": "list_hosted_zones"}[service]
    with pytest.raises(ClientError) as error:
        getattr(client, asked)()
    assert describe(error.value).region == wanted
