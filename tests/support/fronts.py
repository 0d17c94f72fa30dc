"""AWS's services each on a port of its own, in front of one moto server, and the ways in which a service is blocked.

with service_fronts(moto_url, tls=True) as fronts:
    subprocess.run([...], env={**credentials, **fronts.environ})
    assert {request.signing_region for request in fronts.requests_to("route53")} == {"us-east-1"}
"""

from __future__ import annotations

import http.client
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from ocpprov.aws.services import SERVICES
from tests.support.certificates import Authority

SERVICES_IN_USE = ("ec2", "elb", "elbv2", "iam", "route53", "s3", "sts")


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it arrived at a service's front. `action` is the query protocol's, empty for Route 53."""

    service: str
    method: str
    path: str
    authorization: str
    action: str

    @property
    def signing_region(self) -> str:
        """The region of the credential scope: `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/...`."""
        return self.authorization.split("Credential=")[1].split("/")[2]

    @property
    def mutating(self) -> bool:
        """Whether the request would change anything."""
        if self.action:
            return not self.action.startswith(("Describe", "Get", "List"))
        # ListTagsForResources is a POST to the type, ChangeTagsForResource one to a single zone.
        return self.method not in ("GET", "HEAD") and not self.path.endswith("/tags/hostedzone")


@dataclass(frozen=True)
class Fronts:
    """The running fronts: `urls` by service (boto3's names), `environ` as a shell would have to set it."""

    urls: Mapping[str, str]
    environ: Mapping[str, str]
    requests: list[RecordedRequest] = field(default_factory=list)

    def requests_to(self, service: str) -> list[RecordedRequest]:
        """Those that arrived at one service, in order."""
        return [request for request in self.requests if request.service == service]

    def environ_with(self, service: str, url: str) -> dict[str, str]:
        """The same environment, with one service somewhere else."""
        return {**self.environ, SERVICES[service].endpoint_variable: url}

    def no_proxy_but(self, service: str) -> str:
        """NO_PROXY that exempts every service but one from the proxy."""
        return ",".join(urlsplit(url).netloc for name, url in self.urls.items() if name != service)


@contextmanager
def service_fronts(
    target_url: str, *, tls: bool = False, services: Collection[str] = SERVICES_IN_USE, latency: float = 0
) -> Iterator[Fronts]:
    """Start a front for each service, over TLS with a CA made for the purpose if asked for, which holds each call for
    `latency` seconds. Calls reach the target one at a time, because moto's state isn't safe under concurrent ones."""
    with ExitStack() as stack:
        environ: dict[str, str] = {}
        context = None
        if tls:
            authority = Authority(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            context = authority.server_context()
            environ["AWS_CA_BUNDLE"] = str(authority.ca_file)
        requests: list[RecordedRequest] = []
        urls: dict[str, str] = {}
        lock = threading.Lock()
        for service in services:
            handler = _forwarder(service, urlsplit(target_url).netloc, requests, lock, latency)
            urls[service] = stack.enter_context(_serving(handler, context))
            environ[SERVICES[service].endpoint_variable] = urls[service]
        yield Fronts(urls, environ, requests)


@contextmanager
def refused_port() -> Iterator[str]:
    """A URL where connections are refused: the port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def hanging_server(*, tls: bool = False) -> Iterator[str]:
    """A URL where connections are taken and nothing ever comes back, not even a TLS handshake."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def wrong_ca_server() -> Iterator[str]:
    """A TLS server whose certificate comes from an authority that nobody was told about."""
    with tempfile.TemporaryDirectory() as directory:
        authority = Authority(Path(directory), "unknown authority")
        with _serving(_Refuser, authority.server_context()) as url:
            yield url


@contextmanager
def forbidding_proxy(status: int = 403) -> Iterator[str]:
    """A proxy (for HTTP_PROXY and HTTPS_PROXY) that refuses every host, with a web page where there is room for one."""
    refuser = type("Refuser", (_Refuser,), {"status": status})
    with _serving(refuser, None) as url:
        yield url


@contextmanager
def login_page(status: int = 200) -> Iterator[str]:
    """A web page in place of whatever is asked for, as networks give it to those who haven't logged in."""
    with _serving(type("LoginPage", (_Refuser,), {"status": status}), None) as url:
        yield url


@contextmanager
def unknown_name() -> Iterator[str]:
    """A URL whose name nobody can look up (RFC 6761)."""
    yield "https://endpoint.nowhere.invalid"


@contextmanager
def refused_signature(code: str, ahead: float = 0) -> Iterator[str]:
    """STS, which refuses every signature with this code, and by whose clock it is `ahead` seconds later than here."""
    body = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"

    class Sts(_Handler):
        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(time.time() + ahead)

        def do_POST(self) -> None:
            self.body()
            self.answer(403, {"Content-Type": "text/xml"}, body.encode())

    with _serving(Sts, None) as url:
        yield url


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without it, small answers wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Refuser(_Handler):
    status: ClassVar[int] = 403

    def refuse(self) -> None:
        self.body()
        self.answer(self.status, {"Content-Type": "text/html"}, b"<html><body>blocked by policy</body></html>")

    do_CONNECT = do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = refuse


def _forwarder(
    service: str, target: str, requests: list[RecordedRequest], lock: threading.Lock, latency: float
) -> type[BaseHTTPRequestHandler]:
    class Forwarder(_Handler):
        def forward(self) -> None:
            body = self.body()
            authorization = self.headers.get("Authorization", "")
            action = parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
            requests.append(RecordedRequest(service, self.command, self.path, authorization, action))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
            time.sleep(latency)
            with lock:
                status, headers, content = _ask(target, self.command, self.path, kept, body)
            self.answer(status, headers, content)

        do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = forward

    return Forwarder


_HOP_BY_HOP = frozenset({"host", "connection", "content-length", "transfer-encoding", "date", "server"})


def _ask(
    target: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(target, timeout=60)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        kept = {name: value for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP}
        return response.status, kept, response.read()
    finally:
        connection.close()


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), handler)
    if context:
        # The handshake belongs to the connection's own thread: here it would hold up all others.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
