"""A cloud of which a test says what becomes of each call, and a clock that goes only when somebody waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError, ConnectionClosedError

from ocpprov.aws.errors import AwsError, wrap
from ocpprov.aws.retry import Retry
from ocpprov.engine.cancel import Interrupted
from ocpprov.engine.resources import Live
from ocpprov.kinds.contract import CreateRequest
from ocpprov.kinds.reads import Read

START: Final = 1_790_000_000.0
NEVER: Final = 1e9

Parts = Sequence[Callable[[], Any]]
Becomes = Callable[["Cloud", Parts], Any]
"""What becomes of one call, which does its parts one after another: it answers with what they give, or raises."""


class Clock:
    """The engine's clock: whoever sleeps lets the time pass at once, and what is to happen at a time happens then."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.leave = threading.Event()
        self._lock = threading.RLock()
        self._due: list[tuple[float, Callable[[], None]]] = []

    def now(self) -> float:
        return START + self.passed

    def monotonic(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            if self.leave.is_set():
                raise Interrupted
            until = self.passed + max(0.0, seconds)
            for due in sorted(self._due, key=lambda due: due[0]):
                if due[0] <= until and due in self._due:
                    self._due.remove(due)
                    self.passed = max(self.passed, due[0])
                    due[1]()
                if self.leave.is_set():
                    raise Interrupted
            self.passed = until

    def at(self, seconds: float, what: Callable[[], None]) -> None:
        """Do it when so many seconds have passed."""
        self._due.append((seconds, what))


def error(code: str, operation: str = "", message: str = "no") -> ClientError:
    """An answer of AWS that says no, as botocore raises it."""
    about: Any = {"RequestId": "r-1", "HTTPStatusCode": 400}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": about}, operation)


def lost() -> ConnectionClosedError:
    return ConnectionClosedError(endpoint_url="https://cloud")


def answered(_: Cloud, parts: Parts) -> Any:
    return [part() for part in parts]


def unanswered(_: Cloud, parts: Parts) -> Any:
    """It didn't get there, and nobody knows."""
    raise lost()


def done_unanswered(cloud: Cloud, parts: Parts) -> Any:
    answered(cloud, parts)
    raise lost()


def done_with_nonsense(cloud: Cloud, parts: Parts) -> Any:
    answered(cloud, parts)
    return [{"Status": "fine"} for _ in parts]


def first_done_unanswered(cloud: Cloud, parts: Parts) -> Any:
    answered(cloud, parts[:1])
    raise lost()


def refused(code: str, message: str = "no") -> Becomes:
    def becomes(cloud: Cloud, parts: Parts) -> Any:
        raise error(code, message=message)

    return becomes


def done_and_listed_after(seconds: float, *, answer: bool = False) -> Becomes:
    """Lists lack it for so long."""

    def becomes(cloud: Cloud, parts: Parts) -> Any:
        before = set(cloud.items)
        answers = answered(cloud, parts)
        for id in set(cloud.items) - before:
            cloud.items[id].listed_from = cloud.clock.passed + seconds
        if answer:
            return answers
        raise lost()

    return becomes


def raising(what: BaseException) -> Becomes:
    def becomes(cloud: Cloud, parts: Parts) -> Any:
        raise what

    return becomes


def listing(*items: Mapping[str, Any]) -> Becomes:
    """What a list says, whatever is there."""
    return lambda _, __: [{"Items": items}]


@dataclass
class Item:
    """One thing of the cloud. The times are seconds of the clock: from when it is listed, ready, and gone."""

    id: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    listed_from: float = 0.0
    ready_from: float = 0.0
    gone_from: float = NEVER
    deleting: bool = False
    failed: str = ""
    whom: str = ""
    service_owned: bool = False

    def state(self, now: float) -> str:
        if self.failed:
            return "broken"
        if self.deleting:
            return "deleting"
        return "ready" if now >= self.ready_from else "pending"

    def shown(self, now: float) -> dict[str, Any]:
        """As a list has it."""
        return {
            "Id": self.id,
            "Properties": dict(self.properties),
            "Tags": dict(self.tags),
            "State": self.state(now),
            "Reason": self.failed or self.whom,
            "ServiceOwned": self.service_owned,
        }


@dataclass
class Cloud:
    """What is there by id, what was sent in order (`sent`), which lists were asked for (`looks`) and at which seconds
    of the clock (`looked_at`), and by operation what becomes of each call in turn; those for which nothing is said are
    answered.

    `becoming_ready` and `going`: seconds that a creation and a deletion go on after their answers. `pages`: answers to
    reads of other services, by operation. `updated`: the lives that updates started from. `hear` is told of the retries
    of who looks.
    """

    clock: Clock = field(default_factory=Clock)
    items: dict[str, Item] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)
    looked_at: list[float] = field(default_factory=list)
    scripts: dict[str, list[Becomes]] = field(default_factory=dict)
    pages: dict[str, Mapping[str, Any] | AwsError] = field(default_factory=dict)
    becoming_ready: float = 0.0
    going: float = 0.0
    updated: list[Live] = field(default_factory=list)
    hear: Callable[[Retry], None] = lambda _: None
    _tokens: dict[str, str] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)

    def script(self, operation: str, *each: Becomes) -> None:
        """What becomes of the next calls of `create`, `update`, `tag`, `delete` or `list`."""
        self.scripts.setdefault(operation, []).extend(each)

    def put(self, item: Item) -> Item:
        self.items[item.id] = item
        return item

    def create(self, type: str, requests: Sequence[CreateRequest]) -> Any:
        names = "+".join(request.logical_id for request in requests)
        tokens = "+".join(self._token(request.token) for request in requests)
        untagged = "" if any(request.tags for request in requests) else " untagged"
        self.sent.append(f"create {names} {tokens}{untagged}")
        return self._becomes("create", [partial(self._create, type, request) for request in requests])

    def update(self, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        self.sent.append(f"update {live.id} {' '.join(f'{name}={desired.get(name)}' for name in changed)}")
        self.updated.append(live)
        wanted = {name: desired[name] for name in changed}
        self._becomes("update", [lambda: self.items[live.id].properties.update(wanted)])

    def tag(self, id: str, put: Mapping[str, str], remove: Sequence[str]) -> None:
        words = [*(f"+{key.removeprefix('ocpprov:')}" for key in sorted(put)), *(f"-{key}" for key in remove)]
        self.sent.append(f"tag {id} {' '.join(words)}")
        self._becomes("tag", [lambda: self._tag(id, put, remove)])

    def delete(self, ids: Sequence[str]) -> None:
        self.sent.append(f"delete {'+'.join(ids)}")

        def is_there() -> None:
            if any(id not in self.items for id in ids):
                raise error("InvalidThing.NotFound")

        self._becomes("delete", [is_there, *(partial(self._delete, id) for id in ids)])

    def list(self, wanted: Read) -> Sequence[Mapping[str, Any]] | AwsError:
        """The answer to one read, or its error. `Interrupted` as soon as the run is asked to leave."""
        self.clock.sleep(0)
        self.looked_at.append(self.clock.passed)
        if wanted.service != "cloud":
            self.looks.append(wanted.operation)
            page = self.pages.get(wanted.operation, {})
            return page if isinstance(page, AwsError) else [page]
        self.looks.append(wanted.arguments()["Type"])
        try:
            pages: Sequence[Mapping[str, Any]] = self._becomes(
                "list", [lambda: {"Items": self._listed(wanted.arguments()["Type"])}]
            )
        except (ClientError, AwsError) as said:
            return wrap(said, "ListThings")
        return pages

    def _listed(self, type: str) -> Sequence[Mapping[str, Any]]:
        now = self.clock.passed
        there = (item for item in self.items.values() if item.listed_from <= now < item.gone_from)
        return [item.shown(now) for item in there if item.type == type]

    def _becomes(self, operation: str, parts: Parts) -> Any:
        left = self.scripts.get(operation, [])
        return (left.pop(0) if left else answered)(self, parts)

    def _token(self, token: str) -> str:
        """Numbered, as they come up."""
        return self._tokens.setdefault(token, token if len(token) < 10 else f"t{len(self._tokens) + 1}")

    def _create(self, type: str, request: CreateRequest) -> Mapping[str, Any]:
        """The same token makes the same thing only once."""
        if request.token not in self._made:
            id = f"{type.rpartition(':')[2].lower()}-{len(self._made) + 1}"
            self._made[request.token] = id
            ready = self.clock.passed + self.becoming_ready
            properties = {name: value for name, value in request.properties.items() if name != "Protection"}
            self.put(Item(id, type, properties, dict(request.tags), ready_from=ready))
        return {"Id": self._made[request.token], "Arn": f"arn:{self._made[request.token]}"}

    def _tag(self, id: str, put: Mapping[str, str], remove: Sequence[str]) -> None:
        tags = self.items[id].tags
        tags.update(put)
        for key in remove:
            tags.pop(key, None)

    def _delete(self, id: str) -> None:
        item = self.items[id]
        item.deleting, item.gone_from = True, self.clock.passed + self.going
        if not self.going:
            del self.items[id]


@dataclass(frozen=True)
class Lists:
    """In place of the reader: no threads, and no retries but those that a script speaks of."""

    cloud: Cloud

    def heard_by(self, hear: Callable[[Retry], None]) -> Lists:
        self.cloud.hear = hear
        return self

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self.cloud.list(one) for one in wanted}

    def read(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        answers = self.attempt(wanted)
        for answer in answers.values():
            if isinstance(answer, AwsError):
                raise answer
        return answers
