"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, UniqueKey
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value, text
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    Listing,
    each_once,
    given,
    ids_in,
    sorted_lists,
    state_of,
    tag_specifications,
    tags_of,
)
from ocpprov.kinds.policy_documents import document
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

LISTING: Final = Listing("describe_vpc_endpoints", "vpc-endpoint-id", "vpce-", names_given=False)
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

_GATEWAY_SECONDS: Final = 3.0
INTERFACE_LISTS: Final = ("SubnetIds", "SecurityGroupIds")
INBOUND_ONLY: Final = "PrivateDnsOnlyForInboundResolverEndpoint"
DNS_OPTIONS: Final = (
    Property("DnsRecordIpType", "string", documentation="Which kinds of addresses names have."),
    Property(
        INBOUND_ONLY,
        "string",
        may_be_absent=True,
        allowed=("OnlyInboundResolver", "AllResolvers"),
        documentation="Whether the VPC's own machines get the interfaces' addresses too.",
    ),
)


class VpcEndpoint(Ec2Kind):
    """A way to an AWS service that stays inside AWS: a gateway, which adds routes to the tables it is given, or an
    interface in each of some subnets."""

    type = "AWS::EC2::VPCEndpoint"
    id_prefix = LISTING.prefix
    tells = ("ServiceName", "VpcEndpointType")
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
            allowed=("Gateway", "Interface"),
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
            "SubnetIds",
            "list",
            items=Property("SubnetId", "string"),
            list_rule=ListRule.CONTAINS,
            once_per="AvailabilityZone",
            default=(),
            documentation="The subnets that get an interface, at most one in each zone.",
        ),
        Property(
            "SecurityGroupIds",
            "list",
            items=Property("SecurityGroupId", "string"),
            list_rule=ListRule.CONTAINS,
            documentation="The groups of the interfaces; the VPC's default group when not given.",
        ),
        Property(
            "PrivateDnsEnabled", "boolean", documentation="Whether the service's usual names lead to the interfaces."
        ),
        Property("DnsOptions", "object", properties=DNS_OPTIONS, documentation="How names are answered."),
        Property(
            "ServiceRegion",
            "string",
            create_only=True,
            documentation="The region of the service, where it is another (com.amazonaws.iam, com.amazonaws.route53).",
        ),
        Property(
            "PolicyDocument", "json", documentation="Who may do what through the endpoint. AWS's default allows all."
        ),
        TAGS,
    )
    attributes = ("Id", "DnsEntries", "NetworkInterfaceIds")
    tags_may_follow = True
    permissions = Permissions(
        read=("ec2:DescribeVpcEndpoints",),
        create=("ec2:CreateVpcEndpoint", "ec2:CreateTags"),
        update=("ec2:ModifyVpcEndpoint", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteVpcEndpoints",),
    )
    bound_by = ("VpcId",)
    bound_by_id = True
    # An interface's.
    typical_seconds = 60
    typical_deletion_seconds = 60
    settles = True

    billed_as = "interface endpoint"

    def billed(self, properties: Mapping[str, Value]) -> str:
        return self.billed_as if properties.get("VpcEndpointType") == "Interface" else ""

    def billed_units(self, properties: Mapping[str, Value]) -> int:
        """One in each of its subnets."""
        subnets = properties.get("SubnetIds")
        return len(subnets) if isinstance(subnets, list | tuple) else 1

    def seconds_to_make(self, properties: Mapping[str, Value]) -> float:
        """A gateway is a few routes, and there within seconds."""
        is_gateway = properties.get("VpcEndpointType", "Gateway") == "Gateway"
        return _GATEWAY_SECONDS if is_gateway else self.typical_seconds

    def reads(self, found: Found) -> Sequence[Read]:
        return LISTING.reads(found)

    def state_reads(self, found: Found) -> Sequence[Read]:
        """One for all that are known: whoever waits for one knows it."""
        return list(LISTING.of_ids(found.ids(self.type)))

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_vpc_endpoints", VpcEndpointIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        endpoints = each_once(pages, "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")
        return [live for live in map(_live, endpoints) if live.state is not State.GONE]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.ec2.create_vpc_endpoint(
            VpcEndpointType=wanted.get("VpcEndpointType", "Gateway"),
            **given(wanted, "VpcId", "ServiceName", "ServiceRegion", "RouteTableIds", *INTERFACE_LISTS),
            **_private_dns(wanted),
            **_policy(wanted),
            ClientToken=request.token,
            TagSpecifications=tag_specifications("vpc-endpoint", request),
        )
        endpoint = answer["VpcEndpoint"]
        return Created(endpoint["VpcEndpointId"], _attributes(endpoint))

    def delete_batch(self, properties: Mapping[str, Value]) -> Hashable | None:
        """Those of one sort in a VPC: gateways are gone long before interfaces."""
        vpc, sort = properties.get("VpcId"), properties.get("VpcEndpointType")
        return (vpc, sort) if isinstance(vpc, str) and isinstance(sort, str) else None

    def delete(self, clients: Clients, live: Live) -> None:
        self.delete_many(clients, [live])

    def delete_many(self, clients: Clients, lives: Sequence[Live]) -> None:
        answer = clients.ec2.delete_vpc_endpoints(VpcEndpointIds=[live.id for live in lives])
        # The call itself succeeds even where an endpoint can't be deleted.
        for failure in answer["Unsuccessful"]:
            said = failure.get("Error", {})
            response: Any = {
                "Error": {"Code": said.get("Code", "Unknown"), "Message": said.get("Message", "")},
                "ResponseMetadata": answer["ResponseMetadata"],
            }
            raise clients.ec2.exceptions.ClientError(response, "DeleteVpcEndpoints")

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        edit = _policy(desired) if "PolicyDocument" in changed else {}
        for name in ("RouteTableIds", *INTERFACE_LISTS):
            if name in changed:
                wanted, present = desired.get(name, ()), ids_in(live, name)
                edit[f"Add{name}"] = [each for each in wanted if each not in present]
                edit[f"Remove{name}"] = [each for each in present if each not in wanted]
        if {"PrivateDnsEnabled", "DnsOptions"} & set(changed):
            edit |= _private_dns(desired)
        clients.ec2.modify_vpc_endpoint(VpcEndpointId=live.id, **given(edit, *edit))

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        policy = properties.get("PolicyDocument")
        return {**properties, "PolicyDocument": json.loads(policy)} if isinstance(policy, str) else properties

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        """One gateway to a service in a table; one interface with a service's own names in a VPC."""
        service, tables = properties.get("ServiceName"), properties.get("RouteTableIds")
        vpc_id = properties.get("VpcId")
        if not isinstance(service, str):
            return []
        if properties.get("VpcEndpointType") == "Interface":
            named = properties.get("PrivateDnsEnabled") and isinstance(vpc_id, str)
            return [("endpoint names", service, vpc_id)] if named else []
        return [("endpoint route", service, table) for table in _texts(tables)]

    def permissions_beside(self, properties: Mapping[str, Value], region: str) -> Permissions:
        """An action of no call's name, for a service of another region (service authorization reference, AWS
        PrivateLink), and Route 53's for the service's own names (the same, CreateVpcEndpoint)."""
        elsewhere = ("vpce:AllowMultiRegion",) if properties.get("ServiceRegion", region) != region else ()
        # Where nothing is said, an interface answers for them.
        named = properties.get("VpcEndpointType") == "Interface" and properties.get("PrivateDnsEnabled") not in _NO
        names = ("route53:AssociateVPCWithHostedZone",) if named else ()
        return Permissions(create=(*elsewhere, *names), update=(*elsewhere, *names), delete=elsewhere)

    def set_by_others(
        self, live: Live, wanted: Mapping[str, Value], rows: Mapping[str, Sequence[Live]], asked: Collection[str]
    ) -> Iterable[str]:
        policy = live.properties.get("PolicyDocument")
        if "PolicyDocument" not in wanted and policy is not None and not _allows_all(policy):
            yield f"{live.id} was given a policy, where AWS's own allows everything"

    def references(self, live: Live) -> Sequence[str]:
        return ids_in(live, "VpcId", "RouteTableIds", *INTERFACE_LISTS)


def _allows_all(policy: Value) -> bool:
    """Whether a policy is the one that AWS gives an endpoint that was made without one."""
    read = document(policy)
    statements = read.get("Statement") if isinstance(read, Mapping) else None
    if not isinstance(statements, list) or len(statements) != 1 or not isinstance(statements[0], Mapping):
        return False
    said = {name: value for name, value in statements[0].items() if name != "Sid"}
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return said in ({**everything, "Principal": "*"}, {**everything, "Principal": {"AWS": "*"}})


def _texts(value: Value) -> list[str]:
    """The texts of a list; none of anything else."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return [item for item in items if isinstance(item, str)]


_NO: Final = (False, "false")


def _private_dns(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Names and their options as EC2 takes them, where the plan gives them. CloudFormation has a word where EC2 has a
    boolean."""
    settings: dict[str, Any] = {}
    if "PrivateDnsEnabled" in properties:
        settings["PrivateDnsEnabled"] = text(properties["PrivateDnsEnabled"]) == "true"
    options = dict(properties.get("DnsOptions") or {})
    if resolvers := options.pop(INBOUND_ONLY, None):
        options[INBOUND_ONLY] = resolvers == "OnlyInboundResolver"
    return {**settings, **({"DnsOptions": options} if options else {})}


def _attributes(endpoint: Mapping[str, Any]) -> dict[str, Value]:
    """A DNS entry is a zone and a name with a colon between them, as CloudFormation has it. One without a name is
    none."""
    named = [each for each in endpoint.get("DnsEntries", ()) if each.get("DnsName")]
    return {
        "Id": endpoint["VpcEndpointId"],
        "DnsEntries": [f"{each.get('HostedZoneId', '')}:{each['DnsName']}" for each in named],
        "NetworkInterfaceIds": list(endpoint.get("NetworkInterfaceIds", ())),
    }


def _dns_of(endpoint: Mapping[str, Any]) -> dict[str, Value]:
    """What a live interface has of the settings of names."""
    options: dict[str, Value] = dict(given(endpoint.get("DnsOptions", {}), "DnsRecordIpType"))
    inbound = endpoint.get("DnsOptions", {}).get(INBOUND_ONLY)
    if inbound is not None:
        options[INBOUND_ONLY] = "OnlyInboundResolver" if inbound else "AllResolvers"
    return {
        **given(endpoint, "PrivateDnsEnabled"),
        **({"DnsOptions": options} if options else {}),
    }


def _policy(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The policy as EC2 takes it, where the plan gives one."""
    policy = properties.get("PolicyDocument")
    if policy is None:
        return {}
    return {"PolicyDocument": policy if isinstance(policy, str) else json.dumps(policy)}


def _live(endpoint: Mapping[str, Any]) -> Live:
    policy = endpoint.get("PolicyDocument")
    error = endpoint.get("LastError", {})
    groups = {"SecurityGroupIds": [group["GroupId"] for group in endpoint["Groups"]]} if "Groups" in endpoint else {}
    return Live(
        type=VpcEndpoint.type,
        id=endpoint["VpcEndpointId"],
        properties={
            **given(endpoint, "VpcId", "ServiceName", "VpcEndpointType", "ServiceRegion"),
            **sorted_lists(endpoint, "RouteTableIds", "SubnetIds"),
            **sorted_lists(groups, "SecurityGroupIds"),
            **_dns_of(endpoint),
            **({"PolicyDocument": json.loads(policy)} if policy else {}),
        },
        attributes=_attributes(endpoint),
        tags=tags_of(endpoint),
        state=state_of(endpoint["State"], STATES),
        reason=": ".join(error[part] for part in ("Code", "Message") if error.get(part)),
    )
