"""Harm nobody: whatever of a plan's tags is copied onto whatever of others, wherever it lies, no run touches it; nor
what others put into lists of ours, or link with ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import Any, Final

import pytest

from ocpprov.engine.actions import Actions, Verb
from ocpprov.engine.claims import Claims
from ocpprov.engine.inventory import Inventory
from ocpprov.engine.kind_facts import Identity, KindFacts, ListRule
from ocpprov.engine.memory import NOTHING_KNOWN, Memory
from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, Owner, Resource
from ocpprov.engine.shared_lists import with_items
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from tests.engine.one_of_each import RESOURCES, applied, graph_of, there
from tests.engine.planning import done, left_alone, live, planned

TYPES: Final = sorted(type for type, kind in KINDS.items() if kind.identity is Identity.TAGS)
PLACES: Final = ("in a network of others", "in ours")
GIVEN: Final = "vpc-0e"
OTHERS_OWN: Final[Mapping[str, Value]] = {
    "CidrBlock": "10.77.0.0/24",
    "GroupName": "theirs",
    "Name": "theirs",
    "LoadBalancerName": "theirs",
    "RoleName": "theirs",
    "InstanceProfileName": "theirs",
    "ManagedPolicyName": "theirs",
    "BucketName": "theirs",
    "AllocationId": "eipalloc-0f",
    "TransitGatewayId": "tgw-0f",
    "PeerVpcId": "vpc-0d",
    "Port": 9999,
    "Key": "theirs.ign",
}
"""What AWS lets nobody else have as ours, as others have it."""
ID_IS_A_NAME: Final = {
    "AWS::IAM::Role",
    "AWS::IAM::InstanceProfile",
    "AWS::IAM::ManagedPolicy",
    "AWS::S3::Bucket",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "Ocpprov::S3::Object",
}


@dataclass(frozen=True)
class World:
    """A plan, and what AWS has of it."""

    resources: Mapping[str, Resource]
    lives: Sequence[Live]
    network: str
    given: frozenset[str] = frozenset()

    def apply(self, *beside: Live, memory: Memory = NOTHING_KNOWN) -> Actions:
        return planned(self.resources, [*self.lives, *beside], replace(memory, given=self.given))

    def destroy(self, *beside: Live, memory: Memory = NOTHING_KNOWN) -> Actions:
        return planned({}, [*self.lives, *beside], memory)

    def after_destroy(self, *beside: Live) -> tuple[Actions, Actions]:
        """Another destroy, and a first apply, where nothing of it is left."""
        memory = Memory(given=self.given)
        return planned({}, beside), planned(self.resources, beside, memory)

    def tag_sets(self) -> Mapping[str, Live]:
        """What each resource of the plan has for tags, by the resource."""
        return {live.id: live for live in self.lives if KINDS[live.type].identity is Identity.TAGS}


@cache
def _whole() -> World:
    return World(graph_of().resources, list(there()), "id-of-Vpc")


@cache
def _in_a_given_network() -> World:
    """The same, without a network of its own."""
    changed: dict[str, dict[str, Any]] = {
        name: {key: GIVEN for key, value in properties.items() if value == Ref("Vpc")}
        for name, (_, properties) in RESOURCES.items()
    }
    changed["Zone"] = {"VPCs": [{"VPCId": GIVEN, "VPCRegion": "eu-west-1"}]}
    graph = graph_of(changed, set(RESOURCES) - {"Vpc", "Attached"})
    return World(graph.resources, list(applied(graph, given=[GIVEN])), GIVEN, frozenset({GIVEN}))


WORLDS: Final = {"its own network": _whole, "a given network": _in_a_given_network}


def _theirs(type: str, place: str, source: Live, number: int, world: World) -> Live:
    """Somebody else's resource of a type, in a network of theirs or in ours, with a copy of the tags."""
    one = next(live for live in [*_whole().lives] if live.type == type)
    network = world.network if place == "in ours" else "vpc-0f"
    properties = {name: _placed(value, network, place) for name, value in one.properties.items()}
    properties |= {name: value for name, value in OTHERS_OWN.items() if name in properties and not _is_vpc(type)}
    id = f"theirs-{number}"
    if type in ID_IS_A_NAME:
        key = KINDS[type].name_property or "Key"
        properties[key] = id
        id = f"{properties['Bucket']}/{id}" if "Bucket" in properties else id
    return Live(type, id, properties, tags=source.tags)


