"""The first phase is made before the installer names the cluster, so nothing in it may wait for that name."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.openshift.expand import expand, of_bootstrap
from ocpprov.openshift.section_outputs import outputs
from ocpprov.plan.model import DhcpOptions, Iam, InstanceProfiles, Plan, Transit
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
    "AWS::Route53::HostedZone",
}


def test_without_an_infra_id_there_is_the_network_the_bucket_and_the_public_zone() -> None:
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


def test_the_public_zone_of_an_external_cluster_is_there_before_the_installer_looks_for_it() -> None:
    before = expand(plan_of(replace(EVERYTHING, infra_id="")), FACTS)
    assert before["ExtDns"] == expand(plan_of(EVERYTHING), FACTS)["ExtDns"]
    named = {output.name: output.value for output in outputs(plan_of(replace(EVERYTHING, infra_id="")), FACTS)}
    assert named["PublicHostedZoneId"] == Ref("ExtDns")
    assert "PublicHostedZoneNameServers" in named


@pytest.mark.parametrize("section", [{"publish": "Internal"}, {"public_zone": "auto"}, {"public_zone": "none"}])
def test_no_other_zone_is_made_before_there_is_an_infra_id(section: dict[str, Any]) -> None:
    plan = plan_of(replace(EVERYTHING, **{"infra_id": "", **section}))
    assert not [each for each in expand(plan, FACTS).values() if each.type == "AWS::Route53::HostedZone"]
    assert "PublicHostedZoneId" not in {output.name for output in outputs(plan, FACTS)}


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


BOOTSTRAP = {"BootstrapSecurityGroup", "BootstrapIamRole", "BootstrapInstanceProfile"}


@pytest.mark.parametrize("bootstrap", [True, False])
def test_what_is_the_bootstraps_alone_is_known_with_it_and_without_it(bootstrap: bool) -> None:
    given = Iam(instance_profiles=InstanceProfiles(bootstrap="theirs"))
    for section in (replace(EVERYTHING, bootstrap=bootstrap), replace(EVERYTHING, bootstrap=bootstrap, iam=given)):
        assert of_bootstrap(plan_of(section), FACTS).keys() == BOOTSTRAP | {"BootstrapIgnition"}


def test_what_only_has_the_name_is_not_the_bootstraps() -> None:
    own = {"BootstrapIamRole": Resource("BootstrapIamRole", "AWS::IAM::Role")}
    plan = replace(plan_of(replace(SECTION_3AZ, bootstrap=False)), resources=own)
    assert of_bootstrap(plan, FACTS).keys() == BOOTSTRAP - {"BootstrapIamRole"}
    assert of_bootstrap(Plan(name="a", region="eu-west-1", resources=own), FACTS) == {}
    assert of_bootstrap(plan_of(replace(SECTION_3AZ, infra_id="")), FACTS) == {}
