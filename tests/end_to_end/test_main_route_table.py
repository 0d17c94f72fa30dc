"""A plan's route table that somebody made the main one of its VPC stays the plan's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.world import REGION, ROOT
from tests.support.in_process import Bastion


@pytest.mark.torture
def test_it_is_kept_and_a_destroy_says_what_keeps_it(tmp_path: Path) -> None:
    plan = tmp_path / "single-zone.yaml"
    plan.write_text((ROOT / "plans" / plan.name).read_text())
    bastion = Bastion(tmp_path, REGION)
    bastion.pipeline.reset()
    assert bastion.apply(plan).code == 0
    ec2 = bastion.client("ec2")
    tables = ec2.describe_route_tables()["RouteTables"]
    ours = next(each for each in tables if {"Key": "ocpprov:resource", "Value": "PrivateRouteTable"} in each["Tags"])
    links = [link for each in tables if each["VpcId"] == ours["VpcId"] for link in each["Associations"]]
    main = next(link for link in links if link["Main"])
    moved = ec2.replace_route_table_association(
        AssociationId=main["RouteTableAssociationId"], RouteTableId=ours["RouteTableId"]
    )
    planned, applied = bastion.plan(plan), bastion.apply(plan)
    assert (planned.code, applied.code, applied.sent) == (0, 0, []), planned.said
    ended = bastion.destroy(plan)
    assert ended.code == 1
    assert f"{ours['RouteTableId']} can't be deleted: its place as the main table of {ours['VpcId']}" in ended.said
    ec2.replace_route_table_association(AssociationId=moved["NewAssociationId"], RouteTableId=main["RouteTableId"])
    assert bastion.destroy(plan).code == 0
