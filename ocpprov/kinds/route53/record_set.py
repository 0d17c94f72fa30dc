"""AWS::Route53::RecordSet."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

from ocpprov.engine.kind_facts import Identity, Property, UniqueKey
from ocpprov.engine.ownership import remembered_as
from ocpprov.engine.resources import Created, Live
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Kind, Permissions
from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.route53.common import bare_id, canonical_name, with_canonical_names, zone_ids

if TYPE_CHECKING:
    from mypy_boto3_route53.literals import ChangeActionType
    from mypy_boto3_route53.type_defs import ResourceRecordSetTypeDef

    from ocpprov.aws.clients import Clients

# Members that mean the same in the plan and in the API.
PLAIN: Final = ("Type", "SetIdentifier", "Weight", "Region", "Failover", "MultiValueAnswer", "HealthCheckId")

RECORD: Final = (
    Property(
        "Name",
        "string",
        required=True,
        create_only=True,
        format="domain",
        documentation="The full name, with or without the dot at its end.",
    ),
    Property(
        "Type",
        "string",
        required=True,
        create_only=True,
        allowed=("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SPF", "SRV", "TXT"),
        documentation="The DNS type.",
    ),
    Property(
        "TTL",
        "string",
        may_be_absent=True,
        pattern="[0-9]+",
        documentation="Seconds that resolvers may keep it; not for an alias.",
    ),
    Property(
        "ResourceRecords",
        "list",
        may_be_absent=True,
        items=Property("ResourceRecord", "string", longest=4000),
        documentation="The values, as in a zone file; not for an alias.",
    ),
    Property(
        "AliasTarget",
        "object",
        may_be_absent=True,
        properties=(
            Property("DNSName", "string", required=True, format="domain", documentation="The target's name."),
            Property(
                "HostedZoneId",
                "string",
                required=True,
                longest=32,
                documentation="The target's own zone, not this one.",
            ),
            Property("EvaluateTargetHealth", "boolean", default=False, documentation="Whether its health counts."),
        ),
        documentation="An AWS resource that answers in place of values.",
    ),
    Property(
        "SetIdentifier",
        "string",
        create_only=True,
        pattern=r"[\s\S]+",
        longest=128,
        documentation="Tells apart records of one name and type.",
    ),
    Property(
        "Weight",
        "integer",
        may_be_absent=True,
        minimum=0,
        maximum=255,
        documentation="Share of the answers, with SetIdentifier.",
    ),
    Property(
        "Region",
        "string",
        may_be_absent=True,
        pattern=r"[\s\S]+",
        longest=64,
        documentation="Region of the target, for latency routing.",
    ),
    Property(
        "Failover",
        "string",
        may_be_absent=True,
        allowed=("PRIMARY", "SECONDARY"),
        documentation="Role in a failover pair.",
    ),
    Property("MultiValueAnswer", "boolean", may_be_absent=True, documentation="Whether it is one of several answers."),
    Property(
        "HealthCheckId",
        "string",
        may_be_absent=True,
        longest=64,
        documentation="The health check that the record depends on.",
    ),
)
ZONE_ID: Final = Property(
    "HostedZoneId",
    "string",
    required=True,
    create_only=True,
    longest=32,
    documentation="The zone that the record is in.",
)


class RecordSet(Kind):
    """All values of one name and type in a zone. `Ref` gives the name."""

    type = "AWS::Route53::RecordSet"
    tells = ("Name", "Type")
    service = "route53"
    properties = (ZONE_ID, *RECORD)
    permissions = Permissions(
        read=("route53:ListResourceRecordSets",),
        create=("route53:ChangeResourceRecordSets",),
        update=("route53:ChangeResourceRecordSets",),
        delete=("route53:ChangeResourceRecordSets",),
    )
    identity = Identity.LEDGER
    tags_property = ""
    tag_limit = 0
    parent_property = "HostedZoneId"

    def reads(self, found: Found) -> Sequence[Read]:
        return [read("route53", "list_resource_record_sets", HostedZoneId=zone) for zone in zone_ids(found)]

    def parse(self, pages: Pages) -> Sequence[Live]:
        lives: dict[str, Live] = {}
        for made, page in pages.documents("route53", "list_resource_record_sets"):
            zone_id = bare_id(made.arguments()["HostedZoneId"])
            for record in page["ResourceRecordSets"]:
                live = _live(zone_id, record)
                lives[live.id] = live
        return _with_apex_marked(list(lives.values()))

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        return self.create_many(clients, [request])[0]

    def create_many(self, clients: Clients, requests: Sequence[CreateRequest]) -> Sequence[Created]:
        """All records of one zone in one change: all are made or none."""
        wanted = [request.properties for request in requests]
        _change(clients, "CREATE", wanted)
        return [Created(_id(properties)) for properties in wanted]

    def delete(self, clients: Clients, live: Live) -> None:
        self.delete_many(clients, [live])

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        _change(clients, "DELETE", [live.properties for live in lives])

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        _change(clients, "UPSERT", [desired])

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return _canonical(properties)

    def key(self, properties: Mapping[str, Value]) -> UniqueKey | None:
        record = _canonical(properties)
        parts = tuple(record.get(name) for name in ("HostedZoneId", "Name", "Type"))
        identifier = record.get("SetIdentifier", "")
        texts = tuple(part for part in (*parts, identifier) if isinstance(part, str))
        return texts if len(texts) == 4 else None

    def references(self, live: Live) -> Sequence[str]:
        return [str(live.properties["HostedZoneId"])]

    def ledger_entry(self, properties: Mapping[str, Value]) -> str | None:
        name, record_type = properties.get("Name"), properties.get("Type")
        if not isinstance(name, str) or not isinstance(record_type, str):
            return None
        identifier = properties.get("SetIdentifier")
        entry = f"rr {canonical_name(name)} {record_type}"
        return remembered_as(f"{entry} {identifier}" if identifier else entry)

    def batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        zone = properties.get("HostedZoneId")
        return ("records", zone) if isinstance(zone, Hashable) and zone else None


def _id(properties: Mapping[str, Any]) -> str:
    name = canonical_name(properties["Name"])
    return "|".join((properties["HostedZoneId"], name, properties["Type"], properties.get("SetIdentifier", "")))


def _canonical(properties: Mapping[str, Value]) -> dict[str, Value]:
    """The record in the shape of live ones, as far as it is known: canonical names, TTL as text, values in order."""
    record = with_canonical_names(properties, "Name")
    alias, ttl, values = record.get("AliasTarget"), record.get("TTL"), record.get("ResourceRecords")
    if isinstance(alias, Mapping):
        record["AliasTarget"] = {"EvaluateTargetHealth": False, **with_canonical_names(alias, "DNSName")}
    if isinstance(ttl, int):
        record["TTL"] = str(ttl)
    if isinstance(values, Sequence) and not isinstance(values, str):
        texts = [value for value in values if isinstance(value, str)]
        record["ResourceRecords"] = sorted(texts) if len(texts) == len(values) else values
    return record


def _change(clients: Clients, action: ChangeActionType, records: Sequence[Mapping[str, Any]]) -> None:
    """One change of the zone that all the records are in."""
    clients.route53.change_resource_record_sets(
        HostedZoneId=records[0]["HostedZoneId"],
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": _api_record(record)} for record in records]},
    )


def _api_record(properties: Mapping[str, Any]) -> ResourceRecordSetTypeDef:
    """A record in the API's shape. The canonical one, so that a deletion names exactly what a creation did."""
    known: Mapping[str, Any] = _canonical(properties)
    record: dict[str, Any] = {name: known[name] for name in ("Name", *PLAIN, "AliasTarget") if name in known}
    if "TTL" in known:
        record["TTL"] = int(known["TTL"])
    if "ResourceRecords" in known:
        record["ResourceRecords"] = [{"Value": value} for value in known["ResourceRecords"]]
    return cast("ResourceRecordSetTypeDef", record)


