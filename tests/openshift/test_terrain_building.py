"""Where a cluster's flows go, as AWS has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest

from ocpprov.engine.graph import build
from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import Ref, Value
from ocpprov.kinds.registry import KINDS
from ocpprov.openshift.expand import ExistingEndpoint, expand
from ocpprov.openshift.layout import layout_of
from ocpprov.openshift.port_matrix import port_matrix
from ocpprov.openshift.terrain import Terrain
from ocpprov.openshift.terrain_after import terrain_after
from ocpprov.openshift.terrain_building import asked_rows, live_terrain, planned_terrain
from ocpprov.reachability.from_resources import planned_network
from ocpprov.reachability.network import (
    AclEntry,
    GroupRule,
    NatGateway,
    Network,
    NetworkAcl,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    Via,
)
from ocpprov.reachability.spans import EVERYWHERE, Span, addresses
from tests.openshift.plans import plan_of
from tests.openshift.test_existing import EXISTING, KNOWN, SECTION
from tests.openshift.test_port_matrix import failing, planned


def made(name: str, states: Mapping[str, State]) -> Terrain:
    """The plan's things as they are once they are made: what has no state here is ready."""
    layout, resources = planned(name)
    current = {
        id: Live(each.type, id, each.properties, state=states.get(id, State.READY)) for id, each in resources.items()
    }
    return live_terrain(layout, planned_network(resources.values()), current)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({}, {}),
        ({"IntApiElb": State.PENDING}, {"LB-REACH": {"IntApiElb"}}),
        ({"StsEndpoint": State.PENDING}, {"AIR-GAP": {"StsEndpoint"}}),
        ({"Ec2Endpoint": State.BROKEN}, {"NET-EC2": {"Ec2Endpoint"}}),
    ],
)
def test_what_is_not_ready_serves_nobody(states: Mapping[str, State], expected: Mapping[str, set[str]]) -> None:
    assert failing(port_matrix(made("restricted-3az.yaml", states))) == expected


def test_an_endpoint_that_no_cluster_calls_is_not_judged() -> None:
    layout, resources = planned("restricted-3az.yaml")
    shut: Mapping[str, Value] = {
        "VpcEndpointType": "Interface",
        "ServiceName": f"com.amazonaws.{layout.region}.secretsmanager",
        "SubnetIds": [Ref("PrivateSubnet")],
    }
    firewall: Mapping[str, Value] = {**shut, "VpcEndpointType": "GatewayLoadBalancer", "ServiceName": "com.amazonaws.x"}
    others = [Live("AWS::EC2::VPCEndpoint", id, each) for id, each in {"vpce-1": shut, "vpce-2": firewall}.items()]
    made_here = [Live(each.type, id, each.properties) for id, each in resources.items()]
    terrain = live_terrain(layout, planned_network(resources.values()), {live.id: live for live in made_here}, others)
    assert {"vpce-1", "vpce-2"}.isdisjoint(terrain.endpoints)
    planned_here = planned_terrain(layout, [*resources.values(), Resource("Own", others[0].type, shut)])
    assert "Own" not in planned_here.endpoints
    assert (
        set(planned_here.endpoints)
        == set(terrain.endpoints)
        == {id for id, each in resources.items() if each.type == "AWS::EC2::VPCEndpoint"}
    )


def test_strangers_balancers_of_other_sorts_are_passed_over() -> None:
    layout, resources = planned("restricted-3az.yaml")
    elb = "AWS::ElasticLoadBalancingV2::"
    function: Mapping[str, Value] = {"TargetType": "lambda", "Name": "function"}
    inspecting: Mapping[str, Value] = {"LoadBalancerArn": "inspection", "DefaultActions": []}
    others = [Live(f"{elb}TargetGroup", "arn-tg", function), Live(f"{elb}Listener", "arn-li", inspecting)]
    current = {id: Live(each.type, id, each.properties) for id, each in resources.items()}
    terrain = live_terrain(layout, planned_network(resources.values()), current, others)
    assert set(terrain.balancers) == {"IntApiElb"}
    assert failing(port_matrix(terrain)) == {}


def test_a_balancer_of_the_users_own_is_no_matter_of_the_cluster() -> None:
    layout, resources = planned("restricted-3az.yaml")
    own: Mapping[str, Mapping[str, Value]] = {
        "OwnElb": {"Scheme": "internal", "Type": "network", "Subnets": [Ref("PrivateSubnet")]},
        "OwnTargetGroup": {"Port": 8080, "Protocol": "TCP", "TargetType": "ip"},
        "OwnListener": {
            "LoadBalancerArn": Ref("OwnElb"),
            "Port": 8080,
            "DefaultActions": [{"Type": "forward", "TargetGroupArn": Ref("OwnTargetGroup")}],
        },
    }
    made_too = [
        Resource(id, f"AWS::ElasticLoadBalancingV2::{type}", own[id])
        for id, type in (("OwnElb", "LoadBalancer"), ("OwnTargetGroup", "TargetGroup"), ("OwnListener", "Listener"))
    ]
    assert failing(port_matrix(planned_terrain(layout, [*resources.values(), *made_too]))) == {}


HTTPS: Final = Span(443, 443)
OPEN: Final = SecurityGroup("sg-9", (GroupRule("sgr-9", "tcp", HTTPS, addresses("10.0.0.0/16")),))


HALF: Final = SecurityGroup("sg-9", (GroupRule("sgr-9", "tcp", HTTPS, addresses("10.0.48.0/20")),))


