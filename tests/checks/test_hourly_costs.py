"""What things cost by the hour: sums of what has a price, and by name what has none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ocpprov.checks.hourly_costs import CostRow, HourlyCost, PriceTable, billed_units, hourly_cost
from ocpprov.engine.resources import Resource
from ocpprov.engine.values import Ref
from ocpprov.kinds.registry import KINDS

NAT, BALANCER = "NAT gateway", "load balancer"


@pytest.mark.parametrize(
    ("units", "prices", "rows", "hourly", "monthly"),
    [
        ({}, {NAT: "1"}, [], "0", "0"),
        ({NAT: 3}, {NAT: "0.048"}, [(NAT, 3, "0.144")], "0.144", "105.12"),
        ({NAT: 0}, {NAT: "0.048"}, [], "0", "0"),
        ({NAT: 1}, {NAT: "0"}, [(NAT, 1, "0")], "0", "0"),
        ({NAT: 2, BALANCER: 1}, {NAT: "0.1"}, [(NAT, 2, "0.2"), (BALANCER, 1, None)], "0.2", "146"),
        ({BALANCER: 1, NAT: 1}, {BALANCER: "0.2", NAT: "0.1"}, [(NAT, 1, "0.1"), (BALANCER, 1, "0.2")], "0.3", "219"),
        ({NAT: 1}, {}, [(NAT, 1, None)], "0", "0"),
    ],
)
def test_a_bill(
    units: dict[str, int], prices: dict[str, str], rows: list[tuple[str, int, str | None]], hourly: str, monthly: str
) -> None:
    table = PriceTable({what: Decimal(price) for what, price in prices.items()}, "EUR")
    found = hourly_cost(units, table)
    wanted = [CostRow(what, count, None if price is None else Decimal(price)) for what, count, price in rows]
    assert found == HourlyCost(wanted, "EUR")
    assert (found.hourly, found.monthly) == (Decimal(hourly), Decimal(monthly))
    assert [row.what for row in found.unpriced] == [what for what, _, price in rows if price is None]


def test_what_is_billed_is_counted_as_aws_counts() -> None:
    """An interface endpoint once for each of its subnets; a gateway and a subnet not at all."""

    def of(name: str, type: str, **properties: object) -> Resource:
        return Resource(name, f"AWS::EC2::{type}", properties)  # type: ignore[arg-type]

    subnets = [Ref("A"), Ref("B"), Ref("C")]
    found = billed_units(
        [
            of("Nat", "NatGateway", SubnetId=Ref("A")),
            of("Nat2", "NatGateway", SubnetId=Ref("B")),
            of("Eip", "EIP"),
            of("S3", "VPCEndpoint", VpcEndpointType="Gateway", SubnetIds=[]),
            of("Ec2", "VPCEndpoint", VpcEndpointType="Interface", SubnetIds=subnets),
            of("Sts", "VPCEndpoint", VpcEndpointType="Interface", SubnetIds=tuple(subnets[:2])),
            of("Kms", "VPCEndpoint", VpcEndpointType="Interface"),
            of("A", "Subnet"),
        ],
        KINDS,
    )
    assert dict(found) == {NAT: 2, "Elastic IP": 1, "interface endpoint": 6}
