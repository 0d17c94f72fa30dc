"""How many resources something happens to, by what happens: the summary of a plan and of a run."""

from __future__ import annotations

from collections.abc import Iterable


def verb_counts(verbs: Iterable[str]) -> dict[str, int]:
    """By verb. Five are always there; the rarer ones where they are counted."""
    counts = dict.fromkeys(("create", "update", "replace", "delete", "keep"), 0)
    for verb in verbs:
        counts[verb] = counts.get(verb, 0) + 1
    return counts
