"""A deadline for each request as a whole. botocore's timeouts begin anew with every byte, so that an answer of a byte a
second could take for ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import ReadTimeoutError

from ocpprov.aws.botocore_private import wrap_http_session
from ocpprov.aws.timeouts import call_with_timeout

if TYPE_CHECKING:
    from botocore.client import BaseClient

CALL_SECONDS: Final = 90.0
"""Longer than what botocore waits for a connection and for the first byte together, and than any answer takes."""
PROBE_CALL_SECONDS: Final = 11.0
"""The same for clients that give up soon."""

_BYTES_PER_SECOND: Final = 10_000
"""A slow line that still gets somewhere: what is uploaded has so much more time."""

T = TypeVar("T")


class CallDeadlineError(ReadTimeoutError):
    """The answer wasn't whole within the deadline: nobody knows whether the request was done."""

    fmt = "the answer wasn't whole within {seconds:.0f} seconds"

    def __init__(self, *, endpoint_url: str, seconds: float) -> None:
        super().__init__(endpoint_url=endpoint_url, seconds=seconds)
        self.seconds = seconds


def register_deadline(client: BaseClient, seconds: float) -> None:
    """Have every request of this client end within so many seconds, or raise CallDeadlineError.

    A request that is given up isn't taken back. It is left to its own timeouts, in a thread that holds nobody up; a
    change may still arrive, which is why its outcome is unknown."""
    wrap_http_session(client, lambda session: _DeadlineSession(session, seconds))


def within_deadline(function: Callable[[], T], seconds: float, url: str = "") -> T:
    """What the function returns or raises. Raises CallDeadlineError when it takes longer; `url` is what it asks."""
    try:
        return call_with_timeout(seconds, function)
    except TimeoutError:
        raise CallDeadlineError(endpoint_url=url, seconds=seconds) from None


@dataclass(frozen=True)
class _DeadlineSession:
    """botocore's HTTP session, with a deadline for what is sent. The body is read by then, but for a streamed one."""

    session: Any
    seconds: float

    def send(self, request: Any) -> Any:
        more = _length(request.headers) / _BYTES_PER_SECOND
        return within_deadline(lambda: self.session.send(request), self.seconds + more, request.url)

    def close(self) -> None:
        self.session.close()


def _length(headers: Mapping[str, str | bytes]) -> int:
    """Bytes of a request's body; a chunked one has another header for them."""
    for name in ("Content-Length", "X-Amz-Decoded-Content-Length"):
        if name in headers:
            return int(headers[name])
    return 0
