"""Whether an account is as it was: said of all that it has, not only of what carries a tag."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from live.proofs import Judged, Whose
from live.things import (
    ADDRESS,
    BALANCER,
    BUCKET,
    CLASSIC_BALANCER,
    ENDPOINT,
    NAT_GATEWAY,
    ZONE,
)

BILLED: Final = (NAT_GATEWAY, BALANCER, CLASSIC_BALANCER, ENDPOINT, ADDRESS, ZONE, BUCKET)
"""What AWS may take money for while it is there."""


def left_of(judged: Sequence[Judged], before: Collection[str] | None = None) -> Sequence[str]:
    """What is there and has a run's mark; and, where `before` says by id what was there before the run, what is there
    since, whatever it is called."""
    there = [each for each in judged if not each.thing.going and not each.thing.of_aws]
    marked = [f"{each.thing} is left: {each.why}" for each in there if each.whose is not Whose.OTHERS]
    if before is None:
        return marked
    new = [each.thing for each in there if each.whose is Whose.OTHERS and each.thing.id not in before]
    return [*marked, *(f"{thing} is new since the run began, and nothing shows whose it is" for thing in new)]


def others_billed(judged: Sequence[Judged]) -> Sequence[str]:
    """What AWS may take money for and no run made, as far as anything shows: for the eye of whoever cleans up."""
    found = [each.thing for each in judged if each.whose is Whose.OTHERS and each.thing.type in BILLED]
    return [str(thing) for thing in found if not thing.going and not thing.of_aws]
