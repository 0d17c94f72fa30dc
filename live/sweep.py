"""Takes away what the questions made, by looking at the account and not by what a run remembers of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from live.clients import Clients, Clock
from live.deletion import DELETIONS, delete
from live.inventory import look
from live.proofs import Judged, Whose, judge

_PAUSE: Final = 5.0
"""Seconds between two looks: AWS lets go of things slowly, and shows new ones late."""


def sweep(client: Clients, clock: Clock, run: str = "", *, seconds: float = 900.0, looks: int = 1) -> Sequence[str]:
    """Delete what is proven to be of the run's questions, of any run's without one, until so many looks in a row find
    nothing of it. What is left after `seconds`, and what AWS said of it."""
    deadline = clock.monotonic() + seconds
    quiet, refusals = 0, dict[str, str]()
    while True:
        found = _scratch(client, run)
        quiet = 0 if found else quiet + 1
        if quiet >= looks or clock.monotonic() > deadline:
            return [f"{each.thing}: {refusals.get(each.thing.id, 'it is still there')}" for each in found]
        refusals = _deleted(found, client)
        clock.sleep(_PAUSE)


def _scratch(client: Clients, run: str) -> Sequence[Judged]:
    """In the order of deletion; what AWS is taking away already is waited for."""
    order = list(DELETIONS)
    judged = [each for each in judge(look(client).things) if each.whose is Whose.SCRATCH and run in ("", each.run)]
    known = [each for each in judged if each.thing.type in order and not _gone(each)]
    return sorted(known, key=lambda each: order.index(each.thing.type))


def _gone(judged: Judged) -> bool:
    """AWS shows some for an hour after they are gone; what they hold is looked at by itself."""
    return judged.thing.going


def _deleted(found: Sequence[Judged], client: Clients) -> dict[str, str]:
    """What AWS refused, by id."""
    refusals: dict[str, str] = {}
    for each in found:
        try:
            delete(each.thing, client)
        except (BotoCoreError, ClientError) as error:
            refusals[each.thing.id] = str(error)
    return refusals
