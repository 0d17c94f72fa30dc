"""Reading from AWS: each distinct read once, to its last page, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from botocore.paginate import PageIterator

from ocpprov.aws.bounded import each_while_wanted
from ocpprov.aws.codes import Fault
from ocpprov.aws.errors import AwsError
from ocpprov.aws.retry import READS, Retry, call
from ocpprov.engine.protocols import Clock

if TYPE_CHECKING:
    from botocore.client import BaseClient


class ReadCall(Protocol):
    """One describe or list call, by boto3's names."""

    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def may_be_denied(self) -> bool:
        """Whether no permission means an empty answer."""
        ...

    def arguments(self) -> dict[str, Any]: ...


R = TypeVar("R", bound=ReadCall)
Page = Mapping[str, Any]


class Reader:
    """Makes reads on clients whose retries are off, with the common retry layer. Safe to use from many threads."""

    def __init__(
        self, clients: Mapping[str, BaseClient], clock: Clock, on_retry: Callable[[Retry], None], concurrency: int = 8
    ) -> None:
        self._clients = clients
        self._clock = clock
        self._on_retry = on_retry
        self._concurrency = concurrency

    def read(self, wanted: Sequence[R]) -> dict[R, Sequence[Page]]:
        """The pages of each read. What was asked for by id and isn't there has none, nor has what may be somebody
        else's and can't be looked at. Raises AwsError, and `Interrupted` as soon as the run is asked to leave."""
        asks = [partial(self._pages, one) for one in wanted]
        return dict(zip(wanted, each_while_wanted(asks, self._concurrency, self._wanted), strict=True))

    def _wanted(self) -> None:
        """The clock knows when the run was asked to leave: then nobody waits for a request that hangs."""
        self._clock.sleep(0)

    def _pages(self, wanted: ReadCall) -> Sequence[Page]:
        try:
            return _all_pages(self._clients[wanted.service], wanted, self._send)
        except AwsError as error:
            if error.fault is Fault.NOT_VISIBLE or (error.fault is Fault.DENIED and wanted.may_be_denied):
                return []
            raise

    def _send(self, request: Callable[[], Page]) -> Page:
        return call("", request, clock=self._clock, retryable=READS, on_retry=self._on_retry)


def _all_pages(client: BaseClient, wanted: ReadCall, send: Callable[[Callable[[], Page]], Page]) -> Sequence[Page]:
    """Each page is sent by itself, so that a throttled one doesn't cost those before it."""
    arguments = wanted.arguments()

    def patient(operation: Callable[..., Page], *settings: Any, **more: Any) -> PageIterator[Any]:
        return PageIterator(lambda **page: send(partial(operation, **page)), *settings, **more)

    if client.can_paginate(wanted.operation):
        paginator: Any = client.get_paginator(wanted.operation)
        paginator.PAGE_ITERATOR_CLS = patient
        return list(paginator.paginate(**arguments))
    return [send(partial(getattr(client, wanted.operation), **arguments))]
