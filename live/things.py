"""What an account has, as values: everything that is billed, or that AWS allows only so many of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

VPC: Final = "AWS::EC2::VPC"
SUBNET: Final = "AWS::EC2::Subnet"
INTERNET_GATEWAY: Final = "AWS::EC2::InternetGateway"
ROUTE_TABLE: Final = "AWS::EC2::RouteTable"
NETWORK_ACL: Final = "AWS::EC2::NetworkAcl"
SECURITY_GROUP: Final = "AWS::EC2::SecurityGroup"
ADDRESS: Final = "AWS::EC2::EIP"
NAT_GATEWAY: Final = "AWS::EC2::NatGateway"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
PEERING: Final = "AWS::EC2::VPCPeeringConnection"
DHCP_OPTIONS: Final = "AWS::EC2::DHCPOptions"
INTERFACE: Final = "AWS::EC2::NetworkInterface"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGET_GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
CLASSIC_BALANCER: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
ZONE: Final = "AWS::Route53::HostedZone"
ROLE: Final = "AWS::IAM::Role"
PROFILE: Final = "AWS::IAM::InstanceProfile"
POLICY: Final = "AWS::IAM::ManagedPolicy"
BUCKET: Final = "AWS::S3::Bucket"


@dataclass(frozen=True)
class Thing:
    """One of them. `name` is what its maker called it, where AWS has names for it; `vpc` is where it lies; `others` are
    things that it is joined to, by id. `going`: AWS is taking it away. `of_aws`: AWS made it itself, and takes it away
    with what it belongs to."""

    type: str
    id: str
    name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    vpc: str = ""
    others: frozenset[str] = frozenset()
    going: bool = False
    of_aws: bool = False

    def __str__(self) -> str:
        """`AWS::EC2::VPC vpc-1`, with the name where it isn't the id."""
        return " ".join(filter(None, [self.type, self.id, self.name if self.name != self.id else ""]))


@dataclass(frozen=True)
class Listing:
    """A call that lists things of one type: `member` of its answer has them. What `arguments` has narrows it."""

    type: str
    service: str
    operation: str
    member: str
    parse: Callable[[Mapping[str, Any]], Thing]
    arguments: Mapping[str, Any] = field(default_factory=dict)


_PEERED: Final = ("initiating-request", "pending-acceptance", "provisioning", "active")


def _tags(item: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in item.get("Tags") or item.get("TagSet") or []}


def _going(item: Mapping[str, Any]) -> bool:
    return str(item.get("State", "")).lower() in ("deleting", "deleted")


def _ec2(
    type: str, key: str, of_aws: Callable[[Mapping[str, Any]], bool] = lambda item: False
) -> Callable[[Mapping[str, Any]], Thing]:
    def parse(item: Mapping[str, Any]) -> Thing:
        vpc = "" if type == VPC else str(item.get("VpcId") or "")
        return Thing(type, item[key], "", _tags(item), vpc, going=_going(item), of_aws=of_aws(item))

    return parse


def _is_default(item: Mapping[str, Any]) -> bool:
    return bool(item.get("IsDefault"))


def _is_default_subnet(item: Mapping[str, Any]) -> bool:
    return bool(item.get("DefaultForAz"))


def _is_main(item: Mapping[str, Any]) -> bool:
    return any(each.get("Main") for each in item.get("Associations", ()))


def _is_default_group(item: Mapping[str, Any]) -> bool:
    return bool(item.get("GroupName") == "default")


def _is_of_a_service(item: Mapping[str, Any]) -> bool:
    return bool(item.get("RequesterManaged"))


def _gateway(item: Mapping[str, Any]) -> Thing:
    attached = [each["VpcId"] for each in item.get("Attachments", ()) if each.get("VpcId")]
    return Thing(INTERNET_GATEWAY, item["InternetGatewayId"], "", _tags(item), attached[0] if attached else "")


def _address(item: Mapping[str, Any]) -> Thing:
    joined = {item.get(key) for key in ("AssociationId", "NetworkInterfaceId", "InstanceId")}
    others = frozenset(str(each) for each in joined if each)
    return Thing(ADDRESS, item["AllocationId"], item.get("PublicIp", ""), _tags(item), others=others)


def _nat_gateway(item: Mapping[str, Any]) -> Thing:
    others = frozenset(
        str(each["AllocationId"]) for each in item.get("NatGatewayAddresses", ()) if each.get("AllocationId")
    )
    # One that failed isn't billed, and goes by itself within the hour.
    going = _going(item) or item.get("State") == "failed"
    return Thing(NAT_GATEWAY, item["NatGatewayId"], "", _tags(item), item.get("VpcId", ""), others, going)


