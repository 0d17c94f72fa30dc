"""The table of what AWS doesn't let be used or go yet (`readiness`), a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ocpprov.sandbox.readiness import Readiness, with_seen
from ocpprov.sandbox.seen_facts import known_facts

_EC2_RACES: Final = "cluster-api-provider-aws and hypershift, which try these calls again"

SUBNET_IN_BLOCK: Final = Readiness(
    "subnet-in-block",
    "a further block of a VPC that is associating",
    ("CreateSubnet",),
    "the block is associated",
    "InvalidSubnet.Range",
    "The CIDR '{block}' is invalid.",
    "hashicorp/terraform#21256; the time from memory",
    "source",
    delay=lambda delays: delays.vpc_cidr_block,
    question="a-subnet-in-a-block-that-was-just-associated",
)
BLOCK_WITH_SUBNET: Final = Readiness(
    "block-with-subnet",
    "a block of a VPC in which a subnet lies, or lay a moment ago",
    ("DisassociateVpcCidrBlock",),
    "its subnets have been gone for some seconds",
    "InvalidCidrBlock.InUse",
    "The vpc {vpc} currently has a subnet within CIDR block {block}",
    "hashicorp/terraform-provider-aws#29077; the time from memory",
    "source",
    seconds=3.0,
)
ROUTE_TO_ATTACHMENT: Final = Readiness(
    "route-to-transit-gateway",
    "a transit gateway that the VPC's attachment doesn't reach yet: pending, pendingAcceptance",
    ("CreateRoute", "ReplaceRoute"),
    "the attachment is available, which somebody else may have to accept",
    "InvalidTransitGatewayID.NotFound",
    "The transitGateway ID '{gateway}' does not exist.",
    "aws/aws-cdk#8584, hashicorp/terraform-provider-aws#10025",
    "source",
    delay=lambda delays: delays.transit_gateway_attachment,
)
ATTACHMENT_IN_TRANSITION: Final = Readiness(
    "attachment-in-transition",
    "an attachment to a transit gateway that is pending or deleting",
    ("DeleteTransitGatewayVpcAttachment", "ModifyTransitGatewayVpcAttachment"),
    "the attachment is available",
    "IncorrectState",
    "{attachment} is in invalid state",
    "EC2 API reference, error codes (IncorrectState); the sentence from memory",
    "memory",
    delay=lambda delays: delays.transit_gateway_attachment,
)
DUPLICATE_ATTACHMENT: Final = Readiness(
    "duplicate-attachment",
    "an attachment of the same VPC to the same transit gateway, one that is deleting included",
    ("CreateTransitGatewayVpcAttachment",),
    "the other one is deleted",
    "DuplicateTransitGatewayAttachment",
    "{gateway} has non-deleted Transit Gateway Attachments with same VPC ID.",
    "hashicorp/terraform-provider-aws#10852",
    "source",
    delay=lambda delays: delays.transit_gateway_attachment_deletion,
)
ROUTE_TO_INTERNET_GATEWAY: Final = Readiness(
    "route-to-internet-gateway",
    "an internet gateway that isn't attached to the VPC, or was a moment ago",
    ("CreateRoute", "ReplaceRoute"),
    "it has been attached for some seconds",
    "InvalidParameterValue",
    "route table {table} and network gateway {gateway} belong to different networks",
    "smoketurner/serverless-vpc-plugin#147; the time from memory",
    "source",
    seconds=3.0,
    question="a-route-to-a-gateway-that-was-just-attached",
)
ROUTE_TO_NAT_GATEWAY: Final = Readiness(
    "route-to-nat-gateway",
    "a NAT gateway that is pending",
    ("CreateRoute", "ReplaceRoute"),
    "the gateway is available",
    "InvalidNatGatewayID.NotFound",
    "The natGateway ID '{gateway}' does not exist",
    "kubernetes/kops#944, boto/boto3#779",
    "source",
    delay=lambda delays: delays.nat_gateway,
    question="a-route-to-a-nat-gateway-that-is-pending",
)
NAT_WITHOUT_INTERNET_GATEWAY: Final = Readiness(
    "nat-without-internet-gateway",
    "a public NAT gateway in a VPC to which no internet gateway is attached",
    ("CreateNatGateway",),
    "one is attached; the call is taken, and the NAT gateway fails later",
    "Gateway.NotAttached",
    "Network {vpc} has no Internet gateway attached",
    "EC2 API reference, NatGateway (failureCode); boto/boto3#779, where one was attached a moment ago",
    "documented",
    question="a-nat-gateway-without-an-internet-gateway",
    told_by="nat_gateways",
)
BALANCER_WITHOUT_GATEWAY: Final = Readiness(
    "balancer-without-internet-gateway",
    "an internet-facing load balancer in a VPC to which no internet gateway is attached, or was a moment ago",
    ("CreateLoadBalancer",),
    "one has been attached for some seconds",
    "InvalidSubnet",
    "VPC {vpc} has no internet gateway",
    "openshift/installer#1110, giantswarm/aws-operator#1231 (classic); the time from memory",
    "source",
    seconds=3.0,
    question="an-internet-facing-balancer-in-a-network-without-an-internet-gateway",
)
ACCEPT_PEERING: Final = Readiness(
    "accept-peering",
    "a peering connection that was just asked for",
    ("AcceptVpcPeeringConnection",),
    "it is pending acceptance",
    "InvalidVpcPeeringConnectionID.NotFound",
    "The vpcPeeringConnection ID '{connection}' does not exist",
    "hashicorp/terraform-provider-aws#30423; the time from memory",
    "source",
    delay=lambda delays: delays.vpc_peering_connection,
)
SECOND_PEERING: Final = Readiness(
    "second-peering",
    "a peering connection of the same two VPCs",
    ("AcceptVpcPeeringConnection",),
    "the other one is deleted; asked for again in the same direction, AWS answers with the one that is there",
    "VpcPeeringConnectionAlreadyExists",
    "The vpc peering connection identified by {connection} already exists.",
    "hashicorp/terraform-provider-aws#44315 and #27750",
    "source",
    told_by="peerings",
)
PRIVATE_DNS: Final = Readiness(
    "private-dns",
    "the DNS attributes of a VPC that were just switched on, or are off",
    ("CreateVpcEndpoint", "ModifyVpcEndpoint"),
    "both have been on for some seconds",
    "InvalidParameter",
    "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc}",
    "GuardDuty user guide, Runtime Monitoring coverage; the time from memory",
    "documented",
    seconds=5.0,
    question="private-names-right-after-modifyvpcattribute",
)
ALIAS_TO_BALANCER: Final = Readiness(
    "alias-to-balancer",
    "a load balancer that is provisioning",
    ("ChangeResourceRecordSets",),
    "the balancer is active",
    "InvalidChangeBatch",
    "Tried to create an alias that targets {name}., type {type} in zone {zone}, but that target was not found",
    "boto/boto#2519, aws-controllers-k8s/community#2754",
    "source",
    delay=lambda delays: delays.load_balancer,
    question="an-alias-record-to-a-balancer-that-was-just-made",
    for_all=True,
)
LISTENER_OF_BALANCER: Final = Readiness(
    "listener-of-balancer",
    "a load balancer that was just made, which may be provisioning",
    ("CreateListener",),
    "it has been there for some seconds",
    "LoadBalancerNotFound",
    "Load balancer '{balancer}' not found",
    "ELB API reference, CreateListener (errors); that it happens, and the time, from memory",
    "memory",
    seconds=2.0,
)
LISTENER_TO_GROUP: Final = Readiness(
    "listener-to-target-group",
    "a target group that was just made",
    ("CreateListener", "RegisterTargets"),
    "it has been there for some seconds",
    "TargetGroupNotFound",
    "Target groups '{group}' not found",
    "ELB API reference, CreateListener (errors); that it happens, and the time, from memory",
    "memory",
    seconds=2.0,
)
GROUP_IN_NEW_VPC: Final = Readiness(
    "target-group-in-vpc",
    "a VPC that was just made, of which load balancing hasn't heard",
    ("CreateTargetGroup",),
    "it has been there for some seconds",
    "ValidationError",
    "The VPC ID '{vpc}' is not found",
    "ELB API reference, CreateTargetGroup; that it happens, and the time, from memory",
    "memory",
    seconds=2.0,
)
TARGET_GROUP_IN_USE: Final = Readiness(
    "target-group-in-use",
    "a target group whose listener or balancer was just deleted",
    ("DeleteTargetGroup",),
    "they have been gone for some seconds",
    "ResourceInUse",
    "Target group '{group}' is currently in use by a listener or a rule",
    "pulumi/pulumi#5900, cloud-custodian/cloud-custodian#3559; the time from memory",
    "source",
    seconds=5.0,
    question="deleting-a-target-group-in-use",
)
ADDRESS_OF_NAT_GATEWAY: Final = Readiness(
    "address-of-nat-gateway",
    "an Elastic IP whose NAT gateway was just deleted",
    ("ReleaseAddress",),
    "the gateway has been gone for some seconds",
    "AuthFailure",
    "You do not have permission to access the specified resource.",
    "cluster-api-provider-aws, which tries it again; eformat/sno-for-100#5; the time from memory",
    "source",
    delay=lambda delays: delays.nat_gateway_deletion + 10.0 * delays.readiness,
)
NEW_ADDRESS: Final = Readiness(
    "new-address",
    "an Elastic IP that was just allocated",
    ("CreateNatGateway",),
    "it has been there for some seconds",
    "InvalidAllocationID.NotFound",
    "The allocation ID '{address}' does not exist",
    f"{_EC2_RACES}; the time from memory",
    "source",
    seconds=2.0,
)
NEW_SUBNET: Final = Readiness(
    "new-subnet",
    "a subnet that was just made",
    ("CreateNatGateway",),
    "it has been there for some seconds",
    "InvalidSubnet",
    "The subnet ID '{subnet}' is invalid",
    f"{_EC2_RACES}; the time from memory",
    "source",
    seconds=2.0,
)
NEW_ROUTE_TABLE: Final = Readiness(
    "new-route-table",
    "a route table that was just made",
    ("CreateVpcEndpoint",),
    "it has been there for some seconds",
    "InvalidRouteTableId.NotFound",
    "The routeTable ID '{table}' does not exist",
    f"{_EC2_RACES}; the time from memory",
    "source",
    seconds=2.0,
)
NEW_GROUP: Final = Readiness(
    "new-security-group",
    "a security group that was just made",
    ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"),
    "it has been there for some seconds",
    "InvalidGroup.NotFound",
    "The security group '{group}' does not exist",
    f"EC2 API reference, eventual consistency; {_EC2_RACES}; the time from memory",
    "documented",
    seconds=2.0,
)
NEW_GROUP_OF_ENDPOINT: Final = Readiness(
    "new-security-group-of-endpoint",
    "a security group that was just made",
    ("CreateVpcEndpoint",),
    "it has been there for some seconds",
    "InvalidSecurityGroupID.NotFound",
    "The security group ID '{group}' does not exist",
    "EC2 API reference, error codes; that it happens, and the time, from memory",
    "memory",
    seconds=2.0,
)
PRIVATE_ZONE: Final = Readiness(
    "private-zone",
    "a VPC that was just made, of which Route 53 hasn't heard",
    ("CreateHostedZone", "AssociateVPCWithHostedZone"),
    "it has been there for some seconds",
    "InvalidVPCId",
    "The VPC ID is invalid.",
    "Route 53 API reference, CreateHostedZone (errors); that it happens, and the time, from memory",
    "memory",
    seconds=5.0,
)
NEW_ROLE: Final = Readiness(
    "new-role",
    "a role that was just made",
    ("AddRoleToInstanceProfile", "AttachRolePolicy", "PutRolePolicy"),
    "it has been there for some seconds",
    "NoSuchEntity",
    "The role with name {role} cannot be found.",
    "IAM user guide, eventual consistency; the time from memory",
    "documented",
    seconds=3.0,
    status=404,
    question="how-long-a-new-role-isn-t-seen",
)
NEW_PRINCIPAL: Final = Readiness(
    "new-principal",
    "a role that was just made, as a principal of a role's trust",
    ("CreateRole", "UpdateAssumeRolePolicy"),
    "it has been there for some seconds",
    "MalformedPolicyDocument",
    'Invalid principal in policy: "AWS":"{role}"',
    "IAM user guide, eventual consistency; hashicorp/terraform-provider-aws, which tries it again",
    "source",
    seconds=8.0,
)
NEW_PRINCIPAL_OF_BUCKET: Final = Readiness(
    "new-principal-of-bucket",
    "a role that was just made, as a principal of a bucket's policy",
    ("PutBucketPolicy",),
    "it has been there for some seconds",
    "MalformedPolicy",
    "Invalid principal in policy",
    "IAM user guide, eventual consistency; hashicorp/terraform-provider-aws, which tries it again",
    "source",
    seconds=8.0,
)
NEW_PROFILE: Final = Readiness(
    "new-instance-profile",
    "an instance profile that was just made",
    ("RunInstances",),
    "it has been there for some seconds",
    "InvalidParameterValue",
    "Value ({profile}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
    "hashicorp/terraform-provider-aws, which tries it again; the time from memory",
    "source",
    seconds=8.0,
)
BUCKET_NAME: Final = Readiness(
    "bucket-name",
    "the name of a bucket that was just deleted",
    ("CreateBucket",),
    "minutes have passed, at most about an hour",
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource. Please try again.",
    "S3 API reference, error responses; aws/aws-cli#2593; the time from memory",
    "documented",
    seconds=60.0,
    status=409,
)
INTERFACES_LEAVE: Final = Readiness(
    "interfaces-of-balancer",
    "a subnet or a group in which interfaces of a deleted load balancer are",
    ("DeleteSubnet", "DeleteSecurityGroup"),
    "its interfaces are gone",
    "DependencyViolation",
    "The subnet '{subnet}' has dependencies and cannot be deleted.",
    "EC2 API reference, error codes; hashicorp/terraform-provider-aws, which waits for the interfaces",
    "documented",
    delay=lambda delays: delays.load_balancer_deletion,
    question="how-long-a-balancer-s-interface-outlives-it",
    told_by="load_balancers",
)
ENDPOINTS_LEAVE: Final = Readiness(
    "interfaces-of-endpoint",
    "a subnet or a group in which interfaces of a deleting endpoint are",
    ("DeleteSubnet", "DeleteSecurityGroup"),
    "the endpoint is gone",
    "DependencyViolation",
    "resource {group} has a dependent object",
    "gruntwork-io/cloud-nuke#293",
    "source",
    delay=lambda delays: delays.interface_endpoint,
    question="how-long-a-deleted-endpoint-s-interface-keeps-its-group",
    told_by="dependencies",
)
NAT_LEAVES: Final = Readiness(
    "nat-gateway-deleting",
    "a subnet with a NAT gateway that is deleting, and the internet gateway of its VPC",
    ("DeleteSubnet", "DetachInternetGateway"),
    "the gateway is deleted",
    "DependencyViolation",
    "The subnet '{subnet}' has dependencies and cannot be deleted.",
    "EC2 API reference, error codes",
    "documented",
    delay=lambda delays: delays.nat_gateway_deletion,
    told_by="dependencies",
)
ATTACHMENT_LEAVES: Final = Readiness(
    "attachment-deleting",
    "a subnet, or the VPC, of an attachment to a transit gateway that isn't deleted",
    ("DeleteSubnet", "DeleteVpc"),
    "the attachment is deleted",
    "DependencyViolation",
    "The {thing} '{id}' has dependencies and cannot be deleted.",
    "EC2 API reference, error codes; the VPC from memory",
    "documented",
    delay=lambda delays: delays.transit_gateway_attachment_deletion,
)

TABLE: Final = (
    SUBNET_IN_BLOCK,
    BLOCK_WITH_SUBNET,
    ROUTE_TO_ATTACHMENT,
    ATTACHMENT_IN_TRANSITION,
    DUPLICATE_ATTACHMENT,
    ATTACHMENT_LEAVES,
    ROUTE_TO_INTERNET_GATEWAY,
    ROUTE_TO_NAT_GATEWAY,
    NAT_WITHOUT_INTERNET_GATEWAY,
    BALANCER_WITHOUT_GATEWAY,
    ACCEPT_PEERING,
    SECOND_PEERING,
    PRIVATE_DNS,
    ALIAS_TO_BALANCER,
    LISTENER_OF_BALANCER,
    LISTENER_TO_GROUP,
    GROUP_IN_NEW_VPC,
    TARGET_GROUP_IN_USE,
    ADDRESS_OF_NAT_GATEWAY,
    NEW_ADDRESS,
    NEW_SUBNET,
    NEW_ROUTE_TABLE,
    NEW_GROUP,
    NEW_GROUP_OF_ENDPOINT,
    PRIVATE_ZONE,
    NEW_ROLE,
    NEW_PRINCIPAL,
    NEW_PRINCIPAL_OF_BUCKET,
    NEW_PROFILE,
    BUCKET_NAME,
    INTERFACES_LEAVE,
    ENDPOINTS_LEAVE,
    NAT_LEAVES,
)
"""All of them. That anything new isn't found by its id or a tag everywhere at once is a condition (`unseen_by_id`)."""


def known_table() -> Sequence[Readiness]:
    """The same, with what AWS has answered by now in place of what was believed. Raises ValueError and OSError for a
    file of facts that can't be read."""
    return with_seen(TABLE, known_facts())
