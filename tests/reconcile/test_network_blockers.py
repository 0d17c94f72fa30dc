"""Rules, associations, subnets and gateways of others in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ocpprov.aws.error_codes import ErrorClass
from ocpprov.aws.errors import AwsError, AwsMessage
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live
from ocpprov.reconcile.network_blockers import network_blockers
from tests.reconcile.world import World

OURS = {PLAN: "lab"}
TABLE_LINK, ACL_LINK = "AWS::EC2::SubnetRouteTableAssociation", "AWS::EC2::SubnetNetworkAclAssociation"


def live(type: str, id: str, **properties: Any) -> Live:
    return Live(type, id, properties, tags=OURS)


GROUP = live("AWS::EC2::SecurityGroup", "sg-1", VpcId="vpc-1")
TABLE = live("AWS::EC2::RouteTable", "rtb-1")
ACL = live("AWS::EC2::NetworkAcl", "acl-1")
OPTIONS = live("AWS::EC2::DHCPOptions", "dopt-1")
BLOCK = live("AWS::EC2::VPCCidrBlock", "vpc-cidr-assoc-1", VpcId="vpc-1", CidrBlock="10.1.0.0/16")
VPC = live("AWS::EC2::VPC", "vpc-1")


def world_with(tmp_path: Path, removed: Sequence[Live] = (), **pages: Any) -> World:
    world = World(tmp_path)
    world.cloud.pages.update(pages)
    for gone in removed:
        world.live_state.add(gone.id, gone)
        world.live_state.remove(gone)
    return world


def held_by(one: Live, world: World) -> list[str]:
    return [blocker.what for blocker in network_blockers(one, world.context)]


def asked_for(one: Live, world: World) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    class Told:
        """Keeps what is asked for; nothing is there."""

        def read(self, wanted: Sequence[Any]) -> Any:
            asked.extend((each.operation, each.arguments()) for each in wanted)
            return {each: [] for each in wanted}

        attempt = read

    told: Any = Told()
    assert list(network_blockers(one, replace(world.context, reader=told))) == []
    return asked


def filtered(name: str, value: str) -> Mapping[str, Any]:
    return {"Filters": [{"Name": name, "Values": [value]}]}


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (
            GROUP,
            [
                ("describe_security_groups", filtered("ip-permission.group-id", "sg-1")),
                ("describe_security_groups", filtered("egress.ip-permission.group-id", "sg-1")),
            ],
        ),
        (TABLE, [("describe_route_tables", {"RouteTableIds": ["rtb-1"]})]),
        (ACL, [("describe_network_acls", {"NetworkAclIds": ["acl-1"]})]),
        (OPTIONS, [("describe_vpcs", filtered("dhcp-options-id", "dopt-1"))]),
        (BLOCK, [("describe_subnets", filtered("vpc-id", "vpc-1"))]),
        (
            VPC,
            [
                ("describe_internet_gateways", filtered("attachment.vpc-id", "vpc-1")),
                ("describe_vpn_gateways", filtered("attachment.vpc-id", "vpc-1")),
            ],
        ),
        (live("AWS::EC2::Subnet", "subnet-1"), []),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_what_is_asked_for(one: Live, asked: Any, tmp_path: Path) -> None:
    assert asked_for(one, World(tmp_path)) == asked


def test_rules_of_other_groups(tmp_path: Path) -> None:
    groups = [
        {"GroupId": "sg-1"},
        {"GroupId": "sg-2"},
        {"GroupId": "sg-ours", "Tags": [{"Key": PLAN, "Value": "lab"}, {"Key": "Name", "Value": "x"}]},
        {"GroupId": "sg-other", "Tags": [{"Key": PLAN, "Value": "other"}]},
    ]
    world = world_with(tmp_path, describe_security_groups={"SecurityGroups": groups})
    assert held_by(GROUP, world) == ["a rule of security group sg-2", "a rule of security group sg-other"]


def test_who_uses_a_route_table(tmp_path: Path) -> None:
    associations = [
        {"Main": False, "SubnetId": "subnet-1", "RouteTableAssociationId": "rtbassoc-1"},
        {"SubnetId": "subnet-2", "RouteTableAssociationId": "rtbassoc-2", "AssociationState": {"State": "associated"}},
        {
            "SubnetId": "subnet-3",
            "RouteTableAssociationId": "rtbassoc-3",
            "AssociationState": {"State": "disassociating"},
        },
        {"SubnetId": "subnet-4", "RouteTableAssociationId": "rtbassoc-4"},
        {"SubnetId": "subnet-ours", "RouteTableAssociationId": "rtbassoc-5"},
        {"GatewayId": "igw-1", "RouteTableAssociationId": "rtbassoc-6"},
    ]
    removed = [Live(TABLE_LINK, "rtbassoc-4", {}), live("AWS::EC2::Subnet", "subnet-ours")]
    tables = {"RouteTables": [{"RouteTableId": "rtb-1", "Associations": associations}, {"RouteTableId": "rtb-1"}]}
    world = world_with(tmp_path, removed, describe_route_tables=tables)
    assert held_by(TABLE, world) == [
        "subnet subnet-1, which uses it,",
        "subnet subnet-2, which uses it,",
        "gateway igw-1, which uses it,",
    ]
    assert {blocker.step for blocker in network_blockers(TABLE, world.context)} == {"give that one another by hand"}
    # Moved to another table in this run.
    world.live_state.add("Uses", Live(TABLE_LINK, "rtbassoc-9", {"SubnetId": "subnet-1", "RouteTableId": "rtb-2"}))
    world.live_state.add("Acl", Live(ACL_LINK, "aclassoc-9", {"SubnetId": "subnet-2"}))
    assert held_by(TABLE, world) == ["subnet subnet-2, which uses it,", "gateway igw-1, which uses it,"]


def test_the_main_table_of_a_vpc_is_not_deleted_before_another_is(tmp_path: Path) -> None:
    table = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": True}]}
    for found, vpc in ((table, "vpc-1"), ({**table, "VpcId": None}, "its VPC")):
        (tmp_path / vpc).mkdir()
        answer = {key: value for key, value in found.items() if value}
        world = world_with(tmp_path / vpc, describe_route_tables={"RouteTables": [answer]})
        [blocker] = network_blockers(TABLE, world.context)
        assert (blocker.what, blocker.step) == (
            f"its place as the main table of {vpc}",
            f"make another table of {vpc} the main one by hand",
        )


def test_who_uses_an_acl(tmp_path: Path) -> None:
    associations = [
        {"SubnetId": "subnet-1", "NetworkAclAssociationId": "aclassoc-1"},
        {"SubnetId": "subnet-2", "NetworkAclAssociationId": "aclassoc-2"},
    ]
    acls = {"NetworkAcls": [{"NetworkAclId": "acl-1", "Associations": associations}]}
    world = world_with(tmp_path, [Live(ACL_LINK, "aclassoc-1", {})], describe_network_acls=acls)
    assert held_by(ACL, world) == ["subnet subnet-2, which uses it,"]


def test_who_uses_dhcp_options(tmp_path: Path) -> None:
    removed = [live("AWS::EC2::VPC", "vpc-ours"), Live("AWS::EC2::VPCDHCPOptionsAssociation", "vpc-left", {})]
    vpcs = {"Vpcs": [{"VpcId": id} for id in ("vpc-ours", "vpc-left", "vpc-theirs")]}
    world = world_with(tmp_path, removed, describe_vpcs=vpcs)
    assert held_by(OPTIONS, world) == ["VPC vpc-theirs, which uses it,"]
    moved = Live("AWS::EC2::VPCDHCPOptionsAssociation", "vpc-theirs", {"VpcId": "vpc-theirs", "DhcpOptionsId": "x"})
    world.live_state.add("Options", moved)
    assert held_by(OPTIONS, world) == []


def test_subnets_in_a_block(tmp_path: Path) -> None:
    subnets = {
        "Subnets": [
            {"SubnetId": "subnet-1", "CidrBlock": "10.1.4.0/24"},
            {"SubnetId": "subnet-2", "CidrBlock": "10.2.0.0/24"},
            {"SubnetId": "subnet-ours", "CidrBlock": "10.1.5.0/24"},
            {"SubnetId": "subnet-v6"},
            {"SubnetId": "subnet-odd", "CidrBlock": "of no use"},
        ]
    }
    world = world_with(tmp_path, [live("AWS::EC2::Subnet", "subnet-ours")], describe_subnets=subnets)
    assert held_by(BLOCK, world) == ["subnet subnet-1 in it"]
    assert held_by(live(BLOCK.type, "vpc-cidr-assoc-2", VpcId="vpc-1", CidrBlock="2001:db8::/56"), world) == []
    assert held_by(live(BLOCK.type, "vpc-cidr-assoc-2", VpcId="vpc-1"), world) == []


INTERNET = {
    "InternetGateways": [
        {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]},
        {"InternetGatewayId": "igw-2", "Attachments": [{"VpcId": "vpc-1", "State": "detaching"}]},
        {"InternetGatewayId": "igw-3", "Attachments": [{"VpcId": "vpc-9", "State": "available"}]},
        {"InternetGatewayId": "igw-left", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]},
        {"InternetGatewayId": "igw-ours", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]},
    ]
}
PRIVATE = {
    "VpnGateways": [
        {"VpnGatewayId": "vgw-1", "VpcAttachments": [{"VpcId": "vpc-1", "State": "attached"}]},
        {"VpnGatewayId": "vgw-2", "VpcAttachments": [{"VpcId": "vpc-1", "State": "detached"}]},
        {"VpnGatewayId": "vgw-3"},
    ]
}


def test_gateways_of_a_vpc(tmp_path: Path) -> None:
    removed = [
        Live("AWS::EC2::VPCGatewayAttachment", "igw-left|vpc-1", {}),
        live("AWS::EC2::InternetGateway", "igw-ours"),
    ]
    world = world_with(tmp_path, removed, describe_internet_gateways=INTERNET, describe_vpn_gateways=PRIVATE)
    assert held_by(VPC, world) == [
        "internet gateway igw-1, which is attached to it,",
        "virtual private gateway vgw-1, which is attached to it,",
    ]


def test_of_gateways_that_nobody_may_look_at_nothing_is_told(tmp_path: Path) -> None:
    denied = AwsError(ErrorClass.DENIED, AwsMessage("UnauthorizedOperation", "no"))
    world = world_with(tmp_path, describe_internet_gateways=INTERNET, describe_vpn_gateways=denied)
    assert held_by(VPC, world)[:1] == ["internet gateway igw-1, which is attached to it,"]
    assert not any("vgw" in what for what in held_by(VPC, world))
