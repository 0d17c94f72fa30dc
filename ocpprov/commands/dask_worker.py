"""The bastion's end of Dask: a worker that takes plans from a scheduler. Needs the extra `fleet`.

The worker speaks to the scheduler alone, by connections of its own making, and listens to this host only: a bastion
needs no open port. Its results and events go up the same way, as events of the scheduler's."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from distributed import Event, Queue, Worker, WorkerPlugin, get_worker

from ocpprov.aws.timeouts import submit
from ocpprov.commands.dask_security import security_of, unreachable
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.commands.fleet_task import TOPIC, MemberTask, Word, WordKind
from ocpprov.commands.fleet_worker import Station
from ocpprov.commands.held_signals import handled_signals

_PLUGIN: Final = "ocpprov"


class StationPlugin(WorkerPlugin):
    """What a task finds on the worker that runs it."""

    name = _PLUGIN

    def __init__(self, station: Station) -> None:
        self.station = station

    def teardown(self, worker: Worker) -> None:
        """The worker ends, of its own accord where the scheduler is gone, and waits for its tasks then."""
        self.station.children.end_all()


def run_task(task: MemberTask) -> None:
    """What a worker does for a plan; called by Dask in a thread of the worker's.

    Dask sends a task again when the worker that had it is gone, wherever that had got. A plan's run isn't to be sent
    twice, so each attempt has one token, which the scheduler hands out once: who finds none does nothing."""
    worker = get_worker()
    station = _station_of(worker)
    tell = _Telling(worker, station, task.attempt)
    if problem := station.why_not(task):
        tell(WordKind.DECLINED, {"problem": dict(vars(problem))})
    elif not Queue(task.attempt).get(batch=True):
        tell(WordKind.BEGUN_BEFORE, {})
    else:
        tell(WordKind.BEGAN, {})
        stop = Event(task.stop)
        tell(WordKind.ENDED, station.run(task, partial(tell, WordKind.EVENT), lambda: bool(stop.is_set())))


def _station_of(worker: Worker) -> Station:
    plugin = worker.plugins[_PLUGIN]
    if not isinstance(plugin, StationPlugin):
        raise TypeError(type(plugin).__name__)
    return plugin.station


@dataclass(frozen=True)
class _Telling:
    """Sends words to whoever started the fleet."""

    worker: Worker
    station: Station
    attempt: str

    def __call__(self, kind: WordKind, detail: Mapping[str, Any]) -> None:
        name, station = str(self.worker.name), self.station
        word = Word(self.attempt, kind, name, station.host, str(station.folder), detail)
        # Dask adds members of its own beside it.
        self.worker.log_event(TOPIC, {"word": word.document()})


def serve(station: Station, scheduler: Scheduler, say: Callable[[str], None]) -> ExitCode:
    """Be a worker until the scheduler is gone (FAILED) or somebody ends this process (DONE). Plans that run then end as
    after one Ctrl-C, and are waited for. Raises Refused where the scheduler can't be reached."""
    return asyncio.run(_serve(station, scheduler, say))


async def _serve(station: Station, scheduler: Scheduler, say: Callable[[str], None]) -> ExitCode:
    worker = Worker(
        scheduler.url,
        nthreads=station.at_once,
        name=f"{station.host}-{random.randbytes(4).hex()}",  # noqa: S311 - a name
        resources=dict.fromkeys((each.label for each in station.reaches), float(station.at_once)),
        security=security_of(scheduler),
        host=_own_host(sys.platform),
        dashboard_address="127.0.0.1:0",
        local_directory=str(station.folder / ".dask"),
        memory_limit=0,
        plugins=(StationPlugin(station),),
        death_timeout=15,
    )
    try:
        await worker
    except (OSError, TimeoutError, RuntimeError) as error:
        raise Refused(unreachable(scheduler, error)) from error
    say(f"at work for {scheduler.url} as {worker.name}: {', '.join(map(str, station.reaches))}")
    return await _until_ended(worker, station, say)


async def _until_ended(worker: Worker, station: Station, say: Callable[[str], None]) -> ExitCode:
    """The first signal ends the runs, and the worker after them; the second leaves at once (INTERRUPTED)."""
    asked, leave = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (leave if asked.is_set() else asked).set()

    for number in handled_signals():
        asyncio.get_running_loop().add_signal_handler(number, on_signal)
    await _first(asyncio.create_task(worker.finished()), asyncio.create_task(asked.wait()))
    station.children.end_all()
    say("stopping: plans that run end as after Ctrl-C" if asked.is_set() else "the scheduler is gone; stopping")
    await _first(asyncio.wrap_future(submit(station.children.wait)), asyncio.create_task(leave.wait()))
    if leave.is_set():
        return ExitCode.INTERRUPTED
    code = ExitCode.DONE if asked.is_set() else ExitCode.FAILED
    await worker.close(executor_wait=False)
    return code


async def _first(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _own_host(platform: str) -> str:
    """An address of this host that no other host reaches. Dask knows workers by their addresses, so that two bastions
    mustn't have the same: Linux takes any of 127.0.0.0/8."""
    if platform != "linux":
        return "127.0.0.1"
    return ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])  # noqa: S311 - a name
