"""Everything that is hooked into botocore's clients. These are the events of one request, in their order:

    before-parameter-build   say whose the bucket has to be               register_bucket_owner
    before-sign         choose the credentials of a zone                  register_zone_credentials
                        wait for the request's turn                       register_rate_limit
    before-send         ask the fence, which may stop a change            register_fence
                        note what leaves                                  register_call_observer
                        note what it is signed with                       register_expiry_hook
    before-parse        refuse what isn't AWS's answer                    register_call_observer
    response-received   tell the fence that a change was answered         register_fence
                        tell of the call                                  register_call_observer
                        tell of credentials that ended                    register_expiry_hook
    after-call-error    tell of a call whose answer couldn't be read      register_call_observer

botocore calls all hooks of a request in the thread that makes it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ocpprov.aws.botocore_private import sign_with
from ocpprov.aws.calls import CallObserver, CallRecord, is_mutating
from ocpprov.aws.error_codes import EXPIRED_CODES
from ocpprov.aws.errors import (
    REFUSALS,
    InterceptedResponse,
    describe,
    message_of,
    set_operation,
    set_region,
    set_status,
)
from ocpprov.aws.masking import said_by

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel

    from ocpprov.aws.credentials import RunCredentials
    from ocpprov.aws.fence import Fence


def register_rate_limit(client: BaseClient, service: str, wait: Callable[[str, str], None]) -> None:
    """Have every request of this client `wait` for its turn (service, operation), before it is signed: AWS refuses
    signatures that are five minutes old, and many threads may wait for one service."""

    def before_sign(event_name: str, **_: Any) -> None:
        wait(service, _operation_in(event_name))

    client.meta.events.register("before-sign", before_sign)


def register_bucket_owner(client: BaseClient, account: Callable[[], str]) -> None:
    """Have every request of this client of S3 that names a bucket say whose account it has to be of: names of buckets
    are predictable and of the whole partition, and one may change hands between a look and what is put there. S3
    refuses the request then. `account` is empty while nobody knows it."""

    def before_parameter_build(params: dict[str, Any], model: OperationModel, **_: Any) -> None:
        shape, owner = model.input_shape, account()
        if owner and shape is not None and _OWNER_MEMBER in shape.members:
            params.setdefault(_OWNER_MEMBER, owner)

    client.meta.events.register("before-parameter-build.s3", before_parameter_build)


_OWNER_MEMBER: Final = "ExpectedBucketOwner"


def register_zone_credentials(client: BaseClient, credentials: Mapping[str, RunCredentials]) -> None:
    """Have every request of this client of Route 53 that is about one of these zones signed with the zone's own
    credentials: it is another account's."""

    def before_sign(request: Any, **_: Any) -> None:
        found = _ZONE_IN_PATH.search(urlsplit(request.url).path)
        if found and found[1] in credentials:
            sign_with(request, credentials[found[1]])

    client.meta.events.register_first("before-sign", before_sign)
    for each in {id(one): one for one in credentials.values()}.values():
        register_expiry_hook(client, each)


_ZONE_IN_PATH: Final = re.compile(r"/hostedzone/([A-Z0-9]+)(?:/|$)")


def register_fence(client: BaseClient, fence: Fence) -> None:
    """Have every change of this client pass the fence, as the last thing before it leaves, and tell it of answers."""

    def before_send(event_name: str, **_: Any) -> None:
        if is_mutating(_operation_in(event_name)):
            fence.leave()

    def response_received(event_name: str, exception: Any, **_: Any) -> None:
        if exception is None and is_mutating(_operation_in(event_name)):
            fence.answered()

    client.meta.events.register_first("before-send", before_send)
    client.meta.events.register("response-received", response_received)


def register_call_observer(client: BaseClient, service: str, observe: CallObserver) -> None:
    """Tell `observe` of every request of this client, and refuse a page of somebody else as AWS's answer.

    `observe` is called in the thread that made the request.
    """
    hooks = _CallHooks(service, client.meta.region_name, observe)
    events = client.meta.events
    events.register("before-call", hooks.before_call)
    events.register("before-send", hooks.before_send)
    events.register("before-parse", hooks.before_parse)
    events.register("response-received", hooks.response_received)
    events.register("after-call-error", hooks.after_call_error)


