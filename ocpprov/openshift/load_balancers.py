"""The API's load balancers: template 02_cluster_infra.yaml, with the attributes that the installer sets beside it.

Targets are addresses in the plan: they take the place of the template's Lambda function.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ocpprov.aws.balancer_attributes import PROTECTION
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.aws_facts import target_addresses
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.network import after_attachment
from ocpprov.plan.model import OpenShift
from ocpprov.plan.releases import Release, in_force

EXTERNAL: Final = "ExtApiElb"
INTERNAL: Final = "IntApiElb"
API_PORT: Final = 6443
MACHINE_CONFIG_PORT: Final = 22623


@dataclass(frozen=True)
class Service:
    """One port of one balancer, and the group of targets behind it, named `<infraID>-<suffix>`."""

    balancer: str
    listener: str
    target_group: str
    suffix: str
    port: int


EXTERNAL_SERVICES = (Service(EXTERNAL, "ExternalApiListener", "ExternalApiTargetGroup", "aext", API_PORT),)
# The machine config server hands out secrets: only the internal balancer has its port.
INTERNAL_SERVICES = (
    Service(INTERNAL, "InternalApiListener", "InternalApiTargetGroup", "aint", API_PORT),
    Service(
        INTERNAL, "InternalServiceInternalListener", "InternalServiceTargetGroup", "sint", MACHINE_CONFIG_PORT
    ),
)  # fmt: skip


@dataclass(frozen=True)
class HealthCheck:
    """How a port is asked whether it is well; paths count only with HTTPS."""

    since: Release
    protocol: Literal["TCP", "HTTPS"]
    api_path: str = ""
    machine_config_path: str = ""

    def path(self, port: int) -> str:
        return self.api_path if port == API_PORT else self.machine_config_path


HEALTH_CHECKS = (
    HealthCheck((4, 1), "TCP"),
    HealthCheck((4, 5), "HTTPS", "/readyz", "/healthz"),
)


def load_balancers(layout: Layout) -> Iterator[Resource]:
    """The balancers with their listeners and target groups; no external one with `publish: Internal`."""
    infra_id = layout.section.infra_id
    if layout.section.publish == "External":
        # AWS refuses one for the internet in a VPC without an attached internet gateway.
        external = _balancer(
            EXTERNAL, f"{infra_id}-ext", "internet-facing", layout.external_balancer_subnets, layout.section
        )
        yield replace(external, depends_on=after_attachment(layout))
        for service in EXTERNAL_SERVICES:
            yield from _service(layout, service)
    yield _balancer(INTERNAL, f"{infra_id}-int", "internal", layout.internal_balancer_subnets, layout.section)
    for service in INTERNAL_SERVICES:
        yield from _service(layout, service)


def _balancer(logical_id: str, name: str, scheme: str, subnets: Sequence[Value], section: OpenShift) -> Resource:
    attributes: list[Value] = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
    if section.deletion_protection is not None:
        attributes.append({"Key": PROTECTION, "Value": "true" if section.deletion_protection else "false"})
    properties: dict[str, Value] = {
        "Name": name,
        "Type": "network",
        "IpAddressType": "ipv4",
        "Scheme": scheme,
        "Subnets": list(subnets),
        "LoadBalancerAttributes": attributes,
    }
    return Resource(logical_id, "AWS::ElasticLoadBalancingV2::LoadBalancer", properties)


def _service(layout: Layout, service: Service) -> Iterator[Resource]:
    action: Value = {"Type": "forward", "TargetGroupArn": Ref(service.target_group)}
    yield Resource(
        service.listener,
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": Ref(service.balancer),
            "Port": service.port,
            "Protocol": "TCP",
            "DefaultActions": [action],
        },
    )
    yield _target_group(layout, service)


def _target_group(layout: Layout, service: Service) -> Resource:
    section = layout.section
    health = in_force(HEALTH_CHECKS, section.version)
    properties: dict[str, Value] = {
        "Name": f"{section.infra_id}-{service.suffix}",
        "Port": service.port,
        "Protocol": "TCP",
        "TargetType": "ip",
        "VpcId": layout.vpc,
        "HealthCheckProtocol": health.protocol,
        "HealthCheckPort": str(service.port),
        "HealthCheckIntervalSeconds": 10,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
        # The groups admit the VPC's addresses, so targets must see the balancer's address and never the client's.
        "TargetGroupAttributes": [
            {"Key": "deregistration_delay.timeout_seconds", "Value": "60"},
            {"Key": "preserve_client_ip.enabled", "Value": "false"},
        ],
        "Targets": [{"Id": address, "Port": service.port} for address in target_addresses(section)],
    }
    if health.protocol == "HTTPS":
        properties["HealthCheckPath"] = health.path(service.port)
    return Resource(service.target_group, "AWS::ElasticLoadBalancingV2::TargetGroup", properties)
