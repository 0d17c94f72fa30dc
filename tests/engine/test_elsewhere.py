"""Rows of ours in other people's zones and tables: the memory of one counts only while the row leads to what has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import RECORDS, LedgerEntries, decode_ledger
from ocpprov.engine.resources import Live
from ocpprov.engine.values import GetAtt
from ocpprov.kinds.reads import Found
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import BALANCER, RECORD, ROUTE
from tests.engine.planning import OWNER, done, forgotten, left_alone, live, planned, sends, tagging, wanted

GATEWAY: Final = "AWS::EC2::NatGateway"
DNS_NAME: Final = "lab-int-0a1b.elb.eu-west-1.amazonaws.com"
ZONE_OF_BALANCERS: Final = "Z2IFOLAFXWLO4F"


def _balancer(*entries: str) -> Live:
    attributes = {"DNSName": DNS_NAME, "CanonicalHostedZoneID": ZONE_OF_BALANCERS, "LoadBalancerArn": "arn:lb"}
    remembered = LedgerEntries(elsewhere=frozenset(entries))
    return live(BALANCER, "arn:lb", "Api", {"Type": "network"}, remembered, attributes=attributes)


def _record(name: str, type: str, **properties: Any) -> Live:
    return live(
        RECORD, f"Z0THEIRS|{name}|{type}|", "", {"HostedZoneId": "Z0THEIRS", "Name": name, "Type": type, **properties}
    )


def _alias(dns_name: str) -> Mapping[str, Any]:
    return {"AliasTarget": {"DNSName": dns_name, "HostedZoneId": ZONE_OF_BALANCERS, "EvaluateTargetHealth": False}}


LEADS: Final = {
    "alias": _record("api.lab.corp.", "A", **_alias(DNS_NAME)),
    "alias as the console writes it": _record("api.lab.corp.", "A", **_alias(f"dualstack.{DNS_NAME.upper()}.")),
    "other name": _record("api.lab.corp.", "CNAME", ResourceRecords=[DNS_NAME]),
}
DOESNT_LEAD: Final = {
    "alias to another balancer": _record("db.corp.", "A", **_alias("other-0a1b.elb.eu-west-1.amazonaws.com")),
    "mail": _record("corp.", "MX", ResourceRecords=["10 mail.corp."]),
    "text": _record("corp.", "TXT", ResourceRecords=['"v=spf1 -all"']),
    "nowhere": _record("none.corp.", "CNAME", ResourceRecords=["."]),
    "address": _record("www.corp.", "A", ResourceRecords=["192.0.2.1"]),
}


def _entry(record: Live) -> str:
    return f"Z0THEIRS rr {record.properties['Name']} {record.properties['Type']}"


@pytest.mark.parametrize("record", LEADS.values(), ids=LEADS)
def test_a_record_that_leads_to_the_balancer_goes_with_it(record: Live) -> None:
    lives = [_balancer(_entry(record)), record]
    assert done(planned({}, lives)) == {"arn:lb": "delete", record.id: "delete"}
    assert done(planned(wanted(Api=(BALANCER, {"Type": "network"})), lives)) == {record.id: "delete"}


@pytest.mark.parametrize("record", DOESNT_LEAD.values(), ids=DOESNT_LEAD)
def test_a_record_that_only_a_tag_names_is_listed_and_stays(record: Live) -> None:
    """Whoever may tag the balancer doesn't choose what of a zone is deleted."""
    lives = [_balancer(_entry(record)), record]
    for actions in (planned({}, lives), planned(wanted(Api=(BALANCER, {"Type": "network"})), lives)):
        assert record.id not in done(actions)
        assert f"Api: {RECORD} {record.id}: the tag ocpprov:records of arn:lb names it, and it" in left_alone(actions)


LONG: Final = f"{'.'.join(['a' * 60] * 3)}.{'b' * 50}.corp."


def test_a_record_with_the_longest_of_names_is_remembered_with_its_zone() -> None:
    """A tag has no room for both; where the zone couldn't be read from it, nobody would look there."""
    row = {"HostedZoneId": "Z0123456789ABCDEFGHIJ", "Name": LONG, "Type": "A", **_alias(DNS_NAME)}
    record = live(RECORD, f"Z0123456789ABCDEFGHIJ|{LONG}|A|", "", row)
    alias = {**_alias(DNS_NAME)["AliasTarget"], "DNSName": GetAtt("Api", "DNSName")}
    plan = wanted(Api=(BALANCER, {"Type": "network"}), Record=(RECORD, {**row, "AliasTarget": alias}))
    entries = planned_ledgers(plan, KINDS)["Api"].elsewhere
    balancer = _balancer(*entries)
    assert Found(OWNER, {BALANCER: [balancer]}).parents_elsewhere() == {"Z0123456789ABCDEFGHIJ"}
    assert decode_ledger(RECORDS, balancer.tags) == entries
    assert done(planned({}, [balancer, record])) == {"arn:lb": "delete", record.id: "delete"}
    assert done(planned(plan, [balancer, record])) == {}


def test_what_is_not_true_is_forgotten() -> None:
    record = DOESNT_LEAD["mail"]
    actions = planned(wanted(Api=(BALANCER, {"Type": "network"})), [_balancer(_entry(record)), record])
    assert sends(actions) == ["tag Api"]
    assert tagging(actions, forgotten("Api")) == ({}, ["ocpprov:records"])


def test_a_route_in_their_table_counts_by_the_gateway_that_it_leads_to() -> None:
    properties = {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"}
    remembered = LedgerEntries(elsewhere=frozenset({"rtb-0f r 0.0.0.0/0", "rtb-0f r 10.1.0.0/16"}))
    gateway = live(GATEWAY, "nat-0a", "Nat", properties, remembered)
    ours = live(
        ROUTE,
        "rtb-0f|0.0.0.0/0",
        "",
        {"RouteTableId": "rtb-0f", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0a"},
    )
    theirs = live(
        ROUTE,
        "rtb-0f|10.1.0.0/16",
        "",
        {"RouteTableId": "rtb-0f", "DestinationCidrBlock": "10.1.0.0/16", "GatewayId": "igw-0f"},
    )
    assert done(planned({}, [gateway, ours, theirs])) == {"nat-0a": "delete", ours.id: "delete"}
