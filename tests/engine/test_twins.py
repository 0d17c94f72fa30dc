"""Two live resources with the tags of one: which of them is the plan's, and what becomes of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.ownership import PLAN, RESOURCE, RUN
from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import GetAtt
from tests.engine.examples import ATTACHED, NAT
from tests.engine.planning import (
    GROUP,
    SUBNET,
    VPC,
    copied,
    current,
    done,
    left_alone,
    live,
    made_by_us,
    planned,
    ref,
    twin,
    unfinished,
    wanted,
)
from tests.engine.test_proofs import ADDRESS, BLOCK, GATEWAY, NET, OUR_GROUP, OUR_NET, OUR_VPC, OURS, PLANNED, TABLE

TAKE_OFF = f"aws ec2 delete-tags --resources ID --tags Key={PLAN} Key={RESOURCE} Key={RUN}"


@pytest.mark.parametrize("resources", [PLANNED, {}], ids=["apply", "destroy"])
def test_a_copy_of_our_vpcs_tags_is_nobodys_twin(resources: Any) -> None:
    """Whether anybody lives in it or not."""
    copy = copied(OUR_VPC, VPC, "vpc-0f", BLOCK)
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0f", **NET})
    for beside in ([copy, theirs], [copy]):
        actions = planned(resources, [*OURS, *beside])
        assert "vpc-0f" not in done(actions)
        assert ("vpc-0a" in done(actions)) is (not resources)
        assert left_alone(actions) == (
            "Vpc: AWS::EC2::VPC vpc-0f carries this plan's tags, but ocpprov:bound speaks of another: "
            "AWS::EC2::VPC vpc-0a"
        )
        assert actions.problems == []


def test_an_earlier_vpc_of_ours_in_which_others_live_is_no_copy() -> None:
    """One that was replaced, and one that was made twice."""
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-00", **NET})
    earlier = live(VPC, "vpc-00", "Vpc", {"CidrBlock": "10.60.0.0/16"})
    assert done(planned(PLANNED, [*OURS, earlier, theirs])) == {"vpc-00": "delete"}
    assert done(planned(PLANNED, [*OURS, twin(OUR_VPC, "vpc-00"), theirs])) == {"vpc-00": "sweep"}
    copy = replace(OUR_VPC, id="vpc-00")
    assert done(planned(PLANNED, [*OURS, copy, theirs], made_by_us((VPC, "vpc-00")))) == {"vpc-00": "sweep"}
    assert done(planned(PLANNED, [*OURS, copy, theirs])) == {}


def test_a_second_vpc_with_nothing_of_others_is_swept() -> None:
    default = live(GROUP, "sg-0d", "", {"VpcId": "vpc-00", "GroupName": "default"}, service_owned=True)
    actions = planned(PLANNED, [twin(OUR_VPC, "vpc-00"), default, *OURS])
    assert (done(actions), actions.problems) == ({"vpc-00": "sweep"}, [])


def test_another_block_of_others_makes_no_vpc_used() -> None:
    second = twin(OUR_VPC, "vpc-0f")
    block = live("AWS::EC2::VPCCidrBlock", "assoc-0f", "", {"VpcId": "vpc-0f", "CidrBlock": "100.66.0.0/16"})
    actions = planned(wanted(Vpc=(VPC, BLOCK)), [OUR_VPC, second, block])
    assert actions.problems == [
        "Vpc: AWS::EC2::VPC vpc-0a and vpc-0f each carry the tags of this plan, and nothing of this plan uses any; "
        f"find out which one is meant, and take its tags off the other: {TAKE_OFF}"
    ]


def test_a_twin_of_the_same_request_goes_in_a_destroy() -> None:
    second = twin(OUR_GROUP, "sg-0b")
    assert set(done(planned({}, [*OURS, second]))) == {"vpc-0a", "subnet-0a", "sg-0a", "sg-0b"}


@pytest.mark.parametrize("other", ["vpc-00", "vpc-ff"])
def test_of_two_vpcs_the_one_that_is_used_is_kept(other: str) -> None:
    group_of_aws = live(GROUP, "sg-default", "", {"VpcId": other}, service_owned=True)
    actions = planned(PLANNED, [twin(OUR_VPC, other), *OURS, group_of_aws])
    assert (done(actions), current(actions)["Vpc"]) == ({other: "sweep"}, "vpc-0a")
    assert actions.problems == []


@pytest.mark.parametrize(
    ("used", "state"),
    [(False, "nothing of this plan uses any"), (True, "things of this plan use more than one")],
    ids=["neither is used", "both are used"],
)
def test_where_it_cant_be_told_which_of_two_vpcs_is_meant_nothing_is_done(used: bool, state: str) -> None:
    second = twin(OUR_VPC, "vpc-00")
    in_second = live(GROUP, "sg-00", "Group", {**OUR_GROUP.properties, "VpcId": "vpc-00"})
    lives = [second, *OURS, in_second] if used else [second, OUR_VPC]
    [problem] = planned(PLANNED, lives).problems
    assert problem == (
        f"Vpc: AWS::EC2::VPC vpc-00 and vpc-0a each carry the tags of this plan, and {state}; find out which one is "
        f"meant, and take its tags off the other: {TAKE_OFF}"
    )


@pytest.mark.parametrize(("used", "unused"), [("eipalloc-01", "eipalloc-02"), ("eipalloc-02", "eipalloc-01")])
def test_of_two_addresses_the_one_that_ours_uses_is_kept(used: str, unused: str) -> None:
    nat: dict[str, Any] = {"SubnetId": "subnet-0a", "AllocationId": GetAtt("Address", "AllocationId")}
    both = {**PLANNED, **wanted(Address=(ADDRESS, {"Domain": "vpc"}), Nat=(NAT, nat))}
    lives = [
        replace(live(ADDRESS, id, "Address", {"Domain": "vpc"}), attributes={"AllocationId": id})
        for id in ("eipalloc-01", "eipalloc-02")
    ]
    ours = live(NAT, "nat-0a", "Nat", {"SubnetId": "subnet-0a", "AllocationId": used})
    actions = planned(both, [*OURS, *lives, ours])
    assert (done(actions), actions.problems) == ({unused: "sweep"}, [])
    assert planned({}, [*OURS, *lives, ours]).problems == []
    assert {used, unused} <= set(done(planned({}, [*OURS, *lives, ours])))


@pytest.mark.parametrize(
    ("type", "properties"), [(ADDRESS, {"Domain": "vpc"}), (GATEWAY, {}), (TABLE, {"VpcId": "vpc-0a"})]
)
def test_of_two_that_nothing_uses_none_is_taken(type: str, properties: dict[str, str]) -> None:
    plan = {**PLANNED, **wanted(Thing=(type, {**properties, **({"VpcId": ref("Vpc")} if type == TABLE else {})}))}
    one = live(type, "thing-01", "Thing", properties)
    [problem] = planned(plan, [*OURS, twin(one, "thing-02"), one]).problems
    assert problem == (
        f"Thing: {type} thing-01 and thing-02 each carry the tags of this plan, and nothing of this plan uses any; "
        f"find out which one is meant, and take its tags off the other: {TAKE_OFF}"
    )
    assert {"thing-01", "thing-02"} <= set(done(planned({}, [*OURS, twin(one, "thing-02"), one])))


def test_a_link_to_ours_is_a_use_and_a_link_to_others_none() -> None:
    attached = {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gate")}
    plan: dict[str, Resource] = {**PLANNED, **wanted(Gate=(GATEWAY, {}), Link=(ATTACHED, attached))}
    gates = [live(GATEWAY, id, "Gate") for id in ("igw-01", "igw-02")]

    def link(vpc: str) -> Live:
        return live(ATTACHED, f"igw-02|{vpc}", "", {"InternetGatewayId": "igw-02", "VpcId": vpc})

    actions = planned(plan, [*OURS, *gates, link("vpc-0a")])
    assert (done(actions), actions.problems) == ({"igw-01": "sweep"}, [])
    assert len(planned(plan, [*OURS, *gates, link("vpc-0f")]).problems) == 1


def test_what_has_no_id_of_its_own_yields_to_what_is_finished() -> None:
    """It may be a copy from a moment when the other had none either."""
    one = live(GATEWAY, "igw-01", "Gate")
    plan = {**PLANNED, **wanted(Gate=(GATEWAY, {}))}
    actions = planned(plan, [*OURS, one, unfinished(one, "igw-02")])
    assert (done(actions), current(actions)["Gate"], actions.problems) == ({}, "igw-01", [])
    assert left_alone(actions) == (
        "Gate: AWS::EC2::InternetGateway igw-02 carries this plan's tags, but another Gate is finished, and this one "
        "carries no id of its own"
    )
    # Of two of which none is finished, a crash left both.
    both = [unfinished(one, "igw-02"), unfinished(one, "igw-03")]
    assert {"igw-02", "igw-03"} <= set(done(planned({}, [*OURS, *both])))
    assert len(planned(plan, [*OURS, *both]).problems) == 1


def test_what_aws_has_once_is_never_there_twice() -> None:
    """A second subnet with the block, or a second group with the name, is another's wherever it is."""
    for one, other in ((OUR_NET, "subnet-0b"), (OUR_GROUP, "sg-0b")):
        elsewhere = replace(one, id=other, properties={**one.properties, "VpcId": "vpc-0f"})
        for resources in (PLANNED, {}):
            actions = planned(resources, [*OURS, elsewhere])
            assert other not in done(actions)
            assert f"{other} carries this plan's tags, but ocpprov:bound speaks of another: " in left_alone(actions)
