"""What security groups admit and no requirement needs, on the networks that shipped plans would have made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpprov.checks.exposure import Belongings, Exposure, Exposures
from ocpprov.checks.exposure_groups import excess, exposed_groups
from ocpprov.engine.resources import Position, Resource
from ocpprov.openshift.group_needs import GroupNeed
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.reachability.network import (
    EVERY_TYPE,
    GroupRule,
    Network,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from tests.openshift.test_port_matrix import OWN_NETWORK, planned
from tests.reachability.networks import GROUPS, INSIDE, LISTS, PEERS, PORTS, group_rules
from tests.reachability.packets import Packet, groups_let, numbers

GROUP: Final = "AWS::EC2::SecurityGroup"
INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
MASTER, WORKER, BOOTSTRAP = "MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup"
APPLY: Final = "ocpprov apply prod.yaml"
NOBODYS: Final = Belongings("eu-west-1", "123456789012", APPLY)
KNOWN: Final = ["security groups let everything out: AWS's default, which the documentation keeps"]


def terrain(name: str = "single-zone.yaml") -> Terrain:
    layout, resources = planned(name)
    return planned_terrain(layout, resources.values())


def opened(found: Terrain, group: str, *rules: GroupRule) -> Terrain:
    groups = found.network.security_groups
    own = groups.get(group, SecurityGroup(group))
    changed = {**groups, group: replace(own, ingress=(*own.ingress, *rules))}
    return replace(found, network=replace(found.network, security_groups=changed))


def tcp(id: str, first: int, last: int, block: str) -> GroupRule:
    return GroupRule(id, "tcp", Span(first, last), addresses(block))


def found(where: Terrain, group: str, *rules: GroupRule, whose: Belongings = NOBODYS) -> Sequence[Exposure]:
    return exposed_groups(opened(where, group, *rules), whose).open


def only(where: Terrain, group: str, *rules: GroupRule, whose: Belongings = NOBODYS) -> Exposure:
    (one,) = found(where, group, *rules, whose=whose)
    return one


@pytest.mark.parametrize("name", OWN_NETWORK)
def test_whosoever_the_rules_of_a_shipped_plan_are_requirements_need_them(name: str) -> None:
    assert exposed_groups(terrain(name), NOBODYS) == Exposures([], KNOWN, [])


def test_a_wide_rule_is_told_with_what_is_needed_of_it() -> None:
    assert only(terrain(), MASTER, tcp("sgr-9", 22, 23, "0.0.0.0/0")) == Exposure(
        MASTER,
        "",
        "tcp 22-23 from anywhere",
        "the control plane to everybody in the VPC (from outside of it no route leads there); "
        "the bootstrap machine to everybody in the VPC, the internet",
        "tcp 22 from 10.0.0.0/16 (SG-MASTER)",
        "not of this plan: sgr-9",
        "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id MasterSecurityGroup "
        "--security-group-rule-ids sgr-9",
    )


def test_what_is_needed_is_told_by_who_sends_it() -> None:
    told = only(terrain(), MASTER, GroupRule("sgr-9", "-1", ALL_PORTS, addresses("10.0.0.0/16")))
    assert told.allows == "everything from 10.0.0.0/16"
    assert told.exposed == "the control plane and the bootstrap machine to everybody in the VPC"
    assert told.needed == (
        "icmp, tcp 22, tcp 6443 and tcp 22623 from 10.0.0.0/16; "
        "tcp 2379-2380 from the control plane and the bootstrap machine; "
        "udp 4789, udp 6081, udp 500, udp 4500 and 6 more from the control plane and compute machines "
        "(SG-MASTER, SG-MASTER-INGRESS)"
    )


@pytest.mark.parametrize(
    ("group", "rule", "exposed", "needed"),
    [
        (MASTER, tcp("r", 2379, 2380, "10.0.0.0/17"), "10.0.0.0/17 in the VPC", "2379-2380 from the control plane"),
        (WORKER, tcp("r", 22, 22, "192.168.0.0/16"), "nobody now: no route leads there", ""),
        (WORKER, tcp("r", 80, 80, "10.0.0.0/16"), "everybody in the VPC", ""),
        (WORKER, GroupRule("r", "icmp", EVERY_TYPE, addresses("203.0.113.0/24")), "nobody now", ""),
        (WORKER, tcp("r", 30000, 32768, "10.0.0.0/16"), "everybody in the VPC", "30000-32767 from the control plane"),
        (BOOTSTRAP, tcp("r", 22, 22, "0.0.0.0/0"), "to the internet", "22 from 10.0.0.0/16"),
        (BOOTSTRAP, tcp("r", 22, 22, "203.0.113.7/32"), "to the internet", ""),
    ],
)
def test_each_opening_says_to_whom(group: str, rule: GroupRule, exposed: str, needed: str) -> None:
    told = only(terrain(), group, rule)
    assert exposed in told.exposed
    assert needed in told.needed
    assert bool(needed) == bool(told.needed)


@pytest.mark.parametrize(
    ("group", "rule"),
    [
        (MASTER, tcp("r", 22, 22, "10.0.128.0/17")),
        (MASTER, tcp("r", 6443, 6443, "10.0.0.0/16")),
        (MASTER, GroupRule("r", "tcp", Span(2379, 2379), group=MASTER)),
        # The bootstrap machine takes part in etcd.
        (MASTER, GroupRule("r", "tcp", Span(2379, 2379), group=BOOTSTRAP)),
        # Members are in the VPC, all of which may ask for this.
        (MASTER, GroupRule("r", "tcp", Span(22623, 22623), group=WORKER)),
        (WORKER, GroupRule("r", "50", ALL_PORTS, group=MASTER)),
        (WORKER, GroupRule("r", "icmp", Span(8, 8), addresses("10.0.3.0/24"))),
        (BOOTSTRAP, tcp("r", 19531, 19531, "10.0.0.0/16")),
    ],
)
def test_what_requirements_need_in_another_way_is_no_opening(group: str, rule: GroupRule) -> None:
    assert found(terrain(), group, rule) == []


def test_members_of_other_groups_are_named() -> None:
    told = only(terrain(), MASTER, GroupRule("sgr-9", "tcp", Span(2379, 2380), group=WORKER))
    assert (told.allows, told.exposed, told.needed) == (
        "tcp 2379-2380 from members of WorkerSecurityGroup",
        "the control plane and the bootstrap machine to those members",
        "",
    )


def test_a_group_of_a_peered_network_isnt_the_machine_network() -> None:
    told = only(terrain(), MASTER, GroupRule("sgr-9", "tcp", Span(22, 22), group="sg-peer"))
    assert (told.allows, told.needed) == ("tcp 22 from members of sg-peer", "")


def test_a_rule_without_which_a_need_isnt_met_is_narrowed_and_not_revoked() -> None:
    where = terrain()
    alone = SecurityGroup(BOOTSTRAP, (tcp("sgr-9", 22, 22, "0.0.0.0/0"),))
    groups = {**where.network.security_groups, BOOTSTRAP: alone}
    told = only(replace(where, network=replace(where.network, security_groups=groups)), BOOTSTRAP)
    assert told.remedy == "have sgr-9 admit no more than tcp 22 from 10.0.0.0/16 (SG-BOOTSTRAP)"


def test_two_wide_rules_dont_vouch_for_each_other() -> None:
    where = terrain()
    rules = (tcp("sgr-8", 22, 22, "0.0.0.0/0"), tcp("sgr-9", 22, 24, "0.0.0.0/0"))
    groups = {**where.network.security_groups, BOOTSTRAP: SecurityGroup(BOOTSTRAP, rules)}
    told = found(replace(where, network=replace(where.network, security_groups=groups)), BOOTSTRAP)
    assert [each.remedy.split(" admit")[0] for each in told] == ["have sgr-8", "have sgr-9"]


def test_what_the_plan_says_and_no_requirement_needs_is_told_with_its_line() -> None:
    whose = replace(
        NOBODYS,
        logical_ids={(GROUP, MASTER): MASTER, (INGRESS, "sgr-9"): "Ssh"},
        resources={"Ssh": Resource("Ssh", INGRESS, position=Position("prod.yaml", 41, 3))},
    )
    told = only(terrain(), MASTER, tcp("sgr-9", 22, 22, "198.51.100.0/24"), whose=whose)
    assert (told.resource, told.origin, told.remedy) == (
        MASTER,
        "by the plan (prod.yaml:41:3)",
        f"take it out of the plan (prod.yaml:41:3), and {APPLY}",
    )


def test_what_the_plan_no_longer_says_goes_with_an_apply() -> None:
    whose = replace(NOBODYS, former=frozenset({(INGRESS, "sgr-9")}))
    told = only(terrain(), MASTER, tcp("sgr-9", 22, 22, "198.51.100.0/24"), whose=whose)
    assert (told.origin, told.remedy) == ("no longer in the plan", APPLY)


def test_a_group_of_the_plans_own_is_judged_wherever_its_members_are() -> None:
    whose = replace(NOBODYS, logical_ids={(GROUP, "sg-own"): "Bastion"})
    told = only(terrain(), "sg-own", tcp("sgr-9", 22, 22, "203.0.113.0/24"), whose=whose)
    assert (told.component, told.resource, told.exposed) == (
        "sg-own",
        "Bastion",
        "the members of sg-own to the internet",
    )


@pytest.mark.parametrize(
    ("block", "told"),
    [("0.0.0.0/0", ["the internet"]), ("198.51.100.0/24", []), ("192.168.0.0/16", []), ("11.0.0.0/8", [])],
)
def test_the_bootstrap_machine_is_for_whom_the_plan_says_unless_that_is_everybody(
    block: str, told: Sequence[str]
) -> None:
    where = terrain()
    where = replace(where, section=replace(where.section, bootstrap_from=IPv4Network(block)))
    rules = (tcp("sgr-8", 22, 22, block),)
    whose = replace(NOBODYS, logical_ids={(INGRESS, "sgr-8"): f"{BOOTSTRAP}/ingress tcp 22 {block}"})
    network = replace(
        where.network,
        security_groups={**where.network.security_groups, BOOTSTRAP: SecurityGroup(BOOTSTRAP, rules)},
    )
    exposed = exposed_groups(replace(where, network=network), whose).open
    assert [each.exposed.removeprefix("the bootstrap machine to ") for each in exposed] == told
    narrow = f"admit no more than tcp 22 from 10.0.0.0/16 (SG-BOOTSTRAP), and {APPLY}"
    assert [each.remedy for each in exposed] == [
        f"have {BOOTSTRAP}/ingress tcp 22 {block} of the plan {narrow}" for _ in told
    ]


def test_a_rule_that_is_itself_what_a_requirement_asks_for_is_needed() -> None:
    whose = replace(
        NOBODYS,
        logical_ids={
            (GROUP, "sg-elb"): "ExtApiElbSecurityGroup",
            (INGRESS, "sgr-8"): "ExtApiElbSecurityGroup/ingress tcp 6443 0.0.0.0/0",
        },
    )
    own = tcp("sgr-8", 6443, 6443, "0.0.0.0/0")
    assert found(terrain(), "sg-elb", own, whose=whose) == []
    told = only(terrain(), "sg-elb", own, tcp("sgr-9", 6443, 6444, "0.0.0.0/0"), whose=whose)
    assert (told.needed, told.remedy.split()[-1]) == ("tcp 6443 from anywhere (LB-CLASSIC)", "sgr-9")


def test_prefix_lists_are_judged_by_their_blocks_and_not_at_all_without() -> None:
    where = terrain()
    rule = GroupRule("sgr-9", "tcp", Span(22, 22), prefix_list="pl-1")
    network = where.network
    unread = exposed_groups(opened(where, MASTER, rule), NOBODYS)
    assert (unread.open, unread.unread) == (
        [],
        ["MasterSecurityGroup: sgr-9 admits tcp 22 from pl-1, which couldn't be read"],
    )
    inside = replace(where, network=replace(network, prefix_lists={"pl-1": (addresses("10.0.5.0/24"),)}))
    assert found(inside, MASTER, rule) == []
    both = (addresses("10.0.5.0/24"), addresses("192.168.0.0/24"))
    told = only(replace(where, network=replace(network, prefix_lists={"pl-1": both})), MASTER, rule)
    assert told.allows == "tcp 22 from pl-1 (10.0.5.0/24, 192.168.0.0/24)"
    assert told.needed == "tcp 22 from 10.0.0.0/16 (SG-MASTER)"


def test_what_lies_behind_a_gateway_is_named_where_a_route_leads_there() -> None:
    where = terrain()
    table = where.network.subnets["PrivateSubnet"].route_table
    routes = where.network.route_tables[table].routes
    way = Route("tgw-1", Via.OTHER, addresses("192.168.0.0/16"))
    network = replace(
        where.network, route_tables={**where.network.route_tables, table: RouteTable(table, (*routes, way))}
    )
    told = only(replace(where, network=network), WORKER, tcp("sgr-9", 443, 443, "192.168.7.0/24"))
    assert told.exposed == "compute machines to what lies behind tgw-1"
    dead = replace(way, active=False)
    network = replace(network, route_tables={**network.route_tables, table: RouteTable(table, (*routes, dead))})
    told = only(replace(where, network=network), WORKER, tcp("sgr-9", 443, 443, "192.168.7.0/24"))
    assert told.exposed == "compute machines to nobody now: no route leads there"


def test_endpoints_are_open_to_other_networks_and_never_to_the_internet() -> None:
    where = terrain("restricted-3az.yaml")
    told = only(where, "EndpointSecurityGroup", tcp("sgr-9", 443, 443, "0.0.0.0/0"))
    assert told.needed == "tcp 443 from 10.0.0.0/16 (NET-EC2, NET-ELB, AIR-GAP)"
    assert told.exposed.startswith("endpoint Ec2Endpoint (com.amazonaws.eu-west-1.ec2), endpoint ")
    assert told.exposed.endswith(" to nobody now: no route leads there")
    table = where.network.subnets["PrivateSubnet"].route_table
    for via, target, reached in (
        (Via.OTHER, "pcx-1", "what lies behind pcx-1"),
        (Via.INTERNET_GATEWAY, "igw-1", "nobody"),
    ):
        routes = (*where.network.route_tables[table].routes, Route(target, via, addresses("172.16.0.0/12")))
        routes = (*routes, Route(target, via, addresses("198.51.100.0/24")))
        network = replace(where.network, route_tables={**where.network.route_tables, table: RouteTable(table, routes)})
        told = only(replace(where, network=network), "EndpointSecurityGroup", tcp("sgr-9", 443, 443, "0.0.0.0/0"))
        assert f" to {reached}" in told.exposed


def test_what_the_living_cluster_opened_for_its_services_is_known() -> None:
    whose = replace(NOBODYS, of_cluster=frozenset({(GROUP, "sg-elb"), (INGRESS, "sgr-nlb")}))
    rules = (
        GroupRule("sgr-elb", "-1", ALL_PORTS, group="sg-elb"),
        tcp("sgr-nlb", 30080, 30080, "0.0.0.0/0"),
        GroupRule("sgr-other", "-1", ALL_PORTS, group="sg-other"),
    )
    seen = exposed_groups(opened(terrain(), WORKER, *rules), whose)
    assert [each.origin for each in seen.open] == ["not of this plan: sgr-other"]
    assert seen.known[1:] == [
        "WorkerSecurityGroup admits everything from members of sg-elb (sgr-elb): the cluster's own, for a service",
        "WorkerSecurityGroup admits tcp 30080 from anywhere (sgr-nlb): the cluster's own, for a service",
    ]


def test_a_table_that_couldnt_be_read_may_lead_anywhere() -> None:
    where = terrain()
    network = replace(where.network, route_tables={})
    told = only(replace(where, network=network), MASTER, tcp("sgr-9", 443, 443, "192.168.7.0/24"))
    assert "whoever PrivateRouteTable leads to, which couldn't be read" in told.exposed


def test_a_group_whose_rules_couldnt_be_read_is_no_closed_one() -> None:
    where = terrain()
    place = replace(where.places[next(iter(where.places))][0], groups=("sg-unread",))
    seen = exposed_groups(replace(where, places={next(iter(where.places)): [place]}), NOBODYS)
    assert seen.unread == ["sg-unread: its rules couldn't be read"]


def test_egress_that_isnt_open_is_not_told_as_open() -> None:
    where = terrain()
    closed = {id: replace(group, egress=()) for id, group in where.network.security_groups.items()}
    assert exposed_groups(replace(where, network=replace(where.network, security_groups=closed)), NOBODYS).known == []


@st.composite
def needs(draw: st.DrawFn) -> GroupNeed:
    protocol = draw(st.sampled_from(("tcp", "udp", "icmp", "-1")))
    ports = ALL_PORTS if protocol == "-1" else draw(PORTS)
    if draw(st.booleans()):
        return GroupNeed("sg-a", "SG-MASTER", protocol, ports, senders=(draw(st.sampled_from(GROUPS)),))
    return GroupNeed("sg-a", "SG-MASTER", protocol, ports, draw(PEERS))


SUBNET: Final = Subnet("subnet-0", Span(0, 3))
SMALL: Final = Network("vpc-1", (INSIDE,), security_groups={id: SecurityGroup(id) for id in GROUPS}, prefix_lists=LISTS)


@given(group_rules(), st.lists(needs(), max_size=3))
def test_the_excess_is_what_a_judge_of_packets_lets_in_and_no_need_asks_for(
    rule: GroupRule, asked: list[GroupNeed]
) -> None:
    network = replace(SMALL, security_groups={**SMALL.security_groups, "sg-x": SecurityGroup("sg-x", (rule,))})
    receiver, sender = Place(SUBNET, ("sg-x",)), Place(SUBNET, (rule.group,) if rule.group else None)
    left = excess(network, rule, asked)
    for address in range(22):
        for port in {rule.ports.first, rule.ports.last, 1, 3}:
            packet = Packet("tcp" if rule.protocol == "-1" else rule.protocol, address, INSIDE.first, port)
            is_open = any(address in numbers(one.peers) and port in numbers(one.ports) for one in left)
            # Members of a group are in the VPC.
            arrives = groups_let(network, receiver, "ingress", packet, sender) and (
                not rule.group or address in numbers(INSIDE)
            )
            assert is_open == (arrives and not any(_is_asked(need, rule, address, port) for need in asked))


def _is_asked(need: GroupNeed, rule: GroupRule, address: int, port: int) -> bool:
    if need.protocol not in (rule.protocol, "-1"):
        return False
    if need.protocol != "-1" and port not in numbers(need.ports):
        return False
    if need.senders:
        return rule.group in need.senders
    return need.peers is not None and address in numbers(need.peers)


def test_a_rule_for_everywhere_is_called_anywhere() -> None:
    told = only(terrain(), WORKER, GroupRule("r", "udp", Span(53, 53), EVERYWHERE))
    assert told.allows == "udp 53 from anywhere"
