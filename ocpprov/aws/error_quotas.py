"""Which quota is reached, by what AWS says, and how more is asked for.

Names and codes are those of Service Quotas. Sources: the services' pages on their quotas, the Amazon VPC user guide
and the General Reference for codes; where no code is known for sure, the name stands alone. IAM has one error code for
all of its quotas, and names the quota in its message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ocpprov.aws.error_sentences.sentence import Said
from ocpprov.aws.partitions import partition_of
from ocpprov.engine.suggestion import command_line


@dataclass(frozen=True)
class ReachedQuota:
    """One quota: its name, and the codes of service and quota by which Service Quotas has it; empty where it has none.
    `home`: it is asked for in the partition's first region, wherever it was reached."""

    name: str
    service: str = ""
    code: str = ""
    home: bool = False


_ADDRESSES: Final = ReachedQuota("EC2-VPC Elastic IPs", "ec2", "L-0263D0A3")
_ENDPOINTS: Final = (
    ReachedQuota("Interface VPC endpoints per VPC", "vpc", "L-29B6F2EB"),
    ReachedQuota("Gateway VPC endpoints per Region", "vpc", "L-1B52E74A"),
)
_PEERINGS: Final = ReachedQuota("Active VPC peering connections per VPC", "vpc", "L-7E9ECCDB")

QUOTAS: Final[Mapping[str, tuple[ReachedQuota, ...]]] = {
    "ActiveVpcPeeringConnectionPerVpcLimitExceeded": (_PEERINGS,),
    "AddressLimitExceeded": (_ADDRESSES,),
    "CidrLimitExceeded": (ReachedQuota("IPv4 CIDR blocks per VPC", "vpc", "L-83CA0A9D"),),
    "InternetGatewayLimitExceeded": (ReachedQuota("Internet gateways per Region", "vpc", "L-A4707A72"),),
    "NatGatewayLimitExceeded": (ReachedQuota("NAT gateways per Availability Zone", "vpc", "L-FE5A380F"),),
    "NetworkAclEntryLimitExceeded": (ReachedQuota("Rules per network ACL", "vpc", "L-2AEEBF1A"),),
    "NetworkAclLimitExceeded": (ReachedQuota("Network ACLs per VPC", "vpc", "L-B4A6D682"),),
    "NetworkInterfaceLimitExceeded": (ReachedQuota("Network interfaces per Region", "vpc", "L-DF5E4CA3"),),
    "RouteLimitExceeded": (ReachedQuota("Routes per route table", "vpc", "L-93826ACB"),),
    "RouteTableLimitExceeded": (ReachedQuota("Route tables per VPC", "vpc", "L-589F43AA"),),
    "RulesPerSecurityGroupLimitExceeded": (
        ReachedQuota("Inbound or outbound rules per security group", "vpc", "L-0EA8095F"),
    ),
    "SecurityGroupLimitExceeded": (ReachedQuota("VPC security groups per Region", "vpc", "L-E79EC296"),),
    "SecurityGroupsPerInterfaceLimitExceeded": (
        ReachedQuota("Security groups per network interface", "vpc", "L-2AFB9258"),
    ),
    "SubnetLimitExceeded": (ReachedQuota("Subnets per VPC", "vpc", "L-407747CB"),),
    "TargetGroupAssociationLimit": (ReachedQuota("Target groups per load balancer"),),
    "TooManyBuckets": (ReachedQuota("General purpose buckets", "s3", "L-DC2B2D3D", home=True),),
    "TooManyHostedZones": (ReachedQuota("Hosted zones", "route53", "L-4EA4796A"),),
    "TooManyListeners": (ReachedQuota("Listeners per Network Load Balancer", "elasticloadbalancing", "L-57A373D6"),),
    "TooManyLoadBalancers": (
        ReachedQuota("Network Load Balancers per Region", "elasticloadbalancing", "L-69A177A2"),
        ReachedQuota("Classic Load Balancers per Region", "elasticloadbalancing", "L-E9E9831D"),
    ),
    "TooManyTargetGroups": (ReachedQuota("Target Groups per Region", "elasticloadbalancing", "L-B22855CB"),),
    "TooManyTargets": (ReachedQuota("Targets per load balancer"),),
    "VpcEndpointLimitExceeded": _ENDPOINTS,
    "VpcLimitExceeded": (ReachedQuota("VPCs per Region", "vpc", "L-F678F1CE"),),
    "VpcPeeringConnectionsPerVpcLimitExceeded": (_PEERINGS,),
}
"""What is short, by AWS's code; where several have one code, each."""

IAM_QUOTAS: Final[Mapping[str, ReachedQuota]] = {
    "ACLSizePerRole": ReachedQuota("Role trust policy length", "iam", "L-C07B4B0D"),
    "InstanceProfilesPerAccount": ReachedQuota("Instance profiles per account", "iam", "L-6E65F664"),
    "PoliciesPerAccount": ReachedQuota("Customer managed policies per account", "iam", "L-E95E4862"),
    "PoliciesPerRole": ReachedQuota("Managed policies per role", "iam", "L-0DA4ABF3"),
    "RolesPerAccount": ReachedQuota("Roles per account", "iam", "L-FE177D64"),
}
"""What is short, by the name in IAM's message."""


def quota_step(said: Said) -> str:
    """Which quota is reached and how more is asked for; empty where nobody knows which."""
    reached = _reached(said)
    if not reached:
        return ""
    names = " or ".join(f'"{each.name}"' for each in reached)
    commands = [f"`{_asking(each, said.region)}`" for each in reached if each.code]
    how = f" with {' or '.join(commands)} (the number that you need for NUMBER)" if commands else ""
    return (
        f"The quota {names} is reached. Ask AWS for more{how}, or delete what isn't needed, and run the same command "
        "again."
    )


def _reached(said: Said) -> tuple[ReachedQuota, ...]:
    named = _IN_WORDS.search(said.message)
    if named and named[1] in IAM_QUOTAS:
        return (IAM_QUOTAS[named[1]],)
    return QUOTAS.get(said.code, ())


def _asking(quota: ReachedQuota, region: str) -> str:
    where = partition_of(region).iam_region if quota.home and region else region
    option = ("--region", where) if where else ()
    words = ("--service-code", quota.service, "--quota-code", quota.code, *option, "--desired-value", "NUMBER")
    return command_line("aws", "service-quotas", "request-service-quota-increase", *words)


_IN_WORDS: Final = re.compile(r"[Cc]annot exceed quota for (\w+)")
