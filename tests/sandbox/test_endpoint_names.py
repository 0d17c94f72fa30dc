"""A VPC answers a name once (documented by AWS for zones, seen in public issues for endpoints)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.world import REGION, World, refused

EC2 = f"ec2.{REGION}.amazonaws.com"
TAKEN = f"already a conflicting DNS domain for {EC2} in the VPC"


def interface(world: World, vpc: str, subnet: str, **more: Any) -> str:
    service = f"com.amazonaws.{REGION}.ec2"
    made = world.ec2.create_vpc_endpoint(
        VpcEndpointType="Interface", VpcId=vpc, ServiceName=service, SubnetIds=[subnet], **more
    )
    return str(made["VpcEndpoint"]["VpcEndpointId"])


def test_a_zone_of_the_services_name_is_in_the_way_of_private_dns_alone(world: World) -> None:
    vpc = world.naming_vpc()
    subnet = world.subnet(vpc)
    world.zone("hub", vpc, EC2)
    for said in ({"PrivateDnsEnabled": True}, {}):
        with pytest.raises(ClientError, match=f"InvalidParameter.*{TAKEN} {vpc}"):
            interface(world, vpc, subnet, **said)
    quiet = interface(world, vpc, subnet, PrivateDnsEnabled=False)
    with pytest.raises(ClientError, match=TAKEN):
        world.ec2.modify_vpc_endpoint(VpcEndpointId=quiet, PrivateDnsEnabled=True)
    elsewhere = world.naming_vpc()
    assert interface(world, elsewhere, world.subnet(elsewhere, 1), PrivateDnsEnabled=True)


def test_a_zone_for_a_network_is_private_though_nobody_says_so(world: World) -> None:
    vpc = world.vpc()
    place = {"VPCRegion": REGION, "VPCId": vpc}
    made = world.route53.create_hosted_zone(Name=EC2, CallerReference="hub", VPC=place)["HostedZone"]
    assert made["Config"]["PrivateZone"] is True
    found = world.route53.list_hosted_zones_by_vpc(VPCId=vpc, VPCRegion=REGION)["HostedZoneSummaries"]
    assert [each["HostedZoneId"] for each in found] == [made["Id"].rpartition("/")[2]]


def test_an_endpoint_is_in_the_way_of_a_second_one_and_of_a_zone(world: World) -> None:
    vpc, other = world.naming_vpc(), world.naming_vpc()
    subnet = world.subnet(vpc)
    endpoint = interface(world, vpc, subnet, PrivateDnsEnabled=True)
    with pytest.raises(ClientError, match=TAKEN):
        interface(world, vpc, subnet, PrivateDnsEnabled=True)
    with refused("ConflictingDomainExists"):
        world.zone("hub", vpc, EC2)
    zone = world.zone("elsewhere", other, EC2)
    with refused("ConflictingDomainExists"):
        world.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": vpc})
    world.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, PrivateDnsEnabled=False)
    world.route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": vpc})
