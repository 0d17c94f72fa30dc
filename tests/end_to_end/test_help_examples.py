"""The examples of `--help`, each run to its end in the folder of one user, in the order in which they are written."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ocpprov.cli.verbs import main
from ocpprov.commands.usage import USAGES
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion
from tests.support.warm import Finished

PLAN = f"""
name: prod
region: {REGION}
Resources:
  VPC:
    Type: AWS::EC2::VPC
    Properties: {{CidrBlock: 10.0.0.0/16}}
Outputs:
  VpcId: {{Value: !Ref VPC}}
"""
OF_A_PROCESS = ("sandbox", "preflight", "rehearse", "fleet-worker")
"""What needs a server of its own: those of the sandbox are run by its own tests, and preflight by its. A rehearsal has
an AWS of its own, a worker a scheduler."""
OF_A_CLUSTER = (
    "apply prod.yaml --yes --verify",
    "apply east.yaml west.yaml",
    "fleet",
    "install-config",
    "manifests",
    "bootstrap",
    "validate prod.yaml --reachability",
    "verify",
    "status",
    "wait",
    "outputs prod.yaml --format",
)
"""What needs the installer's files, a cluster, or several plans: run by the tests of those commands."""


def line_of(words: str) -> list[str]:
    """The example for somebody before the sandbox whom nobody can ask."""
    line = shlex.split(words)
    command: click.Command = main.commands[line[0]]
    names = {each.name for each in command.params}
    line += ["--sandbox"] if "sandbox" in names else []
    return [*line, "--yes"] if "yes" in names and "--yes" not in line else line


def test_every_example_ends_as_it_says(one_bastion: Bastion, tmp_path: Path) -> None:
    one_bastion.moved_in(tmp_path, REGION)
    (tmp_path / "prod.yaml").write_text(PLAN)
    user = LocalOperator(one_bastion)
    ended: dict[str, tuple[Finished, int]] = {}
    for example in (each for usage in USAGES.values() for each in usage.examples):
        if not example.words.startswith((*OF_A_PROCESS, *OF_A_CLUSTER)):
            ended[example.words] = (user.run(*line_of(example.words)), example.code)
    wrong = {words: (done.code, done.err) for words, (done, code) in ended.items() if done.code != code}
    assert wrong == {}
    assert len(ended) == 24
    silent = ("apply", "destroy")
    assert all(done.out for words, (done, _) in ended.items() if not words.startswith(silent) and words != "init")
