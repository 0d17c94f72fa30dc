"""What AWS wants before what: the rows that the bound is worked out from.

It is a table of its own, made from public sources, and shares nothing with the code that is measured. Where AWS
refuses for some seconds, as after the attachment of an internet gateway, that it does is public; how long is from
memory, and is what the sandbox holds too: a bound without those seconds couldn't be reached there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias


@dataclass(frozen=True)
class Times:
    """Seconds: of each call, of what AWS makes, and after a deletion until what it held is free."""

    latency: float = 0.08
    nat_gateway: float = 100.0
    load_balancer: float = 150.0
    interface_endpoint: float = 75.0
    gateway_endpoint: float = 5.0
    nat_gateway_gone: float = 45.0
    balancer_interfaces_gone: float = 60.0
    interface_endpoint_gone: float = 75.0


Seconds: TypeAlias = Callable[[Times], float]
Only: TypeAlias = Mapping[str, Any]
"""Properties that a thing has where a row is about it."""

VPC: Final = "AWS::EC2::VPC"
GATEWAY: Final = "AWS::EC2::InternetGateway"
ATTACHMENT: Final = "AWS::EC2::VPCGatewayAttachment"
SUBNET: Final = "AWS::EC2::Subnet"
TABLE: Final = "AWS::EC2::RouteTable"
ROUTE: Final = "AWS::EC2::Route"
TABLE_OF_SUBNET: Final = "AWS::EC2::SubnetRouteTableAssociation"
ADDRESS: Final = "AWS::EC2::EIP"
NAT: Final = "AWS::EC2::NatGateway"
ACL: Final = "AWS::EC2::NetworkAcl"
ACL_ENTRY: Final = "AWS::EC2::NetworkAclEntry"
ACL_OF_SUBNET: Final = "AWS::EC2::SubnetNetworkAclAssociation"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
GROUP: Final = "AWS::EC2::SecurityGroup"
RULE: Final = "AWS::EC2::SecurityGroupIngress"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
TARGETS: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
ZONE: Final = "AWS::Route53::HostedZone"
RECORDS: Final = "AWS::Route53::RecordSetGroup"
ROLE: Final = "AWS::IAM::Role"
PROFILE: Final = "AWS::IAM::InstanceProfile"
BUCKET: Final = "AWS::S3::Bucket"
BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"

INTERFACE: Final[Only] = {"VpcEndpointType": "Interface"}
GATEWAY_ENDPOINT: Final[Only] = {"VpcEndpointType": "Gateway"}
_EC2: Final = "EC2 API reference"
_ELB: Final = "Elastic Load Balancing API reference"
_IAM: Final = "IAM API reference"
_ROUTE53: Final = "Route 53 API reference"
_S3: Final = "S3 API reference; S3 user guide: new buckets are encrypted and block public access by themselves"


@dataclass(frozen=True)
class Making:
    """How a thing of this type is made: `first` makes what others refer to; each of `then` is needed where the thing
    has this property, all at the same time, `lag` seconds later. `late`: only `then` needs what the thing refers to.
    `together`: things with the same value of this property go in one call."""

    type: str
    first: str
    source: str
    then: Mapping[str, str] = field(default_factory=dict)
    lag: float = 0.0
    late: bool = False
    together: str = ""


MAKING: Final = (
    # CreateVpc takes no DNS attributes; names of hosts are off by default.
    Making(VPC, "CreateVpc", _EC2, {"EnableDnsHostnames": "ModifyVpcAttribute"}),
    Making(GATEWAY, "CreateInternetGateway", _EC2),
    Making(ATTACHMENT, "AttachInternetGateway", _EC2),
    Making(SUBNET, "CreateSubnet", _EC2),
    Making(TABLE, "CreateRouteTable", _EC2),
    Making(ROUTE, "CreateRoute", _EC2),
    Making(TABLE_OF_SUBNET, "AssociateRouteTable", _EC2),
    Making(ADDRESS, "AllocateAddress", _EC2),
    Making(NAT, "CreateNatGateway", _EC2),
    Making(ACL, "CreateNetworkAcl", _EC2),
    Making(ACL_ENTRY, "CreateNetworkAclEntry", _EC2),
    Making(ACL_OF_SUBNET, "ReplaceNetworkAclAssociation", _EC2),
    Making(ENDPOINT, "CreateVpcEndpoint", _EC2),
    Making(GROUP, "CreateSecurityGroup", _EC2, {"SecurityGroupIngress": "AuthorizeSecurityGroupIngress"}, lag=2.0),
    Making(RULE, "AuthorizeSecurityGroupIngress", _EC2, together="GroupId"),
    Making(BALANCER, "CreateLoadBalancer", _ELB, {"LoadBalancerAttributes": "ModifyLoadBalancerAttributes"}),
    Making(
        TARGETS,
        "CreateTargetGroup",
        _ELB,
        {"TargetGroupAttributes": "ModifyTargetGroupAttributes", "Targets": "RegisterTargets"},
        lag=2.0,
    ),
    Making(LISTENER, "CreateListener", _ELB),
    Making(ZONE, "CreateHostedZone", _ROUTE53, {"HostedZoneTags": "ChangeTagsForResource"}),
    Making(RECORDS, "ChangeResourceRecordSets", _ROUTE53, together="HostedZoneId"),
    Making(ROLE, "CreateRole", _IAM, {"Policies": "PutRolePolicy"}, lag=3.0, late=True),
    Making(PROFILE, "CreateInstanceProfile", _IAM, {"Roles": "AddRoleToInstanceProfile"}, late=True),
    Making(BUCKET, "CreateBucket", _S3, {"Tags": "PutBucketTagging"}),
    Making(BUCKET_POLICY, "PutBucketPolicy", _S3),
)


@dataclass(frozen=True)
class Before:
    """What `user` refers to has to be there for `seconds` more. `looked_for`: only a look tells when, so that one poll
    comes on top. `whole`: with all the calls that make it, and not just the first."""

    user: str
    used: str
    seconds: Seconds
    source: str
    looked_for: bool = False
    whole: bool = False
    only: Only = field(default_factory=dict)


BEFORE: Final = (
    Before(RECORDS, BALANCER, lambda t: t.load_balancer, "boto/boto#2519: alias to a balancer that isn't active", True),
    Before(
        ROUTE, NAT, lambda t: t.nat_gateway, "kubernetes/kops#944, boto/boto3#779: route to a pending gateway", True
    ),
    Before(ROUTE, ATTACHMENT, lambda _: 3.0, "smoketurner/serverless-vpc-plugin#147"),
    Before(BALANCER, ATTACHMENT, lambda _: 3.0, "openshift/installer#1110", only={"Scheme": "internet-facing"}),
    Before(NAT, ADDRESS, lambda _: 2.0, "cluster-api-provider-aws: InvalidAllocationID.NotFound is tried again"),
    Before(NAT, SUBNET, lambda _: 2.0, "cluster-api-provider-aws: InvalidSubnet is tried again"),
    Before(ENDPOINT, TABLE, lambda _: 2.0, "cluster-api-provider-aws: InvalidRouteTableId.NotFound is tried again"),
    Before(ENDPOINT, GROUP, lambda _: 2.0, "EC2 API reference, eventual consistency"),
    Before(
        ENDPOINT,
        VPC,
        lambda _: 5.0,
        "GuardDuty user guide, Runtime Monitoring coverage: private names want both DNS attributes",
        whole=True,
        only={"PrivateDnsEnabled": True},
    ),
    Before(RULE, GROUP, lambda _: 2.0, "EC2 API reference, eventual consistency"),
    Before(LISTENER, BALANCER, lambda _: 2.0, "ELB API reference, CreateListener: LoadBalancerNotFound"),
    Before(LISTENER, TARGETS, lambda _: 2.0, "ELB API reference, CreateListener: TargetGroupNotFound"),
    Before(TARGETS, VPC, lambda _: 2.0, "ELB API reference, CreateTargetGroup"),
    Before(ZONE, VPC, lambda _: 5.0, "Route 53 API reference, CreateHostedZone: InvalidVPCId"),
    Before(PROFILE, ROLE, lambda _: 3.0, "IAM user guide, eventual consistency"),
)


@dataclass(frozen=True)
class Awaited:
    """An apply hasn't succeeded before this is ready: so many seconds after its first call, and one poll."""

    type: str
    seconds: Seconds
    source: str
    only: Only = field(default_factory=dict)


