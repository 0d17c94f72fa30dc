"""A plan that has one of everything, what AWS has when it was applied, and its properties, changed one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_network
from typing import Any, Final

from ocpprov.engine.bound import bound_text
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, NotCompared, Property
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import LedgerEntries, desired_tags, revision, with_name
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.values import GetAtt, Ref, Value, resolve
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import OWNER, made_with

_POLICY: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}

EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
BY_NAME: Final = ("AWS::IAM::Role", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::S3::Bucket")
"""Types whose id is their name."""


def _of(type: str, **properties: Any) -> tuple[str, dict[str, Any]]:
    return f"AWS::{type}", properties


def _subnet(block: str) -> tuple[str, dict[str, Any]]:
    return _of("EC2::Subnet", VpcId=Ref("Vpc"), CidrBlock=block, AvailabilityZone="eu-west-1a")


def _group(name: str) -> tuple[str, dict[str, Any]]:
    return _of("EC2::SecurityGroup", VpcId=Ref("Vpc"), GroupName=name, GroupDescription="machines")


def _forward(**to: Any) -> list[Any]:
    return [{"Type": "forward", **to}]


def _target_group(name: str) -> tuple[str, dict[str, Any]]:
    return _of("ElasticLoadBalancingV2::TargetGroup", Name=name, Protocol="TCP", Port=6443, VpcId=Ref("Vpc"))


RESOURCES: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "Vpc": _of("EC2::VPC", CidrBlock="10.0.0.0/16"),
    "One": _subnet("10.0.0.0/24"),
    "Two": _subnet("10.0.1.0/24"),
    "Internet": _of("EC2::InternetGateway"),
    "Attached": _of("EC2::VPCGatewayAttachment", VpcId=Ref("Vpc"), InternetGatewayId=Ref("Internet")),
    "Address": _of("EC2::EIP", Domain="vpc"),
    "Other": _of("EC2::EIP", Domain="vpc"),
    "Names": _of("EC2::DHCPOptions", DomainName="corp.example"),
    "Peering": _of("EC2::VPCPeeringConnection", VpcId=Ref("Vpc"), PeerVpcId="vpc-0"),
    "Nat": _of("EC2::NatGateway", SubnetId=Ref("One"), AllocationId=GetAtt("Address", "AllocationId")),
    "Table": _of("EC2::RouteTable", VpcId=Ref("Vpc")),
    "Uses": _of("EC2::SubnetRouteTableAssociation", SubnetId=Ref("One"), RouteTableId=Ref("Table")),
    "Out": _of("EC2::Route", RouteTableId=Ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId=Ref("Nat")),
    "Acl": _of("EC2::NetworkAcl", VpcId=Ref("Vpc")),
    "AclUsed": _of("EC2::SubnetNetworkAclAssociation", SubnetId=Ref("One"), NetworkAclId=Ref("Acl")),
    "Group": _group("machines"),
    "Peers": _group("peers"),
    "Rule": _of("EC2::SecurityGroupIngress", GroupId=Ref("Group"), IpProtocol="-1", SourceSecurityGroupId=Ref("Peers")),
    "Storage": _of(
        "EC2::VPCEndpoint",
        VpcId=Ref("Vpc"),
        ServiceName="com.amazonaws.eu-west-1.s3",
        VpcEndpointType="Gateway",
        RouteTableIds=[Ref("Table")],
    ),
    "Machines": _of(
        "EC2::VPCEndpoint",
        VpcId=Ref("Vpc"),
        ServiceName="com.amazonaws.eu-west-1.ec2",
        VpcEndpointType="Interface",
        PrivateDnsEnabled=True,
        SubnetIds=[Ref("One"), Ref("Two")],
        SecurityGroupIds=[Ref("Group"), Ref("Peers")],
    ),
    "Transit": _of(
        "EC2::TransitGatewayAttachment", VpcId=Ref("Vpc"), TransitGatewayId="tgw-0", SubnetIds=[Ref("One"), Ref("Two")]
    ),
    "Managed": _of("IAM::ManagedPolicy", ManagedPolicyName="prod-managed", Path="/", PolicyDocument=_POLICY),
    "Boundary": _of("IAM::ManagedPolicy", ManagedPolicyName="prod-boundary", Path="/", PolicyDocument=_POLICY),
    "Role": _of(
        "IAM::Role",
        RoleName="prod-machines",
        Path="/",
        AssumeRolePolicyDocument=_POLICY,
        Policies=[{"PolicyName": "one", "PolicyDocument": _POLICY}],
        ManagedPolicyArns=[Ref("Managed")],
        PermissionsBoundary=Ref("Boundary"),
    ),
    "Profile": _of("IAM::InstanceProfile", InstanceProfileName="prod-machines", Path="/", Roles=[Ref("Role")]),
    "Balancer": _of(
        "ElasticLoadBalancingV2::LoadBalancer",
        Name="prod-int",
        Type="network",
        Scheme="internal",
        Subnets=[Ref("One"), Ref("Two")],
        SecurityGroups=[Ref("Group"), Ref("Peers")],
    ),
    "Single": _of(
        "ElasticLoadBalancingV2::LoadBalancer", Name="prod-one", Type="network", Scheme="internal", Subnets=[Ref("One")]
    ),
    "Mapped": _of(
        "ElasticLoadBalancingV2::LoadBalancer",
        Name="prod-ext",
        Type="network",
        Scheme="internet-facing",
        SubnetMappings=[
            {"SubnetId": Ref("One")},
            {"SubnetId": Ref("Two"), "AllocationId": GetAtt("Other", "AllocationId")},
        ],
    ),
    "Targets": _target_group("prod-api"),
    "Spare": _target_group("prod-spare"),
    "Listener": _of(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn=Ref("Balancer"),
        Protocol="TCP",
        Port=6443,
        DefaultActions=_forward(TargetGroupArn=Ref("Targets")),
    ),
    "Weighted": _of(
        "ElasticLoadBalancingV2::Listener",
        LoadBalancerArn=Ref("Balancer"),
        Protocol="TCP",
        Port=22623,
        DefaultActions=_forward(
            ForwardConfig={
                "TargetGroups": [
                    {"TargetGroupArn": Ref("Targets"), "Weight": 1},
                    {"TargetGroupArn": Ref("Spare"), "Weight": 1},
                ]
            }
        ),
    ),
    "Classic": _of(
        "ElasticLoadBalancing::LoadBalancer",
        LoadBalancerName="prod-classic",
        Scheme="internal",
        Subnets=[Ref("One"), Ref("Two")],
        SecurityGroups=[Ref("Group")],
        Listeners=[{"LoadBalancerPort": "80", "InstancePort": "80", "Protocol": "TCP"}],
    ),
    "Zone": _of("Route53::HostedZone", Name="prod.example.com", VPCs=[{"VPCId": Ref("Vpc"), "VPCRegion": "eu-west-1"}]),
    "Bucket": _of(
        "S3::Bucket",
        BucketName="prod-bucket",
        LifecycleConfiguration={"Rules": [{"Id": "ours", "Status": "Enabled"}]},
    ),
    "File": ("Ocpprov::S3::Object", {"Bucket": Ref("Bucket"), "Key": "bootstrap.ign", "Source": "not-there.ign"}),
}


NOTHING: Final[Mapping[str, Mapping[str, Value]]] = {}


def graph_of(changed: Mapping[str, Mapping[str, Value]] = NOTHING, only: Collection[str] = tuple(RESOURCES)) -> Graph:
    """The plan, or these of its resources, with some properties changed by logical id."""
    resources = {
        name: Resource(name, type, {**properties, **changed.get(name, {})})
        for name, (type, properties) in RESOURCES.items()
        if name in only
    }
    return build(resources, KINDS)


def applied(graph: Graph, owner: Owner = OWNER, given: Collection[str] = ()) -> Inventory:
    """What AWS has once the plan was applied: everything as it was wanted, with an id. `given` is the network that the
    plan only names, where it makes none."""
    lives: dict[str, Live] = {}

    def lookup(reference: Ref | GetAtt) -> Value:
        live = lives[reference.logical_id]
        return live.id if isinstance(reference, Ref) else live.attributes[reference.attribute]

    memory = planned_ledgers(graph.resources, KINDS)
    for name, resource in graph.resources.items():
        kind = KINDS[resource.type]
        resolved = resolve(resource.properties, lookup)
        wanted = kind.normalise(resolved if isinstance(resolved, Mapping) else {})
        revision_ = revision(kind, wanted)
        wanted = with_name(kind, owner, name, wanted, revision_)
        named = wanted.get(kind.name_property or "")
        id = str(named) if resource.type in BY_NAME else f"id-of-{name}"
        if "Key" in wanted:
            id = f"{wanted['Bucket']}/{wanted['Key']}"
        lives[name] = Live(
            resource.type,
            id,
            _as_answered(resource.type, wanted, next(iter(given), "id-of-Vpc")),
            {"AllocationId": f"id-of-{name}"},
            tags=desired_tags(
                owner,
                kind,
                resource,
                revision_,
                memory.get(name, LedgerEntries()),
                bound_text(kind, wanted, id, given),
            ),
            claim=made_with(kind, name),
        )
    by_type: dict[str, list[Live]] = {}
    for live in [*lives.values(), *_of_aws(lives)]:
        by_type.setdefault(live.type, []).append(live)
    return Inventory(by_type)


def _of_aws(lives: Mapping[str, Live]) -> list[Live]:
    """The rule that AWS puts into every new group, where the plan has none for what goes out."""
    with_own = {each.properties.get("GroupId") for each in lives.values() if each.type == EGRESS}
    groups = [each.id for each in lives.values() if each.type == "AWS::EC2::SecurityGroup" and each.id not in with_own]
    rule = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    return [Live(EGRESS, f"sgr-{group}", {**rule, "GroupId": group}, service_owned=True) for group in groups]


@cache
def there() -> Inventory:
    """What AWS has of the whole plan."""
    return applied(graph_of())


def _as_answered(type: str, wanted: Mapping[str, Value], vpc: str) -> Mapping[str, Value]:
    """The properties with what AWS adds: its own choice where there is one, the VPC of whatever has subnets, and a
    balancer's subnets twice."""
    rows = [row for row in KINDS[type].properties if row.create_only and row.allowed]
    wanted = {**{row.name: _chosen(row) for row in rows}, **wanted}
    if type in {"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::EC2::NatGateway"}:
        return {**wanted, "VpcId": vpc}
    if type != "AWS::ElasticLoadBalancingV2::LoadBalancer":
        return wanted
    asked: Any = wanted
    mappings = asked.get("SubnetMappings") or [{"SubnetId": subnet} for subnet in asked["Subnets"]]
    subnets = [mapping["SubnetId"] for mapping in mappings]
    return {"SecurityGroups": [], **wanted, "VpcId": vpc, "Subnets": subnets, "SubnetMappings": mappings}


