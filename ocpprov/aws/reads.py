"""Reading from AWS: each distinct read once, to its last page, several at a time.

A failed read is never an empty one, and neither is an answer that can't be read or lacks what AWS always sends: all of
them are AwsErrors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from ocpprov.aws import answers
from ocpprov.aws.botocore_private import pages
from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage, is_closed, is_silent, operation_of
from ocpprov.aws.masking import said_by
from ocpprov.aws.retry import READS, Retry, call
from ocpprov.aws.timeouts import call_all_while_wanted
from ocpprov.engine.protocols import Clock
from ocpprov.engine.threads import SYSTEM_THREADS, Threads, ThreadsExhausted

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel


class ReadCall(Protocol):
    """One describe or list call, by boto3's names."""

    @property
    def service(self) -> str: ...
    @property
    def operation(self) -> str: ...
    @property
    def may_be_denied(self) -> bool:
        """Whether no permission, or no such operation, means an empty answer."""
        ...

    def arguments(self) -> dict[str, Any]: ...


class ClientsByService(Protocol):
    """Clients by boto3's names of their services."""

    def __getitem__(self, service: str, /) -> BaseClient: ...


R = TypeVar("R", bound=ReadCall)
Page = Mapping[str, Any]


UNREADABLE: Final = "UnreadableAnswer"
"""In place of a code of AWS: its answer says nothing, or not what it has to."""

UNREACHED: Final = "Unreached"
"""In place of a code of AWS: there is no way to the service."""

_NARROWING: Final = frozenset({"BucketRegion", "ResourceType", "Scope"})
"""Parameters with a word in them that names no thing."""


def unreadable(operation: str, what: str, request_id: str = "") -> AwsError:
    """That an answer can't be used. `operation` is the API's name, `what` says what is wrong with the answer."""
    return AwsError(ErrorClass.UNKNOWN_OUTCOME, AwsMessage(UNREADABLE, what, request_id, operation))


def unreached(operation: str, why: str) -> AwsError:
    """That nobody was asked, as nobody answers at the service's address; `why` is what was found when that was tried
    last. `operation` as above."""
    return AwsError(ErrorClass.NOT_SENT, AwsMessage(UNREACHED, why, operation=operation))


@contextmanager
def readable(operation: str = "") -> Iterator[None]:
    """Whatever goes wrong here goes wrong because an answer isn't what it has to be: it leaves as an AwsError.
    `operation` is the API's name, where the error isn't going to have it."""
    try:
        yield
    except (AwsError, ThreadsExhausted):
        raise
    except Exception as error:
        name = operation or operation_of(error)
        raise unreadable(name, f"the answer can't be read ({told(error)})") from error


def told(error: Exception) -> str:
    """An error in words: its class, and what it says without what it may quote of an answer."""
    said = said_by(error)
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


class Answer(dict[str, Any]):
    """An answer of AWS, or a structure in one. Taking a member that it lacks is an AwsError that names operation,
    member and request, where a plain mapping's KeyError would name the member alone."""

    def __init__(self, content: Mapping[str, Any], operation: str, request_id: str) -> None:
        super().__init__({name: _within(value, operation, request_id) for name, value in content.items()})
        self._operation = operation
        self._request_id = request_id

    def narrowed(self, keeps: Callable[[object], bool]) -> Answer:
        """The same answer with less in its lists: the structures that `keeps` says."""
        content = {name: _kept(value, keeps) if isinstance(value, list) else value for name, value in self.items()}
        return Answer(content, self._operation, self._request_id)

    def __missing__(self, member: str) -> Any:
        known = [
            f"{name} is {value}"
            for name, value in self.items()
            if name.endswith(("Id", "Arn", "Name")) and isinstance(value, str)
        ]
        where = f" where {', '.join(known[:3])}" if known else ""
        raise unreadable(self._operation, f"the answer lacks {member}{where}", self._request_id)


