"""Verdicts against real sockets: the same groups and ACLs in the kernel's packet filter, between two hosts and a
router in network namespaces."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import pytest

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
    Traffic,
    Via,
)
from ocpprov.reachability.paths import within
from ocpprov.reachability.spans import ALL_PORTS, EVERYWHERE, Span, addresses
from ocpprov.reachability.verdict import Answer
from tests.reachability.nftables import host_filter, router_filter
from tests.support.namespaces import Namespace, cable, networks

SEEDS: Final = range(40)
PORTS: Final = (2000, 2001, 2002)
EPHEMERAL: Final = Span(40000, 40999)
"""No range of a rule ends in between: an answer that may be lost is a no, and a socket has one port only."""
SOURCE, TARGET = "10.0.1.10", "10.0.2.10"
BLOCKS: Final = ("0.0.0.0/0", "10.0.0.0/16", "10.0.1.0/24", "10.0.2.0/24", "10.0.1.8/29", "10.0.2.8/29", "10.0.0.0/23")
RANGES: Final = (ALL_PORTS, Span(2000, 2001), Span(2002, 2002), Span(1024, 65535), Span(30000, 65535))


@dataclass(frozen=True)
class Host:
    """`process` is a socket_host; it answers a line with yes or no."""

    namespace: Namespace
    process: subprocess.Popen[str]

    def gets_an_answer(self, protocol: str, address: str, port: int) -> bool:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{protocol} {address} {port}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline() == "yes\n"


@contextmanager
def host(namespace: Namespace) -> Iterator[Host]:
    script = Path(__file__).with_name("socket_host.py")
    process = subprocess.Popen(
        namespace.command(sys.executable, script, *map(str, PORTS)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == "listening\n"
        yield Host(namespace, process)
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def load(namespace: Namespace, rules: str, file: Path) -> None:
    file.write_text(rules)
    namespace.run("nft", "-f", file)


def some_network(chance: random.Random) -> Network:
    """Two subnets with an ACL each, two hosts with a group each. Most let most through: of four filters and answers all
    have to agree."""

    def rule() -> GroupRule:
        protocol = chance.choice(("tcp", "udp", "-1"))
        ports = ALL_PORTS if protocol == "-1" else chance.choice(RANGES)
        return GroupRule("sgr", protocol, ports, addresses(chance.choice(BLOCKS)))

    def rules() -> tuple[GroupRule, ...]:
        wide = (GroupRule("sgr", "-1", ALL_PORTS, EVERYWHERE),) if chance.random() < 0.6 else ()
        return (*(rule() for _ in range(chance.randint(0, 2))), *wide)

    def entry(number: int) -> AclEntry:
        protocol = chance.choice(("tcp", "udp", "-1"))
        ports = ALL_PORTS if protocol == "-1" else chance.choice(RANGES)
        return AclEntry(number, chance.random() < 0.6, protocol, addresses(chance.choice(BLOCKS)), ports)

    def entries() -> tuple[AclEntry, ...]:
        wide = (AclEntry(100, True, "-1", EVERYWHERE),) if chance.random() < 0.8 else ()
        numbers = chance.sample((10, 20, 30, 40), chance.randint(0, 2))
        return (*(entry(number) for number in numbers), *wide)

    local = RouteTable("rtb", (Route("local", Via.LOCAL, addresses("10.0.0.0/16")),))
    return Network(
        "vpc",
        (addresses("10.0.0.0/16"),),
        subnets={
            "one": Subnet("one", addresses("10.0.1.0/24"), "a", "rtb", "one"),
            "two": Subnet("two", addresses("10.0.2.0/24"), "b", "rtb", "two"),
        },
        security_groups={id: SecurityGroup(id, rules(), rules()) for id in ("one", "two")},
        network_acls={id: NetworkAcl(id, entries(), entries()) for id in ("one", "two")},
        route_tables={"rtb": local},
    )


def place(network: Network, id: str, address: str) -> Place:
    return Place(network.subnets[id], (id,), addresses(address), EPHEMERAL)


@pytest.mark.torture
def test_sockets_get_an_answer_where_the_verdict_is_yes_and_only_there(tmp_path: Path) -> None:
    verdicts: dict[Answer, int] = {Answer.YES: 0, Answer.NO: 0}
    with networks(tmp_path) as make:
        one, router, two = make("one"), make("router"), make("two")
        cable(one, SOURCE, router, "10.0.1.1")
        cable(two, TARGET, router, "10.0.2.1")
        router.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        for end, way in ((one, "10.0.1.1"), (two, "10.0.2.1")):
            end.run("sysctl", "-qw", f"net.ipv4.ip_local_port_range={EPHEMERAL.first} {EPHEMERAL.last}")
            end.run("ip", "route", "add", "default", "via", way)
        with host(one) as source, host(two) as target:
            for seed in SEEDS:
                network = some_network(random.Random(seed))
                load(one, host_filter(network.security_groups["one"]), tmp_path / "one.nft")
                load(two, host_filter(network.security_groups["two"]), tmp_path / "two.nft")
                subnets = [(id, network.network_acls[id]) for id in ("one", "two")]
                load(router, router_filter(subnets), tmp_path / "router.nft")
                for protocol, port in product(("tcp", "udp"), PORTS):
                    for sender, ends, address in (
                        (source, ("one", SOURCE, "two", TARGET), TARGET),
                        (target, ("two", TARGET, "one", SOURCE), SOURCE),
                    ):
                        places = place(network, *ends[:2]), place(network, *ends[2:])
                        answer = within(network, *places, Traffic(protocol, Span(port, port))).answer
                        seen = Answer.YES if sender.gets_an_answer(protocol, address, port) else Answer.NO
                        assert (seed, protocol, port, ends, answer) == (seed, protocol, port, ends, seen)
                        verdicts[answer] += 1
    assert min(verdicts.values()) > 40, verdicts
