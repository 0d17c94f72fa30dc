"""Questions about NAT gateways."""

from __future__ import annotations

from typing import Final

from live.lab import Lab
from live.questions import Measured, Question, Topic
from live.questions_lags import accepted_after


def _nat_gateway(lab: Lab) -> str:
    wanted = {"SubnetId": lab.subnet, "AllocationId": lab.address, "TagSpecifications": lab.tags("natgateway")}
    made = lab.made(lambda: lab.ec2.create_nat_gateway(**wanted))
    return str(made["NatGateway"]["NatGatewayId"])


def _without_gateway(lab: Lab) -> str:
    gateway = _nat_gateway(lab)
    seen: list[str] = []

    def settled() -> bool:
        found = lab.made(lambda: lab.ec2.describe_nat_gateways(NatGatewayIds=[gateway]))["NatGateways"][0]
        seen.append(f"{found['State']} {found.get('FailureCode', '')}".strip())
        return str(found["State"]) != "pending"

    lab.until(settled)
    return seen[-1]


def _route_to_a_pending_one(lab: Lab) -> Measured:
    _, table = lab.gateway, lab.table
    gateway = _nat_gateway(lab)
    return accepted_after(
        lab, lambda: lab.ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    )


WITHOUT_GATEWAY: Final = Topic(
    "a NAT gateway in a network without an internet gateway",
    (
        Question(
            "a NAT gateway without an internet gateway",
            "failed Gateway.NotAttached",
            "ocpprov/kinds/ec2/nat_gateway.py",
            _without_gateway,
        ),
    ),
    "1 network, 1 NAT gateway, 1 Elastic IP",
)
PENDING: Final = Topic(
    "a NAT gateway",
    (
        Question(
            "a route to a NAT gateway that is pending",
            "ok, 0 s",
            "ocpprov/kinds/ec2/route.py",
            _route_to_a_pending_one,
            "a code and seconds: routes wait until the gateway is available; the code is read as 'not visible yet'",
        ),
    ),
    "1 network, 1 NAT gateway, 1 Elastic IP",
)
