"""What is known of every request that leaves: names and ids, never content. `hooks` fills it in."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias


@dataclass(frozen=True)
class CallRecord:
    """One request as it was sent, re-sends by the SDK included (`attempt` counts from 1).

    `operation` is the API's name (`CreateVpc`). `status` is the HTTP status, 0 when no answer came; then `error_code`
    is the name of botocore's error. `seconds` are seconds on the wall.
    """

    service: str
    operation: str
    mutating: bool
    region: str
    request_id: str
    status: int
    error_code: str
    seconds: float
    attempt: int


class CallSubject(threading.local):
    """What the calls of a thread are for: logical ids, none where nobody has said, and how urgent they are: the seconds
    that the run takes at least from them to its end. Each thread has its own."""

    names: tuple[str, ...] = ()
    urgency: float = 0.0

    @contextmanager
    def about(self, names: Iterable[str], urgency: float = 0.0) -> Iterator[None]:
        """The calls meanwhile are for these."""
        before = self.names, self.urgency
        self.names, self.urgency = tuple(names), urgency
        try:
            yield
        finally:
            self.names, self.urgency = before


CallObserver: TypeAlias = Callable[[CallRecord], None]

GIVE_CREDENTIALS: Final = frozenset(
    {
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "CreateOAuth2Token",
        "CreateToken",
        "GetCallerIdentity",
        "GetRoleCredentials",
        "GetSessionToken",
    }
)
"""What answers with keys, or is asked with a token: nobody knows what else it repeats. Nothing in the account changes
by it, whatever its verb."""
_READING_VERBS: Final = ("Decode", "Describe", "Get", "List", "Head", "Lookup", "Search", "Simulate")


def is_mutating(operation: str) -> bool:
    """Whether an operation changes anything in the account, by its verb."""
    return operation not in GIVE_CREDENTIALS and not operation.startswith(_READING_VERBS)


class CallCounter:
    """How often each operation was sent. Called from any thread; the lock guards the counts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, record: CallRecord) -> None:
        with self._lock:
            self._counts[f"{record.service}:{record.operation}"] += 1

    def snapshot(self) -> dict[str, int]:
        """Counts so far, by `service:Operation`, sorted by name."""
        with self._lock:
            return dict(sorted(self._counts.items()))
