"""A ledger is a tag: whoever may write it must not choose what is deleted. Its word counts where the journal or the
last plan says the same, and in a destroy where nobody knows what that plan had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from ocpprov.engine.actions import Actions
from ocpprov.engine.memory import Memory
from ocpprov.engine.ownership import CHILDREN, LedgerEntries
from ocpprov.engine.resources import Live
from tests.engine.examples import RECORD, ROUTE, TABLE, ZONE
from tests.engine.planning import done, live, planned, wanted, work

GROUP: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
TARGET: Final = "Ocpprov::ElasticLoadBalancingV2::Target"
OURS, THEIRS = "Z1|api.x.corp|A|", "Z1|db.x.corp|A|"
ROWS: Final = frozenset({("Zone", "rr api.x.corp A"), ("Table", "r 0.0.0.0/0"), ("Targets", "t 10.0.0.1:80")})
KNOWN: Final = Memory(rows=ROWS, knows_rows=True, is_known_here=True)
PLAN: Final = wanted(
    Table=(TABLE, {"VpcId": "vpc-9"}),
    Zone=(ZONE, {"Name": "x.corp."}),
    Targets=(GROUP, {"Name": "lab", "Protocol": "TCP", "Port": 80, "VpcId": "vpc-9"}),
)
"""What is left of the plan: the rows were taken out of it."""


def _record(name: str) -> Live:
    row = {"HostedZoneId": "Z1", "Name": f"{name}.", "Type": "A", "ResourceRecords": ["10.0.0.1"]}
    return live(RECORD, f"Z1|{name}|A|", "", row)


def _route(block: str) -> Live:
    row = {"RouteTableId": "rtb-1", "DestinationCidrBlock": block, "GatewayId": "igw-9"}
    return live(ROUTE, f"rtb-1|{block}", "", row)


def _target(address: str) -> Live:
    return live(TARGET, f"arn:t|{address}:80", "", {"TargetGroupArn": "arn:t", "Id": address, "Port": 80})


def _account() -> list[Live]:
    """Each ledger names a row of ours and one of others."""

    def remembers(*entries: str) -> LedgerEntries:
        return LedgerEntries(children=frozenset(entries))

    return [
        live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-9"}, remembers("r 0.0.0.0/0", "r 10.0.0.0/8")),
        live(ZONE, "Z1", "Zone", {"Name": "x.corp."}, remembers("rr api.x.corp A", "rr db.x.corp A")),
        live(
            GROUP,
            "arn:t",
            "Targets",
            {"Name": "lab", "Protocol": "TCP", "Port": 80, "VpcId": "vpc-9"},
            remembers("t 10.0.0.1:80", "t 10.0.0.2:80"),
        ),
        *(_record("api.x.corp"), _record("db.x.corp")),
        *(_route("0.0.0.0/0"), _route("10.0.0.0/8")),
        *(_target("10.0.0.1"), _target("10.0.0.2")),
    ]


FORGED: Final = {THEIRS: "Z1", "rtb-1|10.0.0.0/8": "rtb-1", "arn:t|10.0.0.2:80": "arn:t"}
"""What only a ledger says is ours, and whose."""


def _unproven(actions: Actions) -> dict[str, str]:
    return {claim.live.id: claim.reason for claim in actions.unproven}


def _why(parent: str) -> str:
    return f"only the tag {CHILDREN} of {parent} says so: neither the journal nor the last plan had it"


def test_an_apply_takes_what_the_last_plan_had_and_names_the_rest() -> None:
    actions = planned(PLAN, _account(), KNOWN)
    assert done(actions) == {OURS: "delete", "rtb-1|0.0.0.0/0": "delete", "arn:t|10.0.0.1:80": "delete"}
    assert _unproven(actions) == {id: _why(parent) for id, parent in FORGED.items()}


@pytest.mark.parametrize("knows", [False, True], ids=["nobody noted any", "it had none"])
def test_an_apply_that_knows_no_row_takes_none(knows: bool) -> None:
    actions = planned(PLAN, _account(), replace(KNOWN, rows=frozenset(), knows_rows=knows))
    assert done(actions) == {}
    assert _unproven(actions).keys() == {*FORGED, OURS, "rtb-1|0.0.0.0/0", "arn:t|10.0.0.1:80"}


def test_a_destroy_takes_no_record_that_the_last_plan_did_not_have() -> None:
    """It says so of each, and that the zone can't go while one is in it."""
    actions = planned({}, _account(), KNOWN)
    assert done(actions) == dict.fromkeys(("rtb-1", "Z1", "arn:t", OURS), "delete")
    assert _unproven(actions) == {THEIRS: _why("Z1")}
    assert [(each.resource, each.what, each.is_left) for each in actions.others if each.resource == "Zone"] == [
        ("Zone", f"{RECORD} {THEIRS}, which is not of this plan and keeps what it is in from going", True)
    ]