def theirs(group: SecurityGroup = OPEN, *out: Route) -> Network:
    """Somebody's network with the subnets of `tests.openshift.test_existing`, an endpoint's group in it, and routes in
    the private subnets' table."""
    every = (AclEntry(100, True, "-1", EVERYWHERE),)
    local = Route("local", Via.LOCAL, addresses("10.0.0.0/16"))
    internet = Route("igw-1", Via.INTERNET_GATEWAY, EVERYWHERE)
    tables = {"rtb-public": RouteTable("rtb-public", (local, internet)), "rtb-1": RouteTable("rtb-1", (local, *out))}
    return Network(
        "vpc-1",
        (addresses("10.0.0.0/16"),),
        {
            id: Subnet(id, addresses(each.cidr), each.zone, "rtb-public" if each.public else "rtb-1", "acl-1")
            for id, each in KNOWN.items()
        },
        {group.id: group},
        {"acl-1": NetworkAcl("acl-1", every, every)},
        tables,
        {"nat-1": NatGateway("nat-1", "subnet-0a1")},
        {"pl-1": (addresses("52.0.0.0/16"),)},
    )


NAT: Final = Route("nat-1", Via.NAT_GATEWAY, EVERYWHERE)
TO_S3: Final = Route("vpce-s3", Via.GATEWAY_ENDPOINT, prefix_list="pl-1")
THEIRS: Final[Mapping[str, Mapping[str, Value]]] = {
    "vpce-s3": {"ServiceName": "com.amazonaws.eu-west-1.s3", "RouteTableIds": ["rtb-1"]},
    "vpce-ec2": {
        "ServiceName": "com.amazonaws.eu-west-1.ec2",
        "VpcEndpointType": "Interface",
        "SubnetIds": ["subnet-0b1"],
        "SecurityGroupIds": ["sg-9"],
        "PrivateDnsEnabled": True,
    },
}


def after(network: Network, state: State = State.READY, current: Mapping[str, Live] | None = None) -> Terrain:
    facts = replace(EXISTING, endpoints=[ExistingEndpoint("vpce-ec2", "com.amazonaws.eu-west-1.ec2", "Interface")])
    plan = plan_of(SECTION)
    resources = build(expand(plan, facts), KINDS).resources
    others = [Live("AWS::EC2::VPCEndpoint", id, each, state=state) for id, each in THEIRS.items()]
    return terrain_after(layout_of(SECTION, plan.region, facts), network, resources.values(), current or {}, others)


def test_a_plans_groups_and_balancers_are_judged_in_somebodys_network() -> None:
    terrain = after(theirs(OPEN, NAT, TO_S3))
    assert failing(port_matrix(terrain)) == {}
    assert set(terrain.balancers) == {"IntApiElb", "ExtApiElb"}
    assert set(terrain.endpoints) == {"vpce-ec2", "vpce-s3"}
    assert terrain.endpoints["vpce-s3"][1].prefix_list == "pl-1"
    assert all(place.more_groups for places in terrain.places.values() for place in places)


@pytest.mark.parametrize(
    ("network", "state", "expected"),
    [
        pytest.param(theirs(OPEN, TO_S3), State.READY, {"NET-NAT": {"rtb-1"}}, id="no way out"),
        pytest.param(theirs(OPEN, NAT), State.READY, {}, id="to S3 by the NAT gateway, too"),
        pytest.param(
            theirs(SecurityGroup("sg-9"), NAT, TO_S3), State.READY, {"NET-EC2": {"sg-9"}}, id="a closed endpoint"
        ),
        pytest.param(theirs(HALF, NAT, TO_S3), State.READY, {"NET-EC2": {"sg-9"}}, id="an endpoint for one zone"),
        pytest.param(theirs(OPEN, NAT, TO_S3), State.PENDING, {}, id="endpoints that are being made"),
        pytest.param(
            theirs(OPEN, NAT, TO_S3),
            State.BROKEN,
            {"NET-EC2": {"vpce-ec2"}, "NET-S3": {"vpce-s3"}},
            id="endpoints that failed",
        ),
    ],
)
def test_what_is_wrong_in_somebodys_network_stops_the_plans_flows(
    network: Network, state: State, expected: Mapping[str, set[str]]
) -> None:
    assert failing(port_matrix(after(network, state))) == expected


def test_what_the_plan_has_made_already_is_known_by_its_id() -> None:
    """Somebody has revoked what its group lets out: no plan brings that back."""
    made = {"MasterSecurityGroup": Live("AWS::EC2::SecurityGroup", "sg-master", {})}
    network = theirs(OPEN, NAT, TO_S3)
    network = replace(network, security_groups={**network.security_groups, "sg-master": SecurityGroup("sg-master")})
    found = failing(port_matrix(after(network, current=made)))
    assert {"NET-NAT", "SG-MASTER-INGRESS", "LB-REACH"} <= set(found)
    assert found["NET-NAT"] == {"sg-master"}


@pytest.mark.parametrize("name", ["public-3az.yaml", "restricted-3az.yaml", "network-3az.yaml"])
def test_what_a_plan_asks_of_flows_is_known_before_any_network(name: str) -> None:
    layout, resources = planned(name)
    found = {row.requirement for row in port_matrix(planned_terrain(layout, resources.values()))}
    assert asked_rows(layout) - found <= {"LB-REACH", "LB-HEALTH", "AIR-GAP"}
    assert found <= asked_rows(layout) | {"DNS-API", "DNS-API-INT", "DNS-APPS"}
    assert {"LB-REACH", "LB-HEALTH"} <= asked_rows(layout) or not layout.section.infra_id
