"""Nothing begins by mistake: not in an account that isn't named, nor in another one, nor where a sandbox is meant."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from live.__main__ import main
from live.command_line import parse
from live.rehearsal import environ_of
from live.stages import Stage
from ocpprov.sandbox.record import Running
from tests.live.support import Aws, nothing_there

ACCOUNT = "1" * 12


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "verb"),
        (["run"], "--account takes the twelve digits"),
        (["clean"], "--account takes the twelve digits"),
        (["run", "--region", "eu-west-1"], "--account takes the twelve digits"),
        (["run", "--account", "12", "--region", "eu-west-1"], "--account takes the twelve digits"),
        (["run", "--account", "1" * 13, "--region", "eu-west-1"], "--account takes the twelve digits"),
        (["run", "--account", ACCOUNT], "--region is missing"),
        (["clean", "--account", ACCOUNT], "--region is missing"),
        (["run", "--account", ACCOUNT, "--region", "eu-west-1a"], "no region has such a name"),
        (["run", "--account", ACCOUNT, "--region", "eu-west-1", "--domain", "live"], "no domain in lower case"),
        (["run", "answers.json", "--account", ACCOUNT, "--region", "eu-west-1"], "takes a file of answers"),
        (["rehearse", "--topic", "none"], "invalid choice: 'none'"),
        (["rehearse", "--account", ACCOUNT], "a rehearsal has the sandbox's own"),
        (["take-in"], "takes a file of answers"),
        (["run", "--account", ACCOUNT, "--region", "eu-west-1", "--stage", "all"], "invalid choice"),
    ],
)
def test_a_command_line_that_doesnt_say_where_begins_nothing(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_what_a_command_line_says() -> None:
    wanted = parse(
        ["run", "--account", ACCOUNT, "--region", "eu-west-1", "--stage", "cluster", "--domain", "a.example.net"]
    )
    assert (wanted.account, wanted.region, wanted.domain) == (ACCOUNT, "eu-west-1", "a.example.net")
    assert (wanted.stages, wanted.rehearsed) == (frozenset({Stage.CLUSTER}), False)
    assert parse(["endings"]).stages == frozenset(Stage)
    assert [parse([verb]).rehearsed for verb in ("rehearse", "rehearse-clean", "endings")] == [True, True, True]


@pytest.mark.parametrize("verb", ["run", "clean"])
def test_in_another_account_nothing_is_made(
    aws: Aws, verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("live.__main__.clients_of", lambda session: aws.client)
    folder = tmp_path / "live"
    command = [verb, "--account", "9" * 12, "--region", "eu-west-1", "--folder", str(folder)]
    assert main(command) == 2
    assert "are of account 123456789012, not of 999999999999; nothing was begun" in capsys.readouterr().err
    assert ([call["operation"] for call in aws.pipeline.calls()], folder.exists()) == (["GetCallerIdentity"], False)


@pytest.mark.parametrize("typed", ["", "yes\n", "999999999999\n"])
def test_unconfirmed_nothing_is_made(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("live.__main__.clients_of", lambda session: nothing_there)
    monkeypatch.setattr("sys.stdin", _Typed(typed))
    command = ["run", "--account", "123456789012", "--region", "eu-west-1", "--folder", str(tmp_path)]
    assert main(command) == 2
    said = capsys.readouterr().out
    assert "AWS bills each begun hour of what it makes in all: 1 NAT gateway, 1 load balancer, 1 interface end" in said
    assert "look them up at https://aws.amazon.com/pricing" in said
    assert said.endswith("not confirmed; nothing was begun\n")
    assert [path.name for path in tmp_path.iterdir()] == ["live.log"]


class _Typed:
    def __init__(self, text: str) -> None:
        self._text = text

    def readline(self) -> str:
        return self._text


def test_a_rehearsal_reaches_nothing_but_its_sandbox() -> None:
    """Neither by a profile nor by an address or a proxy of the operator's."""
    theirs = {
        "AWS_PROFILE": "prod",
        "AWS_ENDPOINT_URL_EC2": "https://ec2.eu-west-1.amazonaws.com",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_SESSION_TOKEN": "real",
        "https_proxy": "http://proxy:3128",
        "PATH": "/bin",
    }
    running = Running("http://127.0.0.1:1", 1, "", 1.0, "secret")
    assert environ_of(theirs, running, Path("/state")) == {
        "PATH": "/bin",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_STATE_HOME": "/state",
    }


def test_without_credentials_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    command = ["run", "--account", ACCOUNT, "--region", "eu-west-1", "--folder", str(tmp_path)]
    assert main(command) == 2
    assert "no credentials that AWS accepts" in capsys.readouterr().err
