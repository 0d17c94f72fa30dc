"""Items of lists, and statements of policies, that others add to what is ours stay; those that the plan had go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from ocpprov.engine.actions import Actions
from ocpprov.engine.memory import Memory
from ocpprov.engine.resources import Live, Resource
from ocpprov.kinds.registry import KINDS
from tests.engine.planning import (
    GROUP,
    SUBNET,
    VPC,
    done,
    last_plan_had,
    left_alone,
    live,
    made,
    made_with,
    planned,
    ref,
    remembered,
    the_work,
    wanted,
)
from tests.engine.test_links import BLOCK, HOLDERS, holders

BUCKET: Final = "AWS::S3::Bucket"
POLICY: Final = "AWS::S3::BucketPolicy"
ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
ZONE: Final = "AWS::Route53::HostedZone"
BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"


def _vpc(id: str) -> dict[str, str]:
    return {"VPCId": id, "VPCRegion": "eu-west-1"}


def _statement(sid: str, action: str = "s3:*") -> dict[str, str]:
    return {**({"Sid": sid} if sid else {}), "Effect": "Deny", "Action": action, "Principal": "*"}


def _policy(*statements: Mapping[str, str]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _listener(port: str, to: str = "6443") -> dict[str, str]:
    return {"LoadBalancerPort": port, "InstancePort": to, "Protocol": "TCP", "InstanceProtocol": "TCP"}


@dataclass(frozen=True)
class ListCase:
    """A list that others may add to: the holder's type and other properties, an item of the plan as it is and changed,
    one that the plan had before, and one of somebody else's."""

    type: str
    name: str
    rest: Mapping[str, Any]
    item: Any
    dropped: Any
    theirs: Any
    changed: Any = None

    def properties(self, *items: Any) -> dict[str, Any]:
        value = _policy(*items) if self.type == POLICY else list(items)
        return {**self.rest, self.name: value}


LISTS: Final = (
    ListCase(ZONE, "VPCs", {"Name": "x.corp."}, _vpc("vpc-0a"), _vpc("vpc-0b"), _vpc("vpc-0f")),
    ListCase(
        ENDPOINT,
        "SubnetIds",
        {
            "VpcId": "vpc-0e",
            "ServiceName": "s",
            "VpcEndpointType": "Interface",
            "SecurityGroupIds": ["sg-1"],
            "RouteTableIds": [],
        },
        "subnet-0a",
        "subnet-0b",
        "subnet-0f",
    ),
    ListCase(
        ENDPOINT,
        "SecurityGroupIds",
        {
            "VpcId": "vpc-0e",
            "ServiceName": "s",
            "VpcEndpointType": "Interface",
            "SubnetIds": ["subnet-1"],
            "RouteTableIds": [],
        },
        "sg-0a",
        "sg-0b",
        "sg-0f",
    ),
    ListCase(
        ENDPOINT,
        "RouteTableIds",
        {"VpcId": "vpc-0e", "ServiceName": "s", "SubnetIds": []},
        "rtb-0a",
        "rtb-0b",
        "rtb-0f",
    ),
    ListCase(
        POLICY,
        "PolicyDocument",
        {"Bucket": "lab"},
        _statement("Tls"),
        _statement("Endpoint"),
        _statement("Audit"),
        _statement("Tls", "s3:Put*"),
    ),
    ListCase(
        POLICY, "PolicyDocument", {"Bucket": "lab"}, _statement("Tls"), _statement("Endpoint"), _statement("", "e:f")
    ),
    ListCase(
        CLASSIC,
        "Listeners",
        {"LoadBalancerName": "api", "Subnets": ["subnet-1"]},
        _listener("6443"),
        _listener("22623"),
        _listener("443"),
        _listener("6443", "7443"),
    ),
)


def _world(case: ListCase, plan: Any, had: Any, there: Any) -> tuple[dict[str, Resource], list[Live]]:
    """The plan with these items, and AWS with those that it had (remembered) and that are there."""
    if case.type != POLICY:
        before = wanted(Thing=(case.type, case.properties(*had)))
        holder = live(
            case.type, "thing-1", "Thing", case.properties(*there), remembered(before, "Thing"), _memory().given
        )
        return wanted(Thing=(case.type, case.properties(*plan))), [holder]
    bucket = {"BucketName": "lab"}
    before = wanted(Bucket=(BUCKET, bucket), Thing=(POLICY, {**case.properties(*had), "Bucket": ref("Bucket")}))
    now = wanted(Bucket=(BUCKET, bucket), Thing=(POLICY, {**case.properties(*plan), "Bucket": ref("Bucket")}))
    return now, [
        live(BUCKET, "lab", "Bucket", bucket, remembered(before, "Bucket")),
        live(POLICY, "lab", "", case.properties(*there)),
    ]


def _memory(*lives: Live) -> Memory:
    return last_plan_had(*lives, given=frozenset({"vpc-0a", "vpc-0b", "vpc-0e"}))


