"""The first phase is made before the installer names the cluster, so nothing in it may wait for that name."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network

from ocpprov.openshift.expand import expand
from ocpprov.plan.model import DhcpOptions, Transit
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

EVERYTHING = replace(
    SECTION_3AZ,
    network_acl="working",
    endpoints=("s3", "ec2"),
    transit=(Transit((IPv4Network("10.20.0.0/16"),), transit_gateway_id="tgw-0abc"),),
    dhcp_options=DhcpOptions("corp.example.com"),
    secondary_networks=(IPv4Network("100.64.0.0/16"),),
    public_zone="create",
    bootstrap_ignition="bootstrap.ign",
)
FIRST_PHASE = {
    "AWS::EC2::VPC",
    "AWS::EC2::VPCCidrBlock",
    "AWS::EC2::DHCPOptions",
    "AWS::EC2::VPCDHCPOptionsAssociation",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::RouteTable",
    "AWS::EC2::Route",
    "AWS::EC2::Subnet",
    "AWS::EC2::SubnetRouteTableAssociation",
    "AWS::EC2::EIP",
    "AWS::EC2::NatGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    "AWS::EC2::SubnetNetworkAclAssociation",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
}


def test_without_an_infra_id_there_is_the_network_and_the_bucket() -> None:
    made = expand(plan_of(replace(EVERYTHING, infra_id="")), FACTS)
    assert {each.type for each in made.values()} == FIRST_PHASE
    groups = [logical_id for logical_id, each in made.items() if each.type == "AWS::EC2::SecurityGroup"]
    assert groups == ["EndpointSecurityGroup"]


def test_the_infra_id_changes_only_tags_of_the_first_phase() -> None:
    before = expand(plan_of(replace(EVERYTHING, infra_id="")), FACTS)
    after = expand(plan_of(EVERYTHING), FACTS)
    changed = {
        name
        for logical_id, resource in before.items()
        for name, value in resource.properties.items()
        if after[logical_id].properties[name] != value
    }
    assert changed == {"Tags"}


def test_nothing_but_the_private_zone_is_ever_called_owned() -> None:
    owned = {
        logical_id
        for logical_id, each in expand(plan_of(EVERYTHING), FACTS).items()
        if "'Value': 'owned'" in str(each.properties)
    }
    assert owned == {"IntDns"}


def test_turning_bootstrap_off_takes_its_group_role_profile_and_object_away() -> None:
    during = expand(plan_of(EVERYTHING), FACTS).keys()
    after = expand(plan_of(replace(EVERYTHING, bootstrap=False)), FACTS).keys()
    assert during - after == {
        "BootstrapSecurityGroup",
        "BootstrapIamRole",
        "BootstrapInstanceProfile",
        "BootstrapIgnition",
    }
