"""A destroy that finds nothing of a plan says so as a failure, unless this folder knows that the plan was there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.commands.apply_loop import RunOutcome
from ocpprov.commands.destroy import _with_failures
from ocpprov.commands.exit_codes import ExitCode
from ocpprov.commands.run_report import exit_code
from ocpprov.reconcile.execute import Failure, Result
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion, Ended


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Bastion:
    return Bastion(tmp_path_factory.mktemp("cloud"), REGION)


@pytest.fixture
def bastion(cloud: Bastion, tmp_path: Path) -> Bastion:
    cloud.pipeline.reset()
    cloud.home = tmp_path
    return cloud


def plan_of(tmp_path: Path, name: str) -> Path:
    path = tmp_path / f"{name}.json"
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    path.write_text(json.dumps({"name": name, "region": REGION, "Resources": {"VPC": vpc}}))
    return path


def by_name(bastion: Bastion, name: str, **options: object) -> Ended:
    return bastion.destroy(None, name=name, region=REGION, **options)  # type: ignore[arg-type]


def test_a_name_of_which_nothing_is_there_fails_and_the_plans_that_are_there_are_named(
    bastion: Bastion, tmp_path: Path
) -> None:
    assert bastion.apply(plan_of(tmp_path, "prod")).code == 0
    bastion.client("ec2").create_vpc(
        CidrBlock="10.1.0.0/16",
        TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "ocpprov:plan", "Value": "x; y\n$(z)"}]}],
    )
    ended = by_name(bastion, "prodd")
    assert ended.code == 1
    assert ended.sent == []
    assert f"--name prod --region {REGION}" in ended.said
    assert "--name x" not in ended.said
    assert r"x; y\x0a$(z)" in ended.said
    last = json.loads(ended.events.splitlines()[-1])
    assert (last["event"], last["ok"], last["summary"]["delete"]) == ("finished", False, 0)
    error = json.loads(ended.events.splitlines()[-2])
    assert (error["event"], error["error"]) == ("error", last["error"])
    assert last["error"]["detail"].startswith("nothing of plan prodd is in account 123456789012, region eu-west-1")
    assert f"--name prod --region {REGION}" in last["error"]["remedy"]


def test_a_name_of_which_nothing_is_there_may_be_missing(bastion: Bastion) -> None:
    ended = by_name(bastion, "prodd", ignore_missing=True)
    assert (ended.code, ended.sent) == (0, [])
    (last,) = map(json.loads, ended.events.splitlines())
    assert (last["event"], last["ok"], "error" in last) == ("finished", True, False)


def test_a_plan_file_of_which_nothing_is_there_fails_too(bastion: Bastion, tmp_path: Path) -> None:
    ended = bastion.destroy(plan_of(tmp_path, "lab"))
    assert (ended.code, ended.sent) == (1, [])
    assert "no other plan has anything in EC2 there" in ended.said


def test_what_was_applied_here_and_is_gone_is_no_failure(bastion: Bastion, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "lab")
    assert bastion.apply(plan).code == 0
    for _ in range(2):
        ended = bastion.destroy(plan)
        assert ended.code == 0, ended.said
    assert by_name(bastion, "lab").code == 0


def test_what_was_only_destroyed_from_here_is_known_then(bastion: Bastion, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "lab")
    assert bastion.apply(plan).code == 0
    bastion.home = tmp_path / "elsewhere"
    first = by_name(bastion, "lab")
    assert first.code == 0, first.said
    assert json.loads(first.events.splitlines()[-1])["summary"]["delete"] == 1
    again = by_name(bastion, "lab")
    assert (again.code, again.sent) == (0, [])


def test_another_account_or_region_is_not_the_known_one(bastion: Bastion, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "lab")
    assert bastion.apply(plan).code == 0
    assert bastion.destroy(plan).code == 0
    note = tmp_path / ".ocpprov" / "lab" / "plan.json"
    content = json.loads(note.read_text())
    for changed in ({"account": "999999999999"}, {"region": "eu-west-2"}):
        note.write_text(json.dumps({**content, **changed}))
        assert by_name(bastion, "lab").code == 1


def test_the_events_of_a_run_begin_with_the_plan_and_end_with_the_outputs(bastion: Bastion, tmp_path: Path) -> None:
    path = plan_of(tmp_path, "lab")
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "Outputs": {"Id": {"Value": {"Ref": "VPC"}}}}))
    applied = [json.loads(line) for line in bastion.apply(path, as_json=True).events.splitlines()]
    assert [applied[0]["event"], applied[-2]["event"], applied[-1]["event"]] == ["planned", "outputs", "finished"]
    assert [each["action"] for each in applied[0]["actions"]] == ["create"]
    assert applied[0]["summary"]["create"] == 1
    (vpc,) = bastion.client("ec2").describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["lab"]}])["Vpcs"]
    assert applied[-2]["outputs"] == {"Id": vpc["VpcId"]}
    destroyed = [json.loads(line) for line in bastion.destroy(path, as_json=True).events.splitlines()]
    assert [each["action"] for each in destroyed[0]["actions"]] == ["delete"]


def test_what_a_cluster_has_left_and_stays_is_a_failure_of_the_run() -> None:
    planned: Any = None
    done = RunOutcome(Result([], {}, [], {}, interrupted=False), planned)
    kept = Failure("vol-1", "volume", AwsError(ErrorClass.DENIED, AwsMessage("AccessDenied", "no")))
    assert _with_failures(done, []) == done
    ended = _with_failures(_with_failures(done, [kept]), [])
    assert ended.result.failures == [kept]
    assert exit_code(ended) is ExitCode.FAILED


def test_an_apply_counts_what_it_made(bastion: Bastion, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "lab")
    for summary in ({"create": 1, "keep": 0}, {"create": 0, "keep": 1}):
        ended = bastion.apply(plan)
        last = json.loads(ended.events.splitlines()[-1])
        assert last["event"] == "finished"
        assert last["summary"] == {"create": 0, "update": 0, "replace": 0, "delete": 0, "keep": 0, **summary}
