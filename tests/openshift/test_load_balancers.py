"""The API's network load balancers: template 02_cluster_infra.yaml and the installer's attributes, row by row."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.expand import ExistingSubnet, expand
from ocpprov.plan.model import OpenShift
from tests.openshift.plans import FACTS, SECTION_3AZ, plan_of

VPC = "vpc-0123456789abcdef0"
EXTERNAL_IDS = {"ExtApiElb", "ExternalApiListener", "ExternalApiTargetGroup"}
INTERNAL_IDS = {
    "IntApiElb",
    "InternalApiListener",
    "InternalApiTargetGroup",
    "InternalServiceInternalListener",
    "InternalServiceTargetGroup",
}
GROUPS = ("ExternalApiTargetGroup", "InternalApiTargetGroup", "InternalServiceTargetGroup")


def properties(section: OpenShift, logical_id: str) -> dict[str, Value]:
    return dict(expand(plan_of(section), FACTS)[logical_id].properties)


def addresses(section: OpenShift, logical_id: str) -> list[object]:
    targets = properties(section, logical_id)["Targets"]
    assert isinstance(targets, list)
    return [target["Id"] for target in targets]


def test_the_external_balancer_is_on_the_public_subnets() -> None:
    assert properties(SECTION_3AZ, "ExtApiElb") == {
        "Name": "prod-x7k2p-ext",
        "Type": "network",
        "IpAddressType": "ipv4",
        "Scheme": "internet-facing",
        "Subnets": [Ref("PublicSubnet"), Ref("PublicSubnet2"), Ref("PublicSubnet3")],
        "LoadBalancerAttributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
    }


@pytest.mark.parametrize(
    ("load_balancers", "external", "internal"),
    [("network", "ExtApiElb", "IntApiElb"), ("classic", "ExtApiClassicElb", "IntApiClassicElb")],
)
def test_a_balancer_for_the_internet_waits_for_the_way_to_it(
    load_balancers: Literal["network", "classic"], external: str, internal: str
) -> None:
    """Before that AWS says that the VPC has no internet gateway (openshift/installer issue 1110)."""
    section = replace(SECTION_3AZ, load_balancers=load_balancers)
    made = expand(plan_of(section), FACTS)
    assert made[external].depends_on == ("GatewayToInternet",)
    assert made[internal].depends_on == ()
    in_theirs = replace(section, vpc_id=VPC)
    theirs = expand(plan_of(in_theirs), replace(FACTS, internet_gateway="igw-1"))
    assert theirs[external].depends_on == ()
    named = replace(section, subnets=("subnet-1", "subnet-2"))
    subnets = {
        id: ExistingSubnet(id, VPC, "eu-west-1a", f"10.0.{16 * number}.0/20", public=not number)
        for number, id in enumerate(named.subnets)
    }
    assert expand(plan_of(named), replace(FACTS, subnets=subnets))[external].depends_on == ()


def test_the_internal_balancer_is_on_the_private_subnets() -> None:
    assert properties(SECTION_3AZ, "IntApiElb") == {
        "Name": "prod-x7k2p-int",
        "Type": "network",
        "IpAddressType": "ipv4",
        "Scheme": "internal",
        "Subnets": [Ref("PrivateSubnet"), Ref("PrivateSubnet2"), Ref("PrivateSubnet3")],
        "LoadBalancerAttributes": [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}],
    }


@pytest.mark.parametrize("on", [True, False])
def test_both_are_protected_from_deletion_or_not_where_the_plan_says_so(on: bool) -> None:
    for name in ("ExtApiElb", "IntApiElb"):
        assert properties(replace(SECTION_3AZ, deletion_protection=on), name)["LoadBalancerAttributes"] == [
            {"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
            {"Key": "deletion_protection.enabled", "Value": str(on).lower()},
        ]


@pytest.mark.parametrize(
    ("listener", "balancer", "port", "group"),
    [
        ("ExternalApiListener", "ExtApiElb", 6443, "ExternalApiTargetGroup"),
        ("InternalApiListener", "IntApiElb", 6443, "InternalApiTargetGroup"),
        ("InternalServiceInternalListener", "IntApiElb", 22623, "InternalServiceTargetGroup"),
    ],
)
def test_listeners_forward_their_port(listener: str, balancer: str, port: int, group: str) -> None:
    assert properties(SECTION_3AZ, listener) == {
        "LoadBalancerArn": Ref(balancer),
        "Port": port,
        "Protocol": "TCP",
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": Ref(group)}],
    }


@pytest.mark.parametrize(
    ("group", "name", "port", "path"),
    [
        ("ExternalApiTargetGroup", "prod-x7k2p-aext", 6443, "/readyz"),
        ("InternalApiTargetGroup", "prod-x7k2p-aint", 6443, "/readyz"),
        ("InternalServiceTargetGroup", "prod-x7k2p-sint", 22623, "/healthz"),
    ],
)
def test_target_groups(group: str, name: str, port: int, path: str) -> None:
    assert properties(SECTION_3AZ, group) == {
        "Name": name,
        "Port": port,
        "Protocol": "TCP",
        "TargetType": "ip",
        "VpcId": Ref("VPC"),
        "HealthCheckProtocol": "HTTPS",
        "HealthCheckPort": str(port),
        "HealthCheckPath": path,
        "HealthCheckIntervalSeconds": 10,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        "TargetGroupAttributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "60"},
            {"Key": "preserve_client_ip.enabled", "Value": "false"},
        ],
        "Targets": [
            {"Id": "10.0.48.10", "Port": port},
            {"Id": "10.0.64.10", "Port": port},
            {"Id": "10.0.80.10", "Port": port},
        ],
    }


@pytest.mark.parametrize("group", GROUPS)
def test_the_bootstrap_machine_is_a_target_until_bootstrap_is_off(group: str) -> None:
    during = replace(SECTION_3AZ, bootstrap_address="10.0.0.20")
    assert addresses(during, group) == ["10.0.48.10", "10.0.64.10", "10.0.80.10", "10.0.0.20"]
    assert addresses(replace(during, bootstrap=False), group) == ["10.0.48.10", "10.0.64.10", "10.0.80.10"]


def test_without_addresses_the_groups_are_empty_and_say_so() -> None:
    section = replace(SECTION_3AZ, control_plane_addresses=(), etcd_records=False)
    assert [addresses(section, group) for group in GROUPS] == [[], [], []]


def test_nothing_external_with_publish_internal() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, publish="Internal")), FACTS)
    assert not EXTERNAL_IDS & resources.keys()
    assert resources.keys() >= INTERNAL_IDS


def test_22623_is_never_on_the_external_balancer() -> None:
    listeners = [
        (each.properties["LoadBalancerArn"], each.properties["Port"])
        for each in expand(plan_of(SECTION_3AZ), FACTS).values()
        if each.type == "AWS::ElasticLoadBalancingV2::Listener"
    ]
    assert [port for balancer, port in listeners if balancer == Ref("ExtApiElb")] == [6443]


def test_no_balancer_before_the_cluster_has_an_infra_id() -> None:
    resources = expand(plan_of(replace(SECTION_3AZ, infra_id="")), FACTS)
    assert not (EXTERNAL_IDS | INTERNAL_IDS) & resources.keys()


@pytest.mark.parametrize(("version", "protocol"), [("4.4", "TCP"), ("4.5", "HTTPS"), ("4.12", "HTTPS")])
def test_releases_before_4_5_had_no_health_paths(version: str, protocol: str) -> None:
    group = properties(replace(SECTION_3AZ, version=version), "InternalServiceTargetGroup")
    assert group["HealthCheckProtocol"] == protocol
    assert ("HealthCheckPath" in group) == (protocol == "HTTPS")
