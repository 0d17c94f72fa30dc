"""What is found out about some traffic: that it arrives, what stops it, or what isn't known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from ocpprov.engine.problem import Problem
from ocpprov.reachability.explanation_codes import ExplanationCode, OwnCode
from ocpprov.reachability.spans import Share


class Answer(StrEnum):
    """In one word: whether all of the traffic arrives, and is answered."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


Direction = Literal["ingress", "egress"]


@dataclass(frozen=True)
class Obstacle:
    """One thing that stops some of the traffic.

    `component` is its AWS id: of a group, ACL, route table or gateway. `rule` is the one that decides: an ACL entry's
    number, a route's destination; empty where there is none that lets it through. `stopped` is the first part of the
    traffic that doesn't pass, `protocol` what that is, and `reply` says that it is the answer that is stopped. `asked`
    is what is asked for, where that is refused and not the traffic, and `wanted` what a name should lead to. What has
    no way out of its subnet has a public address where it is `public`.
    """

    code: ExplanationCode | OwnCode
    component: str
    direction: Direction
    protocol: str
    stopped: Share
    rule: str = ""
    reply: bool = False
    asked: str = ""
    wanted: str = ""
    public: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Unread:
    """Something that would have to be known: what it is, by its AWS id. `undecided` is what of it can't be told though
    it was read; empty where it couldn't be read, for the reason `why`, as far as that is known."""

    component: str
    undecided: str = ""
    why: Problem | None = None

    def __str__(self) -> str:
        """As a sentence's end: what isn't known."""
        return f"{self.component}: {self.undecided}" if self.undecided else self.component


@dataclass(frozen=True)
class Verdict:
    """`obstacles` in the order in which the traffic meets them. `beyond` has what the traffic is handed to and what
    lies behind which nobody sees from here: a transit gateway, a peering connection, a virtual private gateway."""

    obstacles: Sequence[Obstacle] = ()
    unread: Sequence[Unread] = ()
    beyond: Sequence[str] = ()

    @property
    def answer(self) -> Answer:
        """What stops the traffic is certain even where something else isn't known."""
        if self.obstacles:
            return Answer.NO
        return Answer.UNKNOWN if self.unread else Answer.YES


ARRIVES = Verdict()


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """All that was found, each thing once."""
    found = tuple(verdicts)
    return Verdict(
        tuple(dict.fromkeys(each for verdict in found for each in verdict.obstacles)),
        tuple(dict.fromkeys(each for verdict in found for each in verdict.unread)),
        tuple(dict.fromkeys(each for verdict in found for each in verdict.beyond)),
    )


def explained(verdict: Verdict, closed: Mapping[str, Problem]) -> Verdict:
    """The same, with why something couldn't be read. `closed` has that by how what is missing is called: the beginning
    of its id, or what it is of."""
    return replace(verdict, unread=tuple(_explained(each, closed) for each in verdict.unread)) if closed else verdict


def _explained(unread: Unread, closed: Mapping[str, Problem]) -> Unread:
    why = next((problem for name, problem in closed.items() if unread.component.startswith(name)), None)
    return replace(unread, why=why) if why and not unread.undecided else unread
