"""Ids that a plan's outputs showed, pasted into the install-config.yaml that it reads, at whatever point: they stay the
plan's own. Ids of others make no VPC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.end_to_end.installer_site import Site, site_in
from tests.support.in_process import Bastion

PLAN: Final = """\
name: prod
openshift:
  installDir: inst
  zones: 2
  egress: nat-single
  publicZone: none
  endpoints: [s3]
  bucket: none
  iam: {instanceProfiles: {master: masters, worker: workers, bootstrap: boots}}
"""
CONFIG: Final = """\
apiVersion: v1
baseDomain: corp.example
metadata: {name: prod}
networking: {machineNetwork: [{cidr: 10.0.0.0/16}]}
publish: External
platform:
  aws:
    region: eu-west-1
"""
Form = Callable[[Sequence[str]], str]


def as_list(ids: Sequence[str]) -> str:
    return f"    subnets: [{', '.join(ids)}]\n"


def as_items(ids: Sequence[str]) -> str:
    return f"    vpc: {{subnets: [{', '.join(f'{{id: {each}}}' for each in ids)}]}}\n"


def with_roles(ids: Sequence[str]) -> str:
    role = "[{type: ClusterNode}]"
    return f"    vpc: {{subnets: [{', '.join(f'{{id: {each}, roles: {role}}}' for each in ids)}]}}\n"


FORMS: Final = (as_list, as_items, with_roles)


def begun(bastion: Bastion, home: Path) -> Site:
    site = site_in(bastion, home)
    site.plan_file.write_text(PLAN)
    write(site, "")
    return site


def write(site: Site, lines: str) -> None:
    (site.folder / "install-config.yaml").write_text(CONFIG + lines)


def ids_of(site: Site) -> list[str]:
    found = site.bastion.outputs(site.plan_file)
    return [*found["PublicSubnetIds"], *found["PrivateSubnetIds"]]


@pytest.mark.torture
@pytest.mark.parametrize("form", FORMS)
def test_pasted_after_the_network_they_are_where_the_cluster_is_made(
    one_bastion: Bastion, tmp_path: Path, form: Form
) -> None:
    site = begun(one_bastion, tmp_path)
    site.apply()
    ids = ids_of(site)
    for order in (ids, ids[::-1], ids[2:] + ids[:2], ids[1:] + ids[:1]):
        write(site, form(order))
        site.unchanged()
    site.metadata()
    sent = site.apply().sent
    assert {"CreateLoadBalancer", "CreateHostedZone"} <= set(sent)
    assert not [each for each in sent if each.startswith("Delete") or each in ("CreateVpc", "CreateSubnet")]
    zone = f"    hostedZone: {site.bastion.outputs(site.plan_file)['PrivateHostedZoneId']}\n"
    for lines in (form(ids) + zone, zone + form(ids), zone, form(ids[:2]), form(ids[2:]) + zone, ""):
        write(site, lines)
        site.unchanged()
    assert ids_of(site) == ids


@pytest.mark.torture
def test_a_role_that_a_subnet_of_ours_can_not_have_is_named(one_bastion: Bastion, tmp_path: Path) -> None:
    site = begun(one_bastion, tmp_path)
    site.apply()
    ids = ids_of(site)
    write(site, with_roles(ids))
    said = site.unchanged().said
    told = [f"{each} is this plan's own and public: its role ClusterNode is not honoured" in said for each in ids]
    assert told == [True, True, False, False]


@pytest.mark.torture
@pytest.mark.parametrize("form", [as_list, as_items])
def test_ids_of_others_make_no_network(one_bastion: Bastion, tmp_path: Path, form: Form) -> None:
    site = begun(one_bastion, tmp_path)
    ec2 = site.bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ids = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"] for number in range(2)]
    ec2.associate_route_table(RouteTableId=table, SubnetId=ids[0])
    site.metadata()
    for order in (ids, ids[::-1]):
        write(site, form(order))
        said = site.bastion.show(site.plan_file).said
        assert "create  IntApiElb" in said
        assert not [
            each for each in ("VPC ", "PublicSubnet", "PrivateSubnet", "NAT", "EIP") if f"create  {each}" in said
        ]
