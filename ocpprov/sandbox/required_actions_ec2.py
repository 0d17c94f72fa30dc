"""What a caller must be allowed for a call of EC2.

Service authorization reference: which resource types an action is judged by, and that `aws:RequestTag` is in the
request for what is made and `aws:ResourceTag` for what is there. Not documented, and taken from what the types say:
that an association is judged by the table, the ACL, the subnet or the VPC that it joins. From memory: that an address
is judged by the pool that it is taken from, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ocpprov.sandbox.exchange import Request
from ocpprov.sandbox.middleware.contract import Aws
from ocpprov.sandbox.policy_evaluation import RequiredAction

_TYPES: Final[Mapping[str, str]] = {
    "acl": "network-acl",
    "dopt": "dhcp-options",
    "eipalloc": "elastic-ip",
    "eni": "network-interface",
    "i": "instance",
    "igw": "internet-gateway",
    "nat": "natgateway",
    "pcx": "vpc-peering-connection",
    "rtb": "route-table",
    "sg": "security-group",
    "sgr": "security-group-rule",
    "subnet": "subnet",
    "tgw": "transit-gateway",
    "tgw-attach": "transit-gateway-attachment",
    "vpc": "vpc",
    "vpce": "vpc-endpoint",
}
_ID: Final = re.compile(r"([a-z]+(?:-attach)?)-[0-9a-f]{8,17}")
_RULE: Final = "security-group-rule"
_MADE: Final[Mapping[str, str]] = {
    "AllocateAddress": "elastic-ip",
    "AuthorizeSecurityGroupEgress": _RULE,
    "AuthorizeSecurityGroupIngress": _RULE,
    "CreateDhcpOptions": "dhcp-options",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateNetworkAcl": "network-acl",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateTransitGatewayVpcAttachment": "transit-gateway-attachment",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
    "CreateVpcPeeringConnection": "vpc-peering-connection",
}
_JUDGED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "AssociateRouteTable": ("RouteTableId", "SubnetId", "GatewayId"),
    "AuthorizeSecurityGroupEgress": ("GroupId",),
    "AuthorizeSecurityGroupIngress": ("GroupId",),
    "CreateNetworkAclEntry": ("NetworkAclId",),
    "CreateRoute": ("RouteTableId",),
    "CreateVpcPeeringConnection": ("VpcId",),
    "DeleteNetworkAclEntry": ("NetworkAclId",),
    "DeleteRoute": ("RouteTableId",),
    "ReplaceNetworkAclEntry": ("NetworkAclId",),
    "ReplaceRoute": ("RouteTableId",),
    "RevokeSecurityGroupEgress": ("GroupId",),
    "RevokeSecurityGroupIngress": ("GroupId",),
    "UpdateSecurityGroupRuleDescriptionsEgress": ("GroupId",),
    "UpdateSecurityGroupRuleDescriptionsIngress": ("GroupId",),
}
"""Parameters with what is judged, where there are others with ids, such as a route's target and a rule's peer. Of every
other operation all ids are."""
_TAG_KEY: Final = re.compile(r"((?:TagSpecifications?\.\d+\.)?(?:Tags?\.(?:member\.)?\d+))\.Key")


def ec2_actions(request: Request, aws: Aws, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    """The call's action on all that it is about, and the tagging of what it makes."""
    action = f"ec2:{request.operation}"
    if not request.mutating and "DryRun" not in request.parameters:
        yield RequiredAction(action, "*", here)
        return
    tags = tag_context(request)
    made = _MADE.get(request.operation)
    backend = aws.ec2(request)
    if request.operation in ("CreateVpcEndpoint", "ModifyVpcEndpoint"):
        yield from _beside_endpoint(request, aws, backend, here)
    if request.operation == "CreateTransitGatewayVpcAttachment" and not backend.transit_gateway_attachments:
        yield linked_role(request, aws, "transitgateway.amazonaws.com", "AWSServiceRoleForVPCTransitGateway")
    if made and (made != _RULE or tags):
        new = aws.arn(request, "ec2", f"{made}/*")
        yield RequiredAction(action, new, {**here, **tags})
        if tags:
            yield RequiredAction("ec2:CreateTags", new, {**here, **tags, "ec2:CreateAction": request.operation})
    resources = sorted(_resources(request, backend))
    for resource in resources:
        owned = dict(backend.tags.get(resource.partition("/")[2], {}))
        context = {**here, **resource_tags(owned), **({} if made else tags)}
        yield RequiredAction(action, aws.arn(request, "ec2", resource), context)
    if not made and not resources:
        yield RequiredAction(action, "*", here)


