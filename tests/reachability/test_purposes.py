"""What a plan's rules, routes, associations and ACL entries are for, and what does it in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.purpose import Purpose
from ocpprov.reachability.purposes import purposes
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Answer

VPC = addresses("10.0.0.0/16")
ALL = (AclEntry(100, True, "-1", EVERYWHERE),)
LOCAL = Route("local", Via.LOCAL, VPC)
PUBLIC = Subnet("subnet-pub", addresses("10.0.0.0/20"), "a", "rtb-pub", "acl-1")
PRIVATE = Subnet("subnet-priv", addresses("10.0.48.0/20"), "a", "rtb-priv", "acl-0")
LIVE = Network(
    "vpc-1",
    (VPC,),
    {each.id: each for each in (PUBLIC, PRIVATE)},
    {"sg-1": SecurityGroup("sg-1"), "sg-2": SecurityGroup("sg-2")},
    {"acl-0": NetworkAcl("acl-0", ALL, ALL), "acl-1": NetworkAcl("acl-1", ALL, ALL)},
    {
        "rtb-pub": RouteTable("rtb-pub", (LOCAL, Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE))),
        "rtb-priv": RouteTable("rtb-priv", (LOCAL, Route("nat-1", Via.NAT_GATEWAY, EVERYWHERE))),
    },
    {"nat-1": NatGateway("nat-1", "subnet-pub")},
    {"pl-1": (VPC,)},
)
IDS = {
    "Group": "sg-1",
    "Other": "sg-2",
    "Private": "subnet-priv",
    "Public": "subnet-pub",
    "Table": "rtb-plan",
    "Acl": "acl-plan",
    "Gateway": "vpce-1",
    "Interface": "vpce-2",
}


def asked(live: Network, resources: Mapping[str, Resource], places: Sequence[Place] = ()) -> dict[str, Purpose]:
    return purposes(resources.values(), live, places, lambda id: IDS.get(id, id), {"vpce-2": ("sg-1",)})


def resource(id: str, type: str, **properties: Any) -> dict[str, Resource]:
    return {id: Resource(id, f"AWS::EC2::{type}", properties)}


def rule(**properties: Any) -> dict[str, Resource]:
    wanted = {"GroupId": Ref("Group"), "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **properties}
    return resource("Rule", "SecurityGroupIngress", **wanted)


def with_rules(*rules: GroupRule) -> Network:
    groups = {**LIVE.security_groups, "sg-1": SecurityGroup("sg-1", rules, rules)}
    return replace(LIVE, security_groups=groups)


FROM_VPC = {"CidrIp": "10.0.0.0/16"}
WIDE = GroupRule("sgr-wide", "tcp", Span(0, 1000), EVERYWHERE)


@pytest.mark.parametrize(
    ("live", "by"),
    [
        ((WIDE,), ("sgr-wide",)),
        ((GroupRule("sgr-all", "-1", ALL_PORTS, EVERYWHERE),), ("sgr-all",)),
        ((GroupRule("sgr-list", "tcp", Span(22, 22), prefix_list="pl-1"),), ("sgr-list",)),
        (
            (
                GroupRule("sgr-low", "tcp", Span(22, 22), addresses("10.0.0.0/17")),
                GroupRule("sgr-high", "tcp", Span(22, 22), addresses("10.0.128.0/17")),
                GroupRule("sgr-else", "tcp", Span(23, 23), VPC),
            ),
            ("sgr-low", "sgr-high"),
        ),
    ],
)
def test_what_a_rule_lets_through_may_be_let_through_by_others(
    live: tuple[GroupRule, ...], by: tuple[str, ...]
) -> None:
    purpose = asked(with_rules(*live), rule(**FROM_VPC))["Rule"]
    assert (purpose.is_met, purpose.by) == (True, by)


@pytest.mark.parametrize(
    "live",
    [
        (),
        (GroupRule("sgr", "udp", ALL_PORTS, EVERYWHERE),),
        (GroupRule("sgr", "tcp", Span(22, 22), addresses("10.0.0.0/17")),),
        (GroupRule("sgr", "tcp", Span(22, 22), group="sg-2"),),
        (GroupRule("sgr", "tcp", Span(22, 22), prefix_list="pl-unread"),),
    ],
)
def test_a_part_of_it_is_not_enough(live: tuple[GroupRule, ...]) -> None:
    purpose = asked(with_rules(*live), rule(**FROM_VPC))["Rule"]
    assert not purpose.is_met


def test_a_rule_for_a_group_is_met_where_its_members_are() -> None:
    by_group = rule(SourceSecurityGroupId=Ref("Other"))
    subnet = GroupRule("sgr-subnet", "tcp", Span(22, 22), PRIVATE.addresses)
    member = Place(PRIVATE, ("sg-2",))
    assert asked(with_rules(subnet), by_group, [member, Place(PUBLIC, ("sg-1",))])["Rule"].is_met
    assert not asked(with_rules(subnet), by_group, [member, Place(PUBLIC, ("sg-2",))])["Rule"].is_met
    itself = GroupRule("sgr-itself", "tcp", Span(22, 22), group="sg-2")
    assert asked(with_rules(itself), by_group, [member])["Rule"].is_met


def test_of_members_that_may_be_anywhere_only_the_group_or_everybody_is_enough() -> None:
    by_group = rule(SourceSecurityGroupId=Ref("Other"))
    assert not asked(with_rules(GroupRule("sgr", "tcp", ALL_PORTS, VPC)), by_group)["Rule"].is_met
    assert asked(with_rules(GroupRule("sgr", "tcp", ALL_PORTS, group="sg-2")), by_group)["Rule"].is_met
    assert asked(with_rules(WIDE), by_group)["Rule"].is_met


def test_egress_is_asked_of_what_goes_out() -> None:
    out = {"GroupId": Ref("Group"), "IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    groups = {"sg-1": SecurityGroup("sg-1", (), (GroupRule("sgr-out", "-1", ALL_PORTS, EVERYWHERE),))}
    live = replace(LIVE, security_groups=groups)
    assert asked(live, resource("Out", "SecurityGroupEgress", **out))["Out"] == Purpose(ARRIVES, ("sgr-out",))
    assert not asked(live, resource("In", "SecurityGroupIngress", **out))["In"].is_met
    assert not asked(with_rules(WIDE), resource("Out", "SecurityGroupEgress", **out))["Out"].is_met


@pytest.mark.parametrize(
    "properties",
    [
        {"IpProtocol": "icmp", "FromPort": 3, "ToPort": 4, **FROM_VPC},
        {"CidrIpv6": "::/0"},
        {"SourcePrefixListId": "pl-unread"},
    ],
)
def test_what_nobody_can_ask_about_has_no_purpose(properties: dict[str, Any]) -> None:
    assert asked(with_rules(WIDE), rule(**properties)) == {}


ENDPOINT = resource("Interface", "VPCEndpoint", SecurityGroupIds=[Ref("Group")])
MACHINES = [Place(PRIVATE, ("sg-2",)), Place(PRIVATE)]


def test_in_front_of_an_endpoint_it_is_enough_to_let_the_machines_in() -> None:
    wanted = {**rule(FromPort=443, ToPort=443, **FROM_VPC), **ENDPOINT}
    by_group = GroupRule("sgr-group", "tcp", Span(443, 443), group="sg-2")
    found = asked(with_rules(by_group), wanted, MACHINES)
    assert (found["Rule"].is_met, found["Rule"].by, found["Rule"].of) == (True, ("sgr-group",), ())
    assert (found["Interface"].is_met, found["Interface"].by) == (True, ("sg-1",))
    assert found["Interface"].of == ("SecurityGroupIds",)
    closed = asked(with_rules(WIDE), wanted, [Place(PRIVATE, ("sg-2",)), Place(PUBLIC, ("sg-3",))])
    assert closed["Rule"].is_met
    assert not asked(with_rules(by_group), wanted, [*MACHINES, Place(PUBLIC, ("sg-3",))])["Rule"].is_met
    assert not asked(LIVE, wanted, MACHINES)["Interface"].is_met


def test_a_group_that_machines_have_too_is_asked_for_the_whole_rule() -> None:
    by_group = GroupRule("sgr-group", "tcp", Span(443, 443), group="sg-1")
    wanted = {**rule(FromPort=443, ToPort=443, **FROM_VPC), **ENDPOINT}
    assert not asked(with_rules(by_group), wanted, [Place(PRIVATE, ("sg-1",))])["Rule"].is_met


def test_the_default_route_is_for_the_internet_and_not_for_private_addresses() -> None:
    second = replace(LIVE, blocks=(VPC, addresses("10.9.0.0/16")))
    public = {
        **resource("Association", "SubnetRouteTableAssociation", SubnetId=Ref("Public"), RouteTableId=Ref("Table")),
        **resource("Route", "Route", RouteTableId=Ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-7"),
    }
    inside = Route("local", Via.LOCAL, addresses("10.9.0.0/16"))
    tables = {id: replace(each, routes=(*each.routes, inside)) for id, each in LIVE.route_tables.items()}
    assert asked(replace(second, route_tables=tables), public)["Route"].is_met


IN_TABLE = resource("Association", "SubnetRouteTableAssociation", SubnetId=Ref("Private"), RouteTableId=Ref("Table"))
BY_NAT = {
    **IN_TABLE,
    **resource("Route", "Route", RouteTableId=Ref("Table"), DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-7"),
}


def with_route(*routes: Route) -> Network:
    tables = {**LIVE.route_tables, "rtb-priv": RouteTable("rtb-priv", (LOCAL, *routes))}
    return replace(LIVE, route_tables=tables)


def test_a_route_and_its_table_are_met_by_another_table_and_another_gateway() -> None:
    found = asked(LIVE, BY_NAT)
    assert [(id, each.is_met, each.by) for id, each in found.items()] == [
        ("Route", True, ("rtb-priv",)),
        ("Association", True, ("rtb-priv",)),
    ]


def test_two_halves_are_the_whole() -> None:
    halves = (
        Route("nat-1", Via.NAT_GATEWAY, addresses("0.0.0.0/1")),
        Route("nat-1", Via.NAT_GATEWAY, addresses("128.0.0.0/1")),
    )
    assert asked(with_route(*halves), BY_NAT)["Route"].is_met
    assert not asked(with_route(halves[0]), BY_NAT)["Route"].is_met


@pytest.mark.parametrize(
    "route",
    [
        Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE),
        Route("nat-1", Via.NAT_GATEWAY, EVERYWHERE, active=False),
        Route("tgw-1", Via.OTHER, EVERYWHERE),
        Route("nat-9", Via.NAT_GATEWAY, EVERYWHERE),
    ],
)
def test_a_way_that_is_none_or_out_of_sight_meets_nothing(route: Route) -> None:
    found = asked(with_route(route), BY_NAT)
    assert [each.is_met for each in found.values()] == [False, False]


def test_out_of_sight_is_as_good_where_the_plan_itself_leads_there() -> None:
    transit = {"RouteTableId": Ref("Table"), "DestinationCidrBlock": "10.9.0.0/16", "TransitGatewayId": "tgw-1"}
    wanted = {**IN_TABLE, **resource("Route", "Route", **transit)}
    assert asked(with_route(Route("tgw-1", Via.OTHER, EVERYWHERE)), wanted)["Route"].is_met
    assert not asked(with_route(Route("tgw-2", Via.OTHER, EVERYWHERE)), wanted)["Route"].is_met


def test_by_an_internet_gateway_goes_who_has_a_public_address() -> None:
    public = {
        **resource("Association", "SubnetRouteTableAssociation", SubnetId=Ref("Public"), RouteTableId=Ref("Table")),
        **resource("Route", "Route", RouteTableId=Ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-7"),
    }
    assert asked(LIVE, public)["Route"].is_met


def test_an_acl_is_no_matter_of_routes() -> None:
    closed = replace(LIVE, network_acls={id: NetworkAcl(id) for id in LIVE.network_acls})
    assert asked(closed, BY_NAT)["Route"].is_met


def test_a_table_has_to_lead_to_its_endpoints_too() -> None:
    endpoint = resource("Gateway", "VPCEndpoint", RouteTableIds=[Ref("Table")], ServiceName="s3")
    wanted = {**IN_TABLE, **endpoint}
    assert not asked(LIVE, wanted)["Association"].is_met
    assert asked(LIVE, wanted)["Association"].verdict.answer is Answer.YES
    to_service = Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-1")
    assert asked(with_route(to_service), wanted)["Association"].is_met


def test_a_public_subnet_gets_to_a_service_by_its_internet_gateway_though_not_by_the_endpoint() -> None:
    wanted = {
        **resource("Association", "SubnetRouteTableAssociation", SubnetId=Ref("Public"), RouteTableId=Ref("Table")),
        **resource("Route", "Route", RouteTableId=Ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-7"),
        **resource(
            "Transit", "Route", RouteTableId=Ref("Table"), DestinationCidrBlock="10.9.0.0/16", TransitGatewayId="tgw-1"
        ),
        **resource("Gateway", "VPCEndpoint", RouteTableIds=[Ref("Table")], ServiceName="s3"),
    }
    service = replace(LIVE, prefix_lists={"pl-s3": (addresses("198.51.100.0/25"),)})
    elsewhere = RouteTable("rtb-other", (Route("vpce-1", Via.GATEWAY_ENDPOINT, prefix_list="pl-s3"),))
    transit = Route("tgw-1", Via.OTHER, addresses("10.9.0.0/16"))
    public = RouteTable("rtb-pub", (LOCAL, transit, Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE)))
    by_gateway = replace(service, route_tables={"rtb-pub": public, "rtb-other": elsewhere})
    found = asked(by_gateway, wanted)["Association"]
    assert (found.verdict.answer, found.is_met) == (Answer.YES, False)
    closed = replace(service, route_tables={"rtb-pub": RouteTable("rtb-pub", (LOCAL, transit)), "rtb-other": elsewhere})
    without_a_way = {id: each for id, each in wanted.items() if id != "Route"}
    assert asked(closed, without_a_way)["Association"].verdict.answer is Answer.NO


def test_a_table_without_subnets_and_a_subnet_that_is_not_there_have_no_purpose() -> None:
    route = {"Route": BY_NAT["Route"]}
    assert asked(LIVE, route) == {}
    assert asked(replace(LIVE, subnets={}), BY_NAT) == {}


def entry(**properties: Any) -> dict[str, Resource]:
    wanted = {
        "NetworkAclId": Ref("Acl"),
        "RuleNumber": 90,
        "RuleAction": "allow",
        "Protocol": "6",
        "CidrBlock": "0.0.0.0/0",
        "PortRange": {"From": 443, "To": 443},
        **properties,
    }
    return {
        **resource("Entry", "NetworkAclEntry", **wanted),
        **resource("Association", "SubnetNetworkAclAssociation", SubnetId=Ref("Public"), NetworkAclId=Ref("Acl")),
    }


def with_entries(*entries: AclEntry) -> Network:
    return replace(LIVE, network_acls={**LIVE.network_acls, "acl-1": NetworkAcl("acl-1", entries, ())})


def test_an_entry_and_its_acl_are_met_by_what_the_subnet_has() -> None:
    found = asked(with_entries(*ALL), entry())
    assert [(id, each.is_met, each.by) for id, each in found.items()] == [
        ("Entry", True, ("acl-1",)),
        ("Association", True, ("acl-1",)),
    ]
    assert not asked(with_entries(*ALL), entry(Egress=True))["Entry"].is_met


def test_a_denial_before_it_is_in_its_way_and_one_behind_it_is_not() -> None:
    denial = AclEntry(50, False, "tcp", addresses("198.51.100.0/24"), Span(443, 443))
    found = asked(with_entries(denial, *ALL), entry())
    assert {each.verdict.answer for each in found.values()} == {Answer.NO}
    assert asked(with_entries(replace(denial, number=200), *ALL), entry())["Entry"].is_met


@pytest.mark.parametrize("protocol", ["tcp", "udp", "icmp", "50"])
def test_all_protocols_are_each_of_them(protocol: str) -> None:
    denial = AclEntry(50, False, protocol, VPC)
    wanted = entry(Protocol="-1", PortRange=None)
    assert not asked(with_entries(denial, *ALL), wanted)["Entry"].is_met
    assert asked(with_entries(*ALL), wanted)["Entry"].is_met


def test_what_denies_and_what_is_no_whole_type_has_no_purpose() -> None:
    assert asked(LIVE, entry(RuleAction="deny")) == {}
    assert asked(LIVE, entry(Protocol="1", Icmp={"Type": 3, "Code": 4}, PortRange=None)) == {}
    ipv6 = entry(Ipv6CidrBlock="::/0", CidrBlock=None)
    assert asked(LIVE, ipv6) == {}
    both = {**entry(), **resource("Denial", "NetworkAclEntry", **{**entry()["Entry"].properties, "RuleAction": "deny"})}
    assert set(asked(with_entries(*ALL), both)) == {"Entry"}
