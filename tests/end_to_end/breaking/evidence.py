"""What `verify` gives as evidence, looked up with plain describe calls: what each id is of, and that it is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.end_to_end.breaking.site import Site

OF_ROW: Final[Mapping[str, frozenset[str]]] = {
    row: frozenset(types.split())
    for row, types in {
        "NET-VPC": "vpc",
        "NET-PUBLIC": "subnet table-association",
        "NET-IGW": "internet-gateway attachment table route",
        "NET-NAT": "address nat-gateway route",
        "NET-PRIVATE": "subnet table table-association",
        "NET-ACL": "acl acl-entry acl-association",
        "NET-S3": "endpoint",
        "NET-EC2": "endpoint group rule",
        "NET-ELB": "endpoint group rule",
        "NET-DHCP": "dhcp-options dhcp-association block",
        "DNS-PUBLIC": "zone",
        "DNS-PRIVATE": "zone",
        "DNS-API": "record",
        "DNS-API-INT": "record",
        "DNS-ETCD": "record",
        "DNS-APPS": "record",
        "LB-EXT": "balancer listener",
        "LB-INT": "balancer listener",
        "LB-HEALTH": "target-group",
        "LB-TARGETS": "target",
        "LB-REACH": "listener",
        "SG-MASTER": "group rule",
        "SG-WORKER": "group rule",
        "SG-BOOTSTRAP": "group rule",
        "SG-MASTER-INGRESS": "rule",
        "SG-WORKER-INGRESS": "rule",
        "IAM-MASTER": "role role-policy profile",
        "IAM-WORKER": "role role-policy profile",
        "IAM-BOOTSTRAP": "role role-policy profile",
        "S3-BUCKET": "bucket",
        "S3-IGNITION": "object",
        "TAG-CLUSTER": "subnet",
        "AIR-GAP": "endpoint",
    }.items()
}
"""What each row may be proved by."""

Found = Iterator[str]


def found_as(site: Site, id: str) -> str:
    """What AWS has under an id of `verify`'s; empty where it has nothing."""
    for pattern, (what, look) in _LOOKS.items():
        if match := re.fullmatch(pattern, id):
            return what if look(site, *match.groups()) else ""
    raise AssertionError(f"nobody knows what {id} is")


def _described(operation: str, parameter: str, member: str) -> Callable[..., bool]:
    def look(site: Site, id: str) -> bool:
        return bool(getattr(site.ec2, operation)(**{parameter: [id]})[member])

    return look


def _balancing(operation: str, parameter: str, member: str) -> Callable[..., bool]:
    def look(site: Site, arn: str) -> bool:
        return bool(getattr(site.elbv2, operation)(**{parameter: [arn]})[member])

    return look


def _attachment(site: Site, gateway: str, vpc: str) -> bool:
    [found] = site.ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"]
    return vpc in [each["VpcId"] for each in found["Attachments"]]


def _route(site: Site, table: str, destination: str) -> bool:
    [found] = site.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return destination in [route.get("DestinationCidrBlock") for route in found["Routes"]]


def _table_association(site: Site, id: str) -> bool:
    tables = site.ec2.describe_route_tables()["RouteTables"]
    return id in [each["RouteTableAssociationId"] for table in tables for each in table["Associations"]]


def _acl_association(site: Site, id: str) -> bool:
    acls = site.ec2.describe_network_acls()["NetworkAcls"]
    return id in [each["NetworkAclAssociationId"] for acl in acls for each in acl["Associations"]]


def _acl_entry(site: Site, acl: str, way: str, number: str) -> bool:
    [found] = site.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"]
    return (way == "out", int(number)) in [(each["Egress"], each["RuleNumber"]) for each in found["Entries"]]


def _dhcp_association(site: Site, options: str, vpc: str) -> bool:
    return bool(site.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"] == options)


def _block(site: Site, id: str) -> bool:
    vpcs = site.ec2.describe_vpcs()["Vpcs"]
    return id in [each["AssociationId"] for vpc in vpcs for each in vpc["CidrBlockAssociationSet"]]


def _target(site: Site, group: str, address: str, port: str) -> bool:
    health = site.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return (address, int(port)) in [(each["Target"]["Id"], each["Target"]["Port"]) for each in health]


def _record(site: Site, zone: str, name: str, type: str) -> bool:
    records: list[dict[str, Any]] = site.client("route53").list_resource_record_sets(HostedZoneId=zone)[
        "ResourceRecordSets"
    ]
    return (name, type) in [(each["Name"].rstrip(".").replace("\\052", "*"), each["Type"]) for each in records]


def _zone(site: Site, id: str) -> bool:
    return bool(site.client("route53").get_hosted_zone(Id=id)["HostedZone"])


def _role(site: Site, name: str) -> bool:
    return bool(site.client("iam").get_role(RoleName=name)["Role"])


def _role_policy(site: Site, role: str, name: str) -> bool:
    return bool(site.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])


