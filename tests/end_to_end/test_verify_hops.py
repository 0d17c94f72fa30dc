"""verify on what lies behind addresses and ports: policies of endpoints, names, listeners that aren't the plan's."""

from __future__ import annotations

import json

import pytest

from tests.end_to_end.test_verify import Site
from tests.end_to_end.world import ROOT
from tests.support.in_process import Bastion

torture = pytest.mark.torture
ALLOW_ALL, DENY_ALL = (
    {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Principal": "*", "Action": "*", "Resource": "*"}]}
    for effect in ("Allow", "Deny")
)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """An applied plan without a way to the internet."""
    home = tmp_path_factory.mktemp("hops")
    plan = home / "restricted.yaml"
    plan.write_text((ROOT / "plans" / "restricted-3az.yaml").read_text())
    bastion = Bastion(home, "eu-west-1")
    assert bastion.apply(plan).code == 0
    return Site(bastion, plan)


def endpoints(site: Site) -> dict[str, str]:
    return site.ids("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")


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
