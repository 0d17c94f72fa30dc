"""What `validate` says of files that aren't there and of ids that only AWS knows, without AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocpprov.commands.options import Options
from ocpprov.commands.validate import validate

CONFIG = (
    "baseDomain: example.com\nmetadata: {name: prod}\npublish: Internal\n"
    "platform:\n  aws:\n    region: eu-west-1\n    subnets: [subnet-1a]\n"
    "    defaultMachinePlatform: {iamRole: secret}\n"
)
PLAN = "name: a\nopenshift:\n  installConfig: config.yaml\n  metadata: metadata.json\n  zones: 1\n"


def said(folder: Path, capsys: pytest.CaptureFixture[str], plan: str, **options: Any) -> str:
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "plan.yaml").write_text(plan)
    assert validate(Options(plan=folder / "plan.yaml", directory=folder, **options)) == 0
    return capsys.readouterr().out


def test_it_counts_for_ids_of_ours_and_for_ids_of_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(tmp_path, capsys, PLAN).splitlines()
    own, others = 16, 2
    assert lines[0] == f"{tmp_path / 'plan.yaml'}: valid; {own} resources"
    assert (
        f"  note: only AWS knows whether subnet-1a of the install-config are this plan's own: {own} resources if they "
        f"are, {others} if they aren't"
    ) in lines
    assert f"  note: {tmp_path / 'config.yaml'}:8:30: platform.aws.defaultMachinePlatform.iamRole is not" in "\n".join(
        lines
    )
    assert "metadata.json isn't there: the network alone is planned until it is" in "\n".join(lines)
    assert "secret" not in "\n".join(lines)


def test_other_peoples_words_stay_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG + '"\\e[31mx\\e]0;y\\a": 1\n')
    (tmp_path / "plan.yaml").write_text(PLAN)
    assert validate(Options(plan=tmp_path / "plan.yaml", directory=tmp_path)) == 0
    shown = capsys.readouterr().out
    assert "\\x1b[31mx" in shown
    assert "\x1b" not in shown


def test_it_says_when_the_plan_is_good_for_ids_of_ours_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = PLAN + "  networkAcl: working\n"
    document = json.loads(said(tmp_path, capsys, plan, as_json=True))
    assert document["ok"]
    assert any(note.endswith("this plan's own; the plan is valid only if they are") for note in document["notes"])


def test_it_has_nothing_to_say_of_a_plan_without_such_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = "name: a\nregion: eu-west-1\nopenshift: {clusterName: prod, baseDomain: example.com, zones: 1}\n"
    assert json.loads(said(tmp_path, capsys, plan, as_json=True)).keys() == {"ok", "plan", "resources"}
