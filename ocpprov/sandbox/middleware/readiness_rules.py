"""How the rows of the readiness table are told from calls: of EC2's networks here, of all else in its neighbour."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import ip_network
from typing import Any, Final

from ocpprov.sandbox import readiness_table as table
from ocpprov.sandbox.exchange import Answer, Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.middleware.readiness import AfterChange, AfterMaking, Rule, Use, WhileState, Words

_REACHED: Final = ("available", "modifying")
_IN_TRANSITION: Final = ("pending", "deleting")


def network_rules() -> Sequence[Rule]:
    """Of subnets, blocks, routes, gateways, attachments, peering connections, endpoints, addresses and groups."""
    return (
        WhileState(table.SUBNET_IN_BLOCK, _block_associating),
        WhileState(table.BLOCK_WITH_SUBNET, _subnets_in_block),
        AfterChange(table.BLOCK_WITH_SUBNET, _deleted_subnet, _blocks_of_deleted_subnets),
        WhileState(table.ROUTE_TO_ATTACHMENT, _unattached_transit_gateway),
        WhileState(table.ATTACHMENT_IN_TRANSITION, _attachment_in_transition),
        WhileState(table.DUPLICATE_ATTACHMENT, _attached_already),
        WhileState(table.ATTACHMENT_LEAVES, _held_by_attachment),
        WhileState(table.ROUTE_TO_INTERNET_GATEWAY, _unattached_internet_gateway),
        AfterChange(table.ROUTE_TO_INTERNET_GATEWAY, _attached_gateway, _route_to_internet_gateway),
        WhileState(table.ROUTE_TO_NAT_GATEWAY, _pending_nat_gateway),
        WhileState(table.ACCEPT_PEERING, _initiating),
        WhileState(table.PRIVATE_DNS, _attributes_off),
        AfterChange(table.PRIVATE_DNS, _attributes_changed, _private_names),
        AfterChange(table.ADDRESS_OF_NAT_GATEWAY, _addresses_of_gateway, _released_address),
        AfterMaking(
            table.NEW_ADDRESS, _made("AllocateAddress", rb"<allocationId>(eipalloc-\w+)<"), _address_of_new_nat
        ),
        AfterMaking(table.NEW_SUBNET, _made("CreateSubnet", rb"<subnetId>(subnet-\w+)<"), _subnet_of_new_nat),
        AfterMaking(table.NEW_ROUTE_TABLE, _made("CreateRouteTable", rb"<routeTableId>(rtb-\w+)<"), _tables),
        AfterMaking(table.NEW_GROUP, _made("CreateSecurityGroup", rb"<groupId>(sg-\w+)<"), _groups),
        AfterMaking(table.NEW_GROUP_OF_ENDPOINT, _made("CreateSecurityGroup", rb"<groupId>(sg-\w+)<"), _groups),
    )


def internet_gateways_of(backend: Any, vpc: str) -> list[Any]:
    """The internet gateways that are attached to a VPC: one, or none."""
    return [each for each in backend.internet_gateways.values() if each.vpc is not None and each.vpc.id == vpc]


def vpc_of_subnet(backend: Any, subnet: str) -> str:
    """The id of its VPC; empty where there is no such subnet."""
    found = (each for zone in backend.subnets.values() for each in zone.values() if each.id == subnet)
    return next((str(each.vpc_id) for each in found), "")


def _made(operation: str, pattern: bytes) -> Callable[[Request, Answer, Aws], Iterable[str]]:
    """The ids of what the operation has made, by its answer."""
    compiled = re.compile(pattern)

    def made(request: Request, answer: Answer, aws: Aws) -> Iterator[str]:
        if request.operation == operation and request.service == "ec2":
            yield from (found.decode() for found in compiled.findall(answer.body))

    return made


def _block_associating(request: Request, aws: Aws) -> Iterator[Words]:
    vpc = aws.ec2(request).vpcs.get(request.get("VpcId"))
    block = request.get("CidrBlock")
    for association in vpc.cidr_block_association_set if vpc is not None else ():
        if association["cidr_block_state"]["state"] == "associating" and _lies_in(block, association["cidr_block"]):
            yield {"block": block}


def _lies_in(block: str, around: str) -> bool:
    try:
        return ip_network(block).subnet_of(ip_network(around))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def _disassociated(request: Request, aws: Aws) -> Iterator[tuple[Any, str]]:
    """The VPC and the block of the association that the call takes away, never a VPC's first."""
    for vpc in aws.ec2(request).vpcs.values():
        association = vpc._cidr_block_association_set.get(request.get("AssociationId"))
        if association is not None and association["cidr_block"] != vpc.cidr_block:
            yield vpc, association["cidr_block"]


def _subnets_in_block(request: Request, aws: Aws) -> Iterator[Words]:
    subnets = [each for zone in aws.ec2(request).subnets.values() for each in zone.values()]
    for vpc, block in _disassociated(request, aws):
        if any(each.vpc_id == vpc.id and _lies_in(each.cidr_block, block) for each in subnets):
            yield {"vpc": vpc.id, "block": block}


