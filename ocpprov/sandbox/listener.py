"""The sandbox's HTTP server: real sockets, kept open between calls, and closed without an answer on demand."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from ocpprov.sandbox.admission import Admission
from ocpprov.sandbox.clocks import Clock
from ocpprov.sandbox.conditions import parse_conditions
from ocpprov.sandbox.exchange import Answer, ConnectionDropped, error, parse
from ocpprov.sandbox.faults import parse_script
from ocpprov.sandbox.pipeline import Pipeline
from ocpprov.sandbox.processes import Process, find_process
from ocpprov.sandbox.target_states import parse_target_states

CONTROL = "/ocpprov-sandbox/"
_OUR_OWN_HEADERS = frozenset({"content-length", "connection", "server", "date", "transfer-encoding"})

_READ_OF_REFUSED = 65536
"""Bytes of the body of a request that is refused for its headers."""
_FOR_BROWSERS = "access-control-"
"""moto lets pages of all sites read what it answers."""


class SandboxServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only. `facts` is what /status tells besides the pipeline's figures."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, pipeline: Pipeline, clock: Clock, facts: Mapping[str, Any], admission: Admission
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pipeline = pipeline
        self.clock = clock
        self.facts = facts
        self.admission = admission

    def server_bind(self) -> None:
        """Without http.server's look-up of this host's name, which may take long where no name server answers."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: SandboxServer

    def handle_one_request(self) -> None:
        """A client that was killed leaves a broken connection, which is nobody's fault."""
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """The client waits for this before it sends its body, so it mustn't wait in our buffer."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _serve(self) -> None:
        if refusal := self.server.admission.refusal(self.path, self.headers.items()):
            self._refuse(refusal)
            return
        try:
            body = self._body()
        except ValueError:
            self.close_connection = True
            self._send(_json({"error": "a length that is none"}, 400))
            return
        if self.path.startswith(CONTROL):
            self._send(self._control(body))
            return
        request = parse(self.command, self.path, dict(self.headers.items()), body)
        if self.server.pipeline.latency:
            self.server.clock.wait(self.server.pipeline.latency)
        answer = self.server.pipeline.answer(request)
        if isinstance(answer, ConnectionDropped):
            self._drop(answer)
        else:
            self._send(answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = _serve  # noqa: N815 - the names http.server asks for

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the pipeline notes the calls."""

    def _refuse(self, refusal: str) -> None:
        """Say why, whatever comes after the headers: as much of it is read as says in which service's words, and the
        connection isn't used again."""
        self.close_connection = True
        body = self.rfile.read(min(self._length(), _READ_OF_REFUSED))
        if self.path.startswith(CONTROL):
            self._send(_json({"error": refusal}, 403))
        else:
            request = parse(self.command, self.path, dict(self.headers.items()), body)
            self._send(error(request, "AccessDenied", refusal, 403))

    def _length(self) -> int:
        """How many bytes of a body are announced; none of one that comes in pieces, or of what is no number."""
        announced = self.headers.get("Content-Length", "")
        return int(announced) if announced.isdecimal() else 0

    def _body(self) -> bytes:
        """Raises ValueError where nobody knows how long it is: what is left of it would be read as a request."""
        encodings, lengths = (self.headers.get_all(name, []) for name in ("Transfer-Encoding", "Content-Length"))
        if [each.strip().lower() for each in encodings] == ["chunked"] and not lengths:
            return self._chunks()
        if encodings or len(lengths) > 1:
            raise ValueError((encodings, lengths))
        return self._exactly(int(lengths[0] if lengths else 0))

    def _exactly(self, size: int) -> bytes:
        """So many bytes: of fewer than none there would be no end. Raises ValueError."""
        if size < 0:
            raise ValueError(size)
        return self.rfile.read(size)

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            body += self._exactly(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _send(self, answer: Answer, share: float = 1.0) -> None:
        """`share` is how much of the body really leaves."""
        self.send_response(answer.status)
        length = str(len(answer.body))
        for name, value in answer.headers:
            if name.lower() == "content-length" and self.command == "HEAD":
                length = value
            elif not name.lower().startswith(_FOR_BROWSERS) and name.lower() not in _OUR_OWN_HEADERS:
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: int(len(answer.body) * share)])
        self.wfile.flush()

    def _drop(self, dropped: ConnectionDropped) -> None:
        time.sleep(dropped.seconds)
        if dropped.answer:
            self._send(dropped.answer, share=0.5)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _control(self, body: bytes) -> Answer:
        if not self.server.admission.opens(self.headers.get("Authorization", "")):
            message = "this takes the secret from the sandbox's record, in a header 'Authorization: Bearer <secret>'"
            return _json({"error": message}, 401, ("WWW-Authenticate", "Bearer"))
        action = self._actions().get((self.command, self.path.removeprefix(CONTROL)))
        if action is None:
            return _json({"error": f"no such thing: {self.command} {self.path}"}, 404)
        try:
            return _json(action(body))
        except (ValueError, RecursionError) as problem:
            return _json({"error": str(problem)}, 400)

    def _actions(self) -> Mapping[tuple[str, str], Callable[[bytes], Any]]:
        pipeline, clock = self.server.pipeline, self.server.clock
        return {
            ("GET", "status"): lambda _: {**self.server.facts, "time": clock.now(), **pipeline.status()},
            ("POST", "clock/advance"): lambda body: clock.advance(_seconds(json.loads(body))),
            ("GET", "calls"): lambda _: pipeline.calls(),
            ("POST", "calls/clear"): lambda _: pipeline.clear_calls(),
            ("POST", "reset"): lambda _: pipeline.reset(),
            ("POST", "conditions"): lambda body: pipeline.set_conditions(parse_conditions(json.loads(body))),
            ("POST", "targets"): lambda body: pipeline.set_target_states(parse_target_states(json.loads(body))),
            ("POST", "faults"): lambda body: pipeline.set_faults(parse_script(json.loads(body))),
            ("POST", "processes"): lambda body: pipeline.register(_process(json.loads(body))),
        }


def _seconds(document: Any) -> float:
    seconds = document.get("seconds") if isinstance(document, dict) else None
    if not isinstance(seconds, int | float):
        raise ValueError(f"expected an object with a number 'seconds': {document}")
    return float(seconds)


def _process(document: Any) -> Process:
    pid = document.get("pid") if isinstance(document, dict) else None
    found = find_process(pid) if type(pid) is int else None
    if found is None:
        raise ValueError(f"expected an object with 'pid', of a living process of the sandbox's user: {document}")
    return found


def _json(value: Any, status: int = 200, *headers: tuple[str, str]) -> Answer:
    return Answer(status, json.dumps(value).encode(), (("Content-Type", "application/json"), *headers))
