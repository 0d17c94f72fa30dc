"""What of errors and addresses is shown: passwords, and what was sent or answered, never are."""

from __future__ import annotations

import http.client
import json
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import urllib3.exceptions
from botocore import exceptions as botocore_errors
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.aws.calls import CallRecord
from ocpprov.aws.client_config import MUTATING_CONFIG
from ocpprov.aws.credential_sources import SourceSession, run_credentials
from ocpprov.aws.dns import resolve
from ocpprov.aws.endpoint_guard import EndpointGuard
from ocpprov.aws.environment import wrong_settings
from ocpprov.aws.errors import AwsError, CredentialsError, InterceptedResponse, describe, message_of
from ocpprov.aws.masking import address_of, without_password
from ocpprov.aws.session import Session, open_session
from ocpprov.aws.unreachable import unreachable
from ocpprov.checks.endpoint_reachability import endpoint_reachability
from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.problems import PlanErrors
from tests.aws.conftest import set_all

SECRET = "CANARYsecret/4711+key"
PASSWORD = "CANARYpw"
BODY = f"<AssumeRoleResponse><SecretAccessKey>{SECRET}</SecretAccessKey></AssumeRoleResponse>"


def wrapped(error: Exception) -> Exception:
    return botocore_errors.HTTPClientError(error=error)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (
            ResponseParserError(f"Unable to parse response (no element found: line 1), invalid XML:\n{BODY!r}"),
            "Unable to parse response",
        ),
        (ResponseParserError(f"Unknown tag: {SECRET}"), "Unknown tag"),
        (ResponseParserError(f"Unable to parse datetime value: {SECRET}"), "Unable to parse datetime value"),
        (wrapped(http.client.BadStatusLine(SECRET)), "An HTTP Client raised an unhandled exception: BadStatusLine"),
        (
            wrapped(urllib3.exceptions.ProtocolError(f"Connection broken: InvalidChunkLength(got length {SECRET!r})")),
            "An HTTP Client raised an unhandled exception: ProtocolError",
        ),
        (
            # A token with a line break at its end.
            wrapped(ValueError(f"Invalid header value {SECRET.encode()!r}")),
            "An HTTP Client raised an unhandled exception: ValueError (Invalid header value)",
        ),
        (
            wrapped(OSError("Could not find a suitable TLS CA certificate bundle")),
            "An HTTP Client raised an unhandled exception: Could not find a suitable TLS CA certificate bundle",
        ),
        (
            botocore_errors.ResponseStreamingError(error=http.client.IncompleteRead(SECRET.encode(), 9)),
            "An error occurred while reading from response stream: IncompleteRead",
        ),
        (
            botocore_errors.MetadataRetrievalError(
                error_msg=f"Received non 200 response 500 from container metadata: {SECRET}"
            ),
            "Error retrieving metadata: Received non 200 response 500 from container metadata",
        ),
        (
            botocore_errors.CredentialRetrievalError(
                provider="container-role",
                error_msg=f"Error retrieving metadata: Received non 200 response 500 from container metadata: {BODY}",
            ),
            "Error when retrieving credentials from container-role: Error retrieving metadata: "
            "Received non 200 response 500 from container metadata",
        ),
        (
            botocore_errors.MetadataRetrievalError(
                error_msg="Received non 200 response 500 from container metadata: the agent has no keys for this task"
            ),
            "Error retrieving metadata: Received non 200 response 500 from container metadata: "
            "the agent has no keys for this task",
        ),
        (ValueError(f"invalid literal for int() with base 10: '{SECRET}'"), "invalid literal for int"),
        (json.JSONDecodeError("Expecting value", BODY, 0), "Expecting value: line 1 column 1 (char 0)"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_nothing_that_was_sent_or_answered_is_shown(error: Exception, shown: str) -> None:
    message = describe(error, "AssumeRole")
    assert (message.code, message.message) == (type(error).__name__, shown)


FAILED = "the command failed; run it yourself to see what it says"


@pytest.mark.parametrize(
    ("stderr", "shown"),
    [
        ("the vault is sealed", FAILED),
        ("", FAILED),
        (f'{{"SecretAccessKey": "{SECRET}"}}', FAILED),
        (f"GET https://me:{PASSWORD}@vault:8200/v1 failed", FAILED),
        ("Missing required key in response: 'SecretAccessKey'", "Missing required key in response: 'SecretAccessKey'"),
        (f"Missing required key in response: '{SECRET}'", FAILED),
        (f"Missing required key in response: 'a'\n{SECRET}", FAILED),
        (f"Unsupported version '{SECRET}' for credential process provider", "Unsupported version"),
    ],
)
def test_what_a_program_that_gives_credentials_wrote_is_not_shown(stderr: str, shown: str) -> None:
    error = botocore_errors.CredentialRetrievalError(provider="custom-process", error_msg=stderr)
    assert describe(error).message == f"Error when retrieving credentials from custom-process: {shown}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"session_token={SECRET} expired", "session_token=*** expired"),
        ("no: wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY", "no: ***"),
        (f"GET https://me:{PASSWORD}@vault:8200/v1 failed", "GET https://vault:8200/v1 failed"),
        (
            "User: arn:aws:iam::123456789012:user/Somebody-With-A-Very-Long-Name-1 may not",
            "User: arn:aws:iam::123456789012:user/Somebody-With-A-Very-Long-Name-1 may not",
        ),
        ("/home/Operator1/clusters/Production/eu-west-1/keys isn't there", None),
    ],
)
def test_another_source_may_say_why_not_but_no_secret(said: str, shown: str | None) -> None:
    error = botocore_errors.CredentialRetrievalError(provider="container-role", error_msg=said)
    assert describe(error).message == f"Error when retrieving credentials from container-role: {shown or said}"


