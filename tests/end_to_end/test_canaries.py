"""Thirteen kinds of secrets, each over all commands: in no stream, no file of a run, and no child's arguments.

The commands are those that the command line has, so that a new one is asked too. Three ways are tried in the default
run, with one command; `make torture` tries all ways with all commands.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import click
import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from ocpprov.sandbox.admin import SandboxAdmin
from ocpprov.sandbox.record import Running
from tests.end_to_end.canaries import CANARY, CASES, Host, Prepare, spellings
from tests.end_to_end.world import REGION

INPUTS: Final = ("lab.yaml", "bootstrap.ign", "config", "token", "keys.py", "home", "ca.pem", "cert.pem", "key.pem")
"""What a user has put there."""
ALL: Final = [(kind, name, prepare) for kind, ways in CASES.items() for name, prepare in ways.items()]


def commands(group: click.Group, *words: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All that the command line has, those of groups too."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *words, name)
        else:
            yield (*words, name), command


def lines() -> list[tuple[str, ...]]:
    """A line for each command, and one with --json where it has that; what takes everything away comes last."""
    found: list[tuple[str, ...]] = []
    for words, command in commands(main):
        names = {each.name for each in command.params}
        folders = (
            ["."] if any(each.name == "folder" and isinstance(each, click.Argument) for each in command.params) else []
        )
        line = (
            *words,
            *folders,
            *(["lab.yaml"] if names & {"plan", "plans"} else []),
            *(["--yes"] if "yes" in names else []),
        )
        found += [line, *([(*line, "--json")] if "as_json" in names else [])]
    return sorted(found, key=lambda line: line[0] == "destroy")


LINES: Final = lines()


class Shell:
    """Somebody at the command line in this process, before a sandbox in a thread of it. `children` are the arguments of
    all processes that were started."""

    def __init__(self, host: Host, patch: pytest.MonkeyPatch) -> None:
        self.host = host
        self.children: list[str] = []
        self._patch = patch
        popen: Callable[..., None] = subprocess.Popen.__init__

        def noted(process: Any, args: Any, *more: Any, **given: Any) -> None:
            self.children.append(repr(args))
            popen(process, args, *more, **given)

        patch.setattr(subprocess.Popen, "__init__", noted)

    def run(self, *line: str) -> str:
        """All that a command says, whatever becomes of it."""
        names = {each.name for words, one in commands(main) if line[: len(words)] == words for each in one.params}
        options = [*self.host.options]
        if "profile" not in names and "--profile" in options:
            options = []
        if "parameter" not in names and "--parameter" in options:
            options = []
        if "tls_key" in names:
            options += self.host.fleet
        words = [*line, *options]
        self._patch.setattr(sys, "argv", ["ocpprov", *words])
        ended = CliRunner().invoke(main, words, env=self.host.environ)
        if ended.exception and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return ended.output + ended.stderr

    def left(self) -> dict[str, str]:
        """What is in the folder beside what the user put there, by name."""
        folder = self.host.folder
        paths = (path for path in folder.rglob("*") if path.relative_to(folder).parts[0] not in INPUTS)
        return {str(path): path.read_bytes().decode(errors="replace") for path in paths if path.is_file()}

    def assert_clean(self, said: str) -> None:
        everywhere = {"streams": said, "children": "\n".join(self.children), **self.left()}
        for where, text in everywhere.items():
            for each in [one for secret in self.host.secrets for one in spellings(secret)]:
                lowered = text.lower()
                assert each not in lowered, f"{where}: {text[max(0, lowered.index(each) - 200) :][:400]}"


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """A command has its clients never looked at for garbage, as its process ends soon. This one runs hundreds."""
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture
def shell(running: Running, admin: SandboxAdmin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    monkeypatch.chdir(tmp_path)
    store = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lab-store"}}
    properties = {"Bucket": {"Ref": "Store"}, "Key": "bootstrap.ign", "Source": "bootstrap.ign"}
    (tmp_path / "bootstrap.ign").write_text("{}")
    with ExitStack() as stack:
        host = Host(tmp_path, running.endpoint_url, stack)
        host.plan = {
            "name": "lab",
            "region": REGION,
            "Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}, "Store": store},
            "Metadata": {"Ocpprov": {"Resources": {"File": {"Type": "Ocpprov::S3::Object", "Properties": properties}}}},
        }
        host.environ |= {
            "AWS_ENDPOINT_URL": running.endpoint_url,
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        yield Shell(host, monkeypatch)


def prepared(shell: Shell, prepare: Prepare) -> Shell:
    prepare(shell.host)
    (shell.host.folder / "lab.yaml").write_text(json.dumps(shell.host.plan))
    return shell


def test_the_kinds_and_the_commands(record_property: Callable[[str, object], None]) -> None:
    assert len(CASES) == 13
    assert len({words for words, _ in commands(main)}) == 28
    assert len([name for name in CASES["AssumeRole's answer"] if name.startswith("the plan's")]) == 17
    record_property("canaries: ways of a secret and command lines", len(ALL) * len(LINES))


QUICK: Final = [
    ("AssumeRole's answer", "the plan's, cut in half"),
    ("answer of credential_process", "without a key"),
    ("password of an endpoint", "closed"),
]


@pytest.mark.parametrize(("kind", "name"), QUICK)
def test_no_secret_leaves_a_command(shell: Shell, kind: str, name: str) -> None:
    said = prepared(shell, CASES[kind][name]).run("plan", "lab.yaml")
    assert said.count("\n") >= 1
    shell.assert_clean(said)


@pytest.mark.torture
@pytest.mark.parametrize(("kind", "name", "prepare"), ALL, ids=[f"{kind}: {name}" for kind, name, _ in ALL])
def test_no_secret_leaves_any_command(shell: Shell, kind: str, name: str, prepare: Prepare) -> None:
    prepared(shell, prepare)
    said = ""
    for line in LINES:
        said += shell.run(*line)
        shell.assert_clean(said)


@pytest.mark.torture
def test_a_canary_would_be_seen(shell: Shell) -> None:
    """A parameter without NoEcho is in the plan, in outputs.json and in the command to run next."""
    host = shell.host
    host.plan |= {"Parameters": {"Open": {"Type": "String"}}, "Outputs": {"Out": {"Value": {"Ref": "Open"}}}}
    host.options = ("--parameter", f"Open={CANARY}")
    prepared(shell, lambda _: None)
    said = shell.run("apply", "lab.yaml", "--yes")
    assert CANARY in said
    with pytest.raises(AssertionError):
        shell.assert_clean(said)
