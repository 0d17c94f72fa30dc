"""Finding what a plan made, by its ownership tags and plain boto3 alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_route53 import Route53Client

Item = TypeVar("Item")


@dataclass(frozen=True)
class Clients:
    """Plain boto3 clients of the plan's region and partition."""

    ec2: EC2Client
    route53: Route53Client


@dataclass(frozen=True)
class Ingress:
    """One rule of a group: from a block of addresses or from another group, one of them empty. Ports -1: all."""

    protocol: str
    first_port: int
    last_port: int
    cidr: str
    group_id: str
    description: str


@dataclass(frozen=True)
class Live:
    """What one plan has on AWS. Every lookup is by logical id and finds exactly one, or the test fails."""

    clients: Clients
    plan: str

    def vpc(self) -> Any:
        return self._one("VPC", self.clients.ec2.describe_vpcs()["Vpcs"])

    def subnet(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_subnets()["Subnets"])

    def subnets(self) -> Sequence[Any]:
        """All subnets of the plan."""
        found = self.clients.ec2.describe_subnets()["Subnets"]
        return [subnet for subnet in found if tags(subnet).get("ocpprov:plan") == self.plan]

    def route_table(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_route_tables()["RouteTables"])

    def internet_gateway(self) -> Any:
        return self._one("InternetGateway", self.clients.ec2.describe_internet_gateways()["InternetGateways"])

    def nat_gateway(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_nat_gateways()["NatGateways"])

    def address(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_addresses()["Addresses"])

    def endpoint(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_vpc_endpoints()["VpcEndpoints"])

    def group(self, logical_id: str) -> Any:
        return self._one(logical_id, self.clients.ec2.describe_security_groups()["SecurityGroups"])

    def ingress(self, logical_id: str) -> list[Ingress]:
        """Who may send what into a group, read from the group: moto's rule list has no descriptions of group rules."""
        return [row for permission in self.group(logical_id)["IpPermissions"] for row in _ingress(permission)]

    def zone(self, logical_id: str) -> tuple[str, dict[str, str]]:
        """Id and tags of a hosted zone of the plan in the clients' region."""
        wanted = {
            "ocpprov:plan": self.plan,
            "ocpprov:resource": logical_id,
            "ocpprov:region": self.clients.ec2.meta.region_name,
        }
        zones = [
            zone["Id"].removeprefix("/hostedzone/")
            for page in self.clients.route53.get_paginator("list_hosted_zones").paginate()
            for zone in page["HostedZones"]
        ]
        tagged = [(zone, self._zone_tags(zone)) for zone in zones]
        return one(logical_id, [(zone, tags) for zone, tags in tagged if wanted.items() <= tags.items()])

    def _zone_tags(self, zone: str) -> dict[str, str]:
        answer = self.clients.route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)
        return {tag["Key"]: tag["Value"] for tag in answer["ResourceTagSet"]["Tags"]}

    def _one(self, logical_id: str, found: Sequence[Any]) -> Any:
        """The live one with our tags. Chosen here and not by AWS's filters, of which moto ignores some."""
        wanted = {"ocpprov:plan": self.plan, "ocpprov:resource": logical_id}
        return one(logical_id, [item for item in found if wanted.items() <= tags(item).items() and not _deleted(item)])


def one(what: str, found: Sequence[Item]) -> Item:
    """The only item."""
    assert len(found) == 1, f"{what}: expected exactly one, found {len(found)}: {found}"
    return found[0]


def tags(item: Any) -> dict[str, str]:
    """The tags of an EC2 resource by key."""
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}


def default_route(table: Any) -> Any:
    """The one route to everywhere in a route table."""
    return one(
        "default route", [route for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    )


def associated_subnets(table: Any) -> set[str]:
    """Ids of the subnets that use a route table."""
    return {row["SubnetId"] for row in table["Associations"] if "SubnetId" in row}


def _ingress(permission: Any) -> list[Ingress]:
    ports = permission["IpProtocol"], permission.get("FromPort", -1), permission.get("ToPort", -1)
    blocks = [Ingress(*ports, row["CidrIp"], "", row.get("Description", "")) for row in permission["IpRanges"]]
    groups = [Ingress(*ports, "", row["GroupId"], row.get("Description", "")) for row in permission["UserIdGroupPairs"]]
    return blocks + groups


def _deleted(item: Any) -> bool:
    """NAT gateways and endpoints stay listed for a while after they are gone."""
    return str(item.get("State", "")).lower() in {"deleting", "deleted"}
