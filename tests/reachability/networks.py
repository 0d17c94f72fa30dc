"""Small networks at random: two to three subnets of four addresses, few ports, rules that overlap."""

from __future__ import annotations

from hypothesis import strategies as st

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
    Traffic,
    Via,
)
from ocpprov.reachability.spans import ALL_PORTS, Span

INSIDE = Span(0, 11)
OUTSIDE = Span(16, 19)
EPHEMERAL = Span(5, 6)
SUBNETS = {f"subnet-{index}": Span(4 * index, 4 * index + 3) for index in range(3)}
GROUPS = ("sg-a", "sg-b", "sg-c")
LISTS = {"pl-in": (Span(2, 5),), "pl-out": (Span(17, 18), Span(8, 9))}


def spans(first: int, last: int) -> st.SearchStrategy[Span]:
    numbers = st.integers(first, last)
    return st.tuples(numbers, numbers).map(lambda pair: Span(min(pair), max(pair)))


PROTOCOLS = st.sampled_from(("tcp", "tcp", "-1", "udp", "icmp", "50"))
PORTS = st.one_of(spans(0, 7), st.sampled_from((ALL_PORTS, ALL_PORTS, Span(1024, 65535), Span(1024, 1024))))
PEERS = st.one_of(spans(0, 20), st.just(Span(0, 31)), st.sampled_from(tuple(SUBNETS.values())))
WIDE = Span(0, 31)
VIA = {
    "igw-1": Via.INTERNET_GATEWAY,
    "nat-1": Via.NAT_GATEWAY,
    "tgw-1": Via.OTHER,
    "eni-1": Via.OTHER,
    "local": Via.LOCAL,
}


@st.composite
def group_rules(draw: st.DrawFn) -> GroupRule:
    protocol = draw(PROTOCOLS)
    ports = ALL_PORTS if protocol in ("-1", "50") else draw(PORTS)
    whole = draw(st.booleans()) if protocol == "icmp" else True
    match draw(st.integers(0, 5)):
        case 0:
            return GroupRule("sgr", protocol, ports, group=draw(st.sampled_from(GROUPS)), whole=whole)
        case 1:
            return GroupRule("sgr", protocol, ports, prefix_list=draw(st.sampled_from(tuple(LISTS))), whole=whole)
    return GroupRule("sgr", protocol, ports, draw(PEERS), whole=whole)


OPEN_RULE = GroupRule("sgr-open", "-1", ALL_PORTS, WIDE)


@st.composite
def acl_entries(draw: st.DrawFn, number: int) -> AclEntry:
    protocol = draw(PROTOCOLS)
    ports = ALL_PORTS if protocol in ("-1", "50") else draw(PORTS)
    whole = draw(st.booleans()) if protocol == "icmp" else True
    return AclEntry(number, draw(st.sampled_from((True, True, False))), protocol, draw(PEERS), ports, whole)


@st.composite
def entry_lists(draw: st.DrawFn) -> tuple[AclEntry, ...]:
    """Often with one at the end that allows all, so that enough gets through."""
    own = tuple(draw(acl_entries(number)) for number in draw(st.permutations((10, 20, 30)))[: draw(st.integers(0, 3))])
    last = (AclEntry(100, True, "-1", WIDE),) if draw(st.integers(0, 3)) else ()
    return (*own, *last)


def towards(target: str, destination: Span) -> Route:
    return Route(target, VIA[target], destination)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    target = draw(st.sampled_from(("igw-1", "nat-1", "tgw-1", "eni-1", "local")))
    active, propagated = draw(st.integers(0, 5)) > 0, draw(st.integers(0, 3)) == 0
    if draw(st.integers(0, 3)) == 0:
        return Route(
            target, VIA[target], prefix_list=draw(st.sampled_from(tuple(LISTS))), active=active, propagated=False
        )
    return Route(target, VIA[target], draw(spans(0, 20)), active=active, propagated=propagated)


@st.composite
def tables(draw: st.DrawFn, id: str, leads_to: tuple[str, ...]) -> RouteTable:
    own = [each for each in draw(st.lists(routes(), max_size=2)) if each.target in (*leads_to, "eni-1", "local")]
    onward = [towards(draw(st.sampled_from(leads_to)), WIDE)] if draw(st.integers(0, 4)) else []
    local = [towards("local", INSIDE)] if draw(st.integers(0, 5)) else []
    return RouteTable(id, (*own, *onward, *local))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    groups = {
        id: SecurityGroup(
            id,
            tuple(draw(st.lists(group_rules(), max_size=3))) + ((OPEN_RULE,) if draw(st.booleans()) else ()),
            tuple(draw(st.lists(group_rules(), max_size=2))) + ((OPEN_RULE,) if draw(st.integers(0, 3)) else ()),
        )
        for id in GROUPS
    }
    acls = {id: NetworkAcl(id, draw(entry_lists()), draw(entry_lists())) for id in ("acl-a", "acl-b")}
    # The NAT gateway's subnet is public: its table doesn't lead back to the gateway.
    route_tables = {
        "rtb-a": draw(tables("rtb-a", ("igw-1", "tgw-1"))),
        "rtb-b": draw(tables("rtb-b", ("nat-1", "nat-1", "tgw-1"))),
    }
    subnets = {
        id: Subnet(
            id,
            span,
            "",
            "rtb-a" if id == "subnet-0" else draw(st.sampled_from(("rtb-a", "rtb-b"))),
            draw(st.sampled_from(("acl-a", "acl-b"))),
        )
        for id, span in SUBNETS.items()
    }
    gateway = NatGateway("nat-1", "subnet-0", draw(st.integers(0, 9)) > 0, draw(st.integers(0, 9)) > 0)
    return Network("vpc-1", (INSIDE,), subnets, groups, acls, route_tables, {"nat-1": gateway}, dict(LISTS))


@st.composite
def places(draw: st.DrawFn, network: Network) -> Place:
    subnet = draw(st.sampled_from(tuple(network.subnets.values())))
    groups = draw(st.one_of(st.none(), st.lists(st.sampled_from(GROUPS), min_size=1, max_size=2, unique=True)))
    narrow = draw(st.one_of(st.none(), spans(subnet.addresses.first, subnet.addresses.last)))
    return Place(subnet, tuple(groups) if groups else None, narrow, EPHEMERAL, draw(st.booleans()))


@st.composite
def traffics(draw: st.DrawFn) -> Traffic:
    protocol = draw(st.sampled_from(("tcp", "tcp", "udp", "icmp", "50")))
    return Traffic(protocol, draw(spans(0, 3)), draw(st.booleans()))
