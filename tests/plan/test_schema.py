"""The JSON Schema says what the checker says, as far as a schema can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.key_meanings import TOP_KEYS
from ocpprov.plan.nodes import parse
from ocpprov.plan.openshift_table import OPENSHIFT, SEVERAL_SHAPES
from ocpprov.plan.schema import schema
from tests.plan.marks import HEAD, SECTION
from tests.plan.test_openshift_section import EVERY_KEY
from tests.support.json_schema import draft_2020_12

SCHEMA: Final[dict[str, Any]] = schema(KINDS)


def validator() -> Any:
    return draft_2020_12()(SCHEMA)


def errors(text: str) -> list[str]:
    return [error.message for error in validator().iter_errors(parse(text, "plan.yaml").plain())]


def test_it_is_a_schema() -> None:
    validator().check_schema(SCHEMA)


def test_it_has_every_key_of_the_section() -> None:
    known = {row.name for row in OPENSHIFT} | set(SEVERAL_SHAPES)
    assert set(SCHEMA["properties"]["openshift"]["properties"]) == known


def test_a_plan_with_every_key_fits() -> None:
    assert errors(SECTION + EVERY_KEY) == []


def test_machines_that_are_found_fit() -> None:
    assert errors(SECTION + "  controlPlane: {addresses: auto}\n  bootstrap: {address: auto}\n") == []


def test_a_template_with_conditions_fits() -> None:
    resources = "Resources: {G: {Type: AWS::EC2::InternetGateway, Condition: C, Properties: {Tags: !If [C, [], []]}}}\n"
    assert errors(HEAD + "Conditions: {C: !Equals [a, b]}\nMappings: {M: {a: {b: c}}}\n" + resources) == []


@pytest.mark.parametrize(
    "lines",
    [
        "  egres: nat\n",
        "  endpoints: [ec3]\n",
        "  endpoints: [{service: ec3}]\n",
        "  endpoints: [{zones: [eu-west-1a]}]\n",
        "  endpoints: [{service: ec2, privateDns: false}]\n",
        "  bootstrap: {adress: 10.0.0.5}\n",
        "  bucket: Upper\n",
        "  controlPlane: {addresses: automatic}\n",
        "  publicZone: example.com\n",
        "  infraID: a1234567890123456789012345678\n",
        "Resources: {O: {Type: 'Ocpprov::S3::Object'}}\n",
    ],
)
def test_what_is_wrong_does_not_fit(lines: str) -> None:
    assert errors(SECTION + lines) != []


def test_a_key_has_its_meaning_default_and_example() -> None:
    section = SCHEMA["properties"]["openshift"]["properties"]
    assert section["networkAcl"] == {
        "type": "string",
        "enum": ["vpc-default", "documented", "working"],
        "default": "vpc-default",
        "description": "The network ACL of the public subnets: the VPC's own, or one of two written forms.",
        "examples": ["working"],
    }
    assert SCHEMA["$id"] == "urn:ocpprov:plan"


def test_every_example_fits() -> None:
    """Each alone, at its place in the schema."""
    validator_of = draft_2020_12()

    def wrong(schema: dict[str, Any]) -> Iterator[str]:
        for name, each in schema.get("properties", {}).items():
            for example in each.get("examples", ()):
                yield from (f"{name}: {error.message}" for error in validator_of(each).iter_errors(example))
            for shape in (each, each.get("items", {}), *each.get("anyOf", ())):
                yield from wrong(shape)

    top = SCHEMA["properties"]
    assert (
        list(
            wrong(
                {
                    "properties": {
                        key: top[key] for key in (*(each.path for each in TOP_KEYS), "openshift") if "." not in key
                    }
                }
            )
        )
        == []
    )
