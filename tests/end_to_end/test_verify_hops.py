"""verify on what lies behind addresses and ports: policies of endpoints, names, listeners that aren't the plan's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.test_verify import Site
from tests.end_to_end.world import ROOT
from tests.support.in_process import Bastion

SINGLE_ZONE = (ROOT / "plans" / "single-zone.yaml").read_text()
torture = pytest.mark.torture
ALLOW_ALL, DENY_ALL = (
    {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}]}
    for effect in ("Allow", "Deny")
)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An applied plan without a way to the internet."""
    return applied(tmp_path_factory.mktemp("closed"), (ROOT / "plans" / "restricted-3az.yaml").read_text())


def applied(home: Path, text: str) -> Site:
    plan = home / "plan.yaml"
    plan.write_text(text)
    bastion = Bastion(home, "eu-west-1")
    assert bastion.apply(plan).code == 0
    return Site(bastion, plan)


def endpoints(site: Site) -> dict[str, str]:
    return site.ids("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")


@pytest.fixture(scope="module")
def open_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An applied plan whose API the world reaches."""
    return applied(tmp_path_factory.mktemp("open"), SINGLE_ZONE)


@torture
def test_somebody_elses_listener_for_machine_configurations_is_named(open_site: Site) -> None:
    elbv2 = open_site.bastion.client("elbv2")
    balancer = next(
        each["LoadBalancerArn"]
        for each in elbv2.describe_load_balancers()["LoadBalancers"]
        if each["Scheme"] == "internet-facing"
    )
    group = elbv2.create_target_group(Name="theirs", Protocol="TCP", Port=22623, VpcId=open_site.vpc, TargetType="ip")[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="TCP",
        Port=22623,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Listeners"][0]["ListenerArn"]
    found = open_site.failing()
    assert set(found) == {"LB-REACH"}
    named = f"{listener} (not of this plan)"
    assert found["LB-REACH"]["detail"] == f"tcp 22623 gets from internet to ExtApiElb by {named}, and must not"
    assert found["LB-REACH"]["remedy"] == f"take away {named}"
    elbv2.delete_listener(ListenerArn=listener)
    assert open_site.failing() == {}


@torture
def test_classic_balancers_are_followed_through_their_own_groups(tmp_path: Path) -> None:
    site = applied(tmp_path, SINGLE_ZONE.replace("openshift:\n", "openshift:\n  loadBalancers: classic\n"))
    code, rows = site.rows()
    assert code == 0
    assert {id: rows[id]["status"] for id in ("LB-CLASSIC", "LB-REACH", "LB-HEALTH", "LB-EXT")} == {
        "LB-CLASSIC": "pass",
        "LB-REACH": "pass",
        "LB-HEALTH": "pass",
        "LB-EXT": "not-applicable",
    }
    group = site.groups["IntApiElbSecurityGroup"]
    out = [rule["SecurityGroupRuleId"] for rule in site.rules("IntApiElbSecurityGroup") if rule["IsEgress"]]
    site.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=out)
    found = site.failing()
    assert set(found) == {"LB-REACH", "LB-HEALTH"}
    for row in found.values():
        assert f"{group} has no outbound rules (SG_HAS_NO_RULES): stops " in row["detail"]


@torture
@pytest.mark.parametrize(
    ("endpoint", "row", "asked"),
    [
        ("Ec2Endpoint", "NET-EC2", "ec2:"),
        ("ElasticloadbalancingEndpoint", "NET-ELB", "elasticloadbalancing:"),
        ("StsEndpoint", "AIR-GAP", "sts:"),
        ("S3Endpoint", "NET-S3", "s3:"),
    ],
)
def test_an_endpoint_that_lets_nothing_through_fails_its_row(closed: Site, endpoint: str, row: str, asked: str) -> None:
    id = endpoints(closed)[endpoint]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(DENY_ALL))
    found = closed.failing()
    assert set(found) == {row}
    assert f"{id}'s policy denies {asked}" in found[row]["detail"]
    assert " by statement 1 (endpoint-policy): stops " in found[row]["detail"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))
    assert closed.failing() == {}


@torture
def test_a_policy_for_the_clusters_own_account_and_network_lets_it_through(closed: Site) -> None:
    id = endpoints(closed)["Ec2Endpoint"]
    mine = {"StringEquals": {"aws:PrincipalAccount": "123456789012", "aws:SourceVpc": closed.vpc}}
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ec2:*", "Resource": "*", "Condition": mine}}
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(policy))
    code, rows = closed.rows()
    assert (code, rows["NET-EC2"]["status"]) == (0, "pass")
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))


@torture
def test_a_policy_for_an_organisation_is_not_decided_from_here(closed: Site) -> None:
    id = endpoints(closed)["Ec2Endpoint"]
    ours = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    policy = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": ours}}
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(policy))
    code, rows = closed.rows()
    assert (code, rows["NET-EC2"]["status"]) == (3, "unknown")
    assert "its condition StringEquals aws:principalorgid" in rows["NET-EC2"]["detail"]
    closed.ec2.modify_vpc_endpoint(VpcEndpointId=id, PolicyDocument=json.dumps(ALLOW_ALL))
