"""Records of a zone: one of a name and type, whatever was there before, and changes that take their time."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from typing import Any

from ocpprov.sandbox.delays import Delays
from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.operations import parse_xml

_CHANGE_INFO = re.compile(rb"<ChangeInfo>.*?</ChangeInfo>", re.DOTALL)
_CHANGE_ID = re.compile(rb"<Id>[^<]*</Id>")
_CHANGE_STATUS = re.compile(rb"<Status>\w+</Status>")
_CHANGING = re.compile(r"(Change|Create|Delete|Associate|Disassociate)")

_Key = tuple[str, str, str]
"""Name without the last dot, type, and the identifier of a routing policy."""


class Records:
    """AWS refuses to create a record that is there, with whatever values, and to delete one that isn't; it takes one
    that was deleted.

    moto compares with the history of the zone's changes instead of its records.
    """

    def before(self, request: Request, aws: Aws) -> Answer | None:
        """The refusal, if there is one; moto's history is cut down to what is still there."""
        if request.service != "route53" or request.operation != "ChangeResourceRecordSets":
            return None
        zone = aws.route53(request).zones.get(request.get("HostedZoneId"))
        if zone is None:
            return None
        present = {_key(record.name, record.type, record.set_identifier or "") for record in zone.rrsets}
        complaints = list(_complaints(request, present))
        if complaints:
            return error(request, "InvalidChangeBatch", f"[{', '.join(complaints)}]")
        zone.rr_changes[:] = [change for change in zone.rr_changes if _of(change["ResourceRecordSet"]) in present]
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _key(name: str, type_: str, identifier: str) -> _Key:
    return name.rstrip(".").lower(), type_, identifier


def _of(record: Any) -> _Key:
    return _key(record["Name"], record["Type"], record.get("SetIdentifier") or "")


def _complaints(request: Request, present: set[_Key]) -> Iterator[str]:
    """What can't be done of a batch, each change seen after those before it."""
    now = set(present)
    for change in parse_xml(request.body).iterfind(".//{*}Change"):
        name, type_ = (change.findtext(f"{{*}}ResourceRecordSet/{{*}}{part}") or "" for part in ("Name", "Type"))
        key = _key(name, type_, change.findtext("{*}ResourceRecordSet/{*}SetIdentifier") or "")
        record = f"resource record set [name='{key[0]}.', type='{type_}']"
        action = change.findtext("{*}Action")
        if action == "CREATE" and key in now:
            yield f"Tried to create {record} but it already exists"
        if action == "DELETE" and key not in now:
            yield f"Tried to delete {record} but it was not found"
        if action == "DELETE":
            now.discard(key)
        else:
            now.add(key)


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
        if not answer.ok or request.service != "route53" or not _CHANGE_INFO.search(answer.body):
            return answer
        id_ = request.get("Id")
        if _CHANGING.match(request.operation):
            id_ = "C" + secrets.token_hex(10).upper()
            self._in_sync_at[id_] = aws.now() + self._seconds
        state = b"INSYNC" if aws.now() >= self._in_sync_at.get(id_, 0.0) else b"PENDING"

        def said(match: re.Match[bytes]) -> bytes:
            named = _CHANGE_ID.sub(b"<Id>/change/%b</Id>" % id_.encode(), match[0])
            return _CHANGE_STATUS.sub(b"<Status>%b</Status>" % state, named)

        headers = tuple(header for header in answer.headers if header[0].lower() != "content-length")
        return Answer(answer.status, _CHANGE_INFO.sub(said, answer.body), headers)
