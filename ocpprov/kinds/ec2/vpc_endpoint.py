"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.properties import ListRule, Property
from ocpprov.engine.protocols import UniqueKey
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import Created, CreateRequest, Found, Pages, Permissions, Read
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    each_once,
    given,
    ids_in,
    reads,
    state_of,
    tag_specifications,
    tags_of,
)

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# EC2's model writes these with capitals, its answers without.
STATES: Final = {
    "pending": State.PENDING,
    "pendingacceptance": State.PENDING,
    "available": State.READY,
    "partial": State.BROKEN,
    "failed": State.BROKEN,
    "rejected": State.BROKEN,
    "expired": State.BROKEN,
    "deleting": State.DELETING,
    "deleted": State.GONE,
}


class VpcEndpoint(Ec2Kind):
    """A way to an AWS service that stays inside AWS: a gateway, which adds routes to the tables it is given."""

    type = "AWS::EC2::VPCEndpoint"
    properties = (
        Property("VpcId", "string", required=True, create_only=True, documentation="The VPC that the endpoint is in."),
        Property(
            "ServiceName",
            "string",
            required=True,
            create_only=True,
            documentation="The service, such as com.amazonaws.eu-west-1.s3.",
        ),
        Property(
            "VpcEndpointType",
            "string",
            create_only=True,
            default="Gateway",
            allowed=("Gateway",),
            documentation="How the service is reached.",
        ),
        Property(
            "RouteTableIds",
            "list",
            items=Property("RouteTableId", "string"),
            list_rule=ListRule.CONTAINS,
            default=(),
            documentation="The route tables that get a route to the service.",
        ),
        Property(
            "PolicyDocument", "json", documentation="Who may do what through the endpoint. AWS's default allows all."
        ),
        TAGS,
    )
    attributes = ("Id",)
    permissions = Permissions(
        read=("ec2:DescribeVpcEndpoints",),
        create=("ec2:CreateVpcEndpoint", "ec2:CreateTags"),
        update=("ec2:ModifyVpcEndpoint", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteVpcEndpoints",),
    )
    settles = True

    def reads(self, found: Found) -> Sequence[Read]:
        return reads(found, "describe_vpc_endpoints")

    def parse(self, pages: Pages) -> Sequence[Live]:
        endpoints = each_once(pages, "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")
        return [live for live in map(_live, endpoints) if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.ec2.create_vpc_endpoint(
            VpcEndpointType=wanted.get("VpcEndpointType", "Gateway"),
            **given(wanted, "VpcId", "ServiceName", "RouteTableIds"),
            **_policy(wanted),
            ClientToken=request.token,
            TagSpecifications=tag_specifications("vpc-endpoint", request),
        )
        endpoint_id = answer["VpcEndpoint"]["VpcEndpointId"]
        return Created(endpoint_id, {"Id": endpoint_id})

    def delete(self, clients: Clients, live: Live) -> None:
        answer = clients.ec2.delete_vpc_endpoints(VpcEndpointIds=[live.id])
        # The call itself succeeds even where the endpoint can't be deleted.
        for failure in answer["Unsuccessful"]:
            said = failure.get("Error", {})
            response: Any = {
                "Error": {"Code": said.get("Code", "Unknown"), "Message": said.get("Message", "")},
                "ResponseMetadata": answer["ResponseMetadata"],
            }
            raise clients.ec2.exceptions.ClientError(response, "DeleteVpcEndpoints")

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        edit = _policy(desired) if "PolicyDocument" in changed else {}
        if "RouteTableIds" in changed:
            wanted, present = desired.get("RouteTableIds", ()), ids_in(live, "RouteTableIds")
            edit["AddRouteTableIds"] = [table for table in wanted if table not in present]
            edit["RemoveRouteTableIds"] = [table for table in present if table not in wanted]
        clients.ec2.modify_vpc_endpoint(VpcEndpointId=live.id, **given(edit, *edit))

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        policy = properties.get("PolicyDocument")
        return {**properties, "PolicyDocument": json.loads(policy)} if isinstance(policy, str) else properties

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        service, tables = properties.get("ServiceName"), properties.get("RouteTableIds")
        if not isinstance(service, str) or not isinstance(tables, Sequence):
            return []
        return [("endpoint route", service, table) for table in tables if isinstance(table, str)]

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId", "RouteTableIds")


def _policy(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The policy as EC2 takes it, where the plan gives one."""
    policy = properties.get("PolicyDocument")
    if policy is None:
        return {}
    return {"PolicyDocument": policy if isinstance(policy, str) else json.dumps(policy)}


def _live(endpoint: Mapping[str, Any]) -> Live:
    policy = endpoint.get("PolicyDocument")
    error = endpoint.get("LastError", {})
    return Live(
        type=VpcEndpoint.type,
        id=endpoint["VpcEndpointId"],
        properties={
            **given(endpoint, "VpcId", "ServiceName", "VpcEndpointType"),
            "RouteTableIds": sorted(endpoint.get("RouteTableIds", ())),
            **({"PolicyDocument": json.loads(policy)} if policy else {}),
        },
        attributes={"Id": endpoint["VpcEndpointId"]},
        tags=tags_of(endpoint),
        state=state_of(endpoint["State"], STATES),
        reason=": ".join(error[part] for part in ("Code", "Message") if error.get(part)),
    )
