"""Addresses for machines to come: the same each time, and nobody else's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from ocpprov.openshift.aws_facts import ExistingSubnet
from ocpprov.openshift.expand import Facts
from ocpprov.openshift.machines import Machine, Machines
from ocpprov.openshift.section_outputs import addresses
from ocpprov.plan.model import OpenShift, Output, SubnetCIDRs
from tests.openshift.plans import FACTS, SECTION_3AZ, SECTION_SINGLE_ZONE, plan_of

OPEN = replace(SECTION_3AZ, control_plane_addresses=())
NOBODY = Machines()


def proposed(
    section: OpenShift = OPEN, machines: Machines = NOBODY, taken: Collection[str] = (), facts: Facts = FACTS
) -> dict[str, object]:
    found = addresses(plan_of(section), facts, machines, taken)
    assert all(not output.items or output.value == ",".join(map(str, output.items)) for output in found)
    return {output.name: output.value for output in found}


def test_one_in_each_zone_from_the_tenth_on() -> None:
    assert proposed() == {"ControlPlaneAddresses": "10.0.48.10,10.0.64.10,10.0.80.10", "BootstrapAddress": "10.0.48.11"}
    assert addresses(plan_of(OPEN), FACTS, NOBODY, ())[0] == Output(
        "ControlPlaneAddresses",
        "10.0.48.10,10.0.64.10,10.0.80.10",
        "Of the control plane's machines: to start them with, and for controlPlane.addresses",
        ("10.0.48.10", "10.0.64.10", "10.0.80.10"),
    )


def test_in_turn_where_there_are_fewer_zones() -> None:
    assert proposed(SECTION_SINGLE_ZONE) == {
        "ControlPlaneAddresses": "10.0.48.10,10.0.48.11,10.0.48.12",
        "BootstrapAddress": "10.0.48.13",
    }
    assert proposed(replace(OPEN, zones=2))["ControlPlaneAddresses"] == "10.0.48.10,10.0.64.10,10.0.48.11"


def test_what_somebody_else_has_is_passed_over() -> None:
    taken = {"10.0.48.10", "10.0.48.11", "10.0.80.10", "10.0.64.11"}
    assert proposed(taken=taken) == {
        "ControlPlaneAddresses": "10.0.48.12,10.0.64.10,10.0.80.11",
        "BootstrapAddress": "10.0.48.13",
    }


def test_a_machine_that_is_there_keeps_its_own() -> None:
    machines = Machines({1: Machine("10.0.64.77", "i-1")}, Machine("10.0.48.10", "i-2"))
    assert proposed(machines=machines) == {
        "ControlPlaneAddresses": "10.0.48.11,10.0.64.77,10.0.80.10",
        "BootstrapAddress": "10.0.48.10",
    }
    more = Machines({number: Machine(f"10.0.48.{20 + number}", f"i-{number}") for number in (0, 4)})
    assert proposed(machines=more)["ControlPlaneAddresses"] == "10.0.48.20,10.0.64.10,10.0.48.24"


def test_what_the_plan_names_is_the_plans() -> None:
    assert proposed(replace(SECTION_3AZ, bootstrap_address="10.0.64.99")) == {
        "ControlPlaneAddresses": "10.0.48.10,10.0.64.10,10.0.80.10",
        "BootstrapAddress": "10.0.64.99",
    }
    one = replace(OPEN, control_plane_addresses=("10.0.48.99",))
    assert proposed(one)["ControlPlaneAddresses"] == "10.0.48.99"
    assert proposed(replace(one, bootstrap=False)) == {"ControlPlaneAddresses": "10.0.48.99"}
    assert proposed(replace(OPEN, infra_id=""))["ControlPlaneAddresses"] == "10.0.48.10,10.0.64.10,10.0.80.10"


def test_with_auto_what_is_there_counts_and_not_what_a_placeholder_says() -> None:
    auto = replace(OPEN, control_plane_auto=True, bootstrap_auto=True)
    machines = Machines({0: Machine("10.0.48.50", "i-1")})
    facts = replace(FACTS, machines=machines)
    assert proposed(auto, machines, facts=facts) == {
        "ControlPlaneAddresses": "10.0.48.50,10.0.64.10,10.0.80.10",
        "BootstrapAddress": "10.0.48.10",
    }


def test_existing_subnets_have_their_own_blocks() -> None:
    subnets = {
        "subnet-1": ExistingSubnet("subnet-1", "vpc-1", "eu-west-1a", "10.0.5.0/24", public=False),
        "subnet-2": ExistingSubnet("subnet-2", "vpc-1", "eu-west-1b", "10.0.6.0/24", public=False),
    }
    section = replace(OPEN, publish="Internal", subnets=("subnet-1", "subnet-2"))
    found = proposed(section, facts=Facts(subnets=subnets))
    assert found == {"ControlPlaneAddresses": "10.0.5.10,10.0.6.10,10.0.5.11", "BootstrapAddress": "10.0.5.12"}


@pytest.mark.parametrize(
    ("taken", "names"),
    [
        ([f"10.0.0.{host}" for host in range(10, 28)], ["ControlPlaneAddresses"]),
        ([f"10.0.0.{host}" for host in range(10, 29)], []),
        ([], ["ControlPlaneAddresses", "BootstrapAddress"]),
    ],
)
def test_a_full_subnet_has_none_left(taken: list[str], names: list[str]) -> None:
    """Of 32 addresses the last is AWS's: 28, 29 and 30 are the last three."""
    small = replace(OPEN, zones=1, subnet_cidrs=SubnetCIDRs((), (IPv4Network("10.0.0.0/27"),)), publish="Internal")
    found = proposed(replace(small, egress="none"), taken=taken)
    assert list(found) == names
    if len(names) == 1:
        assert found["ControlPlaneAddresses"] == "10.0.0.28,10.0.0.29,10.0.0.30"


def test_a_plan_without_a_cluster_has_none() -> None:
    assert addresses(replace(plan_of(OPEN), openshift=None), FACTS, NOBODY, ()) == ()
