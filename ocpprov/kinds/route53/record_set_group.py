"""AWS::Route53::RecordSetGroup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ocpprov.engine.kind_facts import Identity, Property
from ocpprov.engine.resources import Created, Live, Resource
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.inline_ids import free_id, words
from ocpprov.kinds.reads import Found, Pages, Read
from ocpprov.kinds.route53.record_set import RECORD, RecordSet

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients


class RecordSetGroup(Kind):
    """Several records written as one resource. AWS knows no such thing: it is taken apart into its records."""

    type = "AWS::Route53::RecordSetGroup"
    service = "route53"
    properties = (
        Property(
            "HostedZoneId", "string", required=True, create_only=True, documentation="The zone that the records are in."
        ),
        Property(
            "RecordSets",
            "list",
            required=True,
            items=Property("RecordSet", "object", properties=RECORD),
            documentation="The records.",
        ),
        Property("Comment", "string", documentation="For readers of the plan; kept nowhere."),
    )
    permissions = Permissions(
        read=RecordSet.permissions.read,
        create=RecordSet.permissions.create,
        update=RecordSet.permissions.update,
        delete=RecordSet.permissions.delete,
    )
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "HostedZoneId"

    def reads(self, found: Found) -> Sequence[Read]:
        return ()

    def parse(self, pages: Pages) -> Sequence[Live]:
        return ()

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        raise NotImplementedError(f"{request.logical_id}: a {self.type} is made as its records")

    def delete(self, clients: Clients, live: Live) -> None:
        raise NotImplementedError(f"{live.id}: a {self.type} is deleted as its records")

    def expand(self, resource: Resource) -> Sequence[Resource]:
        return list(_records(resource))


def _records(group: Resource) -> Iterator[Resource]:
    zone = group.properties.get("HostedZoneId")
    rows = group.properties.get("RecordSets")
    taken: set[str] = set()
    for row in rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ():
        if isinstance(row, Mapping):
            properties: dict[str, Value] = {"HostedZoneId": zone, **row}
            label = f"{group.logical_id}/{words(row.get('Name'))} {words(row.get('Type'))}"
            yield Resource(
                logical_id=free_id(label, taken),
                type=RecordSet.type,
                properties=properties,
                depends_on=group.depends_on,
                deletion_policy=group.deletion_policy,
                position=group.position,
                parent=group.logical_id,
            )
