"""AWS::ElasticLoadBalancingV2::LoadBalancer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import ListRule, Property, ReadyFor, UniqueKey
from ocpprov.engine.resources import Created, Live, Resource, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import TAGS, given, sorted_lists, state_of
from ocpprov.kinds.ec2.implied_needs import gateways_of_balancer
from ocpprov.kinds.elb.lingering_interface import INTERFACES_OF_BALANCER
from ocpprov.kinds.elbv2.common import (
    ATTRIBUTE,
    LIST_BALANCERS,
    LOAD_BALANCER,
    NAME_LIMIT,
    NAME_PATTERN,
    ElbV2Kind,
    attribute_list,
    attributes_by_arn,
    full_name,
    ids_worth_details,
    ids_worth_their_tags,
    tag_reads,
    tags_by_arn,
    vpc_and,
    with_attributes_by_key,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

# An impaired one routes traffic, but can't scale.
STATES: Final = {
    "provisioning": State.PENDING,
    "active": State.READY,
    "active_impaired": State.READY,
    "failed": State.BROKEN,
}

# As CloudFormation's schema has it: Name, Type and Scheme. The rest has a Set or Modify call of the API.
PROPERTIES: Final = (
    Property(
        "Name",
        "string",
        create_only=True,
        pattern=NAME_PATTERN,
        documentation="Unique in account and region, at most 32 characters. Generated when not given.",
    ),
    Property(
        "Type",
        "string",
        create_only=True,
        default="application",
        allowed=("application", "network"),
        documentation="What it understands: HTTP (application) or connections (network).",
    ),
    Property(
        "Scheme",
        "string",
        create_only=True,
        default="internet-facing",
        allowed=("internet-facing", "internal"),
        documentation="Whether its name resolves to public addresses.",
    ),
    Property(
        "Subnets",
        "list",
        items=Property("SubnetId", "string"),
        list_rule=ListRule.CONTAINS,
        keeps_one=True,
        once_per="AvailabilityZone",
        other_form="SubnetMappings",
        documentation="The subnets that it stands in, one a zone. Either these or SubnetMappings.",
    ),
    Property(
        "SubnetMappings",
        "list",
        items=Property(
            "SubnetMapping",
            "object",
            properties=(
                Property("SubnetId", "string", required=True, documentation="The subnet."),
                Property(
                    "AllocationId",
                    "string",
                    may_be_absent=True,
                    documentation="The Elastic IP that it gets there.",
                ),
                Property(
                    "PrivateIPv4Address",
                    "string",
                    format="ipv4",
                    may_be_absent=True,
                    documentation="Its private address there.",
                ),
            ),
        ),
        list_rule=ListRule.CONTAINS,
        keeps_one=True,
        once_per="AvailabilityZone",
        other_form="Subnets",
        documentation="Subnets with addresses. A zone may be added; its address can't be changed later.",
    ),
    Property(
        "SecurityGroups",
        "list",
        may_be_absent=True,
        items=Property("SecurityGroupId", "string"),
        list_rule=ListRule.CONTAINS,
        documentation="Its groups. A network balancer that was made without any can't be given one.",
    ),
    Property("IpAddressType", "string", allowed=("ipv4", "dualstack"), documentation="The addresses it has."),
    Property(
        "LoadBalancerAttributes",
        "list",
        after_create=True,
        items=ATTRIBUTE,
        documentation="Settings such as load_balancing.cross_zone.enabled. Those not given are left alone.",
    ),
    TAGS,
)


class LoadBalancer(ElbV2Kind):
    """A load balancer for connections (network) or for HTTP (application). `Ref` gives its ARN.

    All are listed, one page for 400; besides, twenty others whose name could be ours cost a call for their tags.
    """

    type = LOAD_BALANCER
    billed_as = "load balancer"
    tells = ("Type", "Scheme")
    properties = PROPERTIES
    attributes = ("DNSName", "CanonicalHostedZoneID", "LoadBalancerArn", "LoadBalancerFullName", "LoadBalancerName")
    tags_may_follow = True
    permissions = Permissions(
        read=(
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeTags",
        ),
        # The role that lets AWS run balancers is made with the first one of an account.
        create=(
            "elasticloadbalancing:CreateLoadBalancer",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "iam:CreateServiceLinkedRole",
        ),
        update=(
            "elasticloadbalancing:SetSubnets",
            "elasticloadbalancing:SetSecurityGroups",
            "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:ModifyLoadBalancerAttributes",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:RemoveTags",
        ),
        delete=("elasticloadbalancing:DeleteLoadBalancer",),
    )
    bound_by = ("Name",)
    name_property = "Name"
    name_limit = NAME_LIMIT
    protected = True
    stands_in = ("Subnets", "SubnetMappings")
    typical_seconds = 150
    settles = True
    ready_for = (
        ReadyFor(
            "AWS::Route53::RecordSet",
            "InvalidChangeBatch: Tried to create an alias, but that target was not found",
            "boto/boto#2519, aws-controllers-k8s/community#2754",
            through="AliasTarget",
        ),
    )
    create_deadline = 900
    lingers = INTERFACES_OF_BALANCER

    def reads(self, found: Found) -> Sequence[Read]:
        return [
            *self.state_reads(found),
            *tag_reads(ids_worth_their_tags(found, self.type)),
            *(
                read("elbv2", "describe_load_balancer_attributes", LoadBalancerArn=arn)
                for arn in ids_worth_details(found, self.type)
            ),
        ]

    def state_reads(self, found: Found) -> Sequence[Read]:
        return [LIST_BALANCERS]

    def by_id(self, id: str) -> Read | None:
        return read("elbv2", "describe_load_balancers", LoadBalancerArns=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        """Every balancer, other people's too: a name of theirs is one that we can't have."""
        tags = tags_by_arn(pages)
        attributes = attributes_by_arn(pages, "describe_load_balancer_attributes", "LoadBalancerArn")
        listed = pages.items("elbv2", "describe_load_balancers", "LoadBalancers")
        by_arn = {item["LoadBalancerArn"]: item for item in listed if item.get("Type") != "gateway"}
        return [_live(item, tags.get(arn, {}), attributes.get(arn)) for arn, item in by_arn.items()]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        wanted = request.properties
        answer = clients.elbv2.create_load_balancer(
            **given(wanted, "Name", "Scheme", "Subnets", "SubnetMappings", "SecurityGroups", "IpAddressType"),
            Type=wanted.get("Type", "application"),
            **request.tag_argument(),
        )
        made = answer["LoadBalancers"][0]
        return Created(made["LoadBalancerArn"], _attributes(made))

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        api = clients.elbv2
        # SetSubnets takes all subnets, also those that stay; a network balancer has its zones put and taken by it.
        # Both are changed where one of its subnets goes, and mappings know the addresses that stay.
        if "SubnetMappings" in changed:
            api.set_subnets(LoadBalancerArn=live.id, SubnetMappings=desired["SubnetMappings"])
        elif "Subnets" in changed:
            api.set_subnets(LoadBalancerArn=live.id, Subnets=desired["Subnets"])
        if "SecurityGroups" in changed:
            api.set_security_groups(LoadBalancerArn=live.id, SecurityGroups=desired["SecurityGroups"])
        if "IpAddressType" in changed:
            api.set_ip_address_type(LoadBalancerArn=live.id, IpAddressType=desired["IpAddressType"])
        if "LoadBalancerAttributes" in changed:
            wanted = attribute_list(desired, "LoadBalancerAttributes")
            api.modify_load_balancer_attributes(LoadBalancerArn=live.id, Attributes=wanted)

    def delete(self, clients: Clients, live: Live) -> None:
        """Its listeners go with it. AWS says success of one that is gone, too."""
        clients.elbv2.delete_load_balancer(LoadBalancerArn=live.id)

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_attributes_by_key(properties, "LoadBalancerAttributes")

    def unique(self, properties: Mapping[str, Value]) -> Sequence[UniqueKey]:
        name = properties.get("Name")
        return [("load balancer", name)] if isinstance(name, str) else []

    def member(self, name: str, item: Value) -> str | None:
        id = item.get("SubnetId") if isinstance(item, Mapping) else item
        return id if isinstance(id, str) else None

    def references(self, live: Live) -> Sequence[str]:
        mappings: Any = live.properties.get("SubnetMappings", ())
        addresses = [mapping.get("AllocationId") for mapping in mappings]
        return vpc_and(live, live.properties.get("Subnets"), live.properties.get("SecurityGroups"), addresses)

    def implied_needs(self, resource: Resource, resources: Mapping[str, Resource]) -> Iterable[str]:
        return gateways_of_balancer(resource, resources)


def _attributes(item: Mapping[str, Any]) -> dict[str, Value]:
    named = {
        "DNSName": item.get("DNSName"),
        "CanonicalHostedZoneID": item.get("CanonicalHostedZoneId"),
        "LoadBalancerArn": item["LoadBalancerArn"],
        "LoadBalancerFullName": full_name(item["LoadBalancerArn"]),
        "LoadBalancerName": item["LoadBalancerName"],
    }
    return given(named, *named)


def _mapping(zone: Mapping[str, Any]) -> dict[str, Value]:
    # A network balancer has one address in each zone.
    address: Mapping[str, Any] = next(iter(zone.get("LoadBalancerAddresses", ())), {})
    return {"SubnetId": zone["SubnetId"], **given(address, "AllocationId", "PrivateIPv4Address")}


def _places(item: Mapping[str, Any]) -> dict[str, Value]:
    """Where it stands, both ways that a plan may have it; nothing where an answer doesn't say it of each zone."""
    zones = item.get("AvailabilityZones")
    if zones is None or not all(zone.get("SubnetId") for zone in zones):
        return {}
    mappings = sorted(map(_mapping, zones), key=lambda mapping: str(mapping["SubnetId"]))
    return {"Subnets": [mapping["SubnetId"] for mapping in mappings], "SubnetMappings": mappings}


def _live(item: Mapping[str, Any], tags: Mapping[str, str], attributes: Mapping[str, str] | None) -> Live:
    state = item.get("State", {})
    return Live(
        type=LOAD_BALANCER,
        id=item["LoadBalancerArn"],
        properties={
            "Name": item["LoadBalancerName"],
            **given(item, "Type", "Scheme", "VpcId", "IpAddressType"),
            **_places(item),
            **sorted_lists(item, "SecurityGroups"),
            **({"LoadBalancerAttributes": attributes} if attributes else {}),
        },
        attributes=_attributes(item),
        tags=tags,
        state=state_of(state.get("Code", ""), STATES),
        reason=state.get("Reason", ""),
    )