def _is_vpc(type: str) -> bool:
    return KINDS[type].is_network


def _placed(value: Any, network: str, place: str) -> Any:
    """Where the network is ours, beside what is ours in it; elsewhere beside the like of others."""
    if isinstance(value, Mapping):
        return {key: _placed(item, network, place) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_placed(item, network, place) for item in value]
    if value == "id-of-Vpc":
        return network
    if isinstance(value, str) and place != "in ours":
        return value.replace("id-of-", "theirs-of-").replace("prod-", "theirs-")
    return value


def copies_of(type: str, place: str, world: World) -> list[Live]:
    """One for each tag set of the plan."""
    numbers = count()
    return [_theirs(type, place, source, next(numbers), world) for source in world.tag_sets().values()]


def _ids(lives: Sequence[Live]) -> set[str]:
    return {live.id for live in lives}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_no_copy_of_our_tags_is_touched(world: Any, place: str) -> None:
    world = world()
    without = {"apply": done(world.apply()), "destroy": done(world.destroy())}
    assert without["apply"] == {}
    tried = 0
    for type in TYPES:
        copies = copies_of(type, place, world)
        tried += len(copies)
        for name, actions in (("apply", world.apply(*copies)), ("destroy", world.destroy(*copies))):
            assert (done(actions), actions.problems) == (without[name], []), type
            assert {claim.live.id for claim in actions.unproven} == _ids(copies), type
            assert _ids(copies).isdisjoint(id for _, id in actions.proven), type
    assert tried == {"id-of-Vpc": 22 * 31, GIVEN: 22 * 30}[world.network]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_nor_when_the_plan_is_gone(world: Any, place: str) -> None:
    world = world()
    first = done(world.after_destroy()[1])
    assert set(first.values()) == {"create"}
    for type in TYPES:
        copies = copies_of(type, place, world)
        destroy, apply = world.after_destroy(*copies)
        assert (done(destroy), done(apply)) == ({}, first), type
        # Nothing tells a copy on somebody's zone from a zone that CloudFormation made: that is asked.
        asked = {problem.split(":")[0] for problem in apply.problems}
        assert asked == ({"Zone"} if type == "AWS::Route53::HostedZone" else set()), type


@pytest.mark.parametrize("place", PLACES)
def test_but_what_the_journal_has_is_ours_where_aws_gives_its_id_once(place: str) -> None:
    world = _whole()
    for type in TYPES:
        copies = copies_of(type, place, world)
        memory = Memory(made=frozenset((type, live.id) for live in copies))
        touched = _ids(copies) & set(done(world.destroy(*copies, memory=memory)))
        assert touched == (set() if type in ID_IS_A_NAME else _ids(copies)), type


def _believing_all(inventory: Inventory, owner: Owner, kinds: Mapping[str, KindFacts], memory: Memory) -> Claims:
    return Claims(frozenset((live.type, live.id) for live in inventory if live.tags.get(PLAN) == owner.plan))


