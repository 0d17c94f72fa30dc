"""A plan is saved, looked at, and applied: just that, or nothing where somebody was faster."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocpprov.commands import saved_plans
from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

PLAN = {
    "name": "lab",
    "region": REGION,
    "Resources": {
        "VPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "VPC"}, "CidrBlock": "10.0.0.0/24"},
        },
    },
}


@pytest.fixture
def user(one_bastion: Bastion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalOperator:
    """Somebody with a plan, whose digests are quick."""
    monkeypatch.setattr(saved_plans, "_ROUNDS", 1)
    one_bastion.moved_in(tmp_path, REGION)
    (tmp_path / "lab.json").write_text(json.dumps(PLAN))
    return LocalOperator(one_bastion)


def test_a_saved_plan_is_done_as_it_was_shown_or_not_at_all(user: LocalOperator) -> None:
    planned = user.good("plan", "lab.json", "--out", "saved", "--sandbox", "--json")
    asked_for = {(each["action"], each["resource"]) for each in json.loads(planned.out)["actions"]}
    assert "saved: `ocpprov apply saved` does just this" in planned.err
    user.aws.clear_calls()
    # Nobody is there to be asked.
    done = user.good("apply", "saved", "--sandbox", "--json")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert {(each["action"], each["resource"]) for each in events[0]["actions"]} == asked_for
    assert events[-1]["summary"]["create"] == len(asked_for) == 2
    assert set(user.aws.changes()) == {"CreateSubnet", "CreateTags", "CreateVpc"}
    user.aws.clear_calls()
    again = user.run("apply", "saved", "--sandbox", "--json")
    *errors, last = map(json.loads, again.out.splitlines())
    assert (again.code, user.aws.changes()) == (2, [])
    assert [each["error"]["detail"] for each in errors][1:] == [
        "nothing is to be done any more: it was done already, from here or elsewhere"
    ]
    assert last["error"]["detail"] == "what there is to do isn't what was planned; nothing was changed"


def test_drift_in_between_is_told(user: LocalOperator) -> None:
    user.good("apply", "lab.json", "--yes", "--sandbox")
    user.good("plan", "lab.json", "--out", "saved", "--sandbox")
    ec2 = user.aws.client("ec2")
    (vpc,) = ec2.describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["lab"]}])["Vpcs"]
    ec2.modify_vpc_attribute(VpcId=vpc["VpcId"], EnableDnsSupport={"Value": False})
    user.aws.clear_calls()
    refused = user.run("apply", "saved", "--sandbox")
    assert (refused.code, user.aws.changes()) == (2, [])
    assert f"now also: update VPC (AWS::EC2::VPC, {vpc['VpcId']})" in refused.err


@pytest.mark.torture
def test_only_apply_takes_it_and_it_takes_no_files_place(user: LocalOperator) -> None:
    user.good("plan", "lab.json", "--out", "saved", "--sandbox")
    for verb in ("validate", "plan", "outputs", "destroy"):
        refused = user.run(verb, "./saved")
        assert (refused.code, refused.out) == (2, "")
        assert "is a saved plan" in refused.err
    assert user.run("plan", "lab.json", "--out", "lab.json", "--sandbox").code == 2
    assert json.loads((user.folder / "lab.json").read_text()) == PLAN
