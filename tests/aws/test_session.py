"""Where requests go and how they are signed, seen from the other end of the wire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ocpprov.aws.calls import CallCounter, CallRecord
from ocpprov.aws.clients import Clients
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.partitions import PARTITIONS, Partition, partition_of, signing_region
from ocpprov.aws.services import SERVICES
from ocpprov.aws.session import Session, open_session
from tests.aws.conftest import set_all
from tests.support.fronts import service_fronts

SIGNED_FOR = [
    ("us-east-1", "us-east-1", "us-east-1"),
    ("eu-west-1", "us-east-1", "us-east-1"),
    ("us-gov-east-1", "us-gov-west-1", "us-gov-west-1"),
    ("cn-north-1", "cn-north-1", "cn-northwest-1"),
]
OFTEN = {("eu-west-1", True), ("us-gov-east-1", True), ("cn-north-1", False)}
"""Three whose global services are at home elsewhere; `make torture` takes them all."""


def ignore(_: CallRecord) -> None:
    """Nobody listens."""


def ask_everything(clients: Clients) -> None:
    clients.ec2.describe_vpcs()
    clients.elb.describe_load_balancers()
    clients.elbv2.describe_load_balancers()
    clients.iam.list_roles()
    clients.s3.list_buckets()
    clients.route53.list_hosted_zones()
    clients.sts.get_caller_identity()


@pytest.mark.parametrize(
    ("region", "iam_region", "route53_region", "tls"),
    [
        pytest.param(*row, tls, marks=[] if (row[0], tls) in OFTEN else [pytest.mark.torture])
        for row in SIGNED_FOR
        for tls in (False, True)
    ],
)
def test_each_service_at_its_own_endpoint_is_signed_for_its_region(
    moto_url: str, environ: pytest.MonkeyPatch, region: str, iam_region: str, route53_region: str, tls: bool
) -> None:
    with service_fronts(moto_url, tls=tls) as fronts:
        set_all(environ, dict(fronts.environ))
        session = open_session(region, on_call=ignore)
        for clients in (session.clients, session.probes):
            ask_everything(clients)
        regional = dict.fromkeys(("ec2", "elb", "elbv2", "s3", "sts"), region)
        expected = {**regional, "iam": iam_region, "route53": route53_region}
        for service, signed_for in expected.items():
            assert [request.signing_region for request in fronts.requests_to(service)] == [signed_for] * 2


def default_url(session: Session, service: str) -> str:
    return session.clients[service].meta.endpoint_url


@pytest.mark.parametrize(
    ("region", "ec2", "route53", "sts"),
    [
        ("us-east-1", "ec2.us-east-1.amazonaws.com", "route53.amazonaws.com", "sts.us-east-1.amazonaws.com"),
        ("eu-west-1", "ec2.eu-west-1.amazonaws.com", "route53.amazonaws.com", "sts.eu-west-1.amazonaws.com"),
        (
            "us-gov-east-1",
            "ec2.us-gov-east-1.amazonaws.com",
            "route53.us-gov.amazonaws.com",
            "sts.us-gov-east-1.amazonaws.com",
        ),
        (
            "cn-north-1",
            "ec2.cn-north-1.amazonaws.com.cn",
            "route53.amazonaws.com.cn",
            "sts.cn-north-1.amazonaws.com.cn",
        ),
        ("us-iso-east-1", "ec2.us-iso-east-1.c2s.ic.gov", "route53.c2s.ic.gov", "sts.us-iso-east-1.c2s.ic.gov"),
    ],
)
def test_default_endpoints_stay_those_of_aws(region: str, ec2: str, route53: str, sts: str) -> None:
    session = open_session(region, on_call=ignore)
    assert default_url(session, "ec2") == f"https://{ec2}"
    assert default_url(session, "route53") == f"https://{route53}"
    assert default_url(session, "sts") == f"https://{sts}"


@pytest.mark.parametrize(
    ("variable", "region", "ec2", "iam", "s3"),
    [
        (
            "AWS_USE_FIPS_ENDPOINT",
            "us-east-2",
            "ec2-fips.us-east-2.amazonaws.com",
            "iam-fips.amazonaws.com",
            "s3-fips.us-east-2.amazonaws.com",
        ),
        (
            "AWS_USE_FIPS_ENDPOINT",
            "us-gov-west-1",
            "ec2.us-gov-west-1.amazonaws.com",
            "iam.us-gov.amazonaws.com",
            "s3-fips.us-gov-west-1.amazonaws.com",
        ),
        (
            "AWS_USE_DUALSTACK_ENDPOINT",
            "eu-west-1",
            "ec2.eu-west-1.api.aws",
            "iam.global.api.aws",
            "s3.dualstack.eu-west-1.amazonaws.com",
        ),
    ],
)
def test_fips_and_dual_stack_endpoints_on_request(
    environ: pytest.MonkeyPatch, variable: str, region: str, ec2: str, iam: str, s3: str
) -> None:
    environ.setenv(variable, "true")
    session = open_session(region, on_call=ignore)
    assert default_url(session, "ec2") == f"https://{ec2}"
    assert default_url(session, "iam") == f"https://{iam}"
    assert default_url(session, "s3") == f"https://{s3}"


def test_what_one_session_asked_for_holds_for_no_other(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    open_session("eu-west-1", on_call=ignore)
    environ.delenv("AWS_USE_DUALSTACK_ENDPOINT")
    session = open_session("eu-west-1", on_call=ignore)
    assert default_url(session, "s3") == "https://s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("variable", ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"])
@pytest.mark.parametrize("by_plan", [True, False], ids=["by the plan", "by the environment"])
def test_given_endpoints_stay_as_they_are_with_fips_and_dual_stack(
    moto_url: str, environ: pytest.MonkeyPatch, variable: str, by_plan: bool
) -> None:
    environ.setenv(variable, "true")
    if not by_plan:
        environ.setenv("AWS_ENDPOINT_URL", moto_url)
    endpoints = dict.fromkeys(("ec2", "iam"), moto_url) if by_plan else {}
    session = open_session("eu-west-1", on_call=ignore, service_endpoints=endpoints)
    assert session.clients.ec2.describe_vpcs()["Vpcs"]
    assert session.clients.iam.list_roles()["Roles"] == []


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.id)
def test_all_regions_of_a_partition_have_its_signing_regions(partition: Partition) -> None:
    regions = boto3.Session().get_available_regions("ec2", partition_name=partition.id)
    assert {partition_of(region) for region in regions} == {partition}
    for service in ("iam", "route53"):
        assert len({signing_region(service, region) for region in regions}) == 1


@pytest.mark.parametrize(
    "every", [pytest.param(False, id="one"), pytest.param(True, id="every", marks=pytest.mark.torture)]
)
@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition.id)
def test_signing_regions_are_those_that_botocore_uses_at_default_endpoints(partition: Partition, every: bool) -> None:
    """In the region that comes first: in most partitions not the home of the global services."""
    core = boto3.Session()
    regions = core.get_available_regions("ec2", partition_name=partition.id)
    for region in regions if every else regions[:1]:
        iam, route53 = core.client("iam", region_name=region), core.client("route53", region_name=region)
        assert _signed_for(iam, iam.list_roles) == signing_region("iam", region)
        assert _signed_for(route53, route53.list_hosted_zones) == signing_region("route53", region)


class Stopped(Exception):
    """Raised in place of sending."""


def _signed_for(client: BaseClient, call: Callable[[], object]) -> str:
    """The region in the credential scope of a request that isn't sent."""
    scopes: list[str | bytes] = []

    def stop(request: AWSPreparedRequest, **_: object) -> None:
        scopes.append(request.headers["Authorization"])
        raise Stopped

    client.meta.events.register("before-send", stop)
    with pytest.raises(Stopped):
        call()
    scope = scopes[0]
    return (scope.decode() if isinstance(scope, bytes) else scope).split("Credential=")[1].split("/")[2]


