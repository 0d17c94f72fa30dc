"""Load balancing: whom reading looks at, what a group's targets become, and shapes that AWS answers with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ocpprov.engine.ownership import PLAN
from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import GetAtt, Ref
from ocpprov.kinds.contract import CreateRequest
from ocpprov.kinds.reads import Found, Pages, read
from ocpprov.kinds.registry import KINDS
from tests.kinds.cases import vpc
from tests.kinds.cases_elb import BALANCER, CLASSIC, INSTANCE, LISTENER, TARGET, TARGET_GROUP, balancer, target_group
from tests.kinds.world import OWNER, World

NAMES = frozenset({"prod-x7k2p-int"})


def foreign(type: str, number: int, **properties: Any) -> Live:
    return Live(type, f"arn:{number}", {"Name": f"theirs-{number}", "VpcId": "vpc-theirs", **properties})


@pytest.mark.parametrize("type", [BALANCER, TARGET_GROUP])
def test_other_peoples_cost_no_calls_once_the_plans_names_are_known(type: str) -> None:
    theirs = [foreign(type, number) for number in range(200)]
    ours = foreign(type, 200, Name="prod-x7k2p-int")
    found = Found(OWNER, {type: [*theirs, ours]}, names=NAMES)
    listing, tags, attributes = KINDS[type].reads(found)
    assert listing.arguments() == {"PageSize": 400}
    assert tags.arguments() == {"ResourceArns": ["arn:200"]}
    assert "arn:200" in attributes.arguments().values()


def test_without_the_plans_names_tags_are_read_twenty_at_a_time() -> None:
    found = Found(OWNER, {BALANCER: [foreign(BALANCER, number) for number in range(41)]})
    _, *tags = KINDS[BALANCER].reads(found)
    assert [len(made.arguments()["ResourceArns"]) for made in tags] == [20, 20, 1]


def test_listeners_are_only_read_where_the_balancer_may_be_ours() -> None:
    lives = [foreign(BALANCER, 1), foreign(BALANCER, 2, VpcId="vpc-given")]
    found = Found(OWNER, {BALANCER: lives}, given=frozenset({"vpc-given"}))
    (made,) = KINDS[LISTENER].reads(found)
    assert made.arguments() == {"LoadBalancerArn": "arn:2"}


def test_a_strangers_balancer_is_known_by_its_name(world: World) -> None:
    arn = balancer(world, vpc(world))
    world.clients.elbv2.remove_tags(ResourceArns=[arn], TagKeys=["ocpprov:plan", "ocpprov:resource"])
    live = world.find(BALANCER, arn)
    assert live is not None
    assert live.tags == {}
    assert KINDS[BALANCER].unique(live.properties) == [("load balancer", "prod-int")]


def test_targets_become_resources_of_their_own() -> None:
    rows = [{"Id": "10.0.48.10"}, {"Id": GetAtt("Machine", "PrivateIp"), "Port": 22623}, {"Id": "10.0.48.10"}]
    properties: dict[str, Any] = {"Name": "prod-aint", "Port": 6443, "Targets": rows}
    group, *targets = KINDS[TARGET_GROUP].expand(Resource("Api", TARGET_GROUP, properties))
    assert group.properties == {"Name": "prod-aint", "Port": 6443}
    assert [target.logical_id for target in targets] == [
        "Api/target 10.0.48.10:6443",
        "Api/target Machine:22623",
        "Api/target 10.0.48.10:6443 (2)",
    ]
    assert targets[0].properties == {"TargetGroupArn": Ref("Api"), "Id": "10.0.48.10", "Port": 6443}
    assert {(target.type, target.parent) for target in targets} == {(TARGET, "Api")}
    assert KINDS[TARGET].ledger_entry(targets[0].properties) == "t 10.0.48.10:6443"


def test_instances_of_a_classic_balancer_become_resources_of_their_own() -> None:
    resource = Resource("Classic", CLASSIC, {"Listeners": [], "Instances": ["i-1", Ref("Machine")]})
    own, *instances = KINDS[CLASSIC].expand(resource)
    assert own.properties == {"Listeners": []}
    assert [each.logical_id for each in instances] == ["Classic/instance i-1", "Classic/instance Machine"]
    assert instances[0].properties == {"LoadBalancerName": Ref("Classic"), "InstanceId": "i-1"}
    assert KINDS[INSTANCE].ledger_entry(instances[0].properties) == "i i-1"


def test_targets_of_a_group_go_in_and_out_in_one_call(world: World) -> None:
    kind, arn = KINDS[TARGET], target_group(world, vpc(world))
    wanted = [{"TargetGroupArn": arn, "Id": f"10.0.48.{number}", "Port": 6443} for number in (10, 11, 12)]
    requests = [CreateRequest("T", properties, {}, "token", OWNER) for properties in wanted]
    created = kind.create_many(world.clients, requests)
    lives = world.lives(TARGET)
    assert {live.id for live in lives} == {each.id for each in created}
    kind.delete_many(world.clients, lives[:2])
    assert [live.id for live in world.lives(TARGET)] == [created[2].id]


def test_a_draining_target_is_gone() -> None:
    made = read("elbv2", "describe_target_health", TargetGroupArn="arn:tg")
    rows = [
        {"Target": {"Id": "10.0.48.10", "Port": 6443}, "TargetHealth": {"State": "draining"}},
        {"Target": {"Id": "10.0.48.11", "Port": 6443}, "TargetHealth": {"State": "unhealthy"}},
    ]
    (live,) = KINDS[TARGET].parse(Pages({made: [{"TargetHealthDescriptions": rows}]}))
    assert live.properties["Id"] == "10.0.48.11"
    assert KINDS[TARGET].references(live) == ["arn:tg"]


@pytest.mark.parametrize(
    ("state", "expected", "reason"),
    [
        ({"Code": "provisioning"}, State.PENDING, ""),
        ({"Code": "active_impaired"}, State.READY, ""),
        ({"Code": "failed", "Reason": "no free addresses"}, State.BROKEN, "no free addresses"),
    ],
)
def test_states_of_a_balancer(state: Mapping[str, str], expected: State, reason: str) -> None:
    zones = [{"SubnetId": "subnet-2"}, {"SubnetId": "subnet-1", "LoadBalancerAddresses": [{"AllocationId": "e-1"}]}]
    item = {
        "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/int/50dc",
        "LoadBalancerName": "int",
        "VpcId": "vpc-1",
        "AvailabilityZones": zones,
        "State": state,
    }
    gateway = {"LoadBalancerArn": "arn:gateway", "LoadBalancerName": "firewall", "Type": "gateway"}
    pages = Pages({read("elbv2", "describe_load_balancers"): [{"LoadBalancers": [item, gateway]}]})
    (live,) = KINDS[BALANCER].parse(pages)
    assert (live.state, live.reason) == (expected, reason)
    assert live.attributes["LoadBalancerFullName"] == "net/int/50dc"
    assert KINDS[BALANCER].references(live) == ["vpc-1", "subnet-1", "subnet-2", "e-1"]


def test_an_action_has_one_form() -> None:
    kind = KINDS[LISTENER]
    one: dict[str, Any] = {"TargetGroupArn": "arn:1", "Weight": 1}
    both: dict[str, Any] = {"Type": "forward", "TargetGroupArn": "arn:1", "ForwardConfig": {"TargetGroups": [one]}}
    several: dict[str, Any] = {
        "Type": "forward",
        "ForwardConfig": {"TargetGroups": [one, {"TargetGroupArn": "arn:2", "Weight": 3}]},
    }
    wanted = kind.normalise({"DefaultActions": [both, several]})
    assert wanted["DefaultActions"] == [{"Type": "forward", "TargetGroupArn": "arn:1"}, several]
    live = Live(kind.type, "arn:listener", {"LoadBalancerArn": "arn:lb", **wanted})
    assert kind.references(live) == ["arn:lb", "arn:1", "arn:2"]


def test_a_groups_attributes_are_read_where_the_plan_gives_some_or_all_has_to_be_known() -> None:
    group = Live(TARGET_GROUP, "arn:g", {"Name": "prod-api"}, tags={PLAN: OWNER.plan})

    def asks(**compared: Any) -> bool:
        found = Found(OWNER, {TARGET_GROUP: [group]}, names=NAMES, **compared)
        return "describe_target_group_attributes" in {each.operation for each in KINDS[TARGET_GROUP].reads(found)}

    assert asks()
    assert asks(compared={TARGET_GROUP: frozenset({"TargetGroupAttributes"})})
    assert not asks(compared={TARGET_GROUP: frozenset({"Name"}), BALANCER: frozenset({"TargetGroupAttributes"})})


def test_only_the_given_attributes_count() -> None:
    pairs: list[Any] = [{"Key": "load_balancing.cross_zone.enabled", "Value": True}]
    wanted = KINDS[BALANCER].normalise({"LoadBalancerAttributes": pairs})
    assert wanted == {"LoadBalancerAttributes": {"load_balancing.cross_zone.enabled": True}}
    assert KINDS[BALANCER].normalise(wanted) == wanted
    unknown = {"LoadBalancerAttributes": Ref("Settings")}
    assert KINDS[BALANCER].normalise(unknown) == unknown
