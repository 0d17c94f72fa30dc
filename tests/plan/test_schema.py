"""The JSON Schema says what the checker says, as far as a schema can."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.plan.nodes import parse
from ocpprov.plan.openshift_table import OPENSHIFT, SEVERAL_SHAPES
from ocpprov.plan.schema import schema
from tests.plan.marks import HEAD, SECTION
from tests.plan.test_openshift_section import EVERY_KEY

SCHEMA: Final[dict[str, Any]] = schema(KINDS)


def validator() -> Any:
    """The standard's own judge. It takes seconds to load: only for those who ask."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # noqa: PLC0415

    return Draft202012Validator(SCHEMA)


def errors(text: str) -> list[str]:
    return [error.message for error in validator().iter_errors(parse(text, "plan.yaml").plain())]


def test_it_is_a_schema() -> None:
    validator().check_schema(SCHEMA)


def test_it_has_every_key_of_the_section() -> None:
    known = {row.name for row in OPENSHIFT} | set(SEVERAL_SHAPES)
    assert set(SCHEMA["properties"]["openshift"]["properties"]) == known


def test_a_plan_with_every_key_fits() -> None:
    assert errors(SECTION + EVERY_KEY) == []


def test_a_template_with_conditions_fits() -> None:
    resources = "Resources: {G: {Type: AWS::EC2::InternetGateway, Condition: C, Properties: {Tags: !If [C, [], []]}}}\n"
    assert errors(HEAD + "Conditions: {C: !Equals [a, b]}\nMappings: {M: {a: {b: c}}}\n" + resources) == []


@pytest.mark.parametrize(
    "lines",
    [
        "  egres: nat\n",
        "  endpoints: [ec3]\n",
        "  bootstrap: {adress: 10.0.0.5}\n",
        "  bucket: Upper\n",
        "  publicZone: example.com\n",
        "  infraID: a1234567890123456789012345678\n",
        "Resources: {O: {Type: 'Ocpprov::S3::Object'}}\n",
    ],
)
def test_what_is_wrong_does_not_fit(lines: str) -> None:
    assert errors(SECTION + lines) != []
