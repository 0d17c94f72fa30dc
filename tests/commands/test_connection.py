"""What a command needs of AWS before it asks anything."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.reads import Reader
from ocpprov.commands import connection
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.options import Options
from ocpprov.commands.show_plan import show_plan
from tests.support.environment_aws import aws_in_environment, counted_clients
from tests.support.in_process import Words

NETWORK_ONLY = """
name: network
region: eu-west-1
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
"""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of an empty AWS that the environment points to."""
    with aws_in_environment(monkeypatch, tmp_path) as url:
        yield url


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The clients that botocore is asked for, by service."""
    return counted_clients(monkeypatch)


def test_a_network_only_plan_makes_the_clients_of_its_two_services(
    aws: str, made: Counter[str], tmp_path: Path
) -> None:
    """One of each that gives up soon, for the first question, and one for everything else: of STS there is nothing else
    to ask."""
    file = tmp_path / "network.yaml"
    file.write_text(NETWORK_ONLY)
    words = Words()
    assert show_plan(Options(plan=file, directory=tmp_path), words, connection.connect) == 0
    assert "Net" in "\n".join(words.said)
    assert made == {"ec2": 2, "sts": 1}


def test_an_address_that_is_no_url_is_refused_where_the_plan_needs_it_only(
    aws: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Needed by the lock alone, too."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "nowhere")
    file = tmp_path / "network.yaml"
    file.write_text(NETWORK_ONLY)
    options = Options(plan=file, directory=tmp_path)
    assert show_plan(options, Words(), connection.connect) == 0
    file.write_text(f"{NETWORK_ONLY}lock: s3://locks/ours\n")
    with pytest.raises(Refused, match="nowhere"):
        show_plan(options, Words(), connection.connect)


@pytest.fixture
def no_looking(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """As a process begins: garbage isn't looked for. What has been done about it since."""
    done: Counter[str] = Counter()
    before = gc.get_threshold()
    monkeypatch.setattr(gc, "freeze", lambda: done.update(["freeze"]))
    gc.disable()
    yield done
    gc.enable()
    gc.set_threshold(*before)


def test_while_more_is_loaded_beside_the_first_questions_nobody_looks_for_garbage(
    aws: str, no_looking: Counter[str], tmp_path: Path
) -> None:
    target = connection.RunTarget("network", "eu-west-1")
    connection.signed_clients(target, Options(directory=tmp_path), CallLog(lambda _: None), lambda _: None)
    assert not gc.isenabled()
    assert no_looking == {}


def test_each_process_begins_to_look_for_garbage_once(no_looking: Counter[str]) -> None:
    connection.look_for_garbage()
    assert gc.isenabled()
    assert gc.get_threshold()[0] == 50_000
    connection.look_for_garbage()
    assert no_looking == {"freeze": 1}


def test_no_more_reads_than_the_option_says_are_made_at_once(
    aws: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "network.yaml"
    file.write_text(NETWORK_ONLY)
    allowed: list[int] = []

    class Noted(Reader):
        def __init__(self, clients: Any, clock: Any, on_retry: Any, concurrency: int, *more: Any) -> None:
            super().__init__(clients, clock, on_retry, concurrency, *more)
            allowed.append(concurrency)

    monkeypatch.setattr(connection, "Reader", Noted)
    assert show_plan(Options(plan=file, directory=tmp_path, concurrency=3), Words(), connection.connect) == 0
    # Changes; a look at AWS asks twice as many things at once.
    assert set(allowed) == {6}
