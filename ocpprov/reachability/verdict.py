"""What is found out about some traffic: that it arrives, what stops it, or what isn't known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ocpprov.reachability.explanation_codes import ExplanationCode
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
    traffic that doesn't pass, `protocol` what that is, and `reply` says that it is the answer that is stopped.
    """

    code: ExplanationCode
    component: str
    direction: Direction
    protocol: str
    stopped: Share
    rule: str = ""
    reply: bool = False


@dataclass(frozen=True)
class Unread:
    """Something that would have to be known: what it is, by its AWS id."""

    component: str


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
