"""Every type that a plan may hold. A new kind is one file, and here its import and its place in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ocpprov.kinds.contract import Kind
from ocpprov.kinds.ec2.dhcp_options import DhcpOptions
from ocpprov.kinds.ec2.eip import Eip
from ocpprov.kinds.ec2.internet_gateway import InternetGateway
from ocpprov.kinds.ec2.nat_gateway import NatGateway
from ocpprov.kinds.ec2.network_acl import NetworkAcl
from ocpprov.kinds.ec2.network_acl_entry import NetworkAclEntry
from ocpprov.kinds.ec2.route import Route
from ocpprov.kinds.ec2.route_table import RouteTable
from ocpprov.kinds.ec2.security_group import SecurityGroup
from ocpprov.kinds.ec2.security_group_egress import SecurityGroupEgress
from ocpprov.kinds.ec2.security_group_ingress import SecurityGroupIngress
from ocpprov.kinds.ec2.shared_tags import SharedTags
from ocpprov.kinds.ec2.subnet import Subnet
from ocpprov.kinds.ec2.subnet_network_acl_association import SubnetNetworkAclAssociation
from ocpprov.kinds.ec2.subnet_route_table_association import SubnetRouteTableAssociation
from ocpprov.kinds.ec2.transit_gateway_attachment import TransitGatewayAttachment
from ocpprov.kinds.ec2.vpc import Vpc
from ocpprov.kinds.ec2.vpc_cidr_block import VpcCidrBlock
from ocpprov.kinds.ec2.vpc_dhcp_options_association import VpcDhcpOptionsAssociation
from ocpprov.kinds.ec2.vpc_endpoint import VpcEndpoint
from ocpprov.kinds.ec2.vpc_gateway_attachment import VpcGatewayAttachment
from ocpprov.kinds.ec2.vpc_peering_connection import VpcPeeringConnection
from ocpprov.kinds.elb.instance import Instance
from ocpprov.kinds.elb.load_balancer import ClassicLoadBalancer
from ocpprov.kinds.elbv2.listener import Listener
from ocpprov.kinds.elbv2.load_balancer import LoadBalancer
from ocpprov.kinds.elbv2.tags_together import TogetherTagged
from ocpprov.kinds.elbv2.target import Target
from ocpprov.kinds.elbv2.target_group import TargetGroup
from ocpprov.kinds.iam.account_details import AccountDetails
from ocpprov.kinds.iam.instance_profile import InstanceProfile
from ocpprov.kinds.iam.managed_policy import ManagedPolicy
from ocpprov.kinds.iam.policy import Policy
from ocpprov.kinds.iam.role import Role
from ocpprov.kinds.iam.role_policy import RolePolicy
from ocpprov.kinds.iam.role_policy_attachment import RolePolicyAttachment
from ocpprov.kinds.reads import Bulk
from ocpprov.kinds.route53.hosted_zone import HostedZone
from ocpprov.kinds.route53.public_zones import PublicZones
from ocpprov.kinds.route53.record_set import RecordSet
from ocpprov.kinds.route53.record_set_group import RecordSetGroup
from ocpprov.kinds.s3.bucket import Bucket
from ocpprov.kinds.s3.bucket_policy import BucketPolicy
from ocpprov.kinds.s3.object import S3Object

_ALL: Final[tuple[Kind, ...]] = (
    Vpc(),
    Subnet(),
    InternetGateway(),
    VpcGatewayAttachment(),
    RouteTable(),
    Route(),
    SubnetRouteTableAssociation(),
    Eip(),
    NatGateway(),
    VpcEndpoint(),
    VpcCidrBlock(),
    TransitGatewayAttachment(),
    VpcPeeringConnection(),
    NetworkAcl(),
    NetworkAclEntry(),
    SubnetNetworkAclAssociation(),
    DhcpOptions(),
    VpcDhcpOptionsAssociation(),
    SecurityGroup(),
    SecurityGroupIngress(),
    SecurityGroupEgress(),
    LoadBalancer(),
    TargetGroup(),
    Target(),
    Listener(),
    ClassicLoadBalancer(),
    Instance(),
    SharedTags(),
    Role(),
    RolePolicy(),
    RolePolicyAttachment(),
    InstanceProfile(),
    Policy(),
    ManagedPolicy(),
    HostedZone(),
    RecordSet(),
    RecordSetGroup(),
    Bucket(),
    BucketPolicy(),
    S3Object(),
)

KINDS: Final[Mapping[str, Kind]] = {kind.type: kind for kind in _ALL}
BULKS: Final[Sequence[Bulk]] = (AccountDetails(), TogetherTagged(), PublicZones())
"""What tells of several things at once, and so spares reads."""
