"""Broken plans: every error with its place, all in one pass, and nothing but errors whatever the input."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.values import Join, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import expand, logical_ids, placeholder_facts
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.loading import Inputs, load, load_file
from ocpprov.plan.problems import PlanError, PlanErrors
from ocpprov.plan.rendering import render
from tests.plan import broken_sections, broken_templates
from tests.plan.marks import HEAD, SECTION
from tests.plan.test_intrinsics import GIVEN
from tests.plan.test_intrinsics import TEMPLATE as FUNCTIONS

ROOT = Path(__file__).resolve().parents[2]
INPUTS = Inputs(KINDS, base=ROOT, openshift_ids=logical_ids, rules=resource_problems)
PLANS = sorted((ROOT / "plans").glob("*.yaml"))
GOOD = PLANS[0].read_text()
TEMPLATE = FUNCTIONS + "Outputs:\n" + "".join(f"  O{n}: {{Value: {one}}}\n" for n, (one, _) in enumerate(GIVEN))
VPC = "  V:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.0.0.0/16}\n"
RESOURCES = HEAD + "Resources:\n" + VPC

CASES = [
    ("", [(1, 1, "empty")]),
    ("- a\n", [(1, 1, "a list")]),
    ("name: [\n", [(2, 1, "not YAML")]),
    ("name:\t\n\tx", [(1, 6, "not YAML")]),
    ("name: a\nname: b\nregion: eu-west-1\n", [(2, 1, "given twice, first in line 1")]),
    ("? [a]\n: b\n", [(1, 3, "a key must be a string")]),
    ("region: eu-west-1\n", [(1, 1, "name: is missing")]),
    ("name: a\n", [(1, 1, "region: is missing")]),
    ("name: A\nregion: eu-west-1\n", [(1, 7, "invalid value 'A'")]),
    ("name: a\nregion: nowhere\n", [(2, 9, "invalid value 'nowhere'")]),
    ("name: a\nregoin: eu-west-1\n", [(1, 1, "region: is missing"), (2, 1, "did you mean region?")]),
    (HEAD + "accountID: 123456789012\n", [(3, 12, 'write "123456789012"')]),
    (HEAD + "accountID: '12'\n", [(3, 12, "invalid value '12'")]),
    (HEAD + "userTags: {Name: x}\n", [(3, 12, "Name can't be a user tag")]),
    (HEAD + "userTags: {kubernetes.io/x: y}\n", [(3, 12, "can't be a user tag")]),
    (HEAD + "userTags: x\n", [(3, 11, "expected a mapping")]),
    (HEAD + "lock: s3://x\n", [(3, 7, "invalid value 's3://x'")]),
    (HEAD + "lock: bucket/prefix\n", [(3, 7, "s3://bucket/prefix")]),
    (HEAD + "Transform: x\n", [(3, 1, "not supported in this version")]),
    (HEAD + "aws: {proxy: nowhere}\n", [(3, 14, "invalid value 'nowhere'")]),
    (HEAD + "openshift: 5\n", [(3, 12, "expected a mapping, got 5")]),
    (SECTION + "  zones: 5\n", [(6, 10, "1 to 3 zones")]),
    (SECTION + "  zones: [a, a]\n", [(6, 10, "named twice")]),
    (SECTION + "  zones: [a, b, c, d]\n", [(6, 10, "1 to 3 zone names")]),
    (SECTION + '  version: "5.0"\n', [(6, 12, "5.0 is not one of 4.1 to 4.22")]),
    (SECTION + "  machineNetwork: 10.0.0.1/16\n", [(6, 19, "the block is 10.0.0.0/16")]),
    (SECTION + "  machineNetwork: 11.0.0.0/8\n", [(6, 19, "/16 to /24")]),
    (SECTION + "  machineNetwork: 10.0.0.0/24\n", [(6, 19, "six blocks of 4096 addresses don't fit")]),
    (SECTION + "  machineNetwork: ten\n", [(6, 19, "'ten' is not a CIDR block")]),
    (SECTION + "  subnetBits: 20\n", [(6, 15, "20 is out of range")]),
    (SECTION + "  egress: non\n", [(6, 11, "did you mean none?")]),
    (SECTION + "  publish: Private\n", [(6, 12, "Private is not one of External, Internal")]),
    (SECTION + "  etcdRecords: true\n", [(6, 16, "needs controlPlane.addresses, infraID")]),
    (SECTION + "  controlPlane: {addresses: [192.168.0.1]}\n", [(6, 30, "192.168.0.1 is outside 10.0.0.0/16")]),
    (SECTION + "  controlPlane: {addresses: [10.0.0.5, 10.0.0.5]}\n", [(6, 40, "10.0.0.5 is given twice")]),
    (SECTION + "  controlPlane: {addresses: [ten]}\n", [(6, 30, "'ten' is not an IPv4 address")]),
    (SECTION + "  elasticIPs: [eipalloc-1]\n", [(6, 15, "1 addresses for 3 NAT gateways")]),
    (SECTION + "  endpoints: [ec3]\n", [(6, 15, "did you mean ec2?")]),
    (SECTION + "  vpcID: prod\n", [(6, 10, "the id of an existing VPC")]),
    (SECTION + "  infraId: prod-x\n", [(6, 3, "did you mean infraID?")]),
    (SECTION + "  infraID: a\n", [(1, 7, "is the infraID")]),
    (SECTION + "  metadata: tests\n", [(6, 13, "tests can't be read: not a regular file")]),
    (SECTION + "  bootstrap: maybe\n", [(6, 14, "true, false, or {address, from, ignition}")]),
    (
        SECTION + "  subnetCIDRs: {public: [10.0.0.0/24], private: [10.1.0.0/24]}\n  zones: 1\n",
        [(6, 16, "10.1.0.0/24 is outside")],
    ),
    (SECTION + "  zones: 0\n  egress: x\n", [(6, 10, "1 to 3 zones"), (7, 11, "x is not one of")]),
    (
        HEAD + "openshift: {clusterName: Prod, baseDomain: x}\n",
        [(3, 26, "invalid value 'Prod'"), (3, 44, "invalid value 'x'")],
    ),
    (HEAD + "Resources: {A: {Type: AWS::EC2::Subnt}}\n", [(3, 23, "did you mean AWS::EC2::Subnet?")]),
    (HEAD + "Resources: {A: {Type: AWS::EC2::Vpc}}\n", [(3, 23, "did you mean AWS::EC2::VPC?")]),
    (
        HEAD + "Resources: {A: {Type: AWS::EC2::Instance}}\n",
        [(3, 23, "not supported in this version; `ocpprov explain` lists the types of this version")],
    ),
    (HEAD + "Resources: {A: {Properties: {}}}\n", [(3, 16, "Type: is missing")]),
    (
        HEAD + "Resources: {a-b: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}\n",
        [(3, 13, "letters and digits")],
    ),
    (RESOURCES + "    DependsOn: W\n", [(7, 16, "there is no resource W")]),
    (RESOURCES + "    Condition: C\n", [(7, 16, "there is no condition C")]),
    (RESOURCES + "    DeletionPolicy: Snapshot\n", [(7, 21, "Delete or Retain")]),
    (RESOURCES.replace("10.0.0.0/16", "10.0.0.0/16, CidrBlok: x"), [(6, 42, "did you mean CidrBlock?")]),
    (RESOURCES.replace("10.0.0.0/16", "!Ref Nothing"), [(6, 29, "there is no Nothing")]),
    (RESOURCES.replace("10.0.0.0/16", "!ImportValue x"), [(6, 29, "Fn::ImportValue is not supported")]),
    (RESOURCES.replace("10.0.0.0/16", "!GetAtt V.Nope"), [(6, 29, "V has no attribute Nope")]),
    (
        RESOURCES.replace("10.0.0.0/16", "!Sub '${AWS::AccountId}'"),
        [(6, 29, "only known when the plan gives accountID")],
    ),
    (RESOURCES.replace("10.0.0.0/16", "!Select [3, [a]]"), [(6, 29, "has no item 3")]),
    (
        RESOURCES + "  S:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref V, CidrBlock: 10.9.0.0/24}\n",
        [(9, 33, "10.9.0.0/24 is outside V's 10.0.0.0/16")],
    ),
    (
        HEAD
        + "Resources:\n  A: {Type: AWS::EC2::InternetGateway, DependsOn: B}\n"
        + "  B: {Type: AWS::EC2::InternetGateway, DependsOn: A}\n",
        [(4, 51, "dependency cycle: A -> B -> A")],
    ),
]


BROKEN = [*CASES, *broken_sections.BROKEN, *broken_templates.BROKEN]


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_every_error_is_named_with_its_place(text: str, expected: list[tuple[int, int, str]]) -> None:
    with pytest.raises(PlanErrors) as caught:
        load(text, "plan.yaml", INPUTS)
    found = [(error.position.line, error.position.column, str(error)) for error in caught.value.errors]
    assert len(found) == len(expected), found
    for (line, column, text_), (want_line, want_column, fragment) in zip(found, expected, strict=True):
        assert (line, column) == (want_line, want_column), text_
        assert fragment in text_


def errors_of(text: str) -> Sequence[PlanError]:
    try:
        load(text, "plan.yaml", INPUTS)
    except PlanErrors as error:
        return error.errors
    return ()


def read(text: str) -> None:
    """Reads it; what is wrong with it is said once, in order, and at a place that the text has."""
    errors = errors_of(text)
    places = [(one.position.line, one.position.column) for one in errors]
    assert places == sorted(places)
    assert len(set(errors)) == len(errors)
    assert all(one.message and one.position.file == "plan.yaml" for one in errors)
    # Editors and YAML don't agree on what else ends a line.
    if not re.search("[\r\x85\u2028\u2029]", text):
        lines = text.split("\n")
        assert [(line, column) for line, column in places if not 1 <= column <= len(lines[line - 1]) + 1] == []


@given(st.one_of(st.text(), st.binary()))
def test_no_input_gives_anything_but_plan_errors(text: str | bytes) -> None:
    with pytest.raises(PlanErrors):
        load(text, "plan.yaml", INPUTS)


@settings(max_examples=150)
@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.text(max_size=12))
def test_no_mutation_of_a_plan_gives_anything_but_plan_errors(start: int, length: int, inserted: str) -> None:
    read(GOOD[:start] + inserted + GOOD[start + length :])


@settings(max_examples=150)
@given(st.integers(0, len(TEMPLATE)), st.integers(0, 40), st.text(max_size=12))
def test_no_mutation_of_a_template_gives_anything_but_plan_errors(start: int, length: int, inserted: str) -> None:
    read(TEMPLATE[:start] + inserted + TEMPLATE[start + length :])


@pytest.mark.parametrize("text", [text for text, _ in BROKEN])
def test_nothing_but_plan_errors_comes_from_a_broken_plan_cut_short(text: str) -> None:
    for end in range(0, len(text), 7):
        read(text[:end])


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_what_render_writes_loads_to_the_same(path: Path) -> None:
    plan = load_file(path, INPUTS)
    resources = expand(plan, placeholder_facts(plan))
    again = load(render(plan, resources, outputs(plan)), "rendered.yaml", INPUTS)
    assert {name: (one.type, one.properties, one.depends_on) for name, one in again.resources.items()} == {
        name: (one.type, one.properties, one.depends_on) for name, one in resources.items()
    }
    assert again.cluster == plan.cluster
    # CloudFormation's outputs are texts: what is a list in JSON stands in one of them, with commas.
    wanted = [replace(each, items=(), by_line=False, value=in_one(each.value)) for each in outputs(plan)]
    assert list(again.outputs) == wanted


def in_one(value: Value) -> Value:
    """A text whose parts are all known is one."""
    if not isinstance(value, Join):
        return value
    parts = [in_one(part) for part in value.parts]
    known = [part for part in parts if isinstance(part, str)]
    return value.delimiter.join(known) if len(known) == len(parts) else value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "../x", "region": "eu-west-1"}, "name: invalid value '../x' of --name"),
        ({"name": "a;b", "region": "eu-west-1"}, "name: invalid value 'a;b' of --name"),
        ({"name": "lab", "region": "../x"}, "region: invalid value '../x' of --region"),
    ],
)
def test_names_of_the_command_line_are_held_against_what_a_plan_may_be_called(given: dict[str, str], said: str) -> None:
    with pytest.raises(PlanErrors) as caught:
        load("Resources:\n" + VPC, "plan.yaml", Inputs(KINDS, **given))  # type: ignore[arg-type]
    assert [str(error).startswith(f"plan.yaml:1:1: {said}") for error in caught.value.errors] == [True]
