"""What the steps after ocpprov need to know: the outputs of Red Hat's templates, under the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ocpprov.engine.values import GetAtt, Join, Ref, Value
from ocpprov.openshift.network import MAX_ZONES, Zone
from ocpprov.plan.model import Output


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


OUTPUT_ROWS = (
    OutputRow("VpcId", "VPC", "The VPC"),
    OutputRow("PublicSubnetIds", "PublicSubnet", "Public subnets, in zone order", per_zone=True),
    OutputRow("PrivateSubnetIds", "PrivateSubnet", "Private subnets, in zone order", per_zone=True),
    OutputRow("PublicRouteTableId", "PublicRouteTable", "Route table of the public subnets"),
    OutputRow("PrivateRouteTableIds", "PrivateRouteTable", "Private route tables, in zone order", per_zone=True),
    OutputRow("NatGatewayIds", "NAT", "NAT gateways, in zone order", per_zone=True),
    OutputRow("NatPublicAddresses", "EIP", "Addresses that the cluster's traffic comes from", per_zone=True),
    OutputRow("S3EndpointId", "S3Endpoint", "S3 gateway endpoint"),
    OutputRow("MasterSecurityGroupId", "MasterSecurityGroup", "Group of the control plane", "GroupId"),
    OutputRow("WorkerSecurityGroupId", "WorkerSecurityGroup", "Group of the compute machines", "GroupId"),
    OutputRow("BootstrapSecurityGroupId", "BootstrapSecurityGroup", "Group of the bootstrap machine", "GroupId"),
    OutputRow("PrivateHostedZoneId", "IntDns", "Private zone of the cluster's domain"),
)


def outputs_of(made: Mapping[str, str]) -> list[Output]:
    """The outputs that there are when `made` (logical ids and types) exists."""
    found = [(row, _value(row, made)) for row in OUTPUT_ROWS]
    return [Output(row.name, value, row.description) for row, value in found if value is not None]


def _value(row: OutputRow, made: Mapping[str, str]) -> Value:
    """The value, or None where nothing of it is made."""
    if not row.per_zone:
        return _of(row, row.logical_id) if row.logical_id in made else None
    counted = [Zone(index, "").named(row.logical_id) for index in range(MAX_ZONES)]
    present = tuple(_of(row, logical_id) for logical_id in counted if logical_id in made)
    return Join(",", present) if present else None


def _of(row: OutputRow, logical_id: str) -> Ref | GetAtt:
    return GetAtt(logical_id, row.attribute) if row.attribute else Ref(logical_id)
