"""An account in every detail that plain boto3 shows, tags with all their keys; and what of it became another.

Unlike `snapshot`, which compares what two runs come to, this is for one account at two times: nothing may hide behind
a page, a key that two things share, or a tag that is left out. Rows that several people may put into one thing, such as
routes and records, stand for themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from botocore.exceptions import ClientError

Client = Callable[[str], Any]
Place = tuple[str, str]
"""Type and id."""
Picture = Mapping[Place, str]
"""What is to be seen of each, as JSON."""
Rows = Iterator[tuple[str, str, Any]]

_BY_ITSELF: Final = frozenset(
    {
        "AttachmentCount",
        "AvailableIpAddressCount",
        "LoadBalancerArns",
        "NetworkInterfaces",
        "ResourceRecordSetCount",
        "RoleLastUsed",
    }
)
"""What changes with what is in it, which is looked at itself."""
_GONE: Final = frozenset({"deleted", "deleting", "terminated", "shutting-down", "failed"})
_EC2: Final[Sequence[tuple[str, str, str, str]]] = (
    ("VPC", "describe_vpcs", "Vpcs", "VpcId"),
    ("Subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("InternetGateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("EIP", "describe_addresses", "Addresses", "AllocationId"),
    ("NatGateway", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("VPCEndpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ("SecurityGroup", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("SecurityGroupRule", "describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    ("DHCPOptions", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    ("VPCPeeringConnection", "describe_vpc_peering_connections", "VpcPeeringConnections", "VpcPeeringConnectionId"),
    (
        "TransitGatewayAttachment",
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
    ),
)


def picture(client: Client) -> Picture:
    """All that there is, by the clients that `client` gives for a service's name."""
    looks = (_ec2, _tables, _acls, _machines, _elbv2, _elb, _iam, _route53, _s3)
    return {
        (type, id): json.dumps(_steady(item), sort_keys=True, default=str)
        for look in looks
        for type, id, item in look(client)
    }


def changed(before: Picture, after: Picture) -> dict[Place, str]:
    """What of `before` is gone or another, and how."""
    return {
        place: f"{item} became {after[place]}" if place in after else "gone"
        for place, item in before.items()
        if after.get(place) != item
    }


