"""verify --vpc on a network that nobody has a plan of: all holds; each thing that is taken away or bent fails its row
and is named; and networks that people make wrongly by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest

from tests.end_to_end.foreign_networks import BREAKAGES, REGION, foreign_network
from tests.end_to_end.local import LocalAws, LocalOperator
from tests.end_to_end.wrong_networks import DOMAIN, WRONG_NETWORKS, HandMade, right_network
from tests.support.in_process import Bastion

pytestmark = pytest.mark.torture


@pytest.fixture(scope="module")
def bastion(tmp_path_factory: pytest.TempPathFactory) -> Bastion:
    return Bastion(tmp_path_factory.mktemp("vpc"), REGION)


def test_all_holds(bastion: Bastion, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("all")
    bastion.moved_in(home, REGION)
    assert foreign_network(bastion, home).bad() == {}


@pytest.mark.parametrize("name", BREAKAGES)
def test_what_is_broken_fails_its_row_and_is_named(
    bastion: Bastion, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    home, broken = tmp_path_factory.mktemp("broken"), BREAKAGES[name]
    bastion.moved_in(home, REGION)
    net = foreign_network(bastion, home)
    broken.breaks(net)
    found = net.bad()
    told = {id: (row["status"], row["detail"]) for id, row in found.items()}
    assert broken.row in found, told
    assert found[broken.row]["status"] == "fail", told
    assert net.ids.get(broken.broken, broken.broken) in found[broken.row]["detail"], told
    assert found[broken.row]["remedy"]


ROWS: Final[Mapping[str, tuple[str, Sequence[str]]]] = {
    "a machines' subnet on the main table, without a way out": ("NET-NAT", ["no route to"]),
    "a NAT gateway that was deleted": ("NET-NAT", ["leads nowhere"]),
    "a NAT gateway in a private subnet": ("NET-NAT", ["leads nowhere"]),
    "public subnets without a route to the internet": ("NET-IGW", ["has no route to an internet gateway"]),
    "an ACL that denies all": ("NET-NAT", ["no outbound entry that allows tcp 443"]),
    "an ACL without ephemeral ports": ("NET-NAT", ["the answer", "32768"]),
    "name servers that nobody reaches": ("NET-DHCP", ["name server"]),
    "a domain in capitals, with a dot": ("NET-DHCP", ["dot at its end"]),
    "DNS support off": ("NET-VPC", ["EnableDnsSupport"]),
    "DNS host names off": ("NET-VPC", ["EnableDnsHostnames"]),
    "a subnet with few addresses left": ("NET-PUBLIC", ["free addresses"]),
    "a private zone of another VPC": ("DNS-PRIVATE", ["isn't associated"]),
    "an S3 endpoint on other tables": ("NET-S3", ["no route to"]),
    "an endpoint whose group admits nobody": ("NET-EC2", ["443"]),
    "a central zone without an address": ("NET-EC2", ["has no address for"]),
    "an endpoint whose policy denies all": ("NET-EC2", ["Perimeter"]),
    "an endpoint without private DNS": ("NET-EC2", ["no private DNS"]),
    "a service without an endpoint": ("NET-ELB", ["has no endpoint of"]),
}
"""Which row names what is wrong with a network made by hand, and in which words beside its id."""
RIGHT_ALL_THE_SAME: Final = {
    "a subnet outside the machine network": "only a plan says what the machine network is",
    "an endpoint that isn't in all zones": "it is reached across zones",
    "a subnet that another cluster owns": "nobody knows that the cluster is to be in it: unknown, and named",
}
"""Without a plan these are no failure."""
UNDONE: Final = frozenset(
    {
        "DNS-PRIVATE",
        "LB-INT",
        "LB-REACH",
        "SG-MASTER",
        "SG-WORKER",
        "SG-MASTER-INGRESS",
        "SG-WORKER-INGRESS",
        "DNS-API-INT",
    }
)
"""What a network by itself doesn't have of a cluster; its profiles nobody knows."""


def judged(network: HandMade, user: LocalOperator) -> Mapping[str, Mapping[str, Any]]:
    user.bastion.clock.advance(120)
    line = ("verify", "--vpc", network.vpc, "--cluster", DOMAIN, "--region", REGION, "--json")
    return {row["id"]: row for row in json.loads(user.run(*line).out)["requirements"]}


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_of_a_right_network_only_what_is_not_there_yet_is_missing(
    user: LocalOperator, aws: LocalAws, closed: bool
) -> None:
    rows = judged(right_network(aws.client("ec2"), aws.client("route53"), closed=closed), user)
    bad = {id for id, row in rows.items() if row["status"] in ("fail", "unknown")}
    assert bad == {*UNDONE, "IAM-MASTER", "IAM-WORKER"}


def test_each_wrong_network_is_judged() -> None:
    assert {*ROWS, *RIGHT_ALL_THE_SAME} == set(WRONG_NETWORKS)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_wrong_with_a_network_made_by_hand_is_named(user: LocalOperator, aws: LocalAws, name: str) -> None:
    row, words = ROWS[name]
    spoilt = WRONG_NETWORKS[name].made(aws.client("ec2"), aws.client("route53"))
    user.bastion.clock.advance(120)
    before = aws.everything()
    found = judged(spoilt.network, user)[row]
    assert found["status"] == "fail", found
    assert all(word in found["detail"] for word in (spoilt.words[0], *words)), found
    assert found["remedy"]
    assert aws.everything() == before


@pytest.mark.parametrize("name", RIGHT_ALL_THE_SAME)
def test_what_only_a_plan_forbids_is_no_failure(user: LocalOperator, aws: LocalAws, name: str) -> None:
    spoilt = WRONG_NETWORKS[name].made(aws.client("ec2"), aws.client("route53"))
    rows = judged(spoilt.network, user)
    assert {id for id, row in rows.items() if row["status"] == "fail"} <= UNDONE
    told = rows["TAG-CLUSTER"]
    owned = name == "a subnet that another cluster owns"
    assert (told["status"], spoilt.words[0] in told["detail"]) == ("unknown" if owned else "not-applicable", owned)
