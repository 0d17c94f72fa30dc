"""Public zones: what the list and the records say in place of GetHostedZone, and when that isn't enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.kinds.reads import Found, Pages, Read, read
from ocpprov.kinds.registry import KINDS
from ocpprov.kinds.route53.public_zones import LIST_ZONES, PublicZones
from tests.kinds.world import OWNER, World

BULK = PublicZones()
ZONE = KINDS["AWS::Route53::HostedZone"]
ID, OTHER = "Z0OURS0000", "Z0OTHER000"
GET, RECORDS = read("route53", "get_hosted_zone", Id=ID), read("route53", "list_resource_record_sets", HostedZoneId=ID)
GET_OTHER = read("route53", "get_hosted_zone", Id=OTHER)
SERVERS = [f"ns-{number}.awsdns-0{number}.{end}" for number, end in enumerate(("com", "net", "org", "co.uk"))]
PUBLIC: Mapping[str, Any] = {"Id": f"/hostedzone/{ID}", "Name": "example.net.", "Config": {"PrivateZone": False}}
FOUND = Found(OWNER, names=frozenset())


def record(type: str, *values: str, name: str = "Example.net.") -> dict[str, Any]:
    return {"Name": name, "Type": type, "TTL": 900, "ResourceRecords": [{"Value": value} for value in values]}


NS = record("NS", *(f"{server}." for server in SERVERS))
SOA = record("SOA", f"{SERVERS[2]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400")


def answers(*records: Mapping[str, Any], zone: Mapping[str, Any] = PUBLIC) -> Pages:
    pages: dict[Read, Sequence[Mapping[str, Any]]] = {LIST_ZONES: [{"HostedZones": [zone]}]}
    # A page for each record: an apex may stand on two.
    return Pages(pages | ({RECORDS: [{"ResourceRecordSets": [each]} for each in records]} if records else {}))


def test_the_list_and_the_apex_say_all_of_a_public_zone() -> None:
    delegated = record("NS", "ns.elsewhere.", name="sub.example.net.")
    assert BULK.told([GET, RECORDS, GET_OTHER], answers(NS, delegated, SOA)) == {
        GET: [{"HostedZone": PUBLIC, "DelegationSet": {"NameServers": SERVERS}}]
    }


@pytest.mark.parametrize(
    "records",
    [
        [],
        [SOA],
        [NS],
        [record("NS", *SERVERS[:3]), SOA],
        [record("NS", *SERVERS, "ns-9.awsdns-09.com"), SOA],
        [record("NS", *SERVERS[:3], "ns1.example.net."), SOA],
        [NS, record("SOA", "ns-7.awsdns-07.com. hostmaster 1 2 3 4 5")],
        [NS, record("SOA", "ns1.example.net. hostmaster 1 2 3 4 5")],
        [record("NS", *SERVERS, name="sub.example.net."), SOA],
        [NS, {**SOA, "ResourceRecords": []}],
    ],
    ids=["no", "no servers", "no start", "three", "five", "their own", "another zone's", "other", "a part's", "empty"],
)
def test_whose_apex_leaves_a_doubt_is_asked_for(records: list[Mapping[str, Any]]) -> None:
    assert BULK.told([GET], answers(*records)) == {}


@pytest.mark.parametrize(
    "zone",
    [
        {**PUBLIC, "Config": {"PrivateZone": True}},
        {**PUBLIC, "Config": {}},
        {"Id": PUBLIC["Id"], "Name": PUBLIC["Name"]},
        {"Id": PUBLIC["Id"], "Config": PUBLIC["Config"]},
        {**PUBLIC, "Id": f"/hostedzone/{OTHER}"},
    ],
    ids=["private", "says nothing", "without configuration", "nameless", "not listed"],
)
def test_what_the_list_does_not_call_public_is_asked_for(zone: Mapping[str, Any]) -> None:
    assert BULK.told([GET], answers(NS, SOA, zone=zone)) == {}
    assert BULK.later([GET, RECORDS], answers(zone=zone), FOUND) == []


def test_a_public_zone_waits_for_its_records_where_they_are_asked_now() -> None:
    assert BULK.later([GET, RECORDS], answers(), FOUND) == [GET]
    assert BULK.later([GET], answers(), FOUND) == []
    assert BULK.later([GET, RECORDS, LIST_ZONES], Pages(), FOUND) == [GET]
    assert BULK.later([GET, RECORDS], Pages(), FOUND) == []
    assert BULK.later([GET_OTHER, RECORDS], answers(), FOUND) == []


def test_it_is_the_same_zone_that_its_own_call_has(world: World) -> None:
    route53 = world.clients.route53
    made = route53.create_hosted_zone(Name="example-corp.net", CallerReference="one")
    id = made["HostedZone"]["Id"].rpartition("/")[2]
    own, listed = read("route53", "get_hosted_zone", Id=id), world.answer(LIST_ZONES)
    by_call = ZONE.parse(Pages({LIST_ZONES: listed, own: world.answer(own)}))
    servers = by_call[0].attributes["NameServers"]
    assert isinstance(servers, list)
    apex = [
        record("NS", *servers, name="example-corp.net."),
        record("SOA", f"{servers[0]}. hostmaster 1", name="example-corp.net."),
    ]
    records = read("route53", "list_resource_record_sets", HostedZoneId=id)
    told = BULK.told([own], Pages({LIST_ZONES: listed, records: [{"ResourceRecordSets": apex}]}))
    assert ZONE.parse(Pages({LIST_ZONES: listed, **told})) == by_call
