"""What has to go before its successor can be there, and who of ours holds on to it: every pair of types, on values.

Each property that can't be changed in place is changed in a plan that has one of everything. However the steps are
ordered then: nothing is deleted while somebody holds it, and nothing is made while its name or place is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.critical_path import dependents_of, seconds_to_the_end
from ocpprov.engine.graph import Graph, build
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.ledgers import planned_ledgers
from ocpprov.engine.ownership import RESOURCE, Remembered, desired_tags, revision, with_name
from ocpprov.engine.planner import plan
from ocpprov.engine.properties import NotCompared, Property
from ocpprov.engine.protocols import Identity
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.steps import CreateStep, DeleteStep, DetachStep, Step, UpdateStep
from ocpprov.engine.unique_keys import clash
from ocpprov.engine.values import GetAtt, Ref, Value, resolve_properties
from ocpprov.kinds.registry import KINDS

OWNER: Final = Owner(plan="prod", region="eu-west-1", account="123456789012", run="r1")
_POLICY: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}

BY_NAME: Final = ("AWS::IAM::Role", "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::S3::Bucket")
"""Types whose id is their name."""
LETS_GO: Final = ("AWS::EC2::Route",)
"""Types that AWS doesn't ask: a route to what is gone goes nowhere."""


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
    "Bucket": _of("S3::Bucket", BucketName="prod-bucket"),
}


def _graph(changed: Mapping[str, Mapping[str, Value]]) -> Graph:
    """The plan, with some properties changed by logical id."""
    resources = {
        name: Resource(name, type, {**properties, **changed.get(name, {})})
        for name, (type, properties) in RESOURCES.items()
    }
    return build(resources, KINDS)


def _applied(graph: Graph) -> Inventory:
    """What AWS has once the plan was applied: everything as it was wanted, with an id."""
    lives: dict[str, Live] = {}

    def lookup(reference: Ref | GetAtt) -> Value:
        live = lives[reference.logical_id]
        return live.id if isinstance(reference, Ref) else live.attributes[reference.attribute]

    memory = planned_ledgers(graph.resources, KINDS)
    for name, resource in graph.resources.items():
        kind = KINDS[resource.type]
        wanted = kind.normalise(resolve_properties(resource.properties, lookup))
        revision_ = revision(kind, wanted)
        wanted = with_name(kind, OWNER, name, wanted, revision_)
        named = wanted.get(kind.name_property or "")
        lives[name] = Live(
            resource.type,
            str(named) if resource.type in BY_NAME else f"id-of-{name}",
            _as_answered(resource.type, wanted, lives["Vpc"].id if name != "Vpc" else ""),
            {"AllocationId": f"id-of-{name}"},
            tags=desired_tags(OWNER, kind, resource, revision_, memory.get(name, Remembered())),
        )
    by_type: dict[str, list[Live]] = {}
    for live in lives.values():
        by_type.setdefault(live.type, []).append(live)
    return Inventory(by_type)


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
    """One property that can't be changed in place, and what it becomes."""

    name: str
    property: str
    value: Value

    def __str__(self) -> str:
        return f"{self.name}.{self.property}"


def _another(row: Property, present: Value) -> Value:
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


def _changes() -> Iterator[Change]:
    """Everything that makes a resource of ours one that has to go before its successor."""
    for name, (type, properties) in RESOURCES.items():
        kind = KINDS[type]
        for row in kind.properties:
            stated = None if isinstance(row.default, NotCompared) else row.default
            value = _another(row, properties.get(row.name, stated))
            if row.create_only and value is not None and kind.identity is Identity.TAGS:
                yield Change(name, row.name, value)


def _taken(one: Live, other: Mapping[str, Value]) -> bool:
    kind = KINDS[one.type]
    return any(clash(key, own) for key in kind.unique(other) for own in kind.unique(one.properties))


CHANGES: Final = list(_changes())


def _planned(changes: Sequence[Change]) -> tuple[Inventory, Actions]:
    inventory = _applied(_graph({}))
    changed: dict[str, dict[str, Value]] = {}
    for change in changes:
        changed.setdefault(change.name, {})[change.property] = change.value
    return inventory, plan(_graph(changed), inventory, OWNER, KINDS)


def _before(step: Step, steps: Mapping[str, Step]) -> set[str]:
    """Names of all that is done by the time a step begins."""
    done: set[str] = set()
    stack = list(step.after)
    while stack:
        name = stack.pop()
        if name not in done:
            done.add(name)
            stack.extend(steps[name].after)
    return done


def _without(step: Step, live: Live) -> Live:
    """A live resource after a step: gone, or without what it lets go of; what it then gets is new."""
    match step:
        case DetachStep(rest=rest):
            return replace(live, properties={**live.properties, **rest})
        case UpdateStep(changed=changed):
            properties = {name: value for name, value in live.properties.items() if name not in changed}
            return replace(live, properties={**properties, **dict.fromkeys(changed, ())})
        case _:
            return live