@pytest.mark.parametrize("place", PLACES)
def test_without_the_proof_all_of_them_would_go(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what is above is the proof's doing, for each type."""
    monkeypatch.setattr("ocpprov.engine.planner.judge_claims", _believing_all)
    world = _whole()
    for type in TYPES:
        copies = copies_of(type, place, world)
        assert _ids(copies) <= set(done(world.destroy(*copies))), type
        assert _ids(copies) & set(done(world.apply(*copies))), type


@pytest.mark.torture
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("type", TYPES)
def test_nor_is_any_of_them_touched_alone(type: str, place: str) -> None:
    """One by one, as together each might be a rival of the others."""
    for world in (_whole(), _in_a_given_network()):
        without = done(world.destroy())
        for copy in copies_of(type, place, world):
            assert (done(world.apply(copy)), done(world.destroy(copy))) == ({}, without), copy
            destroy, apply = world.after_destroy(copy)
            assert copy.id not in {**done(destroy), **done(apply)}, copy


@dataclass(frozen=True)
class Addition:
    """What somebody else put into a list of ours."""

    name: str
    list: str
    item: Any


MEMBERS: Final = (
    Addition("Storage", "RouteTableIds", "rtb-0f"),
    Addition("Machines", "SubnetIds", "subnet-0f"),
    Addition("Machines", "SecurityGroupIds", "sg-0f"),
    Addition("Classic", "Listeners", {"LoadBalancerPort": "81", "InstancePort": "81", "Protocol": "TCP"}),
    Addition("Zone", "VPCs", {"VPCId": "vpc-0f", "VPCRegion": "eu-west-1"}),
    Addition("Transit", "SubnetIds", "subnet-0f"),
    Addition("Balancer", "Subnets", "subnet-0f"),
    Addition("Balancer", "SecurityGroups", "sg-0f"),
    Addition("Mapped", "SubnetMappings", {"SubnetId": "subnet-0f"}),
    Addition("Classic", "Subnets", "subnet-0f"),
    Addition("Classic", "SecurityGroups", "sg-0f"),
    Addition("Bucket", "LifecycleConfiguration", {"Id": "theirs", "Status": "Enabled"}),
)
POLICY: Final = "AWS::S3::BucketPolicy"
ROWS: Final[Mapping[str, Mapping[str, Any]]] = {
    "AWS::EC2::VPCGatewayAttachment": {"InternetGatewayId": "id-of-Internet", "VpcId": "vpc-0f"},
    "AWS::EC2::SubnetRouteTableAssociation": {"SubnetId": "id-of-Two", "RouteTableId": "rtb-0f"},
    "AWS::EC2::VPCCidrBlock": {"VpcId": "id-of-Vpc", "CidrBlock": "100.66.0.0/16"},
    "AWS::EC2::SubnetNetworkAclAssociation": {"SubnetId": "id-of-Two", "NetworkAclId": "acl-0f"},
    "AWS::EC2::VPCDHCPOptionsAssociation": {"VpcId": "id-of-Vpc", "DhcpOptionsId": "dopt-0f"},
    "Ocpprov::IAM::RolePolicy": {"RoleName": "prod-machines", "PolicyName": "theirs", "PolicyDocument": {}},
    "Ocpprov::IAM::RolePolicyAttachment": {"RoleName": "prod-machines", "PolicyArn": "arn:theirs"},
    POLICY: {"Bucket": "prod-bucket", "PolicyDocument": {"Statement": [{"Sid": "Theirs"}]}},
    "AWS::EC2::Route": {"RouteTableId": "id-of-Table", "DestinationCidrBlock": "10.9.0.0/16", "GatewayId": "igw-0f"},
    "AWS::EC2::NetworkAclEntry": {"NetworkAclId": "id-of-Acl", "RuleNumber": 7, "Egress": True, "Protocol": -1},
    "AWS::Route53::RecordSet": {"HostedZoneId": "id-of-Zone", "Name": "theirs.prod.example.com.", "Type": "A"},
    "Ocpprov::ElasticLoadBalancingV2::Target": {"TargetGroupArn": "id-of-Targets", "Id": "10.0.0.9", "Port": 6443},
    "Ocpprov::ElasticLoadBalancing::Instance": {"LoadBalancerName": "prod-classic", "InstanceId": "i-0f"},
    "AWS::EC2::SecurityGroupIngress": {
        "GroupId": "id-of-Group",
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 22,
        "CidrIp": "10.9.0.0/16",
    },
    "AWS::EC2::SecurityGroupEgress": {"GroupId": "id-of-Group", "IpProtocol": "-1", "CidrIp": "10.9.0.0/16"},
    "Ocpprov::EC2::SharedTags": {"ResourceId": "id-of-Two", "Tags": []},
}
"""What others link with ours, or put into ours, by its type."""
EXPANDED: Final = {
    ("AWS::EC2::SecurityGroup", "SecurityGroupIngress"): "AWS::EC2::SecurityGroupIngress",
    ("AWS::EC2::SecurityGroup", "SecurityGroupEgress"): "AWS::EC2::SecurityGroupEgress",
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets"): "Ocpprov::ElasticLoadBalancingV2::Target",
    ("AWS::ElasticLoadBalancing::LoadBalancer", "Instances"): "Ocpprov::ElasticLoadBalancing::Instance",
    (POLICY, "PolicyDocument"): POLICY,
}
"""Lists of which AWS keeps each item as something of its own."""
PARTS_ONLY: Final = {"AWS::IAM::Policy", "AWS::Route53::RecordSetGroup"}
"""What is never there as such."""


def test_every_list_that_others_may_add_to_and_every_link_is_tried() -> None:
    shared = {
        (type, row.name)
        for type, kind in KINDS.items()
        for row in kind.properties
        if row.list_rule is ListRule.CONTAINS
    }
    assert {(RESOURCES[each.name][0], each.list) for each in MEMBERS} | set(EXPANDED) == shared
    assert len(shared) == 17
    assert set(ROWS) == {
        type for type, kind in KINDS.items() if kind.identity is not Identity.TAGS and type not in PARTS_ONLY
    }
    assert set(EXPANDED.values()) <= set(ROWS)


@pytest.mark.parametrize("addition", MEMBERS, ids=lambda each: f"{each.name}.{each.list}")
def test_an_item_of_others_in_a_list_of_ours_stays(addition: Addition) -> None:
    ids = {"Classic": "prod-classic", "Bucket": "prod-bucket"}
    world, id = _whole(), ids.get(addition.name, f"id-of-{addition.name}")

    def added(one: Live) -> Live:
        if one.id != id:
            return one
        items = with_items(one.properties[addition.list], [addition.item])
        return replace(one, properties={**one.properties, addition.list: items})

    lives = [added(one) for one in world.lives]
    actions = planned(world.resources, lives)
    assert (done(actions), actions.problems) == ({}, [])
    assert f"{addition.name}: {addition.list} has " in left_alone(actions)
    # When something else of it is changed, the item is kept.
    asked: Any = next(one for one in world.lives if one.id == id).properties[addition.list]
    alone = {"Rules": [addition.item]} if isinstance(asked, Mapping) else [addition.item]
    bare = [replace(one, properties={**one.properties, addition.list: alone}) if one.id == id else one for one in lives]
    [change] = [each for action in planned(world.resources, bare).actions for each in action.changes]
    assert (change.property, change.after) == (addition.list, with_items(asked, [addition.item]))


@pytest.mark.parametrize("type", ROWS)
def test_a_link_or_a_row_of_others_stays(type: str) -> None:
    world = _whole()
    theirs = live(type, "theirs-1", "", ROWS[type])
    actions = world.apply(theirs)
    assert (done(actions), actions.problems) == ({}, [])
    parent = KINDS[type].parent_property
    owner = next(iter(each for each in world.lives if each.id == ROWS[type][parent] and each.tags))
    assert f"{owner.tags['ocpprov:resource']}: {type} theirs-1, which is not of this plan" in left_alone(actions)
    # Nor with tags that were copied onto it, where it takes any.
    if KINDS[type].identity is Identity.SHARED_TAGS:
        [rule] = [each for each in world.lives if each.id == "id-of-Rule"]
        assert done(world.apply(replace(theirs, tags=rule.tags))) == {}
    # In a destroy what is in ours goes with it, by a step of its own only where AWS wants that.
    verbs = {action.verb for action in world.destroy(theirs).actions if action.id == "theirs-1"}
    assert verbs == ({Verb.DELETE} if KINDS[type].holds_parent else set())
