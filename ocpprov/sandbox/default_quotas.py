"""What a new account may have: AWS's default quotas, as far as the sandbox counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_VPC: Final = "AWS General Reference, Amazon VPC endpoints and quotas"
_USER_GUIDE: Final = "Amazon VPC User Guide, Amazon VPC quotas"


@dataclass(frozen=True)
class DefaultQuota:
    """How many there may be of what an operation makes, in a region unless `within` says otherwise. `trust` is
    documented, source, memory or seen."""

    operation: str
    most: int
    within: str
    source: str
    trust: str


TABLE: Final = (
    DefaultQuota("CreateVpc", 5, "region", _VPC, "documented"),
    DefaultQuota("CreateSubnet", 200, "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateRouteTable", 200, "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateNetworkAcl", 200, "VPC", _USER_GUIDE, "documented"),
    DefaultQuota("CreateInternetGateway", 5, "region", _VPC, "documented"),
    DefaultQuota("CreateNatGateway", 5, "availability zone", _VPC, "documented"),
    DefaultQuota("CreateSecurityGroup", 2500, "region", _VPC, "documented"),
    # Of interface endpoints there may be 50 in a VPC; the sandbox has one number for both sorts.
    DefaultQuota("CreateVpcEndpoint", 20, "region", _VPC, "documented"),
    DefaultQuota(
        "AllocateAddress", 5, "region", "AWS General Reference, Amazon EC2 endpoints and quotas", "documented"
    ),
    DefaultQuota("CreateLoadBalancer", 50, "region", "Quotas for your Network Load Balancers", "documented"),
    DefaultQuota("CreateTargetGroup", 3000, "region", "Quotas for your Network Load Balancers", "documented"),
    DefaultQuota("CreateHostedZone", 500, "account", "Route 53 Developer Guide, Quotas", "documented"),
    DefaultQuota("CreateRole", 1000, "account", "IAM User Guide, IAM and STS quotas", "documented"),
    DefaultQuota("CreateInstanceProfile", 1000, "account", "IAM User Guide, IAM and STS quotas", "documented"),
    DefaultQuota("CreateBucket", 10000, "account", "S3 User Guide, General purpose bucket quotas", "documented"),
)


def default_quotas() -> Mapping[str, int]:
    """The table as the condition `quotas` takes it."""
    return {row.operation: row.most for row in TABLE}
