"""What a plan is going to make, need and cost, in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocpprov.checks.hourly_costs import HOURS_OF_A_MONTH, HourlyCost
from ocpprov.checks.result import Check, Status
from ocpprov.engine.graph import Graph
from ocpprov.engine.plurals import number_of
from ocpprov.kinds.contract import Kind, Subject
from ocpprov.ui.lines import Line, Tone


@dataclass(frozen=True)
class Forecast:
    """`graph` is all that there will be, with the infraID that isn't known yet. `units` is what is billed by the hour,
    `cost` what that comes to, None without prices. `quotas` are empty where nobody could be asked."""

    graph: Graph
    kinds: Mapping[str, Kind]
    units: Mapping[str, int]
    cost: HourlyCost | None = None
    quotas: Sequence[Check] = ()

    def lines(self) -> Iterator[Line]:
        """What is made, by subject; what it costs; and which quotas are too small."""
        counts = self._by_subject()
        width = max((len(subject.value) for subject in counts), default=0)
        for subject in Subject:
            if subject in counts:
                what = ", ".join(number_of(count, noun) for noun, count in counts[subject].items())
                yield Line(f"  {subject.value:{width}}  {what}")
        yield from self.cost_lines()
        yield from self._quota_lines()

    def by_type(self) -> dict[str, int]:
        """How many of each type, sorted."""
        return dict(sorted(Counter(each.type for each in self.graph.resources.values()).items()))

    def _by_subject(self) -> Mapping[Subject, Mapping[str, int]]:
        counts: dict[Subject, Counter[str]] = {}
        for resource in self.graph.resources.values():
            kind = self.kinds[resource.type]
            noun = kind.noun or resource.type.rpartition("::")[2]
            counts.setdefault(kind.subject_of(), Counter())[noun] += 1
        return counts

    def cost_lines(self) -> Iterator[Line]:
        """What is billed by the hour, and what that comes to where there are prices."""
        if not self.units:
            return
        if self.cost is None:
            what = ", ".join(number_of(count, noun) for noun, count in sorted(self.units.items()))
            yield Line(f"bills by the hour: {what}; --prices FILE adds up what that costs", Tone.CHANGE)
            return
        currency = f" {self.cost.currency}" if self.cost.currency else ""
        for row in self.cost.rows:
            if row.hourly is not None:
                yield Line(f"  {amount(row.hourly)}{currency} an hour for {number_of(row.count, row.what)}")
        hourly, monthly = amount(self.cost.hourly), cents(self.cost.monthly)
        sums = f"{hourly}{currency} an hour, {monthly}{currency} a month of {HOURS_OF_A_MONTH} hours"
        if not self.cost.unpriced:
            yield Line(f"costs: {sums}; machines, traffic and storage not counted", Tone.CHANGE)
            return
        without = ", ".join(number_of(row.count, row.what) for row in self.cost.unpriced)
        yield Line(f"costs: more than {sums}; without a price in the file: {without}", Tone.CHANGE)

    def cost_document(self) -> dict[str, object] | None:
        """The same for programs; None without prices."""
        if self.cost is None:
            return None
        return {
            "currency": self.cost.currency,
            "hourly": amount(self.cost.hourly),
            "monthly": cents(self.cost.monthly),
            "unpriced": {row.what: row.count for row in self.cost.unpriced},
        }

    def _quota_lines(self) -> Iterator[Line]:
        if self.quotas:
            yield Line("quotas:")
        for each in self.quotas:
            tone = {Status.PASS: Tone.PLAIN, Status.FAIL: Tone.DANGER}.get(each.status, Tone.CHANGE)
            yield Line(f"  {'' if each.status is Status.PASS else f'{each.status.value}: '}{each.detail}", tone)
            if each.remedy:
                yield Line(f"    -> {each.remedy}", tone)


def amount(value: Decimal) -> str:
    """The whole amount, with at least two places: 0.0252, 1.50."""
    whole, _, places = f"{value:f}".partition(".")
    return f"{whole}.{places.rstrip('0'):0<2}"


def cents(value: Decimal) -> str:
    """The amount, rounded to two places."""
    return f"{value:.2f}"
