"""What can't be changed in place: the successor first, or the old one first where AWS allows only one."""

from __future__ import annotations

from typing import Any, Final

import pytest

from ocpprov.engine.resources import Live, Resource
from ocpprov.engine.values import GetAtt
from tests.engine.examples import ADDRESS, ENDPOINT, NAT, NET, OUR_NET, OUR_VPC, TABLE
from tests.engine.planning import (
    GROUP,
    SUBNET,
    VPC,
    action_on,
    comes_first,
    done,
    gone,
    let_go,
    live,
    made,
    one_after_another,
    planned,
    ref,
    remembered,
    sends,
    the_work,
    wanted,
)

USES: Final = "AWS::EC2::SubnetRouteTableAssociation"
TARGETS: Final = "AWS::ElasticLoadBalancingV2::TargetGroup"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
OUR_TABLE: Final = live(TABLE, "rtb-1", "Table", {"VpcId": "vpc-1"})


def network_of(block: str = "10.50.1.0/24", vpc: str = "10.50.0.0/16") -> dict[str, Resource]:
    return wanted(
        Vpc=(VPC, {"CidrBlock": vpc}),
        Net=(SUBNET, {"VpcId": ref("Vpc"), **NET, "CidrBlock": block}),
        Table=(TABLE, {"VpcId": ref("Vpc")}),
        Uses=(USES, {"SubnetId": ref("Net"), "RouteTableId": ref("Table")}),
    )


USED: Final = live(USES, "rtbassoc-1", "", {"SubnetId": "subnet-1", "RouteTableId": "rtb-1"})
NETWORK: Final = (OUR_VPC, OUR_NET, OUR_TABLE, USED)


def test_to_a_free_block_the_new_one_comes_first_and_what_uses_it_moves() -> None:
    actions = planned(network_of("10.50.2.0/24"), NETWORK)
    assert done(actions) == {"subnet-1": "replace", "Uses": "create", "rtbassoc-1": "delete"}
    assert not action_on(actions, "subnet-1").interrupts
    assert one_after_another(actions, made("Net"), made("Uses"), gone("subnet-1"))
    # AWS takes it away with the subnet.
    assert one_after_another(actions, gone("subnet-1"), gone("rtbassoc-1"))
    assert (the_work(actions, made("Net")).what, the_work(actions, made("Net")).live) == ("create", None)


@pytest.mark.parametrize("block", ["10.50.1.0/25", "10.50.0.0/22"])
def test_to_an_overlapping_block_the_old_one_goes_first(block: str) -> None:
    actions = planned(network_of(block), NETWORK)
    assert action_on(actions, "subnet-1").interrupts
    assert one_after_another(actions, gone("subnet-1"), made("Net"), made("Uses"))


def test_a_whole_network_comes_before_the_old_one_goes() -> None:
    actions = planned(network_of("10.60.1.0/24", "10.60.0.0/16"), NETWORK)
    assert done(actions) == {
        "vpc-1": "replace",
        "subnet-1": "replace",
        "rtb-1": "replace",
        "Uses": "create",
        "rtbassoc-1": "delete",
    }
    assert not any(action.interrupts for action in actions.actions)
    assert one_after_another(actions, made("Vpc"), made("Net"), made("Uses"), gone("subnet-1"), gone("vpc-1"))
    assert one_after_another(actions, gone("rtb-1"), gone("vpc-1"))


@pytest.mark.parametrize(
    ("type", "before", "after", "old_first"),
    [
        pytest.param(GROUP, {"GroupDescription": "a"}, {"GroupDescription": "b"}, False, id="a generated name"),
        pytest.param(
            GROUP,
            {"GroupDescription": "a", "GroupName": "n"},
            {"GroupDescription": "b", "GroupName": "n"},
            True,
            id="a name that is taken",
        ),
        pytest.param(
            GROUP,
            {"GroupDescription": "a", "GroupName": "N"},
            {"GroupDescription": "a", "GroupName": "n"},
            True,
            id="the same name in other letters",
        ),
        pytest.param(
            GROUP,
            {"GroupDescription": "a", "GroupName": "n"},
            {"GroupDescription": "a", "GroupName": "m"},
            False,
            id="another name",
        ),
        pytest.param(
            NAT,
            {"SubnetId": "subnet-8", "AllocationId": "eipalloc-1"},
            {"SubnetId": "subnet-9", "AllocationId": "eipalloc-1"},
            True,
            id="the same address",
        ),
        pytest.param(
            NAT,
            {"SubnetId": "subnet-8", "AllocationId": "eipalloc-1"},
            {"SubnetId": "subnet-8", "AllocationId": "eipalloc-2"},
            False,
            id="another address",
        ),
    ],
)
def test_what_aws_has_once_decides_which_goes_first(
    type: str, before: dict[str, Any], after: dict[str, Any], old_first: bool
) -> None:
    place = {"VpcId": "vpc-1"} if type == GROUP else {}
    plan = {**network_of(), **wanted(One=(type, {**after, **({"VpcId": ref("Vpc")} if place else {})}))}
    actions = planned(plan, [*NETWORK, live(type, "one-1", "One", {**before, **place})])
    assert done(actions) == {"one-1": "replace"}
    assert action_on(actions, "one-1").interrupts is old_first
    order = (gone("one-1"), made("One"))
    assert one_after_another(actions, *(order if old_first else reversed(order)))