def _peering(item: Mapping[str, Any]) -> Thing:
    sides = [item.get(side, {}).get("VpcId") for side in ("RequesterVpcInfo", "AccepterVpcInfo")]
    others = frozenset(str(each) for each in sides if each)
    gone = item.get("Status", {}).get("Code") not in _PEERED
    return Thing(PEERING, item["VpcPeeringConnectionId"], "", _tags(item), str(sides[0] or ""), others, going=gone)


def _balancer(item: Mapping[str, Any]) -> Thing:
    return Thing(BALANCER, item["LoadBalancerArn"], item["LoadBalancerName"], vpc=item.get("VpcId", ""))


def _target_group(item: Mapping[str, Any]) -> Thing:
    return Thing(TARGET_GROUP, item["TargetGroupArn"], item["TargetGroupName"], vpc=item.get("VpcId", ""))


def _classic(item: Mapping[str, Any]) -> Thing:
    name = item["LoadBalancerName"]
    return Thing(CLASSIC_BALANCER, name, name, vpc=item.get("VPCId", ""))


def _zone(item: Mapping[str, Any]) -> Thing:
    """Its name is the caller reference, which AWS takes once, ever; in ocpprov's the plan comes second."""
    reference = str(item.get("CallerReference", ""))
    return Thing(ZONE, item["Id"].rpartition("/")[2], reference.removeprefix("ocpprov/"))


def _named(type: str, key: str, name: str) -> Callable[[Mapping[str, Any]], Thing]:
    return lambda item: Thing(type, item[key], item[name])


def _role(item: Mapping[str, Any]) -> Thing:
    of_aws = str(item.get("Path", "")).startswith("/aws-service-role/")
    return Thing(ROLE, item["RoleName"], item["RoleName"], of_aws=of_aws)


_FROM_EC2: Final = (
    (VPC, "describe_vpcs", "Vpcs", _ec2(VPC, "VpcId", _is_default)),
    (SUBNET, "describe_subnets", "Subnets", _ec2(SUBNET, "SubnetId", _is_default_subnet)),
    (INTERNET_GATEWAY, "describe_internet_gateways", "InternetGateways", _gateway),
    (ROUTE_TABLE, "describe_route_tables", "RouteTables", _ec2(ROUTE_TABLE, "RouteTableId", _is_main)),
    (NETWORK_ACL, "describe_network_acls", "NetworkAcls", _ec2(NETWORK_ACL, "NetworkAclId", _is_default)),
    (SECURITY_GROUP, "describe_security_groups", "SecurityGroups", _ec2(SECURITY_GROUP, "GroupId", _is_default_group)),
    (ADDRESS, "describe_addresses", "Addresses", _address),
    (NAT_GATEWAY, "describe_nat_gateways", "NatGateways", _nat_gateway),
    (ENDPOINT, "describe_vpc_endpoints", "VpcEndpoints", _ec2(ENDPOINT, "VpcEndpointId")),
    (PEERING, "describe_vpc_peering_connections", "VpcPeeringConnections", _peering),
    (DHCP_OPTIONS, "describe_dhcp_options", "DhcpOptions", _ec2(DHCP_OPTIONS, "DhcpOptionsId")),
    (
        INTERFACE,
        "describe_network_interfaces",
        "NetworkInterfaces",
        _ec2(INTERFACE, "NetworkInterfaceId", _is_of_a_service),
    ),
)
LISTINGS: Final[Sequence[Listing]] = (
    *(Listing(type, "ec2", operation, member, parse) for type, operation, member, parse in _FROM_EC2),
    Listing(BALANCER, "elbv2", "describe_load_balancers", "LoadBalancers", _balancer),
    Listing(TARGET_GROUP, "elbv2", "describe_target_groups", "TargetGroups", _target_group),
    Listing(CLASSIC_BALANCER, "elb", "describe_load_balancers", "LoadBalancerDescriptions", _classic),
    Listing(ZONE, "route53", "list_hosted_zones", "HostedZones", _zone),
    Listing(ROLE, "iam", "list_roles", "Roles", _role),
    Listing(
        PROFILE, "iam", "list_instance_profiles", "InstanceProfiles", _named(PROFILE, *("InstanceProfileName",) * 2)
    ),
    Listing(POLICY, "iam", "list_policies", "Policies", _named(POLICY, "Arn", "PolicyName"), {"Scope": "Local"}),
    Listing(BUCKET, "s3", "list_buckets", "Buckets", _named(BUCKET, "Name", "Name")),
)
