"""Takes away all that runs have made, and proves it. It needs nothing but the account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from live.cleanliness import left_of, others_billed
from live.clients import Clients, Clock
from live.inventory import look
from live.product import Product
from live.proofs import Judged, Whose, judge, plans_in
from live.sweep import sweep

_TRIES: Final = 3


@dataclass(frozen=True)
class Cleaner:
    """`seconds` is how long AWS may take to let go of what the questions made."""

    client: Clients
    clock: Clock
    product: Product
    region: str
    say: Callable[[str], None]
    seconds: float = 1200.0

    def clean(self, run: str = "", before: Collection[str] | None = None, begun: Collection[str] = ()) -> Sequence[str]:
        """Take away what the run made, or all runs where none is named, and say what is left. `begun` are plans that
        may have made something that isn't seen yet; `before` is what there was before the run, by id."""
        self._destroy(run, set(begun))
        for line in sweep(self.client, self.clock, run, seconds=self.seconds, looks=2):
            self.say(f"not deleted: {line}")
        found = look(self.client)
        judged = [each for each in judge(found.things) if run in ("", each.run) or each.whose is Whose.OTHERS]
        if before is None:
            self._list_others(judged)
        return [
            *(f"not proved clean, as this couldn't be looked at: {each}" for each in found.unseen),
            *left_of(judged, before),
        ]

    def _destroy(self, run: str, pending: set[str]) -> None:
        """Interrupted, a destroy is begun again. What it can't do is found at the end."""
        for _ in range(_TRIES):
            there = [each for each in judge(look(self.client).things) if not each.thing.going]
            plans = sorted(plan for plan in {*plans_in(there), *pending} if plan.startswith(run))
            if not plans:
                return
            pending = {plan for plan in plans if not self._destroyed(plan)}

    def _destroyed(self, plan: str) -> bool:
        where = ("--name", plan, "--region", self.region)
        return self.product.run("destroy", *where, "--yes", "--ignore-missing", "--lock-timeout", "180") == 0

    def _list_others(self, judged: Sequence[Judged]) -> None:
        if others := others_billed(judged):
            self.say("AWS may bill this, too, which no run made as far as anything shows:")
            for each in others:
                self.say(f"  {each}")
