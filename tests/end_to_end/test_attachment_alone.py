"""An attachment to a transit gateway, in a VPC that holds nothing else of the plan's. EC2's filters for these know no
tags, so a destroy that knows neither plan nor VPC finds it by looking at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.in_process import Bastion

REGION = "eu-west-1"


@pytest.fixture
def bastion(tmp_path: Path) -> Bastion:
    return Bastion(tmp_path / "home", REGION)


def test_a_destroy_without_plan_and_folder_finds_it(bastion: Bastion, tmp_path: Path) -> None:
    ec2 = bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    theirs = ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway,
        VpcId=ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"],
        SubnetIds=["subnet-theirs"],
    )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
    way = {"VpcId": vpc, "TransitGatewayId": gateway, "SubnetIds": [subnet]}
    document = {
        "name": "linked",
        "region": REGION,
        "Resources": {"Way": {"Type": "AWS::EC2::TransitGatewayAttachment", "Properties": way}},
    }
    plan = tmp_path / "linked.yaml"
    plan.write_text(json.dumps(document))
    applied = bastion.apply(plan)
    assert applied.code == 0, applied.said

    bastion.moved_to(tmp_path / "elsewhere")
    destroyed = bastion.destroy(None, name="linked", region=REGION)  # type: ignore[arg-type]
    assert destroyed.code == 0, destroyed.said
    assert destroyed.sent == ["DeleteTransitGatewayVpcAttachment"]
    left = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    states = {each["TransitGatewayAttachmentId"]: each["State"] for each in left}
    assert states[theirs] == "available"
