"""Where a cluster's flows go, as AWS has it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ocpprov.engine.resources import Live, State
from ocpprov.openshift.port_matrix import Terrain, port_matrix
from ocpprov.openshift.terrain import live_terrain
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
