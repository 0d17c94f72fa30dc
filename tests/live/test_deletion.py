"""What is asked for when a thing of the questions goes."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from live.deletion import DELETIONS, delete
from live.things import ENDPOINT, INTERFACE, ZONE, Thing
from tests.live.support import canned


class Route53:
    """A zone with its own two records, one of ours, and a delegation."""

    def __init__(self) -> None:
        self.deleted: list[tuple[str, str]] = []
        self.zones: list[str] = []

    def get_hosted_zone(self, Id: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        return {"HostedZone": {"Id": Id, "Name": "a.example.net."}}

    def get_paginator(self, operation: str) -> Route53:
        assert operation == "list_resource_record_sets"
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        first = [("a.example.net.", "NS"), ("a.example.net.", "SOA"), ("b.a.example.net.", "A")]
        second = [("c.a.example.net.", "NS"), ("a.example.net.", "A")]
        return [
            {"ResourceRecordSets": [{"Name": name, "Type": type} for name, type in page]} for page in (first, second)
        ]

    def change_resource_record_sets(self, HostedZoneId: str, ChangeBatch: Any) -> None:  # noqa: N803 - boto3's
        assert {change["Action"] for change in ChangeBatch["Changes"]} == {"DELETE"}
        records = [change["ResourceRecordSet"] for change in ChangeBatch["Changes"]]
        self.deleted += [(record["Name"], record["Type"]) for record in records]

    def delete_hosted_zone(self, Id: str) -> None:  # noqa: N803 - boto3's
        self.zones.append(Id)


def test_a_zone_goes_with_all_records_but_its_own_two() -> None:
    route53 = Route53()
    delete(Thing(ZONE, "Z1"), lambda service: route53)
    assert route53.deleted == [("b.a.example.net.", "A"), ("c.a.example.net.", "NS"), ("a.example.net.", "A")]
    assert route53.zones == ["Z1"]


def test_an_endpoint_that_isnt_deleted_is_told_as_other_refusals_are() -> None:
    error = {"Code": "DependencyViolation", "Message": "in use"}
    client = canned(delete_vpc_endpoints={"Unsuccessful": [{"ResourceId": "vpce-1", "Error": error}]})
    with pytest.raises(ClientError, match=r"DependencyViolation.*DeleteVpcEndpoints.*in use"):
        delete(Thing(ENDPOINT, "vpce-1"), client)


def test_what_no_question_makes_is_never_deleted() -> None:
    assert INTERFACE not in DELETIONS
    with pytest.raises(ValueError, match="nothing deletes AWS::EC2::NetworkInterface eni-1"):
        delete(Thing(INTERFACE, "eni-1"), canned())
