"""The quotas that plans draw on: what counts, who tells what is allowed, and AWS's default, which is the sandbox's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ocpprov.checks import quota_needs as needs
from ocpprov.checks import quota_usage as usage
from ocpprov.kinds.elbv2.common import LIST_BALANCERS, LIST_GROUPS
from ocpprov.kinds.reads import Read, read, read_if_allowed
from ocpprov.sandbox.default_quotas import TABLE, default_quotas

_OF_ACCOUNT: Final = {row.name for row in TABLE if row.within in ("account", "region", "availability zone")}


@dataclass(frozen=True)
class Quota:
    """One quota. `reads` tell what is used; `limit_reads` what is allowed, where the service itself tells it and
    `allowed` finds it in them; else `code` is what Service Quotas knows it by. `limited` is its name in the table of
    AWS's defaults. Where nothing is read, only what is new itself is counted."""

    id: str
    name: str
    limited: str
    needed: needs.Needed
    reads: Sequence[Read] = ()
    used: usage.Used = usage.nobody
    limit_reads: Sequence[Read] = ()
    allowed: usage.Allowed = usage.unsaid
    code: tuple[str, str] | None = None

    @property
    def default(self) -> int:
        """AWS's default."""
        return default_quotas()[self.limited]

    @property
    def is_of_account(self) -> bool:
        """Whether it is the account's, in a region or a zone, and not that of a single thing."""
        return self.limited in _OF_ACCOUNT


_LIMITS: Final = {service: [read_if_allowed(service, "describe_account_limits")] for service in ("elb", "elbv2")}
_SUMMARY: Final = [read_if_allowed("iam", "get_account_summary")]
_ADDRESSES: Final = [read_if_allowed("ec2", "describe_account_attributes", AttributeNames=["vpc-max-elastic-ips"])]
_ZONES: Final = [read_if_allowed("route53", "get_account_limit", Type="MAX_HOSTED_ZONES_BY_OWNER")]
_VPCS: Final = [read("ec2", "describe_vpcs")]
_SUBNETS: Final = [read("ec2", "describe_subnets")]
_TABLES: Final = [read("ec2", "describe_route_tables")]
_ACLS: Final = [read("ec2", "describe_network_acls")]
_GROUPS: Final = [read("ec2", "describe_security_groups")]
_ENDPOINTS: Final = [read("ec2", "describe_vpc_endpoints")]

_VPC: Final = "AWS::EC2::VPC"
_ROLE: Final = "AWS::IAM::Role"
_POLICY: Final = "Ocpprov::IAM::RolePolicy"

