"""A peering connection is accepted once, after a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ocpprov.engine.resources import Live
from ocpprov.kinds.registry import KINDS

PEERING = KINDS["AWS::EC2::VPCPeeringConnection"]


class Ec2:
    """AWS, as far as a peering connection goes."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = codes
        self.accepted: list[str] = []

    def describe_vpc_peering_connections(self, **asked: Any) -> Mapping[str, Any]:
        return {"VpcPeeringConnections": [{"Status": {"Code": code}} for code in self.codes]}

    def accept_vpc_peering_connection(self, **asked: Any) -> None:
        self.accepted.append(asked["VpcPeeringConnectionId"])


class Clients:
    """Of that alone."""

    def __init__(self, ec2: Ec2) -> None:
        self.ec2 = ec2


@pytest.mark.parametrize(
    ("codes", "accepted"),
    [
        (["pending-acceptance"], ["pcx-1"]),
        (["initiating-request"], ["pcx-1"]),
        # AWS refuses that with the code of what isn't there yet, which is tried again.
        ([], ["pcx-1"]),
        (["active"], []),
        (["provisioning"], []),
        (["deleted"], []),
    ],
)
def test_it_is_accepted_as_long_as_nobody_has(codes: list[str], accepted: list[str]) -> None:
    clients: Any = Clients(Ec2(codes))
    PEERING.complete(clients, Live(PEERING.type, "pcx-1", {}))
    assert clients.ec2.accepted == accepted
