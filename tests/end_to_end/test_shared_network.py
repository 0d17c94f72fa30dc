"""A cluster in subnets that another account shares: everything of ours is made, and nothing is written to theirs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from moto.backends import get_backend

from ocpprov.sandbox.middleware.shared_networks import OWNER
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.world import REGION

ZONE = "Z0THEIRS000000"
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
def network(aws: LocalAws) -> tuple[str, str]:
    """A private subnet of another account, and that account's private zone for its VPC."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    aws.conditions(shared=[vpc])
    aws.clear_calls()
    return subnet, zone_of_the_owner(vpc)


def zone_of_the_owner(vpc: str) -> str:
    zones: Any = get_backend("route53")[OWNER]["aws"]
    made = zones.create_hosted_zone(
        name="example.com.",
        private_zone=True,
        vpcid=vpc,
        vpcregion=REGION,
        caller_reference="theirs",
        comment="",
        delegation_set_id=None,
    )
    made.resource_id = ZONE
    zones.zones[ZONE] = made
    return ZONE


def records() -> set[str]:
    zones: Any = get_backend("route53")[OWNER]["aws"]
    return {record.name for record in zones.zones[ZONE].rrsets} - {"example.com."}


def written(user: LocalOperator, subnet: str, **more: Any) -> str:
    document = {"name": "lab", "region": REGION, "openshift": {**SECTION, "subnets": [subnet], **more}}
    (user.folder / "lab.yaml").write_text(json.dumps(document, indent=1))
    return "lab.yaml"


def test_apply_makes_the_rest_and_hands_the_tags_over(
    user: LocalOperator, aws: LocalAws, network: tuple[str, str]
) -> None:
    """It settles, too: the VPC is the subnet's, and known as given though the plan doesn't name it. The records go into
    the owner's zone by its role, which a destroy without the plan still knows."""
    subnet, zone = network
    plan = written(user, subnet, hostedZone=zone, hostedZoneRole=f"arn:aws:iam::{OWNER}:role/zones")
    done = user.good("apply", plan, "--yes")
    said = f"account {OWNER} owns {subnet}, so nothing is written to them; the output NetworkOwnerCommands has"
    assert said in done.err
    assert [call for call in aws.calls() if call["status"] == 403] == []
    assert records() == {"api.lab.example.com.", "api-int.lab.example.com."}
    where = f"aws ec2 create-tags --region {REGION} --resources {subnet} --tags"
    tags = ("Key=kubernetes.io/cluster/lab-x7k2p,Value=shared", "Key=kubernetes.io/role/internal-elb,Value=1")
    lines = [line.partition("aws ec2")[1:] for line in user.good("outputs", "lab.yaml").out.splitlines()]
    assert ["".join(each) for each in lines if each[0]] == [f"{where} {tag}" for tag in tags]
    (user.folder / plan).unlink()
    user.good("destroy", "--name", "lab", "--region", REGION, "--yes")
    assert records() == set()


def test_a_role_that_may_not_be_taken_is_told_before_anything_is_sent(
    user: LocalOperator, aws: LocalAws, network: tuple[str, str]
) -> None:
    role = f"arn:aws:iam::{OWNER}:role/zones"
    refusal = {"fault": "error", "code": "AccessDenied", "message": "no", "status": 403}
    aws.faults([{"operation": "AssumeRole", "nth": 1, "times": 9, **refusal}])
    refused = user.run("apply", written(user, network[0], hostedZone=network[1], hostedZoneRole=role), "--yes")
    assert refused.code == 2
    assert f"no credentials of {role} (openshift.hostedZoneRole): AssumeRole: AccessDenied: no" in refused.err
    assert "Have the role trust whoever runs this" in refused.err
    assert aws.changes() == []


def test_what_only_the_owner_makes_is_refused_before_anything_is_sent(
    user: LocalOperator, aws: LocalAws, network: tuple[str, str]
) -> None:
    refused = user.run("apply", written(user, network[0], hostedZone="create", endpoints=["ec2"]), "--yes")
    assert refused.code == 2
    assert f"lab.yaml:21:3: openshift.endpoints: account {OWNER} owns the VPC, and nobody else makes" in refused.err
    assert f"lab.yaml:9:3: openshift.hostedZone: account {OWNER} owns the VPC, and Route 53 makes no" in refused.err
    assert aws.changes() == []
