"""What network ACLs let through."""

from __future__ import annotations

import pytest

from ocpprov.reachability.explanation_codes import ExplanationCode
from ocpprov.reachability.network import AclEntry, Network, NetworkAcl, Subnet, Traffic
from ocpprov.reachability.network_acls import through_acl
from ocpprov.reachability.spans import ALL_PORTS, Share, Span, addresses
from ocpprov.reachability.verdict import ARRIVES, Obstacle, Unread, Verdict

SUBNET = Subnet("subnet-1", addresses("10.0.0.0/20"), network_acl="acl-1")
API = Traffic("tcp", Span(6443, 6443))
MACHINES = addresses("10.0.0.0/16")


def entry(
    number: int, allow: bool, peers: str = "0.0.0.0/0", ports: Span = ALL_PORTS, protocol: str = "-1"
) -> AclEntry:
    return AclEntry(number, allow, protocol, addresses(peers), ports)


def stopped(rule: str, block: str) -> Verdict:
    code = ExplanationCode.SUBNET_ACL_RESTRICTION
    return Verdict((Obstacle(code, "acl-1", "ingress", "tcp", Share(addresses(block), API.ports), rule),))


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        pytest.param([entry(100, True)], ARRIVES, id="the default ACL"),
        pytest.param([], stopped("*", "10.0.0.0/16"), id="no entry"),
        pytest.param([entry(100, True, protocol="udp")], stopped("*", "10.0.0.0/16"), id="another protocol"),
        pytest.param([entry(100, True, "10.0.0.0/17")], stopped("*", "10.0.128.0/17"), id="half of them"),
        pytest.param([entry(90, False, "10.0.4.0/24"), entry(100, True)], stopped("90", "10.0.4.0/24"), id="a denial"),
        pytest.param([entry(110, False, "10.0.4.0/24"), entry(100, True)], ARRIVES, id="a denial that comes too late"),
        pytest.param([entry(90, False, "192.168.0.0/16"), entry(100, True)], ARRIVES, id="a denial of others"),
        pytest.param([entry(90, False, ports=Span(22, 22), protocol="tcp"), entry(100, True)], ARRIVES, id="of a port"),
        pytest.param(
            [entry(80, True, "10.0.0.0/16", Span(6443, 6443), "tcp"), entry(90, False)], ARRIVES, id="allowed before"
        ),
    ],
)
def test_what_an_acl_lets_in(entries: list[AclEntry], verdict: Verdict) -> None:
    network = Network("vpc-1", network_acls={"acl-1": NetworkAcl("acl-1", ingress=entries)})
    assert through_acl(network, SUBNET, "ingress", API, MACHINES) == verdict


def test_each_direction_has_entries_of_its_own() -> None:
    network = Network("vpc-1", network_acls={"acl-1": NetworkAcl("acl-1", ingress=(entry(100, True),))})
    code = ExplanationCode.SUBNET_ACL_RESTRICTION
    assert through_acl(network, SUBNET, "egress", API, MACHINES, reply=True) == Verdict(
        (Obstacle(code, "acl-1", "egress", "tcp", Share(MACHINES, API.ports), "*", reply=True),)
    )


@pytest.mark.parametrize(
    ("subnet", "named"),
    [
        (SUBNET, "acl-1"),
        (Subnet("subnet-1", addresses("10.0.0.0/20")), "network ACL of subnet-1"),
    ],
)
def test_an_unread_acl_may_be_anything(subnet: Subnet, named: str) -> None:
    assert through_acl(Network("vpc-1"), subnet, "ingress", API, MACHINES) == Verdict(unread=(Unread(named),))


def test_a_denied_code_of_icmp_is_in_the_way_and_an_allowed_one_is_not_enough() -> None:
    one_code = [AclEntry(90, False, "icmp", addresses("0.0.0.0/0"), Span(8, 8), whole=False), entry(100, True)]
    for entries, rule in ((one_code, "90"), ([AclEntry(90, True, "icmp", MACHINES, Span(8, 8), whole=False)], "*")):
        network = Network("vpc-1", network_acls={"acl-1": NetworkAcl("acl-1", ingress=entries)})
        found = through_acl(network, SUBNET, "ingress", Traffic("icmp", Span(8, 8)), MACHINES)
        assert [each.rule for each in found.obstacles] == [rule]