def _live(zone_id: str, record: Mapping[str, Any]) -> Live:
    name = canonical_name(record["Name"])
    properties: dict[str, Value] = {"HostedZoneId": zone_id, "Name": name}
    properties |= {member: record[member] for member in PLAIN if member in record}
    if "TTL" in record:
        properties["TTL"] = str(record["TTL"])
    if record.get("ResourceRecords"):
        properties["ResourceRecords"] = sorted(item["Value"] for item in record["ResourceRecords"])
    if record.get("AliasTarget"):
        properties["AliasTarget"] = with_canonical_names(record["AliasTarget"], "DNSName")
    return Live(
        type=RecordSet.type, id=_id(properties), ref=name, properties=properties, unanswered=_unsaid(properties)
    )


def _unsaid(properties: Mapping[str, Value]) -> frozenset[str]:
    """What the answer should say of the record's content: a target, or values and how long they may be kept."""
    if "AliasTarget" in properties:
        return frozenset()
    if "ResourceRecords" in properties:
        return frozenset({"TTL"} - properties.keys())
    return frozenset({"AliasTarget", "ResourceRecords", "TTL"} - properties.keys())


def _with_apex_marked(lives: Sequence[Live]) -> list[Live]:
    """The records, those that Route 53 makes with a zone marked as its own: SOA and NS of the zone's name. Only the
    apex has a SOA record."""
    apexes = {
        (live.properties["HostedZoneId"], live.properties["Name"]) for live in lives if live.properties["Type"] == "SOA"
    }
    return [replace(live, service_owned=_is_apex(live, apexes)) for live in lives]


def _is_apex(live: Live, apexes: Set[tuple[Value, Value]]) -> bool:
    place = (live.properties["HostedZoneId"], live.properties["Name"])
    return place in apexes and live.properties["Type"] in ("SOA", "NS")
