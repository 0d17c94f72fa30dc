"""Changes of zones and records reach Route 53's servers after a while, and can be asked about by their id."""

from __future__ import annotations

import re
import secrets

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws

_INFO = re.compile(rb"<ChangeInfo>.*?</ChangeInfo>", re.DOTALL)
_ID = re.compile(rb"<Id>[^<]*</Id>")
_STATUS = re.compile(rb"<Status>\w+</Status>")
_CHANGING = re.compile(r"(Change|Create|Delete|Associate|Disassociate)")


class RecordChanges:
    """A change is PENDING, then INSYNC (Route 53's API, ChangeInfo). moto gives all changes one id, and calls them
    INSYNC at once."""

    def __init__(self, delays: Delays) -> None:
        self._seconds = delays.record_change
        self._in_sync_at: dict[str, float] = {}

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """Doesn't know what was never a change's id."""
        if request.operation == "GetChange" and request.get("Id") not in self._in_sync_at:
            message = f"Could not find resource with ID: {request.get('Id')}"
            return error(request, "NoSuchChange", message, 404)
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Gives a change its id and its state."""
        if not answer.ok or request.service != "route53" or not _INFO.search(answer.body):
            return answer
        id_ = request.get("Id")
        if _CHANGING.match(request.operation):
            id_ = "C" + secrets.token_hex(10).upper()
            self._in_sync_at[id_] = aws.now() + self._seconds
        state = b"INSYNC" if aws.now() >= self._in_sync_at.get(id_, 0.0) else b"PENDING"

        def said(match: re.Match[bytes]) -> bytes:
            named = _ID.sub(b"<Id>/change/%b</Id>" % id_.encode(), match[0])
            return _STATUS.sub(b"<Status>%b</Status>" % state, named)

        headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
        return Answer(answer.status, _INFO.sub(said, answer.body), headers)