def _kept(items: list[Any], keeps: Callable[[object], bool]) -> list[Any]:
    return [item for item in items if not isinstance(item, Mapping) or keeps(item)]


def _within(value: Any, operation: str, request_id: str) -> Any:
    if isinstance(value, dict):
        return Answer(value, operation, request_id)
    if isinstance(value, list):
        return [_within(item, operation, request_id) for item in value]
    return value


class FirstPages:
    """First pages of reads that came with the question whether there is a way to a service. They are of that moment:
    each is handed out once. Safe to use from many threads."""

    def __init__(self, pages: Mapping[ReadCall, Page]) -> None:
        self._pages = dict(pages)

    def take(self, wanted: ReadCall) -> Page | None:
        """That of a read, for good; None where there is none."""
        return self._pages.pop(wanted, None)

    def forget(self) -> None:
        """They count no more."""
        self._pages.clear()


class Reader:
    """Makes reads on clients whose retries are off, with the common retry layer. Safe to use from many threads."""

    def __init__(
        self,
        clients: ClientsByService,
        clock: Clock,
        on_retry: Callable[[Retry], None],
        concurrency: int = 8,
        account: str = "",
        threads: Threads = SYSTEM_THREADS,
        first: FirstPages | None = None,
    ) -> None:
        """`first` are first pages that came before."""
        self._clients = clients
        self._clock = clock
        self._on_retry = on_retry
        self._concurrency = concurrency
        self._account = account
        self._threads = threads
        self._first = first or FirstPages({})

    def forget_first_pages(self) -> None:
        """Somebody may have changed something since they came."""
        self._first.forget()

    def heard_by(self, hear: Callable[[Retry], None]) -> Reader:
        """The same reader, which tells one more of its retries."""

        def tell(retry: Retry) -> None:
            hear(retry)
            self._on_retry(retry)

        return Reader(self._clients, self._clock, tell, self._concurrency, self._account, self._threads, self._first)

    def read(self, wanted: Sequence[R]) -> dict[R, Sequence[Page]]:
        """The pages of each read. What was asked for by id and isn't there has none, nor has what may be somebody
        else's and can't be looked at. Raises AwsError, and `Interrupted` as soon as the run is asked to leave."""
        answers: dict[R, Sequence[Page]] = {}
        for one, answer in self.attempt(wanted).items():
            if isinstance(answer, AwsError):
                raise answer
            answers[one] = answer
        return answers

    def _wanted(self) -> None:
        """The clock knows when the run was asked to leave: then nobody waits for a request that hangs."""
        self._clock.sleep(0)

    def attempt(self, wanted: Sequence[R]) -> dict[R, Sequence[Page] | AwsError]:
        """The same, with the error of each read that failed in place of its pages."""
        asks = [partial(self._attempt, one) for one in wanted]
        answers = call_all_while_wanted(asks, self._concurrency, self._wanted, self._threads)
        return dict(zip(wanted, answers, strict=True))

    def _attempt(self, wanted: ReadCall) -> Sequence[Page] | AwsError:
        try:
            return self._pages(wanted, wanted.arguments(), self._first.take(wanted))
        except AwsError as error:
            return error

    def _pages(self, wanted: ReadCall, arguments: Mapping[str, Any], first: Page | None = None) -> Sequence[Page]:
        """Where one of several things is gone AWS refuses to speak of any: then each is asked for by itself."""
        client = self._clients[wanted.service]
        try:
            return _all_pages(client, wanted.operation, arguments, self._send, self._account, first)
        except AwsError as error:
            if wanted.may_be_denied and is_closed(error) and not is_silent(error):
                return []
            if error.error_class is not ErrorClass.NOT_VISIBLE:
                raise
            each = _one_by_one(arguments)
            if each is None:
                raise
            return [page for one in each for page in self._pages(wanted, one)]

    def _send(self, request: Callable[[], Page]) -> Page:
        return call("", request, clock=self._clock, retryable=READS, on_retry=self._on_retry)