def _held_by(live: Live, done: Sequence[Step], inventory: Inventory) -> Iterator[str]:
    """Who holds it when these steps are done."""
    gone = {step.live.id for step in done if isinstance(step, DeleteStep)}
    for holder in inventory:
        kind = KINDS[holder.type]
        goes_along = kind.goes_with_parent and holder.properties.get(kind.parent_property) in {live.id, *gone}
        if holder is live or goes_along or holder.type in LETS_GO:
            continue
        of_ours = [step for step in done if isinstance(step, DetachStep | UpdateStep | DeleteStep)]
        steps = [step for step in of_ours if _same(step.live, holder)]
        if any(isinstance(step, DeleteStep) for step in steps):
            continue
        left = holder
        for step in sorted(steps, key=lambda step: not isinstance(step, DetachStep)):
            left = _without(step, left)
        if live.id in kind.references(left):
            yield f"{holder.type} {holder.id}"


def _same(one: Live, other: Live) -> bool:
    return (one.type, one.id) == (other.type, other.id)


def _wrong(inventory: Inventory, actions: Actions) -> Iterator[str]:
    """What AWS would refuse in some order that the steps allow."""
    steps = {step.name: step for step in actions.steps}
    seconds_to_the_end(steps, dependents_of(actions.steps))
    replaced = {action.resource for action in actions.actions if action.verb is Verb.REPLACE}
    for step in actions.steps:
        done = [steps[name] for name in _before(step, steps)]
        if isinstance(step, DeleteStep):
            yield from (f"{step.name} while {who} holds it" for who in _held_by(step.live, done, inventory))
        if isinstance(step, CreateStep) and step.logical_id in replaced:
            deleted = {(other.type, other.live.id) for other in done if isinstance(other, DeleteStep)}
            for live in inventory.of(step.type):
                taken = _taken(live, _known(step.resource, inventory, replaced))
                if taken and (live.type, live.id) not in deleted:
                    yield f"{step.name} while {live.id} has its place"


def _known(resource: Resource, inventory: Inventory, replaced: Collection[str]) -> Mapping[str, Value]:
    """The properties of what is to be made, with the ids of what stays and new ones of the rest."""
    ids = {live.tags.get(RESOURCE): live.id for live in inventory}

    def lookup(reference: Ref | GetAtt) -> Value:
        new = reference.logical_id in replaced
        return f"new-{reference.logical_id}" if new else ids[reference.logical_id]

    return KINDS[resource.type].normalise(resolve_properties(resource.properties, lookup))


def test_what_was_applied_has_nothing_to_do() -> None:
    actions = plan(_graph({}), _applied(_graph({})), OWNER, KINDS)
    assert [(action.resource, action.changes) for action in actions.changes] == []


@pytest.mark.parametrize("change", CHANGES, ids=map(str, CHANGES))
def test_nothing_is_deleted_while_ours_holds_it(change: Change) -> None:
    inventory, actions = _planned([change])
    assert any(action.resource == change.name and action.verb is Verb.REPLACE for action in actions.actions)
    assert list(_wrong(inventory, actions)) == []
    assert list(actions.problems) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=2, max_size=4, unique_by=str))
def test_nor_where_several_change_at_once(changes: Sequence[Change]) -> None:
    inventory, actions = _planned(changes)
    assert list(_wrong(inventory, actions)) == []


@pytest.mark.parametrize("property", ["Subnets", "SubnetMappings"])
@pytest.mark.parametrize(("vpc", "verb"), [("id-of-Vpc", Verb.UPDATE), ("vpc-theirs", Verb.REPLACE)])
def test_a_balancer_moves_within_its_vpc_and_is_made_anew_in_another(property: str, vpc: str, verb: Verb) -> None:
    subnet = Live("AWS::EC2::Subnet", "subnet-theirs", {"VpcId": vpc, "CidrBlock": "10.0.9.0/24"})
    inventory = _applied(_graph({}))
    inventory = Inventory({**inventory.lives, subnet.type: [*inventory.of(subnet.type), subnet]})
    subnets: dict[str, tuple[str, Value]] = {
        "Subnets": ("Balancer", subnet.id),
        "SubnetMappings": ("Mapped", {"SubnetId": subnet.id}),
    }
    name, value = subnets[property]
    actions = plan(_graph({name: {property: [value]}}), inventory, OWNER, KINDS)
    [action] = [action for action in actions.actions if action.resource == name]
    assert (action.verb, action.guarded) == (verb, verb is Verb.REPLACE)


def test_every_type_with_tags_of_its_own_is_among_them() -> None:
    tagged = {name for name, kind in KINDS.items() if kind.identity is Identity.TAGS}
    assert tagged - {type for type, _ in RESOURCES.values()} == {"Ocpprov::S3::Object"}