def register_expiry_hook(client: BaseClient, credentials: RunCredentials) -> None:
    """Tell the credentials when AWS refuses a request of this client because they ended: a clock may be wrong, and not
    all of them say when they end."""
    hooks = _ExpiryHooks(credentials)
    client.meta.events.register("before-send", hooks.before_send)
    client.meta.events.register("response-received", hooks.response_received)


@dataclass
class _Request(threading.local):
    """The request that this thread is waiting for."""

    operation: str = ""
    url: str = ""
    started: float = 0.0
    status: int = 0
    attempt: int = 0


@dataclass(frozen=True)
class _CallHooks:
    """The hooks of one client."""

    service: str
    region: str
    observe: CallObserver
    request: _Request = field(default_factory=_Request)

    def before_call(self, **_: Any) -> None:
        self.request.attempt = 0

    def before_send(self, request: Any, event_name: str, **_: Any) -> None:
        self.request.operation = _operation_in(event_name)
        self.request.url = request.url
        self.request.started = time.monotonic()
        self.request.status = 0
        self.request.attempt += 1

    def before_parse(self, response_dict: Mapping[str, Any], **_: Any) -> None:
        self.request.status = response_dict["status_code"]
        if _is_intercepted(self.request.status, response_dict.get("body", b"")):
            raise InterceptedResponse(self.request.status, self.request.url)

    def response_received(self, parsed_response: dict[str, Any] | None, exception: Any, **_: Any) -> None:
        if exception is not None:
            self._report_failure(exception)
            return
        answer = parsed_response or {}
        code = str(answer.get("Error", {}).get("Code", ""))
        if code:
            set_region(answer, self.region)
        self._report(code, str(answer.get("ResponseMetadata", {}).get("RequestId", "")))

    def after_call_error(self, exception: Any, **_: Any) -> None:
        """The end of a request whose answer couldn't be read; every other one has been reported."""
        self._report_failure(exception)

    def _report_failure(self, exception: Any) -> None:
        """botocore's own errors don't say what was asked for: from here on they do. One of an answer that can't be read
        quotes all of it: from here on it doesn't, whoever prints it."""
        if type(exception).__name__ == "ResponseParserError":
            exception.args = (said_by(exception),)
            set_status(exception, self.request.status)
        if self.request.operation:
            set_operation(exception, self.request.operation)
            self._report(describe(exception).code, "")

    def _report(self, error_code: str, request_id: str) -> None:
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


@dataclass
class _Signed(threading.local):
    """What this thread's request is signed with."""

    access_key: str = ""
    operation: str = ""


@dataclass(frozen=True)
class _ExpiryHooks:
    """The hooks of one client."""

    credentials: RunCredentials
    signed: _Signed = field(default_factory=_Signed)

    def before_send(self, request: Any, event_name: str, **_: Any) -> None:
        header = request.headers.get("Authorization", "")
        found = _ACCESS_KEY.search(header.decode() if isinstance(header, bytes) else header)
        self.signed.access_key = found[1] if found else ""
        self.signed.operation = _operation_in(event_name)

    def response_received(self, parsed_response: Mapping[str, Any] | None, **_: Any) -> None:
        answer = parsed_response or {}
        if answer.get("Error", {}).get("Code") in EXPIRED_CODES:
            self.credentials.on_refusal(self.signed.access_key, message_of(answer, self.signed.operation))


_ACCESS_KEY: Final = re.compile(r"Credential=([^/]+)/")

_LOGIN_REDIRECTS: Final = frozenset({302, 303})
"""AWS redirects with 301 and 307 (S3's buckets in another region), login pages of networks with these."""


def _operation_in(event_name: str) -> str:
    """The API's name of the operation, which ends the names of botocore's events (`before-send.ec2.CreateVpc`)."""
    return event_name.rsplit(".", 1)[-1]


def _is_intercepted(status: int, body: object) -> bool:
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
