"""Cases of the load balancing types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.kinds.cases import Case, Properties, changed_to, group, vpc
from tests.kinds.world import REGION, World

BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
INSTANCE: Final = "Ocpprov::ElasticLoadBalancing::Instance"

CHECK: Final = {"Target": "HTTPS:6443/readyz", "Interval": 10, "Timeout": 5}
THRESHOLDS: Final = {"HealthyThreshold": "2", "UnhealthyThreshold": "2"}


def attribute(key: str, value: object) -> Properties:
    return {"Key": key, "Value": value}


def subnet(world: World, vpc_id: str, number: int = 0) -> str:
    return world.make(
        "AWS::EC2::Subnet",
        f"Subnet{number}",
        VpcId=vpc_id,
        CidrBlock=f"10.0.{16 * number}.0/20",
        AvailabilityZone=f"{REGION}{'abc'[number]}",
    )


def balancer(world: World, vpc_id: str, name: str = "prod-int") -> str:
    return world.make(
        BALANCER, "IntApiElb", Name=name, Type="network", Scheme="internal", Subnets=[subnet(world, vpc_id)]
    )


def target_group(world: World, vpc_id: str, name: str = "prod-aint") -> str:
    return world.make(TARGET_GROUP, "Api", Name=name, Protocol="TCP", Port=6443, VpcId=vpc_id, TargetType="ip")


def network_balancer(world: World) -> Properties:
    vpc_id = vpc(world)
    return {
        "Name": "prod-int",
        "Type": "network",
        "Scheme": "internal",
        "IpAddressType": "ipv4",
        "Subnets": [subnet(world, vpc_id, 1), subnet(world, vpc_id, 0)],
        "LoadBalancerAttributes": [attribute("load_balancing.cross_zone.enabled", True)],
    }


def another_zone(world: World, properties: Properties) -> Properties:
    (live,) = world.lives("AWS::EC2::VPC")
    return {
        "Subnets": [*properties["Subnets"], subnet(world, live.id, 2)],
        "LoadBalancerAttributes": [attribute("load_balancing.cross_zone.enabled", "false")],
    }


def mapped_balancer(world: World) -> Properties:
    vpc_id = vpc(world)
    mappings = [{"SubnetId": subnet(world, vpc_id, number)} for number in (0, 1)]
    return {"Name": "prod-ext", "Type": "network", "SubnetMappings": mappings}


def application_balancer(world: World) -> Properties:
    vpc_id = vpc(world)
    return {
        "Name": "prod-web",
        "Subnets": [subnet(world, vpc_id, 0), subnet(world, vpc_id, 1)],
        "SecurityGroups": [group(world, vpc_id)],
    }


def other_groups(world: World, properties: Properties) -> Properties:
    (live,) = world.lives("AWS::EC2::VPC")
    return {"SecurityGroups": [group(world, live.id, "web")], "IpAddressType": "dualstack"}


def api_group(world: World) -> Properties:
    return {
        "Name": "prod-aint",
        "Protocol": "TCP",
        "Port": "6443",
        "VpcId": vpc(world),
        "TargetType": "ip",
        "HealthCheckProtocol": "HTTPS",
        "HealthCheckPath": "/readyz",
        "HealthCheckPort": 6443,
        "HealthCheckIntervalSeconds": 10,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": "2",
        "TargetGroupAttributes": [attribute("deregistration_delay.timeout_seconds", 60)],
    }


def target(**shape: Any) -> Callable[[World], Properties]:
    return lambda world: {"TargetGroupArn": target_group(world, vpc(world)), **shape}


def listener(world: World) -> Properties:
    vpc_id = vpc(world)
    forward = {"Type": "forward", "TargetGroupArn": target_group(world, vpc_id)}
    return {
        "LoadBalancerArn": balancer(world, vpc_id),
        "Port": "6443",
        "Protocol": "TCP",
        "DefaultActions": [forward],
    }


def to_another_group(world: World, properties: Properties) -> Properties:
    (live,) = world.lives("AWS::EC2::VPC")
    groups = [{"TargetGroupArn": target_group(world, live.id, "prod-sint")}]
    return {"Port": 22623, "DefaultActions": [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]}


def classic(world: World) -> Properties:
    vpc_id = vpc(world)
    return {
        "LoadBalancerName": "prod-classic",
        "Scheme": "internal",
        "Subnets": [subnet(world, vpc_id, 0), subnet(world, vpc_id, 1)],
        "SecurityGroups": [group(world, vpc_id)],
        "Listeners": [
            {"LoadBalancerPort": 6443, "InstancePort": "6443", "Protocol": "tcp"},
            {"LoadBalancerPort": 22623, "InstancePort": 22623, "Protocol": "TCP", "InstanceProtocol": "TCP"},
        ],
        "HealthCheck": {**CHECK, **THRESHOLDS},
        "CrossZone": True,
        "ConnectionDrainingPolicy": {"Enabled": True, "Timeout": 60},
        "ConnectionSettings": {"IdleTimeout": 120},
    }


def changed_classic(world: World, properties: Properties) -> Properties:
    (live,) = world.lives("AWS::EC2::VPC")
    return {
        "Subnets": [properties["Subnets"][1], subnet(world, live.id, 2)],
        "SecurityGroups": [group(world, live.id, "others")],
        "Listeners": [properties["Listeners"][1]],
        "HealthCheck": {**CHECK, **THRESHOLDS, "Interval": "30"},
        "CrossZone": False,
        "ConnectionDrainingPolicy": {"Enabled": False},
        "ConnectionSettings": {"IdleTimeout": 60},
    }


def classic_instance(world: World) -> Properties:
    properties = {**classic(world), "ConnectionDrainingPolicy": {"Enabled": False}}
    return {"LoadBalancerName": world.make(CLASSIC, "Classic", **properties), "InstanceId": "i-0123456789abcdef0"}


CASES: Final = (
    Case("network balancer", BALANCER, network_balancer, another_zone),
    Case("balancer by mappings", BALANCER, mapped_balancer),
    Case("application balancer", BALANCER, application_balancer, other_groups),
    Case(
        "target group",
        TARGET_GROUP,
        api_group,
        changed_to(
            HealthCheckPath="/healthz",
            HealthCheckIntervalSeconds=30,
            TargetGroupAttributes=[attribute("preserve_client_ip.enabled", "false")],
        ),
    ),
    Case("address as target", TARGET, target(Id="10.0.48.10", Port="6443")),
    Case("listener", LISTENER, listener, to_another_group),
    Case("classic balancer", CLASSIC, classic, changed_classic),
    Case("instance of a classic balancer", INSTANCE, classic_instance),
)