def test_an_endless_message_is_not_read_to_its_end() -> None:
    error = botocore_errors.CredentialRetrievalError(provider="container-role", error_msg="a.B1" * 1_000_000)
    assert len(describe(error).message) <= 2000


@pytest.mark.parametrize(
    ("message", "shown"),
    [("x" * 100, "x" * 100), ("x" * 101, ""), ("Not\nFound", ""), ("<html>", "")],
    ids=["a phrase", "too long", "lines", "markup"],
)
def test_beside_a_status_only_a_phrase_is_a_message(message: str, shown: str) -> None:
    assert message_of({"Error": {"Code": "404", "Message": message}}, "HeadBucket").message == shown
    assert message_of({"Error": {"Code": "NoSuchBucket", "Message": message}}, "HeadBucket").message == message


def test_a_page_is_no_message_of_aws() -> None:
    """What is neither XML nor JSON, botocore takes for the message, and the status for the code."""
    page = {"Error": {"Code": "502", "Message": f"<html>{SECRET}</html>"}}
    assert message_of(page, "GetServiceQuota").message == ""
    missing = {"Error": {"Code": "404", "Message": "Not Found"}}
    assert message_of(missing, "HeadBucket").message == "Not Found"


def test_a_refused_signature_shows_no_token() -> None:
    """The query services repeat the request that they read: https://github.com/boto/boto3/issues/1427."""
    said = (
        "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for "
        f"this request should have been\n'POST\n/\n\nx-amz-security-token:{SECRET}\n'"
    )
    shown = message_of({"Error": {"Code": "SignatureDoesNotMatch", "Message": said}}, "ListRoles").message
    assert shown == "The request signature we calculated does not match the signature you provided."
    header = {"Error": {"Code": "X", "Message": f"not signed: X-Amz-Security-Token: {SECRET} and more"}}
    assert message_of(header, "ListRoles").message == "not signed: X-Amz-Security-Token: ... and more"


words = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/?#@:"), min_size=1, max_size=8)
hosts = st.sampled_from(["ec2.eu-west-1.amazonaws.com", "127.0.0.1:9", "host", "[::1]:8443"])


@given(user=words, password=words, host=hosts, path=st.sampled_from(["", "/", "/path", "/key@2"]))
def test_a_url_is_shown_without_user_and_password(user: str, password: str, host: str, path: str) -> None:
    url = f"https://{user}:{password}@{host}{path}"
    assert (
        without_password(f'Could not connect to "{url}" in time')
        == f'Could not connect to "https://{host}{path}" in time'
    )
    assert address_of(url) == host
    assert without_password(f"https://{host}{path}") == f"https://{host}{path}"