@pytest.mark.parametrize(
    "memory",
    [
        replace(KNOWN, made=frozenset({(RECORD, THEIRS)})),
        replace(KNOWN, allowed=frozenset({THEIRS})),
        replace(KNOWN, rows=ROWS | {("Zone", "rr db.x.corp A")}),
        Memory(is_known_here=True),
        replace(KNOWN, knows_rows=False),
    ],
    ids=["the journal", "the user", "the last plan", "nobody knows more than the ledger", "not all was noted"],
)
def test_unless_something_else_says_so_too(memory: Memory) -> None:
    actions = planned({}, [*_account(), live(RECORD, "Z9|x", "", {"HostedZoneId": "Z9"})], memory)
    assert done(actions) == dict.fromkeys(("rtb-1", "Z1", "arn:t", OURS, THEIRS), "delete")
    assert _unproven(actions) == {}


def test_of_what_goes_with_something_of_ours_a_destroy_names_what_is_of_others() -> None:
    others = [(each.resource, each.what, each.is_left) for each in planned({}, _account(), KNOWN).others]
    assert [each for each in others if each[0] != "Zone"] == [
        ("Table", f"{ROUTE} rtb-1|10.0.0.0/8, which is not of this plan and goes with what it is in", False),
        ("Targets", f"{TARGET} arn:t|10.0.0.2:80, which is not of this plan and goes with what it is in", False),
    ]


def _private(*vpcs: str, **more: Any) -> Live:
    """Our zone, associated with these networks."""
    members = [{"VPCId": vpc, "VPCRegion": "eu-west-1"} for vpc in vpcs]
    return live(ZONE, "Z1", "Zone", {"Name": "x.corp.", "VPCs": members}, **more)


@pytest.mark.parametrize(
    ("vpcs", "said"), [(("vpc-1",), 0), (("vpc-1", "vpc-9"), 0), (("vpc-1", "vpc-f"), 1), (("vpc-e", "vpc-f"), 2)]
)
def test_a_destroy_names_the_members_of_others_in_lists_of_ours(vpcs: tuple[str, ...], said: int) -> None:
    """Such as a hub that somebody associated with a zone; not a network of ours, or one that the plan names."""
    ours = live("AWS::EC2::VPC", "vpc-1", "Vpc", {"CidrBlock": "10.50.0.0/16"})
    others = planned({}, [ours, _private(*vpcs)], replace(KNOWN, given=frozenset({"vpc-9"}))).others
    assert [each.resource for each in others] == ["Zone"] * said
    assert [vpc for vpc in vpcs if any(vpc in each.what for each in others)] == list(vpcs[len(vpcs) - said :])
    assert all(each.what.startswith("VPCs has ") and not each.is_left for each in others)


def test_of_an_older_zone_nobody_knows_whose_its_members_are() -> None:
    older = replace(_private("vpc-f"), tags={**_private().tags, "ocpprov:revision": "1-0123456789ab"})
    assert list(planned({}, [older], KNOWN).others) == []


def test_a_mark_on_a_subnet_of_others_takes_nothing_along() -> None:
    uses = {"SubnetId": "subnet-9", "RouteTableId": "rtb-9"}
    mark = live("Ocpprov::EC2::SharedTags", "subnet-9", "", {"ResourceId": "subnet-9", "Tags": []})
    mark = replace(mark, tags={"ocpprov:plan": "lab", "ocpprov:bound": "Ocpprov::EC2::SharedTags subnet-9"})
    link = live("AWS::EC2::SubnetRouteTableAssociation", "rtbassoc-9", "", uses)
    actions = planned({}, [mark, link], replace(KNOWN, given=frozenset({"subnet-9"})))
    assert (done(actions), list(actions.others)) == ({"subnet-9": "delete"}, [])
    assert [action.resource for action in actions.actions] == ["subnet-9"]


def test_of_the_marks_of_two_plans_on_one_subnet_each_takes_its_own() -> None:
    """They share the subnet's id."""

    def mark(plan: str) -> Live:
        tags = {"ocpprov:plan": plan, "ocpprov:bound": "Ocpprov::EC2::SharedTags subnet-9"}
        row: Any = {"ResourceId": "subnet-9", "Tags": [{"Key": f"kubernetes.io/cluster/{plan}", "Value": "shared"}]}
        return Live("Ocpprov::EC2::SharedTags", "subnet-9", row, tags=tags)

    for lives in ([mark("lab"), mark("two")], [mark("two"), mark("lab")]):
        actions = planned({}, lives, replace(KNOWN, given=frozenset({"subnet-9"})))
        assert done(actions) == {"subnet-9": "delete"}
        assert [each.live for each in work(actions)] == [mark("lab")]
        assert list(actions.unproven) == []
    assert done(planned({}, [mark("two")], KNOWN)) == {}
