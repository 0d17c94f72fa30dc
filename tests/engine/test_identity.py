"""Which live resource is which of the plan: by its tags, and by what else tells it where tags were lost."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

import pytest

from ocpprov.engine.kind_facts import UniqueKey
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import BOUND, PLAN, RESOURCE, REVISION, RUN
from ocpprov.engine.resources import Live, State
from ocpprov.engine.unique_keys import clash
from ocpprov.engine.values import GetAtt
from tests.engine.examples import (
    ADDRESS,
    ATTACHED,
    BLOCK,
    BUCKET,
    NAT,
    NET,
    NETWORK,
    OBJECT,
    OUR_NET,
    OUR_VPC,
    TABLE,
    ZONE,
)
from tests.engine.planning import (
    OWNER,
    ROLE,
    SUBNET,
    VPC,
    current,
    done,
    live,
    made,
    made_by_us,
    planned,
    reasons,
    ref,
    retagged,
    tagging,
    untagged,
    wanted,
)

GATEWAY: Final = "AWS::EC2::InternetGateway"
TRUST: Final = {"RoleName": "machines", "AssumeRolePolicyDocument": {"Statement": []}}
ALL_TAGS: Final = (PLAN, RESOURCE, RUN, REVISION)
PUT_BACK: Final = "ownership tags were missing; put back"


def _address(id: str, name: str = "Address") -> Live:
    return live(ADDRESS, id, name, {"Domain": "vpc"})


def test_tags_tell_plan_and_logical_id() -> None:
    actions = planned(NETWORK, [OUR_VPC, OUR_NET])
    assert current(actions) == {"Vpc": "vpc-1", "Net": "subnet-1"}
    assert done(actions) == {}


@pytest.mark.parametrize("keys", [(PLAN,), (RESOURCE,), (PLAN, RESOURCE), (PLAN, RESOURCE, REVISION), (PLAN, RUN)])
@pytest.mark.parametrize("lost", [OUR_VPC, OUR_NET], ids=lambda live: live.id)
def test_what_lost_some_of_its_tags_gets_them_again(lost: Live, keys: tuple[str, ...]) -> None:
    lives = [untagged(each, *keys) if each is lost else each for each in (OUR_VPC, OUR_NET)]
    actions = planned(NETWORK, lives)
    assert current(actions) == {"Vpc": "vpc-1", "Net": "subnet-1"}
    assert (done(actions), reasons(actions)) == ({lost.id: "adopt"}, {lost.id: PUT_BACK})
    assert tagging(actions, made(lost.tags[RESOURCE])) == ({key: lost.tags[key] for key in keys}, [])


@pytest.mark.parametrize("keys", [(RUN,), (REVISION,)])
def test_a_tag_that_tells_nothing_of_the_owner_is_put_back_as_any_other(keys: tuple[str, ...]) -> None:
    actions = planned(NETWORK, [untagged(OUR_VPC, *keys), OUR_NET])
    assert (done(actions), reasons(actions)) == ({"vpc-1": "update"}, {"vpc-1": ""})


def test_what_lost_all_of_them_is_somebody_elses() -> None:
    actions = planned(NETWORK, [OUR_VPC, untagged(OUR_NET, *ALL_TAGS)])
    assert done(actions) == {"Net": "create"}
    assert len(actions.problems) == 1
    assert "Net: AWS::EC2::Subnet subnet-1 has the same subnet vpc-1 10.50.1.0/24 and is not of" in actions.problems[0]


def test_a_subnet_without_its_name_is_told_by_its_block_though_its_zone_is_another() -> None:
    """The block is a key that AWS gives once, so it can't be another subnet."""
    moved = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET, "AvailabilityZone": "eu-west-1b"})
    actions = planned(NETWORK, [OUR_VPC, untagged(moved, RESOURCE)])
    assert done(actions) == {"subnet-1": "replace"}


