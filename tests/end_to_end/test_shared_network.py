"""A cluster in subnets that another account shares: everything of ours is made, and nothing is written to theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ocpprov.sandbox.middleware.shared_networks import OWNER
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION

SECTION = {
    "clusterName": "lab",
    "baseDomain": "example.com",
    "infraID": "lab-x7k2p",
    "publish": "Internal",
    "hostedZone": "none",
    "bootstrap": False,
    "iam": {"instanceProfiles": {"master": "m", "worker": "w"}},
    "bucket": "none",
}


@pytest.fixture
def subnet(aws: LocalAws) -> str:
    """A private subnet of another account."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    id: str = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    aws.conditions(shared=[vpc])
    aws.clear_calls()
    return id


def written(user: LocalOperator, subnet: str, **more: Any) -> str:
    document = {"name": "lab", "region": REGION, "openshift": {**SECTION, "subnets": [subnet], **more}}
    (user.folder / "lab.yaml").write_text(json.dumps(document, indent=1))
    return "lab.yaml"


def test_apply_makes_the_rest_and_hands_the_tags_over(user: LocalOperator, aws: LocalAws, subnet: str) -> None:
    """It settles, too: the VPC is the subnet's, and known as given though the plan doesn't name it."""
    done = user.good("apply", written(user, subnet), "--yes")
    said = f"account {OWNER} owns {subnet}, so nothing is written to them; the output NetworkOwnerCommands has"
    assert said in done.err
    assert [call for call in aws.calls() if call["status"] == 403] == []
    where = f"aws ec2 create-tags --region {REGION} --resources {subnet} --tags"
    tags = ("Key=kubernetes.io/cluster/lab-x7k2p,Value=shared", "Key=kubernetes.io/role/internal-elb,Value=1")
    lines = [line.partition("aws ec2")[1:] for line in user.good("outputs", "lab.yaml").out.splitlines()]
    assert ["".join(each) for each in lines if each[0]] == [f"{where} {tag}" for tag in tags]


def test_what_only_the_owner_makes_is_refused_before_anything_is_sent(
    user: LocalOperator, aws: LocalAws, subnet: str
) -> None:
    refused = user.run("apply", written(user, subnet, hostedZone="create", endpoints=["ec2"]), "--yes")
    assert refused.code == 2
    assert f"lab.yaml:21:3: openshift.endpoints: account {OWNER} owns the VPC, and nobody else makes" in refused.err
    assert f"lab.yaml:9:3: openshift.hostedZone: account {OWNER} owns the VPC, and Route 53 makes no" in refused.err
    assert aws.changes() == []
