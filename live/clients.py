"""Plain clients of one region, and the time: whoever asks AWS here does so without ocpprov."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

Clients: TypeAlias = Callable[[str], Any]
"""A client for boto3's name of a service. IAM and Route 53 answer in any region."""


_PATIENT: Final = Config(retries={"total_max_attempts": 8, "mode": "standard"}, user_agent_extra="ocpprov-live")


class Clock(Protocol):
    """AWS's seconds."""

    def monotonic(self) -> float:
        """Since some moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Returns when they have passed."""
        ...


@dataclass(frozen=True)
class WallClock:
    """The wall's, `scale` times faster: more than 1 in the sandbox."""

    scale: float = 1.0

    def monotonic(self) -> float:
        return time.monotonic() * self.scale

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.scale)


def clients_of(session: boto3.Session) -> Clients:
    """Clients that try again where AWS is busy or a connection breaks, so that neither passes for an answer. Each is
    made when it is first asked for."""
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            make: Any = session.client
            made[service] = make(service, config=_PATIENT)
        return made[service]

    return client


def with_keys(like: Any, keys: Mapping[str, str]) -> Any:
    """A client that signs with other keys, at the same address of the same service and region."""
    make: Any = boto3.client
    about = like.meta
    return make(
        about.service_model.service_name,
        region_name=about.region_name,
        endpoint_url=about.endpoint_url,
        config=_PATIENT,
        **keys,
    )


def code(call: Callable[[], Any]) -> str:
    """What AWS says: its error code and the HTTP status, or `ok`."""
    try:
        call()
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"
    except BotoCoreError as error:
        return type(error).__name__
    return "ok"