def test_the_plans_endpoints_win_over_the_environment(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    with service_fronts(moto_url) as fronts:
        set_all(environ, {service.endpoint_variable: "http://127.0.0.1:1" for service in SERVICES.values()})
        # Both kinds of balancers are one service to install-config.
        endpoints = {SERVICES[name].plan_name: url for name, url in fronts.urls.items()}
        ask_everything(open_session("eu-west-1", on_call=ignore, service_endpoints=endpoints).clients)
        asked = {request.service for request in fronts.requests}
        assert {SERVICES[name].plan_name for name in asked} == set(endpoints)


def test_the_plans_ca_wins_over_the_environment(moto_url: str, environ: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with service_fronts(moto_url, tls=True) as fronts:
        set_all(environ, {**fronts.environ, "AWS_CA_BUNDLE": str(tmp_path / "missing.pem")})
        ask_everything(open_session("eu-west-1", on_call=ignore, ca_bundle=fronts.environ["AWS_CA_BUNDLE"]).clients)


def test_the_plans_proxy_wins_and_respects_no_proxy(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    """A plain-HTTP front serves as proxy too: it gets whole URLs as paths."""
    with service_fronts(moto_url, services=("ec2", "route53", "sts")) as fronts:
        set_all(environ, {**fronts.environ, "HTTP_PROXY": "http://127.0.0.1:1"})
        environ.setenv("NO_PROXY", fronts.no_proxy_but("sts"))
        clients = open_session("eu-west-1", on_call=ignore, proxy=fronts.urls["ec2"]).clients
        clients.ec2.describe_vpcs()
        clients.route53.list_hosted_zones()
        clients.sts.get_caller_identity()
        assert [request.path for request in fronts.requests] == [
            "/",
            "/2013-04-01/hostedzone",
            f"{fronts.urls['sts']}/",
        ]
        assert not fronts.requests_to("sts")


def test_the_sandbox_needs_no_credentials_and_no_proxy(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    environ.delenv("AWS_ACCESS_KEY_ID")
    environ.delenv("AWS_SECRET_ACCESS_KEY")
    environ.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    environ.setenv("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1")
    environ.setenv("AWS_PROFILE", "absent")
    ask_everything(open_session("eu-west-1", on_call=ignore, sandbox_url=moto_url).clients)


def test_a_profile_that_does_not_exist_is_a_matter_of_credentials() -> None:
    with pytest.raises(AwsError) as caught:
        open_session("eu-west-1", on_call=ignore, profile="absent")
    assert caught.value.error_class is ErrorClass.CREDENTIALS
    assert "absent" in caught.value.message


@pytest.mark.parametrize("url", ["ec2.example.com", "http://"])
def test_an_endpoint_that_is_no_url_is_an_error_of_the_settings(url: str) -> None:
    session = open_session("eu-west-1", on_call=ignore, service_endpoints={"ec2": url})
    assert session.clients.sts.meta.endpoint_url == "https://sts.eu-west-1.amazonaws.com"
    with pytest.raises(AwsError) as caught:
        _ = session.clients.ec2
    assert caught.value.error_class is ErrorClass.INVALID
    assert url in caught.value.message


def test_timeouts_and_retries_are_ours_whatever_the_environment_says(environ: pytest.MonkeyPatch) -> None:
    environ.setenv("AWS_MAX_ATTEMPTS", "9")
    environ.setenv("AWS_RETRY_MODE", "legacy")
    session = open_session("eu-west-1", on_call=ignore)
    attempts = [
        clients.ec2.meta.config.retries["total_max_attempts"]  # type: ignore[attr-defined]
        for clients in (session.clients, session.probes)
    ]
    assert attempts == [1, 1]
    config = session.clients.ec2.meta.config
    assert (config.connect_timeout, config.read_timeout, config.tcp_keepalive) == (10, 60, True)  # type: ignore[attr-defined]


def test_calls_are_counted_and_told_without_content(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    environ.setenv("AWS_ENDPOINT_URL", moto_url)
    counter, records = CallCounter(), list[CallRecord]()

    def observe(record: CallRecord) -> None:
        counter.add(record)
        records.append(record)

    session = open_session("eu-west-1", on_call=observe)
    session.clients.ec2.describe_vpcs()
    session.clients.ec2.create_vpc(CidrBlock="10.99.0.0/16")
    with pytest.raises(ClientError):
        session.clients.ec2.delete_vpc(VpcId="vpc-00000000")
    assert counter.snapshot() == {"ec2:CreateVpc": 1, "ec2:DeleteVpc": 1, "ec2:DescribeVpcs": 1}
    assert [record.mutating for record in records] == [False, True, True]
    assert [(record.status, record.error_code) for record in records[1:]] == [(200, ""), (400, "InvalidVpcID.NotFound")]
    assert all(record.request_id and record.attempt == 1 and record.seconds > 0 for record in records)
    assert "10.99" not in repr(records)


def test_a_role_is_assumed_once_and_acted_as(moto_url: str, environ: pytest.MonkeyPatch) -> None:
    role = "arn:aws:iam::123456789012:role/provisioner"
    with service_fronts(moto_url) as fronts:
        set_all(environ, dict(fronts.environ))
        session = open_session("eu-west-1", on_call=ignore, assume_role=role)
        session.clients.ec2.describe_vpcs()
        session.clients.ec2.describe_vpcs()
        asked = fronts.requests_to("sts")
        assert [request.action for request in asked] == ["AssumeRole"]
        assert asked[0].signing_region == "eu-west-1"
        own_key = asked[0].authorization.split("Credential=")[1].split("/")[0]
        for request in fronts.requests_to("ec2"):
            assert request.authorization.split("Credential=")[1].split("/")[0] not in ("", own_key)
