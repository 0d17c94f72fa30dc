"""What is offered to be copied into a shell does what it says, whatever is in somebody's tags and paths."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connection, OnRetry, RunTarget
from ocpprov.commands.destroy import destroy
from ocpprov.commands.excluded_services import excluded_from_destroy, hand_over
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.guards import guard_problems, guard_protected
from ocpprov.commands.options import Options
from ocpprov.commands.refresh import PlanResult
from ocpprov.commands.terminal import Terminal
from ocpprov.engine.actions import Action, Actions, Verb
from ocpprov.engine.excluded_services import Excluded
from ocpprov.engine.graph import Graph
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ownership import PLAN, RECORDS, encode_ledger
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.secret_texts import NO_SECRETS
from ocpprov.kinds.reads import Found
from ocpprov.runs.folder import RunFolder

OWNER = Owner("lab", "eu-west-1", "123456789012", "run")
COMMAND = "ocpprov apply lab.yaml"
EVIL = "X; touch PWNED #\x1b[2J\n0 to create"


def deleting(*names: str) -> PlanResult:
    actions = [Action(name, "AWS::EC2::VPC", Verb.DELETE, "vpc-1", guarded=True) for name in names]
    return PlanResult(Inventory(), Actions(OWNER, Graph({}, {}), actions, [], {}), Found(OWNER))


def refused(planned: PlanResult, allowed: frozenset[str] = frozenset()) -> list[str]:
    with pytest.raises(Refused) as error:
        guard_protected(planned, allowed, COMMAND)
    return str(error.value).split("\n")


def test_logical_ids_and_names_made_of_them_are_offered() -> None:
    first, command = refused(deleting("VPC", "prod-SubnetA"), frozenset({"Given"}))
    assert "prod-SubnetA" in first
    assert shlex.split(command) == [*COMMAND.split(), "--allow", "Given", "--allow", "VPC", "--allow", "prod-SubnetA"]


@given(st.text(st.characters(), min_size=1, max_size=20))
def test_what_is_offered_are_words_of_the_command(name: str) -> None:
    lines = refused(deleting(name))
    assert all(line.replace("\t", "").isprintable() for line in lines)
    if len(lines) == 2:
        assert shlex.split(lines[1]) == [*COMMAND.split(), "--allow", name]
        assert not set(name) & set(" \t;&|<>$`\\\"'()*?[]#~=%!{}")


def test_what_no_plan_is_called_is_shown_with_what_carries_it_and_not_offered() -> None:
    (line,) = refused(deleting("VPC", EVIL))
    assert r"X; touch PWNED #\x1b[2J\x0a0 to create" in line
    assert "AWS::EC2::VPC vpc-1" in line
    assert "--allow" not in line


def test_what_was_allowed_with_another_name_is_quoted() -> None:
    command = refused(deleting("VPC"), frozenset({"a b; c"}))[1]
    assert shlex.split(command) == [*COMMAND.split(), "--allow", "VPC", "--allow", "a b; c"]


def test_problems_are_a_line_each() -> None:
    actions = Actions(OWNER, Graph({}, {}), [], [], {}, problems=[f"A: {EVIL}", "B"])
    with pytest.raises(Refused) as error:
        guard_problems(PlanResult(Inventory(), actions, Found(OWNER)))
    assert str(error.value).split("\n") == [r"A: X; touch PWNED #\x1b[2J\x0a0 to create", "B"]


def left(entry: str) -> list[str]:
    """What is said of a record that a balancer remembers."""
    tags = {PLAN: "lab", **encode_ledger(RECORDS, [entry])}
    balancer = Live("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn", {}, tags=tags)
    return [*excluded_from_destroy([balancer], frozenset({"route53"}))]


def test_a_record_in_a_zone_comes_with_the_command_to_delete_it() -> None:
    command = left("Z0123456789ABC rr www.example.com A")[2].split()
    assert command[:5] == ["aws", "route53", "change-resource-record-sets", "--hosted-zone-id", "Z0123456789ABC"]


@pytest.mark.parametrize("zone", ["Z123; touch PWNED #", "z123", "Z1\x1b[2J", "--x", "Z1\nZ2"])
def test_what_is_no_zone_is_shown_and_no_command_is_offered(zone: str) -> None:
    lines = left(f"{zone} rr www.example.com A")
    assert len(lines) == 3
    assert "ocpprov didn't write it" in lines[1]
    assert not any("aws route53" in line for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_folder_with_a_blank_in_its_name_is_one_word(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "my folder; x" / ".ocpprov" / "lab")
    folder.create()
    role = Resource("Role", "AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    plan: Any = type("Plan", (), {"name": "lab", "region": "eu-west-1", "openshift": None, "secrets": NO_SECRETS})()
    left_out = Excluded({"Role": role}, frozenset({"AWS::IAM::Role"}))
    handed = hand_over(plan, left_out, frozenset({"iam"}), {}, OWNER, folder, 0.0)
    (command,) = [line for line in handed.lines if "cloudformation deploy" in line]
    words = shlex.split(command)
    assert words[words.index("--template-file") + 1] == str(folder.handover)


def connector(
    target: RunTarget, options: Options, log: CallLog, warn: Callable[[str], None], on_retry: OnRetry
) -> AbstractContextManager[Connection]:
    raise AssertionError("nobody is asked")


@pytest.mark.parametrize("name", ["Prod", "-x", "a;b", "x" * 33, "prod\n", "../prod"])
def test_a_name_that_no_plan_has_is_refused_before_anybody_is_asked(name: str, tmp_path: Path) -> None:
    options = Options(name=name, region="eu-west-1", directory=tmp_path)
    with pytest.raises(Refused, match="--name"):
        destroy(options, Terminal("ocpprov"), connector)
    assert list(tmp_path.iterdir()) == []


def test_what_a_folder_offers_is_quoted_and_has_a_plans_name(tmp_path: Path) -> None:
    for directory, name, region in (
        ("a", "lab", "eu-west-1; x"),
        ("b", "prod", "eu-west-1"),
        ("c", "x; y", "eu-west-1"),
    ):
        folder = RunFolder(tmp_path / ".ocpprov" / directory)
        folder.create()
        folder.write(folder.last_plan, {"name": name, "region": region})
    with pytest.raises(Refused) as error:
        destroy(Options(directory=tmp_path), Terminal("ocpprov"), connector)
    assert "--name lab --region 'eu-west-1; x', --name prod --region eu-west-1;" in str(error.value)
    assert "x; y" not in str(error.value)
