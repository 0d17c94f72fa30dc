"""Openings as commands of the AWS CLI, and as resources of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.reachability.acl_numbers import AclStep
from ocpprov.reachability.aws_commands import aws_commands
from ocpprov.reachability.network import EVERY_TYPE, AclEntry, GroupRule, Via
from ocpprov.reachability.openings import CrossZone, NewAclEntries, NewGroupRules, Opening
from ocpprov.reachability.route_openings import EndpointTable, NewRoute
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from ocpprov.reachability.to_resources import to_resources

HERE = addresses("10.0.64.0/20")
ETCD = GroupRule("", "tcp", Span(2379, 2380), HERE)


@pytest.mark.parametrize(
    ("opening", "commands"),
    [
        (
            NewGroupRules("sg-1", "ingress", (ETCD, GroupRule("", "icmp", Span(8, 8), EVERYWHERE))),
            [
                "ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions "
                "'IpProtocol=tcp,FromPort=2379,ToPort=2380,IpRanges=[{CidrIp=10.0.64.0/20}]' "
                "'IpProtocol=icmp,FromPort=8,ToPort=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'"
            ],
        ),
        (
            NewGroupRules("sg-1", "egress", (GroupRule("", "50", ALL_PORTS, HERE),)),
            [
                "ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions "
                "'IpProtocol=50,IpRanges=[{CidrIp=10.0.64.0/20}]'"
            ],
        ),
        (
            NewGroupRules("sg-1", "egress", (GroupRule("", "tcp", Span(443, 443), prefix_list="pl-1"),)),
            [
                "ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions "
                "'IpProtocol=tcp,FromPort=443,ToPort=443,PrefixListIds=[{PrefixListId=pl-1}]'"
            ],
        ),
        (
            NewAclEntries(
                "acl-1",
                "ingress",
                (
                    AclStep(AclEntry(2, False, "-1", EVERYWHERE)),
                    AclStep(AclEntry(1, True, "tcp", HERE, Span(22, 22)), replaces=True),
                ),
            ),
            [
                "ec2 create-network-acl-entry --network-acl-id acl-1 --ingress --rule-number 2 --protocol all "
                "--cidr-block 0.0.0.0/0 --rule-action deny",
                "ec2 replace-network-acl-entry --network-acl-id acl-1 --ingress --rule-number 1 --protocol tcp "
                "--port-range From=22,To=22 --cidr-block 10.0.64.0/20 --rule-action allow",
            ],
        ),
        (
            NewAclEntries("acl-1", "egress", (AclStep(AclEntry(9, True, "icmp", HERE, EVERY_TYPE)),)),
            [
                "ec2 create-network-acl-entry --network-acl-id acl-1 --egress --rule-number 9 --protocol icmp "
                "--icmp-type-code Type=-1,Code=-1 --cidr-block 10.0.64.0/20 --rule-action allow"
            ],
        ),
        (
            NewRoute("rtb-1", EVERYWHERE, "nat-1", Via.NAT_GATEWAY),
            ["ec2 create-route --route-table-id rtb-1 --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1"],
        ),
        (
            NewRoute("rtb-1", HERE, "tgw-1", Via.OTHER, replaces=True),
            [
                "ec2 replace-route --route-table-id rtb-1 --destination-cidr-block 10.0.64.0/20 "
                "--transit-gateway-id tgw-1"
            ],
        ),
        (NewRoute("rtb-1", HERE, "arn:aws:networkmanager::1:core-network/x", Via.OTHER), []),
        (
            EndpointTable("vpce-1", "rtb-1"),
            ["ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-1 --add-route-table-ids rtb-1"],
        ),
        (CrossZone("classic"), []),
        (
            CrossZone("arn:x"),
            [
                "elbv2 modify-load-balancer-attributes --load-balancer-arn arn:x --attributes "
                "Key=load_balancing.cross_zone.enabled,Value=true"
            ],
        ),
    ],
)  # fmt: skip
def test_commands(opening: Opening, commands: Sequence[str]) -> None:
    assert aws_commands(opening, ("--region", "eu-west-1")) == [f"aws {each} --region eu-west-1" for each in commands]


def test_an_id_that_is_more_than_a_word_is_one_word_to_a_shell() -> None:
    (command,) = aws_commands(EndpointTable("vpce-1; reboot", "rtb-1"), ())
    assert command == "aws ec2 modify-vpc-endpoint --vpc-endpoint-id 'vpce-1; reboot' --add-route-table-ids rtb-1"


MASTER = {"GroupId": {"Fn::GetAtt": ["MasterSecurityGroup", "GroupId"]}}
ENTRY = {"NetworkAclId": {"Ref": "PublicNetworkAcl"}, "RuleAction": "allow", "CidrBlock": "10.0.64.0/20"}


@pytest.mark.parametrize(
    ("opening", "type", "properties"),
    [
        (
            NewGroupRules("MasterSecurityGroup", "ingress", (ETCD,)),
            "AWS::EC2::SecurityGroupIngress",
            {**MASTER, "IpProtocol": "tcp", "FromPort": 2379, "ToPort": 2380, "CidrIp": "10.0.64.0/20"},
        ),
        (
            NewGroupRules("MasterSecurityGroup", "egress", (GroupRule("", "icmp", Span(8, 8), HERE),)),
            "AWS::EC2::SecurityGroupEgress",
            {**MASTER, "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "10.0.64.0/20"},
        ),
        (
            NewGroupRules("MasterSecurityGroup", "ingress", (GroupRule("", "50", ALL_PORTS, HERE),)),
            "AWS::EC2::SecurityGroupIngress",
            {**MASTER, "IpProtocol": "50", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.64.0/20"},
        ),
        (
            NewAclEntries("PublicNetworkAcl", "egress", (AclStep(AclEntry(9, True, "udp", HERE, Span(53, 53))),)),
            "AWS::EC2::NetworkAclEntry",
            {**ENTRY, "Egress": True, "RuleNumber": 9, "Protocol": 17, "PortRange": {"From": 53, "To": 53}},
        ),
        (
            NewAclEntries("PublicNetworkAcl", "ingress", (AclStep(AclEntry(9, True, "icmp", HERE, Span(8, 8))),)),
            "AWS::EC2::NetworkAclEntry",
            {**ENTRY, "Egress": False, "RuleNumber": 9, "Protocol": 1, "Icmp": {"Type": 8, "Code": -1}},
        ),
        (
            NewAclEntries("PublicNetworkAcl", "ingress", (AclStep(AclEntry(9, True, "50", HERE)),)),
            "AWS::EC2::NetworkAclEntry",
            {**ENTRY, "Egress": False, "RuleNumber": 9, "Protocol": 50},
        ),
        (
            NewRoute("PrivateRouteTable", EVERYWHERE, "NAT", Via.NAT_GATEWAY),
            "AWS::EC2::Route",
            {
                "RouteTableId": {"Ref": "PrivateRouteTable"},
                "DestinationCidrBlock": "0.0.0.0/0",
                "NatGatewayId": {"Ref": "NAT"},
            },
        ),
        (
            NewRoute("PrivateRouteTable", HERE, "tgw-1", Via.OTHER),
            "AWS::EC2::Route",
            {
                "RouteTableId": {"Ref": "PrivateRouteTable"},
                "DestinationCidrBlock": "10.0.64.0/20",
                "TransitGatewayId": "tgw-1",
            },
        ),
    ],
)
def test_resources(opening: Opening, type: str, properties: Mapping[str, Any]) -> None:
    assert to_resources(opening) == [{"Type": type, "Properties": properties}]


@pytest.mark.parametrize(
    "opening",
    [
        NewGroupRules("MasterSecurityGroup", "egress", (GroupRule("", "tcp", Span(443, 443), prefix_list="pl-1"),)),
        NewAclEntries("PublicNetworkAcl", "ingress", (AclStep(AclEntry(1, True, "50", HERE), replaces=True),)),
        NewRoute("PrivateRouteTable", EVERYWHERE, "NAT", Via.NAT_GATEWAY, replaces=True),
        NewRoute("PrivateRouteTable", EVERYWHERE, "eni-1", Via.OTHER),
        EndpointTable("S3Endpoint", "PrivateRouteTable"),
        CrossZone("IntApiElb"),
        NewGroupRules("default security group", "ingress", (ETCD,)),
        NewAclEntries("default network ACL", "ingress", (AclStep(AclEntry(9, True, "50", HERE)),)),
        NewRoute("main route table", EVERYWHERE, "NAT", Via.NAT_GATEWAY),
    ],
)
def test_what_a_plan_has_to_change_is_no_resource_more(opening: Opening) -> None:
    assert to_resources(opening) == []