def _beside_endpoint(request: Request, aws: Aws, backend: Any, here: Mapping[str, str]) -> Iterator[RequiredAction]:
    """Not the calls' own actions: for a service of another region, and for its own names in the VPC."""
    endpoint = backend.vpc_end_points.get(request.get("VpcEndpointId"))
    elsewhere = request.get("ServiceRegion") or getattr(endpoint, "service_region", "")
    if elsewhere not in ("", request.region):
        id = endpoint.id if endpoint is not None else "*"
        yield RequiredAction("vpce:AllowMultiRegion", aws.arn(request, "ec2", f"vpc-endpoint/{id}"), here)
    # Where nothing is said, a new interface answers for them.
    new = "true" if request.get("VpcEndpointType") == "Interface" else ""
    if (request.get("PrivateDnsEnabled") or new).lower() == "true":
        vpc = endpoint.vpc_id if endpoint is not None else request.get("VpcId")
        zone = f"arn:{aws.arn(request, 'route53', '').split(':')[1]}:route53:::hostedzone/*"
        vpcs = (f"VPCId={vpc},VPCRegion={request.region}",)
        yield RequiredAction("route53:AssociateVPCWithHostedZone", zone, {"route53:VPCs": vpcs})


def linked_role(request: Request, aws: Aws, service: str, name: str) -> RequiredAction:
    """The role that a service makes for itself when it is first used."""
    arn = aws.arn(request, "iam", f"role/aws-service-role/{service}/{name}", regional=False)
    return RequiredAction("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": service})


def _resources(request: Request, backend: Any) -> set[str]:
    """`type/id` of all that is there already and that the call is judged by."""
    found = {f"{_type_of(id)}/{id}" for id in _ids(request) if _type_of(id)}
    if pool := request.get("PublicIpv4Pool"):
        found.add(f"ipv4pool-ec2/{pool}")
    if request.operation == "AssociateDhcpOptions" and request.get("DhcpOptionsId") == "default":
        found.add("dhcp-options/default")
    if request.operation == "AcceptVpcPeeringConnection":
        connection = backend.vpc_pcxs.get(request.get("VpcPeeringConnectionId"))
        found |= {f"vpc/{connection.peer_vpc.id}"} if connection else set()
    return found | {f"{_type_of(id)}/{id}" for id in _joined(request.get("AssociationId"), backend) if id}


def _ids(request: Request) -> Iterator[str]:
    judged_by = _JUDGED_BY.get(request.operation)
    for key, value in request.parameters.items():
        if not key.startswith(("Filter", "TagSpec", "Tag.")) and (judged_by is None or key in judged_by):
            yield value


def _type_of(id: str) -> str:
    found = _ID.fullmatch(id)
    return _TYPES.get(found[1], "") if found else ""


def _joined(association: str, backend: Any) -> Iterator[str]:
    """Ids of what an association joins: a subnet with its table or its ACL, a block with its VPC. What it is to be
    joined with instead is in the request itself."""
    if not association:
        return
    for table in backend.route_tables.values():
        for each in table.associations:
            if each["RouteTableAssociationId"] == association:
                yield from (table.id, each.get("SubnetId") or "")
    for acl in backend.network_acls.values():
        yield from (each.subnet_id for each in acl.associations if each.id == association)
    for vpc in backend.vpcs.values():
        if any(each["association_id"] == association for each in vpc.cidr_block_association_set):
            yield vpc.id


def tag_context(request: Request) -> dict[str, str | tuple[str, ...]]:
    """The tags in a request, as condition keys."""
    found = {match[1]: value for key, value in request.parameters.items() if (match := _TAG_KEY.fullmatch(key))}
    tags = {value: request.get(f"{place}.Value") for place, value in found.items()}
    context: dict[str, str | tuple[str, ...]] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    return {**context, "aws:TagKeys": tuple(sorted(tags))} if tags else {}


def resource_tags(tags: Mapping[str, Any]) -> dict[str, str]:
    """The tags of what is there, as condition keys."""
    return {f"aws:ResourceTag/{key}": str(value) for key, value in tags.items()}
