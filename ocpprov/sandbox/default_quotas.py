"""What a new account may have: AWS's default quotas, as far as the sandbox counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_VPC: Final = "AWS General Reference, Amazon VPC endpoints and quotas"
_USER_GUIDE: Final = "Amazon VPC User Guide, Amazon VPC quotas"
_EC2: Final = "AWS General Reference, Amazon EC2 endpoints and quotas"
_BALANCING: Final = "Quotas for your Network Load Balancers"
_CLASSIC: Final = "Quotas for your Classic Load Balancer"
_ROUTE53: Final = "Route 53 Developer Guide, Quotas"
_IAM: Final = "IAM User Guide, IAM and STS quotas"
_S3: Final = "S3 User Guide, General purpose bucket quotas"
_TRANSIT: Final = "AWS Transit Gateway, Quotas"
_PEERING: Final = "Amazon VPC Peering, Quotas"
_RAISED: Final = "AWS's news of June 2025: raised from 50; by reports of others"


@dataclass(frozen=True)
class DefaultQuota:
    """How many there may be of what an operation makes, in a region unless `within` says otherwise. Where an operation
    makes more than one sort, or more than one quota holds for it, `name` has what is counted behind a colon.

    `what` is that in words. `trust` is documented, source, memory or seen.
    """

    name: str
    most: int
    what: str
    within: str
    source: str
    trust: str

    @property
    def operation(self) -> str:
        return self.name.partition(":")[0]


TABLE: Final = (
    DefaultQuota("CreateVpc", 5, "VPCs", "region", _VPC, "documented"),
    DefaultQuota("AssociateVpcCidrBlock", 5, "IPv4 blocks, the first included", "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateSubnet", 200, "subnets", "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateRouteTable", 200, "route tables", "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateRoute", 500, "routes", "route table", _RAISED, "memory"),
    DefaultQuota("CreateNetworkAcl", 200, "network ACLs", "VPC", _USER_GUIDE, "documented"),
    # AWS's own entries count, too.
    DefaultQuota("CreateNetworkAclEntry", 20, "entries of a direction", "network ACL", _USER_GUIDE, "documented"),
    DefaultQuota("CreateInternetGateway", 5, "internet gateways", "region", _VPC, "documented"),
    DefaultQuota("CreateNatGateway", 5, "NAT gateways", "availability zone", _VPC, "documented"),
    DefaultQuota("CreateSecurityGroup", 2500, "security groups", "region", _VPC, "documented"),
    # For IPv4 and IPv6 each; what names a group counts for both.
    DefaultQuota("AuthorizeSecurityGroupIngress", 60, "rules inbound", "security group", _USER_GUIDE, "documented"),
    DefaultQuota("AuthorizeSecurityGroupEgress", 60, "rules outbound", "security group", _USER_GUIDE, "documented"),
    DefaultQuota("CreateVpcEndpoint", 20, "gateway endpoints", "region", _VPC, "documented"),
    DefaultQuota("CreateVpcEndpoint:Interface", 50, "interface endpoints", "VPC", _VPC, "documented"),
    DefaultQuota("CreateVpcEndpoint:SecurityGroups", 5, "security groups", "interface", _USER_GUIDE, "documented"),
    DefaultQuota("CreateTransitGatewayVpcAttachment", 5, "transit gateways", "VPC", _TRANSIT, "documented"),
    DefaultQuota("CreateVpcPeeringConnection", 50, "peerings", "VPC", _PEERING, "documented"),
    DefaultQuota("AllocateAddress", 5, "Elastic IP addresses", "region", _EC2, "documented"),
    DefaultQuota("CreateLoadBalancer", 50, "network load balancers", "region", _BALANCING, "documented"),
    DefaultQuota("CreateListener", 50, "listeners", "load balancer", _BALANCING, "documented"),
    DefaultQuota("CreateTargetGroup", 3000, "target groups", "region", _BALANCING, "documented"),
    DefaultQuota("RegisterTargets", 1000, "targets", "target group", _BALANCING, "documented"),
    DefaultQuota("CreateLoadBalancer:Classic", 20, "classic load balancers", "region", _CLASSIC, "documented"),
    DefaultQuota("CreateHostedZone", 500, "hosted zones", "account", _ROUTE53, "documented"),
    DefaultQuota("ChangeResourceRecordSets", 10000, "records", "hosted zone", _ROUTE53, "documented"),
    DefaultQuota("AssociateVPCWithHostedZone", 300, "VPCs", "private hosted zone", _ROUTE53, "documented"),
    DefaultQuota("CreateRole", 1000, "roles", "account", _IAM, "documented"),
    DefaultQuota("CreateRole:TrustPolicy", 2048, "characters of the trust policy", "role", _IAM, "documented"),
    DefaultQuota("AttachRolePolicy", 10, "attached policies", "role", _IAM, "documented"),
    DefaultQuota("PutRolePolicy", 10240, "characters of inline policies", "role", _IAM, "documented"),
    DefaultQuota("CreatePolicy", 6144, "characters", "managed policy", _IAM, "documented"),
    DefaultQuota("CreateInstanceProfile", 1000, "instance profiles", "account", _IAM, "documented"),
    DefaultQuota("CreateBucket", 10000, "buckets", "account", _S3, "documented"),
)


def default_quotas() -> Mapping[str, int]:
    """The table as the condition `quotas` takes it."""
    return {row.name: row.most for row in TABLE}
