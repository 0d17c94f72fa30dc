"""Clients, a network load balancer, and its targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from ocpprov.reachability.balancers import (
    Balancer,
    Listener,
    TargetGroup,
    behind_listener,
    from_outside,
    from_outside_by_any,
    from_place,
    health_checks,
)
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    Network,
    NetworkAcl,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import Answer, Unread, Verdict
from ocpprov.reachability.words import opening, stopped_by

VPC = addresses("10.0.0.0/16")
OPEN = AclEntry(100, True, "-1", EVERYWHERE)
WEB = addresses("203.0.113.0/24")


def subnet(zone: str, side: str, block: str) -> Subnet:
    return Subnet(f"{side}-{zone}", addresses(block), zone, f"rtb-{side}", f"acl-{side}")


def admits(port: int, block: str = "10.0.0.0/16") -> GroupRule:
    return GroupRule(f"sgr-{port}", "tcp", Span(port, port), addresses(block))


SUBNETS: Final = (
    subnet("a", "public", "10.0.0.0/20"),
    subnet("b", "public", "10.0.16.0/20"),
    subnet("a", "private", "10.0.48.0/20"),
    subnet("b", "private", "10.0.64.0/20"),
)
ALL_OUT = GroupRule("sgr-out", "-1", ALL_PORTS, EVERYWHERE)
NETWORK: Final = Network(
    "vpc-1",
    (VPC,),
    subnets={each.id: each for each in SUBNETS},
    security_groups={"sg-masters": SecurityGroup("sg-masters", (admits(6443), admits(22623)), (ALL_OUT,))},
    network_acls={name: NetworkAcl(name, (OPEN,), (OPEN,)) for name in ("acl-public", "acl-private")},
    route_tables={
        "rtb-private": RouteTable("rtb-private", (Route("local", Via.LOCAL, VPC),)),
        "rtb-public": RouteTable(
            "rtb-public", (Route("local", Via.LOCAL, VPC), Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE))
        ),
    },
)


def machine(zone: str) -> Place:
    return Place(NETWORK.subnets[f"private-{zone}"], ("sg-masters",))


API: Final = TargetGroup("aint", 6443, 6443, targets=(machine("a"), machine("b")))
INTERNAL: Final = Balancer(
    "int",
    subnets=("private-a", "private-b"),
    listeners=(Listener(6443, (API,)), Listener(22623, (replace(API, id="sint", port=22623, health_port=22623),))),
)
EXTERNAL: Final = replace(
    INTERNAL, id="ext", internal=False, subnets=("public-a", "public-b"), listeners=(Listener(6443, (API,)),)
)
NODE: Final = Place(NETWORK.subnets["private-a"], ("sg-masters",))


def found(verdict: Verdict) -> list[str]:
    """The answer, and what stops it where: code, component and rule."""
    return [str(verdict.answer), *(f"{e.code} {e.component} {e.rule}".strip() for e in verdict.obstacles)]


def with_acl(side: str, ingress: AclEntry = OPEN, egress: AclEntry = OPEN) -> Network:
    name = f"acl-{side}"
    acl = NetworkAcl(name, (ingress, OPEN), (egress, OPEN))
    return replace(NETWORK, network_acls={**NETWORK.network_acls, name: acl})


def with_rules(*rules: GroupRule, egress: tuple[GroupRule, ...] = (ALL_OUT,)) -> Network:
    return replace(NETWORK, security_groups={"sg-masters": SecurityGroup("sg-masters", rules, egress)})


def shut(*ids: str) -> Network:
    """These subnets have an ACL that lets nothing through."""
    subnets = {id: replace(NETWORK.subnets[id], network_acl="acl-shut") for id in ids}
    acls = {**NETWORK.network_acls, "acl-shut": NetworkAcl("acl-shut")}
    return replace(NETWORK, subnets={**NETWORK.subnets, **subnets}, network_acls=acls)


DENY_API = AclEntry(10, False, "tcp", EVERYWHERE, Span(6443, 6443))
DENY_ANSWERS = AclEntry(10, False, "tcp", EVERYWHERE, Span(1024, 65535))


def test_as_the_documentation_has_it_everything_arrives() -> None:
    assert found(from_place(NETWORK, NODE, INTERNAL, 6443)) == ["yes"]
    assert found(from_place(NETWORK, NODE, INTERNAL, 22623)) == ["yes"]
    assert found(from_outside(NETWORK, WEB, EXTERNAL, 6443)) == ["yes"]
    assert found(health_checks(NETWORK, INTERNAL, API)) == ["yes"]


@pytest.mark.parametrize(
    ("balancer", "expected"),
    [
        (replace(INTERNAL, active=False), ["no", "BAD_STATE int"]),
        (replace(INTERNAL, listeners=()), ["no", "ELBV2_LISTENERS_MISMATCH int"]),
        (replace(INTERNAL, listeners=(Listener(443, (API,)),)), ["no", "ELBV2_LISTENERS_MISMATCH int"]),
        (
            replace(INTERNAL, listeners=(Listener(6443, (replace(API, targets=()),)),)),
            ["no", "ELBV2_LISTENER_HAS_NO_TG int aint"],
        ),
        (
            replace(INTERNAL, cross_zone=False, listeners=(Listener(6443, (replace(API, targets=(machine("a"),)),)),)),
            ["no", "ELBV2_NO_TARGETS_IN_AZ int b"],
        ),
        (replace(INTERNAL, cross_zone=False), ["yes"]),
        (replace(INTERNAL, classic=True, listeners=()), ["no", "ELB_LISTENERS_MISMATCH int"]),
        (
            replace(
                INTERNAL,
                classic=True,
                cross_zone=False,
                listeners=(Listener(6443, (replace(API, targets=(machine("a"),)),)),),
            ),
            ["no", "ELB_NOT_CROSSZONE int b"],
        ),
        (replace(INTERNAL, listeners=(Listener(6443, (replace(API, targets=None),)),)), ["unknown"]),
        (replace(INTERNAL, subnets=("private-a", "private-z")), ["unknown"]),
    ],
)
def test_what_a_balancer_itself_does_not_have(balancer: Balancer, expected: list[str]) -> None:
    assert found(behind_listener(NETWORK, balancer, 6443, VPC)) == expected


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (with_rules(admits(22623)), ["ENI_SG_RULES_MISMATCH sg-masters"]),
        (with_rules(admits(6443, "10.0.48.0/20")), ["ENI_SG_RULES_MISMATCH sg-masters"]),
        (with_acl("private", ingress=DENY_API), ["SUBNET_ACL_RESTRICTION acl-private 10"]),
        (with_acl("private", egress=DENY_ANSWERS), ["SUBNET_ACL_RESTRICTION acl-private 10"]),
        (with_acl("public"), []),
    ],
)
def test_what_stops_the_way_to_the_targets(network: Network, expected: list[str]) -> None:
    verdict = behind_listener(network, INTERNAL, 6443, VPC)
    assert sorted({each.partition(" ")[0] + " " + each.partition(" ")[2] for each in found(verdict)[1:]}) == expected


def test_what_stops_the_answers_of_targets_is_said_to_be_that() -> None:
    stopped = behind_listener(with_acl("private", egress=DENY_ANSWERS), EXTERNAL, 6443, WEB).obstacles
    assert {(each.direction, each.reply) for each in stopped} == {("egress", True)}


def test_health_checks_have_a_port_of_their_own() -> None:
    other_port = replace(API, health_port=6080)
    assert found(health_checks(with_rules(admits(6443)), INTERNAL, API)) == ["yes"]
    assert found(health_checks(with_rules(admits(6443)), INTERNAL, other_port))[0] == "no"


def test_targets_that_see_the_client_have_to_admit_the_client() -> None:
    keeps = replace(EXTERNAL, listeners=(Listener(6443, (replace(API, preserves_clients=True),)),))
    assert found(from_outside(NETWORK, WEB, keeps, 6443)) == ["no", "ENI_SG_RULES_MISMATCH sg-masters"]
    assert found(from_outside(with_rules(admits(6443, "0.0.0.0/0")), WEB, keeps, 6443)) == ["yes"]


def test_a_target_that_sees_its_own_address_gets_no_answer_from_itself() -> None:
    keeps = replace(INTERNAL, listeners=(Listener(6443, (replace(API, preserves_clients=True),)),))
    verdict = from_place(NETWORK, NODE, keeps, 6443)
    assert found(verdict) == ["no", "hairpin int aint"]
    assert stopped_by(verdict.obstacles[0]) == (
        "aint keeps its clients' addresses, and a machine that int leads back to itself gets no answer (hairpin)"
    )
    assert opening(verdict.obstacles[0]) == "preserve_client_ip.enabled off for aint"
    elsewhere = Place(NETWORK.subnets["public-a"], ("sg-masters",))
    assert found(from_place(NETWORK, elsewhere, keeps, 6443)) == ["yes"]


def test_an_internal_balancer_is_not_reached_from_the_internet() -> None:
    assert "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS int" in found(from_outside(NETWORK, WEB, INTERNAL, 6443))


@pytest.mark.parametrize(
    ("network", "code"),
    [
        (with_acl("public", ingress=DENY_API), "SUBNET_ACL_RESTRICTION acl-public 10"),
        (with_acl("public", egress=DENY_ANSWERS), "SUBNET_ACL_RESTRICTION acl-public 10"),
        (
            replace(
                NETWORK,
                route_tables={
                    **NETWORK.route_tables,
                    "rtb-public": RouteTable("rtb-public", (Route("local", Via.LOCAL, VPC),)),
                },
            ),
            "NO_ROUTE_TO_DESTINATION rtb-public",
        ),
    ],
)
def test_what_stops_clients_of_the_internet(network: Network, code: str) -> None:
    verdict = found(from_outside(network, WEB, EXTERNAL, 6443))
    assert (verdict[0], code in verdict) == ("no", True)


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        (NETWORK, Answer.YES),
        (shut("public-a"), Answer.YES),
        (shut("private-b"), Answer.YES),
        (shut("public-a", "private-b"), Answer.YES),
        (shut("public-a", "public-b"), Answer.NO),
        (with_rules(), Answer.NO),
        (replace(NETWORK, security_groups={}), Answer.UNKNOWN),
    ],
)
def test_one_address_and_one_target_are_enough_for_what_must_not_arrive(network: Network, expected: Answer) -> None:
    assert from_outside_by_any(network, WEB, EXTERNAL, 6443).answer is expected


THEIRS = replace(EXTERNAL, listeners=(Listener(6443, (replace(API, targets=None),)),))


@pytest.mark.parametrize(
    ("network", "balancer", "expected"),
    [
        (NETWORK, THEIRS, Answer.YES),
        (with_rules(), THEIRS, Answer.YES),
        (shut("public-a"), THEIRS, Answer.YES),
        (shut("public-a", "public-b"), THEIRS, Answer.NO),
        (NETWORK, replace(THEIRS, active=False), Answer.NO),
        (NETWORK, replace(THEIRS, internal=True), Answer.NO),
        (NETWORK, replace(THEIRS, listeners=(*THEIRS.listeners, Listener(22623, (API,)))), Answer.YES),
    ],
)
def test_what_nobody_knows_who_is_behind_is_open_where_the_balancer_is_reached(
    network: Network, balancer: Balancer, expected: Answer
) -> None:
    assert from_outside_by_any(network, WEB, balancer, 6443).answer is expected


def test_health_of_targets_that_nobody_knows_is_not_known() -> None:
    verdict = health_checks(NETWORK, INTERNAL, replace(API, targets=None))
    assert verdict == Verdict(unread=(Unread("targets of aint"),))


def test_nothing_arrives_where_nothing_listens() -> None:
    assert found(from_outside_by_any(NETWORK, WEB, EXTERNAL, 22623)) == ["no", "ELBV2_LISTENERS_MISMATCH ext"]


def test_a_balancers_own_groups_count() -> None:
    guarded = replace(EXTERNAL, groups=("sg-lb",))
    closed = replace(
        NETWORK, security_groups={**NETWORK.security_groups, "sg-lb": SecurityGroup("sg-lb", (), (ALL_OUT,))}
    )
    opened = replace(
        NETWORK,
        security_groups={
            "sg-lb": SecurityGroup("sg-lb", (admits(6443, "0.0.0.0/0"),), (ALL_OUT,)),
            "sg-masters": SecurityGroup("sg-masters", (GroupRule("sgr-1", "tcp", Span(6443, 6443), group="sg-lb"),)),
        },
    )
    assert "SG_HAS_NO_RULES sg-lb" in found(from_outside(closed, WEB, guarded, 6443))
    assert found(from_outside(opened, WEB, guarded, 6443)) == ["yes"]
