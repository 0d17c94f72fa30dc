"""From `ocpprov init` to destroyed, as docs/how-to/install-a-cluster.md has it: no id is typed, and nothing is left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.journeys import SHAPES, Journey, Shape, shape
from tests.end_to_end.local import LocalOperator
from tests.support.in_process import Bastion

RELEASES: Final = ("4.12", "4.16", "4.18", "4.20")
SAMPLE: Final = ("In an existing VPC", "4.20")
_ID: Final = re.compile(
    r"\b(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|i|ami)-[0-9a-f]{8,}|\bZ[A-Z0-9]{9,}|arn:aws|\b\d{12}\b|\$"
)
"""What AWS or the installer names by itself, and a shell's variable."""


@pytest.mark.parametrize("name", SHAPES)
def test_nobody_types_an_id_and_what_is_typed_is_counted(name: str) -> None:
    of = shape(name)
    assert of.typed == of.stated
    script = "\n".join([of.config, *of.commands])
    assert not _ID.search(script), _ID.search(script)
    verbs = [" ".join(line.split()[:2]) for line in of.commands]
    assert (verbs[0], verbs[-1]) == ("ocpprov init", "ocpprov destroy")


CASES: Final = [
    pytest.param(name, release, marks=[] if (name, release) == SAMPLE else pytest.mark.torture)
    for name in SHAPES
    for release in RELEASES
]


@pytest.mark.parametrize(("name", "release"), CASES)
def test_a_cluster_from_init_to_destroyed(one_bastion: Bastion, tmp_path: Path, name: str, release: str) -> None:
    of = shape(name)
    one_bastion.moved_in(tmp_path, of.region)
    user = LocalOperator(one_bastion)
    prepare(user, of)
    before = user.aws.everything()
    journey = Journey(user, release)
    journey.begin(of)
    for command in of.commands:
        journey.run(command)
    assert user.aws.everything() == before


def prepare(user: LocalOperator, of: Shape) -> None:
    """What is there before: the base domain's public zone, and the network team's VPC with its firewall, to which all
    routes lead."""
    if of.name == "Public":
        user.bastion.client("route53").create_hosted_zone(Name="corp.net", CallerReference="of the company")
    if of.name == "In an existing VPC":
        ec2 = user.bastion.client("ec2")
        named = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "corp"}]}]
        vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16", TagSpecifications=named)["Vpc"]["VpcId"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            ec2.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": True}})
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.8.{number}.0/24", AvailabilityZone=f"{of.region}{letter}")
            for number, letter in enumerate("abc")
        ]
        firewall = ec2.create_network_interface(SubnetId=subnets[0]["Subnet"]["SubnetId"])["NetworkInterface"]
        [main] = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        ec2.create_route(
            RouteTableId=main["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            NetworkInterfaceId=firewall["NetworkInterfaceId"],
        )