def _set_to(case: ListCase, plan: Mapping[str, Resource], lives: list[Live]) -> list[Any] | None:
    """What the list would be set to; None when it is left as it is."""
    actions = planned(plan, lives, _memory(*lives))
    changes = [change for action in actions.actions for change in action.changes if change.property == case.name]
    if not changes:
        return None
    after: Any = changes[0].after
    return list(after["Statement"] if case.type == POLICY else after)


IDS: Final = [f"{case.type} {case.name}" for case in LISTS]


@pytest.mark.parametrize("case", LISTS, ids=IDS)
def test_an_item_that_others_added_is_reported_and_stays(case: ListCase) -> None:
    plan, lives = _world(case, [case.item], [case.item], [case.item, case.theirs])
    actions = planned(plan, lives, _memory(*lives))
    assert done(actions) == {}
    assert left_alone(actions).startswith(f"Thing: {case.name} has ")


@pytest.mark.parametrize("case", LISTS, ids=IDS)
def test_an_item_that_the_plan_had_goes_and_others_stay(case: ListCase) -> None:
    plan, lives = _world(case, [case.item], [case.item, case.dropped], [case.item, case.dropped, case.theirs])
    assert _set_to(case, plan, lives) == [case.item, case.theirs]


@pytest.mark.parametrize("case", LISTS, ids=IDS)
def test_an_item_that_is_missing_comes_and_others_stay(case: ListCase) -> None:
    plan, lives = _world(case, [case.item, case.dropped], [case.item], [case.item, case.theirs])
    assert _set_to(case, plan, lives) == [case.item, case.dropped, case.theirs]


@pytest.mark.parametrize("case", [case for case in LISTS if case.changed], ids=lambda case: case.type)
def test_an_item_of_ours_that_somebody_changed_is_put_right(case: ListCase) -> None:
    plan, lives = _world(case, [case.item], [case.item], [case.changed, case.theirs])
    assert _set_to(case, plan, lives) == [case.item, case.theirs]


def test_of_statements_without_a_sid_those_that_the_plan_had_go_and_others_stay() -> None:
    case, ours, theirs = LISTS[4], _statement("", "c:d"), _statement("", "e:f")
    changed, lives = _world(case, [_statement("", "a:b")], [ours], [ours, theirs])
    assert _set_to(case, changed, lives) == [_statement("", "a:b"), theirs]
    dropped, lives = _world(case, [case.item], [ours], [case.item, ours, theirs])
    assert _set_to(case, dropped, lives) == [case.item, theirs]
    same, lives = _world(case, [ours], [ours], [ours, theirs])
    assert _set_to(case, same, lives) is None


def test_what_an_earlier_version_remembered_of_such_statements_counts_while_one_of_the_plans_is_missing() -> None:
    case, ours, theirs = LISTS[4], _statement("", "c:d"), _statement("", "e:f")

    def had(plan: Any, there: Any) -> list[Any] | None:
        now, [bucket, policy] = _world(case, plan, [], there)
        tags = {**bucket.tags, "ocpprov:children": "statement"}
        return _set_to(case, now, [replace(bucket, tags=tags), policy])

    assert had([ours], [ours, theirs]) is None
    assert had([_statement("", "a:b")], [ours]) == [_statement("", "a:b")]


def test_a_subnet_of_others_gives_way_where_aws_takes_one_a_zone() -> None:
    def net(id: str, name: str, zone: str) -> Live:
        return live(SUBNET, id, name, {"VpcId": "vpc-0a", "CidrBlock": "10.50.9.0/24", "AvailabilityZone": zone})

    def set_to(*there: str) -> Any:
        properties = {"Name": "api", "Type": "network", "Scheme": "internal"}
        asked = {**properties, "Subnets": [ref("Net")]}
        plan = {**HOLDERS, **wanted(Balancer=(BALANCER, asked))}
        one = live(BALANCER, "arn:api", "Balancer", {**properties, "Subnets": list(there)})
        lives = [*holders(HOLDERS), net("subnet-0e", "", "eu-west-1a"), net("subnet-0f", "", "eu-west-1b"), one]
        changes = [each for action in planned(plan, lives).actions for each in action.changes]
        return next((each.after for each in changes if each.property == "Subnets"), None)

    assert set_to("subnet-0a", "subnet-0f") is None
    assert set_to("subnet-0e", "subnet-0f") == ["subnet-0a", "subnet-0f"]


def test_of_what_an_earlier_version_made_goes_what_the_last_plan_had() -> None:
    """It wrote no memory of a balancer's subnets."""
    properties = {"Name": "api", "Type": "network", "Scheme": "internal"}
    plan = wanted(Balancer=(BALANCER, {**properties, "Subnets": ["subnet-0b"]}))
    memory = Memory(rows=frozenset({("Balancer", "subnet-0a"), ("Balancer", "subnet-0c")}), knows_rows=True)

    def set_to(tags: Mapping[str, str], *there: str) -> Any:
        one = live(BALANCER, "arn:api", "Balancer", {**properties, "Subnets": list(there)})
        actions = planned(plan, [replace(one, tags={**one.tags, **tags})], memory)
        return next(each.after for action in actions.actions for each in action.changes if each.property == "Subnets")

    assert set_to({}, "subnet-0a", "subnet-0f") == ["subnet-0b", "subnet-0f"]
    # Where there is a memory, what it hasn't is somebody else's.
    ledger = {"ocpprov:children": "subnet-0a"}
    assert set_to(ledger, "subnet-0a", "subnet-0c", "subnet-0f") == ["subnet-0b", "subnet-0c", "subnet-0f"]


