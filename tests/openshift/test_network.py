"""The network part, against the CIDR table and wiring of template 01_vpc.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.engine.resources import Position, Resource
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.openshift.expand import Facts, expand, placeholder_facts, zones_needed
from ocpprov.plan.model import OpenShift, Plan, SubnetCIDRs
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

BARE = OpenShift(cluster_name="prod", base_domain="example.com")


def expanded(section: OpenShift) -> Mapping[str, Resource]:
    return expand(plan_of(section), FACTS)


def subnets(section: OpenShift) -> dict[str, object]:
    return {
        logical_id: (resource.properties["CidrBlock"], resource.properties["AvailabilityZone"])
        for logical_id, resource in expanded(section).items()
        if resource.type == "AWS::EC2::Subnet"
    }


def test_the_network_of_three_zones_has_the_templates_logical_ids() -> None:
    assert {logical_id: resource.type for logical_id, resource in expanded(BARE).items()} == {
        "VPC": "AWS::EC2::VPC",
        "InternetGateway": "AWS::EC2::InternetGateway",
        "GatewayToInternet": "AWS::EC2::VPCGatewayAttachment",
        "PublicRouteTable": "AWS::EC2::RouteTable",
        "PublicRoute": "AWS::EC2::Route",
        "PublicSubnet": "AWS::EC2::Subnet",
        "PublicSubnet2": "AWS::EC2::Subnet",
        "PublicSubnet3": "AWS::EC2::Subnet",
        "PublicSubnetRouteTableAssociation": "AWS::EC2::SubnetRouteTableAssociation",
        "PublicSubnetRouteTableAssociation2": "AWS::EC2::SubnetRouteTableAssociation",
        "PublicSubnetRouteTableAssociation3": "AWS::EC2::SubnetRouteTableAssociation",
        "EIP": "AWS::EC2::EIP",
        "EIP2": "AWS::EC2::EIP",
        "EIP3": "AWS::EC2::EIP",
        "NAT": "AWS::EC2::NatGateway",
        "NAT2": "AWS::EC2::NatGateway",
        "NAT3": "AWS::EC2::NatGateway",
        "PrivateSubnet": "AWS::EC2::Subnet",
        "PrivateSubnet2": "AWS::EC2::Subnet",
        "PrivateSubnet3": "AWS::EC2::Subnet",
        "PrivateRouteTable": "AWS::EC2::RouteTable",
        "PrivateRouteTable2": "AWS::EC2::RouteTable",
        "PrivateRouteTable3": "AWS::EC2::RouteTable",
        "PrivateSubnetRouteTableAssociation": "AWS::EC2::SubnetRouteTableAssociation",
        "PrivateSubnetRouteTableAssociation2": "AWS::EC2::SubnetRouteTableAssociation",
        "PrivateSubnetRouteTableAssociation3": "AWS::EC2::SubnetRouteTableAssociation",
        "Route": "AWS::EC2::Route",
        "Route2": "AWS::EC2::Route",
        "Route3": "AWS::EC2::Route",
        "S3Endpoint": "AWS::EC2::VPCEndpoint",
        "InfraBucket": "AWS::S3::Bucket",
        "InfraBucketPolicy": "AWS::S3::BucketPolicy",
    }


def test_the_vpc_has_dns_support_and_hostnames_and_no_name() -> None:
    assert expanded(BARE)["VPC"].properties == {
        "CidrBlock": "10.0.0.0/16",
        "EnableDnsSupport": True,
        "EnableDnsHostnames": True,
    }


def test_three_zones_are_sliced_as_the_template_slices_them() -> None:
    assert subnets(BARE) == {
        "PublicSubnet": ("10.0.0.0/20", "eu-west-1a"),
        "PublicSubnet2": ("10.0.16.0/20", "eu-west-1b"),
        "PublicSubnet3": ("10.0.32.0/20", "eu-west-1c"),
        "PrivateSubnet": ("10.0.48.0/20", "eu-west-1a"),
        "PrivateSubnet2": ("10.0.64.0/20", "eu-west-1b"),
        "PrivateSubnet3": ("10.0.80.0/20", "eu-west-1c"),
    }


def test_a_single_zone_has_the_blocks_that_it_has_among_three() -> None:
    assert subnets(SECTION_SINGLE_ZONE) == {
        "PublicSubnet": ("10.0.0.0/20", "eu-west-1a"),
        "PrivateSubnet": ("10.0.48.0/20", "eu-west-1a"),
    }


@pytest.mark.parametrize(
    ("machine_network", "bits", "public", "private"),
    [
        ("10.0.0.0/16", 5, "10.0.0.32/27", "10.0.0.128/27"),
        ("10.0.0.0/16", 13, "10.0.32.0/19", "10.0.128.0/19"),
        ("172.20.4.0/24", 5, "172.20.4.32/27", "172.20.4.128/27"),
        ("192.168.0.0/21", 8, "192.168.1.0/24", "192.168.4.0/24"),
    ],
)
def test_other_networks_and_sizes(machine_network: str, bits: int, public: str, private: str) -> None:
    section = replace(BARE, machine_network=IPv4Network(machine_network), subnet_bits=bits)
    assert subnets(section)["PublicSubnet2"] == (public, "eu-west-1b")
    assert subnets(section)["PrivateSubnet2"] == (private, "eu-west-1b")


def test_a_machine_network_without_room_for_six_subnets_is_refused() -> None:
    section = replace(BARE, machine_network=IPv4Network("10.0.0.0/24"), subnet_bits=6)
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/24 has no room for 6 subnets of 6 bits"):
        expanded(section)


def test_blocks_that_the_plan_gives_are_used_as_they_are() -> None:
    cidrs = SubnetCIDRs(public=[IPv4Network("10.0.200.0/24")], private=[IPv4Network("10.0.100.0/24")])
    assert subnets(replace(BARE, zones=1, subnet_cidrs=cidrs)) == {
        "PublicSubnet": ("10.0.200.0/24", "eu-west-1a"),
        "PrivateSubnet": ("10.0.100.0/24", "eu-west-1a"),
    }


def test_named_zones_need_no_facts() -> None:
    plan = plan_of(replace(BARE, zones=("eu-west-1c", "eu-west-1a")))
    resources = expand(plan, Facts())
    assert zones_needed(plan) == 0
    assert resources["PublicSubnet"].properties["AvailabilityZone"] == "eu-west-1c"
    assert resources["PrivateSubnet2"].properties["AvailabilityZone"] == "eu-west-1a"
    assert "PublicSubnet3" not in resources


def test_counted_zones_need_facts() -> None:
    plan = plan_of(BARE)
    assert zones_needed(plan) == 3
    assert placeholder_facts(plan) == Facts({0: "eu-west-1a", 1: "eu-west-1b", 2: "eu-west-1c"})
    with pytest.raises(ValueError, match=r"3 zones are asked for, but none is known for \[1, 2\]"):
        expand(plan, Facts({0: "eu-west-1a"}))


def test_public_traffic_goes_through_the_attached_gateway() -> None:
    resources = expanded(BARE)
    assert resources["GatewayToInternet"].properties == {
        "VpcId": Ref("VPC"),
        "InternetGatewayId": Ref("InternetGateway"),
    }
    assert resources["PublicRoute"].depends_on == ("GatewayToInternet",)
    assert resources["PublicRoute"].properties == {
        "RouteTableId": Ref("PublicRouteTable"),
        "DestinationCidrBlock": "0.0.0.0/0",
        "GatewayId": Ref("InternetGateway"),
    }
    assert resources["PublicSubnetRouteTableAssociation3"].properties == {
        "SubnetId": Ref("PublicSubnet3"),
        "RouteTableId": Ref("PublicRouteTable"),
    }


def test_each_zone_leaves_by_its_own_nat() -> None:
    resources = expanded(BARE)
    assert resources["EIP2"].properties == {"Domain": "vpc"}
    assert resources["NAT2"].depends_on == ("GatewayToInternet",)
    assert resources["NAT2"].properties == {
        "AllocationId": GetAtt("EIP2", "AllocationId"),
        "SubnetId": Ref("PublicSubnet2"),
    }
    assert resources["Route2"].properties == {
        "RouteTableId": Ref("PrivateRouteTable2"),
        "DestinationCidrBlock": "0.0.0.0/0",
        "NatGatewayId": Ref("NAT2"),
    }
    assert resources["PrivateSubnetRouteTableAssociation2"].properties == {
        "SubnetId": Ref("PrivateSubnet2"),
        "RouteTableId": Ref("PrivateRouteTable2"),
    }


def test_nat_single_sends_every_zone_through_the_first() -> None:
    resources = expanded(replace(BARE, egress="nat-single"))
    assert not {"NAT2", "NAT3", "EIP2", "EIP3"} & resources.keys()
    routes = [resources[each].properties["NatGatewayId"] for each in ("Route", "Route2", "Route3")]
    assert routes == [Ref("NAT"), Ref("NAT"), Ref("NAT")]


def test_given_addresses_are_used_and_none_is_made() -> None:
    resources = expanded(replace(BARE, elastic_ips=("eipalloc-1", "eipalloc-2", "eipalloc-3")))
    assert not {"EIP", "EIP2", "EIP3"} & resources.keys()
    allocations = [resources[each].properties["AllocationId"] for each in ("NAT", "NAT2", "NAT3")]
    assert allocations == ["eipalloc-1", "eipalloc-2", "eipalloc-3"]


def test_internal_without_egress_has_no_public_side() -> None:
    resources = expanded(replace(BARE, publish="Internal", egress="none"))
    assert resources.keys() == {
        "VPC",
        "PrivateSubnet",
        "PrivateSubnet2",
        "PrivateSubnet3",
        "PrivateRouteTable",
        "PrivateRouteTable2",
        "PrivateRouteTable3",
        "PrivateSubnetRouteTableAssociation",
        "PrivateSubnetRouteTableAssociation2",
        "PrivateSubnetRouteTableAssociation3",
        "S3Endpoint",
        "InfraBucket",
        "InfraBucketPolicy",
    }
    assert resources["S3Endpoint"].properties["RouteTableIds"] == [
        Ref("PrivateRouteTable"),
        Ref("PrivateRouteTable2"),
        Ref("PrivateRouteTable3"),
    ]


def test_external_without_egress_has_public_subnets_and_no_nat() -> None:
    resources = expanded(replace(BARE, egress="none"))
    assert "PublicSubnet3" in resources
    assert not {"NAT", "EIP", "Route"} & resources.keys()


def test_the_s3_endpoint_is_on_every_route_table() -> None:
    assert expanded(BARE)["S3Endpoint"].properties == {
        "VpcId": Ref("VPC"),
        "VpcEndpointType": "Gateway",
        "ServiceName": "com.amazonaws.eu-west-1.s3",
        "RouteTableIds": [
            Ref("PublicRouteTable"),
            Ref("PrivateRouteTable"),
            Ref("PrivateRouteTable2"),
            Ref("PrivateRouteTable3"),
        ],
        "PolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
        },
    }


def test_the_s3_endpoint_in_china_and_on_request_only() -> None:
    china = expand(plan_of(BARE, region="cn-north-1"), FACTS)
    assert china["S3Endpoint"].properties["ServiceName"] == "com.amazonaws.cn-north-1.s3"
    assert "S3Endpoint" not in expanded(replace(BARE, endpoints=()))


def test_subnets_carry_the_tags_that_the_cluster_looks_for() -> None:
    before, after = expanded(BARE), expanded(SECTION_3AZ)
    assert before["PublicSubnet"].properties["Tags"] == [{"Key": "kubernetes.io/role/elb", "Value": ""}]
    assert after["PublicSubnet"].properties["Tags"] == [
        {"Key": "kubernetes.io/role/elb", "Value": ""},
        {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"},
    ]
    assert after["PrivateSubnet2"].properties["Tags"] == [
        {"Key": "kubernetes.io/role/internal-elb", "Value": ""},
        {"Key": "kubernetes.io/cluster/prod-x7k2p", "Value": "shared"},
    ]


def test_the_infra_id_changes_nothing_in_the_network_but_tags() -> None:
    before, after = expanded(BARE), expanded(SECTION_3AZ)
    changed = {
        (logical_id, name)
        for logical_id, resource in before.items()
        for name, value in resource.properties.items()
        if after[logical_id].properties[name] != value
    }
    assert {name for _, name in changed} == {"Tags"}


def test_resources_point_at_their_section_in_the_file() -> None:
    position = Position("plan.yaml", 4, 1)
    plan = replace(plan_of(BARE), positions={"openshift": position})
    assert {resource.position for resource in expand(plan, FACTS).values()} == {position}


def test_a_plan_without_the_section_expands_to_nothing() -> None:
    plan = Plan(name="bare", region="eu-west-1")
    assert expand(plan, Facts()) == {}
    assert zones_needed(plan) == 0


def test_the_addresses_come_from_the_pool_that_the_plan_names() -> None:
    section = replace(SECTION_3AZ, public_ipv4_pool="ipv4pool-ec2-0a")
    addresses = [each for each in expand(plan_of(section), FACTS).values() if each.type == "AWS::EC2::EIP"]
    assert [each.properties for each in addresses] == [{"Domain": "vpc", "PublicIpv4Pool": "ipv4pool-ec2-0a"}] * 3
