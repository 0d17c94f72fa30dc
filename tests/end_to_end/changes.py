"""Changes of a plan, one thing at a time, and what each may move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BASE: Mapping[str, Any] = {
    "name": "changing",
    "region": "eu-west-1",
    "openshift": {
        "version": "4.12",
        "clusterName": "prod",
        "baseDomain": "example-corp.net",
        "infraID": "prod-x7k2p",
        "publish": "External",
        "publicZone": "create",
        "zones": 2,
        "egress": "nat",
        "networkAcl": "working",
        "controlPlane": {"addresses": ["10.0.48.10", "10.0.64.10"]},
        "bootstrap": {"address": "10.0.48.20"},
    },
}
TEMPLATE: Mapping[str, Any] = {
    "name": "changing",
    "region": "eu-west-1",
    "Resources": {
        "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Zone": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "Net"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "eu-west-1a"},
        },
        "Balancer": {
            "Type": "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "Properties": {"Name": "one", "Type": "network", "Scheme": "internal", "Subnets": [{"Ref": "Zone"}]},
        },
        "Machines": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {
                "Name": "one",
                "Port": 6443,
                "Protocol": "TCP",
                "TargetType": "ip",
                "VpcId": {"Ref": "Net"},
                "HealthCheckProtocol": "HTTPS",
                "HealthCheckPath": "/readyz",
                "HealthCheckIntervalSeconds": 10,
            },
        },
        "Port": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "Balancer"},
                "Port": 6443,
                "Protocol": "TCP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "Machines"}}],
            },
        },
    },
}
TARGETS = ("TargetGroup ExternalApiTargetGroup", "TargetGroup InternalApiTargetGroup")
ALL_TARGETS = (*TARGETS, "TargetGroup InternalServiceTargetGroup")
BALANCERS = (
    "Listener {ExternalApi,InternalApi,InternalServiceInternal}Listener",
    "LoadBalancer {Ext,Int}ApiElb",
    "TargetGroup {ExternalApi,InternalApi,InternalService}TargetGroup",
)
API_RECORDS = ("private api-int.prod", "private api.prod", "public api.prod")
ROLES = ("Role BootstrapIamRole", "Role MasterIamRole", "Role WorkerIamRole")


def each(names: Sequence[str], row: str) -> tuple[str, ...]:
    """The same property of several."""
    return tuple(f"{name}: {row}" for name in names)


def records(names: Sequence[str], type: str) -> tuple[str, ...]:
    """Records of the cluster's domain, as a snapshot names them."""
    return tuple(f"RecordSet {name}.example-corp.net. {type}" for name in names)


@dataclass(frozen=True)
class Change:
    """`edit`: keys of the plan, a path each, and their new values (None: without it). `says`: what `plan` shows.
    `came`, `went`, `changed`: the whole difference, each name
    with alternatives in braces and `*` for what nobody can know before."""

    edit: Mapping[str, Any]
    says: tuple[str, ...]
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """Changes, each of the plan that the one before left."""

    base: Mapping[str, Any]
    first: Mapping[str, Any]
    changes: Mapping[str, Change] = field(default_factory=dict)


