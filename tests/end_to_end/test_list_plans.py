"""`list`, `outputs NAME` and what stands for a plan file, against the sandbox in this process."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.world import REGION
from tests.support.in_process import ACCOUNT, Bastion

PLAN = {
    "name": "lab",
    "region": REGION,
    "Resources": {
        "VPC": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "EIP": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
    },
    "Outputs": {"Id": {"Value": {"Ref": "VPC"}}, "Blocks": {"Value": ["10.0.0.0/16", "x"]}},
}


@pytest.fixture(scope="module")
def user(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> LocalOperator:
    """Somebody who has applied a plan from his folder."""
    one_bastion.moved_in(tmp_path_factory.mktemp("home"), REGION)
    user = LocalOperator(one_bastion)
    (user.folder / "lab.json").write_text(json.dumps(PLAN))
    user.good("apply", "lab.json", "--yes", "--sandbox")
    return user


def test_the_plans_of_the_account_are_listed(user: LocalOperator) -> None:
    found = json.loads(user.good("list", "--region", REGION, "--json", "--sandbox").out)
    (plan,) = found.pop("plans")
    assert found == {"account": ACCOUNT, "region": REGION, "unseen": []}
    assert (plan["name"], plan["clusters"], plan["protected"]) == ("lab", [], False)
    assert (plan["resources"], plan["billed"]) == ({"Elastic IP": 1, "VPC": 1}, {"Elastic IP": 1})
    assert plan["firstRun"] == plan["lastRun"] is not None
    # The folder knows the region.
    lines = user.good("list", "--sandbox").out.splitlines()
    assert lines[0] == f"account {ACCOUNT}, region {REGION}: 1 plan"
    assert lines[1] == "lab"
    assert lines[2].endswith("ago, 2 tagged resources")
    assert lines[3] == "    bills by the hour: 1 Elastic IP"


def test_one_output_is_its_raw_value(user: LocalOperator) -> None:
    (vpc,) = user.aws.client("ec2").describe_vpcs(Filters=[{"Name": "tag:ocpprov:plan", "Values": ["lab"]}])["Vpcs"]
    assert user.good("outputs", "lab.json", "Id", "--sandbox").out == f"{vpc['VpcId']}\n"
    without_plan = user.good("outputs", "Id", "--sandbox")
    assert without_plan.out == f"{vpc['VpcId']}\n"
    assert "plan file: lab.json (last applied from this folder)" in without_plan.err
    assert json.loads(user.good("outputs", "Blocks", "--json", "--sandbox").out) == ["10.0.0.0/16", "x"]


def test_an_output_that_is_not_there_is_refused(user: LocalOperator) -> None:
    wrong = user.run("outputs", "Idd", "--sandbox", "--quiet")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.splitlines()[-1] == "output Idd: neither a file nor an output of the plan; did you mean Id?"
    missing = user.run("outputs", "nosuch.json", "--sandbox")
    assert (missing.code, missing.err) == (2, "nosuch.json:1:1: can't be read: No such file or directory\n")


def test_without_a_plan_file_it_is_the_one_of_the_folder(user: LocalOperator) -> None:
    assert user.good("plan", "--detailed-exitcode", "--sandbox").out.splitlines()[-1].endswith("nothing to do")
    quiet = user.good("apply", "--yes", "--quiet", "--sandbox")
    assert (quiet.out, quiet.err) == ("", "")
