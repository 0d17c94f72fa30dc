"""The API's load balancers as classic ones, which the documentation allows beside network ones.

Their targets are instances, found by the addresses in the plan. A classic balancer has one health check for all ports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import GetAtt, Value
from ocpprov.openshift.aws_facts import target_addresses
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.load_balancers import API_PORT, HEALTH_CHECKS, MACHINE_CONFIG_PORT
from ocpprov.openshift.network import ANYWHERE, after_attachment
from ocpprov.plan.releases import in_force

EXTERNAL: Final = "ExtApiClassicElb"
INTERNAL: Final = "IntApiClassicElb"
EXTERNAL_GROUP: Final = "ExtApiElbSecurityGroup"
INTERNAL_GROUP: Final = "IntApiElbSecurityGroup"


def classic_load_balancers(layout: Layout) -> Iterator[Resource]:
    """The balancers, each with a group of its own; no external one with `publish: Internal`."""
    if layout.section.publish == "External":
        yield _group(layout, EXTERNAL_GROUP, "External API load balancer", [ANYWHERE], [API_PORT])
        # AWS refuses one for the internet in a VPC without an attached internet gateway.
        yield replace(_balancer(layout, EXTERNAL), depends_on=after_attachment(layout))
    inside = [str(network) for network in layout.machine_networks]
    yield _group(layout, INTERNAL_GROUP, "Internal API load balancer", inside, [API_PORT, MACHINE_CONFIG_PORT])
    yield _balancer(layout, INTERNAL)


def _group(layout: Layout, logical_id: str, description: str, sources: Sequence[str], ports: Sequence[int]) -> Resource:
    ingress: list[Value] = [
        {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": source}
        for source in sources
        for port in ports
    ]
    properties: dict[str, Value] = {
        "GroupDescription": description,
        "VpcId": layout.vpc,
        "SecurityGroupIngress": ingress,
    }
    return Resource(logical_id, "AWS::EC2::SecurityGroup", properties)


def _balancer(layout: Layout, logical_id: str) -> Resource:
    external = logical_id == EXTERNAL
    ports = [API_PORT] if external else [API_PORT, MACHINE_CONFIG_PORT]
    properties: dict[str, Value] = {
        "LoadBalancerName": f"{layout.section.infra_id}-{'ext' if external else 'int'}",
        "Scheme": "internet-facing" if external else "internal",
        "Subnets": list(layout.external_balancer_subnets if external else layout.internal_balancer_subnets),
        "SecurityGroups": [GetAtt(EXTERNAL_GROUP if external else INTERNAL_GROUP, "GroupId")],
        "CrossZone": True,
        "ConnectionDrainingPolicy": {"Enabled": True, "Timeout": 60},
        "HealthCheck": {
            "Target": _health_target(layout),
            "Interval": "10",
            "Timeout": "5",
            "HealthyThreshold": "2",
            "UnhealthyThreshold": "2",
        },
        "Listeners": [_listener(port) for port in ports],
        "Instances": _instances(layout),
    }
    return Resource(logical_id, "AWS::ElasticLoadBalancing::LoadBalancer", properties)


def _listener(port: int) -> Value:
    return {
        "LoadBalancerPort": str(port),
        "InstancePort": str(port),
        "Protocol": "TCP",
        "InstanceProtocol": "TCP",
    }


def _health_target(layout: Layout) -> str:
    health = in_force(HEALTH_CHECKS, layout.section.version)
    return f"{health.protocol}:{API_PORT}{health.path(API_PORT)}"


def _instances(layout: Layout) -> list[Value]:
    """The machines that exist already: those to come are added by the next apply."""
    known = layout.facts.known_instances
    return [known[address] for address in target_addresses(layout.section) if address in known]