MACHINES = Chain(
    BASE,
    {"openshift.infraID": None},
    {
        "the infraID becomes known": Change(
            {"openshift.infraID": "prod-x7k2p"},
            (
                "create  IntDns",
                "create  MasterSecurityGroup",
                'Tags.kubernetes.io/cluster/prod-x7k2p: nothing -> "shared"',
            ),
            came=(
                # The public zone came with the network: openshift-install looks for it before there is an infraID.
                "HostedZone IntDns",
                "InstanceProfile {Bootstrap,Master,Worker}InstanceProfile",
                "Role {Bootstrap,Master,Worker}IamRole",
                *BALANCERS,
                *records(API_RECORDS, "A"),
                "RecordSet private prod.example-corp.net. {NS,SOA}",
                "SecurityGroup {Bootstrap,Master,Worker}SecurityGroup",
            ),
            changed=("Subnet {Public,Private}Subnet{,2}: Tags",),
        ),
        "an address more": Change(
            {"openshift.controlPlane.addresses": ["10.0.48.10", "10.0.64.10", "10.0.64.11"]},
            ("create  InternalServiceTargetGroup/target 10.0.64.11:22623", "3 to create"),
            changed=each(ALL_TARGETS, "Targets"),
        ),
        "etcd records": Change(
            {"openshift.etcdRecords": True},
            ("create  EtcdSrvRecords", "create  Etcd2Record"),
            came=(
                *records(("private etcd-0.prod", "private etcd-1.prod", "private etcd-2.prod"), "A"),
                *records(("private _etcd-server-ssl._tcp.prod",), "SRV"),
            ),
        ),
        "an address less": Change(
            {"openshift.controlPlane.addresses": ["10.0.48.10", "10.0.64.10"]},
            ("update  EtcdSrvRecords", "ResourceRecords: ", "etcd-2.prod.example-corp.net A", "4 to delete"),
            went=records(("private etcd-2.prod",), "A"),
            changed=(
                *each(ALL_TARGETS, "Targets"),
                *each(records(("private _etcd-server-ssl._tcp.prod",), "SRV"), "ResourceRecords"),
            ),
        ),
        "no etcd records": Change(
            {"openshift.etcdRecords": False},
            ("3 to delete",),
            went=(
                *records(("private etcd-0.prod", "private etcd-1.prod"), "A"),
                *records(("private _etcd-server-ssl._tcp.prod",), "SRV"),
            ),
        ),
        "who reaches the bootstrap machine": Change(
            {"openshift.bootstrap.from": "192.0.2.0/24"},
            ("create  BootstrapSecurityGroup/ingress tcp 22 192.0.2.0/24", "2 to create, 2 to delete"),
            changed=("SecurityGroup BootstrapSecurityGroup: IpPermissions",),
        ),
        "bootstrap off": Change(
            {"openshift.bootstrap": False},
            ("delete  BootstrapSecurityGroup", "delete  BootstrapIamRole", "10.0.48.20:22623"),
            went=("InstanceProfile BootstrapInstanceProfile", ROLES[0], "SecurityGroup BootstrapSecurityGroup"),
            changed=each(ALL_TARGETS, "Targets"),
        ),
        "bootstrap on again": Change(
            {"openshift.bootstrap": {"address": "10.0.64.20"}},
            ("create  BootstrapSecurityGroup", "create  InternalApiTargetGroup/target 10.0.64.20:6443"),
            came=("InstanceProfile BootstrapInstanceProfile", ROLES[0], "SecurityGroup BootstrapSecurityGroup"),
            changed=each(ALL_TARGETS, "Targets"),
        ),
        "documented policies": Change(
            {"openshift.iam.policies": "documented"},
            ("MasterIamRole/policy prod-x7k2p-master-policy", "PolicyDocument: ", "3 to update"),
            changed=each(ROLES, "Policies"),
        ),
        "a permissions boundary": Change(
            {"openshift.iam.permissionsBoundary": "arn:aws:iam::123456789012:policy/edge"},
            ('PermissionsBoundary: "" -> "arn:aws:iam::123456789012:policy/edge"',),
            changed=each(ROLES, "PermissionsBoundary"),
        ),
    },
)
NETWORK = Chain(
    BASE,
    {},
    {
        "the documented ACL": Change(
            {"openshift.networkAcl": "documented"},
            ("PublicNetworkAcl/e in 90", "6 to delete"),
            changed=("NetworkAcl PublicNetworkAcl: Entries",),
        ),
        "the VPC's own ACL": Change(
            {"openshift.networkAcl": "vpc-default"},
            ("delete  PublicNetworkAcl",),
            went=("NetworkAcl PublicNetworkAcl",),
            changed=("NetworkAcl acl-*: Associations",),
        ),
        "the working ACL": Change(
            {"openshift.networkAcl": "working"},
            ("create  PublicNetworkAcl", "create  InboundVpcPublicNetworkAclEntry"),
            came=("NetworkAcl PublicNetworkAcl",),
            changed=("NetworkAcl acl-*: Associations",),
        ),
        "an endpoint more": Change(
            {"openshift.endpoints": ["s3", "ec2", "sts"]},
            ("create  Ec2Endpoint", "create  StsEndpoint", "create  EndpointSecurityGroup"),
            came=("SecurityGroup EndpointSecurityGroup", "VPCEndpoint {Ec2,Sts}Endpoint"),
        ),
        "an endpoint less": Change(
            {"openshift.endpoints": ["s3", "sts"]},
            ("delete  Ec2Endpoint",),
            went=("VPCEndpoint Ec2Endpoint",),
        ),
        "a zone more": Change(
            {"openshift.zones": 3},
            ("create  PrivateSubnet3", "update  S3Endpoint", "update  IntApiElb", "Subnets: "),
            came=("EIP EIP3", "NatGateway NAT3", "RouteTable PrivateRouteTable3", "Subnet {Public,Private}Subnet3"),
            changed=(
                "LoadBalancer {Ext,Int}ApiElb: AvailabilityZones",
                "NetworkAcl {PublicNetworkAcl,acl-*}: Associations",
                "RouteTable PublicRouteTable: Associations",
                "VPCEndpoint S3Endpoint: RouteTableIds",
                "VPCEndpoint StsEndpoint: SubnetIds",
            ),
        ),
        "a zone less": Change(
            {"openshift.zones": 2},
            ("delete  PrivateSubnet3", "delete  NAT3", "update  S3Endpoint"),
            went=("EIP EIP3", "NatGateway NAT3", "RouteTable PrivateRouteTable3", "Subnet {Public,Private}Subnet3"),
            changed=(
                "LoadBalancer {Ext,Int}ApiElb: AvailabilityZones",
                "NetworkAcl {PublicNetworkAcl,acl-*}: Associations",
                "RouteTable PublicRouteTable: Associations",
                "VPCEndpoint S3Endpoint: RouteTableIds",
                "VPCEndpoint StsEndpoint: SubnetIds",
            ),
            allow=("EIP3", "PrivateSubnet3", "PublicSubnet3"),
        ),
        "one gateway for all zones": Change(
            {"openshift.egress": "nat-single"},
            ("update  Route2", "NatGatewayId: ", "delete  NAT2"),
            went=("EIP EIP2", "NatGateway NAT2"),
            changed=("RouteTable PrivateRouteTable2: Routes",),
            allow=("EIP2",),
        ),
        "name servers of the company": Change(
            {"openshift.dhcpOptions": {"domainName": "corp.example", "domainNameServers": ["10.0.0.2"]}},
            ("create  DHCPOptions", "create  VPCDHCPOptionsAssociation"),
            came=("DHCPOptions DHCPOptions",),
            changed=("VPC VPC: DhcpOptionsId = dopt-*",),
        ),
        "a second network": Change(
            {"openshift.secondaryNetworks": ["10.9.0.0/16"]},
            ("create  VPCCidrBlock10x9x0x0x16", "create  MasterSecurityGroup/ingress tcp 6443 10.9.0.0/16"),
            changed=(
                "NetworkAcl PublicNetworkAcl: Entries",
                # AWS's own route to the new block
                "RouteTable {PublicRouteTable,PrivateRouteTable,PrivateRouteTable2,rtb-*}: Routes",
                "SecurityGroup {Bootstrap,Endpoint,Master,Worker}SecurityGroup: IpPermissions",
                "VPC VPC: CidrBlockAssociationSet",
            ),
        ),
    },
)
NAMES = Chain(
    BASE,
    {},
    {
        "CNAME records": Change(
            {"openshift.recordType": "cname"},
            ("create  InternalApiServerRecord/api-int.prod.example-corp.net CNAME", "3 to create", "3 to delete"),
            came=records(API_RECORDS, "CNAME"),
            went=records(API_RECORDS, "A"),
        ),
        "a record for the router": Change(
            {"openshift.appsRecord": "router-1.eu-west-1.elb.amazonaws.com"},
            ("apps.prod.example-corp.net CNAME", "2 to create"),
            came=("RecordSet {public,private} *.apps.prod.example-corp.net. CNAME",),
        ),
        "none for the router": Change(
            {"openshift.appsRecord": "none"},
            ("2 to delete",),
            went=("RecordSet {public,private} *.apps.prod.example-corp.net. CNAME",),
        ),
        "alias records": Change(
            {"openshift.recordType": "alias"},
            ("create  ExternalApiServerRecord/api.prod.example-corp.net A",),
            came=records(API_RECORDS, "A"),
            went=records(API_RECORDS, "CNAME"),
        ),
        "published inside only": Change(
            {"openshift.publish": "Internal", "openshift.publicZone": None},
            ("delete  ExtApiElb", "delete  ExternalApiListener", "delete  ExtDns"),
            went=(
                "HostedZone ExtDns",
                "Listener ExternalApiListener",
                "LoadBalancer ExtApiElb",
                "TargetGroup ExternalApiTargetGroup",
                "RecordSet public example-corp.net. {NS,SOA}",
                "RecordSet public api.prod.example-corp.net. A",
            ),
            allow=("ExtApiElb", "ExtDns"),
        ),
        "published outside": Change(
            {"openshift.publish": "External", "openshift.publicZone": "create"},
            ("create  ExtApiElb", "create  ExternalApiListener", "create  ExtDns"),
            came=(
                "HostedZone ExtDns",
                "Listener ExternalApiListener",
                "LoadBalancer ExtApiElb",
                "TargetGroup ExternalApiTargetGroup",
                "RecordSet public example-corp.net. {NS,SOA}",
                "RecordSet public api.prod.example-corp.net. A",
            ),
        ),
        "classic balancers": Change(
            {"openshift.loadBalancers": "classic"},
            (
                "create  IntApiClassicElb",
                "delete  IntApiElb",
                "AliasTarget: ",
                "no instance has the address 10.0.48.10 yet",
            ),
            came=("ClassicLoadBalancer {Ext,Int}ApiClassicElb", "SecurityGroup {Ext,Int}ApiElbSecurityGroup"),
            went=BALANCERS,
            changed=each(records(API_RECORDS, "A"), "AliasTarget"),
            allow=("ExtApiElb", "IntApiElb"),
        ),
        "a bucket of that name": Change(
            {"openshift.bucket": {"name": "bucket-of-prod-0815"}},
            ("replace InfraBucket", 'BucketName: "changing-infrabucket-'),
            came=("Bucket InfraBucket",),
            went=("Bucket InfraBucket",),
            changed=("Role BootstrapIamRole: Policies",),
            allow=("InfraBucket",),
        ),
        "a bucket for the endpoint only": Change(
            {"openshift.bucket": {"name": "bucket-of-prod-0815", "onlyThroughEndpoint": True}},
            ("update  InfraBucketPolicy", "PolicyDocument: "),
            changed=("Bucket InfraBucket: Policy",),
        ),
    },
)
TAGS_OF_ALL = each(
    (
        "Bucket InfraBucket",
        "EIP EIP{,2}",
        "HostedZone {Ext,Int}Dns",
        "InstanceProfile {Bootstrap,Master,Worker}InstanceProfile",
        "InternetGateway InternetGateway",
        *BALANCERS,
        "NatGateway NAT{,2}",
        "NetworkAcl PublicNetworkAcl",
        "Role {Bootstrap,Master,Worker}IamRole",
        "RouteTable {PublicRouteTable,PrivateRouteTable,PrivateRouteTable2}",
        "SecurityGroup {Bootstrap,Master,Worker}SecurityGroup",
        "Subnet {Public,Private}Subnet{,2}",
        "VPC VPC",
        "VPCEndpoint S3Endpoint",
    ),
    "Tags",
)
USER_TAGS = Chain(
    BASE,
    {},
    {
        "a user tag": Change(
            {"userTags": {"costCentre": "4711"}}, ('Tags.costCentre: nothing -> "4711"',), changed=TAGS_OF_ALL
        ),
        "a user tag renamed": Change(
            {"userTags": {"costUnit": "4711"}},
            ('Tags.costUnit: nothing -> "4711"', 'Tags.costCentre: "4711" -> nothing'),
            changed=TAGS_OF_ALL,
        ),
        "a user tag of another value": Change(
            {"userTags": {"costUnit": "4712"}}, ('Tags.costUnit: "4711" -> "4712"',), changed=TAGS_OF_ALL
        ),
    },
)
GROUP = "Resources.Machines.Properties."
PROPERTIES = Chain(
    TEMPLATE,
    {},
    {
        "a health check's path": Change(
            {GROUP + "HealthCheckPath": "/healthz"},
            ('HealthCheckPath: "/readyz" -> "/healthz"',),
            changed=("TargetGroup Machines: HealthCheckPath = /healthz",),
        ),
        "a health check's interval": Change(
            {GROUP + "HealthCheckIntervalSeconds": 30},
            ("HealthCheckIntervalSeconds: ",),
            changed=("TargetGroup Machines: HealthCheckIntervalSeconds = 30",),
        ),
        "an attribute of a target group": Change(
            {GROUP + "TargetGroupAttributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": "60"}]},
            ("deregistration_delay.timeout_seconds",),
            changed=("TargetGroup Machines: Attributes",),
        ),
        "an attribute of a balancer": Change(
            {
                "Resources.Balancer.Properties.LoadBalancerAttributes": [
                    {"Key": "load_balancing.cross_zone.enabled", "Value": "true"}
                ]
            },
            ("load_balancing.cross_zone.enabled",),
            changed=("LoadBalancer Balancer: Attributes",),
        ),
        "a listener's port": Change(
            {"Resources.Port.Properties.Port": 443},
            ("update  Port", "Port: "),
            changed=("Listener Port: Port = 443", "Listener Port: Tags"),
        ),
        "a balancer's name": Change(
            {"Resources.Balancer.Properties.Name": "two"},
            ("replace Balancer", 'Name: "one" -> "two"'),
            came=("Listener Port", "LoadBalancer Balancer"),
            went=("Listener Port", "LoadBalancer Balancer"),
            changed=("TargetGroup Machines: LoadBalancerArns",),
            allow=("Balancer",),
        ),
    },
)
ONE_OF_EACH = Chain(
    TEMPLATE,
    {},
    {name: PROPERTIES.changes[name] for name in ("a health check's path", "a balancer's name")},
)
CHAINS = {
    "one of each sort": ONE_OF_EACH,
    "machines": MACHINES,
    "network": NETWORK,
    "names": NAMES,
    "user tags": USER_TAGS,
    "properties": PROPERTIES,
}
