"""Several plans in one process: what each leaves is its own, and what one does is no other's affair."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet import fleet
from ocpprov.commands.fleet_values import FleetAct, FleetMember, MemberEnd
from ocpprov.commands.fleet_views import JsonFleetView
from ocpprov.commands.options import Options
from ocpprov.engine.events import Event, EventKind
from ocpprov.runs.folder import RunFolder
from ocpprov.runs.holder import this_process
from ocpprov.runs.local_lock import plan_lock
from tests.support.environment_aws import aws_in_environment, counted_clients
from tests.support.in_process import Words

PLAN = """
name: {name}
region: eu-west-1
Resources:
  Net: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {block}}}}}
"""


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder of a user whom the environment points to an empty AWS."""
    with aws_in_environment(monkeypatch, tmp_path):
        yield tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The clients that botocore is asked for, by service."""
    return counted_clients(monkeypatch)


def plans(folder: Path, *names: str) -> list[Path]:
    paths = []
    for number, name in enumerate(names):
        path = folder / f"{name}.yaml"
        path.write_text(PLAN.format(name=name, block=f"10.{number}.0.0/16"))
        paths.append(path)
    return paths


def run(
    folder: Path, paths: list[Path], act: FleetAct = FleetAct.APPLY, *, at_once: int = 2, **options: Any
) -> tuple[ExitCode, Words]:
    words = Words()
    given = Options(directory=folder, **{"concurrency": 4, "yes": True, **options})
    return fleet(paths, act, given, words, at_once), words


def vpcs() -> set[str]:
    """The plans that have a VPC, by its tags, asked with nothing of ours."""
    found = boto3.client("ec2", region_name="eu-west-1").describe_vpcs()["Vpcs"]
    tags = [{tag["Key"]: tag["Value"] for tag in vpc.get("Tags", [])} for vpc in found]
    return {each["ocpprov:plan"] for each in tags if "ocpprov:plan" in each}


@contextmanager
def held(folder: Path, name: str) -> Iterator[None]:
    """Somebody else is at work on the plan."""
    with plan_lock(folder / "state/ocpprov/locks", "123456789012", "eu-west-1", name, this_process("other", 0.0)):
        yield


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_each_plan_is_run_as_it_is_alone_and_one_that_is_held_keeps_nobody(
    folder: Path, made: Counter[str], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = plans(folder, "one", "two", "three")
    with held(folder, "two"):
        code, words = run(folder, paths, at_once=1)
    # Who comes next takes the clients of who has ended: of EC2 that is one that asks and one that changes.
    assert made["ec2"] == 2
    assert code is ExitCode.REFUSED
    assert vpcs() == {"one", "three"}
    told = capsys.readouterr().err.splitlines()
    assert any(line.startswith("two: refused") and "is at work on plan two" in line for line in told)
    assert "one: 1 to create" in told
    assert "2 of 3 plans done" in words.said[-1]
    # What a run leaves is its own: the journal, and every call with the run that it is of.
    for name in ("one", "three"):
        own = folder / ".ocpprov" / name
        run_id = rows(own / "journal.jsonl")[0]["run"]
        log = rows(own / "log.jsonl")
        assert {row["run"] for row in log} == {run_id}
        assert [row["operation"] for row in log].count("CreateVpc") == 1
        assert (own / "runs.jsonl").exists()
    assert not (folder / ".ocpprov" / "two" / "journal.jsonl").exists()


def test_again_with_events_for_programs_and_then_destroyed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = plans(folder, "one", "two")
    code, _ = run(folder, paths, as_json=True)
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code is ExitCode.DONE
    for name in ("one", "two"):
        own = [each["event"] for each in events if each.get("plan") == name]
        assert own[0] == "started"
        assert own[1:3] == ["planned", "started"]
        assert own.count("planned") == 1
        assert own[-1] == "finished"
    last = events[-1]
    assert (last["event"], last["ok"], "plan" in last) == ("finished", True, False)
    assert [(each["plan"], each["exitCode"], each["changed"]) for each in last["plans"]] == [
        ("one", 0, 1),
        ("two", 0, 1),
    ]
    assert last["calls"] == sum(each["calls"] for each in last["plans"]) > 0
    code, _ = run(folder, paths, FleetAct.DESTROY)
    assert code is ExitCode.DONE
    assert vpcs() == set()


def test_who_stops_reading_events_stops_no_run() -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    view = JsonFleetView(Closed(), Words())
    member = FleetMember(Path("a.yaml"), "a", "", "eu-west-1", RunFolder(Path("a")))
    for _ in range(2):
        view.hear(member, Event(EventKind.NOTE, 0.0))
    view.conclude([MemberEnd(member, ExitCode.DONE)], 1.0)


def test_nothing_is_sent_for_any_where_one_is_wrong(folder: Path, made: Counter[str]) -> None:
    paths = plans(folder, "one", "two")
    paths[1].write_text("name: two\nregion: nowhere\n")
    with pytest.raises(Refused, match=r"two\.yaml"):
        run(folder, paths)
    with pytest.raises(Refused, match="stands in many plans"):
        run(folder, paths[:1], allow=frozenset({"Net"}))
    assert not made
    assert not (folder / ".ocpprov").exists()


def test_a_plan_only_looks_and_nobody_is_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, words = run(folder, plans(folder, "one", "two"), FleetAct.PLAN, yes=False)
    assert code is ExitCode.DONE
    assert {"one: 1 to create", "two: 1 to create"} <= set(capsys.readouterr().err.splitlines())
    assert words.said[0].split()[4:6] == ["to", "do"]
    assert [line.split()[-2] for line in words.said[1:3]] == ["1", "1"]
    assert vpcs() == set()
