"""What preflight says of a network that another account shares with this one."""

from __future__ import annotations

from dataclasses import replace

from ocpprov.checks.existing_network import ExistingNetwork, existing_network
from ocpprov.checks.result import Status
from ocpprov.checks.shared_network import shared_network
from ocpprov.engine.resources import Position
from tests.openshift.test_shared_network import FACTS, OURS, SECTION

SUITS = ExistingNetwork(
    "vpc-1", blocks=[SECTION.machine_network], subnets=FACTS.subnets, plan="lab", region="eu-west-1"
)
THEIRS = replace(SUITS, owner=FACTS.network_owner)


def test_what_the_plan_may_not_ask_for_fails_with_its_line() -> None:
    places = {"openshift.routeTables": Position("p.yaml", 9, 3)}
    section = replace(SECTION, route_tables=("rtb-1",), hosted_zone="create", positions=places)
    found = [each for each in shared_network(section, "eu-west-1", FACTS) if each.status is Status.FAIL]
    assert [(each.id, each.detail.partition(": account")[0], each.remedy) for each in found] == [
        (
            "shared-network",
            "p.yaml:9:3: openshift.routeTables",
            "leave routeTables out, and have the owner make the routes",
        ),
        (
            "shared-network",
            "openshift.hostedZone",
            "the id of the owner's zone, with hostedZoneRole, or none (the outputs then list the records)",
        ),
    ]


def test_tags_that_arent_seen_come_with_the_commands() -> None:
    [found] = shared_network(SECTION, "eu-west-1", FACTS)
    assert (found.id, found.status) == ("shared-network-tags", Status.WARN)
    assert found.remedy.count("aws ec2 create-tags --region eu-west-1 ") == 3
    assert list(shared_network(SECTION, "eu-west-1", OURS)) == []


def test_it_is_part_of_the_existing_network_and_no_room_is_needed_for_tags_there() -> None:
    full = {id: {f"tag{number}": "" for number in range(50)} for id in SECTION.subnets}
    ids = {each.id for each in existing_network(SECTION, replace(THEIRS, subnet_tags=full))}
    assert "shared-network-tags" in ids
    assert "subnet-tags" not in ids


def test_what_is_wrong_with_the_vpc_is_the_owners_to_mend() -> None:
    for network, begins in ((THEIRS, "account 210987654321 has to do it: "), (SUITS, "")):
        wrong = replace(network, dns_support=False, vpc_tags={"Name": "x"}, others=["subnet-9"])
        found = {each.id: each.remedy for each in existing_network(SECTION, wrong)}
        assert found["vpc-dns"].startswith(f"{begins}aws ec2 modify-vpc-attribute ")
        assert found["vpc-tags"].startswith(f"{begins}if nobody needs them: aws ec2 delete-tags ")
        assert found["vpc-other-subnets"] == f"{begins}tag them kubernetes.io/cluster/unmanaged: true"
