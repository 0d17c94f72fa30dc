"""Deletes what the questions made, one thing of each type at a time, with what hangs on it. Each may be called
again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from live.clients import Clients
from live.things import (
    ADDRESS,
    BALANCER,
    BUCKET,
    ENDPOINT,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NETWORK_ACL,
    PEERING,
    POLICY,
    PROFILE,
    ROLE,
    ROUTE_TABLE,
    SECURITY_GROUP,
    SUBNET,
    TARGET_GROUP,
    VPC,
    ZONE,
    Thing,
)


def delete(thing: Thing, client: Clients) -> None:
    """Ask AWS to take it away. Raises botocore's errors, and ValueError for a type that no question makes."""
    if thing.type not in DELETIONS:
        raise ValueError(f"nothing deletes {thing}")
    DELETIONS[thing.type](thing, client)


def _balancer(thing: Thing, client: Clients) -> None:
    """Its listeners go with it."""
    client("elbv2").delete_load_balancer(LoadBalancerArn=thing.id)


def _target_group(thing: Thing, client: Clients) -> None:
    client("elbv2").delete_target_group(TargetGroupArn=thing.id)


def _endpoint(thing: Thing, client: Clients) -> None:
    _refused(client("ec2").delete_vpc_endpoints(VpcEndpointIds=[thing.id]), "DeleteVpcEndpoints")


def _refused(answer: Mapping[str, Any], operation: str) -> None:
    """An answer that lists what it didn't do is an error like others."""
    for each in answer.get("Unsuccessful") or ():
        raise ClientError({"Error": each["Error"], "ResponseMetadata": {"HTTPStatusCode": 400}}, operation)  # type: ignore[typeddict-item]


def _nat_gateway(thing: Thing, client: Clients) -> None:
    client("ec2").delete_nat_gateway(NatGatewayId=thing.id)


def _peering(thing: Thing, client: Clients) -> None:
    client("ec2").delete_vpc_peering_connection(VpcPeeringConnectionId=thing.id)


def _address(thing: Thing, client: Clients) -> None:
    client("ec2").release_address(AllocationId=thing.id)


def _security_group(thing: Thing, client: Clients) -> None:
    """Without its rules: groups that name each other keep each other."""
    ec2 = client("ec2")
    [group] = ec2.describe_security_groups(GroupIds=[thing.id])["SecurityGroups"]
    if rules := group.get("IpPermissions"):
        ec2.revoke_security_group_ingress(GroupId=thing.id, IpPermissions=rules)
    ec2.delete_security_group(GroupId=thing.id)


def _route_table(thing: Thing, client: Clients) -> None:
    ec2 = client("ec2")
    [table] = ec2.describe_route_tables(RouteTableIds=[thing.id])["RouteTables"]
    for each in table.get("Associations", ()):
        ec2.disassociate_route_table(AssociationId=each["RouteTableAssociationId"])
    ec2.delete_route_table(RouteTableId=thing.id)


def _network_acl(thing: Thing, client: Clients) -> None:
    client("ec2").delete_network_acl(NetworkAclId=thing.id)


def _subnet(thing: Thing, client: Clients) -> None:
    client("ec2").delete_subnet(SubnetId=thing.id)


def _internet_gateway(thing: Thing, client: Clients) -> None:
    ec2 = client("ec2")
    if thing.vpc:
        ec2.detach_internet_gateway(InternetGatewayId=thing.id, VpcId=thing.vpc)
    ec2.delete_internet_gateway(InternetGatewayId=thing.id)


def _vpc(thing: Thing, client: Clients) -> None:
    client("ec2").delete_vpc(VpcId=thing.id)


def _zone(thing: Thing, client: Clients) -> None:
    route53 = client("route53")
    zone = route53.get_hosted_zone(Id=thing.id)["HostedZone"]
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=thing.id)
    records = [record for page in pages for record in page["ResourceRecordSets"]]
    ours = [each for each in records if each["Name"] != zone["Name"] or each["Type"] not in ("NS", "SOA")]
    if ours:
        changes = [{"Action": "DELETE", "ResourceRecordSet": record} for record in ours]
        route53.change_resource_record_sets(HostedZoneId=thing.id, ChangeBatch={"Changes": changes})
    route53.delete_hosted_zone(Id=thing.id)


def _profile(thing: Thing, client: Clients) -> None:
    iam = client("iam")
    for role in iam.get_instance_profile(InstanceProfileName=thing.id)["InstanceProfile"]["Roles"]:
        iam.remove_role_from_instance_profile(InstanceProfileName=thing.id, RoleName=role["RoleName"])
    iam.delete_instance_profile(InstanceProfileName=thing.id)


def _role(thing: Thing, client: Clients) -> None:
    iam = client("iam")
    for name in iam.list_role_policies(RoleName=thing.id)["PolicyNames"]:
        iam.delete_role_policy(RoleName=thing.id, PolicyName=name)
    iam.delete_role(RoleName=thing.id)


def _policy(thing: Thing, client: Clients) -> None:
    client("iam").delete_policy(PolicyArn=thing.id)


def _bucket(thing: Thing, client: Clients) -> None:
    s3 = client("s3")
    for each in s3.list_objects_v2(Bucket=thing.id).get("Contents", ()):
        s3.delete_object(Bucket=thing.id, Key=each["Key"])
    s3.delete_bucket(Bucket=thing.id)


DELETIONS: Final[Mapping[str, Callable[[Thing, Clients], None]]] = {
    BALANCER: _balancer,
    NAT_GATEWAY: _nat_gateway,
    ENDPOINT: _endpoint,
    PEERING: _peering,
    TARGET_GROUP: _target_group,
    ADDRESS: _address,
    SECURITY_GROUP: _security_group,
    ROUTE_TABLE: _route_table,
    NETWORK_ACL: _network_acl,
    SUBNET: _subnet,
    INTERNET_GATEWAY: _internet_gateway,
    VPC: _vpc,
    ZONE: _zone,
    PROFILE: _profile,
    ROLE: _role,
    POLICY: _policy,
    BUCKET: _bucket,
}
"""In the order in which AWS lets go of them: what is billed first."""
