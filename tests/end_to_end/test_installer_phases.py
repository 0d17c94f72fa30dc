"""The installer's files before an apply and at the end: not there yet, naming what others have, not needed any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocpprov.plan.problems import PlanErrors
from tests.end_to_end.installer_site import PLAN, Site, site_in
from tests.end_to_end.world import REGION
from tests.support.in_process import Bastion

PUBLIC = (
    "clusterName: prod, baseDomain: corp.example, publicZone: create, zones: 1, egress: none, endpoints: [], "
    "bucket: none"
)


@pytest.fixture
def site(one_bastion: Bastion, tmp_path: Path) -> Site:
    return site_in(one_bastion, tmp_path)


def test_files_that_are_not_there_yet_are_waited_for_and_then_used(site: Site) -> None:
    site.config()
    ended = site.apply()
    assert not {"CreateLoadBalancer", "CreateSecurityGroup", "PutObject"} & set(ended.sent)
    assert "inst/metadata.json isn't there: the network alone is planned until it is" in ended.said
    assert "inst/bootstrap.ign isn't there: it isn't uploaded" in ended.said
    assert {call["service"] for call in site.bastion.pipeline.calls()} <= {"ec2", "s3", "sts"}
    site.metadata()
    said = site.bastion.plan(site.plan_file).said
    assert "create  IntApiElb" in said
    assert "BootstrapIgnition" not in said
    site.ignition()
    assert "create  BootstrapIgnition" in site.bastion.plan(site.plan_file).said


@pytest.mark.parametrize("remembered", [True, False])
def test_destroy_needs_none_of_the_files(site: Site, remembered: bool) -> None:
    site.everything()
    site.apply()
    site.remove("install-config.yaml", "metadata.json", "bootstrap.ign")
    if not remembered:
        site.forget()
    ended = site.bastion.destroy(site.plan_file, region="" if remembered else REGION)
    assert ended.code == 0, ended.said
    assert site.left() == []
    if remembered:
        said = site.bastion.plan(site.plan_file).said
        assert "the network alone is planned" in said
        assert "IntApiElb" not in said


def test_subnets_of_others_in_the_install_config_are_what_is_there(site: Site) -> None:
    ec2 = site.bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    theirs = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.200.0/24")["Subnet"]["SubnetId"]
    site.config(f"    vpc: {{subnets: [{{id: {theirs}}}]}}\n")
    site.metadata()
    with pytest.raises(PlanErrors, match="dhcpOptions: would change a VPC that is somebody else's"):
        site.bastion.plan(site.plan_file)
    site.plan_file.write_text(PLAN.replace("  dhcpOptions: {domainName: corp.example.com}\n", ""))
    said = site.bastion.plan(site.plan_file).said
    assert f"create  SubnetTags{theirs.partition('-')[2]}" in said
    assert "create  VPC" not in said


def test_a_second_public_zone_of_a_name_is_told_before_it_is_made(site: Site) -> None:
    route53 = site.bastion.client("route53")
    inside = {"VPC": {"VPCRegion": REGION, "VPCId": _vpc(site)}, "HostedZoneConfig": {"PrivateZone": True}}
    first, private = (
        route53.create_hosted_zone(Name="corp.example", CallerReference=str(number), **more)["HostedZone"]["Id"]
        for number, more in enumerate(({}, inside))
    )
    site.plan_file.write_text(f"name: dns\nregion: {REGION}\nopenshift: {{{PUBLIC}}}\n")
    said = site.bastion.show(site.plan_file).said
    assert f"there is a public zone corp.example already: {first.rpartition('/')[2]}; a second one" in said
    assert private.rpartition("/")[2] not in said


@pytest.mark.torture
def test_a_public_zone_of_the_plans_own_is_no_second_one(site: Site) -> None:
    site.plan_file.write_text(f"name: dns\nregion: {REGION}\nopenshift: {{{PUBLIC}}}\n")
    site.apply()
    assert "there is a public zone" not in site.unchanged().said


def _vpc(site: Site) -> str:
    made: str = site.bastion.client("ec2").create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    return made
