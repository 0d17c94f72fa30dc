"""Records of a zone: one of a name and type, whatever was there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.operations import parse_xml

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
