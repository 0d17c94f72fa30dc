"""The sandbox's door, over a socket: what is told to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from socket import create_connection
from urllib.parse import urlsplit

import pytest

from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.sandbox.world import World, refused

CONTROL = "/ocpprov-sandbox/"
ACTIONS = [
    ("GET", "status"),
    ("GET", "calls"),
    ("POST", "calls/clear"),
    ("POST", "clock/advance"),
    ("POST", "conditions"),
    ("POST", "faults"),
    ("POST", "processes"),
    ("POST", "reset"),
]
CREATE_VPC = "Action=CreateVpc&CidrBlock=10.0.0.0%2F16&Version=2016-11-15"
CREDENTIAL = "test/20260101/eu-west-1/{}/aws4_request"


@dataclass(frozen=True)
class Answered:
    """An answer, read."""

    status: int
    headers: HTTPMessage
    body: str


def ask(
    sandbox: Running, method: str, target: str, body: str = "", headers: Mapping[str, str] | None = None
) -> Answered:
    """What a client gets that writes its request as it likes."""
    connection = HTTPConnection(urlsplit(sandbox.endpoint_url).netloc, timeout=30)
    try:
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answered(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def signed(service: str, **headers: str) -> dict[str, str]:
    """The headers of a call of the query protocol."""
    return {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={CREDENTIAL.format(service)}, SignedHeaders=host, Signature=0",
        "Content-Type": "application/x-www-form-urlencoded",
        **headers,
    }


@pytest.mark.parametrize("authorization", ["", "Bearer guessed"])
def test_without_the_secret_nothing_is_told_and_nothing_done(
    sandbox: Running, admin: SandboxAdmin, world: World, authorization: str
) -> None:
    vpc = world.vpc()
    headers = {"Authorization": authorization} if authorization else {}
    for method, name in [*ACTIONS, ("GET", "anything"), ("DELETE", "")]:
        answered = ask(sandbox, method, CONTROL + name, "{}", headers)
        assert (answered.status, answered.headers["WWW-Authenticate"]) == (401, "Bearer"), name
        assert answered.body == json.dumps(
            {"error": "this takes the secret from the sandbox's record, in a header 'Authorization: Bearer <secret>'"}
        )
    assert [call["operation"] for call in admin.calls()] == ["CreateVpc"]
    assert world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]


HOSTILE: list[tuple[dict[str, str], str]] = [
    ({"Host": "evil.example"}, "not as 'evil.example' (header Host)"),
    ({"Origin": "http://evil.example"}, "the sandbox isn't for pages in a browser"),
    ({"Sec-Fetch-Site": "cross-site"}, "the sandbox isn't for pages in a browser"),
]


@pytest.mark.parametrize(("hostile", "why"), HOSTILE)
def test_hostile_headers_close_its_own_endpoints_to_the_secret_too(
    sandbox: Running, admin: SandboxAdmin, hostile: dict[str, str], why: str
) -> None:
    for method, name in ACTIONS:
        headers = {"Authorization": f"Bearer {sandbox.secret}", **hostile}
        answered = ask(sandbox, method, CONTROL + name, "{}", headers)
        assert answered.status == 403
        assert json.loads(answered.body)["error"].endswith(why)


@pytest.mark.parametrize(("hostile", "why"), HOSTILE)
def test_hostile_headers_close_aws_too(
    sandbox: Running, admin: SandboxAdmin, hostile: dict[str, str], why: str
) -> None:
    requests = [
        ("POST", "/", CREATE_VPC, signed("ec2")),
        ("GET", "/", "", signed("s3")),
        ("PUT", "/bucket", "", signed("s3")),
        ("POST", "/bucket", "", {"Content-Type": "multipart/form-data; boundary=x"}),
        ("POST", "/moto-api/reset", "", {}),
    ]
    for method, target, body, headers in requests:
        answered = ask(sandbox, method, target, body, {**headers, **hostile})
        assert answered.status == 403
        assert "<Code>AccessDenied</Code>" in answered.body
        assert why.replace("'", "&#39;") in answered.body.replace("'", "&#39;")
    assert admin.calls() == []


def test_it_is_no_proxy(sandbox: Running, admin: SandboxAdmin) -> None:
    answered = ask(sandbox, "POST", f"{sandbox.endpoint_url}{CONTROL}reset", "{}", signed("ec2"))
    assert (answered.status, "the sandbox is no proxy" in answered.body) == (403, True)


MOTOS_OWN = [
    "/moto-api",
    "/moto-api/reset",
    "/moto-api/data.json",
    "//moto-api/reset",
    "/%6doto-api/reset",
    "/moto%2dapi/reset?x=1",
    "/%2fmoto-api/reset",
]


@pytest.mark.parametrize("service", ["", "ec2", "moto_api"])
def test_motos_own_levers_are_not_there(sandbox: Running, admin: SandboxAdmin, world: World, service: str) -> None:
    vpc = world.vpc()
    for target in MOTOS_OWN:
        answered = ask(sandbox, "POST", target, "", signed(service) if service else {})
        assert (answered.status, "<Code>UnsupportedOperation</Code>" in answered.body) == (403, True), target
    assert world.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]


SERVED = "the sandbox serves ec2, elasticloadbalancing, iam, route53, s3, servicequotas, sts, tagging, not "


@pytest.mark.parametrize(
    "service", ["lambda", "dynamodb", "secretsmanager", "cloudformation", "ssm", "moto_api", "EC2"]
)
def test_a_service_that_ocpprov_does_not_use_is_refused(sandbox: Running, service: str) -> None:
    rest = ask(sandbox, "GET", "/2015-03-31/functions/", "", signed(service))
    assert (rest.status, f"<Message>{SERVED}{service}</Message>" in rest.body) == (403, True)
    typed = ask(sandbox, "POST", "/", "{}", signed(service, **{"X-Amz-Target": "Any_20120810.ListThings"}))
    said = {"__type": "UnsupportedOperation", "message": SERVED + service}
    assert (typed.status, json.loads(typed.body)) == (403, said)


@pytest.mark.parametrize(
    "headers",
    [
        {
            "X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools",
            "Content-Type": "application/x-amz-json-1.1",
        },
        {"X-Amz-Target": "AWSCognitoIdentityService.GetId", "Content-Type": "application/x-amz-json-1.1"},
    ],
)
def test_what_is_not_signed_reaches_no_other_service(sandbox: Running, headers: dict[str, str]) -> None:
    answered = ask(sandbox, "POST", "/", "{}", headers)
    assert (answered.status, json.loads(answered.body)) == (
        403,
        {"__type": "UnsupportedOperation", "message": f"{SERVED}what isn't signed"},
    )


@pytest.mark.parametrize(
    "target", ["/latest/meta-data/iam/security-credentials/", "/2015-03-31/functions/", "/lambda_us-east-1/functions"]
)
def test_a_path_leads_to_no_other_service(sandbox: Running, target: str) -> None:
    answered = ask(sandbox, "GET", target)
    assert (answered.status, "<Code>NoSuchBucket</Code>" in answered.body) == (404, True)


def test_whoever_follows_a_link_changes_nothing(sandbox: Running, admin: SandboxAdmin, world: World) -> None:
    """As a page could have it done by a browser that doesn't say whose page it is."""
    before = world.ec2.describe_vpcs()["Vpcs"]
    query = f"{CREATE_VPC}&X-Amz-Credential={CREDENTIAL.format('ec2').replace('/', '%2F')}"
    for target in (f"/?{query}", f"/ec2_eu-west-1/?{CREATE_VPC}", f"/?{CREATE_VPC}"):
        ask(sandbox, "GET", target)
    assert world.ec2.describe_vpcs()["Vpcs"] == before


