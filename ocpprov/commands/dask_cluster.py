"""The end of Dask of whoever starts a fleet: a client of a scheduler. Needs the extra `fleet`."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from distributed import Client, Event, Future, Queue

from ocpprov.aws.timeouts import call_with_timeout
from ocpprov.commands.dask_security import security_of, unreachable
from ocpprov.commands.dask_worker import run_task
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.fleet import MakeRunner
from ocpprov.commands.fleet_dask import FleetOnDask, SchedulerGone, WorkerSeen
from ocpprov.commands.fleet_plans import Fleet
from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.commands.fleet_task import TOPIC, MemberTask, Word, reaches_of, word_in
from ocpprov.commands.fleet_values import FleetRequest, FleetRunner
from ocpprov.commands.fleet_views import FleetView

T = TypeVar("T")

_ANSWER: Final = 15
"""Seconds in which a scheduler has to answer."""


@dataclass
class DaskCluster:
    """What `fleet_dask` asks of Dask."""

    _client: Client
    _words: queue.SimpleQueue[Word]
    _tokens: dict[str, Queue] = field(default_factory=dict)
    _futures: dict[str, Future[None]] = field(default_factory=dict)

    def workers(self) -> Sequence[WorkerSeen]:
        """Those that are there now. Raises SchedulerGone."""
        said = self._asked(lambda: self._client.scheduler_info(n_workers=-1))
        found = said.get("workers", {}).values()
        return [WorkerSeen(str(each["name"]), reaches_of(each["resources"])) for each in found]

    def send(self, task: MemberTask) -> None:
        """Have a worker run it that reaches what it wants, when one has room. Raises SchedulerGone.

        Its token is there before it is. Dask forgets a token when nobody here has it any more, and then nobody finds
        one."""
        token = self._tokens[task.attempt] = self._asked(lambda: Queue(task.attempt, client=self._client))
        self._asked(lambda: token.put(1, timeout=_ANSWER))
        self._futures[task.attempt] = self._client.submit(
            run_task,
            task,
            key=f"{task.plan}-{task.attempt}",
            resources={task.reach.label: 1},
            retries=0,
            pure=False,
        )

    def withdraw(self, attempt: str) -> bool:
        """Take it back: whether it hadn't begun, and never will now. Raises SchedulerGone."""
        return bool(self._asked(lambda: self._tokens[attempt].get(batch=True)))

    def settled(self) -> frozenset[str]:
        """The attempts that Dask is through with, however that came. Whoever ended well has said so by then, or is
        about to."""
        return frozenset(attempt for attempt, future in self._futures.items() if future.done())

    def stop(self, name: str) -> None:
        """End the runs whose tasks have this name for it. Raises SchedulerGone."""
        self._asked(lambda: Event(name, client=self._client).set())

    def words(self, seconds: float) -> Sequence[Word]:
        """What bastions have said since the last time; waited for so long, if nothing was."""
        found: list[Word] = []
        with suppress(queue.Empty):
            found.append(self._words.get(timeout=seconds))
            while True:
                found.append(self._words.get_nowait())
        return found

    def _asked(self, question: Callable[[], T]) -> T:
        """The answer, in time: nothing bounds how long Dask waits for a scheduler that hangs."""
        try:
            answer = call_with_timeout(_ANSWER, question)
        except (OSError, TimeoutError) as error:
            raise SchedulerGone from error
        if self._client.status != "running":
            raise SchedulerGone
        return answer


def on_workers_of(scheduler: Scheduler) -> MakeRunner:
    """What makes the runner of a fleet on that scheduler's workers."""

    def make(fleet: Fleet, request: FleetRequest, view: FleetView) -> FleetRunner:
        return FleetOnDask(partial(cluster_at, scheduler))

    return make


@contextmanager
def cluster_at(scheduler: Scheduler) -> Iterator[DaskCluster]:
    """The workers of a scheduler, for as long as they are needed. Raises Refused where it can't be reached."""
    words: queue.SimpleQueue[Word] = queue.SimpleQueue()

    def on_event(event: tuple[float, Any]) -> None:
        said = event[1].get("word") if isinstance(event[1], Mapping) else None
        if (word := word_in(said)) is not None:
            words.put(word)

    # What is wrong is told by whoever asked; Dask's own words would get into the live view.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(scheduler.url, security=security_of(scheduler), timeout=_ANSWER, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise Refused(unreachable(scheduler, error)) from error
    with client:
        client.subscribe_topic(TOPIC, on_event)
        yield DaskCluster(client, words)
