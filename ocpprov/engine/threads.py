"""How a run's threads begin, and how one waits for what others bring: the system's way, unless time is simulated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ThreadsExhausted(RuntimeError):
    """The system lets this process begin no more threads: what was to be done in one wasn't begun."""

    def __init__(self) -> None:
        super().__init__(
            "the system lets this process begin no more threads; raise its limit (ulimit -u, or the container's limit "
            "of pids or of memory), or give a lower --concurrency, then run the same command again"
        )


@contextmanager
def beginning_threads() -> Iterator[None]:
    """A thread begins here, and nothing else is done. Raises ThreadsExhausted."""
    try:
        yield
    except RuntimeError as error:
        raise ThreadsExhausted from error


class Threads(Protocol):
    """Beside the clock the only way to wait in a run, so that who simulates time knows when nobody is at work."""

    def start(self, work: Callable[[], object], name: str) -> None:
        """Do it in a daemon thread of its own. What it raises is lost. Raises ThreadsExhausted."""
        ...

    def pool(self, size: int) -> Executor:
        """Workers, so many at a time. Where none can begin, handing something out raises ThreadsExhausted."""
        ...

    def wait(self, futures: Collection[Future[Any]], look_up: float, *, first: bool = False) -> bool:
        """Returns when all of them, or with `first` one of them, are done: True; or, so that the waiter looks up now
        and then, after `look_up` seconds on the wall: False."""
        ...


class SystemThreads:
    """Threads as the system has them."""

    def start(self, work: Callable[[], object], name: str) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        with beginning_threads():
            thread.start()

    def pool(self, size: int) -> Executor:
        return _Workers(size, thread_name_prefix="work")

    def wait(self, futures: Collection[Future[Any]], look_up: float, *, first: bool = False) -> bool:
        found = wait(futures, look_up, FIRST_COMPLETED if first else ALL_COMPLETED)
        return bool(found.done) if first else not found.not_done


class _Workers(ThreadPoolExecutor):
    """Where no thread can begin the library raises, and leaves the work on its queue, from which a worker takes it as
    soon as one is free. Here it is done by nobody then."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            super().submit(_complete, future, partial(fn, *args, **kwargs))
        except RuntimeError as error:
            if future.cancel():
                raise ThreadsExhausted from error
        return future


def _complete(future: Future[T], work: Callable[[], T]) -> None:
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work())
        except BaseException as error:
            # Whatever it is: whoever waits for the result would wait for ever.
            future.set_exception(error)


SYSTEM_THREADS: Final = SystemThreads()
