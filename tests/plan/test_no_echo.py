"""Parameters with NoEcho: which texts of a plan come from them, and a template that is written without them."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.model import Plan
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.rendering import render

SECRET = "CANARY-part2-tail"
GIVEN = {"Secret": SECRET}


def document(*values: Any, more: str = "", outputs: Any = None, **declared: Any) -> str:
    """A plan with a tag for each of the values."""
    tags = [{"Key": f"k{number}", "Value": value} for number, value in enumerate(values)]
    vpc = {
        "Type": "AWS::EC2::VPC",
        "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": tags, **json.loads(more or "{}")},
    }
    return json.dumps(
        {
            "name": "lab",
            "region": "eu-west-1",
            "Parameters": {"Secret": {"Type": "String", "NoEcho": True}, **declared},
            "Mappings": {"Map": {SECRET: {"Block": "10.77.0.0/16"}, "x": {"Block": "10.78.0.0/16"}}},
            "Conditions": {"Is": {"Fn::Equals": [{"Ref": "Secret"}, SECRET]}},
            "Resources": {"Vpc": vpc},
            "Outputs": outputs or {},
        }
    )


def loaded(text: str, **given: str) -> Plan:
    return load(text, "plan.yaml", Inputs(KINDS, parameters={**GIVEN, **given}))


REF = {"Ref": "Secret"}


@pytest.mark.parametrize(
    ("value", "derived"),
    [
        (REF, set()),
        ({"Fn::Sub": "x-${Secret}"}, set()),
        ({"Fn::Sub": ["x-${V}", {"V": REF}]}, set()),
        ({"Fn::Join": ["-", ["x", REF]]}, set()),
        ({"Fn::Base64": REF}, {"Q0FOQVJZLXBhcnQyLXRhaWw="}),
        ({"Fn::Select": [1, {"Fn::Split": ["-", REF]}]}, {"CANARY", "part2", "tail"}),
        ({"Fn::Join": ["+", {"Fn::Split": ["-", REF]}]}, {"CANARY", "part2", "tail", "CANARY+part2+tail"}),
        ({"Fn::FindInMap": ["Map", REF, "Block"]}, {"10.77.0.0/16"}),
        ({"Fn::If": ["Is", {"Fn::Base64": REF}, "public"]}, {"Q0FOQVJZLXBhcnQyLXRhaWw="}),
        ({"Fn::If": ["Is", "public", REF]}, set()),
        ({"Fn::Join": ["", {"Fn::If": ["Is", ["publicity", REF], []]}]}, set()),
        (
            {"Fn::Base64": {"Fn::Join": ["", [REF, {"Fn::Base64": "x"}]]}},
            {b64encode(f"{SECRET}eA==".encode()).decode()},
        ),
        ({"Fn::Sub": "${AWS::Region}"}, set()),
        ({"Fn::Base64": "public"}, set()),
    ],
)
def test_what_functions_make_of_one_is_secret_too(value: Any, derived: set[str]) -> None:
    plan = loaded(document(value, {"Fn::Join": ["", ["pub", "lic"]]}))
    assert plan.secrets.parameters == {"Secret": [SECRET]}
    assert plan.secrets.derived == derived
    assert not plan.secrets.hides("public")


def test_a_block_and_its_parts() -> None:
    blocks = {"Fn::Cidr": [{"Ref": "Block"}, 2, 8]}
    declared: dict[str, Any] = {"Block": {"Type": "String", "NoEcho": True, "Default": "10.9.0.0/16"}}
    plan = loaded(document({"Fn::Select": [1, blocks]}, **declared))
    assert plan.secrets.parameters == {"Secret": [SECRET], "Block": ["10.9.0.0/16"]}
    assert plan.secrets.derived == {"10.9.0.0/24", "10.9.1.0/24"}


def test_the_parts_of_a_list_are_secret_one_by_one() -> None:
    declared: dict[str, Any] = {"Names": {"Type": "CommaDelimitedList", "NoEcho": True}}
    plan = loaded(document({"Fn::Join": ["+", {"Ref": "Names"}]}, **declared), Names="alpha-beta, gamma-delta")
    assert plan.secrets.parameters["Names"] == ["alpha-beta", "gamma-delta"]


@pytest.mark.parametrize(("flag", "secret"), [(True, True), ("true", True), (False, False), ("false", False)])
def test_only_those_with_no_echo(flag: Any, secret: bool) -> None:
    text = document({"Ref": "Other"}, Other={"Type": "String", "NoEcho": flag, "Default": "OTHERVALUE"})
    plan = loaded(text)
    assert ("Other" in plan.secrets.parameters) is secret


@pytest.mark.parametrize(
    "wrong",
    [
        {"CidrBlock": REF},
        {"EnableDnsSupport": REF},
        {"CidrBlock": {"Fn::Sub": "10.0.0.0/${Secret}"}},
        {"CidrBlock": {"Fn::Base64": REF}},
        {"CidrBlock": {"Fn::FindInMap": ["Map", {"Fn::Base64": REF}, "Block"]}},
        {"CidrBlock": {"Fn::Select": [REF, ["a"]]}},
    ],
)
def test_a_mistake_is_told_without_it(wrong: dict[str, Any]) -> None:
    with pytest.raises(PlanErrors) as errors:
        loaded(document(more=json.dumps(wrong)))
    assert "canary" not in str(errors.value).lower()
    assert "Q0FOQVJZ" not in str(errors.value)
    assert errors.value.errors[0].position.line == 1


def test_a_hint_is_told_without_it() -> None:
    near = {"Fn::FindInMap": ["Map", SECRET[:-1], "Block"]}
    with pytest.raises(PlanErrors) as errors:
        loaded(document(REF, more=json.dumps({"CidrBlock": near})))
    assert "did you mean ****?" in str(errors.value)


@pytest.mark.parametrize("mask", ["****", "…"])
def test_what_stands_for_a_value_is_none(mask: str) -> None:
    with pytest.raises(PlanErrors) as errors:
        loaded(document(REF), Secret=mask)
    assert f"--parameter Secret: {mask} only stands for the value where that isn't shown" in str(errors.value)
    text = document({"Ref": "Plain"}, Plain={"Type": "String"})
    assert loaded(text, Plain=mask).resources["Vpc"].properties["Tags"] == [{"Key": "k0", "Value": mask}]


def rendered(plan: Plan) -> str:
    return render(plan, plan.resources, plan.outputs)


ALL = (
    REF,
    {"Fn::Sub": "x-${Secret}-y"},
    {"Fn::Base64": REF},
    {"Fn::Select": [1, {"Fn::Split": ["-", REF]}]},
    {"Fn::Select": [1, {"Ref": "Names"}]},
    {"Ref": "Port"},
)
DECLARED: Final[dict[str, Any]] = {
    "Names": {"Type": "CommaDelimitedList", "NoEcho": True, "Default": "alpha-beta,gamma-delta"},
    "Port": {"Type": "Number", "NoEcho": True, "Default": 44_871},
    "Unused": {"Type": "String", "NoEcho": True, "Default": "UNUSEDVALUE"},
}


def test_a_rendered_plan_refers_to_parameters_and_loads_to_the_same() -> None:
    own = document(*ALL, outputs={"Out": {"Value": {"Fn::Sub": "${Secret}/${Vpc}"}}}, **DECLARED)
    plan = loaded(own)
    text = rendered(plan)
    for secret in (SECRET, "Q0FOQVJZ", "part2", "gamma-delta", "44871", "UNUSEDVALUE"):
        assert secret not in text
    derived = dict(zip(("NoEcho1", "NoEcho2", "NoEcho3", "NoEcho4"), sorted(plan.secrets.derived), strict=True))
    used = {name: value for name, value in derived.items() if f"{name}:" in text}
    given = {**used, "Names": "alpha-beta,gamma-delta", "Port": "44871"}
    again = loaded(text, **given)
    assert again.resources["Vpc"].properties == plan.resources["Vpc"].properties
    assert list(again.outputs) == list(plan.outputs)
    assert "Unused" not in text
    assert set(again.secrets.parameters) == {"Secret", *given}


def test_names_of_resources_are_not_taken_for_parameters() -> None:
    text = document({"Fn::Base64": REF}).replace('"Vpc"', '"NoEcho1"')
    assert "Ref: NoEcho2" in rendered(loaded(text))


def test_passwords_of_urls_are_not_rendered() -> None:
    aws = {
        "proxy": "http://user:PROXYCANARY@proxy:3128",
        "serviceEndpoints": [{"name": "ec2", "url": "https://user:URLCANARY@ec2.corp"}],
    }
    plan = loaded(json.dumps({**json.loads(document("x")), "aws": aws}))
    text = rendered(plan)
    assert "CANARY" not in text.replace("CANARY-part2", "")
    assert "http://proxy:3128" in text
    assert "https://ec2.corp" in text


def test_nothing_of_it_is_in_a_plan_without_parameters(tmp_path: Path) -> None:
    plan = load("name: lab\nregion: eu-west-1\n", "p", Inputs(KINDS, base=tmp_path))
    assert plan.secrets.parameters == {}
    assert plan.secrets.derived == frozenset()
