"""The bound of a run's length, on templates of a few resources."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from benchmarks import bound, bound_table
from benchmarks.bound import apply_bound, destroy_bound, references
from benchmarks.bound_table import Times

ONE = Times(
    latency=1.0,
    nat_gateway=100.0,
    load_balancer=1000.0,
    interface_endpoint=500.0,
    gateway_endpoint=7.0,
    nat_gateway_gone=200.0,
    balancer_interfaces_gone=300.0,
    interface_endpoint_gone=400.0,
)
"""Times that can be told from their sum."""
Resource: TypeAlias = Mapping[str, Any]
VPC: Resource = {"Type": "AWS::EC2::VPC"}
NAMES: Resource = {"Type": "AWS::EC2::VPC", "Properties": {"EnableDnsHostnames": True}}
IN_VPC = {"VpcId": {"Ref": "Vpc"}}
SUBNET: Resource = {"Type": "AWS::EC2::Subnet", "Properties": IN_VPC}
GATEWAY: Resource = {"Type": "AWS::EC2::InternetGateway"}
ATTACHED: Resource = {
    "Type": "AWS::EC2::VPCGatewayAttachment",
    "Properties": {**IN_VPC, "InternetGatewayId": {"Ref": "Gateway"}},
}
ADDRESS: Resource = {"Type": "AWS::EC2::EIP"}
NAT: Resource = {
    "Type": "AWS::EC2::NatGateway",
    "DependsOn": "Attached",
    "Properties": {"SubnetId": {"Ref": "Subnet"}, "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}},
}
INTERNET = {"Vpc": VPC, "Subnet": SUBNET, "Gateway": GATEWAY, "Attached": ATTACHED, "Address": ADDRESS, "Nat": NAT}
ZONE: Resource = {"Type": "AWS::Route53::HostedZone"}
GROUP: Resource = {"Type": "AWS::EC2::SecurityGroup", "Properties": IN_VPC}


def balancer(**properties: Any) -> Resource:
    properties = {"Subnets": [{"Ref": "Subnet"}], **properties}
    return {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "DependsOn": ["Attached"], "Properties": properties}


def records(zone: str = "Zone") -> dict[str, Any]:
    alias = {"AliasTarget": {"DNSName": {"Fn::GetAtt": "Balancer.DNSName"}}}
    return {
        "Type": "AWS::Route53::RecordSetGroup",
        "Properties": {"HostedZoneId": {"Ref": zone}, "RecordSets": [alias]},
    }


def rule(of: str, source: str) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::SecurityGroupIngress",
        "Properties": {"GroupId": {"Ref": of}, "SourceSecurityGroupId": {"Fn::GetAtt": [source, "GroupId"]}},
    }


def endpoint(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcEndpointType": kind, **IN_VPC, **properties}}


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def test_what_refers_comes_after_what_it_refers_to() -> None:
    found = apply_bound(template(Subnet=SUBNET, Vpc=VPC, Gateway=GATEWAY), ONE)
    assert [(leg.of, leg.what) for leg in found.chain.legs] == [("Vpc", "CreateVpc"), ("Subnet", "CreateSubnet")]
    assert (found.seconds, found.changes, found.looks) == (2.0, 3, 0)


def test_a_second_call_counts_where_its_property_is_given_and_holds_nobody_up() -> None:
    assert apply_bound(template(Vpc=NAMES), ONE).seconds == 2.0
    found = apply_bound(template(Vpc=NAMES, Subnet=SUBNET), ONE)
    assert (found.seconds, found.changes) == (2.0, 3)


def test_a_nat_gateway_needs_an_address_and_a_subnet_of_some_seconds_and_is_awaited() -> None:
    found = apply_bound(template(**INTERNET), ONE)
    # VPC, subnet, two seconds, gateway, its time, one look.
    assert found.seconds == 2 + 2 + 1 + 100 + 1
    assert (found.chain.calls, found.changes, found.looks) == (4, 6, 1)


def test_a_route_needs_a_nat_gateway_that_is_ready_or_an_internet_gateway_that_is_attached() -> None:
    to_nat = {"Type": "AWS::EC2::Route", "Properties": {"NatGatewayId": {"Ref": "Nat"}}}
    assert apply_bound(template(**INTERNET, Route=to_nat), ONE).seconds == 2 + 2 + 1 + 100 + 1 + 1
    out = {"Type": "AWS::EC2::Route", "DependsOn": "Attached", "Properties": {"GatewayId": {"Ref": "Gateway"}}}
    assert apply_bound(template(Vpc=VPC, Gateway=GATEWAY, Attached=ATTACHED, Route=out), ONE).seconds == 2 + 3 + 1


@pytest.mark.parametrize(("scheme", "seconds"), [("internet-facing", 3.0), ("internal", 0.0)])
def test_an_alias_needs_a_balancer_that_is_active(scheme: str, seconds: float) -> None:
    world = {**INTERNET, "Zone": ZONE, "Balancer": balancer(Scheme=scheme), "Records": records()}
    found = apply_bound(template(**world), ONE)
    assert found.seconds == 2 + seconds + 1 + 1000 + 1 + 1
    assert found.looks == 2


def test_private_names_need_both_attributes_of_the_vpc() -> None:
    private = endpoint("Interface", PrivateDnsEnabled=True)
    assert apply_bound(template(Vpc=NAMES, Endpoint=private), ONE).seconds == 2 + 5 + 1 + 500 + 1
    assert apply_bound(template(Vpc=NAMES, Endpoint=endpoint("Interface")), ONE).seconds == 1 + 1 + 500 + 1
    assert apply_bound(template(Vpc=NAMES, Endpoint=endpoint("Gateway")), ONE).seconds == 1 + 1 + 7 + 1


def test_a_profile_is_made_before_its_role_is_there_and_takes_it_in_afterwards() -> None:
    role = {"Type": "AWS::IAM::Role"}
    profile = {"Type": "AWS::IAM::InstanceProfile", "Properties": {"Roles": [{"Ref": "Role"}]}}
    found = apply_bound(template(Role=role, Profile=profile), ONE)
    assert (found.seconds, found.changes) == (1 + 3 + 1, 3)
    policies = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{}, {}]}}
    found = apply_bound(template(Role=policies), ONE)
    assert (found.seconds, found.changes) == (1 + 3 + 1, 3)


def test_rules_of_a_group_and_records_of_a_zone_go_in_one_call() -> None:
    literal = {"Type": "AWS::EC2::SecurityGroup", "Properties": {**IN_VPC, "SecurityGroupIngress": [{}]}}
    groups = {"Vpc": VPC, "A": literal, "B": GROUP, "R": rule("A", "B"), "S": rule("A", "A"), "T": rule("B", "B")}
    assert apply_bound(template(**groups), ONE).changes == 1 + 2 + 2
    two = {**INTERNET, "Zone": ZONE, "Balancer": balancer(), "One": records(), "Two": records()}
    assert apply_bound(template(**two), ONE).changes == 6 + 1 + 1 + 1


def test_a_look_is_spent_on_the_associations_of_acls_once() -> None:
    of = {"Type": "AWS::EC2::SubnetNetworkAclAssociation", "Properties": {"SubnetId": {"Ref": "Subnet"}}}
    assert apply_bound(template(Vpc=VPC, Subnet=SUBNET, One=of, Two=of), ONE).looks == 1


def test_subnets_go_when_the_interfaces_in_them_have_gone() -> None:
    found = destroy_bound(template(**INTERNET), ONE)
    # The NAT gateway, its time, one look, its subnet or the attachment, the VPC; its address ten seconds later.
    assert (found.seconds, found.changes, found.looks) == (1 + 200 + 10 + 1 + 1, 6, 1)
    without = {name: each for name, each in INTERNET.items() if name != "Address"}
    assert destroy_bound(template(**without), ONE).seconds == 1 + 200 + 1 + 1 + 1
    found = destroy_bound(template(**INTERNET, Balancer=balancer()), ONE)
    assert (found.seconds, found.looks) == (1 + 300 + 1 + 1 + 1, 2)


def test_endpoints_go_in_one_call_and_hold_what_they_are_in() -> None:
    inside = endpoint("Interface", SecurityGroupIds=[{"Ref": "Group"}])
    found = destroy_bound(template(Vpc=VPC, Group=GROUP, One=inside, Two=inside), ONE)
    assert (found.seconds, found.changes, found.looks) == (1 + 400 + 1 + 1 + 1, 3, 1)
    found = destroy_bound(template(Vpc=VPC, One=endpoint("Gateway")), ONE)
    assert (found.seconds, found.changes, found.looks) == (1 + 7 + 1 + 1, 2, 1)


def test_what_goes_with_another_takes_no_call() -> None:
    targets = {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup"}
    listener = {
        "Type": "AWS::ElasticLoadBalancingV2::Listener",
        "Properties": {"LoadBalancerArn": {"Ref": "Balancer"}, "TargetGroupArn": {"Ref": "Targets"}},
    }
    world = {"Vpc": VPC, "Subnet": SUBNET, "Balancer": balancer(), "Targets": targets, "Listener": listener}
    found = destroy_bound(template(**world), ONE)
    assert found.changes == 4
    assert destroy_bound(template(Targets=targets, Listener=listener), ONE).seconds == 1 + 5 + 1


def test_groups_that_name_each_other_cost_one_revocation() -> None:
    pair = {"Vpc": VPC, "A": GROUP, "B": GROUP, "R": rule("A", "B"), "S": rule("B", "A"), "T": rule("A", "A")}
    assert destroy_bound(template(**pair), ONE).changes == 4
    one_way = {name: each for name, each in pair.items() if name != "S"}
    assert destroy_bound(template(**one_way), ONE).changes == 3


def test_a_zone_goes_after_its_records_and_a_role_after_its_policies() -> None:
    found = destroy_bound(template(Zone=ZONE, Balancer=balancer(), Records=records()), ONE)
    assert (found.seconds, found.changes) == (2.0, 3)
    assert destroy_bound(template(Role={"Type": "AWS::IAM::Role"}), ONE).seconds == 2.0


def test_a_type_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no row for AWS::SNS::Topic"):
        apply_bound(template(Topic={"Type": "AWS::SNS::Topic"}))


def test_references_are_found_in_every_form() -> None:
    value = {
        "a": [{"Ref": "A"}, {"Fn::GetAtt": ["B", "Arn"]}],
        "b": {"Fn::GetAtt": "C.Arn"},
        "c": {"Fn::Sub": "${D.E}-${F}"},
    }
    assert set(references(value)) == {"A", "B", "C", "D", "F"}
    assert set(references({"Fn::Sub": ["${G}", {"H": {"Ref": "I"}}]})) == {"G", "I"}


def test_the_bound_is_worked_out_without_anything_of_ocpprov() -> None:
    for module in (bound, bound_table):
        assert module.__file__
        for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            allowed = {*sys.stdlib_module_names, "benchmarks"}
            assert {name.partition(".")[0] for name in names} <= allowed
            assert {name for name in names if name.startswith("benchmarks")} <= {"benchmarks.bound_table"}
