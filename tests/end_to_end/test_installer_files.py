"""The installer's files after an apply: gone again, or with ids of the plan's own in them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ocpprov.plan.problems import PlanErrors
from tests.end_to_end.installer_site import PLAN, SECRET, Site, site_in
from tests.support.in_process import Bastion


@dataclass(frozen=True)
class Made:
    """A cluster that no test changes, the folder that it was made from, and its outputs."""

    site: Site
    home: Path
    outputs: dict[str, Any]


@pytest.fixture(scope="module")
def made(one_bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> Made:
    found = site_in(one_bastion, tmp_path_factory.mktemp("made"))
    found.everything()
    found.apply()
    return Made(found, found.bastion.home, found.bastion.outputs(found.plan_file))


@pytest.fixture
def standing(made: Made, tmp_path: Path) -> Site:
    """The same cluster, from a copy of the folder."""
    copy = tmp_path / "copy"
    shutil.copytree(made.home, copy)
    made.site.bastion.moved_to(copy)
    return made.site


def test_what_the_installer_takes_away_is_remembered(standing: Site, made: Made) -> None:
    standing.remove("install-config.yaml", "metadata.json", "bootstrap.ign")
    ended = standing.unchanged()
    assert "install-config.yaml isn't there: what the last apply took from it is used" in ended.said
    assert "metadata.json isn't there: the infraID is prod-x7k2p, as last applied" in ended.said
    assert "bootstrap.ign isn't there: it isn't uploaded, and what was uploaded before is kept" in ended.said
    assert standing.bastion.outputs(standing.plan_file) == made.outputs
    assert "BootstrapIgnitionSha512" in made.outputs
    kept = [each.read_text() for each in (standing.bastion.home / ".ocpprov").rglob("*") if each.is_file()]
    assert not [text for text in kept if SECRET in text]
    assert standing.apply().sent == []
    standing.unchanged()


def test_the_tags_tell_the_infra_id_on_another_bastion(standing: Site) -> None:
    standing.remove("metadata.json", "bootstrap.ign")
    standing.forget()
    standing.unchanged()


def test_until_the_subnets_are_tagged_the_run_folder_tells_the_infra_id(standing: Site) -> None:
    ec2 = standing.bastion.client("ec2")
    key = "kubernetes.io/cluster/prod-x7k2p"
    ours = [{"Name": "tag:ocpprov:plan", "Values": ["prod"]}]
    subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=ours)["Subnets"]]
    ec2.delete_tags(Resources=subnets, Tags=[{"Key": key}])
    standing.remove("metadata.json")
    ended = standing.bastion.plan(standing.plan_file)
    standing.forget()
    nobody_knows = standing.bastion.plan(standing.plan_file)
    ec2.create_tags(Resources=subnets, Tags=[{"Key": key, "Value": "shared"}])
    assert "0 to create, 1 to update, 0 to delete" in ended.said
    assert f"Tags.{key}" in ended.said
    assert nobody_knows.code == 2
    assert "MasterSecurityGroup of a cluster is: no tag and no run folder tells its infraID" in nobody_knows.said


def test_an_install_config_that_nobody_remembers_stops_plan_and_apply(standing: Site) -> None:
    standing.remove("install-config.yaml", "metadata.json")
    standing.forget()
    for verb in (standing.bastion.plan, standing.bastion.apply):
        with pytest.raises(PlanErrors, match=r"put a copy of it back .* or write clusterName, baseDomain"):
            verb(standing.plan_file)
    refused = standing.bastion.destroy(standing.plan_file)
    assert refused.code == 2
    assert "region: is missing" in refused.said
    assert "ocpprov destroy --name NAME --region REGION" in refused.said


@pytest.mark.parametrize(
    "lines",
    ["    subnets: [{0}]\n", "    vpc: {{subnets: [{{id: {0}, roles: [{{type: ClusterNode}}]}}]}}\n"],
    ids=["subnets", "vpc.subnets"],
)
def test_ids_of_ours_in_the_install_config_change_nothing(standing: Site, made: Made, lines: str) -> None:
    outputs = made.outputs
    zone = f"    hostedZone: {outputs['PrivateHostedZoneId']}\n"
    standing.config(lines.format(outputs["PrivateSubnetIds"][0]) + zone)
    assert "note" not in standing.unchanged().said
    assert standing.bastion.outputs(standing.plan_file) == outputs


def test_ids_of_ours_are_remembered_as_ours(standing: Site, made: Made) -> None:
    standing.config(f"    subnets: [{made.outputs['PrivateSubnetIds'][0]}]\n")
    assert standing.apply().sent == []
    standing.remove("install-config.yaml", "metadata.json")
    standing.unchanged()


def test_beside_ids_of_ours_one_that_is_not_there_is_no_other_networks(standing: Site, made: Made) -> None:
    """Somebody deleted it, or an apply has replaced it: the next one makes what is missing."""
    standing.config(f"    subnets: [{made.outputs['PrivateSubnetIds'][0]}, subnet-0123456789abcdef0]\n")
    standing.unchanged()


def test_ids_of_ours_and_of_others_are_not_mixed(standing: Site, made: Made) -> None:
    ec2 = standing.bastion.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    theirs = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.0.0/24")["Subnet"]["SubnetId"]
    ours = made.outputs["PrivateSubnetIds"][0]
    standing.config(f"    subnets: [{ours}, {theirs}]\n")
    with pytest.raises(PlanErrors) as caught:
        standing.bastion.plan(standing.plan_file)
    ec2.delete_subnet(SubnetId=theirs)
    ec2.delete_vpc(VpcId=vpc)
    file = standing.folder / "install-config.yaml"
    (error,) = caught.value.errors
    assert str(error.position) == f"{file}:11:{15 + len(ours) + 2}"
    assert f"openshift.subnets: {theirs} is not this plan's own, and {ours} in {file}:11:15 is" in str(error)


@pytest.mark.parametrize(("key", "output"), [("subnets", "PrivateSubnetIds"), ("hostedZone", "PrivateHostedZoneId")])
def test_ids_of_ours_in_the_plan_itself_are_refused(standing: Site, made: Made, key: str, output: str) -> None:
    (own,) = made.outputs[output] if key == "subnets" else [made.outputs[output]]
    line = f"  {key}: [{own}]\n" if key == "subnets" else f"  {key}: {own}\n"
    standing.plan_file.write_text(PLAN.replace("  dhcpOptions: {domainName: corp.example.com}\n", line))
    with pytest.raises(PlanErrors, match=f"plan.yaml:9:.*: {own} is this plan's own, .*leave {key} out"):
        standing.bastion.plan(standing.plan_file)