def test_nobody_is_told_that_pages_may_read_it(sandbox: Running, admin: SandboxAdmin) -> None:
    answered = ask(sandbox, "GET", "/", "", signed("s3"))
    assert answered.status == 200
    assert [name for name in answered.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize("document", ["{}", '{"pid": "1"}', '{"pid": true}', '{"pid": 1}', '{"pid": -1}', "[7]", "x"])
def test_what_is_no_process_of_ours_is_not_registered(sandbox: Running, admin: SandboxAdmin, document: str) -> None:
    answered = ask(sandbox, "POST", CONTROL + "processes", document, {"Authorization": f"Bearer {sandbox.secret}"})
    assert answered.status == 400


@pytest.mark.parametrize(
    "headers", [{"Content-Length": "x"}, {"Content-Length": "-1"}, {"Transfer-Encoding": "chunked"}], ids=str
)
def test_a_length_that_is_none_is_said(
    sandbox: Running, headers: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    connection = HTTPConnection(urlsplit(sandbox.endpoint_url).netloc, timeout=30)
    connection.putrequest("POST", "/")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(b"-1\r\n")
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)) == (400, {"error": "a length that is none"})
    connection.close()
    assert "Traceback" not in capfd.readouterr().err


def test_a_document_without_end_is_refused(sandbox: Running, admin: SandboxAdmin) -> None:
    headers = {"Authorization": f"Bearer {sandbox.secret}"}
    assert ask(sandbox, "POST", CONTROL + "faults", "[" * 100_000, headers).status == 400