@pytest.mark.parametrize("lost", [(PLAN, RESOURCE), (RESOURCE,)])
def test_of_two_alike_that_lost_their_tags_none_is_guessed(lost: tuple[str, ...]) -> None:
    both = wanted(A=(ADDRESS, {"Domain": "vpc"}), B=(ADDRESS, {"Domain": "vpc"}))
    lives = [untagged(_address("eipalloc-1", "A"), *lost), untagged(_address("eipalloc-2", "B"), *lost)]
    going = {} if PLAN in lost else {"eipalloc-1": "delete", "eipalloc-2": "delete"}
    assert done(planned(both, lives)) == {"A": "create", "B": "create", **going}
    # Nor where there is one resource for two live ones, nor one live one for two resources.
    assert current(planned(wanted(A=(ADDRESS, {"Domain": "vpc"})), lives)) == {}
    assert current(planned(both, lives[:1])) == {}
    one = wanted(A=(ADDRESS, {"Domain": "vpc"}))
    assert current(planned({**NETWORK, **one}, [OUR_VPC, OUR_NET, *lives[:1]]))["A"] == "eipalloc-1"
    assert current(planned(one, lives[:1])) == ({} if PLAN in lost else {"A": "eipalloc-1"})


def test_the_name_that_is_left_decides() -> None:
    both = wanted(A=(ADDRESS, {"Domain": "vpc"}), B=(ADDRESS, {"Domain": "vpc"}))
    lives = [OUR_VPC, OUR_NET, untagged(_address("eipalloc-1", "B"), PLAN)]
    assert current(planned({**NETWORK, **both}, lives))["B"] == "eipalloc-1"
    another = {**NETWORK, **wanted(C=(ADDRESS, {"Domain": "vpc"}))}
    assert done(planned(another, lives)) == {"C": "create", "eipalloc-1": "delete"}


def test_what_names_no_plan_is_taken_only_where_a_run_or_the_journal_tells_that_it_is_this_one() -> None:
    """Every plan of OpenShift has the same logical ids: another one's that lost its plan tag mustn't be taken."""
    theirs = retagged(untagged(_address("eipalloc-1"), PLAN), **{RUN: "another"})
    plan = {**NETWORK, **wanted(Address=(ADDRESS, {"Domain": "vpc"}))}
    lives = [OUR_VPC, OUR_NET, theirs]
    actions = planned(plan, lives)
    assert done(actions) == {"Address": "create"}
    assert list(actions.problems) == [
        "Address: AWS::EC2::EIP eipalloc-1 claims to be it, but ocpprov:plan is missing, and nothing shows of which "
        "plan it is; if it is, add --allow eipalloc-1; if not, take its tags ocpprov:plan and ocpprov:resource off"
    ]
    assert [claim.live.id for claim in actions.unproven] == ["eipalloc-1"]
    assert (ADDRESS, "eipalloc-1") not in actions.proven
    for memory in (Memory(allowed=frozenset({"eipalloc-1"})), made_by_us((ADDRESS, "eipalloc-1"))):
        assert current(planned(plan, lives, memory))["Address"] == "eipalloc-1"
    assert done(planned({}, lives)) == {"vpc-1": "delete", "subnet-1": "delete"}


def test_two_alike_that_kept_their_names_are_told_apart_by_them() -> None:
    plan = wanted(Address=(ADDRESS, {"Domain": "vpc"}), Other=(ADDRESS, {"Domain": "vpc"}))
    lives = [untagged(_address("eipalloc-1"), PLAN), untagged(_address("eipalloc-2", "Other"), PLAN)]
    actions = planned({**NETWORK, **plan}, [OUR_VPC, OUR_NET, *lives])
    assert current(actions) == {"Address": "eipalloc-1", "Other": "eipalloc-2", "Vpc": "vpc-1", "Net": "subnet-1"}
    assert done(actions) == {"eipalloc-1": "adopt", "eipalloc-2": "adopt"}


def test_what_refers_to_one_tells_which_it_is() -> None:
    nat = {"SubnetId": "subnet-1", "AllocationId": GetAtt("A", "AllocationId")}
    plan = wanted(A=(ADDRESS, {"Domain": "vpc"}), B=(ADDRESS, {"Domain": "vpc"}), Nat=(NAT, nat))
    lives = [
        replace(untagged(_address("eipalloc-1", "B"), RESOURCE), attributes={"AllocationId": "eipalloc-1"}),
        replace(untagged(_address("eipalloc-2", "A"), RESOURCE), attributes={"AllocationId": "eipalloc-2"}),
        live(NAT, "nat-1", "Nat", {"SubnetId": "subnet-1", "AllocationId": "eipalloc-2"}),
    ]
    actions = planned(plan, lives)
    # The other is then the only one that is left.
    assert current(actions) == {"A": "eipalloc-2", "B": "eipalloc-1", "Nat": "nat-1"}
    assert done(actions) == {"eipalloc-1": "adopt", "eipalloc-2": "adopt"}


