"""What becomes of each resource that the plan wants, and of what is there beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import RUN
from ocpprov.engine.resources import Live, State
from ocpprov.engine.values import GetAtt, Unknown
from tests.engine.examples import (
    ADDRESS,
    ATTACHED,
    BLOCK,
    BUCKET,
    GATE,
    NAT,
    NET,
    NETWORK,
    OBJECT,
    OUR_NET,
    OUR_VPC,
    RECORD,
    ROUTE,
    TABLE,
)
from tests.engine.planning import (
    GROUP,
    SUBNET,
    VPC,
    action_on,
    changes_of,
    current,
    done,
    left_alone,
    live,
    made,
    made_by_us,
    planned,
    reasons,
    ref,
    remembered,
    the_work,
    twin,
    untagged,
    wanted,
)

GATEWAY: Final = {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"}
NATS: Final = wanted(Nat=(NAT, GATEWAY))
OTHER_BLOCK: Final = live(VPC, "vpc-0", "Vpc", {"CidrBlock": "10.60.0.0/16"})
EARLIER: Final = "an earlier Vpc, left by a replacement"


def _nat(id: str, state: State, reason: str = "", **properties: str) -> Live:
    return live(NAT, id, "Nat", {**GATEWAY, **properties}, state=state, reason=reason)


@pytest.mark.parametrize(
    ("lives", "verbs", "why"),
    [
        pytest.param([], {"Vpc": "create"}, {"Vpc": "not there"}, id="nothing"),
        pytest.param([OUR_VPC], {}, {}, id="as wanted"),
        pytest.param([replace(OUR_VPC, state=State.PENDING)], {}, {}, id="on its way"),
        pytest.param(
            [OTHER_BLOCK], {"vpc-0": "replace"}, {"vpc-0": "CidrBlock can't be changed in place"}, id="another block"
        ),
        pytest.param(
            [replace(OTHER_BLOCK, state=State.PENDING)],
            {"vpc-0": "replace"},
            {"vpc-0": "CidrBlock can't be changed in place"},
            id="another block on its way",
        ),
        pytest.param([OTHER_BLOCK, OUR_VPC], {"vpc-0": "delete"}, {"vpc-0": EARLIER}, id="replaced before"),
        pytest.param(
            [OUR_VPC, twin(OUR_VPC, "vpc-2"), live(GROUP, "sg-1", "", {"VpcId": "vpc-1"}, service_owned=True)],
            {"vpc-2": "sweep"},
            {"vpc-2": "a second Vpc"},
            id="twice",
        ),
        pytest.param(
            [replace(OUR_VPC, state=State.BROKEN, reason="no room")],
            {"Vpc": "create", "vpc-1": "delete"},
            {"Vpc": "vpc-1 failed: no room", "vpc-1": "it failed"},
            id="failed",
        ),
        pytest.param(
            [replace(OUR_VPC, state=State.DELETING)],
            {"Vpc": "create", "vpc-1": "delete"},
            {"Vpc": "not there", "vpc-1": EARLIER},
            id="going",
        ),
        pytest.param([replace(OUR_VPC, state=State.GONE)], {"Vpc": "create"}, {"Vpc": "not there"}, id="gone"),
        pytest.param(
            [OUR_VPC, replace(twin(OUR_VPC, "vpc-2"), state=State.BROKEN)],
            {"vpc-2": "delete"},
            {"vpc-2": "it failed"},
            id="one of two failed",
        ),
        pytest.param(
            [OTHER_BLOCK, replace(OUR_VPC, state=State.BROKEN, reason="no room")],
            {"vpc-0": "replace"},
            {"vpc-0": "CidrBlock can't be changed in place"},
            id="the successor failed",
        ),
    ],
)
def test_what_is_there_decides(lives: list[Live], verbs: dict[str, str], why: dict[str, str]) -> None:
    actions = planned(wanted(Vpc=(VPC, BLOCK)), lives)
    if "vpc-2" in verbs and verbs["vpc-2"] == "sweep":
        # Neither is used, so which is meant is asked.
        assert len(actions.problems) == 1
    assert (done(actions), reasons(actions)) == (verbs, why)


def test_current_is_only_what_stays() -> None:
    assert current(planned(NETWORK, [OUR_VPC])) == {"Vpc": "vpc-1"}
    assert current(planned(NETWORK, [OTHER_BLOCK])) == {}
    assert current(planned(NETWORK, [OUR_VPC, OUR_NET])) == {"Vpc": "vpc-1", "Net": "subnet-1"}
    assert action_on(planned(NETWORK, [OUR_VPC, OUR_NET]), "Vpc").id == "vpc-1"


def test_of_two_the_one_in_use_stays_whatever_its_id() -> None:
    for used, unused in (("vpc-1", "vpc-2"), ("vpc-2", "vpc-1")):
        net = live(SUBNET, "subnet-1", "Net", {"VpcId": used, **NET})
        actions = planned(NETWORK, [OUR_VPC, twin(OUR_VPC, "vpc-2"), net])
        assert (done(actions), actions.problems) == ({unused: "sweep"}, [])
    addresses = [live(ADDRESS, id, "Address", {"Domain": "vpc"}) for id in ("eipalloc-1", "eipalloc-2")]
    plan = {**NATS, **wanted(Address=(ADDRESS, {"Domain": "vpc"}))}
    for used, unused in (("eipalloc-1", "eipalloc-2"), ("eipalloc-2", "eipalloc-1")):
        nat = live(NAT, "nat-1", "Nat", {**GATEWAY, "AllocationId": used})
        found = done(planned(plan, [*addresses, nat]))
        assert found.get(unused) == "sweep"
        assert used not in found


def test_what_others_have_in_one_is_no_use_of_it() -> None:
    """Of two gateways, the one that is attached to a VPC of the plan is used; to one of others, not."""
    gates = [live(GATE, id, "Gate", {}) for id in ("igw-1", "igw-2")]
    plan = {**NETWORK, **wanted(Gate=(GATE, {}))}
    for vpc, kept in (("vpc-1", "igw-2"), ("vpc-9", "igw-1")):
        link = live(ATTACHED, f"igw-2|{vpc}", "", {"InternetGatewayId": "igw-2", "VpcId": vpc})
        actions = planned(plan, [OUR_VPC, OUR_NET, *gates, link], made_by_us((GATE, "igw-1"), (GATE, "igw-2")))
        assert current(actions)["Gate"] == kept, vpc


def test_which_of_two_networks_is_meant_is_asked() -> None:
    said = (
        "Vpc: AWS::EC2::VPC vpc-1 and vpc-2 each carry the tags of this plan, and {}; find out which one is meant, and "
        "take its tags off the other: aws ec2 delete-tags --resources ID --tags Key=ocpprov:plan Key=ocpprov:resource "
        "Key=ocpprov:run"
    )
    both = [OUR_VPC, twin(OUR_VPC, "vpc-2")]
    assert planned(NETWORK, both).problems == [said.format("nothing of this plan uses any")]
    nets = [OUR_NET, live(SUBNET, "subnet-2", "Net", {"VpcId": "vpc-2", **NET})]
    assert planned(NETWORK, [*both, *nets]).problems == [said.format("things of this plan use more than one")]


def test_changes_in_place_are_named_and_nothing_else_is_set() -> None:
    plan = wanted(Vpc=(VPC, {**BLOCK, "EnableDnsHostnames": True}))
    actions = planned(
        plan, [replace(OUR_VPC, properties={**BLOCK, "EnableDnsSupport": False, "EnableDnsHostnames": False})]
    )
    assert done(actions) == {"vpc-1": "update"}
    assert changes_of(actions, "vpc-1") == {"EnableDnsSupport": (False, True), "EnableDnsHostnames": (False, True)}
    work = the_work(actions, made("Vpc"))
    assert (work.what, list(work.sets), work.seconds) == ("update", ["EnableDnsSupport", "EnableDnsHostnames"], 1)
    tagged = planned(plan, [replace(untagged(OUR_VPC, RUN), properties={**BLOCK, "EnableDnsHostnames": True})])
    assert list(changes_of(tagged, "vpc-1")) == ["Tags.ocpprov:run"]
    assert list(the_work(tagged, made("Vpc")).sets) == []


def test_what_is_replaced_makes_what_refers_to_it_change() -> None:
    table = {"VpcId": ref("Vpc")}
    plan = {**NETWORK, **wanted(Table=(TABLE, table), Peers=(GROUP, {"VpcId": "vpc-7", "GroupDescription": "p"}))}
    lives = [OTHER_BLOCK, live(SUBNET, "subnet-0", "Net", {"VpcId": "vpc-0", **NET})]
    actions = planned(plan, [*lives, live(TABLE, "rtb-0", "Table", {"VpcId": "vpc-0"})])
    assert done(actions) == {"vpc-0": "replace", "subnet-0": "replace", "rtb-0": "replace", "Peers": "create"}
    before, after = changes_of(actions, "subnet-0")["VpcId"]
    assert (before, after.__class__, getattr(after, "expression", None)) == ("vpc-0", Unknown, ref("Vpc"))


@pytest.mark.parametrize(
    ("properties", "state", "verbs"),
    [
        ({"NatGatewayId": "nat-1"}, State.READY, {}),
        ({"NatGatewayId": "nat-2"}, State.READY, {"rtb-1|0.0.0.0/0": "update"}),
        ({"NatGatewayId": "nat-1"}, State.PENDING, {}),
        ({"NatGatewayId": "nat-1"}, State.DELETING, {"Out": "create", "rtb-1|0.0.0.0/0": "delete"}),
        (None, State.READY, {"Out": "create"}),
    ],
)
def test_what_has_no_tags_is_known_by_its_key(
    properties: dict[str, str] | None, state: State, verbs: dict[str, str]
) -> None:
    key = {"RouteTableId": ref("Table"), "DestinationCidrBlock": "0.0.0.0/0"}
    plan = {**NETWORK, **wanted(Table=(TABLE, {"VpcId": ref("Vpc")}), Out=(ROUTE, {**key, "NatGatewayId": "nat-1"}))}
    table = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"}, remembered(plan, "Table"))
    there = {**key, "RouteTableId": "rtb-1"}
    routes = [] if properties is None else [live(ROUTE, "rtb-1|0.0.0.0/0", "", {**there, **properties}, state=state)]
    other = live(ROUTE, "rtb-1|10.0.0.0/8", "", {**there, "DestinationCidrBlock": "10.0.0.0/8"}, service_owned=True)
    actions = planned(plan, [OUR_VPC, OUR_NET, table, *routes, other])
    assert done(actions) == verbs
    assert reasons(actions).get("Out", "not there") == "not there"


def test_a_link_that_leads_elsewhere_is_made_anew() -> None:
    plan = {
        **NETWORK,
        **wanted(Gate=(GATE, {}), Link=(ATTACHED, {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gate")})),
    }
    gate = live(GATE, "igw-1", "Gate", {})
    link = live(ATTACHED, "igw-1|vpc-9", "", {"InternetGatewayId": "igw-1", "VpcId": "vpc-9"})
    lives = [OUR_VPC, OUR_NET, gate, link]
    theirs = planned(plan, lives, made_by_us((GATE, "igw-1")))
    assert done(theirs) == {}
    assert "Link: AWS::EC2::VPCGatewayAttachment igw-1|vpc-9 leads to vpc-9, which is not of this plan" in left_alone(
        theirs
    )
    assert done(planned(plan, lives, Memory(allowed=frozenset({"Link"})))) == {"igw-1|vpc-9": "replace"}
    actions = planned(plan, lives, made_by_us((GATE, "igw-1"), (ATTACHED, "igw-1|vpc-9")))
    assert done(actions) == {"igw-1|vpc-9": "replace"}
    assert reasons(actions) == {"igw-1|vpc-9": "VpcId can't be changed in place"}
    assert changes_of(actions, "Link") == {"VpcId": ("vpc-9", "vpc-1")}


@pytest.mark.parametrize(
    ("type", "properties", "parent"),
    [
        (ATTACHED, {"InternetGatewayId": "igw-9", "VpcId": "vpc-1"}, "igw-9"),
        (OBJECT, {"Bucket": "theirs", "Key": "k", "Source": "f"}, "theirs"),
        ("AWS::S3::BucketPolicy", {"Bucket": "theirs", "PolicyDocument": {"Statement": []}}, "theirs"),
    ],
)
def test_nothing_of_ours_is_put_on_what_is_somebody_elses(type: str, properties: dict[str, Any], parent: str) -> None:
    [problem] = planned(wanted(One=(type, properties)), []).problems
    assert problem == (
        f"One: {parent} is not of this plan, and {type} is never put on what is somebody else's; refer to a resource "
        "of this plan, or take this one out"
    )


def test_what_the_plan_makes_may_be_named_instead_of_referred_to() -> None:
    plan = wanted(Bucket=(BUCKET, {"BucketName": "ours"}), One=(OBJECT, {"Bucket": "ours", "Key": "k", "Source": "f"}))
    assert planned(plan, []).problems == []
    assert planned(plan, [live(BUCKET, "ours", "Bucket", {"BucketName": "ours"})]).problems == []
    # One of ours that the plan names though it no longer has it.
    assert planned({"One": plan["One"]}, [live(BUCKET, "ours", "Bucket", {"BucketName": "ours"})]).problems == []


def test_a_row_of_others_where_ours_should_be_is_never_overwritten() -> None:
    row = {"HostedZoneId": "Z9", "Name": "api.corp.", "Type": "A", "TTL": "60"}
    plan = wanted(Api=(RECORD, {**row, "ResourceRecords": ["10.0.0.1"]}))
    theirs = live(RECORD, "Z9|api", "", {**row, "ResourceRecords": ["10.0.0.2"]})
    assert planned(plan, [theirs]).problems == [
        "Api: AWS::Route53::RecordSet Z9|api is there already, says something else, and is not of this plan; remove it "
        "by hand if nobody needs it, or take this resource out of the plan"
    ]
    equal = live(RECORD, "Z9|api", "", {**row, "ResourceRecords": ["10.0.0.1"]})
    assert (planned(plan, [equal]).problems, done(planned(plan, [equal]))) == ([], {})


def test_a_row_elsewhere_that_is_remembered_is_put_right() -> None:
    row = {"HostedZoneId": "Z9", "Name": "api.corp.", "Type": "CNAME", "TTL": "60"}
    balancer = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    target = {"ResourceRecords": [GetAtt("Lb", "DNSName")]}
    plan = wanted(Lb=(balancer, {"Name": "b"}), Api=(RECORD, {**row, **target}))
    there = live(balancer, "arn:b", "Lb", {"Name": "b"}, remembered(plan, "Lb"), attributes={"DNSName": "b.example"})
    changed = live(RECORD, "Z9|api", "", {**row, "TTL": "300", "ResourceRecords": ["b.example"]})
    actions = planned(plan, [there, changed])
    assert (actions.problems, done(actions)) == ([], {"Z9|api": "update"})
    assert changes_of(actions, "Api") == {"TTL": ("300", "60")}
