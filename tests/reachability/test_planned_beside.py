"""A network that is there, with what a plan makes in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref, Value
from ocpprov.reachability.from_resources import planned_beside
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.placeholder_addresses import SERVICE
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses

BLOCK, MORE = addresses("10.0.0.0/16"), addresses("10.1.0.0/16")
LOCAL: Final = Route("local", Via.LOCAL, BLOCK)
OUT: Final = Route("nat-1", Via.NAT_GATEWAY, EVERYWHERE)
TO_S3: Final = Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-1")
ENTRY: Final = AclEntry(100, True, "-1", EVERYWHERE)
HTTPS: Final = GroupRule("sgr-1", "tcp", Span(443, 443), BLOCK)
THERE: Final = Network(
    "vpc-1",
    (BLOCK,),
    subnets={"subnet-1": Subnet("subnet-1", addresses("10.0.0.0/20"), "a", "rtb-1", "acl-1")},
    security_groups={"sg-1": SecurityGroup("sg-1", (HTTPS,), ())},
    network_acls={"acl-1": NetworkAcl("acl-1", (ENTRY,), (ENTRY,))},
    route_tables={"rtb-1": RouteTable("rtb-1", (LOCAL, OUT, TO_S3)), "rtb-main": RouteTable("rtb-main", (LOCAL,))},
    nat_gateways={"nat-1": NatGateway("nat-1", "subnet-1")},
    prefix_lists={"pl-1": (addresses("52.0.0.0/16"),)},
    main_table="rtb-main",
    default_acl="acl-1",
)


def beside(*resources: tuple[str, str, dict[str, Value]]) -> Network:
    return planned_beside(THERE, [Resource(id, f"AWS::EC2::{type}", each) for id, type, each in resources])


def test_nothing_planned_changes_nothing() -> None:
    assert beside() == THERE


def test_a_planned_subnet_has_the_main_table_and_the_default_acl_until_it_gets_others() -> None:
    made = beside(
        ("Plain", "Subnet", {"CidrBlock": "10.0.16.0/20", "AvailabilityZone": "b"}),
        ("Routed", "Subnet", {"CidrBlock": "10.0.32.0/20", "AvailabilityZone": "b"}),
        ("Table", "RouteTable", {}),
        ("Link", "SubnetRouteTableAssociation", {"SubnetId": Ref("Routed"), "RouteTableId": Ref("Table")}),
        ("Nat", "NatGateway", {"SubnetId": Ref("Routed")}),
        ("Out", "Route", {"RouteTableId": Ref("Table"), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}),
    )
    assert made.subnets == {
        **THERE.subnets,
        "Plain": Subnet("Plain", addresses("10.0.16.0/20"), "b", "rtb-main", "acl-1"),
        "Routed": Subnet("Routed", addresses("10.0.32.0/20"), "b", "Table", "acl-1"),
    }
    assert made.route_tables["Table"] == RouteTable("Table", (LOCAL, OUT))
    assert set(made.route_tables) == {"rtb-1", "rtb-main", "Table"}
    assert made.nat_gateways == {**THERE.nat_gateways, "Nat": NatGateway("Nat", "Routed")}
    assert set(made.network_acls) == {"acl-1"}


def test_a_planned_route_takes_the_place_of_one_to_the_same_destination() -> None:
    made = beside(
        ("Route", "Route", {"RouteTableId": "rtb-1", "DestinationCidrBlock": "0.0.0.0/0", "TransitGatewayId": "tgw-1"})
    )
    assert made.route_tables["rtb-1"].routes == (LOCAL, TO_S3, Route("tgw-1", Via.OTHER, EVERYWHERE))
    assert made.route_tables["rtb-main"] == THERE.route_tables["rtb-main"]


def test_a_planned_gateway_adds_its_routes() -> None:
    made = beside(("S3", "VPCEndpoint", {"VpcEndpointType": "Gateway", "RouteTableIds": ["rtb-main"]}))
    added = Route("S3", Via.GATEWAY_ENDPOINT, prefix_list="prefix list of S3")
    assert made.route_tables["rtb-main"].routes == (LOCAL, added)
    assert made.prefix_lists == {**THERE.prefix_lists, "prefix list of S3": (SERVICE,)}


def test_a_gateway_that_is_there_keeps_its_prefix_list_on_further_tables() -> None:
    made = beside(("vpce-1", "VPCEndpoint", {"VpcEndpointType": "Gateway", "RouteTableIds": ["rtb-main"]}))
    assert made.route_tables["rtb-main"].routes == (LOCAL, TO_S3)


def test_rules_come_beside_those_of_a_group_that_is_there() -> None:
    rule: dict[str, Value] = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/16"}
    made = beside(
        ("sg-1", "SecurityGroup", {}),
        ("Ssh", "SecurityGroupIngress", {"GroupId": "sg-1", **rule}),
        ("New", "SecurityGroup", {}),
    )
    ssh = GroupRule("Ssh", "tcp", Span(22, 22), BLOCK)
    assert made.security_groups["sg-1"] == SecurityGroup("sg-1", (HTTPS, ssh), ())
    everything = GroupRule("default rule", "-1", ALL_PORTS, EVERYWHERE)
    assert made.security_groups["New"] == SecurityGroup("New", (), (everything,))


def test_a_planned_rule_for_what_goes_out_comes_beside_too() -> None:
    made = beside(
        ("sg-1", "SecurityGroup", {}),
        ("Out", "SecurityGroupEgress", {"GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "10.0.0.0/16"}),
    )
    assert made.security_groups["sg-1"].egress == (GroupRule("Out", "-1", ALL_PORTS, BLOCK),)


def test_an_entry_takes_the_place_of_one_of_its_number() -> None:
    entry: dict[str, Value] = {
        "NetworkAclId": "acl-1",
        "Protocol": -1,
        "RuleAction": "deny",
        "CidrBlock": "10.0.0.0/16",
        "Egress": False,
    }
    made = beside(
        ("acl-1", "NetworkAcl", {}),
        ("Deny", "NetworkAclEntry", {**entry, "RuleNumber": 100}),
        ("First", "NetworkAclEntry", {**entry, "RuleNumber": 50}),
    )
    denied = AclEntry(100, False, "-1", BLOCK)
    assert made.network_acls == {"acl-1": NetworkAcl("acl-1", (denied, replace(denied, number=50)), (ENTRY,))}


def test_a_planned_acl_of_its_own_is_there_too() -> None:
    made = beside(("Acl", "NetworkAcl", {}))
    assert made.network_acls == {**THERE.network_acls, "Acl": NetworkAcl("Acl", (), ())}


def test_a_further_block_is_local_in_planned_tables() -> None:
    made = beside(
        ("Block", "VPCCidrBlock", {"VpcId": "vpc-1", "CidrBlock": "10.1.0.0/16"}), ("Table", "RouteTable", {})
    )
    assert made.blocks == (BLOCK, MORE)
    assert made.route_tables["Table"].routes == (LOCAL, Route("local", Via.LOCAL, MORE))


def test_a_nat_gateway_that_is_being_made_will_be_available_and_one_that_failed_will_not() -> None:
    states = {"nat-1": (False, True), "nat-2": (False, False), "nat-3": (True, False)}
    gateways = {
        id: NatGateway(id, "subnet-1", available, pending=pending) for id, (available, pending) in states.items()
    }
    found = planned_beside(replace(THERE, nat_gateways=gateways), []).nat_gateways
    assert {id: each.available for id, each in found.items()} == {"nat-1": True, "nat-2": False, "nat-3": True}
