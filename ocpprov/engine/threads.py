"""How a run's threads begin, and how one waits for what others bring: the system's way, unless time is simulated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from typing import Any, Final, Protocol


class Threads(Protocol):
    """Beside the clock the only way to wait in a run, so that who simulates time knows when nobody is at work."""

    def start(self, work: Callable[[], object], name: str) -> None:
        """Do it in a daemon thread of its own. What it raises is lost."""
        ...

    def pool(self, size: int) -> Executor:
        """Workers, so many at a time."""
        ...

    def wait(self, futures: Collection[Future[Any]], look_up: float, *, first: bool = False) -> bool:
        """Returns when all of them, or with `first` one of them, are done: True; or, so that the waiter looks up now
        and then, after `look_up` seconds on the wall: False."""
        ...


class SystemThreads:
    """Threads as the system has them."""

    def start(self, work: Callable[[], object], name: str) -> None:
        threading.Thread(target=work, name=name, daemon=True).start()

    def pool(self, size: int) -> Executor:
        return ThreadPoolExecutor(size, thread_name_prefix="work")

    def wait(self, futures: Collection[Future[Any]], look_up: float, *, first: bool = False) -> bool:
        found = wait(futures, look_up, FIRST_COMPLETED if first else ALL_COMPLETED)
        return bool(found.done) if first else not found.not_done


SYSTEM_THREADS: Final = SystemThreads()