class Attempts(Protocol):
    """Whoever asks AWS, and gives the error of each read that failed in place of its pages."""

    def attempt(self, wanted: Sequence[R], /) -> Mapping[R, Sequence[Page] | AwsError]: ...


class TolerantReader:
    """Reads what nobody needs to know: where nobody lets us look, or there is no such operation, there is nothing in
    the answer, and `closed` has why."""

    def __init__(self, reader: Attempts) -> None:
        self._reader = reader
        self.closed: list[AwsError] = []

    def read(self, wanted: Sequence[R]) -> dict[R, Sequence[Page]]:
        """The pages of each read. Raises AwsError for any other failure, and `Interrupted`."""
        answers: dict[R, Sequence[Page]] = {}
        for one, answer in self._reader.attempt(wanted).items():
            if not isinstance(answer, AwsError):
                answers[one] = answer
            elif is_closed(answer):
                self.closed.append(answer)
                answers[one] = []
            else:
                raise answer
        return answers


def _one_by_one(arguments: Mapping[str, Any]) -> Sequence[Mapping[str, Any]] | None:
    """The arguments about each one of the things that they name: none where they name a single thing, None where they
    name no thing, or not only things."""
    lists = [name for name, value in arguments.items() if isinstance(value, list) and _texts(value)]
    single = [name for name, value in arguments.items() if isinstance(value, str) and name not in _NARROWING]
    if single and not lists:
        return []
    if single or len(lists) != 1:
        return None
    name = lists[0]
    things: list[str] = arguments[name]
    return [{**arguments, name: [thing]} for thing in things] if len(things) > 1 else []


def _texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _all_pages(
    client: BaseClient,
    operation: str,
    arguments: Mapping[str, Any],
    send: Callable[[Callable[[], Page]], Page],
    account: str,
    first: Page | None,
) -> Sequence[Page]:
    """Each page is sent by itself, so that a throttled one doesn't cost those before it; not sent is the `first` one
    where it is there. What has just been tagged or taken out of something may be listed as it was, so such an answer is
    asked for again. Raises AwsError."""
    method, model = method_of(client, operation), _model(client, operation)
    origin = answers.Origin(client.meta.region_name, account)
    there = [first] if first else []

    def fitting(**page: Any) -> Page:
        content = there.pop() if there else method(**page)
        if wrong := answers.is_beside_the_question(model, arguments, content, origin):
            raise unreadable(model.name, wrong, _request_id(content))
        return content

    def one_page(**page: Any) -> Page:
        content = send(partial(fitting, **page))
        if lacking := answers.lacks(model, arguments, content):
            raise unreadable(model.name, f"the answer lacks {lacking}", _request_id(content))
        if wrong := answers.goes_nowhere(model, content):
            raise unreadable(model.name, wrong, _request_id(content))
        return Answer(content, model.name, _request_id(content))

    # botocore's parser and paginator raise what comes when an answer isn't as its description says.
    with readable(client.meta.method_to_api_mapping[operation]):
        paginator = client.get_paginator(operation) if client.can_paginate(operation) else None
        found = pages(paginator, one_page, arguments) if paginator else [one_page(**arguments)]
        if wrong := answers.leaves_out(model, arguments, found):
            raise unreadable(model.name, wrong, _request_id(found[-1]))
        return found


def _request_id(content: Page) -> str:
    return str(content.get("ResponseMetadata", {}).get("RequestId", ""))


def method_of(client: BaseClient, operation: str) -> Callable[..., Page]:
    """What a client has under boto3's name of an operation. This is the one place where a name becomes a call: reads
    are data, so that equal ones of several kinds are made once, and boto3 makes its methods of data, too."""
    method: Callable[..., Page] = getattr(client, operation)
    return method


def _model(client: BaseClient, operation: str) -> OperationModel:
    """The description of an operation, by boto3's name."""
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
