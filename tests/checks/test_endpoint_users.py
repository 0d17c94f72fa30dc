"""Whom an endpoint that goes leaves without a way, by what AWS says of the subnets and tables around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.checks.endpoint_users import endpoint_users
from ocpprov.engine.resources import Live
from tests.checks.answers import Answers

S3 = "com.amazonaws.eu-west-1.s3"


def endpoint(type: str = "Gateway", id: str = "vpce-1", *tables: str, vpc: str = "vpc-1", dns: bool = True) -> Live:
    properties: dict[str, Any] = {"VpcId": vpc, "VpcEndpointType": type, "ServiceName": S3, "RouteTableIds": tables}
    return Live("AWS::EC2::VPCEndpoint", id, {**properties, "PrivateDnsEnabled": dns}, tags={"ocpprov:resource": "S3"})


def thing(key: str, id: str, vpc: str = "vpc-1", **tags: str) -> dict[str, Any]:
    rows = [{"Key": f"ocpprov:{name}", "Value": value} for name, value in tags.items()]
    return {key: id, "VpcId": vpc, "Tags": [*rows, {"Key": "Name", "Value": "x"}]}


def subnet(id: str, *shared: str, vpc: str = "vpc-1", **tags: str) -> dict[str, Any]:
    return thing("SubnetId", id, vpc, **tags, **{f"shared:{plan}": "tag kubernetes.io" for plan in shared})


def table(id: str, *subnets: str, main: bool = False, **tags: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [{"SubnetId": each} for each in subnets]
    return {**thing("RouteTableId", id, **tags), "Associations": [*rows, *([{"Main": True}] if main else [])]}


def told(
    going: Sequence[Live],
    subnets: Sequence[Mapping[str, Any]],
    tables: Sequence[Mapping[str, Any]] = (),
    given: frozenset[str] = frozenset(),
) -> list[str]:
    answers = Answers({"describe_subnets": {"Subnets": subnets}, "describe_route_tables": {"RouteTables": tables}})
    found = list(endpoint_users(going, "lab", given, answers))
    assert len(answers.asked) == (2 if going and going[0].properties["PrivateDnsEnabled"] else 0)
    return found


def users(*said: str) -> list[str]:
    return [f"S3 vpce-1 ({S3}) goes, and others reach the service through it: {', '.join(said)}"] if said else []


MAIN = table("rtb-0", main=True)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        pytest.param([table("rtb-1", "subnet-1"), MAIN], [], id="ours alone"),
        pytest.param([table("rtb-1", "subnet-2"), MAIN], ["plan two (subnet-2)"], id="another plan's"),
        pytest.param([table("rtb-1", "subnet-3"), MAIN], ["plan two (subnet-3)"], id="one that both mark"),
        pytest.param([table("rtb-1", "subnet-4"), MAIN], ["subnet-4"], id="nobody's"),
        pytest.param([table("rtb-1", "subnet-5"), MAIN], [], id="one that the plan names"),
        pytest.param([table("rtb-1"), table("rtb-2", "subnet-2"), MAIN], [], id="on another table"),
        pytest.param([table("rtb-1", plan="two"), MAIN], ["plan two (rtb-1)"], id="a table of another plan's"),
        pytest.param([table("rtb-1", plan="lab"), MAIN], [], id="a table of ours"),
        pytest.param(
            [table("rtb-1", "subnet-1", main=True), table("rtb-2", "subnet-2", "subnet-3")],
            ["subnet-4"],
            id="a main table is everybody's who has no other",
        ),
    ],
)
def test_a_gateway_serves_who_is_on_its_tables(tables: list[Mapping[str, Any]], said: list[str]) -> None:
    there = [
        subnet("subnet-1", "lab"),
        subnet("subnet-2", plan="two"),
        subnet("subnet-3", "lab", "two"),
        subnet("subnet-4"),
        subnet("subnet-5"),
        subnet("subnet-6", vpc="vpc-2"),
    ]
    assert told([endpoint("Gateway", "vpce-1", "rtb-1")], there, tables, frozenset({"subnet-5"})) == users(*said)


def test_an_interface_serves_its_vpc() -> None:
    there = [
        subnet("subnet-9", plan="lab"),
        subnet("subnet-2", plan="two"),
        subnet("subnet-3", "three"),
        *(subnet(f"subnet-{number}") for number in range(4, 8)),
        subnet("subnet-8", vpc="vpc-2", plan="four"),
    ]
    shown = ["plan three (subnet-3)", "plan two (subnet-2)", "subnet-4", "subnet-5", "subnet-6 and 1 more"]
    assert told([endpoint("Interface")], there) == users(*shown)


def test_one_that_answers_under_no_common_name_is_used_by_who_knows_it() -> None:
    assert told([endpoint("Interface", dns=False)], [subnet("subnet-2", plan="two")]) == []


def test_where_no_endpoint_goes_nothing_is_asked() -> None:
    assert told([], [subnet("subnet-2", plan="two")]) == []


def test_words_of_others_stay_on_their_line() -> None:
    [said] = told([endpoint("Interface")], [subnet("subnet-2", plan="two\n\x1b[2J")])
    assert r"plan two\x0a\x1b[2J (subnet-2)" in said
