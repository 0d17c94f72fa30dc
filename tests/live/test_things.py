"""What AWS's listings say, as things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from live.things import (
    ADDRESS,
    BUCKET,
    CLASSIC_BALANCER,
    ENDPOINT,
    INTERFACE,
    INTERNET_GATEWAY,
    LISTINGS,
    NAT_GATEWAY,
    NETWORK_ACL,
    PEERING,
    POLICY,
    ROLE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    ZONE,
    Thing,
)

PARSE = {listing.type: listing.parse for listing in LISTINGS}


def gateway(state: str) -> Mapping[str, Any]:
    return {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "State": state, "NatGatewayAddresses": [{"AllocationId": "e-1"}]}


def peering(code: str) -> Mapping[str, Any]:
    sides = {"RequesterVpcInfo": {"VpcId": "vpc-1"}, "AccepterVpcInfo": {"VpcId": "vpc-2"}}
    return {"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": code}, **sides}


SIDES = frozenset({"vpc-1", "vpc-2"})


@pytest.mark.parametrize(
    ("item", "thing"),
    [
        ({"VpcId": "vpc-1", "IsDefault": True, "State": "available"}, Thing(VPC, "vpc-1", of_aws=True)),
        ({"VpcId": "vpc-1", "Tags": [{"Key": "a", "Value": "b"}]}, Thing(VPC, "vpc-1", tags={"a": "b"})),
        ({"SubnetId": "s-1", "VpcId": "vpc-1", "DefaultForAz": True}, Thing(SUBNET, "s-1", vpc="vpc-1", of_aws=True)),
        ({"InternetGatewayId": "igw-1", "Attachments": []}, Thing(INTERNET_GATEWAY, "igw-1")),
        (
            {"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1"}]},
            Thing(INTERNET_GATEWAY, "igw-1", vpc="vpc-1"),
        ),
        (
            {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": False}, {"Main": True}]},
            Thing(ROUTE_TABLE, "rtb-1", vpc="vpc-1", of_aws=True),
        ),
        ({"NetworkAclId": "acl-1", "IsDefault": False}, Thing(NETWORK_ACL, "acl-1")),
        ({"GroupId": "sg-1", "GroupName": "default"}, Thing(SECURITY_GROUP, "sg-1", of_aws=True)),
        ({"GroupId": "sg-1", "GroupName": "defaults"}, Thing(SECURITY_GROUP, "sg-1")),
        ({"AllocationId": "e-1", "PublicIp": "192.0.2.1"}, Thing(ADDRESS, "e-1", "192.0.2.1")),
        ({"AllocationId": "e-1", "NetworkInterfaceId": "eni-1"}, Thing(ADDRESS, "e-1", others=frozenset({"eni-1"}))),
        (gateway("available"), Thing(NAT_GATEWAY, "nat-1", vpc="vpc-1", others=frozenset({"e-1"}))),
        *(
            (gateway(state), Thing(NAT_GATEWAY, "nat-1", vpc="vpc-1", others=frozenset({"e-1"}), going=True))
            for state in ("failed", "deleting", "deleted")
        ),
        ({"VpcEndpointId": "vpce-1", "State": "Deleting"}, Thing(ENDPOINT, "vpce-1", going=True)),
        ({"VpcEndpointId": "vpce-1", "State": "available"}, Thing(ENDPOINT, "vpce-1")),
        (peering("pending-acceptance"), Thing(PEERING, "pcx-1", vpc="vpc-1", others=SIDES)),
        (peering("failed"), Thing(PEERING, "pcx-1", vpc="vpc-1", others=SIDES, going=True)),
        (
            {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "RequesterManaged": True, "TagSet": []},
            Thing(INTERFACE, "eni-1", vpc="vpc-1", of_aws=True),
        ),
        ({"LoadBalancerName": "a", "VPCId": "vpc-1"}, Thing(CLASSIC_BALANCER, "a", "a", vpc="vpc-1")),
        ({"Id": "/hostedzone/Z1", "CallerReference": "ocpprov/prod/x"}, Thing(ZONE, "Z1", "prod/x")),
        ({"RoleName": "a", "Path": "/aws-service-role/b/"}, Thing(ROLE, "a", "a", of_aws=True)),
        ({"RoleName": "a", "Path": "/"}, Thing(ROLE, "a", "a")),
        ({"Arn": "arn:1", "PolicyName": "a"}, Thing(POLICY, "arn:1", "a")),
        ({"Name": "a"}, Thing(BUCKET, "a", "a")),
    ],
)
def test_what_a_listing_says(item: Mapping[str, Any], thing: Thing) -> None:
    found = PARSE[thing.type](item)
    assert (found, dict(found.tags)) == (thing, dict(thing.tags))


def test_a_thing_is_named_once() -> None:
    assert [str(Thing(ROLE, "a", "a")), str(Thing(POLICY, "arn:1", "a")), str(Thing(VPC, "vpc-1"))] == [
        "AWS::IAM::Role a",
        "AWS::IAM::ManagedPolicy arn:1 a",
        "AWS::EC2::VPC vpc-1",
    ]


def test_only_the_accounts_own_policies_are_listed() -> None:
    assert {listing.type: listing.arguments for listing in LISTINGS if listing.arguments} == {
        POLICY: {"Scope": "Local"}
    }
