"""What the plan draws on, what is used, and what is allowed, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.checks.quotas import quotas
from ocpprov.checks.result import Check, Status
from ocpprov.engine.actions import Actions
from ocpprov.kinds.contract import Pages, Read
from tests.checks.answers import Answers
from tests.engine.planning import SUBNET, VPC, planned, ref, wanted

Answered = Mapping[str, Mapping[str, Any]]
BLOCK = {"CidrBlock": "10.0.0.0/16"}
NAT = "AWS::EC2::NatGateway"
EIP = "AWS::EC2::EIP"
DEFAULT = " (AWS's default: what this account is allowed couldn't be asked)"


def found(
    actions: Actions,
    pages: Answered | None = None,
    allowed: Mapping[tuple[str, str], float] | None = None,
    zones: Mapping[str, str] | None = None,
) -> dict[str, Check]:
    """The results by id. `allowed` is what Service Quotas says."""
    reader = Answers(pages or {})

    def read_pages(reads: Sequence[Read]) -> Pages:
        return Pages(reader.read(reads))

    checks = quotas(actions, zones or {}, read_pages, lambda *code: (allowed or {}).get(code))
    return {check.id: check for check in checks}


def vpcs(number: int) -> Actions:
    return planned(wanted(**{f"V{each}": (VPC, BLOCK) for each in range(number)}), [])


@pytest.mark.parametrize(("used", "status"), [(2, Status.PASS), (3, Status.FAIL)])
def test_what_just_fits_fits_and_one_more_does_not(used: int, status: Status) -> None:
    pages: Answered = {"describe_vpcs": {"Vpcs": [{}] * used}}
    check = found(vpcs(2), pages, {("vpc", "L-F678F1CE"): 4.0})["quota-vpcs"]
    assert (check.status, check.detail) == (status, f"VPCs: {used} used, 2 needed, {4 - used} left of 4")
    assert check.remedy == (
        ""
        if status is Status.PASS
        else "have the quota vpc/L-F678F1CE raised to at least 5, or remove what isn't needed any more"
    )


@pytest.mark.parametrize(("used", "status"), [(4, Status.PASS), (5, Status.WARN)])
def test_where_nobody_tells_aws_default_is_a_warning(used: int, status: Status) -> None:
    check = found(vpcs(1), {"describe_vpcs": {"Vpcs": [{}] * used}})["quota-vpcs"]
    assert (check.status, check.detail) == (status, f"VPCs: {used} used, 1 needed, {5 - used} left of 5{DEFAULT}")


def test_more_used_than_allowed_leaves_nothing() -> None:
    check = found(vpcs(1), {"describe_vpcs": {"Vpcs": [{}] * 9}}, {("vpc", "L-F678F1CE"): 4.0})["quota-vpcs"]
    assert check.detail == "VPCs: 9 used, 1 needed, 0 left of 4"


def test_only_what_the_plan_makes_is_counted() -> None:
    assert found(vpcs(1)).keys() == {"quota-vpcs", "quota-security-groups"}
    assert found(planned({}, [])) == {}


def test_a_vpc_brings_a_group_of_its_own() -> None:
    group = ("AWS::EC2::SecurityGroup", {"GroupDescription": "x", "VpcId": ref("V")})
    check = found(planned(wanted(V=(VPC, BLOCK), G=group), []))["quota-security-groups"]
    assert check.detail.startswith("security groups: 0 used, 2 needed, 2500 left")


def test_addresses_are_allowed_as_ec2_says() -> None:
    attribute = {
        "AttributeName": "vpc-max-elastic-ips",
        "AttributeValues": [{"AttributeValue": "2"}],
    }
    pages: Answered = {
        "describe_addresses": {"Addresses": [{}]},
        "describe_account_attributes": {"AccountAttributes": [{"AttributeName": "other"}, attribute]},
    }
    check = found(planned(wanted(A=(EIP, {}), B=(EIP, {})), []), pages, {("ec2", "L-0263D0A3"): 99})["quota-addresses"]
    assert (check.status, check.detail) == (Status.FAIL, "Elastic IP addresses: 1 used, 2 needed, 1 left of 2")


def test_gateways_count_by_zone_and_the_fullest_zone_is_told() -> None:
    subnets = {
        name: (SUBNET, {"VpcId": ref("V"), "CidrBlock": f"10.0.{number}.0/24", "AvailabilityZone": zone})
        for number, (name, zone) in enumerate({"A": "z-a", "B": "z-b"}.items())
    }
    gateways = {
        f"N{number}": (NAT, {"SubnetId": subnet, "AllocationId": f"eipalloc-{number}"})
        for number, subnet in enumerate([ref("A"), ref("B"), "subnet-9"])
    }
    states = ["pending", "available", "deleting", "deleted", "failed"]
    pages: Answered = {
        "describe_subnets": {"Subnets": [{"SubnetId": "subnet-1", "AvailabilityZone": "z-a"}]},
        "describe_nat_gateways": {"NatGateways": [{"SubnetId": "subnet-1", "State": state} for state in states]},
    }
    actions = planned(wanted(V=(VPC, BLOCK), **subnets, **gateways), [])
    check = found(actions, pages, {("vpc", "L-FE5A380F"): 5.0}, {"subnet-9": "z-a"})["quota-nat-gateways"]
    assert (check.status, check.detail) == (
        Status.PASS,
        "NAT gateways of a zone in z-a: 3 used, 2 needed, 2 left of 5",
    )


def test_endpoints_count_by_their_type_and_place() -> None:
    endpoint = "AWS::EC2::VPCEndpoint"
    interface = {"VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.ec2"}
    gateway = {"VpcId": ref("V"), "ServiceName": "com.amazonaws.eu-west-1.s3"}
    actions = planned(wanted(V=(VPC, BLOCK), I=(endpoint, interface), G=(endpoint, gateway)), [])
    rows = [("Interface", "available"), ("Interface", "Deleted"), ("Gateway", "available"), ("Gateway", "available")]
    pages: Answered = {
        "describe_vpc_endpoints": {
            "VpcEndpoints": [{"VpcEndpointType": type, "State": state, "VpcId": "vpc-1"} for type, state in rows]
        }
    }
    checks = found(actions, pages)
    assert checks["quota-interface-endpoints"].detail.startswith(
        "interface endpoints of a VPC in vpc-1: 1 used, 1 needed, 49 left of 50"
    )
    assert checks["quota-gateway-endpoints"].detail.startswith("gateway endpoints: 2 used, 1 needed, 18 left of 20")


def test_load_balancers_are_allowed_as_their_service_says() -> None:
    balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    network = {"Type": "network", "Subnets": ["subnet-1"]}
    classic = ("AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": [], "Subnets": ["subnet-1"]})
    pages: Answered = {
        "elbv2 describe_load_balancers": {"LoadBalancers": [{"Type": "network"}, {"Type": "application"}]},
        "elbv2 describe_account_limits": {"Limits": [{"Name": "network-load-balancers", "Max": "3"}]},
        "elb describe_account_limits": {"Limits": [{"Name": "classic-load-balancers", "Max": "0"}]},
    }
    application = (balancer, {"Type": "application", "Subnets": ["subnet-1"]})
    checks = found(planned(wanted(N=(balancer, network), A=application, C=classic), []), pages)
    assert checks["quota-network-load-balancers"].detail == "network load balancers: 1 used, 1 needed, 2 left of 3"
    lacking = checks["quota-classic-load-balancers"]
    assert (lacking.status, lacking.detail) == (
        Status.FAIL,
        "classic load balancers: 0 used, 1 needed, 0 left of 0",
    )
    assert lacking.remedy.startswith("have the quota classic load balancers raised to at least 1")


def test_iam_and_route_53_tell_both_numbers() -> None:
    role: tuple[str, dict[str, Any]] = ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    zone = ("AWS::Route53::HostedZone", {"Name": "example.com"})
    pages: Answered = {
        "get_account_summary": {"SummaryMap": {"Roles": 7, "RolesQuota": 8}},
        "get_account_limit": {"Limit": {"Value": 3}, "Count": 3},
    }
    checks = found(planned(wanted(R=role, Z=zone), []), pages)
    assert checks["quota-roles"].detail == "roles: 7 used, 1 needed, 1 left of 8"
    assert checks["quota-roles"].status is Status.PASS
    assert checks["quota-hosted-zones"].detail == "hosted zones: 3 used, 1 needed, 0 left of 3"
    assert checks["quota-hosted-zones"].status is Status.FAIL


@pytest.mark.parametrize(("summary", "said"), [({"RolesQuota": 8}, "0 used, 1 needed, 8 left of 8"), ({}, "0 used")])
def test_a_figure_that_iam_does_not_give_is_none(summary: dict[str, int], said: str) -> None:
    role: tuple[str, dict[str, Any]] = ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}})
    check = found(planned(wanted(R=role), []), {"get_account_summary": {"SummaryMap": summary}})["quota-roles"]
    assert check.detail.startswith(f"roles: {said}")


def test_a_place_in_which_nothing_is_used_yet_has_none() -> None:
    interface = {"VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.ec2"}
    rows = [{"VpcEndpointType": "Interface", "State": "available", "VpcId": "vpc-2"}]
    actions = planned(wanted(I=("AWS::EC2::VPCEndpoint", interface)), [])
    check = found(actions, {"describe_vpc_endpoints": {"VpcEndpoints": rows}})["quota-interface-endpoints"]
    assert check.detail.startswith("interface endpoints of a VPC in vpc-1: 0 used, 1 needed, 50 left of 50")
