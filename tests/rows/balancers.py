"""Rows of the load balancers, in both forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.rows.account import Made, attributes, ingress
from tests.rows.clusters import ADDRESSES, World
from tests.rows.network import ANYWHERE


def _balancer(made: Made, logical_id: str, name: str, scheme: str, side: str) -> Mapping[str, Any]:
    balancer = made.get("LoadBalancer", logical_id)
    subnets = {item["SubnetId"] for item in made.all("Subnet") if side in item["Tags"]["ocpprov:resource"]}
    assert (balancer["LoadBalancerName"], balancer["Type"], balancer["Scheme"]) == (name, "network", scheme)
    assert {row["SubnetId"] for row in balancer["AvailabilityZones"]} == subnets
    assert attributes(balancer)["load_balancing.cross_zone.enabled"] == "true"
    return balancer


def _listeners(made: Made, balancer: Mapping[str, Any]) -> dict[int, str]:
    """By port the name of the target group that a listener forwards to."""
    groups = {item["TargetGroupArn"]: item["TargetGroupName"] for item in made.all("TargetGroup")}
    return {
        item["Port"]: groups[item["DefaultActions"][0]["TargetGroupArn"]]
        for item in made.all("Listener")
        if item["LoadBalancerArn"] == balancer["LoadBalancerArn"] and item["Protocol"] == "TCP"
    }


def lb_ext(world: World) -> None:
    balancer = _balancer(world.everything, "ExtApiElb", "prod-x7k2p-ext", "internet-facing", "Public")
    assert _listeners(world.everything, balancer) == {6443: "prod-x7k2p-aext"}


def lb_int(world: World) -> None:
    balancer = _balancer(world.everything, "IntApiElb", "prod-x7k2p-int", "internal", "Private")
    assert _listeners(world.everything, balancer) == {6443: "prod-x7k2p-aint", 22623: "prod-x7k2p-sint"}


GROUPS: Final = {"aext": (6443, "/readyz"), "aint": (6443, "/readyz"), "sint": (22623, "/healthz")}


def _groups(world: World) -> Iterator[tuple[Mapping[str, Any], int, str]]:
    found = {item["TargetGroupName"]: item for item in world.everything.all("TargetGroup")}
    assert set(found) == {f"prod-x7k2p-{name}" for name in GROUPS}
    for name, (port, path) in GROUPS.items():
        yield found[f"prod-x7k2p-{name}"], port, path


def lb_health(world: World) -> None:
    for group, port, path in _groups(world):
        assert (group["Protocol"], group["Port"], group["TargetType"]) == ("TCP", port, "ip")
        assert (group["HealthCheckProtocol"], group["HealthCheckPath"]) == ("HTTPS", path)
        assert group["HealthCheckPort"] in ("traffic-port", str(port))
        assert group["HealthCheckIntervalSeconds"] == 10
        assert (group["HealthyThresholdCount"], group["UnhealthyThresholdCount"]) == (2, 2)
        assert attributes(group)["deregistration_delay.timeout_seconds"] == "60"


def lb_targets(world: World) -> None:
    for group, port, _ in _groups(world):
        assert {tuple(row) for row in group["Targets"]} == {(address, port) for address in (*ADDRESSES, "10.0.48.20")}


def lb_reach(world: World) -> None:
    for group, _, _ in _groups(world):
        assert attributes(group)["preserve_client_ip.enabled"] == "false"
    for made, block in ((world.everything, "10.0.0.0/16"), (world.otherwise, "10.4.0.0/16")):
        admitted = ingress(made.get("SecurityGroup", "MasterSecurityGroup"))
        assert {("tcp", 6443, 6443, block), ("tcp", 22623, 22623, block)} <= admitted
        assert not [rule for rule in admitted if rule[1] <= 22623 <= rule[2] and rule[3] == ANYWHERE]


def lb_classic(world: World) -> None:
    made = world.otherwise
    wanted = {
        "ExtApiClassicElb": ("internet-facing", {6443}, "Public", "ExtApiElbSecurityGroup"),
        "IntApiClassicElb": ("internal", {6443, 22623}, "Private", "IntApiElbSecurityGroup"),
    }
    for logical_id, (scheme, ports, side, group_id) in wanted.items():
        balancer = made.get("ClassicLoadBalancer", logical_id)
        listeners = [row["Listener"] for row in balancer["ListenerDescriptions"]]
        assert {(row["Protocol"], row["LoadBalancerPort"], row["InstancePort"]) for row in listeners} == {
            ("TCP", port, port) for port in ports
        }
        assert balancer["Scheme"] == scheme
        assert set(balancer["Subnets"]) == {
            item["SubnetId"] for item in made.all("Subnet") if side in item["Tags"]["ocpprov:resource"]
        }
        assert balancer["HealthCheck"]["Target"] == "HTTPS:6443/readyz"
        assert balancer["Attributes"]["ConnectionDraining"] == {"Enabled": True, "Timeout": 60}
        assert [row["InstanceId"] for row in balancer["Instances"]] == [world.machine]
        group = made.get("SecurityGroup", group_id)
        assert balancer["SecurityGroups"] == [group["GroupId"]]
        assert {rule[1] for rule in ingress(group)} == ports
