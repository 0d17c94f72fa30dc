"""Records of a zone: one of a name and type, whatever was there before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocpprov.sandbox.exchange import Answer, Request, error
from ocpprov.sandbox.manners.manner import Aws
from ocpprov.sandbox.operations import parse_xml

_Key = tuple[str, str, str]
"""Name without the last dot, type, and the identifier of a routing policy."""


class Records:
    """AWS refuses to create a record that is there, with whatever values, and takes one that was deleted.

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
        for name, type_, identifier in _created(request):
            if (name, type_, identifier) in present:
                message = (
                    f"[Tried to create resource record set [name='{name}.', type='{type_}'] but it already exists]"
                )
                return error(request, "InvalidChangeBatch", message)
        zone.rr_changes[:] = [change for change in zone.rr_changes if _of(change["ResourceRecordSet"]) in present]
        return None

    def after(self, request: Request, answer: Answer, aws: Aws) -> Answer:
        """Unchanged."""
        return answer


def _key(name: str, type_: str, identifier: str) -> _Key:
    return name.rstrip(".").lower(), type_, identifier


def _of(record: Any) -> _Key:
    return _key(record["Name"], record["Type"], record.get("SetIdentifier") or "")


def _created(request: Request) -> Iterator[_Key]:
    """The records that the request wants to create. One that it deletes first may be created in the same change."""
    deleted: set[_Key] = set()
    for change in parse_xml(request.body).iterfind(".//{*}Change"):
        record = [change.findtext(f"{{*}}ResourceRecordSet/{{*}}{part}") or "" for part in ("Name", "Type")]
        key = _key(record[0], record[1], change.findtext("{*}ResourceRecordSet/{*}SetIdentifier") or "")
        action = change.findtext("{*}Action")
        if action == "DELETE":
            deleted.add(key)
        elif action == "CREATE" and key not in deleted:
            yield key