def test_another_resource_may_take_the_place_of_what_goes() -> None:
    """Nothing of its own is interrupted by that."""
    plan = {**network_of(), **wanted(Other=(SUBNET, {"VpcId": ref("Vpc"), **NET}))}
    del plan["Net"], plan["Uses"]
    actions = planned(plan, NETWORK)
    assert done(actions) == {"Other": "create", "subnet-1": "delete", "rtbassoc-1": "delete"}
    assert comes_first(actions, gone("subnet-1"), made("Other"))
    assert not action_on(actions, "Other").interrupts


def _guarded_endpoint(*groups: str) -> dict[str, Resource]:
    texts = {"VpcId": ref("Vpc"), "GroupDescription": "new"}
    return {
        **network_of(),
        **wanted(
            Group=(GROUP, {**texts, "GroupName": "n"}),
            Peers=(GROUP, {**texts, "GroupName": "p", "GroupDescription": "old"}),
            Endpoint=(
                ENDPOINT,
                {
                    "VpcId": ref("Vpc"),
                    "ServiceName": "s",
                    "VpcEndpointType": "Interface",
                    "SubnetIds": [ref("Net")],
                    "SecurityGroupIds": [ref(name) for name in groups],
                },
            ),
        ),
    }


def _endpoint(plan: dict[str, Resource], *groups: str) -> Live:
    properties = {
        "VpcId": "vpc-1",
        "ServiceName": "s",
        "VpcEndpointType": "Interface",
        "SubnetIds": ["subnet-1"],
        "SecurityGroupIds": list(groups),
        "RouteTableIds": [],
    }
    return live(ENDPOINT, "vpce-1", "Endpoint", properties, remembered(plan, "Endpoint"))


def test_who_has_it_in_a_list_lets_go_first_and_gets_the_new_one_at_last() -> None:
    plan = _guarded_endpoint("Group", "Peers")
    groups = [
        live(GROUP, id, name, {"VpcId": "vpc-1", "GroupDescription": "old", "GroupName": of})
        for id, name, of in (("sg-1", "Group", "n"), ("sg-2", "Peers", "p"))
    ]
    actions = planned(plan, [*NETWORK, *groups, _endpoint(plan, "sg-1", "sg-2")])
    assert done(actions) == {"sg-1": "replace", "vpce-1": "update"}
    assert action_on(actions, "sg-1").interrupts
    assert one_after_another(actions, let_go("Endpoint"), gone("sg-1"), made("Group"), made("Endpoint"))
    assert the_work(actions, let_go("Endpoint")).rest == {"SecurityGroupIds": ["sg-2"]}
    assert list(the_work(actions, made("Endpoint")).sets) == ["SecurityGroupIds"]


def test_nobody_lets_go_where_the_new_one_comes_first() -> None:
    plan = _guarded_endpoint("Group")
    group = live(GROUP, "sg-1", "Group", {"VpcId": "vpc-1", "GroupDescription": "new", "GroupName": "former"})
    peers = live(GROUP, "sg-2", "Peers", {"VpcId": "vpc-1", "GroupDescription": "old", "GroupName": "p"})
    actions = planned(plan, [*NETWORK, group, peers, _endpoint(plan, "sg-1")])
    assert sends(actions) == ["create Group", "delete sg-1", "update Endpoint"]
    assert one_after_another(actions, made("Group"), made("Endpoint"), gone("sg-1"))


def test_what_one_replacement_holds_goes_before_it_and_so_on() -> None:
    """A gateway in a subnet: the address that it has is given once, so it goes first, and with that it may."""
    nat = {"SubnetId": ref("Net"), "AllocationId": GetAtt("Address", "AllocationId")}
    plan = {**network_of("10.50.1.0/25"), **wanted(Address=(ADDRESS, {"Domain": "vpc"}), Nat=(NAT, nat))}
    address = live(ADDRESS, "eipalloc-1", "Address", {"Domain": "vpc"}, attributes={"AllocationId": "eipalloc-1"})
    there = live(NAT, "nat-1", "Nat", {"SubnetId": "subnet-1", "AllocationId": "eipalloc-1"})
    actions = planned(plan, [*NETWORK, address, there])
    assert done(actions) == {"subnet-1": "replace", "nat-1": "replace", "Uses": "create", "rtbassoc-1": "delete"}
    assert one_after_another(actions, gone("nat-1"), gone("subnet-1"), made("Net"), made("Nat"))
    assert action_on(actions, "nat-1").interrupts
