"""What the steps after ocpprov need to know: the outputs of Red Hat's templates under the same names, and more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final

from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift import classic, load_balancers
from ocpprov.openshift.aws_facts import UNKNOWN_ZONE
from ocpprov.openshift.cluster_access import cluster_access
from ocpprov.openshift.dns import (
    PUBLIC_ZONE,
    Name,
    by_hand,
    private_names,
    private_zone,
    public_names,
    public_zone,
)
from ocpprov.openshift.endpoints import GROUP as ENDPOINT_GROUP
from ocpprov.openshift.endpoints import made_services, services, unreached
from ocpprov.openshift.etcd import etcd_lines
from ocpprov.openshift.iam import given_profile, wanted_roles
from ocpprov.openshift.ignition_outputs import ignition_outputs
from ocpprov.openshift.layout import Layout
from ocpprov.openshift.naming import Zone
from ocpprov.openshift.placed_subnets import placed_subnets
from ocpprov.openshift.shared_network import owner_commands
from ocpprov.openshift.storage import BUCKET
from ocpprov.plan.model import ITEM_END, AwsSettings, Output
from ocpprov.plan.openshift_blocks import MAX_ZONES

NEEDED_NEXT: Final = (
    "VpcId",
    "PublicSubnetIds",
    "PrivateSubnetIds",
    "ApiServerDnsName",
    "PublicHostedZoneId",
    "PrivateHostedZoneId",
    "InfraBucketName",
    "EndpointsToAdd",
)
"""The outputs that install-config.yaml and the next steps ask for first."""


@dataclass(frozen=True)
class OutputRow:
    """One output: of one resource, or (`per_zone`) of one in each zone, with commas between them.

    `attribute` is what `Fn::GetAtt` is asked for; empty means `Ref`.
    """

    name: str
    logical_id: str
    description: str
    attribute: str = ""
    per_zone: bool = False


# fmt: off
OUTPUT_ROWS = (
    OutputRow("PublicRouteTableId", "PublicRouteTable", "Route table of the public subnets"),
    OutputRow("PrivateRouteTableIds", "PrivateRouteTable", "Private route tables, in zone order", per_zone=True),
    OutputRow("NatGatewayIds", "NAT", "NAT gateways, in zone order", per_zone=True),
    OutputRow("NatPublicAddresses", "EIP", "Addresses that the cluster's traffic comes from", per_zone=True),
    OutputRow("S3EndpointId", "S3Endpoint", "S3 gateway endpoint"),
    OutputRow("EndpointSecurityGroupId", ENDPOINT_GROUP, "Group of the interface endpoints", "GroupId"),
    OutputRow("InfraBucketName", BUCKET, "Bucket for the ignition files"),
    OutputRow("MasterSecurityGroupId", "MasterSecurityGroup", "Group of the control plane", "GroupId"),
    OutputRow("WorkerSecurityGroupId", "WorkerSecurityGroup", "Group of the compute machines", "GroupId"),
    OutputRow("BootstrapSecurityGroupId", "BootstrapSecurityGroup", "Group of the bootstrap machine", "GroupId"),
    OutputRow("ExternalApiLoadBalancerName", load_balancers.EXTERNAL, "External balancer", "LoadBalancerFullName"),
    OutputRow("InternalApiLoadBalancerName", load_balancers.INTERNAL, "Internal balancer", "LoadBalancerFullName"),
    OutputRow("ExternalApiLoadBalancerDnsName", load_balancers.EXTERNAL, "Its name in AWS's DNS", "DNSName"),
    OutputRow("InternalApiLoadBalancerDnsName", load_balancers.INTERNAL, "Its name in AWS's DNS", "DNSName"),
    OutputRow("ExternalApiLoadBalancerName", classic.EXTERNAL, "External balancer, a classic one"),
    OutputRow("InternalApiLoadBalancerName", classic.INTERNAL, "Internal balancer, a classic one"),
    OutputRow("ExternalApiLoadBalancerDnsName", classic.EXTERNAL, "Its name in AWS's DNS", "DNSName"),
    OutputRow("InternalApiLoadBalancerDnsName", classic.INTERNAL, "Its name in AWS's DNS", "DNSName"),
    OutputRow("ExternalApiTargetGroupArn", "ExternalApiTargetGroup", "Targets of the external 6443"),
    OutputRow("InternalApiTargetGroupArn", "InternalApiTargetGroup", "Targets of the internal 6443"),
    OutputRow("InternalServiceTargetGroupArn", "InternalServiceTargetGroup", "Targets of the internal 22623"),
)
# fmt: on


def outputs_of(layout: Layout, made: Set[str], aws: AwsSettings) -> list[Output]:
    """The outputs that there are when `made` (logical ids) exists. `aws` is how the plan reaches AWS."""
    found = [*_network(layout), *_rows(made), *_endpoints(layout), *cluster_access(layout, aws)]
    found += _network_owner(layout)
    if layout.section.infra_id:
        found += [
            *_names(layout),
            *_zones(layout),
            *_records(layout),
            *_profiles(layout),
            *ignition_outputs(layout, aws),
        ]
        return found
    if layout.section.hosted_zone not in ("create", "none"):
        found += _private_zone(layout)
    if PUBLIC_ZONE in made:
        found += _public_zone(Ref(PUBLIC_ZONE))
    return found


def _network(layout: Layout) -> Iterator[Output]:
    yield Output("VpcId", layout.vpc, "The VPC")
    yield from _list("PublicSubnetIds", layout.public_subnets, "Public subnets, in zone order")
    yield from _list("PrivateSubnetIds", layout.private_subnets, "Private subnets, in zone order")
    subnets = list(placed_subnets(layout))
    lines = Join(ITEM_END, tuple(Join(" ", each.parts()) for each in subnets))
    rows = tuple(each.row() for each in subnets)
    yield Output("Subnets", lines, "Zone and block of each subnet", rows, by_line=True)


def _network_owner(layout: Layout) -> Iterator[Output]:
    """What to hand over to the owner of a shared network."""
    commands = owner_commands(layout.section, layout.region, layout.facts)
    purpose = f"For account {layout.facts.network_owner}, which owns the subnets: tags by which the cluster finds them"
    yield from _list("NetworkOwnerCommands", commands, purpose, ITEM_END)


def _rows(made: Set[str]) -> Iterator[Output]:
    for row in OUTPUT_ROWS:
        if row.per_zone:
            counted = [Zone(index, "").named(row.logical_id) for index in range(MAX_ZONES)]
            present = [_of(row, logical_id) for logical_id in counted if logical_id in made]
            yield from _list(row.name, present, row.description)
        elif row.logical_id in made:
            yield Output(row.name, _of(row, row.logical_id), row.description)


def _of(row: OutputRow, logical_id: str) -> Ref | GetAtt:
    return GetAtt(logical_id, row.attribute) if row.attribute else Ref(logical_id)


def _endpoints(layout: Layout) -> Iterator[Output]:
    """The interfaces, and what the cluster's proxy settings must leave out: the names that private DNS answers for.

    A gateway changes no name, but behind a proxy S3 is reached through it only when it is left out too.
    """
    _, interfaces = made_services(layout)
    ids = [Ref(service.logical_id) for service in interfaces]
    yield from _list("InterfaceEndpointIds", ids, "Interface endpoints, in the plan's order")
    lost = unreached(layout)
    hosts = [service.host for service in services(layout) if service.host and service not in lost]
    if hosts:
        unique = ",".join(dict.fromkeys(hosts))
        yield Output("NoProxy", unique, "For proxy.noProxy in install-config.yaml: reached through endpoints")


def _names(layout: Layout) -> Iterator[Output]:
    domain = layout.section.cluster_domain
    yield Output("ApiServerDnsName", f"api-int.{domain}", "The API as the machines reach it")
    if layout.section.publish == "External":
        yield Output("ExternalApiServerDnsName", f"api.{domain}", "The API as the world reaches it")


def _zones(layout: Layout) -> Iterator[Output]:
    yield from _private_zone(layout)
    yield from _public_zone(public_zone(layout))


def _private_zone(layout: Layout) -> Iterator[Output]:
    private, role = private_zone(layout), layout.section.hosted_zone_role
    if private:
        yield Output("PrivateHostedZoneId", private, "Private zone of the cluster's domain")
    if role:
        yield Output("PrivateHostedZoneRole", role, "Role by which the private zone, another account's, is written")


def _public_zone(public: Value) -> Iterator[Output]:
    if public and public != UNKNOWN_ZONE:
        yield Output("PublicHostedZoneId", public, "Public zone of the base domain")
    if public == Ref(PUBLIC_ZONE):
        servers = GetAtt(PUBLIC_ZONE, "NameServers")
        together = Join(",", (servers,), of_list=True)
        yield Output("PublicHostedZoneNameServers", together, "For the delegation in the domain above", [servers])


def _records(layout: Layout) -> Iterator[Output]:
    """The records that somebody has to make in another DNS, where a zone is `none`."""
    if not public_zone(layout):
        lines = _lines(public_names(layout))
        yield from _list("PublicRecordsByHand", lines, "Records to make in the public DNS", ITEM_END)
    if not private_zone(layout):
        lines = [*_lines(private_names(layout)), *etcd_lines(layout)]
        yield from _list("PrivateRecordsByHand", lines, "Records to make in the DNS of the machines", ITEM_END)


def _lines(names: Sequence[Name]) -> list[Value]:
    return [by_hand(name) for name in names]


def _profiles(layout: Layout) -> Iterator[Output]:
    for role in wanted_roles(layout.section):
        profile: Value = given_profile(layout.section, role.machine) or Ref(role.profile_id)
        yield Output(role.profile_id, profile, f"Instance profile of the {role.machine} machines, by name")


def _list(name: str, values: Sequence[Value], description: str, delimiter: str = ",") -> Iterator[Output]:
    """An output of several values; none where there are none."""
    known = [value for value in values if isinstance(value, str)]
    if values:
        together = delimiter.join(known) if len(known) == len(values) else Join(delimiter, tuple(values))
        yield Output(name, together, description, tuple(values), by_line=delimiter == ITEM_END)
