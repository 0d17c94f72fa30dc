"""What the end of an apply offers to run next, and which outputs it shows."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ocpprov.aws.calls import CallCounter
from ocpprov.aws.clock import SystemClock
from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.closing_words import closing_of, heading_of, matters, same_plan
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.run_report import Run
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.resources import Owner
from ocpprov.kinds.reads import Found
from ocpprov.reconcile.execute import Result
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


def test_the_end_offers_all_outputs_and_the_page_for_the_auditor() -> None:
    planned = PlanResult(Inventory(), Actions(OWNER, Graph({}, {}), [], [], {}), Found(OWNER))
    done = [Action("VPC", "AWS::EC2::VPC", Verb.CREATE)]
    outcome = RunOutcome(Result([], {}, [], {}, interrupted=False), planned, done)
    run = Run(SystemClock(), CallCounter(), time.monotonic())
    options = Options(plan=Path("lab.yaml"), directory=Path("my runs"))
    closing = closing_of(outcome, run, OWNER, {"VpcId": "vpc-1"}, options)
    assert (closing.done["create"], closing.calls, closing.outputs) == (1, 0, {"VpcId": "vpc-1"})
    assert closing.commands == [
        ("all outputs", "ocpprov outputs lab.yaml --dir 'my runs'"),
        ("for the auditor", "ocpprov report lab --dir 'my runs'"),
    ]
    assert closing_of(outcome, run, OWNER, {}, options).commands == closing.commands[1:]
