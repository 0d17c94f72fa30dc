"""What the policy of a plan is about, by the plan's file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ocpprov.checks.iam_policy import PolicyPurpose, actions_of, policy
from ocpprov.cli.verbs import main
from ocpprov.commands.load import load_plan
from ocpprov.commands.options import Options
from ocpprov.commands.policy import subject_of

PLAN = """\
name: lab
region: eu-west-1
openshift:
  clusterName: lab
  baseDomain: example.com
  infraID: lab-x7k2p
  publish: Internal
  egress: none
  zones: 1
  {bootstrap}
"""


def passing(tmp_path: Path, bootstrap: str) -> set[str]:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.format(bootstrap=bootstrap))
    return set(subject_of(load_plan(Options(plan=file))).passing)


@pytest.mark.parametrize("bootstrap", ["bootstrap: true", "bootstrap: {address: 10.0.48.9}"])
def test_while_the_bootstrap_runs_nothing_passes(tmp_path: Path, bootstrap: str) -> None:
    assert passing(tmp_path, bootstrap) == set()


def test_when_it_is_over_what_it_had_may_be_taken_away(tmp_path: Path) -> None:
    found = passing(tmp_path, "bootstrap: false")
    assert {"BootstrapIamRole", "BootstrapInstanceProfile", "BootstrapSecurityGroup", "BootstrapIgnition"} <= found
    assert not {"MasterIamRole", "VPC", "InfraBucket"} & found
    document = policy(subject_of(load_plan(Options(plan=tmp_path / "plan.yaml"))), PolicyPurpose.APPLY)
    roles = {
        action: {arn.rpartition("/")[2] for arn in statement["Resource"]}
        for statement in document["Statement"]
        for action in statement["Action"]
        if action in ("iam:CreateRole", "iam:DeleteRole")
    }
    kept = {"lab-MasterIamRole-????????", "lab-WorkerIamRole-????????"}
    assert roles == {"iam:CreateRole": kept, "iam:DeleteRole": {*kept, "lab-BootstrapIamRole-????????"}}
    assert "elasticloadbalancing:DeregisterTargets" in actions_of(document)
    [objects] = [each for each in document["Statement"] if "s3:DeleteObject" in each["Action"]]
    assert objects["Resource"] == "arn:aws:s3:::lab-infrabucket-????????/bootstrap.ign"


def printed(tmp_path: Path, text: str, *words: str) -> Result:
    file = tmp_path / "plan.yaml"
    file.write_text(text)
    return CliRunner().invoke(main, ["policy", str(file), *words])


@pytest.mark.parametrize(
    ("purpose", "first", "said"),
    [
        ("installer", "CreateManifests", True),
        ("create-cluster", "CreateBase", True),
        ("cluster", "MachineApi", False),
        ("plan", "Read", False),
        ("verify", "Read", False),
    ],
)
def test_each_purpose_has_its_own_policy(tmp_path: Path, purpose: str, first: str, *, said: bool) -> None:
    done = printed(tmp_path, PLAN.format(bootstrap=""), "--for", purpose)
    assert (done.exit_code, json.loads(done.stdout)["Statement"][0]["Sid"]) == (0, first)
    assert done.stderr.startswith("MintCredentials is as good as an administrator.") is said


def test_without_iam_nobody_mints_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    done = printed(tmp_path, PLAN.format(bootstrap=""), "--for", "installer", "--without", "iam")
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_plan_without_a_cluster_has_no_policy_for_one(tmp_path: Path) -> None:
    done = printed(tmp_path, "name: lab\nregion: eu-west-1\n", "--for", "cluster")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--for cluster is about a cluster, and the plan has no openshift section" in done.stderr