def test_a_refusal_of_ec2_is_one_that_clients_understand(sandbox: Running) -> None:
    world = World(sandbox.endpoint_url)

    def as_another(request: object, **_: object) -> None:
        request.headers["Host"] = "evil.example"  # type: ignore[attr-defined]

    world.ec2.meta.events.register_first("before-sign.ec2", as_another)
    try:
        with refused("AccessDenied", 403):
            world.ec2.describe_vpcs()
    finally:
        world.ec2.meta.events.unregister("before-sign.ec2", as_another)


def raw(sandbox: Running, request: str) -> str:
    """All that comes back to what is written, until the sandbox closes."""
    place = urlsplit(sandbox.endpoint_url)
    with create_connection((place.hostname or "", place.port or 0), timeout=30) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


CREATE = f"Authorization: {signed('ec2')['Authorization']}\nContent-Type: {signed('ec2')['Content-Type']}\n"
ENDLESS = "Content-Length: 99999999999\n"


@pytest.mark.parametrize(
    "request_",
    [
        f"POST / HTTP/1.0\n{CREATE}Content-Length: {len(CREATE_VPC)}\n\n{CREATE_VPC}",
        f"POST / HTTP/1.1\nHost: localhost:1\nHost: evil.example\n{CREATE}Content-Length: 0\n\n",
        f"POST http://evil.example/ HTTP/1.1\nHost: 127.0.0.1\n{CREATE}Content-Length: 0\n\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: Upgrade\nUpgrade: websocket\nOrigin: http://evil.example\n\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1.\n\n",
        "GET / HTTP/1.1\nHost: [::1]evil.example\n\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1:\n\n",
        "GET / HTTP/1.1\nHost: localhost@evil.example\n\n",
        "GET / HTTP/1.1\nHost: 127.0.0.1\nsec-fetch-site: none\n\n",
        # What comes after the headers isn't waited for beyond a piece, nor read as another request.
        f"POST / HTTP/1.1\nHost: evil.example\n{CREATE}{ENDLESS}\n{'x' * 65536}",
        f"POST / HTTP/1.1\nHost: evil.example\n{CREATE}Content-Length: 4\n\nx=1\n"
        f"POST / HTTP/1.1\nHost: 127.0.0.1\n{CREATE}Content-Length: {len(CREATE_VPC)}\n\n{CREATE_VPC}",
        f"POST / HTTP/1.1\nHost: evil.example\n{CREATE}Transfer-Encoding: chunked\n\n"
        f"POST / HTTP/1.1\nHost: 127.0.0.1\n{CREATE}Content-Length: {len(CREATE_VPC)}\n\n{CREATE_VPC}",
    ],
)
def test_odd_requests_are_refused_and_their_connections_closed(
    sandbox: Running, admin: SandboxAdmin, request_: str
) -> None:
    said = raw(sandbox, request_)
    assert said.count("HTTP/1.") == 1
    assert " 403 " in said.partition("\r\n")[0]
    assert admin.calls() == []


@pytest.mark.parametrize("header", ["Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x", "Content-Length: 3"])
def test_what_follows_a_body_of_unknown_length_is_no_request(
    sandbox: Running, admin: SandboxAdmin, header: str
) -> None:
    smuggled = f"POST / HTTP/1.1\nHost: 127.0.0.1\n{CREATE}Content-Length: {len(CREATE_VPC)}\n\n{CREATE_VPC}"
    said = raw(sandbox, f"POST / HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0\n{header}\n\n{smuggled}")
    assert (said.count("HTTP/1."), said.split(" ")[1]) == (1, "400")
    assert admin.calls() == []
