"""All that an account holds, as plain boto3 shows it, and what two such pictures differ in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

Snapshot = Mapping[tuple[str, str], Mapping[str, Any]]
"""By type and id: the properties."""

_RUN = "ocpprov:run"
"""The one tag of ours that differs from run to run."""
_LEDGER = re.compile(r"ocpprov:(children|tags|records)(\.\d+)?$")
"""Tags of ours that follow what came, went and changed."""
_VOLATILE = frozenset(
    {
        "ResponseMetadata",
        "CreateTime",
        "CreateDate",
        "CreatedTime",
        "CreationTimestamp",
        "CreationDate",
        "UpdateDate",
        "RoleLastUsed",
        "AvailableIpAddressCount",
        "ResourceRecordSetCount",
    }
)


@dataclass(frozen=True)
class Difference:
    """Names (`Type logical-id`) of what came and went, and `Type logical-id: Property` of what changed,
    with ` = value` where that is one."""

    came: Sequence[str]
    went: Sequence[str]
    changed: Sequence[str]


def snapshot(client: Callable[[str], Any]) -> Snapshot:
    """Everything, by the clients that `client` gives for a service's name."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for look in (_ec2, _elbv2, _elb, _iam, _route53, _s3):
        for type, id, item in look(client):
            found[type, id] = _steady(item)
    return found


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What `after` has more, less and otherwise than `before`, but for the ledgers, which follow: a plan tells of none.
    A revision never changes."""
    return Difference(
        sorted(_name(key, after[key]) for key in after.keys() - before.keys()),
        sorted(_name(key, before[key]) for key in before.keys() - after.keys()),
        sorted(
            f"{_name(key, after[key])}: {row}{_scalar(after[key].get(row))}"
            for key in before.keys() & after.keys()
            for row in before[key].keys() | after[key].keys()
            if _said(row, before[key].get(row)) != _said(row, after[key].get(row))
        ),
    )


def _said(row: str, value: Any) -> Any:
    if row != "Tags" or value is None:
        return value
    return {key: text for key, text in value.items() if not _LEDGER.match(key)}


def _scalar(value: Any) -> str:
    return f" = {value}" if isinstance(value, str | int) else ""


def _name(key: tuple[str, str], item: Mapping[str, Any]) -> str:
    type, id = key
    return f"{type} {item.get('Tags', {}).get('ocpprov:resource', id)}"


def _steady(value: Any) -> Any:
    """Without what changes by itself, and in an order of its own; lists of tags as mappings."""
    if isinstance(value, Mapping):
        return {name: _tags(item) if name == "Tags" else _steady(item) for name, item in value.items() if _counts(name)}
    if isinstance(value, list):
        return sorted((_steady(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def _counts(name: str) -> bool:
    return name not in _VOLATILE


def _tags(rows: Any) -> Any:
    pairs = rows.items() if isinstance(rows, Mapping) else ((row["Key"], row["Value"]) for row in rows)
    return {key: value for key, value in pairs if key != _RUN}


_EC2: Sequence[tuple[str, str, str, str]] = (
    ("VPC", "describe_vpcs", "Vpcs", "VpcId"),
    ("Subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("InternetGateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("RouteTable", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("EIP", "describe_addresses", "Addresses", "AllocationId"),
    ("NatGateway", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("VPCEndpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("SecurityGroup", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("DHCPOptions", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    ("NetworkAcl", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    (
        "TransitGatewayAttachment",
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
    ),
)
Rows = Iterator[tuple[str, str, Mapping[str, Any]]]


def _ec2(client: Callable[[str], Any]) -> Rows:
    ec2 = client("ec2")
    for type, operation, member, id in _EC2:
        for item in getattr(ec2, operation)()[member]:
            if str(item.get("State", "")).lower() not in ("deleted", "deleting"):
                yield type, item[id], {**item, **(_dns_support(ec2, item[id]) if type == "VPC" else {})}


def _dns_support(ec2: Any, vpc: str) -> Mapping[str, bool]:
    return {
        name: ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name[0].lower() + name[1:])[name]["Value"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames")
    }


def _elbv2(client: Callable[[str], Any]) -> Rows:
    api = client("elbv2")
    for balancer in api.describe_load_balancers()["LoadBalancers"]:
        arn = balancer["LoadBalancerArn"]
        attributes = api.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        yield "LoadBalancer", arn, {**balancer, "Attributes": attributes, "Tags": _arn_tags(api, arn)}
        for listener in api.describe_listeners(LoadBalancerArn=arn)["Listeners"]:
            tags = _arn_tags(api, listener["ListenerArn"])
            yield "Listener", listener["ListenerArn"], {**listener, "Tags": tags}
    for group in api.describe_target_groups()["TargetGroups"]:
        arn = group["TargetGroupArn"]
        health = api.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        yield (
            "TargetGroup",
            arn,
            {
                **group,
                "Attributes": api.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"],
                "Targets": [(row["Target"]["Id"], row["Target"]["Port"]) for row in health],
                "Tags": _arn_tags(api, arn),
            },
        )


def _arn_tags(api: Any, arn: str) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = api.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]
    return rows


def _elb(client: Callable[[str], Any]) -> Rows:
    api = client("elb")
    for balancer in api.describe_load_balancers()["LoadBalancerDescriptions"]:
        name = balancer["LoadBalancerName"]
        attributes = api.describe_load_balancer_attributes(LoadBalancerName=name)["LoadBalancerAttributes"]
        tags = api.describe_tags(LoadBalancerNames=[name])["TagDescriptions"][0]["Tags"]
        yield "ClassicLoadBalancer", name, {**balancer, "Attributes": attributes, "Tags": tags}


def _iam(client: Callable[[str], Any]) -> Rows:
    api = client("iam")
    for row in api.list_roles()["Roles"]:
        name = row["RoleName"]
        role = api.get_role(RoleName=name)["Role"]
        inline = {
            policy: api.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for policy in api.list_role_policies(RoleName=name)["PolicyNames"]
        }
        attached = api.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        yield "Role", name, {"Tags": [], **role, "Policies": inline, "AttachedPolicies": attached}
    for row in api.list_instance_profiles()["InstanceProfiles"]:
        profile = api.get_instance_profile(InstanceProfileName=row["InstanceProfileName"])["InstanceProfile"]
        roles = [role["RoleName"] for role in profile["Roles"]]
        yield "InstanceProfile", row["InstanceProfileName"], {"Tags": [], **profile, "Roles": roles}
    for policy in api.list_policies(Scope="Local")["Policies"]:
        yield "ManagedPolicy", policy["Arn"], {"Tags": [], **policy}


def _route53(client: Callable[[str], Any]) -> Rows:
    api = client("route53")
    for row in api.list_hosted_zones()["HostedZones"]:
        zone = row["Id"].removeprefix("/hostedzone/")
        tags = api.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)["ResourceTagSet"]["Tags"]
        yield "HostedZone", zone, {**row, "VPCs": api.get_hosted_zone(Id=zone).get("VPCs", []), "Tags": tags}
        side = "private" if row["Config"]["PrivateZone"] else "public"
        for record in api.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]:
            yield "RecordSet", f"{side} {record['Name']} {record['Type']}", record


def _s3(client: Callable[[str], Any]) -> Rows:
    api = client("s3")
    for row in api.list_buckets()["Buckets"]:
        name = row["Name"]
        objects = [(item["Key"], item["ETag"]) for item in api.list_objects_v2(Bucket=name).get("Contents", [])]
        policy = _if_set(partial(api.get_bucket_policy, Bucket=name), "Policy")
        block = _if_set(partial(api.get_public_access_block, Bucket=name), "PublicAccessBlockConfiguration")
        encryption = _if_set(partial(api.get_bucket_encryption, Bucket=name), "ServerSideEncryptionConfiguration")
        tags = _if_set(partial(api.get_bucket_tagging, Bucket=name), "TagSet") or []
        yield (
            "Bucket",
            name,
            {
                "Policy": json.loads(policy) if policy else None,
                "PublicAccessBlock": block,
                "Encryption": _algorithm(encryption),
                "Versioning": api.get_bucket_versioning(Bucket=name).get("Status"),
                "Objects": objects,
                "Tags": tags,
            },
        )


def _algorithm(configuration: Any) -> str:
    rules = configuration["Rules"] if configuration else []
    return str(rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]) if rules else ""


def _if_set(ask: Callable[[], Any], member: str) -> Any:
    """S3 answers with an error where nothing is configured."""
    try:
        return ask()[member]
    except ClientError as error:
        if "NotFound" not in error.response["Error"]["Code"] and "NoSuch" not in error.response["Error"]["Code"]:
            raise
        return None
