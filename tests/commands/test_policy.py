"""What the policy of a plan is about, by the plan's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.checks.iam_policy import Purpose, actions_of, policy
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
    document = policy(subject_of(load_plan(Options(plan=tmp_path / "plan.yaml"))), Purpose.APPLY)
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
