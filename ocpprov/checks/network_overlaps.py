"""The plan's addresses against those of other networks: the account's VPCs, and what peering connections lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

from ocpprov.checks.result import Check, failed, warned
from ocpprov.engine.ownership import PLAN
from ocpprov.kinds.reads import Read, read
from ocpprov.plan.model import OpenShift, Plan

ALL_VPCS: Final[Read] = read("ec2", "describe_vpcs")


@dataclass(frozen=True)
class Vpc:
    """A VPC and its blocks; `name` is its tag of that name, `plan` the plan that made it, if one did."""

    id: str
    blocks: Sequence[IPv4Network]
    name: str = ""
    plan: str = ""


def vpcs_of(pages: Sequence[Mapping[str, Any]]) -> list[Vpc]:
    """From the answer to ALL_VPCS."""
    return [_vpc(each) for page in pages for each in page["Vpcs"]]


def _vpc(found: Mapping[str, Any]) -> Vpc:
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}
    rows = [row for row in found.get("CidrBlockAssociationSet", ()) if _associated(row)]
    blocks = [IPv4Network(row["CidrBlock"]) for row in rows] or [IPv4Network(found["CidrBlock"])]
    return Vpc(found["VpcId"], blocks, tags.get("Name", ""), tags.get(PLAN, ""))


def _associated(row: Mapping[str, Any]) -> bool:
    return row.get("CidrBlockState", {}).get("State", "associated") in ("associating", "associated")


def peerings(section: OpenShift) -> Read | None:
    """The question about the peering connections that the plan's transit names, if it names any."""
    ids = sorted({way.peering_connection_id for way in section.transit if way.peering_connection_id})
    # A filter finds nothing where an id parameter would be an error.
    filters = [{"Name": "vpc-peering-connection-id", "Values": ids}]
    return read("ec2", "describe_vpc_peering_connections", Filters=filters) if ids else None


def network_overlaps(plan: Plan, vpcs: Sequence[Vpc], peers: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    """What the plan's own network overlaps. Nothing is said of a VPC that the plan only names. `peers` are the answers
    to `peerings`."""
    section = plan.openshift
    if section is None or section.vpc_id or section.subnets:
        return
    own = section.networks
    ours = {vpc.id for vpc in vpcs if vpc.plan == plan.name}
    joined = {**dict(_joined(peers, ours)), **dict(_to_be_joined(plan, vpcs))}
    others = [vpc for vpc in vpcs if vpc.id not in ours and vpc.id not in joined]
    for id, (connection, blocks) in joined.items():
        for network, block in _overlaps(own, blocks):
            detail = f"{network} overlaps {block} of {id}, to which {connection} leads"
            yield failed("network-overlap", detail, "choose another machineNetwork: AWS joins no networks that overlap")
    for vpc in others:
        for network, block in _overlaps(own, vpc.blocks):
            named = f"{vpc.id} ({vpc.name})" if vpc.name else vpc.id
            remedy = "choose another machineNetwork if the two are ever to be joined, by transit or peering"
            yield warned("network-overlap", f"{network} overlaps {block} of {named}", remedy)


def _joined(peers: Sequence[Mapping[str, Any]], ours: set[str]) -> Iterator[tuple[str, tuple[str, list[IPv4Network]]]]:
    """The VPCs at the other ends of the connections: each by its id, with the connection's and its blocks."""
    for page in peers:
        for connection in page["VpcPeeringConnections"]:
            for side in (connection["RequesterVpcInfo"], connection["AccepterVpcInfo"]):
                if side["VpcId"] not in ours:
                    yield side["VpcId"], (connection["VpcPeeringConnectionId"], _blocks(side))


def _to_be_joined(plan: Plan, vpcs: Sequence[Vpc]) -> Iterator[tuple[str, tuple[str, Sequence[IPv4Network]]]]:
    """The VPCs of this region to which the plan makes connections itself."""
    for logical_id, resource in plan.resources.items():
        if resource.type == "AWS::EC2::VPCPeeringConnection":
            found = (vpc for vpc in vpcs if vpc.id == resource.properties.get("PeerVpcId"))
            yield from ((vpc.id, (logical_id, vpc.blocks)) for vpc in found)


def _blocks(side: Mapping[str, Any]) -> list[IPv4Network]:
    several = [row["CidrBlock"] for row in side.get("CidrBlockSet", ())]
    return [IPv4Network(block) for block in several or [side.get("CidrBlock")] if block]


def _overlaps(own: Sequence[IPv4Network], others: Sequence[IPv4Network]) -> Iterator[tuple[IPv4Network, IPv4Network]]:
    for network in own:
        yield from ((network, block) for block in others if network.overlaps(block))