def _steady(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _steady(item) for name, item in value.items() if name not in _BY_ITSELF and not _no_tags(name, item)
        }
    if isinstance(value, list | tuple):
        return sorted(map(_steady, value), key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def _no_tags(name: str, value: Any) -> bool:
    """moto shows an empty list where the last tag was taken away, and none where there never was one."""
    return name == "Tags" and not value


def _all(api: Any, operation: str, member: str, **arguments: Any) -> Iterator[Any]:
    if not api.can_paginate(operation):
        yield from getattr(api, operation)(**arguments)[member]
        return
    for page in api.get_paginator(operation).paginate(**arguments):
        yield from page[member]


def _ec2(client: Client) -> Rows:
    ec2 = client("ec2")
    for type, operation, member, id in _EC2:
        for item in _all(ec2, operation, member):
            if not _is_gone(item):
                more = _attributes(ec2, item[id]) if type == "VPC" else {}
                # The rules of a group stand for themselves.
                yield type, item[id], {**_without(item, "IpPermissions", "IpPermissionsEgress"), **more}


def _is_gone(item: Mapping[str, Any]) -> bool:
    state = item.get("State") or item.get("Status") or ""
    return str(state.get("Code", state.get("Name")) if isinstance(state, Mapping) else state).lower() in _GONE


def _without(item: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def _attributes(ec2: Any, vpc: str) -> dict[str, Any]:
    return {
        name: ec2.describe_vpc_attribute(VpcId=vpc, Attribute=name[0].lower() + name[1:])[name]["Value"]
        for name in ("EnableDnsSupport", "EnableDnsHostnames")
    }


def _tables(client: Client) -> Rows:
    for table in _all(client("ec2"), "describe_route_tables", "RouteTables"):
        id = table["RouteTableId"]
        yield "RouteTable", id, _without(table, "Routes", "Associations")
        for row in table["Routes"]:
            block = (
                row.get("DestinationCidrBlock") or row.get("DestinationIpv6CidrBlock") or row["DestinationPrefixListId"]
            )
            yield "Route", f"{id} {block}", row
        for row in table["Associations"]:
            yield "RouteTableAssociation", row["RouteTableAssociationId"], row


def _acls(client: Client) -> Rows:
    acls = list(_all(client("ec2"), "describe_network_acls", "NetworkAcls"))
    vpcs = {vpc["VpcId"] for vpc in _all(client("ec2"), "describe_vpcs", "Vpcs")}
    for acl in acls:
        # moto keeps the default ones of VPCs that are gone.
        if acl["VpcId"] in vpcs:
            id = acl["NetworkAclId"]
            yield "NetworkAcl", id, _without(acl, "Entries", "Associations")
            for row in acl["Entries"]:
                yield "NetworkAclEntry", f"{id} {row['RuleNumber']} {row['Egress']}", row
            for row in acl["Associations"]:
                yield "NetworkAclAssociation", row["SubnetId"], row


def _machines(client: Client) -> Rows:
    for reservation in _all(client("ec2"), "describe_instances", "Reservations"):
        for item in reservation["Instances"]:
            if not _is_gone(item):
                yield "Instance", item["InstanceId"], item


def _elbv2(client: Client) -> Rows:
    api = client("elbv2")
    for balancer in _all(api, "describe_load_balancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        attributes = api.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        yield "LoadBalancer", arn, {**balancer, "Attributes": attributes, "Tags": _arn_tags(api, arn)}
        for listener in _all(api, "describe_listeners", "Listeners", LoadBalancerArn=arn):
            yield "Listener", listener["ListenerArn"], {**listener, "Tags": _arn_tags(api, listener["ListenerArn"])}
    for group in _all(api, "describe_target_groups", "TargetGroups"):
        arn = group["TargetGroupArn"]
        attributes = api.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        yield "TargetGroup", arn, {**group, "Attributes": attributes, "Tags": _arn_tags(api, arn)}
        for row in api.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]:
            yield "Target", f"{arn} {row['Target']['Id']} {row['Target'].get('Port')}", row["Target"]


def _arn_tags(api: Any, arn: str) -> Any:
    return api.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]


def _elb(client: Client) -> Rows:
    api = client("elb")
    for balancer in _all(api, "describe_load_balancers", "LoadBalancerDescriptions"):
        name = balancer["LoadBalancerName"]
        attributes = api.describe_load_balancer_attributes(LoadBalancerName=name)["LoadBalancerAttributes"]
        tags = api.describe_tags(LoadBalancerNames=[name])["TagDescriptions"][0]["Tags"]
        listeners = balancer["ListenerDescriptions"]
        yield (
            "ClassicLoadBalancer",
            name,
            {**_without(balancer, "ListenerDescriptions", "Instances"), "Attributes": attributes, "Tags": tags},
        )
        for row in listeners:
            yield "ClassicListener", f"{name} {row['Listener']['LoadBalancerPort']}", row
        for row in balancer["Instances"]:
            yield "ClassicInstance", f"{name} {row['InstanceId']}", row


def _iam(client: Client) -> Rows:
    api = client("iam")
    for row in _all(api, "list_roles", "Roles"):
        name = row["RoleName"]
        yield "Role", name, api.get_role(RoleName=name)["Role"]
        for policy in api.list_role_policies(RoleName=name)["PolicyNames"]:
            document = api.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            yield "RolePolicy", f"{name} {policy}", document
        for policy in _all(api, "list_attached_role_policies", "AttachedPolicies", RoleName=name):
            yield "RolePolicyAttachment", f"{name} {policy['PolicyArn']}", policy
    for row in _all(api, "list_instance_profiles", "InstanceProfiles"):
        name = row["InstanceProfileName"]
        profile = api.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        yield "InstanceProfile", name, {**profile, "Roles": [role["RoleName"] for role in profile["Roles"]]}
    for row in _all(api, "list_policies", "Policies", Scope="Local"):
        policy = api.get_policy(PolicyArn=row["Arn"])["Policy"]
        version = api.get_policy_version(PolicyArn=row["Arn"], VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        yield "ManagedPolicy", row["Arn"], {**policy, "Document": version["Document"]}


def _route53(client: Client) -> Rows:
    api = client("route53")
    for row in _all(api, "list_hosted_zones", "HostedZones"):
        zone = row["Id"].removeprefix("/hostedzone/")
        tags = api.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)["ResourceTagSet"]["Tags"]
        yield "HostedZone", zone, {**row, "Tags": tags}
        for vpc in api.get_hosted_zone(Id=zone).get("VPCs", []):
            yield "HostedZoneVPC", f"{zone} {vpc['VPCId']}", vpc
        for record in _all(api, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone):
            yield "RecordSet", f"{zone} {record['Name']} {record['Type']}", record


def _s3(client: Client) -> Rows:
    api = client("s3")
    for row in api.list_buckets()["Buckets"]:
        name = row["Name"]
        policy = _if_set(partial(api.get_bucket_policy, Bucket=name), "Policy")
        yield (
            "Bucket",
            name,
            {
                "PublicAccessBlock": _if_set(
                    partial(api.get_public_access_block, Bucket=name), "PublicAccessBlockConfiguration"
                ),
                "Encryption": _if_set(
                    partial(api.get_bucket_encryption, Bucket=name), "ServerSideEncryptionConfiguration"
                ),
                "Lifecycle": _if_set(partial(api.get_bucket_lifecycle_configuration, Bucket=name), "Rules"),
                "Versioning": api.get_bucket_versioning(Bucket=name).get("Status"),
                "Tags": _if_set(partial(api.get_bucket_tagging, Bucket=name), "TagSet"),
            },
        )
        for number, statement in enumerate(json.loads(policy)["Statement"] if policy else ()):
            yield "BucketPolicyStatement", f"{name} {statement.get('Sid', number)}", statement
        for item in _all(api, "list_objects_v2", "Contents", Bucket=name) if _holds(api, name) else ():
            tags = api.get_object_tagging(Bucket=name, Key=item["Key"])["TagSet"]
            yield "Object", f"{name}/{item['Key']}", {"ETag": item["ETag"], "Tags": tags}


def _holds(api: Any, bucket: str) -> bool:
    return bool(api.list_objects_v2(Bucket=bucket).get("KeyCount"))


def _if_set(ask: Callable[[], Any], member: str) -> Any:
    """S3 answers with an error where nothing is configured."""
    try:
        return ask()[member]
    except ClientError as error:
        if "NotFound" not in error.response["Error"]["Code"] and "NoSuch" not in error.response["Error"]["Code"]:
            raise
        return None