QUOTAS: Final = (
    Quota(
        "quota-vpcs",
        "VPCs",
        "CreateVpc",
        needs.each(_VPC),
        _VPCS,
        usage.count("ec2", "describe_vpcs", "Vpcs"),
        code=("vpc", "L-F678F1CE"),
    ),
    Quota(
        "quota-vpc-blocks",
        "IPv4 blocks of a VPC",
        "AssociateVpcCidrBlock",
        needs.each_in("AWS::EC2::VPCCidrBlock", "VpcId", brings=_VPC),
        _VPCS,
        usage.blocks,
        code=("vpc", "L-83CA0A9D"),
    ),
    Quota(
        "quota-subnets",
        "subnets of a VPC",
        "CreateSubnet",
        needs.each_in("AWS::EC2::Subnet", "VpcId"),
        _SUBNETS,
        usage.count_in_vpcs("describe_subnets", "Subnets"),
        code=("vpc", "L-407747CB"),
    ),
    Quota(
        "quota-route-tables",
        "route tables of a VPC",
        "CreateRouteTable",
        needs.each_in("AWS::EC2::RouteTable", "VpcId", brings=_VPC),
        _TABLES,
        usage.count_in_vpcs("describe_route_tables", "RouteTables"),
        code=("vpc", "L-589F43AA"),
    ),
    Quota(
        "quota-routes",
        "routes of a table",
        "CreateRoute",
        needs.each_in("AWS::EC2::Route", "RouteTableId"),
        _TABLES,
        usage.routes,
        code=("vpc", "L-93826ACB"),
    ),
    Quota(
        "quota-network-acls",
        "network ACLs of a VPC",
        "CreateNetworkAcl",
        needs.each_in("AWS::EC2::NetworkAcl", "VpcId", brings=_VPC),
        _ACLS,
        usage.count_in_vpcs("describe_network_acls", "NetworkAcls"),
        code=("vpc", "L-B4A6D682"),
    ),
    *(
        Quota(
            f"quota-acl-entries-{way}",
            f"{way} entries of a network ACL",
            "CreateNetworkAclEntry",
            needs.entries(egress=egress),
            _ACLS,
            usage.entries(egress=egress),
            code=("vpc", "L-2AEEBF1A"),
        )
        for way, egress in (("inbound", False), ("outbound", True))
    ),
    Quota(
        "quota-internet-gateways",
        "internet gateways",
        "CreateInternetGateway",
        needs.each("AWS::EC2::InternetGateway"),
        [read("ec2", "describe_internet_gateways")],
        usage.count("ec2", "describe_internet_gateways", "InternetGateways"),
        code=("vpc", "L-A4707A72"),
    ),
    Quota(
        "quota-addresses",
        "Elastic IP addresses",
        "AllocateAddress",
        needs.each("AWS::EC2::EIP"),
        [read("ec2", "describe_addresses")],
        usage.count("ec2", "describe_addresses", "Addresses"),
        _ADDRESSES,
        usage.addresses_allowed,
        ("ec2", "L-0263D0A3"),
    ),
    Quota(
        "quota-nat-gateways",
        "NAT gateways of a zone",
        "CreateNatGateway",
        needs.gateway,
        [read("ec2", "describe_nat_gateways"), *_SUBNETS],
        usage.gateways,
        code=("vpc", "L-FE5A380F"),
    ),
    Quota(
        "quota-security-groups",
        "security groups",
        "CreateSecurityGroup",
        # A VPC comes with a group of its own.
        needs.each("AWS::EC2::SecurityGroup", _VPC),
        _GROUPS,
        usage.count("ec2", "describe_security_groups", "SecurityGroups"),
        code=("vpc", "L-E79EC296"),
    ),
    Quota(
        "quota-rules-inbound",
        "inbound rules of a security group",
        "AuthorizeSecurityGroupIngress",
        needs.rules("AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", from_start=False),
        _GROUPS,
        usage.rules("IpPermissions"),
        code=("vpc", "L-0EA8095F"),
    ),
    Quota(
        "quota-rules-outbound",
        "outbound rules of a security group",
        "AuthorizeSecurityGroupEgress",
        needs.rules("AWS::EC2::SecurityGroupEgress", "DestinationSecurityGroupId", from_start=True),
        _GROUPS,
        usage.rules("IpPermissionsEgress"),
        code=("vpc", "L-0EA8095F"),
    ),
    Quota(
        "quota-gateway-endpoints",
        "gateway endpoints",
        "CreateVpcEndpoint",
        needs.gateway_endpoint,
        _ENDPOINTS,
        usage.gateway_endpoints,
        code=("vpc", "L-1B52E74A"),
    ),
    Quota(
        "quota-interface-endpoints",
        "interface endpoints of a VPC",
        "CreateVpcEndpoint:Interface",
        needs.interface_endpoint,
        _ENDPOINTS,
        usage.interface_endpoints,
        code=("vpc", "L-29B6F2EB"),
    ),
    Quota(
        "quota-interface-groups",
        "security groups of an interface",
        "CreateVpcEndpoint:SecurityGroups",
        needs.interface_groups,
        code=("vpc", "L-2AFB9258"),
    ),
    Quota(
        "quota-transit-gateways",
        "transit gateways of a VPC",
        "CreateTransitGatewayVpcAttachment",
        needs.each_in("AWS::EC2::TransitGatewayAttachment", "VpcId"),
        [read("ec2", "describe_transit_gateway_vpc_attachments")],
        usage.attachments,
    ),
    Quota(
        "quota-peerings",
        "peerings of a VPC",
        "CreateVpcPeeringConnection",
        needs.each_in("AWS::EC2::VPCPeeringConnection", "VpcId"),
        [read("ec2", "describe_vpc_peering_connections")],
        usage.peerings,
        code=("vpc", "L-7E9ECCDB"),
    ),
    Quota(
        "quota-network-load-balancers",
        "network load balancers",
        "CreateLoadBalancer",
        needs.network_balancer,
        [LIST_BALANCERS],
        usage.network_balancers,
        _LIMITS["elbv2"],
        usage.balancing("elbv2", "network-load-balancers"),
        ("elasticloadbalancing", "L-69A177A2"),
    ),
    Quota(
        "quota-listeners",
        "listeners of a load balancer",
        "CreateListener",
        needs.each_in_new("AWS::ElasticLoadBalancingV2::Listener", "LoadBalancerArn"),
        limit_reads=_LIMITS["elbv2"],
        allowed=usage.balancing("elbv2", "listeners-per-network-load-balancer"),
        code=("elasticloadbalancing", "L-57A373D6"),
    ),
    Quota(
        "quota-target-groups",
        "target groups",
        "CreateTargetGroup",
        needs.each("AWS::ElasticLoadBalancingV2::TargetGroup"),
        [LIST_GROUPS],
        usage.count("elbv2", "describe_target_groups", "TargetGroups"),
        _LIMITS["elbv2"],
        usage.balancing("elbv2", "target-groups"),
        ("elasticloadbalancing", "L-B22855CB"),
    ),
    Quota(
        "quota-targets",
        "targets of a group",
        "RegisterTargets",
        needs.each_in_new("Ocpprov::ElasticLoadBalancingV2::Target", "TargetGroupArn"),
        limit_reads=_LIMITS["elbv2"],
        allowed=usage.balancing("elbv2", "targets-per-target-group"),
        code=("elasticloadbalancing", "L-A0D0B863"),
    ),
    Quota(
        "quota-classic-load-balancers",
        "classic load balancers",
        "CreateLoadBalancer:Classic",
        needs.each("AWS::ElasticLoadBalancing::LoadBalancer"),
        [read("elb", "describe_load_balancers")],
        usage.count("elb", "describe_load_balancers", "LoadBalancerDescriptions"),
        _LIMITS["elb"],
        usage.balancing("elb", "classic-load-balancers"),
    ),
    Quota(
        "quota-hosted-zones",
        "hosted zones",
        "CreateHostedZone",
        needs.each("AWS::Route53::HostedZone"),
        _ZONES,
        usage.zones,
        _ZONES,
        usage.zones_allowed,
    ),
    Quota(
        "quota-records",
        "records of a zone",
        "ChangeResourceRecordSets",
        # A zone comes with those of its own name servers.
        needs.each_in_new("AWS::Route53::RecordSet", "HostedZoneId", brings="AWS::Route53::HostedZone", brought=2),
    ),
    Quota("quota-zone-vpcs", "VPCs of a hosted zone", "AssociateVPCWithHostedZone", needs.zone_networks),
    Quota(
        "quota-roles",
        "roles",
        "CreateRole",
        needs.each(_ROLE),
        _SUMMARY,
        usage.summed("Roles"),
        _SUMMARY,
        usage.summary("RolesQuota"),
    ),
    Quota(
        "quota-trust-policy",
        "characters of a role's trust policy",
        "CreateRole:TrustPolicy",
        needs.characters(_ROLE, "AssumeRolePolicyDocument"),
        limit_reads=_SUMMARY,
        allowed=usage.summary("AssumeRolePolicySizeQuota"),
    ),
    Quota(
        "quota-attached-policies",
        "attached policies of a role",
        "AttachRolePolicy",
        needs.each_in_new("Ocpprov::IAM::RolePolicyAttachment", "RoleName"),
        limit_reads=_SUMMARY,
        allowed=usage.summary("AttachedPoliciesPerRoleQuota"),
        code=("iam", "L-0DA4ABF3"),
    ),
    Quota(
        "quota-inline-policies",
        "characters of a role's inline policies",
        "PutRolePolicy",
        needs.characters(_POLICY, "PolicyDocument", "RoleName"),
        limit_reads=_SUMMARY,
        allowed=usage.summary("RolePolicySizeQuota"),
    ),
    Quota(
        "quota-managed-policy",
        "characters of a managed policy",
        "CreatePolicy",
        needs.characters("AWS::IAM::ManagedPolicy", "PolicyDocument"),
        limit_reads=_SUMMARY,
        allowed=usage.summary("PolicySizeQuota"),
    ),
    Quota(
        "quota-instance-profiles",
        "instance profiles",
        "CreateInstanceProfile",
        needs.each("AWS::IAM::InstanceProfile"),
        _SUMMARY,
        usage.summed("InstanceProfiles"),
        _SUMMARY,
        usage.summary("InstanceProfilesQuota"),
    ),
    Quota(
        "quota-buckets",
        "buckets",
        "CreateBucket",
        needs.each("AWS::S3::Bucket"),
        [read("s3", "list_buckets")],
        usage.count("s3", "list_buckets", "Buckets"),
        code=("s3", "L-DC2B2D3D"),
    ),
)

OF_ACCOUNT: Final = frozenset(quota.id for quota in QUOTAS if quota.is_of_account)
"""The ids of those that others in the account draw on, too."""
