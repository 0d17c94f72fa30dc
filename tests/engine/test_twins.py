"""Two live resources with the tags of one: which of them is the plan's, and what becomes of the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.ownership import PLAN, RESOURCE, RUN
from tests.engine.planning import GROUP, SUBNET, VPC, copied, done, left_alone, live, made_by_us, planned, wanted
from tests.engine.test_false_claims import ADDRESS, BLOCK, NET, OUR_GROUP, OUR_VPC, OURS, PLANNED


@pytest.mark.parametrize("resources", [PLANNED, {}], ids=["apply", "destroy"])
def test_a_vpc_with_our_tags_in_which_others_live_is_theirs(resources: Any) -> None:
    copy = copied(OUR_VPC, VPC, "vpc-0f", BLOCK)
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-0f", **NET})
    actions = planned(resources, [*OURS, copy, theirs])
    assert "vpc-0f" not in done(actions)
    assert ("vpc-0a" in done(actions)) is (not resources)
    assert "they are those of vpc-0a, and subnet-0f of others lies in it" in left_alone(actions)
    assert len(actions.problems) == len(resources and [copy])
    assert all("AWS::EC2::VPC vpc-0a and vpc-0f each carry the tags" in problem for problem in actions.problems)


def test_an_earlier_vpc_of_ours_in_which_others_live_is_no_copy() -> None:
    """One that was replaced, and one that the journal has as made."""
    theirs = live(SUBNET, "subnet-0f", "", {"VpcId": "vpc-00", **NET})
    earlier = live(VPC, "vpc-00", "Vpc", {"CidrBlock": "10.60.0.0/16"})
    assert done(planned(PLANNED, [*OURS, earlier, theirs])) == {"vpc-00": "delete"}
    twin = replace(OUR_VPC, id="vpc-00")
    assert done(planned(PLANNED, [*OURS, twin, theirs], made_by_us((VPC, "vpc-00")))) == {"vpc-00": "sweep"}
    assert done(planned(PLANNED, [*OURS, twin, theirs])) == {}


def test_a_second_vpc_with_nothing_of_others_is_swept() -> None:
    default = live(GROUP, "sg-0d", "", {"VpcId": "vpc-00", "GroupName": "default"}, service_owned=True)
    assert done(planned(PLANNED, [replace(OUR_VPC, id="vpc-00"), default, *OURS])) == {"vpc-00": "sweep"}


def test_another_block_of_others_makes_no_vpc_ours() -> None:
    copy = copied(OUR_VPC, VPC, "vpc-0f", BLOCK)
    block = live("AWS::EC2::VPCCidrBlock", "assoc-0f", "", {"VpcId": "vpc-0f", "CidrBlock": "100.66.0.0/16"})
    actions = planned(wanted(Vpc=(VPC, BLOCK)), [OUR_VPC, copy, block])
    assert len(actions.problems) == 1
    assert f"--tags Key={PLAN} Key={RESOURCE} Key={RUN}" in actions.problems[0]


def test_a_twin_of_the_same_request_is_no_copy() -> None:
    twin = replace(OUR_GROUP, id="sg-0b")
    assert set(done(planned({}, [*OURS, twin]))) == {"vpc-0a", "subnet-0a", "sg-0a", "sg-0b"}


def test_of_two_vpcs_the_one_that_is_used_is_kept() -> None:
    twin = replace(OUR_VPC, id="vpc-00")
    group_of_aws = live(GROUP, "sg-default", "", {"VpcId": "vpc-00"}, service_owned=True)
    actions = planned(PLANNED, [twin, *OURS, group_of_aws])
    assert done(actions) == {"vpc-00": "sweep"}
    assert actions.problems == []


@pytest.mark.parametrize("used", [False, True], ids=["neither is used", "both are used"])
def test_where_it_cant_be_told_which_of_two_vpcs_is_meant_nothing_is_done(used: bool) -> None:
    twin = replace(OUR_VPC, id="vpc-00")
    in_twin = replace(OUR_GROUP, id="sg-00", properties={**OUR_GROUP.properties, "VpcId": "vpc-00"})
    # The revision of what lies in the twin is of its own: a run that made a second network.
    in_twin = live(GROUP, "sg-00", "Group", in_twin.properties)
    lives = [twin, *OURS, in_twin] if used else [twin, OUR_VPC]
    [problem] = planned(PLANNED, lives).problems
    assert "vpc-00 and vpc-0a" in problem
    assert "aws ec2 delete-tags" in problem


def test_of_other_things_made_twice_one_is_taken() -> None:
    both = {**PLANNED, **wanted(Address=(ADDRESS, {"Domain": "vpc"}))}
    one, other = (live(ADDRESS, id, "Address", {"Domain": "vpc"}) for id in ("eipalloc-01", "eipalloc-02"))
    assert done(planned(both, [*OURS, other, one])) == {"eipalloc-02": "sweep"}