AWAITED: Final = (
    Awaited(NAT, lambda t: t.nat_gateway, "EC2 API reference, NatGateway: pending, available"),
    Awaited(BALANCER, lambda t: t.load_balancer, "ELB API reference, LoadBalancerState: provisioning, active"),
    Awaited(ENDPOINT, lambda t: t.interface_endpoint, "EC2 API reference, VpcEndpoint: pending", INTERFACE),
    Awaited(ENDPOINT, lambda t: t.gateway_endpoint, "EC2 API reference, VpcEndpoint: pending", GATEWAY_ENDPOINT),
)
"""A change of records isn't awaited until it is INSYNC: nothing of a plan needs it, Route 53 answers by it within a
minute (its API reference, ChangeResourceRecordSets), and `ocpprov` doesn't wait for it. So the bound is the lower."""


@dataclass(frozen=True)
class Deleting:
    """How a thing of this type goes: calls one after another. None: it goes with something else, as `source` says.
    `together`: things with the same value of this property go in one call; of the same type where it is `*`."""

    type: str
    calls: tuple[str, ...]
    source: str
    together: str = ""


_GOES: Final = "goes with it: EC2 API reference"
DELETING: Final = (
    Deleting(VPC, ("DeleteVpc",), _EC2),
    Deleting(GATEWAY, ("DeleteInternetGateway",), _EC2),
    Deleting(ATTACHMENT, ("DetachInternetGateway",), _EC2),
    Deleting(SUBNET, ("DeleteSubnet",), _EC2),
    Deleting(TABLE, ("DeleteRouteTable",), _EC2),
    Deleting(ROUTE, (), f"{_GOES}, DeleteRouteTable"),
    Deleting(TABLE_OF_SUBNET, (), f"{_GOES}, DeleteSubnet"),
    Deleting(ADDRESS, ("ReleaseAddress",), _EC2),
    Deleting(NAT, ("DeleteNatGateway",), _EC2),
    Deleting(ACL, ("DeleteNetworkAcl",), _EC2),
    Deleting(ACL_ENTRY, (), f"{_GOES}, DeleteNetworkAcl"),
    Deleting(ACL_OF_SUBNET, (), f"{_GOES}, DeleteSubnet"),
    Deleting(ENDPOINT, ("DeleteVpcEndpoints",), _EC2, together="*"),
    Deleting(GROUP, ("DeleteSecurityGroup",), _EC2),
    Deleting(RULE, (), f"{_GOES}, DeleteSecurityGroup"),
    Deleting(BALANCER, ("DeleteLoadBalancer",), _ELB),
    Deleting(TARGETS, ("DeleteTargetGroup",), _ELB),
    Deleting(LISTENER, (), "Elastic Load Balancing user guide: deleting a balancer deletes its listeners"),
    Deleting(ZONE, ("DeleteHostedZone",), _ROUTE53),
    Deleting(RECORDS, ("ChangeResourceRecordSets",), _ROUTE53, together="HostedZoneId"),
    Deleting(ROLE, ("DeleteRolePolicy", "DeleteRole"), _IAM),
    Deleting(PROFILE, ("RemoveRoleFromInstanceProfile", "DeleteInstanceProfile"), _IAM),
    Deleting(BUCKET, ("DeleteBucket",), _S3),
    Deleting(BUCKET_POLICY, (), "S3 user guide: a bucket's policy goes with it"),
)


