"""Mutants that no test can see, each with the argument why. They are drawn, listed, and left out of the per cent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mutants.source import Mutant


@dataclass(frozen=True)
class Equivalent:
    """A mutant by its file and the lines that it changes, as the report shows them, so that it is known wherever
    they move to. `because` says why nothing that a caller can see is different."""

    file: str
    before: str
    after: str
    because: str

    def is_it(self, mutant: Mutant) -> bool:
        return (self.file, self.before, self.after) == (mutant.file, mutant.before, mutant.after)


_SAME: Final = "ocpprov/engine/same.py"
_IN_ORDER: Final = "return all(same(one, other, row=items) for one, other in zip(wanted, live, strict=True))"
_AS_LONG: Final = "lists of other lengths are refused before, so that strict never raises"
_BOUND: Final = "ocpprov/engine/bound.py"
_SPELT_OUT: Final = "whole = text.replace(kind.bound_as, kind.type, 1)"
_STANDS_ONCE: Final = (
    "only load balancers' types go by another name there, ElasticLoadBalancing(V2)::..., and neither their names "
    "(letters, digits, hyphens) nor their ARNs (elasticloadbalancing, in lower case) can have it a second time"
)

EQUIVALENT: Final[Sequence[Equivalent]] = (
    Equivalent(_SAME, _IN_ORDER, _IN_ORDER.replace(", strict=True", ""), _AS_LONG),
    Equivalent(_SAME, _IN_ORDER, _IN_ORDER.replace("True", "False"), _AS_LONG),
    Equivalent(_BOUND, _SPELT_OUT, _SPELT_OUT.replace(", 1", ""), _STANDS_ONCE),
    Equivalent(_BOUND, _SPELT_OUT, _SPELT_OUT.replace(", 1", ", 2"), _STANDS_ONCE),
)


def argument_for(mutant: Mutant, known: Iterable[Equivalent] = EQUIVALENT) -> str:
    """Why no test can see a mutant; empty if nobody has said so."""
    return next((each.because for each in known if each.is_it(mutant)), "")


def outdated(mutants: Iterable[Mutant], known: Iterable[Equivalent] = EQUIVALENT) -> list[Equivalent]:
    """Those whose lines are gone, or would no longer be changed like this."""
    there = {(each.file, each.before, each.after) for each in mutants}
    return [each for each in known if (each.file, each.before, each.after) not in there]
