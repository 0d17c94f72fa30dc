"""What a resource remembers of its rows and links grows before the first new one, and shrinks after the last one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.engine.excluded_services import Excluded
from ocpprov.engine.graph import build
from ocpprov.engine.ownership import CHILDREN, LedgerEntries
from ocpprov.engine.planner import plan
from ocpprov.engine.resources import Live, Resource
from ocpprov.kinds.registry import KINDS
from tests.engine.examples import BALANCER, BUCKET, NAT, POLICY, RECORD, ROUTE, TABLE, ZONE
from tests.engine.planning import (
    OWNER,
    VPC,
    changes_of,
    comes_first,
    forgotten,
    gone,
    in_any_order,
    inventory,
    last_plan_had,
    ledger_afterwards,
    live,
    made,
    one_after_another,
    planned,
    ref,
    remembered,
    sends,
    tagging,
    the_work,
    wanted,
)

BLOCKS: Final = "AWS::EC2::VPCCidrBlock"
PLACE: Final = {"VpcId": "vpc-9"}


def _routes(*blocks: str, to: str = "igw-9") -> dict[str, Resource]:
    """A table with a route to each of these blocks."""
    rows = {
        f"To{number}": (ROUTE, {"RouteTableId": ref("Table"), "DestinationCidrBlock": block, "GatewayId": to})
        for number, block in enumerate(blocks)
    }
    return wanted(Table=(TABLE, PLACE), **rows)


def _applied(*blocks: str, to: str = "igw-9") -> list[Live]:
    """What AWS has of that."""
    rows = [
        live(ROUTE, f"rtb-1|{block}", "", {"RouteTableId": "rtb-1", "DestinationCidrBlock": block, "GatewayId": to})
        for block in blocks
    ]
    return [live(TABLE, "rtb-1", "Table", PLACE, remembered(_routes(*blocks), "Table")), *rows]


A, B, C = "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"


def test_what_is_new_remembers_all_from_its_creation_on() -> None:
    actions = planned(_routes(A, B), [])
    assert sends(actions) == ["create Table", "create To0", "create To1"]
    assert the_work(actions, made("Table")).remembers == LedgerEntries(frozenset({f"r {A}", f"r {B}"}))


def test_an_unchanged_one_is_left_as_it_is() -> None:
    assert sends(planned(_routes(A, B), _applied(A, B))) == []


def test_it_grows_before_the_first_new_row() -> None:
    actions = planned(_routes(A, B), _applied(A))
    assert sends(actions) == ["create To1", "update Table"]
    assert changes_of(actions, "Table") == {f"Tags.{CHILDREN}": (f"r {A}", f"r {A} + r {B}")}
    assert list(the_work(actions, made("Table")).sets) == []
    assert comes_first(actions, made("Table"), made("To1"))


def test_it_shrinks_after_the_last_old_row() -> None:
    actions = planned(_routes(A), _applied(A, B))
    assert sends(actions) == [f"delete rtb-1|{B}", "tag Table"]
    assert comes_first(actions, gone(f"rtb-1|{B}"), forgotten("Table"))
    assert tagging(actions, forgotten("Table")) == ({CHILDREN: f"r {A}"}, [])
    none_left = planned(_routes(), _applied(A))
    assert tagging(none_left, forgotten("Table")) == ({}, [CHILDREN])


def test_while_rows_come_and_go_it_has_both() -> None:
    actions = planned(_routes(A, C), _applied(A, B))
    assert sends(actions) == ["create To1", f"delete rtb-1|{B}", "tag Table", "update Table"]
    assert changes_of(actions, "Table") == {f"Tags.{CHILDREN}": (f"r {A} + r {B}", f"r {A} + r {B} + r {C}")}
    assert one_after_another(actions, made("Table"), made("To1"), forgotten("Table"))
    assert comes_first(actions, gone(f"rtb-1|{B}"), forgotten("Table"))
    assert tagging(actions, forgotten("Table")) == ({CHILDREN: f"r {A} + r {C}"}, [])


def test_a_long_one_goes_on_in_more_tags_and_gives_them_back() -> None:
    blocks = [f"10.{number}.0.0/16" for number in range(1, 41)]
    before = _applied(*blocks)
    assert set(before[0].tags) >= {CHILDREN, f"{CHILDREN}.2", f"{CHILDREN}.3"}
    assert sends(planned(_routes(*blocks), before)) == []
    actions = planned(_routes(A), before)
    assert ledger_afterwards(actions, "Table") == {f"r {A}"}
    put, removed = tagging(actions, forgotten("Table"))
    assert (put, sorted(removed)) == ({CHILDREN: f"r {A}"}, [f"{CHILDREN}.2", f"{CHILDREN}.3"])


def test_what_is_not_there_any_more_is_forgotten_all_the_same() -> None:
    lives = _applied(A, B)
    actions = planned(_routes(A), [each for each in lives if not each.id.endswith(B)])
    assert sends(actions) == ["tag Table"]
    assert ledger_afterwards(actions, "Table") == {f"r {A}"}


def test_what_is_replaced_has_nothing_to_forget() -> None:
    plan = {**_routes(A), "Table": replace(_routes()["Table"], properties={"VpcId": "vpc-8"})}
    actions = planned(plan, _applied(A, B))
    assert sends(actions) == ["create Table", "create To0", "delete rtb-1"]


def test_a_row_in_a_table_of_others_is_remembered_by_what_it_leads_to() -> None:
    out = {"RouteTableId": "rtb-9", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": ref("Nat")}
    plan = wanted(Nat=(NAT, {"SubnetId": "subnet-9", "AllocationId": "eipalloc-9"}), Out=(ROUTE, out))
    assert remembered(plan, "Nat") == LedgerEntries(elsewhere=frozenset({"rtb-9 r 0.0.0.0/0"}))
    assert remembered(plan, "Out") == LedgerEntries()
    actions = planned(plan, [])
    assert the_work(actions, made("Nat")).remembers == remembered(plan, "Nat")
    assert the_work(actions, made("Out")).remembers == LedgerEntries()
    # To what isn't the plan's it can be remembered nowhere.
    alone = wanted(Table=(TABLE, PLACE), Out=(ROUTE, {**out, "NatGatewayId": "nat-9"}))
    assert remembered(alone, "Table") == LedgerEntries()


def test_links_and_list_members_are_remembered_where_others_may_add_theirs() -> None:
    document = {"Statement": [{"Sid": "Tls", "Effect": "Deny", "Action": "*", "Principal": "*", "Resource": "*"}]}
    plan = wanted(
        Vpc=(VPC, {"CidrBlock": "10.0.0.0/16"}),
        Second=(BLOCKS, {"VpcId": ref("Vpc"), "CidrBlock": "100.66.0.0/16"}),
        Foreign=(BLOCKS, {"VpcId": "vpc-9", "CidrBlock": "100.67.0.0/16"}),
        Zone=(ZONE, {"Name": "x.corp.", "VPCs": [{"VPCId": "vpc-8", "VPCRegion": "eu-west-1"}]}),
        Bucket=(BUCKET, {"BucketName": "lab"}),
        ByName=(POLICY, {"Bucket": "lab", "PolicyDocument": document}),
    )
    assert remembered(plan, "Vpc") == LedgerEntries(links=frozenset({"block 100.66.0.0/16"}))
    assert remembered(plan, "Zone").links == {KINDS[ZONE].member("VPCs", {"VPCId": "vpc-8", "VPCRegion": "eu-west-1"})}
    assert remembered(plan, "Bucket") == LedgerEntries(links=frozenset({"statement Tls"}))
    assert remembered(plan, "Second") == remembered(plan, "Foreign") == remembered(plan, "ByName") == LedgerEntries()


def _balancer(*rows: str) -> Live:
    return live(
        BALANCER,
        "arn:b",
        "Api",
        {"Name": "b"},
        LedgerEntries(elsewhere=frozenset(rows)),
        attributes={"DNSName": "b.example"},
    )


@pytest.mark.parametrize(
    ("types", "sent"), [((), ["tag Api"]), ((RECORD,), []), ((ROUTE,), []), ((BUCKET,), ["tag Api"])]
)
def test_while_rows_elsewhere_are_not_seen_none_is_forgotten(types: tuple[str, ...], sent: list[str]) -> None:
    graph = build(wanted(Api=(BALANCER, {"Name": "b"})), KINDS)
    there = inventory(_balancer("Z9 rr api.corp CNAME"))
    actions = plan(graph, there, OWNER, KINDS, Excluded(types=frozenset(types)))
    assert sends(actions) == sent


HAD: Final = last_plan_had(*_applied(A, B))


def test_rows_of_its_own_are_forgotten_whatever_else_is_not_seen() -> None:
    graph = build(_routes(A), KINDS)
    actions = plan(graph, inventory(*_applied(A, B)), OWNER, KINDS, Excluded(types=frozenset({RECORD})), HAD)
    assert sends(actions) == [f"delete rtb-1|{B}", "tag Table"]


def test_what_is_left_out_goes_on_being_remembered() -> None:
    resources = _routes(A, B)
    kept = {name: each for name, each in resources.items() if name != "To1"}
    left = Excluded({"To1": resources["To1"]}, frozenset({BUCKET}))
    actions = plan(build(kept, KINDS), inventory(*_applied(A, B)), OWNER, KINDS, left, HAD)
    assert sends(actions) == [f"delete rtb-1|{B}"]
    assert sends(plan(build(kept, KINDS), inventory(*_applied(A)), OWNER, KINDS, left)) == ["update Table"]


def test_rows_of_another_table_are_not_waited_for() -> None:
    rows = {"RouteTableId": ref("Other"), "DestinationCidrBlock": C, "GatewayId": "igw-9"}
    plan = {**_routes(A), **wanted(Other=(TABLE, PLACE), Row=(ROUTE, rows))}
    lives = [*_applied(A, B), live(TABLE, "rtb-2", "Other", PLACE, remembered(plan, "Other"))]
    actions = planned(plan, lives)
    assert sends(actions) == ["create Row", f"delete rtb-1|{B}", "tag Table"]
    assert in_any_order(actions, made("Row"), forgotten("Table"))