def _deleted_subnet(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation != "DeleteSubnet":
        return
    backend, id = aws.ec2(request), request.get("SubnetId")
    for subnet in (each for zone in backend.subnets.values() for each in zone.values() if each.id == id):
        for association in backend.vpcs[subnet.vpc_id].cidr_block_association_set:
            if _lies_in(subnet.cidr_block, association["cidr_block"]):
                yield str(association["association_id"])


def _blocks_of_deleted_subnets(request: Request, aws: Aws) -> Iterator[Use]:
    for vpc, block in _disassociated(request, aws):
        yield Use(request.get("AssociationId"), {"vpc": vpc.id, "block": block})


def _vpc_of_table(request: Request, aws: Aws) -> str:
    found = aws.ec2(request).route_tables.get(request.get("RouteTableId"))
    return str(found.vpc_id) if found is not None else ""


def _unattached_transit_gateway(request: Request, aws: Aws) -> Iterator[Words]:
    gateway, vpc = request.get("TransitGatewayId"), _vpc_of_table(request, aws)
    if gateway and vpc and not any(each.state in _REACHED for each in _attachments(request, aws, gateway, vpc)):
        yield {"gateway": gateway}


def _attachments(request: Request, aws: Aws, gateway: str, vpc: str) -> list[Any]:
    attachments = aws.ec2(request).transit_gateway_attachments.values()
    return [each for each in attachments if each.transit_gateway_id == gateway and each.resource_id == vpc]


def _attachment_in_transition(request: Request, aws: Aws) -> Iterator[Words]:
    id = request.get("TransitGatewayAttachmentId")
    attachment = aws.ec2(request).transit_gateway_attachments.get(id)
    if attachment is not None and attachment.state in _IN_TRANSITION:
        yield {"attachment": id}


def _attached_already(request: Request, aws: Aws) -> Iterator[Words]:
    gateway = request.get("TransitGatewayId")
    if _attachments(request, aws, gateway, request.get("VpcId")):
        yield {"gateway": gateway}


def _held_by_attachment(request: Request, aws: Aws) -> Iterator[Words]:
    subnet, vpc = request.get("SubnetId"), request.get("VpcId")
    for each in aws.ec2(request).transit_gateway_attachments.values():
        if subnet and subnet in getattr(each, "subnet_ids", ()):
            yield {"thing": "subnet", "id": subnet}
        if vpc and vpc == each.resource_id:
            yield {"thing": "vpc", "id": vpc}


def _unattached_internet_gateway(request: Request, aws: Aws) -> Iterator[Words]:
    vpc = _vpc_of_table(request, aws)
    for use in _route_to_internet_gateway(request, aws):
        known = aws.ec2(request).internet_gateways.get(use.key)
        if vpc and known is not None and known not in internet_gateways_of(aws.ec2(request), vpc):
            yield use.words


def _route_to_internet_gateway(request: Request, aws: Aws) -> Iterator[Use]:
    gateway = request.get("GatewayId")
    if gateway.startswith("igw-"):
        yield Use(gateway, {"table": request.get("RouteTableId"), "gateway": gateway})


def _attached_gateway(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation == "AttachInternetGateway":
        yield request.get("InternetGatewayId")


def _pending_nat_gateway(request: Request, aws: Aws) -> Iterator[Words]:
    gateway = request.get("NatGatewayId")
    found = aws.ec2(request).nat_gateways.get(gateway)
    if found is not None and found.state == "pending":
        yield {"gateway": gateway}


def _initiating(request: Request, aws: Aws) -> Iterator[Words]:
    id = request.get("VpcPeeringConnectionId")
    connection = aws.ec2(request).vpc_pcxs.get(id)
    if connection is not None and connection._status.code == "initiating-request":
        yield {"connection": id}


def _private_names(request: Request, aws: Aws) -> Iterator[Use]:
    if request.get("PrivateDnsEnabled").lower() == "true":
        endpoint = aws.ec2(request).vpc_end_points.get(request.get("VpcEndpointId"))
        vpc = request.get("VpcId") or (str(endpoint.vpc_id) if endpoint is not None else "")
        yield Use(vpc, {"vpc": vpc})


def _attributes_off(request: Request, aws: Aws) -> Iterator[Words]:
    for use in _private_names(request, aws):
        vpc = aws.ec2(request).vpcs.get(use.key)
        if vpc is not None and not (_is_on(vpc.enable_dns_support) and _is_on(vpc.enable_dns_hostnames)):
            yield use.words


def _is_on(attribute: object) -> bool:
    return str(attribute).lower() == "true"


def _attributes_changed(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation == "ModifyVpcAttribute":
        yield request.get("VpcId")


def _addresses_of_gateway(request: Request, aws: Aws) -> Iterator[str]:
    if request.operation == "DeleteNatGateway":
        gateway = aws.ec2(request).nat_gateways.get(request.get("NatGatewayId"))
        for address in gateway.address_set if gateway is not None else ():
            yield str(address.get("allocationId", ""))


def _released_address(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("AllocationId"), {})


def _address_of_new_nat(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("AllocationId"), {"address": request.get("AllocationId")})


def _subnet_of_new_nat(request: Request, aws: Aws) -> Iterator[Use]:
    yield Use(request.get("SubnetId"), {"subnet": request.get("SubnetId")})


def _tables(request: Request, aws: Aws) -> Iterator[Use]:
    yield from (Use(each, {"table": each}) for each in request.values("RouteTableId"))


def _groups(request: Request, aws: Aws) -> Iterator[Use]:
    found = dict.fromkeys(value for value in request.parameters.values() if value.startswith("sg-"))
    yield from (Use(each, {"group": each}) for each in found)
