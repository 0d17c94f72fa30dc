"""Drift beyond the network: balancers, roles, buckets, ACLs, endpoints; named by `plan`, put right by `apply`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.end_to_end.local import LocalOperator
from tests.end_to_end.test_drift import Cluster
from tests.end_to_end.world import REGION

COMMON: Mapping[str, Any] = {
    "version": "4.12",
    "clusterName": "prod",
    "baseDomain": "example-corp.net",
    "infraID": "prod-x7k2p",
    "publish": "External",
    "publicZone": "create",
    "zones": 2,
    "networkAcl": "working",
    "endpoints": ["s3", "ec2"],
    "controlPlane": {"addresses": ["10.0.48.10"]},
    "bootstrap": {"ignition": "bootstrap.ign"},
    "dhcpOptions": {"domainName": "corp.example", "domainNameServers": ["10.0.0.2"]},
    "secondaryNetworks": ["10.9.0.0/16"],
}


@dataclass(frozen=True)
class Site:
    """An applied plan, with plain clients."""

    cluster: Cluster

    def client(self, service: str) -> Any:
        return self.cluster.user.aws.client(service)

    def id(self, logical_id: str) -> str:
        return self.cluster.id(logical_id)

    def balancer(self, name: str) -> str:
        found = self.client("elbv2").describe_load_balancers(Names=[name])["LoadBalancers"]
        return str(found[0]["LoadBalancerArn"])

    def target_group(self, name: str) -> str:
        found = self.client("elbv2").describe_target_groups(Names=[name])["TargetGroups"]
        return str(found[0]["TargetGroupArn"])

    def listener(self, balancer: str, port: int) -> str:
        found = self.client("elbv2").describe_listeners(LoadBalancerArn=self.balancer(balancer))["Listeners"]
        return next(str(row["ListenerArn"]) for row in found if row["Port"] == port)

    def role(self, part: str) -> str:
        return next(str(row["RoleName"]) for row in self.client("iam").list_roles()["Roles"] if part in row["RoleName"])

    def profile(self, part: str) -> str:
        rows = self.client("iam").list_instance_profiles()["InstanceProfiles"]
        return next(str(row["InstanceProfileName"]) for row in rows if part in row["InstanceProfileName"])

    def bucket(self) -> str:
        return str(self.client("s3").list_buckets()["Buckets"][0]["Name"])


def _applied(user: LocalOperator, **section: Any) -> Site:
    (user.folder / "bootstrap.ign").write_text('{"ignition": {"version": "3.2.0"}}')
    ec2 = user.aws.client("ec2")
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    transit = [{"transitGatewayID": gateway, "cidrs": ["172.16.0.0/12"]}]
    plan = {"name": "drifting", "region": REGION, "openshift": {**COMMON, "transit": transit, **section}}
    return Site(Cluster(user, json.dumps(plan)))


def _acl_entry(site: Site) -> None:
    site.client("ec2").replace_network_acl_entry(
        NetworkAclId=site.id("PublicNetworkAcl"),
        RuleNumber=101,
        Egress=False,
        Protocol="6",
        RuleAction="allow",
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 444, "To": 444},
    )


def _acl_association(site: Site) -> None:
    ec2, subnet = site.client("ec2"), site.id("PublicSubnet")
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [site.id("VPC")]}])["NetworkAcls"]
    default = next(acl["NetworkAclId"] for acl in acls if acl["IsDefault"])
    rows = [row for acl in acls for row in acl["Associations"] if row["SubnetId"] == subnet]
    association = rows[0]["NetworkAclAssociationId"]
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=default)


def _endpoint_subnets(site: Site) -> None:
    endpoint, subnet = site.id("Ec2Endpoint"), site.id("PrivateSubnet2")
    site.client("ec2").modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveSubnetIds=[subnet])


def _dhcp(site: Site) -> None:
    site.client("ec2").associate_dhcp_options(VpcId=site.id("VPC"), DhcpOptionsId="default")


def _balancer_attribute(site: Site) -> None:
    site.client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=site.balancer("prod-x7k2p-int"),
        Attributes=[{"Key": "load_balancing.cross_zone.enabled", "Value": "false"}],
    )


def _health_check(site: Site) -> None:
    site.client("elbv2").modify_target_group(
        TargetGroupArn=site.target_group("prod-x7k2p-sint"), HealthCheckPath="/other"
    )


def _group_attribute(site: Site) -> None:
    site.client("elbv2").modify_target_group_attributes(
        TargetGroupArn=site.target_group("prod-x7k2p-aint"),
        Attributes=[{"Key": "preserve_client_ip.enabled", "Value": "true"}],
    )


def _listener_target(site: Site) -> None:
    actions = [{"Type": "forward", "TargetGroupArn": site.target_group("prod-x7k2p-aint")}]
    listener = site.listener("prod-x7k2p-int", 22623)
    site.client("elbv2").modify_listener(ListenerArn=listener, DefaultActions=actions)


def _trust(site: Site) -> None:
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    site.client("iam").update_assume_role_policy(RoleName=site.role("MasterIamRole"), PolicyDocument=document)


def _role_policy(site: Site) -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    site.client("iam").put_role_policy(
        RoleName=site.role("WorkerIamRole"), PolicyName="prod-x7k2p-worker-policy", PolicyDocument=document
    )


def _profile_role(site: Site) -> None:
    site.client("iam").remove_role_from_instance_profile(
        InstanceProfileName=site.profile("WorkerInstanceProfile"), RoleName=site.role("WorkerIamRole")
    )


def _public_bucket(site: Site) -> None:
    site.client("s3").delete_public_access_block(Bucket=site.bucket())


def _bucket_policy(site: Site) -> None:
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutBucketAcl",
        "Resource": f"arn:aws:s3:::{site.bucket()}",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    site.client("s3").put_bucket_policy(Bucket=site.bucket(), Policy=policy)


def _ignition(site: Site) -> None:
    s3, place = site.client("s3"), {"Bucket": site.bucket(), "Key": "bootstrap.ign"}
    tags = {row["Key"]: row["Value"] for row in s3.get_object_tagging(**place)["TagSet"]}
    s3.put_object(**place, Body=b"something else", Tagging=urlencode(tags))


def _no_acl_entry(site: Site) -> None:
    acl = site.id("PublicNetworkAcl")
    site.client("ec2").delete_network_acl_entry(NetworkAclId=acl, RuleNumber=102, Egress=False)


def _no_acl(site: Site) -> None:
    ec2, acl = site.client("ec2"), site.id("PublicNetworkAcl")
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [site.id("VPC")]}])["NetworkAcls"]
    default = next(each["NetworkAclId"] for each in acls if each["IsDefault"])
    for row in next(each["Associations"] for each in acls if each["NetworkAclId"] == acl):
        ec2.replace_network_acl_association(AssociationId=row["NetworkAclAssociationId"], NetworkAclId=default)
    ec2.delete_network_acl(NetworkAclId=acl)


def _no_endpoint(site: Site) -> None:
    site.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[site.id("Ec2Endpoint")])


def _no_second_network(site: Site) -> None:
    ec2 = site.client("ec2")
    vpc = ec2.describe_vpcs(VpcIds=[site.id("VPC")])["Vpcs"][0]
    rows = {row["CidrBlock"]: row["AssociationId"] for row in vpc["CidrBlockAssociationSet"]}
    ec2.disassociate_vpc_cidr_block(AssociationId=rows["10.9.0.0/16"])


def _no_attachment(site: Site) -> None:
    ec2 = site.client("ec2")
    [found] = ec2.describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
    ec2.delete_route(RouteTableId=site.id("PrivateRouteTable"), DestinationCidrBlock="172.16.0.0/12")
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=found["TransitGatewayAttachmentId"])


def _no_target(site: Site) -> None:
    group = site.target_group("prod-x7k2p-aext")
    site.client("elbv2").deregister_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.48.10", "Port": 6443}])


def _no_listener(site: Site) -> None:
    site.client("elbv2").delete_listener(ListenerArn=site.listener("prod-x7k2p-int", 6443))


def _no_balancer(site: Site) -> None:
    site.client("elbv2").delete_load_balancer(LoadBalancerArn=site.balancer("prod-x7k2p-ext"))


def _no_role_policy(site: Site) -> None:
    site.client("iam").delete_role_policy(
        RoleName=site.role("BootstrapIamRole"), PolicyName="prod-x7k2p-bootstrap-policy"
    )


def _no_profile(site: Site) -> None:
    iam, name = site.client("iam"), site.profile("MasterInstanceProfile")
    iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=site.role("MasterIamRole"))
    iam.delete_instance_profile(InstanceProfileName=name)


def _no_bucket_policy(site: Site) -> None:
    site.client("s3").delete_bucket_policy(Bucket=site.bucket())


def _no_ignition(site: Site) -> None:
    site.client("s3").delete_object(Bucket=site.bucket(), Key="bootstrap.ign")


def _classic(site: Site) -> Any:
    return site.client("elb")


INTERNAL = "prod-x7k2p-int"


def _classic_health(site: Site) -> None:
    _classic(site).configure_health_check(
        LoadBalancerName=INTERNAL,
        HealthCheck={
            "Target": "TCP:22",
            "Interval": 30,
            "Timeout": 5,
            "UnhealthyThreshold": 5,
            "HealthyThreshold": 5,
        },
    )


def _classic_attribute(site: Site) -> None:
    attributes = {"ConnectionDraining": {"Enabled": False, "Timeout": 300}}
    _classic(site).modify_load_balancer_attributes(LoadBalancerName=INTERNAL, LoadBalancerAttributes=attributes)


def _classic_listener(site: Site) -> None:
    _classic(site).delete_load_balancer_listeners(LoadBalancerName=INTERNAL, LoadBalancerPorts=[22623])


Drifts = dict[str, tuple[Callable[[Site], None], tuple[str, ...]]]
CHANGED: Drifts = {
    "NetworkAclEntry": (_acl_entry, ("InboundHTTPSPublicNetworkAclEntry", "PortRange: ")),
    "SubnetNetworkAclAssociation": (_acl_association, ("create  PublicSubnetNetworkAclAssociation",)),
    "VPCEndpoint": (_endpoint_subnets, ("update  Ec2Endpoint", "SubnetIds: ")),
    "VPCDHCPOptionsAssociation": (_dhcp, ("VPCDHCPOptionsAssociation",)),
    "LoadBalancer": (_balancer_attribute, ("update  IntApiElb", "load_balancing.cross_zone.enabled")),
    "TargetGroup": (_health_check, ("update  InternalServiceTargetGroup", 'HealthCheckPath: "/other" -> "/healthz"')),
    "TargetGroup's attribute": (_group_attribute, ("update  InternalApiTargetGroup", "preserve_client_ip.enabled")),
    "Listener": (_listener_target, ("update  InternalServiceInternalListener", "DefaultActions: ")),
    "Role": (_trust, ("update  MasterIamRole", "AssumeRolePolicyDocument: ")),
    "RolePolicy": (_role_policy, ("WorkerIamRole/policy prod-x7k2p-worker-policy", "PolicyDocument: ")),
    "InstanceProfile": (_profile_role, ("update  WorkerInstanceProfile", "Roles: ")),
    "Bucket": (_public_bucket, ("update  InfraBucket", "PublicAccessBlockConfiguration: ")),
    "BucketPolicy": (_bucket_policy, ("update  InfraBucketPolicy", "PolicyDocument: ")),
    "Object": (_ignition, ("update  BootstrapIgnition", "ETag: ")),
}
GONE: Drifts = {
    "NetworkAclEntry": (_no_acl_entry, ("create  InboundSSHPublicNetworkAclEntry",)),
    "VPCEndpoint": (_no_endpoint, ("create  Ec2Endpoint",)),
    "VPCCidrBlock": (_no_second_network, ("create  VPCCidrBlock10x9x0x0x16",)),
    "TransitGatewayAttachment": (_no_attachment, ("create  TransitGatewayAttachment",)),
    "Target": (_no_target, ("create  ExternalApiTargetGroup/target 10.0.48.10:6443",)),
    "Listener": (_no_listener, ("create  InternalApiListener",)),
    "RolePolicy": (_no_role_policy, ("create  BootstrapIamRole/policy prod-x7k2p-bootstrap-policy",)),
    "InstanceProfile": (_no_profile, ("create  MasterInstanceProfile",)),
    "BucketPolicy": (_no_bucket_policy, ("create  InfraBucketPolicy",)),
    "Object": (_no_ignition, ("create  BootstrapIgnition",)),
}
WHOLE: Drifts = {
    "NetworkAcl": (_no_acl, ("create  PublicNetworkAcl", "create  OutboundPublicNetworkAclEntry")),
    "LoadBalancer": (_no_balancer, ("create  ExtApiElb", "create  ExternalApiListener")),
}
CLASSIC: Drifts = {
    "health check": (_classic_health, ("update  IntApiClassicElb", "HealthCheck: ")),
    "attribute": (_classic_attribute, ("update  IntApiClassicElb", "ConnectionDraining")),
    "listener": (_classic_listener, ("update  IntApiClassicElb", "Listeners: ")),
}


@pytest.mark.parametrize(
    ("drifts", "balancers"),
    [
        pytest.param(CHANGED, "network", id="changed", marks=pytest.mark.torture),
        pytest.param(GONE, "network", id="gone"),
        pytest.param(WHOLE, "network", id="whole", marks=pytest.mark.torture),
        pytest.param(CLASSIC, "classic", id="classic", marks=pytest.mark.torture),
    ],
)
def test_what_was_changed_or_deleted_by_hand_is_named_and_put_right(
    user: LocalOperator, drifts: Drifts, balancers: str
) -> None:
    site = _applied(user, loadBalancers=balancers)
    for meddle, _ in drifts.values():
        meddle(site)
    shown = site.cluster.plan()
    assert shown.code == 2
    unsaid = [name for name, (_, texts) in drifts.items() if not all(text in shown.out for text in texts)]
    assert unsaid == [], shown.out + shown.err
    repaired = site.cluster.apply()
    assert repaired.code == 0, repaired.err
    assert site.cluster.plan().code == 0
    user.good("destroy", "plan.yaml", "--sandbox", "--yes")


@pytest.mark.torture
def test_what_others_added_stays_and_changes_no_exit_code(user: LocalOperator) -> None:
    site = _applied(user)
    ec2, elbv2, iam = site.client("ec2"), site.client("elbv2"), site.client("iam")
    acl = {"NetworkAclId": site.id("PublicNetworkAcl"), "RuleNumber": 700, "Egress": False}
    ec2.create_network_acl_entry(**acl, Protocol="-1", RuleAction="deny", CidrBlock="192.0.2.0/24")
    group = site.target_group("prod-x7k2p-aint")
    elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.48.99", "Port": 6443}])
    iam.tag_role(RoleName=site.role("WorkerIamRole"), Tags=[{"Key": "theirs", "Value": "x"}])
    elbv2.add_tags(ResourceArns=[group], Tags=[{"Key": "theirs", "Value": "x"}])
    site.client("s3").put_object(Bucket=site.bucket(), Key="theirs", Body=b"x")
    shown = site.cluster.plan()
    assert shown.code == 0, shown.out
    assert shown.out.count("not ours, left alone") >= 4
    assert site.cluster.apply().code == 0
    targets = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert "10.0.48.99" in [row["Target"]["Id"] for row in targets]


@pytest.mark.torture
def test_a_peering_connection_that_was_deleted_is_made_again(user: LocalOperator) -> None:
    def network(block: str) -> dict[str, Any]:
        return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": block}}

    properties = {"VpcId": {"Ref": "One"}, "PeerVpcId": {"Ref": "Other"}}
    resources = {
        "One": network("10.0.0.0/16"),
        "Other": network("10.1.0.0/16"),
        "Peering": {"Type": "AWS::EC2::VPCPeeringConnection", "Properties": properties},
    }
    site = Site(Cluster(user, json.dumps({"name": "peers", "region": REGION, "Resources": resources})))
    ec2 = site.client("ec2")
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=site.id("Peering"))
    shown = site.cluster.plan()
    assert shown.code == 2
    assert "create  Peering" in shown.out
    assert site.cluster.apply().code == 0
    assert site.cluster.plan().code == 0
    states = [row["Status"]["Code"] for row in ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]]
    assert states.count("active") + states.count("pending-acceptance") == 1
