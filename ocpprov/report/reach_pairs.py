"""The flows of a port matrix by the two parties that they are between: what its tables and its picture are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocpprov.report.verified import ShownFlow, Stop


@dataclass(frozen=True)
class Pair:
    """All flows from one party to another."""

    source: str
    target: str
    flows: Sequence[ShownFlow]

    def of(self, answer: str) -> Sequence[ShownFlow]:
        """Those that are so."""
        return [flow for flow in self.flows if flow.answer == answer]

    @property
    def stops(self) -> Sequence[Stop]:
        """What is in the way, each thing once."""
        return list(dict.fromkeys(stop for flow in self.of("no") if flow.wanted for stop in flow.stops))

    @property
    def intruding(self) -> Sequence[ShownFlow]:
        """What arrives and must not."""
        return [flow for flow in self.of("no") if not flow.wanted]


def pairs(flows: Sequence[ShownFlow]) -> Sequence[Pair]:
    """In the order in which they first appear."""
    found: dict[tuple[str, str], list[ShownFlow]] = {}
    for flow in flows:
        found.setdefault((flow.source, flow.target), []).append(flow)
    return [Pair(source, target, same) for (source, target), same in found.items()]


def traffic(flows: Sequence[ShownFlow]) -> str:
    """Names, protocols and ports."""
    return ", ".join(_traffic(flow) for flow in flows)


def _traffic(flow: ShownFlow) -> str:
    aside = "" if flow.wanted else ", kept out" if flow.answer == "yes" else ", must not arrive"
    return f"{flow.name} ({flow.traffic}{aside})"


def names(flows: Sequence[ShownFlow]) -> str:
    """The same without what becomes of them."""
    return ", ".join(f"{flow.name} ({flow.traffic})" for flow in flows)


def told(found: Sequence[Pair]) -> Iterator[str]:
    """The pairs in sentences, for whoever doesn't see the picture."""
    for pair in found:
        head = f"{pair.source} to {pair.target}"
        if good := pair.of("yes"):
            yield f"{head}: {len(good)} as {'it' if len(good) == 1 else 'they'} should be."
        if stopped := [flow for flow in pair.of("no") if flow.wanted]:
            yield f"{head}: {traffic(stopped)} stopped: {'; '.join(stop.detail for stop in pair.stops)}."
        if pair.intruding:
            yield f"{head}: {traffic(pair.intruding)}."
        if unknown := pair.of("unknown"):
            yield f"{head}: {traffic(unknown)} not known."
