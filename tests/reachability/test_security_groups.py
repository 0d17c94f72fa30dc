"""What security groups let through."""

from __future__ import annotations

import pytest

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import GroupRule, Network, SecurityGroup, Traffic
from ocpprov.reachability.security_groups import through_groups
from ocpprov.reachability.spans import ALL_PORTS, Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

API = Traffic("tcp", Span(6443, 6443))
MACHINES = addresses("10.0.0.0/16")


def rule(protocol: str = "tcp", ports: Span = API.ports, peers: str = "", group: str = "", list: str = "") -> GroupRule:
    return GroupRule("sgr-1", protocol, ports, addresses(peers) if peers else None, group, list)


def network(*rules: GroupRule, **lists: str) -> Network:
    known = {f"pl-{name}": (addresses(block),) for name, block in lists.items()}
    return Network("vpc-1", security_groups={"sg-1": SecurityGroup("sg-1", ingress=rules)}, prefix_lists=known)


def stopped(block: str, ports: Span = API.ports) -> Verdict:
    code = ExplanationCode.ENI_SG_RULES_MISMATCH
    return Verdict((Obstacle(code, "sg-1", "ingress", "tcp", Share(addresses(block), ports)),))


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        pytest.param([rule(peers="10.0.0.0/16")], ARRIVES, id="one rule of the same block"),
        pytest.param([rule(peers="0.0.0.0/0", ports=Span(0, 65535))], ARRIVES, id="a wide rule"),
        pytest.param([rule("-1", ALL_PORTS, "10.0.0.0/8")], ARRIVES, id="all protocols"),
        pytest.param([rule(peers="10.0.0.0/17"), rule(peers="10.0.128.0/17")], ARRIVES, id="two halves"),
        pytest.param([rule(peers="10.0.0.0/17")], stopped("10.0.128.0/17"), id="one half"),
        pytest.param([rule(peers="10.0.0.0/16", ports=Span(443, 443))], stopped("10.0.0.0/16"), id="another port"),
        pytest.param([rule("udp", peers="10.0.0.0/16")], stopped("10.0.0.0/16"), id="another protocol"),
        pytest.param([rule(group="sg-nodes")], ARRIVES, id="members of a group"),
        pytest.param([rule(group="sg-others")], stopped("10.0.0.0/16"), id="members of another group"),
        pytest.param([rule(list="pl-all")], ARRIVES, id="a prefix list"),
        pytest.param([rule(list="pl-unseen")], Verdict(unread=(Unread("pl-unseen"),)), id="an unread list"),
        pytest.param([rule("udp", list="pl-unseen")], stopped("10.0.0.0/16"), id="an unread list of no use"),
    ],
)
def test_what_a_group_lets_in(rules: list[GroupRule], verdict: Verdict) -> None:
    found = through_groups(network(*rules, all="10.0.0.0/8"), ("sg-1",), "ingress", API, MACHINES, ("sg-nodes",))
    assert found == verdict


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        pytest.param(
            [rule(group="sg-others")], Verdict(unread=(Unread("members of sg-others"),)), id="may be a member"
        ),
        pytest.param([rule(group="sg-nodes")], ARRIVES, id="is a member"),
        pytest.param([rule("udp", group="sg-others")], stopped("10.0.0.0/16"), id="of another protocol"),
        pytest.param([rule(group="sg-others", ports=Span(443, 443))], stopped("10.0.0.0/16"), id="of another port"),
        pytest.param(
            [rule("-1", ALL_PORTS, group="sg-others")],
            Verdict(unread=(Unread("members of sg-others"),)),
            id="of all protocols",
        ),
    ],
)
def test_who_may_wear_more_groups_may_be_a_member_of_any(rules: list[GroupRule], verdict: Verdict) -> None:
    known, groups = network(*rules), ("sg-nodes",)
    assert through_groups(known, ("sg-1",), "ingress", API, MACHINES, groups, more_groups=True) == verdict


def test_a_range_of_ports_may_be_let_in_by_several_rules() -> None:
    rules = [rule(peers="10.0.0.0/16", ports=Span(30000, 31000)), rule(peers="10.0.0.0/16", ports=Span(31001, 32766))]
    found = through_groups(network(*rules), ("sg-1",), "ingress", Traffic("tcp", Span(30000, 32767)), MACHINES)
    assert found == stopped("10.0.0.0/16", Span(32767, 32767))


def test_the_rules_of_all_groups_count() -> None:
    halves = Network(
        "vpc-1",
        security_groups={
            "sg-1": SecurityGroup("sg-1", ingress=(rule(peers="10.0.0.0/17"),)),
            "sg-2": SecurityGroup("sg-2", ingress=(rule(peers="10.0.128.0/17"),)),
        },
    )
    assert through_groups(halves, ("sg-1", "sg-2"), "ingress", API, MACHINES) == ARRIVES


def test_each_direction_has_rules_of_its_own() -> None:
    open_in = network(rule(peers="10.0.0.0/16"))
    code = ExplanationCode.SG_HAS_NO_RULES
    assert through_groups(open_in, ("sg-1",), "egress", API, MACHINES) == Verdict(
        (Obstacle(code, "sg-1", "egress", "tcp", Share(MACHINES, API.ports)),)
    )


def test_what_has_no_groups_lets_everything_through() -> None:
    assert through_groups(network(), None, "ingress", API, MACHINES) == ARRIVES


def test_an_unread_group_may_let_it_in() -> None:
    assert through_groups(network(), ("sg-1", "sg-9"), "ingress", API, MACHINES) == Verdict(unread=(Unread("sg-9"),))


def test_one_code_of_icmp_is_not_the_type() -> None:
    one_code = GroupRule("sgr-1", "icmp", Span(8, 8), MACHINES, whole=False)
    found = through_groups(network(one_code), ("sg-1",), "ingress", Traffic("icmp", Span(8, 8)), MACHINES)
    assert [each.stopped for each in found.obstacles] == [Share(MACHINES, Span(8, 8))]