def test_what_refers_to_one_tells_nothing_where_it_is_somebody_elses() -> None:
    nat = {"SubnetId": "subnet-1", "AllocationId": GetAtt("A", "AllocationId")}
    plan = wanted(A=(ADDRESS, {"Domain": "vpc"}), B=(ADDRESS, {"Domain": "vpc"}), Nat=(NAT, nat))
    lives = [
        *(untagged(_address(id, "A"), RESOURCE) for id in ("eipalloc-1", "eipalloc-2")),
        live(NAT, "nat-9", "", {"SubnetId": "subnet-1", "AllocationId": "eipalloc-2"}),
    ]
    assert current(planned(plan, lives)) == {}


def test_what_links_one_to_ours_tells_which_it_is() -> None:
    attached = {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gate")}
    plan = {**NETWORK, **wanted(Gate=(GATEWAY, {}), Spare=(GATEWAY, {}), Link=(ATTACHED, attached))}
    link = live(ATTACHED, "igw-2|vpc-1", "", {"VpcId": "vpc-1", "InternetGatewayId": "igw-2"})
    lives = [untagged(live(GATEWAY, id, "Gate", {}), RESOURCE) for id in ("igw-1", "igw-2")]
    actions = planned(plan, [OUR_VPC, OUR_NET, *lives, link])
    assert current(actions)["Gate"] == "igw-2"
    assert current(actions)["Spare"] == "igw-1"
    elsewhere = replace(link, properties={"VpcId": "vpc-9", "InternetGatewayId": "igw-2"})
    assert "Gate" not in current(planned(plan, [OUR_VPC, OUR_NET, *lives, elsewhere]))


def test_where_what_it_lies_in_has_lost_its_tags_too_nothing_is_replaced_by_mistake() -> None:
    actions = planned(NETWORK, [untagged(OUR_VPC, *ALL_TAGS), untagged(OUR_NET, PLAN)])
    assert done(actions) == {"Vpc": "create", "Net": "create"}
    assert list(actions.problems) == [
        "Net: AWS::EC2::Subnet subnet-1 claims to be it, but ocpprov:plan is missing, and nothing shows of which plan "
        "it is; if it is, add --allow subnet-1; if not, take its tags ocpprov:plan and ocpprov:resource off"
    ]
    known = planned(NETWORK, [untagged(OUR_VPC, *ALL_TAGS), untagged(OUR_NET, PLAN)], made_by_us((SUBNET, "subnet-1")))
    assert done(known) == {"Vpc": "create", "subnet-1": "replace"}
    assert list(known.problems) == [
        "Net: AWS::EC2::Subnet subnet-1 has lost its tag ocpprov:plan, and so has what it belongs to: run the command "
        "in the folder where the plan was applied, or put the tag back (lab)"
    ]


def test_known_loosely_it_has_to_be_like_what_is_known() -> None:
    other = live(SUBNET, "subnet-1", "Net", {"VpcId": "vpc-1", **NET, "CidrBlock": "10.50.2.0/24"})
    lives = [untagged(OUR_VPC, *ALL_TAGS), untagged(other, PLAN)]
    assert done(planned(NETWORK, lives)) == {"Vpc": "create", "Net": "create"}
    # A table, of which nothing but its VPC could tell, is known by no less than that.
    table = untagged(live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"}), PLAN)
    plan = {**NETWORK, **wanted(Table=(TABLE, {"VpcId": ref("Vpc")}))}
    assert done(planned(plan, [untagged(OUR_VPC, *ALL_TAGS), table])) == {
        "Vpc": "create",
        "Net": "create",
        "Table": "create",
    }


@pytest.mark.parametrize(("region", "verbs"), [("eu-west-1", {}), ("us-east-1", {"Role": "create"})])
def test_a_twin_in_another_region_is_not_ours(region: str, verbs: dict[str, str]) -> None:
    role = retagged(live(ROLE, "machines", "Role", TRUST), **{"ocpprov:region": region})
    actions = planned(wanted(Role=(ROLE, TRUST)), [role])
    assert done(actions) == verbs
    assert len(actions.problems) == len(verbs)
    assert done(planned({}, [role])) == ({} if verbs else {"machines": "delete"})


@pytest.mark.parametrize(
    "nobodys", [replace(OUR_VPC, service_owned=True), replace(OUR_VPC, state=State.GONE)], ids=["AWS's own", "gone"]
)
def test_whatever_its_tags_say_neither_counts(nobodys: Live) -> None:
    assert done(planned(wanted(Vpc=(VPC, BLOCK)), [nobodys])) == {"Vpc": "create"}
    assert done(planned({}, [nobodys])) == {}


@pytest.mark.parametrize(
    ("tags", "going"),
    [
        ({PLAN: "lab"}, {"eipalloc-9": "delete"}),
        ({RUN: OWNER.run}, {"eipalloc-9": "delete"}),
        ({RUN: "another"}, {}),
        ({RESOURCE: "Some"}, {}),
        ({"Name": "lab-Some"}, {}),
    ],
)
def test_what_is_ours_without_a_name_goes_when_nothing_of_the_plan_is_like_it(
    tags: dict[str, str], going: dict[str, str]
) -> None:
    """If it is proven: less than what a creation leaves is no proof of its own."""
    nameless = replace(_address("eipalloc-9"), tags={BOUND: f"{ADDRESS} eipalloc-9", **tags})
    assert done(planned(NETWORK, [OUR_VPC, OUR_NET, nameless])) == going
    assert done(planned(NETWORK, [OUR_VPC, OUR_NET, untagged(nameless, BOUND)])) == {}
    another = retagged(nameless, **{BOUND: f"{ADDRESS} eipalloc-8"})
    assert done(planned(NETWORK, [OUR_VPC, OUR_NET, another])) == {}


def test_what_proves_itself_beside_its_tags_is_ours() -> None:
    claim = {PLAN: "lab", RESOURCE: "Zone", "ocpprov:region": "eu-west-1"}
    zone = live(ZONE, "Z1", "", {"Name": "x.corp."}, claim=claim)
    actions = planned(wanted(Zone=(ZONE, {"Name": "x.corp."})), [zone])
    assert current(actions) == {"Zone": "Z1"}
    assert done(actions) == {"Z1": "adopt"}
    # Where only the plan is said beside the tags, it is known by its place alone, and that is drift.
    plan = wanted(Bucket=(BUCKET, {"BucketName": "ours"}), File=(OBJECT, {"Bucket": ref("Bucket"), "Key": "k"}))
    bucket = live(BUCKET, "ours", "Bucket", {"BucketName": "ours"})
    put_anew = live(OBJECT, "ours/k", "", {"Bucket": "ours", "Key": "k"}, claim={PLAN: "lab"})
    assert done(planned(plan, [bucket, put_anew])) == {"ours/k": "update"}


@pytest.mark.parametrize(
    ("one", "other", "clashing"),
    [
        (("subnet", "vpc-1", IPv4Network("10.0.0.0/24")), ("subnet", "vpc-1", IPv4Network("10.0.0.0/16")), True),
        (("subnet", "vpc-1", IPv4Network("10.0.0.0/24")), ("subnet", "vpc-1", IPv4Network("10.0.1.0/24")), False),
        (("subnet", "vpc-1", IPv4Network("10.0.0.0/24")), ("subnet", "vpc-2", IPv4Network("10.0.0.0/24")), False),
        (("role", "a"), ("role", "a"), True),
        (("role", "a"), ("role", "b"), False),
        (("role", "a"), ("role", "a", "b"), False),
        (("role", "a"), ("profile", "a"), False),
    ],
)
def test_keys_clash_where_aws_takes_only_one(one: UniqueKey, other: UniqueKey, clashing: bool) -> None:
    assert clash(one, other) is clash(other, one) is clashing
