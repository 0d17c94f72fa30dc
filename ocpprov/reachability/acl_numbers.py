"""Numbers for entries that have to come before another one of their ACL, and what has to make room for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ocpprov.reachability.network import AclEntry

HIGHEST: Final = 32766
"""Of an entry that users make (VPC user guide, "Network ACL rules")."""
_STEP: Final = 100


@dataclass(frozen=True)
class AclStep:
    """One entry that is made, or put in the place of the one that has its number."""

    entry: AclEntry
    replaces: bool = False


def before(
    entries: Sequence[AclEntry], taken: Collection[int], new: Sequence[AclEntry], number: int
) -> Sequence[AclStep]:
    """The new entries right before the one with this number, in steps that let through nothing else on the way. Where
    no numbers below it are free it moves up, with as many of those behind it as that takes. None where that can't be:
    an entry about IPv6 or about one code of an ICMP type would have to move, of which not all is known here."""
    used = {each.number for each in entries} | set(taken)
    free = [each for each in range(number - 1, 0, -1) if each not in used][: len(new)]
    if len(free) == len(new):
        return [AclStep(replace(each, number=at)) for each, at in zip(new, sorted(free), strict=True)]
    moved = list(_moved(entries, number, len(new)))
    if any(at > HIGHEST or at in taken or not each.whole for each, at in moved):
        return ()
    steps = [*((each, number + index) for index, each in enumerate(new)), *moved]
    return list(_from_behind(steps, {each.number for each in entries}))


def after_all(entries: Sequence[AclEntry], taken: Collection[int], new: Sequence[AclEntry]) -> Sequence[AclStep]:
    """The new entries where no other is about what they allow: behind all others, else wherever a number is free. None
    where there isn't."""
    used = {each.number for each in entries} | set(taken)
    last = max(used, default=0)
    behind = [last // _STEP * _STEP + _STEP * (index + 1) for index in range(len(new))]
    numbers = behind if behind[-1] <= HIGHEST else [each for each in range(1, HIGHEST + 1) if each not in used]
    if len(numbers) < len(new):
        return ()
    return [AclStep(replace(each, number=at)) for each, at in zip(new, numbers, strict=False)]


def _moved(entries: Sequence[AclEntry], number: int, by: int) -> Iterator[tuple[AclEntry, int]]:
    """What is at the number and behind it, as far as it has to move, each with its new number."""
    free = number + by
    for each in sorted((each for each in entries if each.number >= number), key=lambda each: each.number):
        if each.number >= free:
            return
        yield each, free
        free += 1


def _from_behind(steps: Sequence[tuple[AclEntry, int]], used: set[int]) -> Iterator[AclStep]:
    """The highest number first: what is overwritten then has its copy behind itself, and all before it as it was, so
    that nothing changes for the traffic until the new entries are there."""
    for entry, at in reversed(steps):
        yield AclStep(replace(entry, number=at), replaces=at in used)
        used.add(at)
