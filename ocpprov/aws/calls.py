"""Every request that leaves, counted by operation and told to whoever keeps the log: names and ids, never content."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ocpprov.aws.errors import REFUSALS, ForeignAnswer, describe
from ocpprov.aws.masking import said_by

if TYPE_CHECKING:
    from botocore.client import BaseClient


@dataclass(frozen=True)
class CallRecord:
    """One request as it was sent, re-sends by the SDK included (`attempt` counts from 1).

    `operation` is the API's name (`CreateVpc`). `status` is the HTTP status, 0 when no answer came; then `error_code`
    is the name of botocore's error. `seconds` are seconds on the wall.
    """

    service: str
    operation: str
    mutating: bool
    region: str
    request_id: str
    status: int
    error_code: str
    seconds: float
    attempt: int


CallObserver: TypeAlias = Callable[[CallRecord], None]

_READING_VERBS = ("Describe", "Get", "List", "Head", "Lookup", "Search", "Simulate")


def is_mutating(operation: str) -> bool:
    """Whether an operation changes anything at AWS, by its verb."""
    return not operation.startswith(_READING_VERBS)


class CallCounter:
    """How often each operation was sent. Called from any thread; the lock guards the counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, record: CallRecord) -> None:
        with self._lock:
            self._counts[f"{record.service}:{record.operation}"] += 1

    def snapshot(self) -> dict[str, int]:
        """Counts so far, by `service:Operation`, sorted by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))


@dataclass
class _Request(threading.local):
    """The request that this thread is waiting for; botocore calls all hooks of a request in one thread."""

    operation: str = ""
    url: str = ""
    started: float = 0.0
    status: int = 0
    attempt: int = 0


@dataclass(frozen=True)
class _Watch:
    """The hooks of one client."""

    service: str
    region: str
    observe: CallObserver
    request: _Request = field(default_factory=_Request)

    def call_begins(self, **_: Any) -> None:
        self.request.attempt = 0

    def request_leaves(self, request: Any, event_name: str, **_: Any) -> None:
        self.request.operation = event_name.rsplit(".", 1)[-1]
        self.request.url = request.url
        self.request.started = time.monotonic()
        self.request.status = 0
        self.request.attempt += 1

    def answer_arrives(self, response_dict: Mapping[str, Any], **_: Any) -> None:
        self.request.status = response_dict["status_code"]
        if _is_foreign(self.request.status, response_dict.get("body", b"")):
            raise ForeignAnswer(self.request.status, self.request.url)

    def answer_is_read(self, parsed_response: Mapping[str, Any] | None, exception: Any, **_: Any) -> None:
        if exception is not None:
            self._tell_failure(exception)
            return
        answer = parsed_response or {}
        code = str(answer.get("Error", {}).get("Code", ""))
        self._tell(code, str(answer.get("ResponseMetadata", {}).get("RequestId", "")))

    def call_fails(self, exception: Any, **_: Any) -> None:
        """The end of a request whose answer couldn't be read; of every other one `answer_is_read` has told."""
        self._tell_failure(exception)

    def _tell_failure(self, exception: Any) -> None:
        """botocore's own errors don't say what was asked for: from here on they do, as its `ClientError` does. One of
        an answer that can't be read quotes all of it: from here on it doesn't, whoever prints it."""
        if type(exception).__name__ == "ResponseParserError":
            exception.args = (said_by(exception),)
        if self.request.operation:
            exception.operation_name = self.request.operation
            self._tell(describe(exception).code, "")

    def _tell(self, error_code: str, request_id: str) -> None:
        request = self.request
        self.observe(
            CallRecord(
                service=self.service,
                operation=request.operation,
                mutating=is_mutating(request.operation),
                region=self.region,
                request_id=request_id,
                status=request.status,
                error_code=error_code,
                seconds=time.monotonic() - request.started,
                attempt=request.attempt,
            )
        )
        request.operation = ""


def watch(client: BaseClient, service: str, observe: CallObserver) -> None:
    """Tell `observe` of every request of this client, and refuse a page of somebody else as AWS's answer.

    `observe` is called in the thread that made the request.
    """
    hooks = _Watch(service, client.meta.region_name, observe)
    events = client.meta.events
    events.register("before-call", hooks.call_begins)
    events.register("before-send", hooks.request_leaves)
    events.register("before-parse", hooks.answer_arrives)
    events.register("response-received", hooks.answer_is_read)
    events.register("after-call-error", hooks.call_fails)


_LOGIN_REDIRECTS: Final = frozenset({302, 303})
"""AWS redirects with 301 and 307 (S3's buckets in another region), login pages of networks with these."""


def _is_foreign(status: int, body: object) -> bool:
    """Whether an answer is a web page, or a refusal in plain text. AWS answers with XML, JSON or an empty body.

    botocore would take a page that is well-formed for an empty success. Pages of 500 and above do come from AWS's own
    balancers, and the SDK knows what to do with them.
    """
    if status >= 500 or not isinstance(body, bytes):
        return False
    if status in _LOGIN_REDIRECTS:
        return True
    start = body[:2000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return True
    return status in REFUSALS and bool(start) and not start.startswith((b"<", b"{"))
