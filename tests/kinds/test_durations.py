"""How long AWS takes at least, where that depends on what is asked of it."""

from __future__ import annotations

from typing import Any

import pytest

from ocpprov.kinds.registry import KINDS

ENDPOINT = KINDS["AWS::EC2::VPCEndpoint"]


@pytest.mark.parametrize(
    ("properties", "seconds"),
    [
        ({}, 3),
        ({"VpcEndpointType": "Gateway"}, 3),
        ({"VpcEndpointType": "Interface"}, 60),
        ({"VpcEndpointType": "GatewayLoadBalancer"}, 60),
    ],
)
def test_a_gateway_endpoint_is_there_within_seconds(properties: dict[str, Any], seconds: float) -> None:
    assert ENDPOINT.seconds_to_make(properties) == seconds


def test_any_other_takes_as_long_as_its_type() -> None:
    others = [kind for kind in KINDS.values() if kind is not ENDPOINT]
    assert all(kind.seconds_to_make({}) == kind.typical_seconds for kind in others)
