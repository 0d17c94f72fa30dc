"""What becomes of flows between each two subnets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocpprov.reachability.network import Subnet
from ocpprov.reachability.verdict import Answer, Verdict


@dataclass(frozen=True)
class SubnetPair:
    """A flow from one subnet to another; `target` is None for what isn't in one subnet: a balancer, an endpoint, what
    is outside of the VPC."""

    source: Subnet
    target: Subnet | None
    verdict: Verdict

    def __str__(self) -> str:
        """By ids."""
        return f"{self.source.id} to {self.target.id}" if self.target else self.source.id

    @property
    def zones(self) -> str:
        """In parentheses; empty where they aren't known."""
        if not self.source.zone or (self.target and not self.target.zone):
            return ""
        return f" ({self.source.zone} to {self.target.zone})" if self.target else f" ({self.source.zone})"

    def document(self) -> dict[str, str]:
        """For programs; `target` is empty where there is none."""
        target = self.target.id if self.target else ""
        return {"source": self.source.id, "target": target, "answer": str(self.verdict.answer)}


@dataclass(frozen=True)
class PairCount:
    """How many of the flows between two subnets there are, and how many of them arrive."""

    source: str
    target: str
    flows: int
    arriving: int


def not_arriving(pairs: Iterable[SubnetPair]) -> Sequence[SubnetPair]:
    """Those that are stopped, and those of which it isn't known."""
    return [pair for pair in pairs if pair.verdict.answer is not Answer.YES]


def in_words(pairs: Sequence[SubnetPair], most: int, *, zones: bool) -> str:
    """Where a flow doesn't arrive, of all the pairs that it has; empty where that is everywhere. `most` are named, with
    their `zones` on demand: before there is a network, their names may be guesses."""
    wrong = not_arriving(pairs)
    if not wrong or len(wrong) == len(pairs):
        return ""
    more = f" and {len(wrong) - most} more" if len(wrong) > most else ""
    told = [f"{pair}{pair.zones if zones else ''}" for pair in wrong[:most]]
    what = "subnets" if wrong[0].target is None else "pairs of subnets"
    return f"{len(wrong)} of {len(pairs)} {what}: {', '.join(told)}{more}"


def pair_counts(flows: Iterable[Sequence[SubnetPair]]) -> Sequence[PairCount]:
    """Of the pairs of each flow: every two subnets once, in the order in which they first appear."""
    found: dict[tuple[str, str], list[bool]] = {}
    for pairs in flows:
        for pair in pairs:
            if pair.target:
                arrives = pair.verdict.answer is Answer.YES
                found.setdefault((pair.source.id, pair.target.id), []).append(arrives)
    return [PairCount(*ids, len(answers), sum(answers)) for ids, answers in found.items()]
