"""AWS's word that credentials have ended, told to them: a clock may be wrong, and not all say when they end."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocpprov.aws.codes import EXPIRED_CODES
from ocpprov.aws.credentials import RunCredentials
from ocpprov.aws.errors import message_of

if TYPE_CHECKING:
    from botocore.client import BaseClient

_ACCESS_KEY = re.compile(r"Credential=([^/]+)/")


@dataclass
class _Signed(threading.local):
    """What this thread's request is signed with; botocore calls all hooks of a request in one thread."""

    access_key: str = ""
    operation: str = ""


@dataclass(frozen=True)
class _Ear:
    """The hooks of one client."""

    credentials: RunCredentials
    signed: _Signed = field(default_factory=_Signed)

    def request_leaves(self, request: Any, event_name: str, **_: Any) -> None:
        header = request.headers.get("Authorization", "")
        found = _ACCESS_KEY.search(header.decode() if isinstance(header, bytes) else header)
        self.signed.access_key = found[1] if found else ""
        self.signed.operation = event_name.rsplit(".", 1)[-1]

    def answer_is_read(self, parsed_response: Mapping[str, Any] | None, **_: Any) -> None:
        answer = parsed_response or {}
        if answer.get("Error", {}).get("Code") in EXPIRED_CODES:
            self.credentials.refused(self.signed.access_key, message_of(answer, self.signed.operation))


def heed(client: BaseClient, credentials: RunCredentials) -> None:
    """Have the credentials hear when AWS refuses a request of this client because they ended."""
    ear = _Ear(credentials)
    client.meta.events.register("before-send", ear.request_leaves)
    client.meta.events.register("response-received", ear.answer_is_read)
