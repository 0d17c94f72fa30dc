"""The private zones of a VPC, read with what may be read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from ocpprov.aws.reads import Answer, Reader
from ocpprov.commands.discovery_zones import read_zones
from ocpprov.kinds.reads import Read
from ocpprov.reachability.zones import Record, Zone
from tests.commands.test_discovery_reachability import DENIED

HOST, DOMAIN = "api-int.prod.example.com", "prod.example.com"
OWN = {"HostedZoneId": "Z1", "Name": "Prod.example.com.", "Owner": {"OwningAccount": "123456789012"}}
TWIN = {"HostedZoneId": "Z2", "Name": f"{HOST}.", "Owner": {"OwningAccount": "123456789012"}}
API = {"Name": f"{HOST}.", "Type": "A", "ResourceRecords": [{"Value": "10.0.0.9"}]}
LACKING = Answer(
    {"ResourceRecordSets": [{"Name": f"{HOST}.", "Type": "A", "AliasTarget": {"HostedZoneId": "Z3"}}]}, "List", "r-1"
)
READ = Record(HOST, "A", (), ("10.0.0.9",))


class Answering:
    """A reader of an AWS that has these zones, and the same records in each."""

    def __init__(self, zones: Any, records: Any = ({"ResourceRecordSets": [API]},)) -> None:
        self.zones, self.records = zones, records
        self.asked: list[tuple[str, str]] = []

    def attempt(self, wanted: Sequence[Read]) -> dict[Read, Any]:
        return {one: self._answer(one) for one in wanted}

    def _answer(self, one: Read) -> Any:
        arguments = one.arguments()
        self.asked.append((one.operation, str(arguments.get("HostedZoneId", arguments.get("VPCId")))))
        if one.operation == "list_resource_record_sets":
            return self.records
        assert arguments == {"VPCId": "vpc-1", "VPCRegion": "eu-west-1"}
        return [{"HostedZoneSummaries": self.zones}] if isinstance(self.zones, list) else self.zones


def found(answering: Answering, known: Mapping[str, Sequence[Record]] | None = None) -> Any:
    reader = cast("Reader", answering)
    return read_zones("vpc-1", "eu-west-1", "123456789012", [HOST], known or {"Z1": (READ,)}, reader)


def test_records_that_are_known_cost_no_call() -> None:
    answering = Answering([OWN])
    assert found(answering) == [Zone("Z1", DOMAIN, (READ,))]
    assert answering.asked == [("list_hosted_zones_by_vpc", "vpc-1")]


def test_a_zone_that_somebody_else_made_is_read() -> None:
    answering = Answering([OWN, TWIN])
    assert found(answering) == [Zone("Z1", DOMAIN, (READ,)), Zone("Z2", HOST, [READ])]
    assert answering.asked[1:] == [("list_resource_record_sets", "Z2")]


@pytest.mark.parametrize(
    "zone",
    [
        {**TWIN, "Name": "other.example.com."},
        {**TWIN, "Owner": {"OwningService": "vpce.amazonaws.com"}},
    ],
)
def test_zones_that_hide_nothing_are_left_out(zone: Mapping[str, Any]) -> None:
    assert found(Answering([OWN, zone])) == [Zone("Z1", DOMAIN, (READ,))]


@pytest.mark.parametrize("zone", [{"Name": f"{HOST}."}, {"HostedZoneId": "Z2"}, {}])
def test_a_zone_of_which_nobody_says_which_it_is_may_hide_any_name(zone: Mapping[str, Any]) -> None:
    assert found(Answering([OWN, zone])) is None


def test_a_zone_of_another_account_is_its_alone_to_read() -> None:
    answering = Answering([{**TWIN, "Owner": {"OwningAccount": "210987654321"}}])
    assert found(answering) == [Zone("Z2", HOST, None, "210987654321")]
    assert len(answering.asked) == 1


@pytest.mark.parametrize(
    "records", [DENIED, [{"ResourceRecordSets": [{"Type": "A"}]}], [{"ResourceRecordSets": [3]}], [LACKING]]
)
def test_records_that_are_not_told_are_not_known(records: Any) -> None:
    assert found(Answering([TWIN], records)) == [Zone("Z2", HOST, None)]


def test_where_nobody_lets_us_look_nothing_is_known() -> None:
    assert found(Answering(DENIED)) is None
