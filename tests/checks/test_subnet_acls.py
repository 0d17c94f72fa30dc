"""What network ACLs stop of a cluster's traffic, against a reference that goes packet by packet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocpprov.checks.result import Check, Status
from ocpprov.checks.subnet_acls import ClusterPlaces, subnet_acls
from ocpprov.plan.model import OpenShift
from ocpprov.reachability.network import AclEntry, Network, NetworkAcl, Subnet
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from tests.openshift.plans import SECTION_3AZ

A, B, PUBLIC = "10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"
ANYWHERE: Final = "0.0.0.0/0"
SECTION: Final = replace(SECTION_3AZ, publish="Internal")
MACHINES: Final = ClusterPlaces(machines=("subnet-a", "subnet-b"))


def entry(
    number: int, peers: str = ANYWHERE, protocol: str = "-1", ports: Span = ALL_PORTS, *, allow: bool = True
) -> AclEntry:
    return AclEntry(number, allow, protocol, addresses(peers), ports)


OPEN: Final = NetworkAcl("acl-open", (entry(100),), (entry(100),))


def network(a: NetworkAcl = OPEN, b: NetworkAcl = OPEN, public: NetworkAcl = OPEN) -> Network:
    blocks = {"subnet-a": (A, a), "subnet-b": (B, b), "subnet-p": (PUBLIC, public)}
    subnets = {id: Subnet(id, addresses(block), network_acl=acl.id) for id, (block, acl) in blocks.items()}
    return Network("vpc-1", subnets=subnets, network_acls={each.id: each for each in (a, b, public)})


def checks(found: Network, places: ClusterPlaces = MACHINES, section: OpenShift = SECTION) -> list[Check]:
    return list(subnet_acls(section, places, found, "eu-west-1"))


def test_the_default_acl_stops_nothing() -> None:
    places = replace(
        MACHINES,
        public=("subnet-p",),
        endpoints=("subnet-a",),
        services=(EVERYWHERE,),
        name_servers=(addresses("9.9.9.9"),),
    )
    assert checks(network(), places) == []


def test_an_acl_that_admits_nothing_is_named_with_what_it_stops() -> None:
    shut = NetworkAcl("acl-1", (), (entry(100),))
    [check] = checks(network(a=shut, b=shut))
    assert (check.id, check.status) == ("subnet-acl", Status.FAIL)
    assert check.detail == (
        "acl-1 of subnet-a, subnet-b has no entry that allows what has to come in: "
        "tcp 6443 from 10.0.0.0/24, 10.0.1.0/24 (the API); "
        "tcp 22623 from 10.0.0.0/24, 10.0.1.0/24 (machine configs); "
        "tcp 2379-2380 from 10.0.0.0/24, 10.0.1.0/24 (etcd); "
        "udp 6081 from 10.0.0.0/24, 10.0.1.0/24 (Geneve); "
        "tcp 9000-9999 from 10.0.0.0/24, 10.0.1.0/24 (host level services) and 5 more"
    )
    assert check.remedy == (
        "aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id acl-1 --ingress --rule-number 100 "
        "--protocol -1 --rule-action allow --cidr-block 10.0.0.0/16"
    )


def test_a_denial_is_named_by_its_number_and_goes_after_what_allows() -> None:
    guarded = NetworkAcl(
        "acl-1", (entry(99), entry(100)), (entry(5, A, "tcp", Span(22623, 22623), allow=False), entry(100))
    )
    early = replace(guarded, egress=(entry(4, B), *guarded.egress))
    assert [check.detail for check in checks(network(b=guarded))] == [
        "acl-1 of subnet-b denies by entry 5 what has to go out: tcp 22623 from 10.0.0.0/24 (machine configs)".replace(
            "from", "to"
        )
        + "; tcp 22623 to 10.0.0.0/24 (answers)"
    ]
    assert checks(network(b=guarded))[0].remedy.partition("--rule-number ")[2].split()[0] == "4"
    assert checks(network(b=early))[0].remedy.partition("--rule-number ")[2].split()[0] == "3"
    first = replace(guarded, egress=tuple(replace(each, number=each.number - 4) for each in guarded.egress))
    assert checks(network(b=first))[0].remedy == "have acl-1 allow everything to 10.0.0.0/16 before entry 1"
    late = replace(guarded, egress=(entry(4, "10.0.0.0/16"), *guarded.egress))
    assert checks(network(b=late)) == []


@pytest.mark.parametrize(
    ("allowed", "stopped"),
    [(Span(1024, 65535), ""), (Span(32768, 60999), "tcp 1024-2378 "), (Span(1024, 60998), "tcp 60999-65535")],
)
def test_answers_need_the_ports_of_machines_and_of_load_balancers(allowed: Span, stopped: str) -> None:
    into = [entry(number, protocol="tcp", ports=Span(port, port)) for number, port in enumerate((6443, 22623), 1)]
    into += [entry(10, protocol="tcp", ports=allowed), entry(11, protocol="udp", ports=Span(6081, 6081))]
    others = ((2379, 2380), (9000, 10259), (30000, 32767))
    into += [entry(20 + number, protocol="tcp", ports=Span(*ports)) for number, ports in enumerate(others)]
    found = checks(network(a=NetworkAcl("acl-1", into, (entry(100),))))
    assert [stopped in check.detail and "(answers)" in check.detail for check in found] == [True] * bool(stopped)


def test_the_pods_network_is_the_releases() -> None:
    def only(port: int) -> Network:
        shut = NetworkAcl(
            "acl-1", (entry(5, protocol="udp", ports=Span(port, port), allow=False), entry(100)), (entry(100),)
        )
        return network(a=shut)

    assert [bool(checks(only(port))) for port in (4789, 6081)] == [False, True]
    # Only some clusters have IPsec, node ports of UDP and people who come by ssh.
    assert not [port for port in (500, 4500, 9500, 30000) if checks(only(port))]
    ssh = entry(5, protocol="tcp", ports=Span(22, 22), allow=False)
    assert checks(network(a=NetworkAcl("acl-1", (ssh, entry(100)), (entry(100),)))) == []
    before = replace(SECTION, version="4.11")
    assert [bool(checks(only(port), section=before)) for port in (4789, 6081)] == [True, False]


def test_what_stays_in_a_subnet_passes_no_acl() -> None:
    shut = NetworkAcl("acl-1")
    places = ClusterPlaces(machines=("subnet-a",), endpoints=("subnet-a",), name_servers=(addresses("10.0.0.53"),))
    assert checks(network(a=shut), places) == []


def test_name_servers_elsewhere_need_their_way() -> None:
    shut = NetworkAcl("acl-1", (entry(100),), (entry(5, protocol="udp", ports=Span(53, 53), allow=False), entry(100)))
    places = ClusterPlaces(machines=("subnet-a",), name_servers=(addresses("192.168.0.53"), addresses("10.0.1.53")))
    [check] = checks(network(a=shut), places)
    assert check.detail.endswith("what has to go out: udp 53 to 10.0.1.53/32, 192.168.0.53/32 (name servers)")
    assert check.remedy.endswith("; have acl-1 allow the rest before entry 5, and answers in the other direction")
    [check] = checks(network(b=NetworkAcl("acl-2")), replace(places, name_servers=(addresses("10.0.1.53"),)))[:1]
    assert check.detail.startswith("acl-2 of subnet-b has no entry that allows what has to go out: udp 32768-60999")


def test_s3s_addresses_are_needed_and_anybody_else_may_be_anywhere() -> None:
    inside = NetworkAcl("acl-1", (entry(100, "10.0.0.0/16"),), (entry(100, "10.0.0.0/16"),))
    shut = network(a=inside, b=inside)
    known = checks(shut, replace(MACHINES, services=(addresses("3.5.64.0/21"),)))
    assert [(check.status, check.detail.partition("what has")[2]) for check in known] == [
        (Status.FAIL, " to go out: tcp 443 to 3.5.64.0/21 (AWS's services)"),
        (Status.FAIL, " to come in: tcp 32768-60999 from 3.5.64.0/21 (answers)"),
    ]
    anybody = checks(shut, replace(MACHINES, services=(EVERYWHERE,)))
    assert {check.status for check in anybody} == {Status.WARN}
    assert all(check.detail.endswith(", if they are to reach it") for check in anybody)


def test_the_external_balancer_reaches_machines_and_is_reached() -> None:
    places = replace(MACHINES, public=("subnet-p",))
    [found] = checks(network(a=NetworkAcl("acl-1", (entry(5, PUBLIC, allow=False), entry(100)), (entry(100),))), places)
    assert (
        "tcp 6443 from 10.0.2.0/24 (the API); tcp 30000-32767 from 10.0.2.0/24 (the router's services)" in found.detail
    )
    warned = checks(network(public=NetworkAcl("acl-2", (entry(9, A), entry(10, B)), (entry(100),))), places)
    assert [(check.status, "tcp 6443 from 0.0.0.0/5" in check.detail) for check in warned] == [(Status.WARN, True)]


def test_an_acl_that_nobody_may_read_is_a_warning() -> None:
    [check] = checks(replace(network(), network_acls={}))
    assert (check.status, check.detail) == (
        Status.WARN,
        "acl-open can't be read: whether the cluster's traffic passes isn't known",
    )


@dataclass(frozen=True)
class Packet:
    """One packet, the ports that it comes from and goes to."""

    protocol: str
    source: str
    target: str
    port: int


ENDS: Final = {"subnet-a": "10.0.0.9", "subnet-b": "10.0.1.9"}
NEEDED: Final = {
    "tcp": (6443, 22623, 2379, 2380, 9000, 9500, 9999, 10250, 10255, 10259, 30000, 31000, 32767),
    "udp": (6081,),
}
ANSWERS: Final = (1024, 2379, 6081, 6443, 31000, 40000, 65535)


def passes(acl: NetworkAcl, packet: Packet, *, inward: bool) -> bool:
    """Entry by entry, as the guide says it."""
    peer = packet.source if inward else packet.target
    for each in sorted(acl.ingress if inward else acl.egress, key=lambda each: each.number):
        number = addresses(peer).first
        about = each.protocol in ("-1", packet.protocol) and each.peers.first <= number <= each.peers.last
        if about and (each.protocol == "-1" or each.ports.first <= packet.port <= each.ports.last):
            return each.allow
    return False


def arrives(acls: dict[str, NetworkAcl], packet: Packet, source: str, target: str) -> bool:
    return passes(acls[source], packet, inward=False) and passes(acls[target], packet, inward=True)


def all_pass(acls: dict[str, NetworkAcl]) -> bool:
    for source, target in permutations(ENDS, 2):
        there = [Packet(kind, ENDS[source], ENDS[target], port) for kind in NEEDED for port in NEEDED[kind]]
        back = [Packet("tcp", ENDS[target], ENDS[source], port) for port in ANSWERS]
        if not all(arrives(acls, each, source, target) for each in there):
            return False
        if not all(arrives(acls, each, target, source) for each in back):
            return False
    return True


PORTS: Final = st.sampled_from(
    [
        ALL_PORTS,
        Span(0, 1023),
        Span(1024, 65535),
        Span(6443, 6443),
        Span(2379, 2380),
        Span(9000, 32767),
        Span(6081, 6081),
    ]
)
ENTRIES: Final = st.lists(
    st.builds(
        AclEntry,
        st.integers(1, 60),
        st.sampled_from([True, True, False]),
        st.sampled_from(["-1", "tcp", "udp"]),
        st.sampled_from([addresses(each) for each in (ANYWHERE, "10.0.0.0/16", A, B, PUBLIC)]),
        PORTS,
    ),
    max_size=4,
    unique_by=lambda each: each.number,
)


ACLS: Final = st.builds(
    lambda a, b, rest: {
        id: NetworkAcl(f"acl-of-{id}", (*into, *rest), (*out, *rest))
        for id, (into, out) in {"subnet-a": a, "subnet-b": b}.items()
    },
    st.tuples(ENTRIES, ENTRIES),
    st.tuples(ENTRIES, ENTRIES),
    # Without an entry for the rest nearly all of them stop something.
    st.sampled_from([(), (entry(90),)]),
)


def said_where_a_packet_is_lost(acls: dict[str, NetworkAcl]) -> None:
    found = checks(network(acls["subnet-a"], acls["subnet-b"]))
    assert (found == []) is all_pass(acls)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(ACLS)
def test_a_failure_is_said_where_a_packet_is_lost(acls: dict[str, NetworkAcl]) -> None:
    said_where_a_packet_is_lost(acls)


@pytest.mark.torture
@settings(max_examples=1500, deadline=None)
@given(ACLS)
def test_a_failure_is_said_where_a_packet_is_lost_in_any_network(acls: dict[str, NetworkAcl]) -> None:
    said_where_a_packet_is_lost(acls)