def _profile(site: Site, name: str) -> bool:
    return bool(site.client("iam").get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"])


def _object(site: Site, bucket: str, key: str) -> bool:
    return bool(site.client("s3").head_object(Bucket=bucket, Key=key)["ETag"])


def _bucket(site: Site, name: str) -> bool:
    return name in [each["Name"] for each in site.client("s3").list_buckets()["Buckets"]]


_ARN: Final = r"arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d+:"
_LOOKS: Final[Mapping[str, tuple[str, Callable[..., bool]]]] = {
    r"(vpc-\w+)": ("vpc", _described("describe_vpcs", "VpcIds", "Vpcs")),
    r"(subnet-\w+)": ("subnet", _described("describe_subnets", "SubnetIds", "Subnets")),
    r"(igw-\w+)": (
        "internet-gateway",
        _described("describe_internet_gateways", "InternetGatewayIds", "InternetGateways"),
    ),
    r"(igw-\w+)\|(vpc-\w+)": ("attachment", _attachment),
    r"(rtb-\w+)": ("table", _described("describe_route_tables", "RouteTableIds", "RouteTables")),
    r"(rtb-\w+)\|([\d./]+)": ("route", _route),
    r"(rtbassoc-\w+)": ("table-association", _table_association),
    r"(eipalloc-\w+)": ("address", _described("describe_addresses", "AllocationIds", "Addresses")),
    r"(nat-\w+)": ("nat-gateway", _described("describe_nat_gateways", "NatGatewayIds", "NatGateways")),
    r"(acl-\w+)": ("acl", _described("describe_network_acls", "NetworkAclIds", "NetworkAcls")),
    r"(acl-\w+)\|(in|out)\|(\d+)": ("acl-entry", _acl_entry),
    r"(aclassoc-\w+)": ("acl-association", _acl_association),
    r"(vpce-\w+)": ("endpoint", _described("describe_vpc_endpoints", "VpcEndpointIds", "VpcEndpoints")),
    r"(sg-\w+)": ("group", _described("describe_security_groups", "GroupIds", "SecurityGroups")),
    r"(sgr-\w+)": (
        "rule",
        _described("describe_security_group_rules", "SecurityGroupRuleIds", "SecurityGroupRules"),
    ),
    r"(dopt-\w+)": ("dhcp-options", _described("describe_dhcp_options", "DhcpOptionsIds", "DhcpOptions")),
    r"(dopt-\w+)\|(vpc-\w+)": ("dhcp-association", _dhcp_association),
    r"(vpc-cidr-assoc-\w+)": ("block", _block),
    rf"({_ARN}loadbalancer/.+)": (
        "balancer",
        _balancing("describe_load_balancers", "LoadBalancerArns", "LoadBalancers"),
    ),
    rf"({_ARN}listener/.+)": ("listener", _balancing("describe_listeners", "ListenerArns", "Listeners")),
    rf"({_ARN}targetgroup/[^|]+)": (
        "target-group",
        _balancing("describe_target_groups", "TargetGroupArns", "TargetGroups"),
    ),
    rf"({_ARN}targetgroup/.+)\|([\d.]+):(\d+)": ("target", _target),
    r"(Z\w+)": ("zone", _zone),
    r"(Z\w+)\|([^|]+)\|(\w+)\|": ("record", _record),
    r"([\w.-]+IamRole-\w+)": ("role", _role),
    r"([\w.-]+IamRole-\w+)\|(.+)": ("role-policy", _role_policy),
    r"arn:aws[\w-]*:iam::\d+:instance-profile/(.+)": ("profile", _profile),
    r"s3://([^/]+)/(.+)": ("object", _object),
    r"([a-z0-9.-]+infrabucket-\w+)": ("bucket", _bucket),
}
"""By the form of the id."""
