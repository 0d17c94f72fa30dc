"""A verification in the run folder: what is written is what is read, and what others wrote is nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.openshift.needed_services import NeededService
from ocpprov.openshift.subnet_pairs import PairCount
from ocpprov.report.verified import ShownFlow, ShownVerification, Stop, kept, read_kept
from tests.report.verifications import EXPOSURES, FOUND


def written() -> Any:
    return json.loads(json.dumps(kept(FOUND)))


def test_what_was_written_is_read() -> None:
    found = read_kept(written())
    assert found
    assert (found.time, [row["id"] for row in found.rows]) == (1767323000.123, [row.id for row in FOUND.rows])
    assert [flow.answer for flow in found.flows] == ["yes", "no", "no", "no", "yes", "unknown", "yes"]
    assert found.flows[1] == ShownFlow(
        "LB-REACH",
        "machine configurations",
        "compute",
        "IntApiElb",
        "tcp 22623",
        True,
        "no",
        (
            Stop(
                "acl-1",
                "acl-1's inbound entry 50 denies tcp 22623 from 10.0.64.0/20 (SUBNET_ACL_RESTRICTION)",
                "an inbound entry in acl-1 with a number below 50 that allows tcp 22623 from 10.0.64.0/20",
                ("aws one", "aws two"),
            ),
            Stop(
                "sg-1",
                "sg-1 has no outbound rules (SG_HAS_NO_RULES)",
                "an outbound rule in sg-1 for tcp 22623 to 10.0.0.0/16",
            ),
        ),
        where="1 of 2 pairs of subnets: subnet-2 to subnet-1 (eu-west-1b to eu-west-1a)",
    )
    assert found.subnets == [PairCount("subnet-2", "subnet-1", 2, 1), PairCount("subnet-1", "subnet-2", 1, 1)]
    assert found.exposures == EXPOSURES
    assert (found.flows[5].unread, found.flows[6].beyond) == (("pl-1 couldn't be read",), ("tgw-1",))


def test_a_service_without_an_endpoint_is_opened_by_one_and_by_no_way_to_the_internet() -> None:
    stopped = next(flow for flow in FOUND.flows if flow.commands)
    lacks = NeededService("s3", "com.amazonaws.eu-west-1.s3", "", "", "VPC has no endpoint of it", "list s3")
    content = json.loads(json.dumps(kept(replace(FOUND, flows=[replace(stopped, lacks=lacks)]))))
    found = read_kept(content)
    assert found
    [first, *_] = found.flows[0].stops
    assert (first.opening, first.commands) == ("list s3", ())
    assert first.detail.endswith("(SUBNET_ACL_RESTRICTION), as VPC has no endpoint of it")


@pytest.mark.parametrize("content", [None, [], {}, {"time": 1}, {"time": "x", "requirements": [], "flows": []}])
def test_what_no_verification_is_is_none(content: object) -> None:
    assert read_kept(content) is None


@pytest.mark.parametrize(
    ("flow", "flows"),
    [(1, 0), ({"name": "API"}, 0), ({**written()["flows"][0], "stops": [1, {"component": 2}]}, 1)],
    ids=["number", "part", "stops"],
)
def test_flows_that_make_no_sense_are_left_out(flow: object, flows: int) -> None:
    found = read_kept({**written(), "requirements": [1], "flows": [flow]})
    assert isinstance(found, ShownVerification)
    assert found.rows == []
    assert [each.stops for each in found.flows] == [()] * flows


def test_pairs_of_subnets_that_make_no_sense_are_left_out() -> None:
    found = read_kept({**written(), "subnets": [1, {"source": "a"}, *written()["subnets"]]})
    assert found
    assert [each.source for each in found.subnets] == ["subnet-2", "subnet-1"]
    for nothing in ({}, {"subnets": 1}):
        content = {name: value for name, value in written().items() if name != "subnets"}
        without = read_kept({**content, **nothing})
        assert without
        assert without.subnets == []


def test_openings_that_make_no_sense_are_left_out() -> None:
    found = read_kept({**written(), "exposures": [1, {"component": "sg-1"}, *written()["exposures"]]})
    assert found
    assert found.exposures == EXPOSURES
    content = written()
    del content["notJudged"]
    without = read_kept(content)
    assert without
    assert without.exposures is None