@pytest.mark.parametrize(
    "url",
    [f"http://user:{PASSWORD}@host:9", f"http://user:a/{PASSWORD}@host:9", f"//user:#{PASSWORD}@host:9", "//host:9"],
)
def test_an_odd_password_is_not_shown_either(url: str) -> None:
    assert address_of(url) == "host:9"


def ignore(_: object) -> None:
    """Nobody listens."""


@pytest.fixture
def guarded(environ: pytest.MonkeyPatch) -> Session:
    """Clients whose addresses have passwords in them. Port 9 refuses."""
    environ.setenv("AWS_ENDPOINT_URL", f"http://urluser:{PASSWORD}@127.0.0.1:9")
    environ.setenv("HTTPS_PROXY", f"http://urluser:{PASSWORD}@127.0.0.1:9")
    return open_session("eu-west-1", on_call=ignore)


def test_the_password_of_an_endpoint_is_in_no_message(guarded: Session) -> None:
    with pytest.raises(botocore_errors.EndpointConnectionError) as caught:
        guarded.clients.sts.get_caller_identity()
    message = describe(caught.value)
    assert (message.host, "127.0.0.1:9" in message.message) == ("127.0.0.1:9", True)
    told = unreachable("sts", guarded.clients.sts, caught.value, resolve([]))
    shown = [
        str(message),
        repr(message),
        str(told),
        str(InterceptedResponse(403, guarded.clients.sts.meta.endpoint_url)),
    ]
    shown += [f"{check.detail} {check.remedy}" for check in endpoint_reachability(guarded.probes, ["sts"], 0.0)]
    assert [text for text in shown if PASSWORD in text or "urluser" in text] == []
    assert all("127.0.0.1:9" in text for text in shown)


@pytest.mark.parametrize(
    "url", ["http://user:{}@ho st", "user:{}@host", "http://user:x/{}@host:9", "http://user:{}@[x"]
)
def test_the_password_of_an_address_that_is_none_is_not_told(environ: pytest.MonkeyPatch, url: str) -> None:
    environ.setenv("AWS_ENDPOINT_URL", url.format(PASSWORD))
    with pytest.raises((AwsError, ValueError, botocore_errors.BotoCoreError)) as caught:
        open_session("eu-west-1", on_call=ignore).clients.sts.get_caller_identity()
    assert PASSWORD not in str(describe(caught.value))


def test_the_password_in_an_exemption_is_not_told() -> None:
    [setting] = wrong_settings({"NO_PROXY": f"http://user:{PASSWORD}@host/"})
    assert "//host/" in setting.problem.detail
    assert PASSWORD not in str(setting.problem)


KEYS = "<Credentials><AccessKeyId>{0}id</AccessKeyId><SecretAccessKey>{0}key</SecretAccessKey><SessionToken>{0}token"
CREDENTIALS = (KEYS + "</SessionToken><Expiration>2199-01-01T00:00:00Z</Expiration></Credentials>").format("CANARY")
IDENTITY = "<Arn>arn:aws:iam::1:user/CANARYuser</Arn><UserId>CANARYid</UserId><Account>CANARYaccount</Account>"
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def whole(operation: str) -> bytes:
    """STS's answer."""
    inside = IDENTITY if operation == "GetCallerIdentity" else CREDENTIALS
    result = f"<{operation}Result>{inside}</{operation}Result>"
    return f'<{operation}Response xmlns="{NAMESPACE}">{result}</{operation}Response>'.encode()


MUTATIONS: Mapping[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda body: body[: body.rindex(b"</SessionToken>" if b"Token" in body else b"</Arn>")],
    "with a NUL": lambda body: body.replace(b"</AccessKeyId>", b"\0</AccessKeyId>").replace(b"</Arn>", b"\0</Arn>"),
    "with bad UTF-8": lambda body: body.replace(b"CANARY", b"CANARY\xff\xfe"),
    "with an entity": lambda body: body.replace(b"CANARY", b"&CANARY;"),
    "no XML": lambda body: re.sub(rb"<[^>]*>", b" ", body),
    "JSON": lambda body: json.dumps({"answer": body.decode()}).encode(),
}