def _chosen(row: Property) -> Value:
    """What AWS takes where the plan says nothing."""
    return row.allowed[-1] if isinstance(row.default, NotCompared) else row.default


@dataclass(frozen=True)
class Change:
    """One property of one resource, and what it becomes."""

    name: str
    property: str
    value: Value

    def __str__(self) -> str:
        return f"{self.name}.{self.property}"


def another(row: Property, present: Value) -> Value:
    """A value of the same sort that isn't the present one; None where that can't be told from the property alone."""
    if isinstance(present, bool):
        return not present
    if isinstance(present, int):
        return present + 1
    if row.allowed:
        return next((word for word in row.allowed if word != present), None)
    if row.format == "cidr" and isinstance(present, str):
        block = ip_network(present)
        return f"{block.network_address}/{block.prefixlen + 1}"
    return f"{present}x" if isinstance(present, str) else None


def create_only_changes() -> Iterator[Change]:
    """Each property that can't be changed in place, changed: of what has tags of its own, and is then made anew."""
    for name, (type, properties) in RESOURCES.items():
        kind = KINDS[type]
        for row in kind.properties:
            stated = None if isinstance(row.default, NotCompared) else row.default
            value = another(row, properties.get(row.name, stated))
            if row.create_only and value is not None and kind.identity is Identity.TAGS:
                yield Change(name, row.name, value)