def test_a_list_that_has_two_forms_is_compared_in_the_one_that_the_plan_has() -> None:
    properties = {"Name": "api", "Type": "network", "Scheme": "internal", "Subnets": ["subnet-0a"]}
    both = {**properties, "SubnetMappings": [{"SubnetId": "subnet-0a"}, {"SubnetId": "subnet-0f"}]}
    both["Subnets"] = ["subnet-0a", "subnet-0f"]
    plan = wanted(Balancer=(BALANCER, properties))
    actions = planned(plan, [live(BALANCER, "arn:api", "Balancer", both, remembered(plan, "Balancer"))])
    assert done(actions) == {}
    assert left_alone(actions) == "Balancer: Subnets has subnet-0f, which is not of this plan"


def test_the_group_that_aws_gives_every_interface_is_nobodys() -> None:
    endpoint = {"VpcId": "vpc-0a", "ServiceName": "s", "VpcEndpointType": "Interface", "SubnetIds": ["subnet-0a"]}
    default = live(GROUP, "sg-0d", "", {"VpcId": "vpc-0a", "GroupName": "default"}, service_owned=True)
    group = live(GROUP, "sg-0a", "Group", {"VpcId": "vpc-0a", "GroupDescription": "nodes"})
    asked = {**endpoint, "VpcId": ref("Vpc"), "SubnetIds": [ref("Net")]}
    without = {**HOLDERS, **wanted(Endpoint=(ENDPOINT, asked))}
    texts = {"VpcId": ref("Vpc"), "GroupDescription": "nodes"}
    more = {**asked, "SecurityGroupIds": [ref("Group")]}
    plan = {**HOLDERS, **wanted(Group=(GROUP, texts), Endpoint=(ENDPOINT, more))}

    def lives(*groups: str) -> list[Live]:
        one = live(ENDPOINT, "vpce-0a", "Endpoint", endpoint, remembered(plan, "Endpoint"))
        with_groups = replace(one, properties={**one.properties, "SecurityGroupIds": list(groups)})
        return [*holders(HOLDERS), default, group, with_groups]

    assert "sg-0d" not in left_alone(planned({**without, **wanted(Group=(GROUP, texts))}, lives("sg-0d")))
    assert _groups_set(planned(plan, lives("sg-0d"))) == ["sg-0a"]
    # Beside another, somebody has put it there.
    assert _groups_set(planned(plan, lives("sg-0a", "sg-0d"))) is None
    assert "sg-0d" in left_alone(planned(plan, lives("sg-0a", "sg-0d")))


def _groups_set(actions: Actions) -> Any:
    return next(
        (each.after for action in actions.actions for each in action.changes if each.property == "SecurityGroupIds"),
        None,
    )


def test_a_policy_that_only_others_wrote_on_a_bucket_of_ours_stays() -> None:
    bucket = live(BUCKET, "lab", "Bucket", {"BucketName": "lab"})
    theirs = live(POLICY, "lab", "", {"Bucket": "lab", "PolicyDocument": _policy(_statement("Audit"))})
    actions = planned(wanted(Bucket=(BUCKET, {"BucketName": "lab"})), [bucket, theirs])
    assert done(actions) == {}
    assert "Bucket: AWS::S3::BucketPolicy lab, which is not of this plan" in left_alone(actions)


def test_a_policy_that_the_plan_had_goes_with_it() -> None:
    case = LISTS[4]
    _, lives = _world(case, [case.item], [case.item], [case.item])
    assert done(planned(wanted(Bucket=(BUCKET, {"BucketName": "lab"})), lives)) == {"lab": "delete"}


def test_a_zones_vpc_that_was_ours_goes_when_it_is_replaced() -> None:
    plan = wanted(
        Vpc=(VPC, {"CidrBlock": "10.60.0.0/16"}),
        Zone=(ZONE, {"Name": "x.corp.", "VPCs": [{"VPCId": ref("Vpc"), "VPCRegion": "eu-west-1"}]}),
    )
    old = live(VPC, "vpc-0a", "Vpc", BLOCK)
    zone = live(ZONE, "Z1", "Zone", {"Name": "x.corp.", "VPCs": [_vpc("vpc-0a"), _vpc("vpc-0f")]})
    actions = planned(plan, [old, replace(zone, claim=made_with(KINDS[ZONE], "Zone"))])
    assert done(actions) == {"vpc-0a": "replace", "Z1": "update"}
    assert the_work(actions, made("Zone")).keeps == {"VPCs": [_vpc("vpc-0f")]}
