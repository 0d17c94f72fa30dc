"""AWS in this process, on a clock that goes only when somebody waits, and a product that only says what it was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3
from botocore.config import Config

from live.clients import Clients
from ocpprov.sandbox.clocks import VirtualClock
from ocpprov.sandbox.cloud import MotoCloud
from ocpprov.sandbox.delays import NO_DELAYS
from ocpprov.sandbox.middleware import all_middleware
from ocpprov.sandbox.pipeline import Pipeline
from tests.support.transport import answer_in_this_process

REGION = "eu-west-1"
RUN = "ocpprov-live-ab12cd"


@dataclass(frozen=True)
class Ticking:
    """The clock of `live.clients`, over the sandbox's."""

    clock: VirtualClock

    def monotonic(self) -> float:
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)


class Aws:
    """An empty sandbox, and plain clients of it."""

    def __init__(self) -> None:
        self.clock = Ticking(VirtualClock())
        self.pipeline = Pipeline(MotoCloud(self.clock.clock.now), partial(all_middleware, NO_DELAYS))
        self._made: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """One that tries once."""
        if service not in self._made:
            make: Any = boto3.client
            keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
            once = Config(retries={"total_max_attempts": 1}, proxies={})
            client = make(service, region_name=REGION, endpoint_url="http://127.0.0.1:1", config=once, **keys)
            answer_in_this_process(client, self.pipeline.answer)
            self._made[service] = client
        return self._made[service]

    def changes(self) -> list[str]:
        """The operations that may have changed something, in order."""
        return [call["operation"] for call in self.pipeline.calls() if call["mutating"]]


@dataclass
class Told:
    """A product that does what `does` says, and keeps what it was told."""

    does: Callable[[Sequence[str]], int] = lambda words: 0
    commands: list[tuple[str, ...]] = field(default_factory=list)
    sent: Mapping[str, int] = field(default_factory=dict)

    def run(self, *arguments: str) -> int:
        self.commands.append(arguments)
        return self.does(arguments)

    def changes(self, plan: str) -> int:
        return self.sent.get(plan, 0)


_ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "describe_availability_zones": {"AvailabilityZones": [{"ZoneName": f"{REGION}a"}]},
    "describe_vpc_endpoint_services": {"ServiceDetails": [{"AvailabilityZones": [f"{REGION}a"]}]},
    "get_caller_identity": {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/operator"},
}


@dataclass(frozen=True)
class _Canned:
    """A service with the same answer to an operation each time, an empty one to all that isn't named."""

    answers: Mapping[str, Mapping[str, Any]]

    def can_paginate(self, operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Any:
        return lambda **arguments: self.answers.get(operation, {})


def canned(**answers: Mapping[str, Any]) -> Clients:
    """Clients of an account that has just that, and where nothing is made: no more than what a story needs."""
    service = _Canned({**_ANSWERS, **answers})
    return lambda name: service


nothing_there = canned()


def failing(client: Clients, service: str, operation: str, error: Exception) -> Clients:
    """The same clients, but for one operation, which raises."""

    class Failing:
        def __getattr__(self, name: str) -> Any:
            if name == "can_paginate":
                return lambda asked: asked != operation and client(service).can_paginate(asked)
            if name == operation:
                return self._raise
            return getattr(client(service), name)

        def _raise(self, **_: Any) -> None:
            raise error

    return lambda asked: Failing() if asked == service else client(asked)
