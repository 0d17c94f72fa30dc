"""AWS is asked while a command is still loaded, with the same words as without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.reads import FirstPages
from ocpprov.commands import early_connection
from ocpprov.commands.call_log import CallLog
from ocpprov.commands.connection import Connector, FirstAnswers, RunTarget
from ocpprov.commands.early_connection import early_connector
from ocpprov.commands.exit_codes import Refused
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.run_target import target_of
from ocpprov.engine.secret_texts import SecretTexts

PLAN = """
name: prod
region: eu-west-1
Resources:
  Net:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
"""


@dataclass
class Way:
    """What stands in for AWS: what happened, in order."""

    happened: list[str] = field(default_factory=list)
    refused: str = ""

    def signed_clients(self, target: RunTarget, *_: Any) -> str:
        self.happened.append(f"clients {target.name}")
        if self.refused:
            raise Refused(self.refused)
        return "bundle"

    def found_by(self, bundle: str, target: RunTarget) -> FirstAnswers:
        self.happened.append(f"asked {target.name}")
        return FirstAnswers(target, "123456789012", FirstPages({}))

    def connection_of(self, bundle: str, target: RunTarget, account: str, *_: Any, **__: Any) -> str:
        return f"{bundle} to {target.name} in {account}"

    @contextmanager
    def connect(self, target: RunTarget, *_: Any) -> Iterator[str]:
        self.happened.append(f"anew {target.region}")
        yield "another"


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Way:
    stand_in = Way()
    for name in ("signed_clients", "found_by", "connection_of", "connect"):
        monkeypatch.setattr(early_connection, name, getattr(stand_in, name))
    monkeypatch.setattr(early_connection, "look_for_garbage", lambda: None)
    return stand_in


@pytest.fixture
def options(tmp_path: Path) -> Options:
    (tmp_path / "plan.yaml").write_text(PLAN)
    return Options(plan=tmp_path / "plan.yaml", directory=tmp_path)


def silent(_: SecretTexts, __: str) -> None:
    """Nobody listens."""


def reached(connector: Connector, target: RunTarget, options: Options) -> object:
    with connector(target, options, CallLog(lambda _: None), lambda _: None, lambda _: None) as connection:
        return connection


def test_it_is_begun_before_the_command_wants_it(way: Way, options: Options) -> None:
    connector = early_connector(options, silent)
    assert way.happened[0] == "clients prod"
    target = target_of(load_plan(options), options)
    assert reached(connector, target, options) == "bundle to prod in 123456789012"
    assert way.happened == ["clients prod", "asked prod"]


def test_a_plan_that_is_another_by_now_is_reached_anew(way: Way, options: Options) -> None:
    connector = early_connector(options, silent)
    target = target_of(load_plan(options), options)
    assert reached(connector, replace(target, region="eu-west-2"), options) == "another"
    assert way.happened[-1] == "anew eu-west-2"
    assert reached(connector, target, replace(options, profile="other")) == "another"


def test_a_refusal_is_raised_where_the_command_wants_it_and_nobody_is_asked_again(way: Way, options: Options) -> None:
    way.refused = "no credentials"
    connector = early_connector(options, silent)
    with pytest.raises(Refused, match="no credentials"):
        reached(connector, target_of(load_plan(options), options), options)
    assert way.happened == ["clients prod"]


@pytest.mark.parametrize("text", [None, "name: [", "name: prod\nregion: nowhere\n"])
def test_of_a_plan_that_cannot_be_read_nothing_is_begun(way: Way, options: Options, text: str | None) -> None:
    """The command says so itself."""
    file = options.plan or Path()
    file.unlink() if text is None else file.write_text(text)
    early_connector(options, silent)
    assert way.happened == []