@dataclass(frozen=True)
class Held:
    """What `user` refers to can't go until `user`'s deletion has been answered, and `seconds` after that.
    `looked_for`: only a look tells when."""

    user: str
    used: str
    source: str
    seconds: Seconds = lambda _: 0.0
    looked_for: bool = False
    only: Only = field(default_factory=dict)


_DELETE_VPC: Final = "EC2 API reference, DeleteVpc: all gateways and resources of the VPC first"
HELD: Final = (
    Held(SUBNET, VPC, _DELETE_VPC),
    Held(TABLE, VPC, _DELETE_VPC),
    Held(ACL, VPC, _DELETE_VPC),
    Held(GROUP, VPC, _DELETE_VPC),
    Held(ATTACHMENT, VPC, _DELETE_VPC),
    Held(ATTACHMENT, GATEWAY, "EC2 API reference, DeleteInternetGateway: detach it first"),
    Held(
        BALANCER,
        SUBNET,
        "hashicorp/terraform-provider-aws waits for the interfaces of a deleted balancer",
        lambda t: t.balancer_interfaces_gone,
        True,
    ),
    Held(NAT, SUBNET, "EC2 API reference, error codes: DependencyViolation", lambda t: t.nat_gateway_gone, True),
    Held(
        NAT,
        ATTACHMENT,
        "EC2 API reference, DetachInternetGateway: no mapped public addresses",
        lambda t: t.nat_gateway_gone,
        True,
    ),
    Held(NAT, ADDRESS, "cluster-api-provider-aws tries AuthFailure again", lambda t: t.nat_gateway_gone + 10.0, True),
    Held(ENDPOINT, SUBNET, "gruntwork-io/cloud-nuke#293", lambda t: t.interface_endpoint_gone, True, INTERFACE),
    Held(ENDPOINT, GROUP, "gruntwork-io/cloud-nuke#293", lambda t: t.interface_endpoint_gone, True, INTERFACE),
    Held(ENDPOINT, VPC, _DELETE_VPC, lambda t: t.gateway_endpoint, True, GATEWAY_ENDPOINT),
    Held(RECORDS, ZONE, "Route 53 API reference, DeleteHostedZone: HostedZoneNotEmpty"),
    Held(LISTENER, TARGETS, "pulumi/pulumi#5900, cloud-custodian#3559: in use for some seconds", lambda _: 5.0),
)
"""That a group can't go while a rule of another one names it (EC2 API reference, DeleteSecurityGroup) takes a
revocation where two name each other: a call more, but never one on the longest chain."""
