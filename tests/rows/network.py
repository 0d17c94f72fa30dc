"""Rows of the network that test_plans doesn't prove for the shipped plans."""

from __future__ import annotations

from typing import Final

from tests.end_to_end.world import REGION
from tests.rows.account import Made, ingress
from tests.rows.clusters import World


def entries(made: Made) -> set[tuple[bool, str, tuple[int, int] | None, str]]:
    """Egress, protocol, ports and block of what an ACL's numbered entries allow."""
    return {
        (
            entry["Egress"],
            entry["Protocol"],
            (entry["PortRange"]["From"], entry["PortRange"]["To"]) if entry.get("PortRange") else None,
            entry["CidrBlock"],
        )
        for entry in made.get("NetworkAcl", "PublicNetworkAcl")["Entries"]
        if entry["RuleAction"] == "allow" and entry["RuleNumber"] < 32767
    }


ANYWHERE: Final = "0.0.0.0/0"
DOCUMENTED_ACL: Final = {
    *((False, "6", ports, ANYWHERE) for ports in ((80, 80), (443, 443), (22, 22), (1024, 65535))),
    (True, "6", (0, 65535), ANYWHERE),
}


def net_acl(world: World) -> None:
    assert entries(world.otherwise) == DOCUMENTED_ACL
    assert entries(world.everything) >= DOCUMENTED_ACL | {
        (False, "17", (1024, 65535), ANYWHERE),
        (True, "17", (0, 65535), ANYWHERE),
        (False, "-1", None, "10.0.0.0/16"),
        (True, "-1", None, "10.0.0.0/16"),
    }
    for made, count in ((world.everything, 3), (world.otherwise, 2)):
        public = {item["SubnetId"] for item in made.all("Subnet") if "Public" in item["Tags"]["ocpprov:resource"]}
        acl = made.get("NetworkAcl", "PublicNetworkAcl")
        assert {row["SubnetId"] for row in acl["Associations"]} == public
        assert len(public) == count


def net_endpoints(world: World) -> None:
    made = world.everything
    private = {item["SubnetId"] for item in made.all("Subnet") if "Private" in item["Tags"]["ocpprov:resource"]}
    group = made.get("SecurityGroup", "EndpointSecurityGroup")
    assert ingress(group) == {("tcp", 443, 443, "10.0.0.0/16")}
    for logical_id, service in (("Ec2Endpoint", "ec2"), ("ElasticloadbalancingEndpoint", "elasticloadbalancing")):
        endpoint = made.get("VPCEndpoint", logical_id)
        assert endpoint["ServiceName"] == f"com.amazonaws.{REGION}.{service}"
        assert endpoint["VpcEndpointType"] == "Interface"
        assert endpoint["PrivateDnsEnabled"] is True
        assert set(endpoint["SubnetIds"]) == private
        assert [row["GroupId"] for row in endpoint["Groups"]] == [group["GroupId"]]


def net_transit(world: World) -> None:
    made = world.otherwise
    [attachment] = made.all("TransitGatewayAttachment")
    private = {item["SubnetId"] for item in made.all("Subnet") if "Private" in item["Tags"]["ocpprov:resource"]}
    assert attachment["VpcId"] == made.get("VPC", "VPC")["VpcId"]
    assert set(attachment["SubnetIds"]) == private
    for logical_id in ("PrivateRouteTable", "PrivateRouteTable2"):
        routes = made.get("RouteTable", logical_id)["Routes"]
        [route] = [row for row in routes if row.get("DestinationCidrBlock") == "172.16.0.0/12"]
        assert route["TransitGatewayId"] == attachment["TransitGatewayId"]


def net_dhcp(world: World) -> None:
    made = world.otherwise
    options, vpc = made.get("DHCPOptions", "DHCPOptions"), made.get("VPC", "VPC")
    values = {row["Key"]: [each["Value"] for each in row["Values"]] for row in options["DhcpConfigurations"]}
    assert values == {
        "domain-name": ["corp.example"],
        "domain-name-servers": ["10.4.0.2"],
        "ntp-servers": ["169.254.169.123"],
    }
    assert vpc["DhcpOptionsId"] == options["DhcpOptionsId"]
    assert {row["CidrBlock"] for row in vpc["CidrBlockAssociationSet"]} == {"10.4.0.0/16", "10.9.0.0/16"}


def net_nat_single(world: World) -> None:
    made = world.otherwise
    [gateway] = made.all("NatGateway")
    assert len(made.all("EIP")) == 1
    for logical_id in ("PrivateRouteTable", "PrivateRouteTable2"):
        routes = made.get("RouteTable", logical_id)["Routes"]
        [route] = [row for row in routes if row.get("DestinationCidrBlock") == ANYWHERE]
        assert route["NatGatewayId"] == gateway["NatGatewayId"]