@contextmanager
def sts_that_answers(torn: Mapping[str, Callable[[bytes], bytes]]) -> Iterator[str]:
    """STS at an address. What it answers to an operation is changed on the way as `torn` says."""

    class Sts(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            operation = asked.partition("Action=")[2].partition("&")[0]
            body = torn.get(operation, bytes)(whole(operation))
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sts)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


ROLE = "arn:aws:iam::123456789012:role/deployer"


@dataclass(frozen=True)
class Caller:
    """Whom STS is asked for: a profile, and the plan's role."""

    profile: str = ""
    role: str = ""


def role_of_the_plan(_: pytest.MonkeyPatch, __: Path) -> Caller:
    return Caller(role=ROLE)


def role_of_a_profile(environ: pytest.MonkeyPatch, folder: Path) -> Caller:
    (folder / "config").write_text(f"[profile lab]\nrole_arn = {ROLE}\ncredential_source = Environment\n")
    environ.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    return Caller(profile="lab")


def web_identity(environ: pytest.MonkeyPatch, folder: Path) -> Caller:
    (folder / "token").write_text("CANARYwebtoken")
    set_all(environ, {"AWS_WEB_IDENTITY_TOKEN_FILE": str(folder / "token"), "AWS_ROLE_ARN": ROLE})
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        environ.delenv(name)
    return Caller()


def own_keys(_: pytest.MonkeyPatch, __: Path) -> Caller:
    return Caller()


@pytest.mark.parametrize("torn", MUTATIONS.values(), ids=MUTATIONS)
@pytest.mark.parametrize(
    ("operation", "prepare"),
    [
        ("AssumeRole", role_of_the_plan),
        ("AssumeRole", role_of_a_profile),
        ("AssumeRoleWithWebIdentity", web_identity),
        ("GetCallerIdentity", own_keys),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_torn_answer_of_sts_is_shown_nowhere(
    environ: pytest.MonkeyPatch,
    tmp_path: Path,
    operation: str,
    prepare: Callable[[pytest.MonkeyPatch, Path], Caller],
    torn: Callable[[bytes], bytes],
) -> None:
    """Neither in the message, nor in that of whatever caused it, nor in the log of calls."""
    calls: list[CallRecord] = []
    caller = prepare(environ, tmp_path)
    with sts_that_answers({operation: torn}) as url:
        way = {"region_name": "eu-west-1", "endpoint_url": url, "config": MUTATING_CONFIG}
        session = SourceSession(caller.profile, way, calls.append, EndpointGuard(False, lambda _: None))
        credentials = run_credentials(session, "eu-west-1", caller.role, ignore)
        ask = session.make_sts().get_caller_identity if caller == Caller() else credentials.get_frozen_credentials
        with pytest.raises((CredentialsError, ResponseParserError)) as caught:
            ask()
    message = describe(caught.value)
    shown = [str(caught.value), str(message), *traceback.format_exception(caught.value), *map(str, calls)]
    assert [text for text in shown if "CANARY" in text] == []
    assert (message.code, message.message) == ("ResponseParserError", "Unable to parse response")
    assert message.operation == operation


@pytest.mark.parametrize(
    ("operation", "shown"),
    [("AssumeRole", "no: ***"), ("GetRoleCredentials", "no: ***"), ("CreateVpc", f"no: {'a1B' * 14}")],
)
def test_a_sentence_of_who_gives_credentials_is_told_without_what_looks_like_one(operation: str, shown: str) -> None:
    answer = {"Error": {"Code": "Odd", "Message": f"no: {'a1B' * 14}"}}
    assert message_of(answer, operation).message == shown


def test_the_password_in_a_plan_that_is_wrong_is_not_told() -> None:
    text = f"name: lab\nregion: eu-west-1\naws:\n  proxy: ftp://user:{PASSWORD}@proxy:3128\n"
    with pytest.raises(PlanErrors) as caught:
        load(text, "plan.yaml", Inputs(KINDS))
    assert "proxy:3128" in str(caught.value)
    assert PASSWORD not in str(caught.value)
