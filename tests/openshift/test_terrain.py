"""Where a cluster's flows go, as AWS has it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.engine.resources import Live, Resource, State
from ocpprov.engine.values import Ref, Value
from ocpprov.openshift.port_matrix import Terrain, port_matrix
from ocpprov.openshift.terrain import live_terrain, planned_terrain
from ocpprov.reachability.from_resources import planned_network
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
