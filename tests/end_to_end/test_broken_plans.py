"""Broken plans at the command line: exit code 2, every error with its place, no traceback, nothing asked of AWS."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from ocpprov.cli.verbs import main
from tests.end_to_end.world import ROOT, Operator
from tests.plan.test_broken import BROKEN

VERBS = {
    "validate": (),
    "plan": (),
    "apply": ("--yes",),
    "destroy": ("--yes",),
    "outputs": (),
    "render": (),
}
MISSPELT = "name: a\nregoin: eu-west-1\nopenshift: {clusterName: Prod, baseDomain: x}\n"


@dataclass(frozen=True)
class Aws:
    """Where AWS would be: a place that takes connections and never answers."""

    listener: socket.socket

    @property
    def environ(self) -> Mapping[str, str]:
        """All that a command needs to come here."""
        host, port = self.listener.getsockname()
        return {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def was_called(self) -> bool:
        """Whether anybody connected."""
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def aws() -> Iterator[Aws]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        listener.setblocking(False)
        yield Aws(listener)


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_a_broken_plan_is_refused_with_every_error_and_never_reaches_aws(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, expected: list[tuple[int, int, str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    # Some plans name files of the corpus, from the root of the repository.
    for name in ("pyproject.toml", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "plan.yaml").write_text(text)
    result = CliRunner().invoke(main, ["apply", "plan.yaml", "--yes"], env=dict(aws.environ))
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    for line, column, fragment in expected:
        assert f"plan.yaml:{line}:{column}" in result.output
        assert fragment in result.output
    assert sorted(os.listdir(tmp_path)) == ["plan.yaml", "pyproject.toml", "tests"]
    assert not aws.was_called()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_names_all_errors_of_a_broken_plan_in_one_pass(aws: Aws, tmp_path: Path, verb: str) -> None:
    (tmp_path / "plan.yaml").write_text(MISSPELT)
    ended = Operator("", tmp_path, aws.environ).run(verb, "plan.yaml", *VERBS[verb])
    assert ended.code == 2
    assert ended.out == ""
    for place in ("plan.yaml:1:1: region: is missing", "plan.yaml:2:1: ", "plan.yaml:3:26: ", "plan.yaml:3:44: "):
        assert place in ended.err
    assert "did you mean region?" in ended.err
    assert "Traceback" not in ended.err
    assert not aws.was_called()
