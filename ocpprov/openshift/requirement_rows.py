"""What a cluster on AWS needs, row by row, and which of a plan's resources each row is made of.

The rows are those of the documentation's "Other infrastructure components" (section 4.12.4.2 of OpenShift 4.12, user-
provisioned installation on AWS) and what is needed around it. Logical ids are those of docs/logical-ids.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from ocpprov.engine.resources import Resource


@dataclass(frozen=True)
class RequirementRow:
    """`ids` are patterns of logical ids without the number of a zone; a part of a resource (a rule written in its
    group) goes with it, unless a row names such parts."""

    id: str
    meaning: str
    ids: Sequence[str]


TAG_CLUSTER: Final = "TAG-CLUSTER"
CLUSTER_TAGS: Final = "kubernetes.io/"
"""How the keys of the cluster's tags begin."""
_ENDPOINTS_GROUP: Final = "EndpointSecurityGroup"
_LISTENERS: Final = ("ExternalApiListener", "InternalApiListener", "InternalServiceInternalListener")
_SUBNETS: Final = ("PublicSubnet", "PrivateSubnet")
_SHARED: Final = (_ENDPOINTS_GROUP, *_LISTENERS, *_SUBNETS)
"""What several rows are made of."""

ROWS: Final = (
    RequirementRow("NET-VPC", "a VPC with DNS support and DNS host names", ("VPC",)),
    RequirementRow("NET-PUBLIC", "a public subnet in each zone", ("PublicSubnet", "PublicSubnetRouteTableAssociation")),
    RequirementRow(
        "NET-IGW",
        "an internet gateway with a public default route",
        ("InternetGateway", "GatewayToInternet", "PublicRouteTable", "PublicRoute"),
    ),
    RequirementRow("NET-NAT", "a NAT gateway with an Elastic IP", ("EIP", "NAT", "Route")),
    RequirementRow(
        "NET-PRIVATE",
        "a private subnet in each zone, with a route table of its own",
        ("PrivateSubnet", "PrivateRouteTable", "PrivateSubnetRouteTableAssociation"),
    ),
    RequirementRow(
        "NET-ACL",
        "a network ACL on the public subnets",
        ("PublicNetworkAcl", "*PublicNetworkAclEntry", "PublicSubnetNetworkAclAssociation"),
    ),
    RequirementRow("NET-S3", "an S3 endpoint on every route table", ("S3Endpoint", "S3InterfaceEndpoint")),
    RequirementRow("NET-EC2", "an interface endpoint for EC2", ("Ec2Endpoint", _ENDPOINTS_GROUP)),
    RequirementRow(
        "NET-ELB", "an interface endpoint for load balancing", ("ElasticloadbalancingEndpoint", _ENDPOINTS_GROUP)
    ),
    RequirementRow("NET-TRANSIT", "ways to other networks", ("TransitGatewayAttachment*", "TransitRoute*")),
    RequirementRow(
        "NET-DHCP",
        "DHCP options, and further blocks of the VPC",
        ("DHCPOptions", "VPCDHCPOptionsAssociation", "VPCCidrBlock*"),
    ),
    RequirementRow("DNS-PUBLIC", "the public zone of the base domain", ("ExtDns",)),
    RequirementRow("DNS-PRIVATE", "a private zone of the cluster's name, associated with the VPC", ("IntDns",)),
    RequirementRow("DNS-API", "the API's name in the public zone", ("ExternalApiServerRecord",)),
    RequirementRow("DNS-API-INT", "the API's names in the private zone", ("InternalApiServerRecord",)),
    RequirementRow("DNS-ETCD", "etcd's names", ("EtcdSrvRecords", "Etcd*Record")),
    RequirementRow("DNS-APPS", "the router's names", ("ExternalAppsRecord", "InternalAppsRecord")),
    RequirementRow(
        "LB-EXT",
        "a load balancer for the API's clients outside",
        ("ExtApiElb", "ExternalApiListener"),
    ),
    RequirementRow(
        "LB-INT",
        "a load balancer for the API and the machine configurations inside",
        ("IntApiElb", "InternalApiListener", "InternalServiceInternalListener"),
    ),
    RequirementRow(
        "LB-HEALTH",
        "health checks and attributes of the target groups",
        ("ExternalApiTargetGroup", "InternalApiTargetGroup", "InternalServiceTargetGroup"),
    ),
    RequirementRow("LB-TARGETS", "the control plane's addresses behind the balancers", ("*TargetGroup/target *",)),
    RequirementRow("LB-REACH", "the balancers answer who may ask, and nobody else", _LISTENERS),
    RequirementRow(
        "LB-CLASSIC",
        "classic load balancers in their place",
        ("ExtApiClassicElb", "ExtApiElbSecurityGroup", "IntApiClassicElb", "IntApiElbSecurityGroup"),
    ),
    RequirementRow("SG-MASTER", "the control plane's security group", ("MasterSecurityGroup",)),
    RequirementRow("SG-WORKER", "the compute machines' security group", ("WorkerSecurityGroup",)),
    RequirementRow("SG-BOOTSTRAP", "the bootstrap machine's security group", ("BootstrapSecurityGroup",)),
    RequirementRow("SG-MASTER-INGRESS", "what machines ask of the control plane", ("MasterIngress*",)),
    RequirementRow("SG-WORKER-INGRESS", "what machines ask of compute machines", ("WorkerIngress*",)),
    RequirementRow("IAM-MASTER", "the control plane's role and profile", ("MasterIamRole", "MasterInstanceProfile")),
    RequirementRow("IAM-WORKER", "the compute machines' role and profile", ("WorkerIamRole", "WorkerInstanceProfile")),
    RequirementRow(
        "IAM-BOOTSTRAP", "the bootstrap machine's role and profile", ("BootstrapIamRole", "BootstrapInstanceProfile")
    ),
    RequirementRow("S3-BUCKET", "a bucket for the ignition files", ("InfraBucket", "InfraBucketPolicy")),
    RequirementRow("S3-IGNITION", "bootstrap.ign in it", ("BootstrapIgnition",)),
    RequirementRow(TAG_CLUSTER, "the cluster's tags on subnets", ("SubnetTags*", *_SUBNETS)),
    RequirementRow("AIR-GAP", "each AWS service that the cluster calls, reached inside AWS", ("*Endpoint",)),
)
"""In the order in which they are shown. A resource belongs to the first row that names it, but for what is
shared: the group of all interface endpoints, the listeners, and subnets, whose tags are a row of their own."""


def rows_of(logical_id: str) -> Sequence[str]:
    """The ids of the rows that a resource belongs to; none for one of the user's own."""
    whole = logical_id.partition("/")[0]
    names = {whole, re.sub(r"(?<=[A-Za-z])\d+$", "", whole)}
    if shared := names.intersection(_SHARED):
        return [row.id for row in ROWS if not shared.isdisjoint(row.ids)]
    as_part = [row.id for row in ROWS if whole != logical_id and _is_named((logical_id,), row.ids)]
    return (as_part or [row.id for row in ROWS if _is_named(names, row.ids)])[:1]


def is_asked(row: str, resource: Resource) -> bool:
    """Whether the plan asks for a row by this resource of it: for tags only by a subnet that is to carry the cluster's,
    of which there is none before the cluster has its id."""
    if row != TAG_CLUSTER:
        return True
    tags: Any = resource.properties.get("Tags", ())
    return any(str(tag["Key"]).startswith(f"{CLUSTER_TAGS}cluster/") for tag in tags)


def _is_named(names: Iterable[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
