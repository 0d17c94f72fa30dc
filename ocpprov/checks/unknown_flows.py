"""Flows of which nobody knows whether they arrive: what would have to be known, and what helps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ocpprov.checks.unread import PERMISSION
from ocpprov.engine.problem import Problem
from ocpprov.openshift.matrix_row import NO_SUBNETS, MatrixRow
from ocpprov.reachability.verdict import Answer, Unread

_MOST: Final = 3
"""Flows, and unread things, that are named."""


@dataclass
class _Open:
    """Flows that aren't known for one reason, and what they lack."""

    flows: list[MatrixRow] = field(default_factory=list)
    components: dict[str, None] = field(default_factory=dict)


def unknown_flows(flows: Sequence[MatrixRow], subnets_come: str) -> Iterator[Problem]:
    """Each reason once, with its flows. `subnets_come` is what helps where there are no subnets of the machines."""
    found: dict[Problem, _Open] = {}
    for flow in (each for each in flows if each.answer is Answer.UNKNOWN):
        for reason, component in _reasons(flow.verdict.unread, subnets_come):
            same = found.setdefault(reason, _Open())
            if flow not in same.flows:
                same.flows.append(flow)
            same.components[component] = None
    for reason, same in found.items():
        yield Problem("", f"{named(same.flows)}: {_listed(list(same.components))}{reason.detail}", reason.remedy)


def unread_in_words(unread: Sequence[Unread]) -> Iterator[str]:
    """What isn't known of one flow, and why."""
    yield from dict.fromkeys(f"{component}{reason.detail}" for reason, component in _reasons(unread, ""))


def _reasons(unread: Sequence[Unread], subnets_come: str) -> Iterator[tuple[Problem, str]]:
    """What isn't known, each with what follows its name, and what helps."""
    lacking = NO_SUBNETS in unread
    for each in unread:
        if each.undecided:
            yield (
                Problem("", f": {each.undecided}", f"look at {each.component}: nobody can tell from here"),
                each.component,
            )
        elif lacking:
            yield Problem("", "", subnets_come), f"there are no {each.component}"
        else:
            why = each.why or Problem("", "", PERMISSION)
            told = f": {why.detail}" if why.detail else ""
            yield Problem("", f" couldn't be read{told}", why.remedy), each.component


def named(flows: Sequence[MatrixRow]) -> str:
    """Some of them by name, and how many more."""
    names = [f"{flow.name} ({flow.traffic}) from {flow.source} to {flow.target}" for flow in flows]
    more = f" and {len(names) - _MOST} more flows" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more


def _listed(components: Sequence[str]) -> str:
    more = f" and {len(components) - _MOST} more" if len(components) > _MOST else ""
    return ", ".join(components[:_MOST]) + more
