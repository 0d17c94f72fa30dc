"""Groups and rules, against the table of template 03_cluster_security.yaml (release-4.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.openshift.expand import expand
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of
from tests.rows.expected import RULES, RULES_NEW_IN_4_2, RULES_NEW_IN_4_3, RULES_NEW_IN_4_7

GROUPS = {"master": "MasterSecurityGroup", "worker": "WorkerSecurityGroup"}


def rules(resources: Mapping[str, Resource]) -> dict[str, Resource]:
    return {key: each for key, each in resources.items() if each.type == "AWS::EC2::SecurityGroupIngress"}


def test_the_rules_between_the_groups_are_the_documents_41() -> None:
    found = {key: each.properties for key, each in rules(expand(plan_of(SECTION_3AZ), FACTS)).items()}
    assert len(RULES) == 41
    assert found == {
        name: {
            "GroupId": GetAtt(GROUPS[group], "GroupId"),
            "SourceSecurityGroupId": GetAtt(GROUPS[source], "GroupId"),
            "IpProtocol": protocol,
            "FromPort": first,
            "ToPort": last,
            "Description": description,
        }
        for name, group, source, protocol, first, last, description in RULES
    }


@pytest.mark.parametrize(
    ("version", "left_out"),
    [
        ("4.1", RULES_NEW_IN_4_2 | RULES_NEW_IN_4_3 | RULES_NEW_IN_4_7),
        ("4.2", RULES_NEW_IN_4_3 | RULES_NEW_IN_4_7),
        ("4.3", RULES_NEW_IN_4_7),
        ("4.6.22", RULES_NEW_IN_4_7),
        ("4.7", set()),
        ("4.12", set()),
    ],
)
def test_older_releases_have_fewer_rules(version: str, left_out: set[str]) -> None:
    found = rules(expand(plan_of(replace(SECTION_3AZ, version=version)), FACTS))
    assert found.keys() == {row[0] for row in RULES} - left_out


def test_the_masters_group() -> None:
    assert expand(plan_of(SECTION_3AZ), FACTS)["MasterSecurityGroup"].properties == {
        "GroupDescription": "Cluster Master Security Group",
        "VpcId": Ref("VPC"),
        "SecurityGroupIngress": [
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/16"},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"},
            {"IpProtocol": "tcp", "FromPort": 6443, "ToPort": 6443, "CidrIp": "10.0.0.0/16"},
            {"IpProtocol": "tcp", "FromPort": 22623, "ToPort": 22623, "CidrIp": "10.0.0.0/16"},
        ],
    }


def test_the_workers_group() -> None:
    assert expand(plan_of(SECTION_3AZ), FACTS)["WorkerSecurityGroup"].properties == {
        "GroupDescription": "Cluster Worker Security Group",
        "VpcId": Ref("VPC"),
        "SecurityGroupIngress": [
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "CidrIp": "10.0.0.0/16"},
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"},
        ],
    }


@pytest.mark.parametrize(
    ("clients", "source"), [(None, "10.0.0.0/16"), (IPv4Network("203.0.113.0/24"), "203.0.113.0/24")]
)
def test_the_bootstrap_group(clients: IPv4Network | None, source: str) -> None:
    section = replace(SECTION_3AZ, bootstrap_from=clients)
    assert expand(plan_of(section), FACTS)["BootstrapSecurityGroup"].properties == {
        "GroupDescription": "Cluster Bootstrap Security Group",
        "VpcId": Ref("VPC"),
        "SecurityGroupIngress": [
            {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": source},
            {"IpProtocol": "tcp", "FromPort": 19531, "ToPort": 19531, "CidrIp": source},
        ],
    }


def test_the_bootstrap_group_goes_when_bootstrap_is_off() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, bootstrap=False)), FACTS)
    assert "BootstrapSecurityGroup" not in resources
    assert "MasterSecurityGroup" in resources


@pytest.mark.parametrize("version", ["4.1", "4.2", "4.3", "4.12"])
def test_every_release_lets_the_control_plane_reach_the_workers(version: str) -> None:
    """The templates of 4.1 and 4.2 call these rules WorkerIngressWorkerVxlan, -Internal and -IngressServices."""
    found = rules(expand(plan_of(replace(SECTION_3AZ, version=version)), FACTS))
    traffic = {
        (each.properties["IpProtocol"], each.properties["FromPort"], each.properties["ToPort"])
        for each in found.values()
        if each.properties["GroupId"] == GetAtt("WorkerSecurityGroup", "GroupId")
        and each.properties["SourceSecurityGroupId"] == GetAtt("MasterSecurityGroup", "GroupId")
    }
    assert traffic >= {("udp", 4789, 4789), ("tcp", 9000, 9999), ("tcp", 30000, 32767), ("tcp", 10250, 10250)}
