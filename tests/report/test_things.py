"""Resources as JSON data: without secrets, and read again as they were."""

from __future__ import annotations

import json

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.secret_texts import SecretTexts
from ocpprov.engine.values import GetAtt, Join, Ref
from ocpprov.kinds.registry import KINDS
from ocpprov.report.things import Thing, fold, live_thing, planned_things, target_of, targets_of, thing_of
from tests.report.examples import ref

SECRET = SecretTexts({"Hidden": ["10.0.7.0/24"]})


def test_a_plan_gives_things_with_references_ids_and_without_secrets() -> None:
    graph = build(
        {
            "Net": Resource("Net", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
            "Sub": Resource("Sub", "AWS::EC2::Subnet", {"VpcId": Ref("Net"), "CidrBlock": "10.0.7.0/24"}),
            "Box": Resource("Box", "AWS::S3::BucketPolicy", {"Bucket": "b", "PolicyDocument": {"long": "x"}}),
            "Name": Resource("Name", "AWS::Route53::RecordSet", {"Name": Join(".", ("a", GetAtt("Net", "VpcId")))}),
        },
        KINDS,
    )
    things = {each.name: each for each in planned_things(graph, {"Net": Live("AWS::EC2::VPC", "vpc-1", {})}, SECRET)}
    assert things["Net"] == Thing("Net", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, [], "vpc-1")
    assert things["Sub"] == Thing("Sub", "AWS::EC2::Subnet", {"VpcId": ref("Net"), "CidrBlock": "****"}, ["Net"])
    assert things["Box"].properties == {"Bucket": "b"}
    assert json.loads(json.dumps(things["Name"].document()))["properties"] == {
        "Name": {"Fn::Join": [".", ["a", {"Fn::GetAtt": ["Net", "VpcId"]}]]}
    }


def test_what_aws_has_gives_things_without_secrets() -> None:
    live = Live("AWS::EC2::Subnet", "subnet-1", {"CidrBlock": "10.0.7.0/24", "VpcId": "vpc-1"})
    assert live_thing("Sub 10.0.7.0/24", live, SECRET) == Thing(
        "Sub ****", "AWS::EC2::Subnet", {"CidrBlock": "****", "VpcId": "vpc-1"}, (), "subnet-1"
    )


def test_a_thing_is_read_as_it_was_written() -> None:
    thing = Thing("A", "AWS::EC2::VPC", {"X": [1, {"Ref": "B"}]}, ["B"], "vpc-1")
    assert thing_of(json.loads(json.dumps(thing.document()))) == thing


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, None),
        ([], None),
        ({"resource": "A"}, None),
        ({"resource": 1, "type": "T"}, None),
        ({"resource": "A", "type": "T"}, Thing("A", "T")),
        ({"resource": "A", "type": "T", "needs": "x", "properties": [], "id": 7}, Thing("A", "T")),
        ({"resource": "A", "type": "T", "needs": ["x", 1]}, Thing("A", "T", {}, ["x"])),
    ],
)
def test_what_is_no_thing_is_none(document: object, expected: Thing | None) -> None:
    assert thing_of(document) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("vpc-1", "vpc-1"), (ref("A"), "A"), ({"Fn::Select": [0, [ref("B"), ref("C")]]}, "B"), (7, ""), (None, "")],
)
def test_what_a_value_names_first(value: object, expected: str) -> None:
    assert target_of(value) == expected
    assert targets_of([value]) == [expected]


def test_children_are_known_by_reference_and_by_id() -> None:
    things = [
        Thing("Table", "AWS::EC2::RouteTable", {}, (), "rtb-1"),
        Thing("By", "AWS::EC2::Route", {"RouteTableId": ref("Table")}),
        Thing("Id", "AWS::EC2::Route", {"RouteTableId": "rtb-1"}),
        Thing("Other", "AWS::EC2::Route", {"RouteTableId": "rtb-2"}),
    ]
    folded = fold(things, KINDS)
    assert folded.parents == {"By": "Table", "Id": "Table"}
    assert [each.name for each in folded.heads] == ["Table", "Other"]
