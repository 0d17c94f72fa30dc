"""What shows that a thing is a run's: a copied tag doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from live.cleanliness import left_of, others_billed
from live.names import BOUND, TAG
from live.proofs import Judged, Whose, judge, plans_in
from live.things import (
    ADDRESS,
    BALANCER,
    BUCKET,
    DHCP_OPTIONS,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    ROLE,
    SECURITY_GROUP,
    SUBNET,
    VPC,
    ZONE,
    Thing,
)
from tests.live.support import RUN

MARK = {TAG: RUN}
OTHER = "ocpprov-live-ffffff"
NETWORK = Thing(VPC, "vpc-1", tags={**MARK, BOUND: "vpc-1"})
UNBOUND = Thing(VPC, "vpc-1", tags=MARK)
GROUP = Thing(SECURITY_GROUP, "sg-1", tags=MARK, vpc="vpc-1")


def of(thing: Thing, *others: Thing) -> tuple[Whose, str]:
    judged = judge([thing, *others])[0]
    assert judged.thing == thing
    return judged.whose, judged.why


@pytest.mark.parametrize(
    ("thing", "others", "whose", "why"),
    [
        (NETWORK, [], Whose.SCRATCH, "its own id in its tags"),
        (replace(NETWORK, id="vpc-2"), [], Whose.UNPROVEN, "its tags are a copy of those of vpc-1"),
        (replace(NETWORK, of_aws=True), [], Whose.UNPROVEN, "it is the account's default network"),
        (UNBOUND, [], Whose.SCRATCH, "nothing of others lies in it"),
        (UNBOUND, [GROUP], Whose.SCRATCH, "nothing of others lies in it"),
        (UNBOUND, [Thing(SUBNET, "subnet-9", vpc="vpc-2")], Whose.SCRATCH, "nothing of others lies in it"),
        (
            UNBOUND,
            [Thing(SECURITY_GROUP, "sg-0", vpc="vpc-1", of_aws=True)],
            Whose.SCRATCH,
            "nothing of others lies in it",
        ),
        (
            UNBOUND,
            [Thing(SUBNET, "subnet-9", vpc="vpc-1")],
            Whose.UNPROVEN,
            "AWS::EC2::Subnet subnet-9 lies in it, which isn't of this run",
        ),
        (
            UNBOUND,
            [Thing(SUBNET, "subnet-9", tags={TAG: OTHER}, vpc="vpc-1")],
            Whose.UNPROVEN,
            "AWS::EC2::Subnet subnet-9 lies in it, which isn't of this run",
        ),
        (GROUP, [NETWORK], Whose.SCRATCH, "it lies in vpc-1"),
        (GROUP, [], Whose.UNPROVEN, "it lies in vpc-1, which isn't of this run"),
        (
            GROUP,
            [replace(NETWORK, tags={TAG: OTHER, BOUND: "vpc-1"})],
            Whose.UNPROVEN,
            "it lies in vpc-1, which isn't of this run",
        ),
        (replace(GROUP, of_aws=True), [NETWORK], Whose.UNPROVEN, "AWS made it itself"),
        (replace(GROUP, tags={}), [NETWORK], Whose.OTHERS, ""),
        (Thing(ADDRESS, "eipalloc-1", tags={**MARK, BOUND: "eipalloc-1"}), [], Whose.SCRATCH, "its own id in its tags"),
        (
            Thing(ADDRESS, "eipalloc-2", tags={**MARK, BOUND: "eipalloc-1"}),
            [],
            Whose.UNPROVEN,
            "its tags are a copy of those of eipalloc-1",
        ),
        (Thing(ADDRESS, "eipalloc-1", tags=MARK), [], Whose.SCRATCH, "nothing is joined to it"),
        (
            Thing(ADDRESS, "eipalloc-1", tags=MARK, others=frozenset({"eni-1"})),
            [],
            Whose.UNPROVEN,
            "something is joined to it, and its tags don't have its own id",
        ),
        (Thing(INTERNET_GATEWAY, "igw-1", tags=MARK, vpc="vpc-1"), [NETWORK], Whose.SCRATCH, "it lies in vpc-1"),
        (
            Thing(INTERNET_GATEWAY, "igw-1", tags=MARK, vpc="vpc-9"),
            [NETWORK],
            Whose.UNPROVEN,
            "it lies in vpc-9, which isn't of this run",
        ),
        (Thing(DHCP_OPTIONS, "dopt-1", tags=MARK), [], Whose.UNPROVEN, "no question makes such a thing"),
        (Thing(ROLE, f"{RUN}-lab", f"{RUN}-lab"), [], Whose.SCRATCH, "its name"),
        (Thing(BALANCER, "arn:1", "theirs", MARK), [], Whose.UNPROVEN, "it has another name"),
        (Thing(ROLE, "prod", "prod"), [], Whose.OTHERS, ""),
        (Thing(ZONE, "Z1", f"{RUN}-lab-gone"), [], Whose.SCRATCH, "its name"),
        (Thing(ZONE, "Z1", f"{RUN}-plan/eu-west-1/Zone/t"), [], Whose.PLAN, f"marked as the plan {RUN}-plan's"),
        (Thing(VPC, "vpc-3", tags={"ocpprov:plan": f"{RUN}-plan"}), [], Whose.PLAN, f"marked as the plan {RUN}-plan's"),
        (Thing(VPC, "vpc-3", tags={"ocpprov:plan": "prod"}), [], Whose.OTHERS, ""),
        (Thing(VPC, "vpc-3", tags={TAG: "yes"}), [], Whose.OTHERS, ""),
    ],
)
def test_whose_it_is_and_what_shows_it(thing: Thing, others: list[Thing], whose: Whose, why: str) -> None:
    assert of(thing, *others) == (whose, why)


def test_the_plans_are_those_that_tags_and_names_tell() -> None:
    things = [
        Thing(VPC, "vpc-1", tags={"ocpprov:plan": f"{RUN}-plan"}),
        Thing(ROLE, f"{OTHER}-c-master", f"{OTHER}-c-master"),
        Thing(ROLE, f"{RUN}-lab", f"{RUN}-lab"),
        Thing(VPC, "vpc-2", tags={"ocpprov:plan": "prod"}),
    ]
    assert plans_in(judge(things)) == [f"{RUN}-plan", f"{OTHER}-cluster"]


BUCKET_OF_OTHERS = Judged(Thing(BUCKET, "theirs", "theirs"), Whose.OTHERS)
OURS = Judged(Thing(NAT_GATEWAY, "nat-1", tags=MARK), Whose.SCRATCH, RUN, "it lies in vpc-1")
GOING = Judged(Thing(NAT_GATEWAY, "nat-2", tags=MARK, going=True), Whose.SCRATCH, RUN, "it lies in vpc-1")
OF_AWS = Judged(Thing(SECURITY_GROUP, "sg-0", of_aws=True), Whose.OTHERS)


def test_what_has_a_mark_is_left_and_what_is_new_is_told_whatever_it_is_called() -> None:
    judged = [BUCKET_OF_OTHERS, OURS, GOING, OF_AWS]
    left = "AWS::EC2::NatGateway nat-1 is left: it lies in vpc-1"
    assert left_of(judged) == [left]
    assert left_of(judged, {"theirs"}) == [left]
    assert left_of(judged, set()) == [
        left,
        "AWS::S3::Bucket theirs is new since the run began, and nothing shows whose it is",
    ]


def test_what_others_are_billed_for_is_listed_for_the_eye() -> None:
    group = Judged(Thing(SECURITY_GROUP, "sg-9"), Whose.OTHERS)
    gone = Judged(Thing(NAT_GATEWAY, "nat-3", going=True), Whose.OTHERS)
    assert others_billed([BUCKET_OF_OTHERS, OURS, group, gone]) == ["AWS::S3::Bucket theirs"]
