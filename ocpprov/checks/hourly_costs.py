"""What resources cost by the hour for as long as they are there, by prices that somebody gives: none are known here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ocpprov.engine.resources import Resource
from ocpprov.kinds.contract import Kind

HOURS_OF_A_MONTH: Final = 730
"""A twelfth of a year, as AWS reckons."""


@dataclass(frozen=True)
class PriceTable:
    """Prices by what it is that is billed (`NAT gateway`), for an hour of one. `currency` is three letters, or empty.
    `file` is where they come from."""

    prices: Mapping[str, Decimal]
    currency: str = ""
    file: str = ""


@dataclass(frozen=True)
class CostRow:
    """One line of a bill: how many of what, and what all of them cost in an hour; None without a price."""

    what: str
    count: int
    hourly: Decimal | None


@dataclass(frozen=True)
class HourlyCost:
    """What is billed by the hour. `hourly` and `monthly` are sums of what has a price; what hasn't is in `unpriced`,
    so that nobody takes them for the whole."""

    rows: Sequence[CostRow]
    currency: str = ""

    @property
    def hourly(self) -> Decimal:
        return sum((row.hourly for row in self.rows if row.hourly is not None), Decimal(0))

    @property
    def monthly(self) -> Decimal:
        return self.hourly * HOURS_OF_A_MONTH

    @property
    def unpriced(self) -> Sequence[CostRow]:
        return [row for row in self.rows if row.hourly is None]


def billed_units(resources: Iterable[Resource], kinds: Mapping[str, Kind]) -> Counter[str]:
    """How many of what is billed by the hour, as AWS counts: an interface endpoint once for each of its subnets."""
    units: Counter[str] = Counter()
    for resource in resources:
        kind = kinds[resource.type]
        if what := kind.billed(resource.properties):
            units[what] += kind.billed_units(resource.properties)
    return units


def hourly_cost(units: Mapping[str, int], table: PriceTable) -> HourlyCost:
    """What so many of each cost, in the order of their names."""
    rows = [
        CostRow(what, count, None if (price := table.prices.get(what)) is None else price * count)
        for what, count in sorted(units.items())
        if count
    ]
    return HourlyCost(rows, table.currency)
