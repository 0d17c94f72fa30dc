"""A gate before every change that a session sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ocpprov.aws.calls import is_mutating
from ocpprov.aws.clients import Clients


@contextmanager
def fence(clients: Clients, check: Callable[[], None]) -> Iterator[None]:
    """Have `check` called right before each mutating request of these clients leaves. What it raises keeps the request
    from being sent, and reaches who wanted to send it."""

    def before_send(event_name: str, **_: Any) -> None:
        if is_mutating(event_name.rsplit(".", 1)[-1]):
            check()

    events = [client.meta.events for client in clients.by_service().values()]
    for each in events:
        each.register_first("before-send", before_send)
    try:
        yield
    finally:
        for each in events:
            each.unregister("before-send", before_send)
