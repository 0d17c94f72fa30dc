"""Which requirement each thing of a plan is for, written down a second time: by REQUIREMENTS of the documentation's
table, and not by what ocpprov makes of it."""

from __future__ import annotations

import re
from typing import Final

_ROWS: Final = (
    (r"VPC", "NET-VPC"),
    (r"PublicSubnet(RouteTableAssociation)?\d*", "NET-PUBLIC"),
    (r"InternetGateway|GatewayToInternet|PublicRouteTable|PublicRoute", "NET-IGW"),
    (r"(EIP|NAT|Route)\d*", "NET-NAT"),
    (r"PrivateSubnet(RouteTableAssociation)?\d*|PrivateRouteTable\d*", "NET-PRIVATE"),
    (r"PublicNetworkAcl|\w+PublicNetworkAclEntry|PublicSubnetNetworkAclAssociation\d*", "NET-ACL"),
    (r"S3Endpoint", "NET-S3"),
    (r"Ec2Endpoint|EndpointSecurityGroup.*", "NET-EC2"),
    (r"ElasticloadbalancingEndpoint", "NET-ELB"),
    (r"\w+Endpoint", "AIR-GAP"),
    (r"DHCPOptions|VPCDHCPOptionsAssociation|VPCCidrBlock\d*", "NET-DHCP"),
    (r"ExtDns", "DNS-PUBLIC"),
    (r"IntDns", "DNS-PRIVATE"),
    (r"ExternalApiServerRecord.*", "DNS-API"),
    (r"InternalApiServerRecord.*", "DNS-API-INT"),
    (r"Etcd\w*Records?.*", "DNS-ETCD"),
    (r"ExtApiElb|ExternalApiListener", "LB-EXT"),
    (r"IntApiElb|Internal(Api|ServiceInternal)Listener", "LB-INT"),
    (r"\w+TargetGroup", "LB-HEALTH"),
    (r"\w+TargetGroup/target .*", "LB-TARGETS"),
    (r"MasterSecurityGroup.*", "SG-MASTER"),
    (r"WorkerSecurityGroup.*", "SG-WORKER"),
    (r"BootstrapSecurityGroup.*", "SG-BOOTSTRAP"),
    (r"MasterIngress\w+", "SG-MASTER-INGRESS"),
    (r"WorkerIngress\w+", "SG-WORKER-INGRESS"),
    (r"Master(IamRole.*|InstanceProfile)", "IAM-MASTER"),
    (r"Worker(IamRole.*|InstanceProfile)", "IAM-WORKER"),
    (r"Bootstrap(IamRole.*|InstanceProfile)", "IAM-BOOTSTRAP"),
    (r"InfraBucket(Policy)?", "S3-BUCKET"),
    (r"BootstrapIgnition", "S3-IGNITION"),
    (r"SubnetTags.*", "TAG-CLUSTER"),
)


def row_of(logical_id: str) -> str:
    """The one that suffers first when the thing is broken."""
    return next(row for pattern, row in _ROWS if re.fullmatch(pattern, logical_id))
