"""preflight of a plan in a network that somebody made by hand: it names what is wrong in it, and touches nothing."""

from __future__ import annotations

from typing import Final

import pytest

from ocpprov.commands import flow_notes
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.preflighting import SECTION, Checks, preflight, said, written
from tests.end_to_end.wrong_networks import (
    REGION,
    WRONG_NETWORKS,
    HandMade,
    main_table_without_a_way,
    no_dns,
    right_network,
    section_of,
)


def checked(user: LocalOperator, network: HandMade) -> Checks:
    return preflight(user, {"name": "prod", "region": REGION, "openshift": section_of(network)})


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
@pytest.mark.torture
def test_nothing_is_wrong_in_a_right_network(user: LocalOperator, aws: LocalAws, closed: bool) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"), closed=closed)
    aws.advance(READY)
    assert [check for check in checked(user, network) if check["status"] != "pass"] == []


READY: Final = 600
"""Seconds until NAT gateways and endpoints are available, and what was deleted is gone."""


UNKNOWN_ROUTE: Final = {
    "Type": "AWS::EC2::Route",
    "Properties": {
        "RouteTableId": {"Ref": "PrivateRouteTable"},
        "DestinationCidrBlock": {"Fn::GetAtt": ["VPC", "CidrBlock"]},
        "GatewayId": "vgw-0123456789abcdef0",
    },
}
"""To a block that only AWS tells."""


def marks(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.torture] if name != "a NAT gateway that was deleted" else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in WRONG_NETWORKS])
def test_what_is_wrong_is_named(user: LocalOperator, aws: LocalAws, name: str) -> None:
    wrong = WRONG_NETWORKS[name]
    spoilt = wrong.made(aws.client("ec2"), aws.client("route53"))
    aws.advance(READY)
    before = aws.everything()
    found = checked(user, spoilt.network)
    told = [check["status"] for check in found if all(word in check["detail"] for word in spoilt.words)]
    bad = [check for check in found if check["status"] != "pass"]
    assert ("fail" if wrong.certain else "warn") in told, (spoilt.words, bad)
    assert aws.everything() == before


@pytest.mark.torture
def test_plan_and_apply_say_what_stops_the_cluster_for_one_call_more(
    user: LocalOperator, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"))
    aws.advance(READY)
    file = written(user.folder, {"name": "prod", "region": REGION, "openshift": section_of(network)})
    assert "has no route to" not in user.good("plan", str(file)).out
    [table, other] = network.tables
    network.ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    aws.clear_calls()
    told = user.good("plan", str(file)).out
    asked = [call["operation"] for call in aws.calls()]
    assert f"note: {table} has no route to the internet (NO_ROUTE_TO_DESTINATION): stops HTTPS (tcp 443) from" in told
    assert f"what helps: aws ec2 create-route --route-table-id {table} --destination-cidr-block 0.0.0.0/0 " in told
    assert other not in told
    monkeypatch.setattr(flow_notes, "planned_reach", lambda *_: ())
    aws.clear_calls()
    user.good("plan", str(file))
    without = [call["operation"] for call in aws.calls()]
    assert sorted(asked) == sorted([*without, "DescribePrefixLists"])


def test_a_rule_of_the_plans_own_that_closes_a_flow_is_told_before_anything_is_sent(
    user: LocalOperator, aws: LocalAws
) -> None:
    """Of a plan that makes its network AWS isn't asked for it."""
    deny = {
        "Type": "AWS::EC2::NetworkAclEntry",
        "Properties": {
            "NetworkAclId": {"Ref": "PublicNetworkAcl"},
            "RuleNumber": 50,
            "Protocol": 6,
            "RuleAction": "deny",
            "CidrBlock": "10.0.0.0/8",
            "PortRange": {"From": 6443, "To": 6443},
        },
    }
    section = {
        **{key: value for key, value in SECTION.items() if key != "endpoints"},
        "infraID": "prod-x7k2p",
        "publish": "External",
        "publicZone": "none",
        "egress": "nat-single",
        "zones": 1,
        "networkAcl": "working",
    }
    plan = {"name": "prod", "region": REGION, "openshift": section, "Resources": {"Deny": deny}}
    told = user.run("apply", str(written(user.folder, plan)))
    assert told.code == 2
    stopped = "PublicNetworkAcl's inbound entry 50 denies tcp 6443 from 10.0.48.0/20 (SUBNET_ACL_RESTRICTION)"
    assert f"note: the answer: {stopped}: stops API (tcp 6443) from internet to ExtApiElb, " in told.err
    assert aws.changes() == []
    assert "DescribePrefixLists" not in [call["operation"] for call in aws.calls()]


def test_what_nobody_knows_before_it_is_there_stops_no_plan(user: LocalOperator) -> None:
    section = {**SECTION, "infraID": "prod-x7k2p", "zones": 1}
    plan = {"name": "prod", "region": REGION, "openshift": section, "Resources": {"Own": UNKNOWN_ROUTE}}
    assert "to create" in user.good("plan", str(written(user.folder, plan))).out


@pytest.mark.torture
def test_what_nobody_knows_before_it_is_there_is_unknown_to_preflight(user: LocalOperator) -> None:
    section = {**SECTION, "infraID": "prod-x7k2p", "zones": 1}
    plan = {"name": "prod", "region": REGION, "openshift": section, "Resources": {"Own": UNKNOWN_ROUTE}}
    [(status, detail)] = said(preflight(user, plan), "reachability")
    assert (status, "can't be judged before the plan is applied" in detail) == ("unknown", True)


@pytest.mark.torture
def test_whatever_else_is_wrong_is_told_at_once(user: LocalOperator, aws: LocalAws) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"))
    aws.advance(READY)
    wrong = [no_dns(network), main_table_without_a_way(network)]
    failing = {check["id"]: check["detail"] for check in checked(user, network) if check["status"] == "fail"}
    assert {"vpc-dns", "subnet-egress"} <= set(failing)
    assert all(
        word in failing[id] for id, one in zip(("vpc-dns", "subnet-egress"), wrong, strict=True) for word in one.words
    )


@pytest.mark.torture
def test_subnets_of_the_plans_own_in_somebodys_vpc_are_judged_before_and_after_they_are_made(
    user: LocalOperator, aws: LocalAws
) -> None:
    network = right_network(aws.client("ec2"), aws.client("route53"))
    aws.advance(READY)
    blocks = {"public": ["10.0.100.0/24"], "private": ["10.0.102.0/24"]}
    own = network.saying(subnets=[], zones=1, subnetCIDRs=blocks)
    [before] = said(checked(user, own), "reachability")
    user.good("apply", "plan.yaml", "--yes")
    aws.advance(READY)
    [after] = said(checked(user, own), "reachability")
    assert before == after
    assert (before[0], before[1].endswith("flows of the cluster arrive as they should")) == ("pass", True)
