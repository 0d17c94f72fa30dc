"""A file of 1 MiB is judged or refused within 5 seconds, whatever is in it; what is refused says the limit."""

from __future__ import annotations

import time
from typing import Final

import pytest

from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import logical_ids
from ocpprov.openshift.resource_rules import resource_problems
from ocpprov.plan import nodes
from ocpprov.plan.loading import Inputs, load
from ocpprov.plan.problems import PlanErrors
from ocpprov.plan.template import MOST_RESOURCES

HEAD: Final = "name: a\nregion: eu-west-1\n"
INPUTS: Final = Inputs(KINDS, openshift_ids=logical_ids, rules=resource_problems)
EIP: Final = "Type: AWS::EC2::EIP"
TAG: Final = f"{HEAD}Resources:\n  R:\n    {EIP}\n    Properties:\n      Tags:\n      - {{Key: a, Value: !Sub '%s'}}\n"


def said(text: str) -> list[str]:
    """What is wrong with a plan."""
    try:
        load(text, "plan.yaml", INPUTS)
    except PlanErrors as error:
        return [str(each) for each in error.errors]
    return []


def resources(count: int, more: str = "") -> str:
    return f"{HEAD}Resources:\n" + "".join(f"  R{n}: {{{EIP}{more.format(n=n, next=n + 1)}}}\n" for n in range(count))


def test_too_many_values_are_refused_where_they_get_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "MOST_NODES", 9)
    good = f"{HEAD}Metadata: [1, 2]\n"
    assert said(good) == []
    assert said(good.replace("1,", "1, 1,")) == [
        "plan.yaml:3:18: more than 50,000 values, which is too many for a plan"
    ]
    # What an alias repeats counts each time.
    assert said(f"{HEAD}Metadata: [&a 1, *a]\n") == []
    assert len(said(f"{HEAD}Metadata: [&a 1, *a, *a]\n")) == 1


@pytest.mark.parametrize("start", ["- ", "[", "{a: ", "? "])
def test_too_deep_is_refused_where_it_gets_too_deep(start: str) -> None:
    [error] = said(f"{HEAD}Metadata:\n  {start * 300}")
    assert error.startswith("plan.yaml:4:")
    assert error.endswith(": nested deeper than 60 levels")


def test_more_resources_than_a_plan_has_are_refused_at_once() -> None:
    assert MOST_RESOURCES == 2000
    assert said(resources(2001)) == ["plan.yaml:4:3: Resources: 2001 resources; a plan has 2000 at most"]


def test_an_anchor_that_is_given_twice_says_nothing_on_the_side(recwarn: pytest.WarningsRecorder) -> None:
    assert said(f"{HEAD}Metadata: [&a 1, &a 2]\n") == []
    assert list(recwarn) == []


def test_a_text_full_of_what_nothing_closes_is_read_once() -> None:
    began = time.process_time()
    where = "plan.yaml:8:25: Resources.R.Properties.Tags[0].Value"
    assert said(TAG % ("${" * 100_000)) == [f"{where}: 200000 characters are too many; at most 256"]
    assert time.process_time() - began < 1


def test_of_a_text_full_of_wrong_placeholders_twenty_are_told() -> None:
    assert len(said(TAG % "".join(f"${{a{n}}}" for n in range(50)))) == 20


LARGE: Final = {
    "20,000 resources": resources(20_000),
    "2,000 resources": resources(2000),
    "a chain": resources(1999, ", DependsOn: R{next}") + f"  R1999: {{{EIP}}}\n",
    "2,000 wrong types": resources(2000).replace("EIP", "Wrong"),
    "1,500 joins": f"{HEAD}Resources:\n"
    + "".join(
        f"  R{n}: {{{EIP}, Properties: {{Tags: [{{Key: k, Value: !Join [',', [{'x' * 400}, !Ref R{n + 1}]]}}]}}}}\n"
        for n in range(1500)
    )
    + f"  R1500: {{{EIP}}}\n",
    "40,000 anchors": f"{HEAD}Metadata:\n" + "".join(f"  k{n}: &a{n} 1\n" for n in range(40_000)),
    "40,000 aliases": f"{HEAD}Metadata:\n  x: &a 1\n" + "".join(f"  k{n}: *a\n" for n in range(40_000)),
    "24,000 keys twice": f"{HEAD}Metadata:\n" + "  k: 1\n" * 24_000,
    "24,000 unknown keys": HEAD + "".join(f"key{n}: 1\n" for n in range(24_000)),
    "24,000 unknown properties": f"{HEAD}Resources:\n  R:\n    {EIP}\n    Properties:\n"
    + "".join(f"      P{n}: 1\n" for n in range(24_000)),
    "a list in one line": f"{HEAD}Metadata: [{'1,' * 500_000}]",
    "deep": f"{HEAD}Metadata: {'[' * 500_000}",
    "questions": HEAD + "? " * 500_000,
    "open placeholders": TAG % ("${" * 500_000),
    "wrong placeholders": TAG % ("${a}" * 250_000),
    "placeholders": TAG % ("${AWS::Region}" * 70_000),
    "one text": f"{HEAD}Description: {'x' * 1_000_000}",
    "blank lines": HEAD + "\n" * 1_000_000,
    "11,000 outputs": f"{HEAD}Outputs:\n" + "".join(f"  O{n}: {{Value: !Ref X{n}}}\n" for n in range(11_000)),
    "8,000 parameters": f"{HEAD}Parameters:\n"
    + "".join(f"  P{n}: {{Type: String, Default: a}}\n" for n in range(8000)),
    "12,000 conditions": f"{HEAD}Conditions:\n"
    + "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(12_000)),
    "9,000 tags": f"{HEAD}Resources:\n  R:\n    {EIP}\n    Properties:\n      Tags:\n"
    + "".join(f"      - {{Key: k{n}, Value: v}}\n" for n in range(9000)),
}


@pytest.mark.torture
@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_a_mebibyte_is_judged_within_five_seconds(text: str) -> None:
    began = time.process_time()
    said(text[: nodes.MOST_BYTES])
    assert time.process_time() - began < 5
