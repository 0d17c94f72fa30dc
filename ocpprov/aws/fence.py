"""A gate before every change that a session sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ocpprov.aws.calls import is_mutating

if TYPE_CHECKING:
    from botocore.client import BaseClient


class Fence:
    """Whether changes may still be sent, asked right before each of them leaves. Open until it is `closed_by` a check.

    Set by the run's own thread, read by all that send.
    """

    def __init__(self) -> None:
        self._check: Callable[[], None] | None = None

    @contextmanager
    def closed_by(self, check: Callable[[], None]) -> Iterator[None]:
        """Have `check` called before each mutating request. What it raises keeps the request from being sent, and
        reaches who wanted to send it."""
        self._check = check
        try:
            yield
        finally:
            self._check = None

    def before_send(self, event_name: str, **_: Any) -> None:
        """botocore's event of a request that is about to leave."""
        check = self._check
        if check and is_mutating(event_name.rsplit(".", 1)[-1]):
            check()


def register_fence(client: BaseClient, fence: Fence) -> None:
    """Have every change of this client pass the fence."""
    client.meta.events.register_first("before-send", fence.before_send)
