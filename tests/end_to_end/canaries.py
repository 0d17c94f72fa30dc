"""Secrets that are known again wherever they come out, and the ways in which a run comes by each of them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

from tests.end_to_end.world import REGION
from tests.support.fronts import refused_port

CANARY: Final = "xCANARYx4711/Secret+Value9zABCDEFGH01234"
"""As a secret key looks: no word, and with the characters that spellings differ in."""
ROLE: Final = "arn:aws:iam::123456789012:role/deployer"
START: Final = "https://sso.example.com/start"


def spellings(secret: str) -> list[str]:
    """What must be nowhere, in lower case: the secret, parts of it that no cut leaves whole, and its encodings."""
    quoted = secret.replace("/", "%2F").replace("+", "%2B")
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")[:-2]
    found = [secret[:12], secret[-12:], quoted, encoded, secret.replace("/", "\\/")]
    return [each.lower() for each in found]


@dataclass
class Host:
    """Where a case sets its secret up: a folder, an environment, and a plan. `aws` is the sandbox's URL, `fleet` are
    options for those commands that take a scheduler."""

    folder: Path
    aws: str
    stack: ExitStack
    environ: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    fleet: tuple[str, ...] = ()
    secrets: list[str] = field(default_factory=lambda: [CANARY])

    def config(self, text: str) -> None:
        (self.folder / "config").write_text(text)

    def without_keys(self) -> None:
        self.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")

    def service(self, answer: Callable[[str, bytes], tuple[int, str, bytes]]) -> str:
        """A service on this machine that answers to path and body with status, content type and body."""
        return self.stack.enter_context(_serving(answer))


Prepare = Callable[[Host], None]


@contextmanager
def _serving(answer: Callable[[str, bytes], tuple[int, str, bytes]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, kind, body = answer(self.path, asked)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            # A length that is more than there is breaks the connection in the middle.
            self.send_header("Content-Length", str(len(body) + (100 if status == 200 and kind == "torn" else 0)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        do_GET = do_POST
        do_CONNECT = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


# Keys of the environment.


def secret_key(host: Host) -> None:
    host.environ |= {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": CANARY}


def session_token(host: Host) -> None:
    host.environ["AWS_SESSION_TOKEN"] = CANARY


def token_with_a_line_break(host: Host) -> None:
    host.environ["AWS_SESSION_TOKEN"] = f"{CANARY}\n"


def refused_signature(host: Host) -> None:
    """AWS repeats what it has read, the token too."""
    session_token(host)
    text = f"The Canonical String for this request should have been 'x-amz-security-token:{CANARY}'"
    said = f"The request signature we calculated does not match the signature you provided. {text}"
    body = f"<Error><Code>SignatureDoesNotMatch</Code><Message>{said}</Message></Error>"
    answer = f"<ErrorResponse>{body}<RequestId>r-1</RequestId></ErrorResponse>".encode()
    host.environ["AWS_ENDPOINT_URL_STS"] = host.service(lambda *_: (403, "text/xml", answer))


def _keys(change: Mapping[str, str] | None = None) -> str:
    given = {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": CANARY, "Token": CANARY}
    return json.dumps({"Code": "Success", **given, "Expiration": "2099-01-01T00:00:00Z", **(change or {})})


def container(status: int, body: str) -> Prepare:
    """Keys from the address that a container is given."""

    def prepare(host: Host) -> None:
        host.without_keys()
        url = host.service(lambda *_: (status, "application/json", body.encode()))
        host.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{url}/keys"
        host.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = CANARY

    return prepare


def metadata(status: int, body: str) -> Prepare:
    """Keys from the metadata service of an instance."""

    def prepare(host: Host) -> None:
        def answer(path: str, _: bytes) -> tuple[int, str, bytes]:
            if path.endswith("/token"):
                return 200, "text/plain", CANARY.encode()
            if path.endswith("/security-credentials/"):
                return 200, "text/plain", b"bastion"
            return status, "application/json", body.encode()

        host.without_keys()
        url = host.service(answer)
        host.environ |= {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}

    return prepare


# STS, and what becomes of its answers on the way.


def _credentials(secret: str = CANARY) -> str:
    return (
        f"<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
        f"<SessionToken>{secret}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
    )


def _sts(operation: str, inside: str) -> bytes:
    namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    result = f"<{operation}Result>{inside}</{operation}Result>"
    return f'<{operation}Response xmlns="{namespace}">{result}</{operation}Response>'.encode()


WHO: Final = "<Arn>arn:aws:iam::123456789012:user/me</Arn><UserId>U</UserId><Account>123456789012</Account>"
Mangle = Callable[[bytes], tuple[int, str, bytes]]


def _torn(change: Callable[[bytes], bytes], status: int = 200, kind: str = "text/xml") -> Mangle:
    return lambda body: (status, kind, change(body))


def _error(body: bytes) -> bytes:
    said = f"<Error><Type>Sender</Type><Code>Odd</Code><Message>{body.decode().replace('<', ' ')}</Message></Error>"
    return f"<ErrorResponse>{said}<RequestId>r</RequestId></ErrorResponse>".encode()


MANGLINGS: Final[Mapping[str, Mangle]] = {
    "whole": _torn(bytes),
    "cut in half": _torn(lambda body: body[: body.rindex(b"</SessionToken>")]),
    "a broken connection": _torn(bytes, kind="torn"),
    "a NUL": _torn(lambda body: body.replace(b"</AccessKeyId>", b"\0</AccessKeyId>")),
    "bad UTF-8": _torn(lambda body: body.replace(b"</SessionToken>", b"\xff\xfe</SessionToken>")),
    "an entity": _torn(lambda body: body.replace(b"<SecretAccessKey>", b"<SecretAccessKey>&")),
    "no XML": _torn(lambda body: re.sub(rb"<[^>]*>", b" ", body)),
    "JSON": _torn(lambda body: json.dumps({"answer": body.decode()}).encode(), kind="application/json"),
    "no key id": _torn(lambda body: body.replace(b"<AccessKeyId>ASIAEXAMPLE</AccessKeyId>", b"")),
    "no date": _torn(lambda body: body.replace(b"2099-01-01T00:00:00Z", CANARY.encode())),
    "another document": _torn(lambda body: b"<Other>" + body + b"</Other>"),
    "an error with it": _torn(_error, 400),
    "an error without a code": _torn(lambda body: body, 400),
    "a page with it": _torn(lambda body: b"<html>" + body + b"</html>", 502),
    "a login page": _torn(lambda body: b"<!doctype html>" + body),
    "plain text, refused": _torn(lambda body: re.sub(rb"<[^>]*>", b" ", body), 403, "text/plain"),
    "a refusal that repeats it": _torn(
        lambda body: (
            _error(CANARY.encode())
            .replace(b"Odd", b"SignatureDoesNotMatch")
            .replace(b"<Message>", b"<Message>The Canonical String ")
        ),
        403,
    ),
}
"""What becomes of an answer of STS that has keys in it."""


def _sts_answering(host: Host, operation: str, mangle: Mangle) -> None:
    def answer(_: str, asked: bytes) -> tuple[int, str, bytes]:
        if f"Action={operation}&".encode() in asked:
            return mangle(_sts(operation, _credentials()))
        return 200, "text/xml", _sts("GetCallerIdentity", WHO)

    host.environ["AWS_ENDPOINT_URL_STS"] = host.service(answer)


def role_of_the_plan(mangle: Mangle) -> Prepare:
    def prepare(host: Host) -> None:
        _sts_answering(host, "AssumeRole", mangle)
        host.plan["aws"] = {"assumeRole": ROLE}

    return prepare


def role_of_a_zone(mangle: Mangle) -> Prepare:
    """Keys with which a zone of another account is written."""

    def prepare(host: Host) -> None:
        _sts_answering(host, "AssumeRole", mangle)
        zone = {"hostedZone": "Z0123456789ABC", "hostedZoneRole": ROLE}
        cluster = {"clusterName": "prod", "baseDomain": "example.com", "infraID": "prod-x7k2p", "publish": "Internal"}
        host.plan["openshift"] = {**cluster, **zone, "version": "4.14", "zones": 1, "egress": "none"}

    return prepare


def role_of_a_profile(mangle: Mangle) -> Prepare:
    def prepare(host: Host) -> None:
        _sts_answering(host, "AssumeRole", mangle)
        host.config(f"[profile lab]\nrole_arn = {ROLE}\ncredential_source = Environment\n")
        host.options = ("--profile", "lab")

    return prepare


def web_identity(mangle: Mangle) -> Prepare:
    """The token as well as the answer."""

    def prepare(host: Host) -> None:
        _sts_answering(host, "AssumeRoleWithWebIdentity", mangle)
        (host.folder / "token").write_text(CANARY)
        host.without_keys()
        host.environ |= {"AWS_WEB_IDENTITY_TOKEN_FILE": str(host.folder / "token"), "AWS_ROLE_ARN": ROLE}

    return prepare


def web_identity_without_sts(host: Host) -> None:
    web_identity(_torn(bytes))(host)
    host.environ["AWS_ENDPOINT_URL_STS"] = host.stack.enter_context(refused_port())


# IAM Identity Center.


def identity_center(answer: Callable[[str], tuple[int, bytes]]) -> Prepare:
    """`answer` gives status and body for an answer with the keys."""

    def prepare(host: Host) -> None:
        keys = {"accessKeyId": "ASIAEXAMPLE", "secretAccessKey": CANARY, "sessionToken": CANARY}
        whole = json.dumps({"roleCredentials": {**keys, "expiration": 4_070_908_800_000}})

        def serve(*_: Any) -> tuple[int, str, bytes]:
            status, body = answer(whole)
            return status, "application/json", body

        host.environ["AWS_ENDPOINT_URL_SSO"] = host.service(serve)
        settings = f"sso_start_url = {START}\nsso_region = {REGION}\nsso_account_id = 123456789012\nsso_role_name = r\n"
        host.config(f"[profile lab]\n{settings}")
        host.options = ("--profile", "lab")
        cache = host.folder / "home" / ".aws" / "sso" / "cache"
        cache.mkdir(parents=True)
        name = hashlib.sha1(START.encode(), usedforsecurity=False).hexdigest()
        token = {"startUrl": START, "region": REGION, "accessToken": CANARY, "expiresAt": "2099-01-01T00:00:00Z"}
        (cache / f"{name}.json").write_text(json.dumps(token))
        host.environ["HOME"] = str(host.folder / "home")

    return prepare


# Commands that give credentials.


def _command(host: Host, script: str) -> None:
    (host.folder / "keys.py").write_text(script)
    host.config(f"[default]\ncredential_process = {sys.executable} {host.folder / 'keys.py'}\n")
    host.without_keys()


def process_answer(text: str) -> Prepare:
    return lambda host: _command(host, f"print({text!r})")


def process_error(host: Host) -> None:
    _command(host, f"import sys\nsys.exit({'cannot unseal: ' + CANARY!r})")


KEYS: Final = {"Version": 1, "AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": CANARY, "SessionToken": CANARY}

# Addresses.


def endpoint_password(host: Host) -> None:
    host.environ["AWS_ENDPOINT_URL_EC2"] = host.aws.replace("//", f"//user:{_PASSWORD}@")


_PASSWORD: Final = "xCANARYx4711Secret.Value9z"


def _closed(host: Host, password: str = _PASSWORD) -> str:
    host.secrets = [password]
    return host.stack.enter_context(refused_port()).replace("//", f"//user:{password}@")


def endpoint_that_is_closed(host: Host) -> None:
    host.environ["AWS_ENDPOINT_URL"] = _closed(host)


def endpoint_of_the_plan(host: Host) -> None:
    host.plan["aws"] = {"serviceEndpoints": [{"name": "ec2", "url": _closed(host)}]}


def endpoint_in_clear(host: Host) -> None:
    host.secrets = [_PASSWORD]
    host.environ["AWS_ENDPOINT_URL"] = f"http://user:{_PASSWORD}@aws.invalid"


def endpoint_that_is_none(host: Host) -> None:
    host.secrets = [_PASSWORD]
    host.environ["AWS_ENDPOINT_URL"] = f"http://user:{_PASSWORD}@127.0.0.1:nowhere"


def proxy_variable(host: Host) -> None:
    host.environ |= dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), _closed(host))
    host.environ |= dict.fromkeys(("NO_PROXY", "no_proxy"), "")


def proxy_that_wants_another(host: Host) -> None:
    host.secrets = [_PASSWORD]
    url = host.service(lambda *_: (407, "text/html", b"<html>no</html>")).replace("//", f"//user:{_PASSWORD}@")
    host.environ |= dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), url)
    host.environ |= dict.fromkeys(("NO_PROXY", "no_proxy"), "")


def proxy_of_the_plan(host: Host) -> None:
    host.plan["aws"] = {"proxy": _closed(host)}


def proxy_of_no_known_kind(host: Host) -> None:
    host.secrets = [_PASSWORD]
    host.plan["aws"] = {"proxy": f"ftp://user:{_PASSWORD}@127.0.0.1:1"}


# What the plan gives.


def no_echo(host: Host) -> None:
    host.plan["Parameters"] = {"Secret": {"Type": "String", "NoEcho": True}}
    _tagged(host, {"Ref": "Secret"}, {"Fn::Sub": "x-${Secret}"})
    host.plan["Outputs"] = {"Out": {"Value": {"Fn::Join": ["/", [{"Ref": "Secret"}, {"Ref": "Vpc"}]]}}}
    host.options = ("--parameter", f"Secret={CANARY}")


def no_echo_by_default(host: Host) -> None:
    """In the plan file, so that a fleet has it, which takes no parameters."""
    no_echo(host)
    host.plan["Parameters"]["Secret"]["Default"] = CANARY
    host.options = ()


def no_echo_derived(host: Host) -> None:
    no_echo(host)
    pieces = {"Fn::Split": ["/", {"Ref": "Secret"}]}
    encoded, piece = {"Fn::Base64": {"Ref": "Secret"}}, {"Fn::Select": [1, pieces]}
    _tagged(host, encoded, piece, {"Fn::Join": ["-", pieces]})
    host.plan["Outputs"] = {"Out": {"Value": encoded}, "Piece": {"Value": piece}}


def no_echo_that_does_not_fit(host: Host) -> None:
    no_echo(host)
    host.plan["Parameters"]["Secret"] |= {"AllowedPattern": "[a-z]+", "MaxLength": 3, "AllowedValues": ["a", "b"]}


def no_echo_in_a_wrong_place(host: Host) -> None:
    no_echo(host)
    host.plan["Resources"]["Vpc"]["Properties"]["CidrBlock"] = {"Ref": "Secret"}


def _tagged(host: Host, *values: Any) -> None:
    tags = [{"Key": f"k{number}", "Value": value} for number, value in enumerate(values)]
    host.plan["Resources"]["Vpc"]["Properties"]["Tags"] = tags


def ignition(host: Host) -> None:
    (host.folder / "bootstrap.ign").write_text(json.dumps({"ignition": {"version": "3.2.0", "secret": CANARY}}))


def ignition_that_is_none(host: Host) -> None:
    (host.folder / "bootstrap.ign").write_text(f"no JSON at all: {CANARY}")


def ignition_that_is_refused(host: Host) -> None:
    """S3 refuses, and repeats what it got."""
    ignition(host)
    said = f"<Error><Code>MalformedXML</Code><Message>Bad: {CANARY}</Message></Error>".encode()
    host.environ["AWS_ENDPOINT_URL_S3"] = host.service(lambda *_: (200, "text/xml", said[:-8]))


def key_of_a_fleet(host: Host) -> None:
    """Certificates that are none, so that whoever reads them has something to say."""
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (host.folder / name).write_text(f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n")
        (host.folder / name).chmod(0o600)
    host.fleet = (
        *("--scheduler", "tls://127.0.0.1:1", "--tls-ca", str(host.folder / "ca.pem")),
        *("--tls-cert", str(host.folder / "cert.pem"), "--tls-key", str(host.folder / "key.pem")),
    )


def key_that_others_may_read(host: Host) -> None:
    key_of_a_fleet(host)
    (host.folder / "key.pem").chmod(0o644)


CASES: Final[Mapping[str, Mapping[str, Prepare]]] = {
    "secret access key": {"taken": secret_key},
    "session token": {
        "taken": session_token,
        "with a line break": token_with_a_line_break,
        "repeated in a refusal": refused_signature,
        "a container's": container(200, _keys()),
        "a container's, torn": container(200, _keys()[:-60]),
        "a container's, refused": container(403, _keys()),
        "a container's, failed": container(500, _keys()),
        "a container's, with no date": container(200, _keys({"Expiration": CANARY})),
        "an instance's": metadata(200, _keys()),
        "an instance's, torn": metadata(200, _keys()[:-60]),
        "an instance's, failed": metadata(500, _keys()),
        "an instance's, with no date": metadata(200, _keys({"Expiration": CANARY})),
        "an instance's, an error": metadata(200, _keys({"Code": CANARY, "AccessKeyId": ""})),
    },
    "AssumeRole's answer": {
        **{f"the plan's, {name}": role_of_the_plan(mangle) for name, mangle in MANGLINGS.items()},
        **{f"a profile's, {name}": role_of_a_profile(mangle) for name, mangle in MANGLINGS.items()},
    },
    "keys of a hosted zone's role": {name: role_of_a_zone(mangle) for name, mangle in MANGLINGS.items()},
    "web identity token": {
        **{name: web_identity(mangle) for name, mangle in MANGLINGS.items()},
        "STS isn't there": web_identity_without_sts,
    },
    "token of IAM Identity Center": {
        "whole": identity_center(lambda whole: (200, whole.encode())),
        "torn": identity_center(lambda whole: (200, whole[:-20].encode())),
        "refused": identity_center(lambda whole: (401, json.dumps({"message": f"bad token {CANARY}"}).encode())),
        "a page": identity_center(lambda whole: (500, f"<html>{whole}</html>".encode())),
    },
    "answer of credential_process": {
        "whole": process_answer(json.dumps(KEYS)),
        "torn": process_answer(json.dumps(KEYS)[:-20]),
        "of another version": process_answer(json.dumps({**KEYS, "Version": CANARY})),
        "a list": process_answer(json.dumps([KEYS])),
        "without a key": process_answer(json.dumps({"Version": 1, "SecretAccessKey": CANARY})),
        "with no date": process_answer(json.dumps({**KEYS, "Expiration": CANARY})),
    },
    "stderr of credential_process": {"failed": process_error},
    "password of an endpoint": {
        "taken": endpoint_password,
        "closed": endpoint_that_is_closed,
        "the plan's": endpoint_of_the_plan,
        "in clear": endpoint_in_clear,
        "no address": endpoint_that_is_none,
    },
    "password of a proxy": {
        "a variable's": proxy_variable,
        "wrong": proxy_that_wants_another,
        "the plan's": proxy_of_the_plan,
        "of no known kind": proxy_of_no_known_kind,
    },
    "parameter with NoEcho": {
        "its value": no_echo,
        "its default": no_echo_by_default,
        "what functions make of it": no_echo_derived,
        "one that doesn't fit": no_echo_that_does_not_fit,
        "in a wrong place": no_echo_in_a_wrong_place,
    },
    "key of a fleet's certificate": {"taken": key_of_a_fleet, "others may read it": key_that_others_may_read},
    "bootstrap.ign": {
        "taken": ignition,
        "no JSON": ignition_that_is_none,
        "refused": ignition_that_is_refused,
    },
}
"""By kind: how a run comes by the secret, and what goes wrong on the way."""
