"""Every command that speaks to AWS refuses to do so in clear, before anything is sent."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ocpprov.cli.verbs import main
from ocpprov.commands.exit_codes import ExitCode, Refused
from ocpprov.commands.fleet_scheduler import Scheduler
from ocpprov.commands.fleet_worker import Station, WorkerRequest, fleet_worker
from ocpprov.commands.options import Options
from ocpprov.commands.terminal import Terminal
from tests.end_to_end.world import REGION

OF_FILES = ["fleet", "fleet-worker", "init", "install-config", "manifests"]
"""What also speaks to AWS and has words of its own."""
SPEAKING = [
    name
    for name, command in main.commands.items()
    if name not in OF_FILES and any(each.name == "insecure_endpoint" for each in command.params)
]


def test_these_speak_to_aws() -> None:
    speaking = ["preflight", "plan", "apply", "destroy", "outputs", "render", "list", "verify", "status", "wait"]
    assert speaking == SPEAKING


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that somebody looked up. None of them is known."""
    names: list[str] = []

    def look(host: Any, *_: Any, **__: Any) -> Any:
        names.append(str(host))
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look)
    return names


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *words: str, **endpoints: Any) -> Result:
    """A command on a plan of whatever needs AWS to be expanded."""
    section = {"clusterName": "lab", "baseDomain": "example.com", "zones": 1, "publish": "Internal"}
    aws = {"aws": endpoints} if endpoints else {}
    plan = {"name": "lab", "region": REGION, "openshift": section, **aws}
    (folder / "lab.yaml").write_text(json.dumps(plan, indent=1))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["ocpprov", *words])
    yes = ["--yes"] if words[0] in ("apply", "destroy") else []
    about = {"list": ["--region", REGION], "wait": ["api", "lab.yaml"]}.get(words[0], ["lab.yaml"])
    return CliRunner().invoke(main, [words[0], *about, *yes, *words[1:]])


def files_of_the_installer(folder: Path) -> dict[Path, str]:
    """A plan beside a folder of openshift-install, as they are written."""
    texts = {
        "lab.yaml": f"""\
name: lab
region: {REGION}
openshift: {{clusterName: lab, baseDomain: corp.net, publish: Internal, zones: 1, infraID: lab-x7k2p}}
""",
        "inst/install-config.yaml": f"""\
baseDomain: corp.net
metadata: {{name: lab}}
platform: {{aws: {{region: {REGION}}}}}
""",
        "inst/manifests/cluster-dns-02-config.yml": "spec: {baseDomain: lab.corp.net}\n",
        "inst/manifests/cluster-scheduler-02-config.yml": "spec: {mastersSchedulable: true}\n",
        "inst/openshift/99_openshift-cluster-api_master-machines-0.yaml": "kind: Machine\n",
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {folder / name: text for name, text in texts.items()}


@pytest.mark.parametrize(
    "command", [pytest.param(name, marks=[] if name == "apply" else [pytest.mark.torture]) for name in SPEAKING]
)
def test_plain_http_is_refused(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://user:password@aws.corp")
    ended = run(tmp_path, monkeypatch, command)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith("AWS_ENDPOINT_URL_EC2: http://aws.corp is plain http to another host")
    assert "give --insecure-endpoint" in ended.stderr
    # Somebody who renders is told in a second line what AWS is asked for at all.
    assert ended.stderr.count("\n") == (2 if command == "render" else 1)
    assert looked_up == []
    assert not (tmp_path / ".ocpprov").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["install-config", "lab.yaml", "--file", "inst/install-config.yaml", "--yes"],
        ["manifests", "inst", "lab.yaml", "--yes"],
        ["bootstrap", "remove", "lab.yaml", "--yes"],
    ],
    ids=lambda words: words[0],
)
def test_what_edits_files_is_refused_before_it_does(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    site = files_of_the_installer(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://aws.corp")
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(main, words)
    assert (ended.exit_code, looked_up) == (2, [])
    assert ended.stderr.startswith("AWS_ENDPOINT_URL_EC2: http://aws.corp is plain http to another host")
    assert {path: path.read_text() for path in site} == site


def test_init_writes_its_plan_and_asks_nobody_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://aws.corp")
    monkeypatch.chdir(tmp_path)
    given = ["--region", REGION, "--cluster-name", "lab", "--base-domain", "corp.net"]
    ended = CliRunner().invoke(main, ["init", *given])
    assert (ended.exit_code, looked_up) == (0, [])
    assert "AWS can't be asked: AWS_ENDPOINT_URL_EC2: http://aws.corp is plain http to another host" in ended.stderr


@pytest.mark.torture
def test_the_plans_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]) -> None:
    endpoints = [{"name": "ec2", "url": "https://ec2.corp"}, {"name": "sts", "url": "http://sts.corp"}]
    ended = run(tmp_path, monkeypatch, "plan", serviceEndpoints=endpoints)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("lab.yaml:16:4: aws.serviceEndpoints: http://sts.corp is plain http")
    assert looked_up == []


@pytest.mark.torture
def test_what_quotas_are_asked_of_is_looked_at_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", "http://quotas.corp")
    ended = run(tmp_path, monkeypatch, "preflight")
    assert ended.exit_code == 2
    assert ended.stderr.startswith("AWS_ENDPOINT_URL_SERVICE_QUOTAS: http://quotas.corp is plain http")
    assert looked_up == []


def test_where_it_is_allowed_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://aws.corp")
    ended = run(tmp_path, monkeypatch, "plan", "--insecure-endpoint")
    assert ended.exit_code == 2
    assert ended.stderr.count("as --insecure-endpoint allows") == 1
    assert "aws.corp: the host has a name that DNS doesn't know" in ended.stderr
    assert set(looked_up) == {"aws.corp"}


def test_a_worker_of_a_fleet_takes_no_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looked_up: list[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://aws.corp")
    scheduler = Scheduler("tls://centre:8786", tmp_path, tmp_path, tmp_path)
    served: list[Station] = []

    def serve(station: Station, scheduler: Scheduler, say: Callable[[str], None]) -> ExitCode:
        served.append(station)
        return ExitCode.DONE

    with pytest.raises(Refused, match=r"^AWS_ENDPOINT_URL_EC2: http://aws\.corp is plain http to another host"):
        fleet_worker(WorkerRequest(scheduler, [REGION], [], 1), Options(directory=tmp_path), Terminal("ocpprov"), serve)
    assert (served, looked_up) == ([], [])
