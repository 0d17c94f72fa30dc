"""Every row of a cluster that no plan is known of: what holds, what doesn't apply, and what nobody can know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.checks.verification import RowStatus
from ocpprov.engine.resources import Live
from ocpprov.openshift.requirement_rows import ROWS
from ocpprov.openshift.vpc_survey import (
    AVAILABILITY_ZONE,
    BALANCER,
    BUCKET,
    CLASSIC,
    DHCP_OPTIONS,
    ENDPOINT,
    INSTANCE,
    LISTENER,
    PROFILE,
    RECORD,
    ROLE,
    SECURITY_GROUP,
    TARGET,
    TARGET_GROUP,
    ZONE,
)
from tests.checks.found_cases import otherwise, rows
from tests.openshift.surveys import PRIVATE, lives, named_groups, network, span, survey, surveyed, untagged


def test_every_row_is_judged_in_its_order() -> None:
    assert [*rows(survey())] == [row.id for row in ROWS]


def test_of_a_whole_cluster_all_holds_or_does_not_apply() -> None:
    assert otherwise(rows(survey())) == {}


def test_a_row_that_holds_shows_what_it_is_made_of() -> None:
    found = rows(survey())
    assert found["NET-NAT"].evidence == ["nat-a", "nat-b", "rtb-private-a", "rtb-private-b"]
    assert found["NET-NAT"].detail == "2 flows as they should be"
    assert found["NET-IGW"].evidence == ["igw-1", "rtb-public"]
    assert found["DNS-API-INT"].evidence == ["ZPRIVATE"]
    assert (found["LB-INT"].detail, found["LB-INT"].remedy) == ("", "")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("10.0.0.0/16", ""),
        ("172.17.128.0/17", "172.17.128.0/17 overlaps 172.17.0.0/16, Docker's bridge"),
        ("100.64.0.0/16", "100.64.0.0/16 overlaps 100.64.0.0/16, OVN-Kubernetes' join subnet"),
        ("10.129.0.0/16", "10.129.0.0/16 overlaps 10.128.0.0/14, a cluster's usual network of pods"),
        ("172.30.1.0/24", "172.30.1.0/24 overlaps 172.30.0.0/16, a cluster's usual network of services"),
    ],
)
def test_a_block_that_a_cluster_usually_has_for_itself_is_mentioned(block: str, said: str) -> None:
    row = rows(survey(network=network(blocks=(span(block),))), flows=False)["NET-VPC"]
    assert (row.status, row.detail) == (RowStatus.PASS, said)


def test_a_shared_vpc_is_mentioned() -> None:
    row = rows(survey(subnets={id: surveyed(id, owner="999999999999") for id in PRIVATE}), flows=False)["NET-VPC"]
    assert (row.status, row.detail) == (RowStatus.PASS, "subnets of account 999999999999")


UNREAD = {
    ENDPOINT: {"NET-S3", "NET-EC2", "NET-ELB", "AIR-GAP"},
    DHCP_OPTIONS: {"NET-DHCP"},
    ZONE: {"DNS-PUBLIC", "DNS-API", "DNS-APPS"},
    RECORD: {"DNS-API", "DNS-API-INT", "DNS-APPS"},
    BALANCER: {"LB-EXT", "LB-INT", "LB-REACH", "LB-HEALTH", "LB-TARGETS", "DNS-API", "DNS-API-INT"},
    LISTENER: {"LB-EXT", "LB-INT", "LB-REACH", "LB-HEALTH", "LB-TARGETS"},
    INSTANCE: {"LB-TARGETS"},
    AVAILABILITY_ZONE: {"NET-PRIVATE"},
    TARGET_GROUP: {"LB-HEALTH", "LB-REACH"},
    TARGET: {"LB-TARGETS"},
    SECURITY_GROUP: {"SG-MASTER", "SG-WORKER", "SG-BOOTSTRAP", "S3-BUCKET"},
    ROLE: {"IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP"},
    PROFILE: {"IAM-MASTER", "IAM-WORKER", "IAM-BOOTSTRAP"},
    BUCKET: {"S3-BUCKET"},
}


OF_FLOWS = {ENDPOINT, BALANCER, LISTENER, TARGET_GROUP, SECURITY_GROUP}


@pytest.mark.parametrize("type", UNREAD)
def test_what_nobody_may_read_is_unknown_and_says_what_aws_said(type: str) -> None:
    lists: dict[str, Any] = {**lives(), type: ()}
    if type == ZONE:
        lists = {**lists, RECORD: lives()[RECORD]}
    closed = survey(lives=lists, unread={type: "AccessDenied: not you"})
    if type == SECURITY_GROUP:
        closed = replace(closed, groups={}, network=network(security_groups={}))
    found = rows(closed, flows=type in OF_FLOWS)
    told = {id for id, row in found.items() if "couldn't be read: AccessDenied: not you" in row.detail}
    assert told == UNREAD[type]
    assert {found[id].status for id in told} == {RowStatus.UNKNOWN}
    assert {row.status for row in found.values()} <= {RowStatus.UNKNOWN, RowStatus.PASS, RowStatus.NOT_APPLICABLE}


def test_where_no_group_is_told_ways_out_are_judged_without_and_flows_between_machines_are_not() -> None:
    found = rows(survey(groups=named_groups(a="apple", b="pear")))
    said = "judged without the control plane's and the compute machines' security group, as nothing tells which that is"
    assert (found["NET-NAT"].status, found["NET-NAT"].detail) == (RowStatus.PASS, f"2 flows as they should be; {said}")
    for id in ("SG-MASTER-INGRESS", "SG-WORKER-INGRESS", "LB-REACH", "LB-HEALTH"):
        assert (found[id].status, found[id].detail) == (RowStatus.UNKNOWN, said)
        assert found[id].remedy == "what SG-MASTER and SG-WORKER say comes first"


def test_where_nobody_may_read_the_tables_a_network_of_others_may_be_the_way_out() -> None:
    found = rows(survey(network=network(route_tables={}, nat_gateways={})), flows=False)
    said = "rtb-private-a, rtb-private-b couldn't be read, and a way out may be there"
    for id in ("NET-NAT", "NET-S3", "NET-EC2", "NET-ELB"):
        assert (found[id].status, found[id].detail) == (RowStatus.UNKNOWN, said)
    assert found["AIR-GAP"].status is RowStatus.UNKNOWN


def test_without_subnets_nothing_is_known_and_the_row_of_subnets_fails() -> None:
    found = otherwise(rows(survey(subnets={}, network=network(subnets={}))))
    assert found["NET-PRIVATE"] == "fail"
    assert found["SG-MASTER-INGRESS"] == "unknown"


def test_tags_are_not_needed_where_no_subnet_has_any() -> None:
    assert otherwise(rows(survey(subnets=untagged()))) == {"TAG-CLUSTER": "not-applicable"}


def test_classic_balancers_take_the_place_of_network_balancers() -> None:
    listeners = [{"LoadBalancerPort": "6443"}, {"LoadBalancerPort": "22623"}]
    name = "int.elb.eu-west-1.amazonaws.com"
    classic = Live(CLASSIC, "prod-int", {"Listeners": listeners}, {"DNSName": name})
    found = rows(survey(lives={**lives(balancers=[], listeners=[]), CLASSIC: [classic]}))
    assert (found["LB-CLASSIC"].status, found["LB-CLASSIC"].evidence) == (RowStatus.PASS, ["prod-int"])
    assert (found["LB-INT"].status, found["LB-INT"].detail) == (RowStatus.NOT_APPLICABLE, "prod-int in its place")
    assert found["DNS-API-INT"].status is RowStatus.PASS
    assert found["LB-REACH"].status is RowStatus.UNKNOWN
    assert found["LB-REACH"].detail == "what is behind prod-int isn't followed without a plan"
    half = Live(CLASSIC, "prod-int", {"Listeners": listeners[:1]})
    found = rows(survey(lives={**lives(balancers=[], listeners=[]), CLASSIC: [half]}))
    assert found["LB-CLASSIC"].detail == "prod-int: no listener on port 22623"


@pytest.mark.parametrize("type", [BALANCER, LISTENER])
def test_a_classic_balancer_fails_nothing_where_network_balancers_could_not_be_read(type: str) -> None:
    classic = Live(CLASSIC, "shop", {"Listeners": [{"LoadBalancerPort": "6443"}]})
    lists = {**lives(balancers=[], listeners=[]), CLASSIC: [classic]}
    found = rows(survey(lives=lists, unread={type: "AccessDenied: not you"}), flows=False)["LB-CLASSIC"]
    assert (found.status, found.evidence) == (RowStatus.UNKNOWN, ["shop"])
    assert found.detail == "couldn't be read: AccessDenied: not you"


@pytest.mark.parametrize(
    ("zones", "remedy"),
    [
        (
            "ab",
            "`aws elbv2 create-load-balancer --type network --scheme internal --name prod-x7k2p-int "
            "--subnets subnet-private-a subnet-private-b --region eu-west-1`",
        ),
        (
            "aa",
            "`aws elbv2 create-load-balancer --type network --scheme internal --name prod-x7k2p-int "
            "--subnets subnet-private-a --region eu-west-1`",
        ),
        ("", "a network load balancer, internal, once there are subnets for it"),
    ],
)
def test_a_balancer_is_made_in_one_subnet_of_each_zone(zones: str, remedy: str) -> None:
    subnets = {id: surveyed(id, zone=zone) for id, zone in zip(PRIVATE, zones, strict=False)}
    found = rows(survey(subnets=subnets, lives=lives(balancers=[], listeners=[])), flows=False)
    assert found["LB-INT"].remedy == remedy
