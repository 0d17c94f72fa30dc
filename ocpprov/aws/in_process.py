"""AWS in this process, in place of the network: botocore's requests as the sandbox takes them, and its answers as
botocore does. Nothing reaches a socket."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from ocpprov.aws.clients import Clients
from ocpprov.aws.session import Session
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, Request, parse

NOBODY: Final = "http://127.0.0.1:1"
"""Where nothing listens: a request that isn't answered in this process doesn't leave it."""

Send: TypeAlias = Callable[[Request], Answer | ConnectionDropped]


def answered_in_this_process(session: Session, send: Send) -> Session:
    """The session with clients whose requests a function answers."""

    def caught(clients: Clients, service: str) -> BaseClient:
        client = clients[service]
        answer_in_this_process(client, send)
        return client

    lock = threading.Lock()
    return replace(
        session,
        clients=Clients(partial(caught, session.clients), lock),
        probes=Clients(partial(caught, session.probes), lock),
    )


def answer_in_this_process(client: Any, answer: Send) -> None:
    """Have whatever a boto3 client sends answered by a function: it reaches no socket."""

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return returned(request.url, answer(arrived(request)))

    client.meta.events.register("before-send", send)


def arrived(request: AWSPreparedRequest) -> Request:
    """What a server would have got."""
    url = urlsplit(request.url)
    target = f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"
    headers = {str(name): _text(value) for name, value in request.headers.items()}
    headers.setdefault("Host", url.netloc)
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    return parse(request.method, target, headers, body.encode() if isinstance(body, str) else bytes(body))


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def returned(url: str, answer: Answer | ConnectionDropped) -> AWSResponse:
    """What the client would have got. Raises what botocore raises where the connection breaks."""
    if isinstance(answer, Answer):
        return _response(url, answer, len(answer.body))
    if answer.answer:
        return _response(url, answer.answer, len(answer.answer.body) // 2)
    # A real client gives up before a silent connection is closed.
    raise ReadTimeoutError(endpoint_url=url) if answer.seconds else ConnectionClosedError(endpoint_url=url)


def _response(url: str, answer: Answer, length: int) -> AWSResponse:
    raw = _Body(answer.body[:length])
    headers = HTTPHeaders.from_pairs(answer.headers)
    if "Date" not in headers:
        # A server writes it, as AWS does.
        headers["Date"] = formatdate(usegmt=True)
    return AWSResponse(url, answer.status, headers, raw)


class _Body(io.BytesIO):
    """What botocore takes for urllib3's response."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
