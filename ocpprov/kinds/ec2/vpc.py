"""AWS::EC2::VPC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocpprov.engine.kind_facts import Property
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Created, Live, State
from ocpprov.engine.values import Value
from ocpprov.kinds.contract import CreateRequest, Permissions
from ocpprov.kinds.ec2.common import (
    TAGS,
    Ec2Kind,
    canonical_cidr,
    describe,
    describe_all,
    each_once,
    given,
    state_of,
    tag_specifications,
    tags_of,
    with_canonical_cidrs,
)
from ocpprov.kinds.reads import Found, Pages, Read, read

if TYPE_CHECKING:
    from ocpprov.aws.clients import Clients

STATES: Final = {"pending": State.PENDING, "available": State.READY}
# The attribute as DescribeVpcAttribute asks for it, by the property that it answers.
DNS_ATTRIBUTES: Final = {"EnableDnsSupport": "enableDnsSupport", "EnableDnsHostnames": "enableDnsHostnames"}


class Vpc(Ec2Kind):
    """A virtual private cloud."""

    type = "AWS::EC2::VPC"
    tells = ("CidrBlock",)
    properties = (
        Property(
            "CidrBlock",
            "string",
            required=True,
            create_only=True,
            format="cidr",
            documentation="The IPv4 block of the VPC, /16 to /28.",
        ),
        Property(
            "InstanceTenancy",
            "string",
            create_only=True,
            default="default",
            allowed=("default", "dedicated"),
            documentation="Whether instances run on hardware of their own.",
        ),
        Property(
            "EnableDnsSupport",
            "boolean",
            after_create=True,
            default=True,
            documentation="Whether the VPC's resolver answers. OpenShift needs it.",
        ),
        Property(
            "EnableDnsHostnames",
            "boolean",
            after_create=True,
            default=False,
            documentation="Whether instances get DNS names. OpenShift and private zones need it.",
        ),
        TAGS,
    )
    attributes = ("VpcId", "CidrBlock")
    permissions = Permissions(
        read=("ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"),
        create=("ec2:CreateVpc", "ec2:CreateTags", "ec2:ModifyVpcAttribute"),
        update=("ec2:ModifyVpcAttribute", "ec2:CreateTags", "ec2:DeleteTags"),
        delete=("ec2:DeleteVpc",),
    )
    bound_by_id = True
    protected = True
    takes_name_tag = False
    """openshift-install refuses a provided VPC that has one."""
    is_network = True
    id_prefix = "vpc-"
    delete_after = (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "AWS::EC2::Subnet",
        "AWS::EC2::SecurityGroup",
        "AWS::EC2::RouteTable",
        "AWS::EC2::NatGateway",
        "AWS::EC2::VPCEndpoint",
        "AWS::EC2::VPCGatewayAttachment",
    )

    def reads(self, found: Found) -> Sequence[Read]:
        """While none is known also by the tag, though EC2 is asked for that of all types: everything is found by its
        VPC, so that two answers have to lack it before a plan takes what it has for missing."""
        known = found.vpc_ids()
        settings = () if found.compares_nothing else DNS_ATTRIBUTES.values()
        own = [describe("describe_vpcs", f"tag:{PLAN}", [found.owner.plan])]
        return [
            *(own if not known or found.tagged is None else ()),
            *describe_all("describe_vpcs", "vpc-id", known),
            *(
                read("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=attribute)
                for vpc_id in sorted({*known, *found.ids(self.type)})
                for attribute in settings
            ),
        ]

    def by_id(self, id: str) -> Read | None:
        return read("ec2", "describe_vpcs", VpcIds=[id])

    def parse(self, pages: Pages) -> Sequence[Live]:
        dns = _dns_settings(pages)
        return [_live(vpc, dns.get(vpc["VpcId"], {})) for vpc in each_once(pages, "describe_vpcs", "Vpcs", "VpcId")]

    def create(self, clients: Clients, request: CreateRequest) -> Created:
        answer = clients.ec2.create_vpc(
            CidrBlock=request.properties["CidrBlock"],
            InstanceTenancy=request.properties.get("InstanceTenancy", "default"),
            TagSpecifications=tag_specifications("vpc", request),
        )
        vpc = answer["Vpc"]
        return Created(vpc["VpcId"], {"VpcId": vpc["VpcId"], "CidrBlock": vpc["CidrBlock"]})

    def delete(self, clients: Clients, live: Live) -> None:
        clients.ec2.delete_vpc(VpcId=live.id)

    def update(self, clients: Clients, live: Live, desired: Mapping[str, Any], changed: Sequence[str]) -> None:
        # EC2 takes one attribute per call.
        if "EnableDnsSupport" in changed:
            value = desired.get("EnableDnsSupport", True)
            clients.ec2.modify_vpc_attribute(VpcId=live.id, EnableDnsSupport={"Value": value})
        if "EnableDnsHostnames" in changed:
            value = desired.get("EnableDnsHostnames", False)
            clients.ec2.modify_vpc_attribute(VpcId=live.id, EnableDnsHostnames={"Value": value})

    def normalise(self, properties: Mapping[str, Value]) -> Mapping[str, Value]:
        return with_canonical_cidrs(properties, "CidrBlock")


def _dns_settings(pages: Pages) -> dict[str, dict[str, Value]]:
    settings: dict[str, dict[str, Value]] = {}
    for _, page in pages.documents("ec2", "describe_vpc_attribute"):
        for name in DNS_ATTRIBUTES:
            if name in page:
                settings.setdefault(page["VpcId"], {})[name] = page[name]["Value"]
    return settings


def _live(vpc: Mapping[str, Any], dns: Mapping[str, Value]) -> Live:
    cidr = canonical_cidr(vpc["CidrBlock"])
    return Live(
        type=Vpc.type,
        id=vpc["VpcId"],
        properties={"CidrBlock": cidr, **given(vpc, "InstanceTenancy"), **dns},
        attributes={"VpcId": vpc["VpcId"], "CidrBlock": cidr},
        tags=tags_of(vpc),
        state=state_of(vpc["State"], STATES),
    )
