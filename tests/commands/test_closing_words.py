"""What the end of an apply offers to run next, and which outputs it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.commands.closing_words import heading_of, matters, same_plan
from ocpprov.commands.options import Options
from ocpprov.engine.resources import Owner
from ocpprov.ui.progress import Heading

EVERYTHING = Options(name="lab", region="eu-west-1", profile="ops")
OWNER = Owner("lab", "eu-west-1", "123456789012", "run")


@pytest.mark.parametrize(
    ("options", "command"),
    [
        (Options(plan=Path("my plan.yaml")), "ocpprov outputs 'my plan.yaml'"),
        (
            Options(
                plan=Path("p"), name="lab", region="eu-west-1", profile="ops", sandbox=True, directory=Path("runs")
            ),
            "ocpprov outputs p --name lab --region eu-west-1 --profile ops --dir runs --sandbox",
        ),
        (Options(plan=Path("p"), insecure_endpoint=True), "ocpprov outputs p --insecure-endpoint"),
        (Options(plan=Path("p"), parameters={"Secret": "x"}), ""),
        (Options(), ""),
    ],
)
def test_the_command_with_the_same_plan(options: Options, command: str) -> None:
    assert same_plan("outputs", options) == command


def test_the_outputs_that_matter_in_their_order_or_the_first_few() -> None:
    values = {"NoProxy": "x", "PrivateSubnetIds": "subnet-1", "VpcId": "vpc-1"}
    assert list(matters(values).items()) == [("VpcId", "vpc-1"), ("PrivateSubnetIds", "subnet-1")]
    assert list(matters({f"O{number}": number for number in range(9)})) == [f"O{number}" for number in range(6)]


def test_the_heading_says_verb_plan_account_region_and_sandbox() -> None:
    text = "apply lab, 123456789012, eu-west-1"
    assert heading_of("apply", OWNER, Options(), {}) == Heading(text)
    in_sandbox = Options(sandbox=True, verbose=True)
    assert heading_of("apply", OWNER, in_sandbox, {}) == Heading(f"{text}, SANDBOX", verbose=True)
    assert heading_of("apply", OWNER, Options(plain=True), {}) == Heading(text, plain=True)
    assert heading_of("apply", OWNER, Options(), {"CI": "true"}) == Heading(text, plain=True)
    assert heading_of("apply", OWNER, Options(), {"CI": ""}) == Heading(text)
