"""What a lost or unreadable answer leads to, on real sockets: how often a request is sent, and how it is read."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ocpprov.aws import retry
from ocpprov.aws.calls import CallRecord
from ocpprov.aws.clock import SystemClock
from ocpprov.aws.deadlines import register_deadline
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError
from ocpprov.aws.session import open_session

PAGE = b"<html><body>try later</body></html>"
TROUBLE = b"<Response><Errors><Error><Code>InternalError</Code><Message>x</Message></Error></Errors></Response>"
ANSWERS: dict[str, tuple[int, bytes] | None] = {
    "closed": None,
    "500": (500, TROUBLE),
    "503": (503, TROUBLE),
    "502 page": (502, PAGE),
    "200 page": (200, PAGE),
    "302 page": (302, PAGE),
}


@contextmanager
def careless_server(answer: tuple[int, bytes] | None) -> Iterator[tuple[str, list[str]]]:
    """Gives the same answer to everyone, or closes the connection without one; with a list of the paths asked for."""
    asked: list[str] = []

    class Careless(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            if answer:
                self.send_response(answer[0])
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(answer[1])

        def log_message(self, format: str, *args: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Careless)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_create_without_a_proper_answer_is_sent_once_and_in_doubt(answer: tuple[int, bytes] | None) -> None:
    records: list[CallRecord] = []
    with careless_server(answer) as (url, asked):
        ec2 = open_session("eu-west-1", on_call=records.append, sandbox_url=url).clients.ec2
        with pytest.raises(AwsError) as caught:
            retry.call(
                "",
                lambda: ec2.create_vpc(CidrBlock="10.0.0.0/16"),
                clock=SystemClock(scale=100),
                retryable=retry.CREATES,
            )
    assert (caught.value.error_class, caught.value.operation) == (ErrorClass.UNKNOWN_OUTCOME, "CreateVpc")
    assert len(asked) == len(records) == 1
    assert records[0].error_code
    assert records[0].status == (answer[0] if answer else 0)


@contextmanager
def trickling_server(begin: bytes, pause: float) -> Iterator[str]:
    """Answers everyone with a byte now and then, without end, after this beginning."""
    ended = threading.Event()

    class Trickling(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(begin)
            # Whoever asked hangs up some time.
            with suppress(OSError):
                while not ended.wait(pause):
                    self.request.sendall(b" ")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Trickling)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n<CreateVpcResponse",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1",
    ],
    ids=["body", "header", "status"],
)
def test_an_answer_that_trickles_ends_by_the_calls_deadline(begin: bytes) -> None:
    """Each byte comes in time, and the whole never does."""
    records: list[CallRecord] = []
    with trickling_server(begin, 0.04) as url:
        ec2 = open_session("eu-west-1", on_call=records.append, sandbox_url=url).clients.ec2
        register_deadline(ec2, 0.3)
        began = time.monotonic()
        with pytest.raises(AwsError) as caught:
            retry.call(
                "",
                lambda: ec2.create_vpc(CidrBlock="10.0.0.0/16"),
                clock=SystemClock(scale=100),
                retryable=retry.CREATES,
            )
        took = time.monotonic() - began
    assert 0.3 <= took < 2
    assert (caught.value.error_class, caught.value.operation) == (ErrorClass.UNKNOWN_OUTCOME, "CreateVpc")
    assert caught.value.message == "the answer wasn't whole within 0 seconds"
    assert caught.value.aws.host == url.removeprefix("http://")
    assert [(record.operation, record.error_code, record.status) for record in records] == [
        ("CreateVpc", "CallDeadlineError", 0)
    ]


def test_nothing_is_sent_again_by_the_sdk() -> None:
    records: list[CallRecord] = []
    with careless_server(None) as (url, asked):
        clients = open_session("eu-west-1", on_call=records.append, sandbox_url=url).clients
        with pytest.raises(Exception, match="closed"):
            clients.ec2.describe_vpcs()
    assert len(asked) == 1
    assert [record.attempt for record in records] == [1]
