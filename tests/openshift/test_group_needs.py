"""What requirements need security groups to admit, and who is in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Final

from ocpprov.openshift.group_needs import GroupNeed, Member, group_needs, members
from ocpprov.openshift.load_balancers import EXTERNAL, INTERNAL
from ocpprov.openshift.machine_flows import Party
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_building import planned_terrain
from ocpprov.reachability.balancers import Balancer
from ocpprov.reachability.endpoints import Endpoint
from ocpprov.reachability.network import Place
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses
from tests.openshift.test_port_matrix import planned

MASTER, WORKER, BOOTSTRAP = "MasterSecurityGroup", "WorkerSecurityGroup", "BootstrapSecurityGroup"
INSIDE: Final = addresses("10.0.0.0/16")


def terrain(name: str = "single-zone.yaml") -> Terrain:
    layout, resources = planned(name)
    return planned_terrain(layout, resources.values())


def with_groups(*, keeps_clients: bool = False) -> Terrain:
    """Balancers that have a group each."""
    where = terrain()
    groups = {INTERNAL: "sg-int", EXTERNAL: "sg-ext"}

    def changed(id: str) -> Balancer:
        balancer = where.balancers[id]
        listeners = tuple(
            replace(
                each,
                target_groups=tuple(replace(one, preserves_clients=keeps_clients) for one in each.target_groups),
            )
            for each in balancer.listeners
        )
        return replace(balancer, groups=(groups[id],), listeners=listeners)

    return replace(where, balancers={id: changed(id) for id in groups})


def asked(needs: Sequence[GroupNeed], group: str, row: str) -> Mapping[Span | None, list[int]]:
    """The first ports, by the addresses that they are needed from."""
    found: dict[Span | None, list[int]] = {}
    for need in needs:
        if (need.group, need.row) == (group, row):
            found.setdefault(need.peers, []).append(need.ports.first)
    return found


def test_a_balancers_group_admits_its_clients_and_the_control_plane_the_balancer() -> None:
    needs = group_needs(with_groups())
    subnets = terrain().network.subnets
    public, private = subnets["PublicSubnet"].addresses, subnets["PrivateSubnet"].addresses
    assert asked(needs, "sg-ext", "LB-REACH") == {EVERYWHERE: [6443]}
    assert asked(needs, "sg-int", "LB-REACH") == {INSIDE: [6443, 22623]}
    assert asked(needs, MASTER, "LB-REACH") == {public: [6443], private: [6443, 22623]}


def test_a_balancer_that_keeps_its_clients_addresses_needs_them_admitted_by_the_targets() -> None:
    found = asked(group_needs(with_groups(keeps_clients=True)), MASTER, "LB-REACH")
    assert found == {EVERYWHERE: [6443], INSIDE: [6443, 22623]}


def test_health_checks_on_ports_of_their_own_are_needed_from_the_balancers_addresses() -> None:
    where = terrain()
    balancers = {
        id: replace(
            balancer,
            listeners=tuple(
                replace(each, target_groups=tuple(replace(one, health_port=6080) for one in each.target_groups))
                for each in balancer.listeners
                if each.port == 6443
            ),
        )
        for id, balancer in where.balancers.items()
    }
    subnets = where.network.subnets
    found = asked(group_needs(replace(where, balancers=balancers)), MASTER, "LB-HEALTH")
    assert found == {subnets["PublicSubnet"].addresses: [6080], subnets["PrivateSubnet"].addresses: [6080]}
    assert asked(group_needs(where), MASTER, "LB-HEALTH") == {}


def test_an_interface_of_s3_is_the_row_of_s3() -> None:
    endpoint = Endpoint("vpce-1", "Interface", groups=("sg-s3",))
    needs = group_needs(replace(terrain(), endpoints={"vpce-1": ("com.amazonaws.eu-west-1.s3", endpoint)}))
    assert asked(needs, "sg-s3", "NET-S3") == {INSIDE: [443]}


def test_who_wears_a_group_is_told_with_where_and_whether_anybody_may_come_from_outside() -> None:
    where = with_groups()
    subnets = where.network.subnets
    public, private = [subnets["PublicSubnet"]], [subnets["PrivateSubnet"]]
    assert members(where) == {
        MASTER: [Member("the control plane", private), Member("the bootstrap machine", public)],
        WORKER: [Member("compute machines", private)],
        BOOTSTRAP: [Member("the bootstrap machine", public)],
        "sg-ext": [Member("load balancer ExtApiElb", public)],
        "sg-int": [Member("load balancer IntApiElb", private, never_public=True)],
    }


def test_endpoints_admit_the_machine_network_and_have_no_public_addresses() -> None:
    where = terrain("restricted-3az.yaml")
    group = "EndpointSecurityGroup"
    assert asked(group_needs(where), group, "NET-EC2") == {INSIDE: [443]}
    assert asked(group_needs(where), group, "AIR-GAP") == {INSIDE: [443]}
    found = members(where)[group]
    assert {each.never_public for each in found} == {True}
    assert [each.who for each in found][:1] == ["endpoint Ec2Endpoint (com.amazonaws.eu-west-1.ec2)"]
    assert len(found[0].subnets) == 3


def test_what_the_whole_machine_network_may_ask_isnt_said_of_its_machines_again() -> None:
    needs = [need for need in group_needs(terrain()) if need.group == MASTER and need.protocol == "tcp"]
    assert [need.peers for need in needs if need.ports == Span(22, 22)] == [INSIDE]
    assert [(need.senders, need.who) for need in needs if need.ports == Span(2379, 2380)] == [
        ((MASTER,), "the control plane"),
        ((MASTER, BOOTSTRAP), "the bootstrap machine"),
    ]


def test_the_bootstrap_machine_is_for_whom_the_plan_says_or_for_the_machine_network() -> None:
    where = terrain()

    def needed(block: str) -> Mapping[Span | None, list[int]]:
        section = replace(where.section, bootstrap_from=IPv4Network(block))
        return asked(group_needs(replace(where, section=section)), BOOTSTRAP, "SG-BOOTSTRAP")

    assert asked(group_needs(where), BOOTSTRAP, "SG-BOOTSTRAP") == {INSIDE: [22, 19531]}
    assert needed("198.51.100.0/24") == {addresses("198.51.100.0/24"): [22, 19531]}
    assert needed("11.0.0.0/8") == {addresses("11.0.0.0/8"): [22, 19531]}
    assert needed("0.0.0.0/0") == {INSIDE: [22, 19531]}


def test_without_a_bootstrap_machine_nothing_is_needed_for_it() -> None:
    where = terrain()
    places: Mapping[Party, Sequence[Place]] = {
        party: where.places[party] for party in where.places if party != Party.BOOTSTRAP
    }
    needs = group_needs(replace(where, places=places))
    assert not any(need.row == "SG-BOOTSTRAP" or BOOTSTRAP in (need.group, *need.senders) for need in needs)


def test_each_block_of_the_machine_network_may_ask() -> None:
    where = terrain()
    section = replace(where.section, secondary_networks=[IPv4Network("10.1.0.0/16")])
    found = asked(group_needs(replace(where, section=section)), WORKER, "SG-WORKER")
    assert found == {INSIDE: [0, 22], addresses("10.1.0.0/16"): [0, 22]}
